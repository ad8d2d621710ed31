"""What young people should read next: the list for the yearly review that care leavers lead."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from content.articles import Article
from content.library import Library

#: Read again each year: what was true and well said may not be now.
READ_EVERY = timedelta(days=365)
#: The review team sees no number under 5 (design: the participation team).
SMALLEST_SHOWN = 5
NO_TOPIC = "no topic of ours"


@dataclass(frozen=True)
class Usage:
    """What happened to answers lately: by article, and by the closest article where none was given."""

    asked: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    old: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)


def due(article: Article, today: date) -> bool:
    """Whether young people have not read it, or have not for more than a year."""
    return article.youth_proofed_on is None or today - article.youth_proofed_on > READ_EVERY


def lines(library: Library, today: date, usage: Usage | None) -> list[str]:
    """Return what to read, the most asked and most disputed first, and what nobody could answer.

    Without usage (no database could be opened) the list is by id.
    """
    waiting = sorted(one.id for one in library.articles.values() if due(one, today))
    if usage is None:
        return [_line(library.articles[one], None) for one in waiting]
    waiting.sort(key=lambda one: (-usage.asked[one], -usage.wrong[one] - usage.old[one]))
    return [_line(library.articles[one], usage) for one in waiting] + _unanswered(library, usage)


def _line(article: Article, usage: Usage | None) -> str:
    read = (
        f"read by young people on {article.youth_proofed_on}, over a year ago"
        if article.youth_proofed_on
        else "not read by young people yet"
    )
    how = (
        f" (asked {_times(usage.asked[article.id])}, called wrong {_times(usage.wrong[article.id])}, "
        f"called old {_times(usage.old[article.id])})"
        if usage
        else ""
    )
    return f"{read}: {article.id}{how}"


def _unanswered(library: Library, usage: Usage) -> list[str]:
    topics: Counter[str] = Counter()
    for article, times in usage.unanswered.items():
        topics[library.topics.get(article.split(".", maxsplit=1)[0], NO_TOPIC)] += times
    return [
        f"could not be answered, nearest to “{topic}”: {_times(times)}"
        for topic, times in topics.most_common()
    ]


def _times(number: int) -> str:
    if 0 < number < SMALLEST_SHOWN:
        return f"fewer than {SMALLEST_SHOWN} times"
    return f"{number} times" if number else "never"
