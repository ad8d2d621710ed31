"""Checks every word before anybody reads it, and lists every fault at once."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import yaml

from content import events, keeping_in_touch
from content import library as libraries
from content.articles import Article, ContentError
from content.ids import FOLDER, read_yaml
from content.keeping_check import keeping_faults
from content.library import LONGEST_REPLY, Library, expired
from content.reading import reading_age

#: Issue: reading age 9 to 11. A measure is not a reader: half a year of grace for one odd name.
OLDEST_READER = 11.5
LONGEST_TITLE, LONGEST_MORE = 40, 1_800
#: Below this many words a formula says nothing.
FEWEST_WORDS = 8
PINS = FOLDER / "safety" / "pins.yml"
LEVELS = ("immediate", "same_day", "concern")
#: The longest true line about who reads it; `content/replies/seen.yml` keeps it below this.
LONGEST_SEEN = 230
LONGEST_CARD = 750
DIGITS = re.compile(r"\d{5,}|\b0\d{3}")
#: Replies by intent that are not in a file of their own name.
STAFF_FACING = frozenset({"alerts"})


@dataclass
class Findings:
    """What a check found: faults that stop a release, and lists for an editor."""

    articles: int = 0
    faults: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    not_youth_proofed: list[str] = field(default_factory=list)
    oldest_reader: float = 0.0

    def report(self, *, unconfirmed: bool = False, not_youth_proofed: bool = False) -> list[str]:
        """Return the lines to print."""
        lines = [f"fault: {one}" for one in self.faults]
        lines += [f"due for review: {one}" for one in self.overdue]
        lines += [f"unconfirmed: {one}" for one in self.unconfirmed] if unconfirmed else []
        lines += (
            [f"not read by young people yet: {one}" for one in self.not_youth_proofed]
            if not_youth_proofed
            else []
        )
        lines.append(
            f"{self.articles} articles, {len(self.unconfirmed)} with something unconfirmed, "
            f"{len(self.not_youth_proofed)} not yet read by young people, {len(self.overdue)} due for review, "
            f"{len(self.faults)} faults"
        )
        return lines


def everything(today: date) -> Findings:
    """Check all content as of a day, and return what was found."""
    found = Findings()
    try:
        library = libraries.load()
    except (ContentError, KeyError, yaml.YAMLError, OSError) as error:
        found.faults.append(str(error))
        return found
    found.articles = len(library.articles)
    never = read_yaml(FOLDER / "glossary.yml")["never"]
    for article in library.articles.values():
        found.faults += [
            f"{article.id}: {fault}" for fault in article_faults(library, article, never, today)
        ]
        if expired(article, today):
            found.overdue.append(f"{article.id} (by {article.review_by})")
        if article.unconfirmed:
            found.unconfirmed.append(article.id)
        if article.youth_proofed_on is None:
            found.not_youth_proofed.append(article.id)
    found.faults += reply_faults(library, never)
    found.faults += safety_faults(library)
    found.faults += intent_faults(library)
    found.faults += pin_faults(library)
    found.faults += keeping_faults(library)
    found.overdue += _overdue_files(library, today)
    return found


def article_faults(
    library: Library, article: Article, never: list[str], today: date
) -> Iterator[str]:
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
    yield from _said_faults(library, article, never)


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


def _said_faults(library: Library, article: Article, never: list[str]) -> Iterator[str]:
    for age, council in product((None, 16, 19, 23), (None, *article.councils)):
        try:
            answer = library.answer(article, age=age, council=council)
            more, who = (
                library.more(article, council=council),
                library.who(article, council=council),
            )
        except KeyError as error:
            yield f"cannot be filled in: {error}"
            return
        if len(answer) > LONGEST_REPLY:
            yield f"its reply has {len(answer)} characters for {council}, age {age}"
        if len(more) > LONGEST_MORE or not more or not who:
            yield f"'More' has {len(more)} characters, or 'Who can help' is empty"
        for name, text in (("reply", answer), ("more", more)):
            years = reading_age(text)
            if years > OLDEST_READER:
                yield f"the {name} for {council}, age {age}, needs a reader of {years:.1f}"
            yield from (f"says “{word}”" for word in words_said(never, text))
        if "{{" in answer + more + who:
            yield "a placeholder is left"


def words_said(never: list[str], text: str) -> list[str]:
    """Return those of some words that a text says."""
    return [
        word
        for word in never
        if re.search(rf"\b{re.escape(word)}s?\b", text, 0 if word.isupper() else re.IGNORECASE)
    ]


def reply_faults(library: Library, never: list[str]) -> Iterator[str]:
    """Yield what is wrong with fixed replies and buttons."""
    staff = {name for name in library.replies if name.startswith("alert.")}
    for name, text in library.replies.items():
        if name in staff:
            continue
        plain = re.sub(r"\{\{[^}]*\}\}", "it", text)
        if (
            len(plain.split()) >= FEWEST_WORDS
            and not name.startswith("unreadable.language")
            and reading_age(plain) > OLDEST_READER
        ):
            yield f"{name}: needs a reader of {reading_age(plain):.1f}"
        yield from (f"{name}: says “{word}”" for word in words_said(never, plain))
    words = len(library.replies["welcome.notice"].split())
    if words >= 120:
        yield f"welcome.notice: {words} words; it must stay under 120"
    yield from (
        f"label {name}: too long for a button"
        for name, label in library.labels.items()
        if len(label) > LONGEST_TITLE
    )


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


def intent_faults(library: Library) -> Iterator[str]:
    """Yield every intent that nothing answers."""
    for group in ("talk", "bot", "control", "check_in", "tell_us"):
        for intent in library.ids.intents[group]:
            if intent in HANDLED:
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
    }
)


def digest(text: str) -> str:
    """Return what stands for a text's exact words."""
    return hashlib.sha256(text.encode()).hexdigest()


