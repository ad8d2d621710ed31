"""How often answers were shown, disputed or missing: counts by month, never joined to a person."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.tables import Question, Shown

#: A council that nobody has told us; part of a key, so it cannot be null.
UNKNOWN = ""


def count_asked(
    session: Session, articles: Iterable[str], *, council: str | None, month: date
) -> None:
    """Count each of these articles as asked once more. The caller commits, soon: the rows are shared.

    In the order of their ids, so that two turns that count the same two never wait for each other.
    """
    for article in sorted(articles):
        session.execute(
            insert(Shown)
            .values(month=month, council=council or UNKNOWN, article=article, times=1)
            .on_conflict_do_update(
                index_elements=["month", "council", "article"], set_={"times": Shown.times + 1}
            )
        )


def asked_since(session: Session, month: date) -> Counter[str]:
    """Return how often each article was shown, from a month on."""
    rows = session.execute(
        select(Shown.article, func.sum(Shown.times))
        .where(Shown.month >= month)
        .group_by(Shown.article)
    )
    return Counter({article: int(times) for article, times in rows})


def outcomes_since(session: Session, month: date, outcome: str) -> Counter[str]:
    """Return how often an outcome was noted of each article, from a month on; "" for none."""
    rows = session.execute(
        select(func.coalesce(Question.article, ""), func.count())
        .where(Question.month >= month, Question.outcome == outcome)
        .group_by(Question.article)
    )
    return Counter({article: int(times) for article, times in rows})
