"""A made-up fortnight, lived from its first day to now: what people do, hour by hour what the clock does."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy.orm import Session

from bot.engine import Engine
from checkins import inviting, planning, plans, sending, silence, standing
from checkins.plans import Change
from checkins.sending import Clock
from demo import FOLDER, STAFF
from demo.acts import ACTS, Act
from demo.talk import Room, Telling
from feedback import note_theming, pushing, theming
from feedback.themes.reader import Reader
from people import records
from people.hours import Rota
from storage import duties, staff
from storage.tables import Chat, Person, Send, Staff
from storage.tables.keeping_in_touch import Every
from storage.tables.people import Role

DAYS = 14
#: How many days ahead somebody is on duty.
ROTA_DAYS = 28
#: The hours at which the clock does its work, and the hour of each one's check-in.
HOURS = range(9, 21)
CHECK_IN_HOURS = (10, 12, 16, 18)
ANSWERED_AFTER = timedelta(minutes=25)

Told = list[tuple[datetime, dict[str, Any]]]


def live(session: Session, engine: Engine, now: datetime) -> list[str]:
    """Live the fortnight; return a line for each who is invited and has not joined. The caller commits."""
    told = yaml.safe_load((FOLDER / "fortnight.yml").read_text("utf-8"))
    people = yaml.safe_load((FOLDER / "people.yml").read_text("utf-8"))
    start = now - timedelta(days=DAYS)
    members = {one["id"]: _member(session, one) for one in STAFF}
    fortnight = Fortnight(Room(session, engine, told["wish"]), members)
    invited = [fortnight.invite(one, now) for one in people["invited"]]
    for number, one in enumerate(people["people"]):
        fortnight.join(one, number, start)
    timed = [(moment(one["at"], now, engine.zone), one) for one in told["fortnight"]]
    fortnight.live(sorted(timed, key=lambda one: one[0]), now)
    _fill_rota(session, members.values(), now)
    return [
        f"{person.name}, {person.council}: send the bot  /start {code}" for person, code in invited
    ]


def _fill_rota(session: Session, members: Iterable[Staff], now: datetime) -> None:
    """Put a manager of each council on duty for the days to come."""
    managers = {one.council: one for one in members if one.role == Role.MANAGER}
    for council, manager in managers.items():
        for ahead in range(ROTA_DAYS):
            day = now.date() + timedelta(days=ahead)
            duties.put(session, council, day, manager.id, by=manager.id, now=now)


def moment(said: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that "-3 16:20" or "40m" means; never later than now."""
    if said.endswith("m"):
        return now - timedelta(minutes=int(said[:-1]))
    days, _, at = said.partition(" ")
    day = now.astimezone(zone).date() + timedelta(days=int(days))
    return min(datetime.combine(day, time.fromisoformat(at), zone).astimezone(now.tzinfo), now)


