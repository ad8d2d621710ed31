"""Counting how often each article is shown, for the review list: never who asked."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.turn import Outcome
from storage import answers

#: How the id of a reply begins that is an article's answer (`steps/answering.py`).
ARTICLE = "article."


def count(session: Session, outcome: Outcome, council: str | None, now: datetime) -> None:
    """Count the articles that an outcome answers with. Call it last: others count in the same rows."""
    shown = {
        reply.id.removeprefix(ARTICLE) for reply in outcome.replies if reply.id.startswith(ARTICLE)
    }
    answers.count_asked(session, shown, council=council, month=now.date().replace(day=1))
