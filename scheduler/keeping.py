"""The ticks of keeping in touch: plan, send, and look whether anything came back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from checkins import inviting, planning, sending, silence
from checkins.sending import Clock
from scheduler.ticks import Tick, Work
from storage import due
from storage.database import Database

logger = structlog.get_logger()
#: What cannot be handled is tried again after this, until its own time is over.
PUT_OFF = timedelta(minutes=10)
PutOff = Callable[[Session, datetime], None]


def ticks(database: Database, clock: Clock) -> tuple[Tick, ...]:
    """Return the ticks, each one piece of work in a transaction of its own."""

    def plan(session: Session, now: datetime) -> bool:
        return planning.plan_next(session, clock.library, clock.zone, now)

    def send(session: Session, now: datetime) -> bool:
        return sending.send_next(session, clock, now)

    def look(session: Session, now: datetime) -> bool:
        return silence.look_next(session, clock, now)

    def invite(session: Session, now: datetime) -> bool:
        return inviting.send_next(session, clock, now)

    def put_off_invite(session: Session, now: datetime) -> None:
        due.put_off(session, inviting.KINDS, PUT_OFF, now)

    def put_off_send(session: Session, now: datetime) -> None:
        due.put_off(session, sending.KINDS, PUT_OFF, now)

    return (
        Tick("plans", timedelta(seconds=60), _one_by_one(database, plan)),
        Tick("check_ins", timedelta(seconds=10), _one_by_one(database, send, put_off_send)),
        Tick("events", timedelta(seconds=10), _one_by_one(database, invite, put_off_invite)),
        Tick("silence", timedelta(seconds=60), _one_by_one(database, look)),
    )


def _one_by_one(
    database: Database, work: Callable[[Session, datetime], bool], put_off: PutOff | None = None
) -> Work:
    """Return work in a transaction of its own. One that fails does not hold up the next."""

    def one(now: datetime) -> bool:
        try:
            with database.transaction() as session:
                return work(session, now)
        except OperationalError:
            raise  # the database is away, or two of us met: the next tick tries again
        except Exception as error:
            if put_off is None:
                raise
            logger.error(  # noqa: TRY400 (a traceback may hold names)
                "could not send what is due", failure=type(error).__name__
            )
            with database.transaction() as session:
                put_off(session, now)
            return True

    return one
