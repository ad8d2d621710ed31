"""Articles: Markdown with front matter, read into data. Knows the format, not who is asking."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from content.ids import FOLDER

AGE_HEADINGS = {
    "If you are 16 or 17": (16, 17),
    "If you are 18 to 20": (18, 20),
    "If you are 21 to 24": (21, 24),
}
MORE, WHO = "More", "Who can help"
#: An age or council paragraph is as long as the brief for writers allows.
UNCONFIRMED = frozenset({"G", "?"})


class ContentError(Exception):
    """A file of content is wrong; the text lists every fault found, each with its file."""


@dataclass(frozen=True)
class Source:
    """Where a fact was read, and when it was true."""

    name: str
    url: str
    fact_on: date
    certainty: str


@dataclass(frozen=True)
class Amount:
    """A sum of money and the year it belongs to; it is never shown without it."""

    value: str
    unit: str
    year: str

    def say(self) -> str:
        """Return the amount as a young person reads it, such as `£3,000 a year (2026/27)`."""
        number = float(self.value)
        shown = f"{number:,.2f}" if number % 1 else f"{number:,.0f}"
        return f"£{shown}{self.unit.removeprefix('GBP')} ({self.year})"


@dataclass(frozen=True)
class Article:
    """One answer of the local offer, with everything it may add for an age or a council."""

    id: str
    title: str
    ages: tuple[int, int]
    statuses: tuple[str, ...]
    councils: tuple[str, ...]
    sources: tuple[Source, ...]
    certainty: str
    owner: str
    reviewed_on: date
    review_by: date
    youth_proofed_on: date | None
    amounts: dict[str, Amount]
    related: tuple[str, ...]
    link: str
    first: str
    by_age: dict[tuple[int, int], str]
    by_council: dict[str, str]
    more: str
    who: str

    @property
    def topic(self) -> str:
        """The topic it is filed under."""
        return self.id.split(".", 1)[0]

    @property
    def unconfirmed(self) -> bool:
        """Whether something in it still needs an editor's live check."""
        return self.certainty in UNCONFIRMED or any(
            source.certainty in UNCONFIRMED for source in self.sources
        )


def read_article(path: Path, council_names: dict[str, str]) -> Article:
    """Return the article in a file; raise ContentError that says what is wrong with it.

    `council_names` maps the name in a heading ("Cheshire East") to the council's id.
    """
    try:
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        about = yaml.load(front, Loader=yaml.CSafeLoader)
        first, sections = _sections(body)
        return _article(about, first, sections, council_names)
    except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        message = f"{_place(path)}: {type(error).__name__}: {error}"
        raise ContentError(message) from error


def _place(path: Path) -> str:
    return str(path.relative_to(FOLDER.parent)) if path.is_relative_to(FOLDER.parent) else path.name


def _sections(body: str) -> tuple[str, dict[str, str]]:
    first, *rest = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    return first.strip(), {
        heading.strip(): text.strip() for heading, text in zip(rest[::2], rest[1::2], strict=True)
    }


def _article(
    about: dict[str, Any],
    first: str,
    sections: dict[str, str],
    council_names: dict[str, str],
) -> Article:
    unknown = set(sections) - {*AGE_HEADINGS, MORE, WHO} - {f"In {name}" for name in council_names}
    if unknown:
        message = f"headings we do not know: {sorted(unknown)}"
        raise ValueError(message)
    low, high = about["applies"]["ages"]
    return Article(
        id=about["id"],
        title=about["title"],
        ages=(low, high),
        statuses=tuple(about["applies"]["statuses"]),
        councils=tuple(about["councils"]),
        sources=tuple(Source(**source) for source in about["sources"]),
        certainty=str(about["certainty"]),
        owner=about["owner"],
        reviewed_on=about["reviewed_on"],
        review_by=about["review_by"],
        youth_proofed_on=about.get("youth_proofed_on"),
        amounts={
            name: Amount(str(amount["value"]), amount["unit"], str(amount["year"]))
            for name, amount in (about.get("amounts") or {}).items()
        },
        related=tuple(about.get("related") or ()),
        link=about["link"],
        first=_one_paragraph(first),
        by_age={
            AGE_HEADINGS[name]: _one_paragraph(text)
            for name, text in sections.items()
            if name in AGE_HEADINGS
        },
        by_council={
            council: sections[f"In {name}"]
            for name, council in council_names.items()
            if f"In {name}" in sections
        },
        more=_unwrap(sections[MORE]),
        who=_one_helper_a_line(sections[WHO]),
    )


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


def _one_helper_a_line(text: str) -> str:
    """Keep the lines as they are written: two helpers in one line are hard to tell apart."""
    lines = (" ".join(line.split()).removeprefix("- ") for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _unwrap(text: str) -> str:
    """Join the lines of each paragraph: chat windows wrap text themselves."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(
        "\n".join(" ".join(item.split()) for item in re.split(r"\n(?=- |\{\{)", paragraph))
        for paragraph in paragraphs
    )