def hours(now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the hours at which the clock does its work, to now."""
    today = now.astimezone(zone).date()
    for ago in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=ago)
        for hour in HOURS:
            at = datetime.combine(day, time(hour), zone).astimezone(now.tzinfo)
            if at <= now:
                yield at


def _member(session: Session, one: dict[str, str]) -> Staff:
    found = staff.by_email(session, one["email"])
    assert found is not None  # noqa: S101 (added just before)
    return found


class Fortnight:
    """The people of a fortnight, and what they will still answer."""

    def __init__(self, room: Room, members: dict[str, Staff]) -> None:
        """Begin with an empty room."""
        self._session, self._engine, self._staff = room.session, room.engine, members
        self._room = room
        self._answers: dict[int, list[int]] = {}
        self._readers: list[Reader] = []

    def invite(self, one: dict[str, Any], now: datetime) -> tuple[Person, str]:
        """Make somebody's record and code."""
        adviser = self._staff[one["adviser"]]
        born_on = date(now.year - one["years"], 1, 1 + len(one["name"]))
        if records.age_on(born_on, now.date()) < one["years"]:
            born_on = born_on.replace(year=born_on.year - 1)
        return records.invite(
            self._session,
            adviser=adviser.email,
            name=one["name"],
            born_on=born_on,
            council=adviser.council,
            now=now,
        )

    def join(self, one: dict[str, Any], number: int, now: datetime) -> None:
        """Let somebody join and agree on a check-in a week, each on a day and at an hour of their own."""
        person, code = self.invite(one, now)
        name = person.name.split()[0]
        self._room.meet(person)
        self._room.says(name, f"/start {code}", now)
        self._room.presses(name, self._engine.library.label("agree"), now)
        plan = planning.ensure(self._session, person, self._engine.library, self._engine.zone, now)
        at = time(CHECK_IN_HOURS[number % len(CHECK_IN_HOURS)])
        weekly = Change(every=Every.WEEKLY, weekday=number % 7, at=at, no_lessons=True)
        plans.change(self._session, plan, weekly, by="person", now=now)
        planning.plan_for(self._session, plan, self._engine.library, self._engine.zone, now)
        self._answers[self._room.chat(name).id] = list(one["check_ins"])

    def live(self, told: Told, now: datetime) -> None:
        """Live through what is told and what the clock does, in order."""
        ticks = list(hours(now, self._engine.zone))
        while told or ticks:
            if ticks and (not told or ticks[0] <= told[0][0]):
                at = ticks.pop(0)
                told[:0] = self._tick(at, now)
                told.sort(key=lambda one: one[0])
            else:
                at, one = told.pop(0)
                self._do(one, at)

    def _do(self, one: dict[str, Any], now: datetime) -> None:
        name = next((name for name in ACTS if name in one), "")
        if name:
            member = self._staff[one["by"]]
            ACTS[name](Act(self._room, member, self._staff, one[name], one, now))
            self._room.deliver(now)
            return
        who, room, say = one["who"], self._room, self._engine.library.label
        if "says" in one:
            room.says(who, one["says"], now, one.get("means", ""))
        if "presses" in one:
            room.presses(who, one["presses"], now)
        if "tells" in one:
            feels, to = one.get("feels", "ok"), one.get("to", "")
            room.tells(who, Telling(one["tells"], one["words"], feels, to), now)
        if "asks_news" in one:
            room.says(who, "NEWS", now)
            room.presses(who, one["asks_news"], now)
        if "asks_council" in one:
            room.says(who, "/ask", now)
            room.says(who, one["asks_council"], now)
            room.presses(who, say("ask_send"), now)

    def _tick(self, at: datetime, now: datetime) -> Told:
        """Do what the clock does in an hour; return what people answer to it."""
        engine, session = self._engine, self._session
        clock = Clock(engine.library, engine.zone)
        sparing = pushing.Sparing(standing.why_chat_is_held, standing.allowed_at)

        def rota(session: Session, council: str) -> Rota:
            return engine.rota(council, session)

        works: tuple[Callable[[], bool], ...] = (
            lambda: planning.plan_next(session, engine.library, engine.zone, at),
            lambda: sending.send_next(session, clock, at),
            lambda: inviting.send_next(session, clock, at),
            lambda: silence.look_next(session, clock, at),
            lambda: pushing.send_next(session, engine.library, sparing, at, engine.zone),
            lambda: theming.read_next(session, self._reader, rota, at),
            lambda: note_theming.read_next(session, self._reader, at),
        )
        for work in works:
            while work():
                session.flush()
        arrived = self._room.deliver(at)
        answers = [self._answer(one) for one in arrived if _asks(one)]
        return [(min(at + ANSWERED_AFTER, now), one) for one in answers if one]

    def _answer(self, send: Send) -> dict[str, Any]:
        """Return what somebody answers to a check-in; nothing when they let it be."""
        left = self._answers.get(send.chat_id, [])
        face = left.pop(0) if left else 0
        chat = self._session.get_one(Chat, send.chat_id)
        if not face or chat.person is None:
            return {}
        label = self._engine.library.label(f"feeling_{face}")
        return {"who": chat.person.name.split()[0], "presses": label}

    def _reader(self) -> Reader:
        if not self._readers:
            self._readers.append(Reader.load())
        return self._readers[0]


def _asks(send: Send) -> bool:
    """Whether a message asks how somebody is: a nudge is let be, as the check-in was."""
    return (send.reply_id or "").startswith("check_in.ask.")