def pinned_words(library: Library) -> dict[str, str]:
    """Return every reply around danger, by id: words that nobody may change unseen."""
    around = {
        name: text
        for name, text in library.replies.items()
        if name.split(".")[0] in {"safety", "static", "unreadable", "seen"}
    }
    return {**around, **{reply.id: reply.text for reply in library.safety.values()}}


def pin_faults(library: Library) -> Iterator[str]:
    """Yield every danger reply whose words are not the ones signed off (safety.md HZ-09)."""
    pins = read_yaml(PINS)["pins"] if PINS.exists() else {}
    words = pinned_words(library)
    yield from (
        f"{name}: its words are not signed off; see `kith content pin`"
        for name, text in words.items()
        if pins.get(name) != digest(text)
    )
    yield from (f"{name}: pinned, but gone" for name in pins if name not in words)


def pin(by: str, today: date) -> int:
    """Write down the words as signed off by somebody, and return how many replies that is."""
    words = pinned_words(libraries.load())
    signed = {
        "signed_off_by": by,
        "signed_off_on": today,
        "pins": {name: digest(words[name]) for name in sorted(words)},
    }
    PINS.write_text(
        "# The words signed off around danger. Changed only by `kith content pin`.\n"
        + yaml.safe_dump(signed, sort_keys=False, width=120),
        "utf-8",
    )
    return len(words)


def _overdue_files(library: Library, today: date) -> list[str]:
    late = [
        f"helpline {name} (by {line['review_by']})"
        for name, line in library.helplines.items()
        if today > line["review_by"]
    ]
    for path in [
        *libraries.reply_files(),
        *keeping_in_touch.files(),
        events.FILE,
        *sorted((FOLDER / "councils").glob("*.yml")),
    ]:
        by = read_yaml(path).get("review_by")
        if by is not None and today > by:
            late.append(f"{path.parent.name}/{path.name} (by {by})")
    return late
