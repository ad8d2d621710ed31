"""Answers are counted by month, council and article, and by nothing else."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import answers
from storage.tables import Question, Shown

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def ask(
    session: Session, *articles: str, council: str | None = None, month: date = NOVEMBER
) -> None:
    """Count these articles as asked once."""
    answers.count_asked(session, articles, council=council, month=month)


def test_each_time_counts_in_the_same_row(session: Session) -> None:
    ask(session, "money.debt")
    ask(session, "money.debt", "money.pip")

    rows = session.execute(select(Shown.article, Shown.times).order_by(Shown.article)).all()
    assert [tuple(row) for row in rows] == [("money.debt", 2), ("money.pip", 1)]


def test_months_and_councils_are_counted_apart(session: Session) -> None:
    ask(session, "money.debt", council="cheshire_east")
    ask(session, "money.debt", council="cambridgeshire")
    ask(session, "money.debt", month=OCTOBER)

    assert len(session.scalars(select(Shown)).all()) == 3
    assert answers.asked_since(session, NOVEMBER) == {"money.debt": 2}
    assert answers.asked_since(session, OCTOBER) == {"money.debt": 3}


def test_a_count_cannot_be_joined_to_a_person() -> None:
    assert set(Shown.__table__.columns.keys()) == {"month", "council", "article", "times"}


def test_outcomes_are_counted_by_article(session: Session) -> None:
    for month, outcome, article in (
        (NOVEMBER, "wrong", "money.debt"),
        (NOVEMBER, "wrong", "money.debt"),
        (NOVEMBER, "old", "money.debt"),
        (OCTOBER, "wrong", "money.pip"),
        (NOVEMBER, "unanswered", None),
    ):
        session.add(Question(month=month, outcome=outcome, article=article, offered=[]))
    session.flush()

    assert answers.outcomes_since(session, NOVEMBER, "wrong") == {"money.debt": 2}
    assert answers.outcomes_since(session, NOVEMBER, "unanswered") == {"": 1}
