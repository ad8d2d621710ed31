"""Checks every word before anybody reads it, and lists every fault at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import yaml

from content import dates, language, pins, review, scenario_check, urgency
from content import library as libraries
from content.articles import Article, ContentError
from content.ids import read_yaml
from content.keeping_check import keeping_faults
from content.library import LONGEST_REPLY, Library, expired
from content.reading import reading_age
from content.surveys import load_surveys
from content.themes import load_themes

#: Issue: reading age 9 to 11. A measure is not a reader: half a year of grace for one odd name.
OLDEST_READER = 11.5
LONGEST_TITLE, LONGEST_MORE = 40, 1_800
#: Below this many words a formula says nothing.
FEWEST_WORDS = 8
REPLY, MORE, WHO = "the reply", "'More'", "'Who can help'"
LEVELS = ("immediate", "same_day", "concern")
#: The longest true line about who reads it; `content/replies/seen.yml` keeps it below this.
LONGEST_SEEN = 230
LONGEST_CARD = 750
DIGITS = re.compile(r"\d{5,}|\b0\d{3}")
#: E-mails to staff, and the lines of a file to download: no message shows them.
#: These come below what a lock screen shows, or carry what staff write, which is checked when they do.
CHECKED_ELSEWHERE = frozenset(
    {"follow_up.about", "meant.staff_ask", "wedid.one", "events.announce", "events.remind"}
)
NOT_MESSAGES = frozenset({"alert", "my_data"})
#: What may stand in a title, a topic or a sentence of an article that a reply quotes.
OUTING = "care leaver"


@dataclass
class Findings:
    """What a check found: faults that stop a release, and lists for an editor."""

    articles: int = 0
    unreadable: bool = False
    faults: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    not_youth_proofed: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    oldest_reader: float = 0.0

    def report(self, *, unconfirmed: bool = False) -> list[str]:
        """Return the lines to print."""
        lines = [f"fault: {one}" for one in self.faults]
        lines += [f"due for review: {one}" for one in self.overdue]
        lines += (
            [f"unconfirmed: {one}" for one in (*self.unconfirmed, *self.drafts)]
            if unconfirmed
            else []
        )
        lines.append(
            f"{self.articles} articles, {len(self.unconfirmed)} with something unconfirmed, "
            f"{len(self.not_youth_proofed)} not read by young people for a year, {len(self.overdue)} due for review, "
            f"{len(self.faults)} faults"
        )
        return lines


def everything(today: date) -> Findings:
    """Check all content as of a day, and return what was found."""
    found = Findings()
    try:
        library = libraries.load()
        load_themes()
        load_surveys(library.scenarios)
    except (ContentError, KeyError, yaml.YAMLError, OSError) as error:
        found.unreadable = True
        found.faults.append(str(error))
        return found
    found.articles = len(library.articles)
    for article in library.articles.values():
        # The same words are said to several ages and councils; one fault is named once.
        faults = dict.fromkeys(article_faults(library, article, today))
        found.faults += [f"{article.id}: {fault}" for fault in faults]
        if expired(article, today):
            found.overdue.append(f"{article.id} (by {article.review_by})")
        if article.unconfirmed:
            found.unconfirmed.append(article.id)
        if review.due(article, today):
            found.not_youth_proofed.append(article.id)
    found.faults += answered_faults(library)
    found.faults += dict.fromkeys(reply_faults(library))
    found.faults += dict.fromkeys(safety_faults(library))
    found.faults += intent_faults(library)
    found.faults += pins.faults(library)
    found.faults += urgency.faults(library.ids)
    found.faults += scenario_check.scenario_faults(library)
    found.faults += keeping_faults(library)
    found.overdue += dates.overdue_files(library, today)
    found.overdue += scenario_check.overdue(library, today)
    found.drafts += dates.drafts()
    return found


def article_faults(library: Library, article: Article, today: date) -> Iterator[str]:
    """Yield what is wrong with an article."""
    if article.id not in library.ids.articles:
        yield "its id is not in taxonomy.yml"
    if len(article.title) > LONGEST_TITLE:
        yield f"its title has {len(article.title)} characters; a button holds {LONGEST_TITLE}"
    if article.review_by <= article.reviewed_on or article.reviewed_on > today:
        yield "its review dates are the wrong way round, or in the future"
    if not article.sources:
        yield "it has no source"
    for source in article.sources:
        if not source.url.startswith("https://") or source.fact_on > today:
            yield f"source {source.name}: not https, or dated in the future"
    if not article.link.startswith("https://"):
        yield "its official link is not https"
    yield from (
        f"related {one} does not exist" for one in article.related if one not in library.articles
    )
    yield from (
        f"council {one} does not exist" for one in article.councils if one not in library.councils
    )
    unused = [name for name in article.amounts if f"{{{{amount.{name}}}}}" not in _whole(article)]
    yield from (f"amount {name} is never said" for name in unused)
    yield from (
        f"its title {fault}" for fault in language.never_said(article.title, _home(article))
    )
    yield from _said_faults(library, article)


def _whole(article: Article) -> str:
    return "\n".join(
        [
            article.first,
            *article.by_age.values(),
            *article.by_council.values(),
            article.more,
            article.who,
        ]
    )


def _home(article: Article) -> str | None:
    """Return the council that an article is only for."""
    return article.councils[0] if len(article.councils) == 1 else None


def _said_faults(library: Library, article: Article) -> Iterator[str]:
    try:
        said = list(_messages(library, article))
    except KeyError as error:
        yield f"cannot be filled in: {error}"
        return
    for name, council, text in dict.fromkeys(said):
        if name == REPLY and len(text) > LONGEST_REPLY:
            yield f"the reply for {council} has {len(text)} characters"
        if name == MORE and not 0 < len(text) <= LONGEST_MORE:
            yield f"'More' has {len(text)} characters"
        if name != WHO and (years := reading_age(text)) > OLDEST_READER:
            yield f"{name} for {council} needs a reader of {years:.1f}"
        yield from (f"{name} {fault}" for fault in language.faults(text, council))
        if "{{" in text:
            yield "a placeholder is left"
    if not article.who:
        yield "'Who can help' is empty"
    yield from (
        f"two helpers in one line: {line}" for line in article.who.splitlines() if _crowded(line)
    )


def _messages(library: Library, article: Article) -> Iterator[tuple[str, str | None, str]]:
    """Yield every message that an article may become: what it is, for which council, and its words."""
    for council in (None, *article.councils):
        where = council or _home(article)
        for age in (None, 16, 19, 23):
            yield REPLY, where, library.answer(article, age=age, council=council)
        yield MORE, where, library.more(article, council=council)
        who = library.who(article, council=council)
        yield WHO, where, library.say("answer.who", council, who=who)


def _crowded(line: str) -> bool:
    """Whether a line of 'Who can help' names more than one helper."""
    return "{{" in line and not re.fullmatch(r"\{\{[^}]*\}\}\.?", line)


def answered_faults(library: Library) -> Iterator[str]:
    """Yield the words that an article was to explain, and does not."""
    for word, article in language.answered().items():
        said = library.articles[article].first if article in library.articles else ""
        if not language.pattern(word).search(said):
            yield f"glossary: {article} does not say what “{word}” means"


def reply_faults(library: Library) -> Iterator[str]:
    """Yield what is wrong with fixed replies and buttons."""
    pushed = _pushed(library)
    for name, text in library.replies.items():
        if _not_a_message(name):
            continue
        plain = re.sub(r"\{\{[^}]*\}\}", "it", text)
        if (
            len(plain.split()) >= FEWEST_WORDS
            and not name.startswith(("unreadable.language", "languages.line"))
            and reading_age(plain) > OLDEST_READER
        ):
            yield f"{name}: needs a reader of {reading_age(plain):.1f}"
        # What is said to danger is filled in and read in `safety_faults`.
        for council in (
            () if name in CHECKED_ELSEWHERE or name in library.safety else (None, *library.councils)
        ):
            said = _filled(library, text, council)
            found = language.faults(said, council, pushed=name in pushed)
            yield from (f"{name}: {fault}" for fault in found)
    words = len(library.replies["welcome.notice"].split())
    if words >= 120:
        yield f"welcome.notice: {words} words; it must stay under 120"
    yield from (
        f"label {name}: too long for a button"
        for name, label in library.labels.items()
        if len(label) > LONGEST_TITLE
    )
    yield from (
        f"label {name}: {fault}"
        for name, label in {**library.labels, **library.topics}.items()
        for fault in language.never_said(label)
    )


def _not_a_message(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in NOT_MESSAGES or name.startswith("unreadable.language")


def _filled(library: Library, text: str, council: str | None) -> str:
    """Return a reply as somebody may read it: what comes from outside is at its worst or shortest."""
    team = library.replies["seen.team"]
    values = {"who": team, "title": OUTING, "topic": OUTING, "found": OUTING}
    names = {match[1] for match in libraries.PLACEHOLDER.finditer(text) if match[2] is None}
    return library.fill(
        text, council=council, values={name: values.get(name, "it") for name in names}
    )


def _pushed(library: Library) -> frozenset[str]:
    """Return the replies that arrive unasked: `pushed` in a file is true, or lists some of its ids."""
    marked: set[str] = set()
    for path in libraries.reply_files():
        raw = read_yaml(path)
        ids = (
            raw["replies"]
            if isinstance(raw["replies"], dict)
            else [one["id"] for one in raw["replies"]]
        )
        marked |= set(ids if raw.get("pushed") is True else raw.get("pushed") or ())
    return frozenset(marked) & set(library.replies)


def safety_faults(library: Library) -> Iterator[str]:
    """Yield every danger that would go unanswered, and every card that breaks the rules."""
    for category, level in product(library.ids.categories, LEVELS):
        if f"safety.{category}.{level}.self.any" not in library.safety:
            yield f"safety: nothing to say for {category} at {level}"
        if level != "concern" and f"safety.{category}.{level}.other.any" not in library.safety:
            yield f"safety: nothing to say for somebody else's {category} at {level}"
    for reply in library.safety.values():
        if (
            reply.id
            != f"safety.{reply.category}.{reply.level}.{'other' if reply.third_party else 'self'}.{reply.ages}"
        ):
            yield f"{reply.id}: its id does not say what it is"
        if "{{seen}}" not in reply.text:
            yield f"{reply.id}: does not say who will read it"
        if DIGITS.search(reply.text):
            yield f"{reply.id}: a phone number is written out"
        if "!" in reply.text:
            yield f"{reply.id}: an exclamation mark"
        try:
            said = library.fill(reply.text, values={"seen": "x" * LONGEST_SEEN})
        except KeyError as error:
            yield f"{reply.id}: cannot be filled in: {error}"
            continue
        if len(said) > LONGEST_CARD:
            yield f"{reply.id}: {len(said)} characters"
        for council in (None, *library.councils):
            said = library.fill(reply.text, council=council, values={"seen": "x" * LONGEST_SEEN})
            yield from (f"{reply.id}: {fault}" for fault in language.faults(said, council))


def intent_faults(library: Library) -> Iterator[str]:
    """Yield every intent that nothing answers."""
    started = {intent for one in library.scenarios.values() for intent in one.intents}
    for group in ("talk", "bot", "control", "check_in", "tell_us"):
        for intent in library.ids.intents[group]:
            if intent in HANDLED or intent in started:
                continue
            if f"{group}.{intent}" not in library.replies:
                yield f"intent {intent}: no reply {group}.{intent}"
    for intent in library.ids.intents["people"]:
        if f"people.{intent}" not in library.replies:
            yield f"intent {intent}: no reply people.{intent}"


#: Intents that have a step of their own rather than one reply.
HANDLED = frozenset(
    {
        "stop",
        "pause",
        "resume",
        "delete_my_data",
        "get_my_data",
        "wrong_answer",
        "menu",
        "help_now",
        "what_can_you_do",
        "give_feedback",
    }
)
