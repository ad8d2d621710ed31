"""Keeping in touch, from the side of the conversation: what a turn may know of it, and what it changes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.engine import Engine
from bot.turn import Effect
from checkins import hearing, planning, plans, rights
from checkins.hearing import Answer
from checkins.plans import Agreed, Change
from checkins.sending import Clock
from feedback import counted
from storage.tables import Chat

#: In practice nobody's age is known for sure.
SAMPLE_AGE = 18


class KeepInTouch(Effect):
    """Something about check-ins to be done in the same transaction as the replies."""


@dataclass(frozen=True)
class Answered(KeepInTouch):
    """They answered a check-in: a face, words, something they tapped, or "not now"."""

    answer: Answer


@dataclass(frozen=True)
class ChangePlan(KeepInTouch):
    """They want check-ins at another time, less, more, or not at all."""

    change: Change


@dataclass(frozen=True)
class OfferedLess(KeepInTouch):
    """They were offered to be asked less."""


@dataclass(frozen=True)
class CountNote(KeepInTouch):
    """They say whether what they wrote may be counted, without their name, as it stands."""

    stamp: str
    wanted: bool


def do(session: Session, engine: Engine, chat: Chat, effect: KeepInTouch, now: datetime) -> None:
    """Do what a turn decided about check-ins. Nothing is kept of a stranger. The caller commits."""
    if chat.person is None:
        return
    plan = planning.ensure(session, chat.person, engine.library, engine.zone, now)
    match effect:
        case Answered(answer):
            clock = Clock(engine.library, engine.zone)
            hearing.answered(session, clock, chat.person, answer, now)
        case ChangePlan(change):
            plans.change(session, plan, change, by="person", now=now)
            planning.plan_for(session, plan, engine.library, engine.zone, now)
        case CountNote(which, wanted):
            counted.set_counted(session, chat.person, which, now, wanted=wanted)
        case OfferedLess():
            plan.offered_less_at = now


def heard(session: Session, engine: Engine, chat: Chat, now: datetime) -> None:
    """Note that somebody with a record was in touch. The caller holds the lane and commits."""
    if chat.person is not None:
        hearing.heard(session, chat.person, engine.library, engine.zone, now)


def agreed(session: Session, engine: Engine, chat: Chat, now: datetime) -> Agreed | None:
    """Return what is agreed with whoever is in a chat."""
    if chat.person is None:
        return None
    plan = planning.ensure(session, chat.person, engine.library, engine.zone, now)
    return plans.agreed(session, plan, engine.zone)


def in_practice(engine: Engine, age: int | None, council: str | None, now: datetime) -> Agreed:
    """Return what would be agreed with somebody of an age, for practice."""
    today = plans.local_day(now, engine.zone)
    born_on = rights.birthday(date(today.year, 1, 1), -(age or SAMPLE_AGE))
    return plans.by_standard(engine.library.keeping, born_on=born_on, council=council, today=today)
