"""A second reader: each week some conversations that raised no flag are drawn at random and read by a person.

Only who agreed to that in the notice is drawn (docs/privacy.md), and only what they wrote after. The seed is
kept, so that a draw can be redone from what there was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from people.hours import Rota
from safeguarding import flags
from safeguarding.estimate import Estimate, estimate
from safeguarding.judgement import Layer, Screening, Sign
from safeguarding.levels import Category, Level
from storage import second_reads
from storage.second_reads import Talk
from storage.tables import Draw, Message, SecondRead, Staff
from storage.tables.base import new_reference

#: Issue: 2 % a week. In a small council that is nobody, so at least this many, as far as there are.
SHARE, LEAST = 0.02, 10
WEEK = timedelta(days=7)
#: What the estimate rests on.
LOOKED_BACK = timedelta(days=365)
RULE = "second_reader"


class Finding(StrEnum):
    """What a second reader found."""

    NOTHING = "nothing"
    MISSED = "missed"


class SecondReadError(Exception):
    """It cannot be kept like this; its text is the id of the sentence that says why."""


def pick(among: Sequence[Talk], seed: int) -> list[Talk]:
    """Return the conversations of a week to read: the same ones for the same seed."""
    many = min(len(among), max(LEAST, ceil(SHARE * len(among))))
    # Nobody gains by guessing it, and it must be possible to redo it.
    return sorted(Random(seed).sample(among, many))  # noqa: S311


def draw_next(
    session: Session,
    councils: Iterable[str],
    *,
    notice: str,
    seed: int,
    zone: ZoneInfo,
    now: datetime,
) -> bool:
    """Draw last week for the first council that has not been drawn; False when all have. The caller commits."""
    today = now.astimezone(zone).date()
    week_on = today - timedelta(days=today.weekday()) - WEEK
    council = next((one for one in councils if not second_reads.drawn(session, one, week_on)), None)
    if council is None:
        return False
    second_reads.hold_draws(session)
    if second_reads.drawn(session, council, week_on):
        return True  # Another scheduler drew it while we waited.
    since, until = (datetime.combine(day, time(0), zone) for day in (week_on, week_on + WEEK))
    among = second_reads.talks(session, council, notice, since=since, until=until, zone=str(zone))
    draw = Draw(
        council=council,
        week_on=week_on,
        seed=seed,
        among=len(among),
        notice=notice,
        made_at=now,
    )
    session.add(draw)
    session.flush()
    for chat_id, day in pick(among, seed):
        session.add(
            SecondRead(reference=new_reference("N"), draw_id=draw.id, chat_id=chat_id, day=day)
        )
    return True


def nothing_missed(read: SecondRead, by: Staff, now: datetime) -> None:
    """Keep that a conversation was read and nothing was missed. The caller commits."""
    _unread(read)
    read.finding, read.reader_id, read.read_at = Finding.NOTHING, by.id, now


def missed(
    session: Session,
    read: SecondRead,
    by: Staff,
    message: Message | None,
    *,
    level: str,
    category: str,
    rota: Rota,
    now: datetime,
) -> None:
    """Keep that something was missed, and raise the flag that should have been. The caller commits."""
    _unread(read)
    if message is None or message.direction != "in":
        raise SecondReadError("no_message")
    if level not in {Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN}:
        raise SecondReadError("no_right_level")
    if category not in set(Category):
        raise SecondReadError("no_category")
    sign = Sign(Category(category), Level(level), RULE, Layer.PERSON)
    about_staff = sign.category is Category.ALLEGATION_ABOUT_STAFF
    flag, _ = flags.raise_flag(
        session,
        read.chat,
        message,
        Screening(sign.level, (sign.category,), about_staff=about_staff, signs=(sign,)),
        rota=rota,
        council=read.draw.council,
        rules_version=RULE,
        now=now,
    )
    read.finding, read.level, read.flag_id = Finding.MISSED, level, flag.id
    read.reader_id, read.read_at = by.id, now


def how_much(session: Session, council: str, now: datetime) -> Estimate:
    """Return how much may be missed in a council, from what was read in the last year."""
    read, found = second_reads.found(session, council, now - LOOKED_BACK)
    return estimate(found, read)


def _unread(read: SecondRead) -> None:
    if read.finding is not None:
        raise SecondReadError("read_already")
