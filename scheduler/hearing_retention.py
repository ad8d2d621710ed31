"""How long what comes back is kept: questions to the council, who raised what, who was told, who looked."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from storage.rows import change
from storage.tables import Asked, Look, Push, Raised
from storage.tables.hearing_back import AskedState

#: The asker is let go of this long after they were told; what was not passed on goes whole.
ASKER = timedelta(days=30)
ANSWERED = timedelta(days=730)
RAISED = timedelta(days=365)
PUSHES = timedelta(days=365)
#: safety.md PRIV-20: records of who did what.
LOOKS = timedelta(days=6 * 365)

RULES = {
    "asked": "without who asked from 30 days after the answer, gone after 24 months; not passed "
    "on: 30 days",
    "raised": "12 months after they last raised it",
    "hear_backs": "as long as the chat",
    "pushes": "12 months",
    "looks": "6 years",
}


def forget(session: Session, now: datetime) -> int:
    """Delete what is past its time, and let go of who asked; return how many rows changed."""
    rejected = (Asked.state == AskedState.REJECTED) & (Asked.moderated_at < now - ASKER)
    past = (
        delete(Asked).where(rejected),
        delete(Asked).where(Asked.answered_at < now - ANSWERED),
        delete(Raised).where(Raised.at < now - RAISED),
        delete(Push).where(Push.made_at < now - PUSHES),
        delete(Look).where(Look.at < now - LOOKS),
        update(Asked)
        .where(Asked.answered_at < now - ASKER, Asked.chat_id.is_not(None))
        .values(chat_id=None, words=None),
    )
    return sum(change(session, one) for one in past)
