"""The library: every word Kith may say, loaded once, and handed out filled in.

Nothing here is generated: an unknown id is an error, not an invitation to make something up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from content import events, keeping_in_touch
from content.articles import Article, ContentError, read_article
from content.councils import Council, load_councils, with_demo_numbers
from content.events import Events, load_events
from content.ids import FOLDER, Ids, load_ids, read_yaml
from content.keeping_in_touch import KeepingInTouch, load_keeping_in_touch
from content.scenarios import Scenario, load_scenarios

PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)(?:\.([a-z0-9_]+))?\s*\}\}")
LONGEST_REPLY = 600


@dataclass(frozen=True)
class SafetyReply:
    """One pinned reply to danger."""

    id: str
    category: str
    level: str
    third_party: bool
    ages: str
    text: str


@dataclass(frozen=True)
class Library:
    """Everything we say, by id."""

    ids: Ids
    articles: dict[str, Article]
    replies: dict[str, str]
    labels: dict[str, str]
    helplines: dict[str, dict[str, Any]]
    councils: dict[str, Council]
    lines: dict[str, dict[str, str]]
    safety: dict[str, SafetyReply]
    topics: dict[str, str]
    scenarios: dict[str, Scenario]
    keeping: KeepingInTouch
    events: Events

    def say(self, reply_id: str, council: str | None = None, /, **values: str) -> str:
        """Return a reply filled in. Raises KeyError for an id or a value that does not exist."""
        return self.fill(self.replies[reply_id], council=council, values=values)

    def label(self, label_id: str) -> str:
        """Return the words on a button."""
        return self.labels[label_id]

    def answer(self, article: Article, *, age: int | None, council: str | None) -> str:
        """Return the article's first paragraph, with what it adds for this age and council."""
        parts = [article.first]
        if age is not None:
            parts += [text for (low, high), text in article.by_age.items() if low <= age <= high]
        if council in article.by_council:
            parts.append(article.by_council[council].split("\n\n")[0])
        return self.fill(
            "\n\n".join(" ".join(part.split()) for part in parts),
            council=council,
            article=article,
        )

    def more(self, article: Article, *, council: str | None) -> str:
        """Return what follows the first paragraph, the council's further paragraphs first."""
        further = article.by_council.get(council or "", "").split("\n\n")[1:]
        return self.fill("\n\n".join([*further, article.more]), council=council, article=article)

    def who(self, article: Article, *, council: str | None) -> str:
        """Return who can help with it."""
        return self.fill(article.who, council=council, article=article)

    def only_elsewhere(self, council: str | None) -> frozenset[str]:
        """Return the articles that are for other councils only; none when it is not known which."""
        return frozenset(
            article.id for article in self.articles.values() if not self.shown_in(article, council)
        )

    def shown_in(self, article: Article, council: str | None) -> bool:
        """Whether an article is for this council; somebody from nowhere known sees all."""
        return council is None or council in article.councils

    def safety_reply(
        self, category: str, level: str, *, third_party: bool, age: int | None
    ) -> SafetyReply:
        """Return the pinned reply for a danger: the closest there is, and there always is one."""
        band = "any" if age is None else ("16_17" if age < 18 else "18_plus")
        who = ("other", "self") if third_party else ("self",)
        for person in who:
            for ages in (band, "any"):
                found = self.safety.get(f"safety.{category}.{level}.{person}.{ages}")
                if found:
                    return found
        raise KeyError(f"No safety reply for {category} at {level}.")

    def fill(
        self,
        text: str,
        *,
        council: str | None = None,
        article: Article | None = None,
        values: dict[str, str] | None = None,
    ) -> str:
        """Return a text with every placeholder said, or raise KeyError naming the one that cannot be."""

        def said(match: re.Match[str]) -> str:
            kind, name = match[1], match[2]
            if name is None:
                return (values or {})[kind]
            if kind == "helpline":
                return self.helpline(name)
            if kind == "call":
                return self.call(name, council)
            if kind == "amount" and article is not None:
                return article.amounts[name].say()
            raise KeyError(match[0])

        return PLACEHOLDER.sub(said, text).strip()

    def helpline(self, name: str) -> str:
        """Return a helpline's line: the number when it may be shown, else the website."""
        line = self.helplines[name]
        return str(line["say"] if line["publish"] else line["say_website"])

    def call(self, name: str, council: str | None) -> str:
        """Return the sentence that says how to reach a council's people, known or not."""
        forms = self.lines[name]
        known = self.councils[council].lines.get(name, {}) if council in self.councils else {}
        for way in ("phone", "email", "website"):
            if way in known and f"known_{way}" in forms:
                return forms[f"known_{way}"].format_map({"name": name, **known})
        return forms["unknown"]


def load(*, demo: bool = False) -> Library:
    """Return the library of this release; raise ContentError listing every fault found.

    `demo` fills unknown council numbers with made-up ones that reach nobody.
    """
    councils = load_councils()
    articles = list(_articles({council.name: council.id for council in councils.values()}))
    return Library(
        ids=load_ids(),
        articles={article.id: article for article in articles},
        replies={**dict(_replies()), **keeping_in_touch.replies()},
        labels={
            **read_yaml(FOLDER / "replies" / "labels.yml")["labels"],
            **keeping_in_touch.labels(),
            **events.labels(),
        },
        helplines={line["id"]: line for line in read_yaml(FOLDER / "helplines.yml")["helplines"]},
        councils=with_demo_numbers(councils) if demo else councils,
        lines=read_yaml(FOLDER / "councils" / "lines.yml")["lines"],
        safety={reply.id: reply for reply in _safety()},
        topics=read_yaml(FOLDER / "replies" / "topics.yml")["topics"],
        scenarios=load_scenarios(),
        keeping=load_keeping_in_touch(),
        events=load_events(),
    )


def _articles(names: dict[str, str]) -> Iterator[Article]:
    faults = []
    for path in sorted((FOLDER / "articles").rglob("*.md")):
        try:
            yield read_article(path, names)
        except ContentError as fault:
            faults.append(str(fault))
    if faults:
        raise ContentError("\n".join(faults))


def reply_files() -> list[Path]:
    """Return the files of fixed replies: the everyday ones and the ones around danger."""
    everyday = [
        path
        for path in sorted((FOLDER / "replies").glob("*.yml"))
        if path.stem not in {"labels", "topics"}
    ]
    return everyday + [
        path for path in sorted((FOLDER / "safety").glob("*.yml")) if path.stem != "pins"
    ]


def _replies() -> Iterator[tuple[str, str]]:
    for path in reply_files():
        replies = read_yaml(path)["replies"]
        if isinstance(replies, dict):
            yield from ((name, str(text).strip()) for name, text in replies.items())
        else:
            yield from ((reply["id"], str(reply["text"]).strip()) for reply in replies)


def _safety() -> Iterator[SafetyReply]:
    for path in sorted((FOLDER / "safety").glob("*.yml")):
        raw = read_yaml(path)
        for reply in raw.get("replies") or [] if "category" in raw else []:
            yield SafetyReply(
                id=reply["id"],
                category=raw["category"],
                level=reply["level"],
                third_party=reply["who"] == "other",
                ages=str(reply["ages"]),
                text=reply["text"].strip(),
            )


def expired(article: Article, today: date) -> bool:
    """Whether the article's review date has passed."""
    return today > article.review_by
