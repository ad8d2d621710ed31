"""Who does the work of whom on a day: themselves, their cover, whoever is on duty, or a manager.

Nothing changes hands when somebody is away: what is theirs stays theirs, and their stand-in may see
and do it on those days and on no other. So whoever comes back finds what is still open, and only
what the stand-in took over by name stays with them.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.library import Library
from people.hours import LONDON, day_name
from storage import absences, duties, letters
from storage.sending import Reply, send_reply
from storage.staff import at_work
from storage.tables import Absence, Chat, Staff
from storage.tables.outbox import Lane
from storage.tables.people import Role

#: Nobody is away for longer than this without it being said again.
LONGEST = timedelta(days=366)
#: Whoever may look after young people in somebody's place.
CASEWORKERS = frozenset({Role.ADVISER, Role.MANAGER})
SET, BACK = "cover_set", "cover_back"


@dataclass(frozen=True)
class Away:
    """What a young person may know: their adviser is away until a day, and who looks after messages."""

    absence_id: int
    adviser: str
    until_on: date
    #: Nobody by name when it is the team.
    cover: str = ""
    #: Whether they were told this time.
    told: bool = False


class CoverError(Exception):
    """What was asked cannot be done; its text is the id of the sentence that says why."""


@dataclass(frozen=True)
class Day:
    """One day: who is away, who was asked to cover them, who is on duty, and who works here."""

    away: Mapping[uuid.UUID, Absence] = field(default_factory=dict)
    duty: Mapping[str, Staff] = field(default_factory=dict)
    team: tuple[Staff, ...] = ()

    def stand_in(self, member: Staff, *, but: uuid.UUID | None = None) -> Staff | None:
        """Return who does somebody's work: themselves, their cover, or whoever is there instead.

        A cover who is away too is covered by theirs. `but` is whom it is about: it never goes to
        them, and to a manager only. None when nobody is left.
        """
        one, asked = member, set[uuid.UUID]()
        while one.id in self.away or one.left_at is not None:
            asked.add(one.id)
            absence = self.away.get(one.id)
            if absence is None or absence.cover is None or absence.cover.id in asked:
                return self.instead(member.council, but=but)
            one = absence.cover
        may_have_it = but is None or (
            one.id != but and (one.id == member.id or one.role == Role.MANAGER)
        )
        return one if may_have_it else self.instead(member.council, but=but)

    def instead(self, council: str | None, *, but: uuid.UUID | None = None) -> Staff | None:
        """Return whoever is there when nobody is named: on duty, else a manager who is not away."""
        on_duty = self.duty.get(council or "")
        if but is None and on_duty is not None and on_duty.id not in self.away:
            return on_duty
        return next((one for one in self.managers(council) if one.id != but), None)

    def managers(self, council: str | None) -> list[Staff]:
        """Return the managers of a council who are there."""
        return [
            one
            for one in self.team
            if one.role == Role.MANAGER
            and (council is None or one.council == council)
            and one.id not in self.away
        ]


def day_of(moment: datetime, zone: ZoneInfo = LONDON) -> date:
    """Return the local day of a moment: leave and rota go by those."""
    return moment.astimezone(zone).date()


def day_at(session: Session, now: datetime) -> Day:
    """Return how it stands today."""
    day = day_of(now)
    return Day(
        {one.staff_id: one for one in absences.on_day(session, day)},
        {one.council: one.staff for one in duties.on_day(session, day)},
        tuple(at_work(session, None)),
    )


def as_of(session: Session, member: Staff, now: datetime) -> Staff:
    """Return a member of staff who knows whose work they do now: `access` reads it from there.

    It is asked anew for every page and command, so that nobody sees anybody's people for longer.
    """
    away = absences.on_day(session, day_of(now))
    member.covers = frozenset()
    if away and member.role in CASEWORKERS and member.left_at is None:
        stands = day_at(session, now)
        member.covers = frozenset(
            one.staff_id
            for one in away
            if one.staff_id != member.id and _is(stands.stand_in(one.staff), member)
        )
    return member


def _is(one: Staff | None, member: Staff) -> bool:
    return one is not None and one.id == member.id


def away_for(session: Session, chat: Chat, now: datetime) -> Away | None:
    """Return what somebody may know when their adviser is away today; None when nobody is."""
    adviser = chat.person.adviser if chat.person else None
    if adviser is None or adviser.left_at is not None:
        return None
    absence = absences.current(session, adviser.id, day_of(now))
    if absence is None:
        return None
    there = day_at(session, now).stand_in(adviser)
    return Away(
        absence.id,
        adviser.name,
        absence.until_on,
        there.name if there else "",
        absences.was_told(session, absence.id, chat.id),
    )


def reader(library: Library, away: Away) -> str:
    """Return in words who reads what is for somebody's adviser; nothing when it is the team."""
    if not away.cover:
        return ""
    return library.say("cover.stands_in", cover=away.cover, adviser=away.adviser)


def line(library: Library, away: Away) -> str:
    """Return what a young person is told, once: who is away, until when, and who looks after messages."""
    who = away.cover or library.say("cover.team")
    return library.say(
        "cover.looks_after", adviser=away.adviser, until=day_name(away.until_on), cover=who
    )


def say_once(
    session: Session,
    library: Library,
    chat: Chat,
    away: Away | None,
    *,
    once_key: str,
    not_after: datetime,
    now: datetime,
) -> None:
    """Tell somebody who looks after their messages, before what they are sent anyway. The caller commits."""
    if away is None or not absences.note_told(session, away.absence_id, chat.id, now):
        return
    said = Reply("cover.looks_after", line(library, away), lane=Lane.BULK)
    send_reply(session, chat, said, once_key=once_key, now=now, not_after=not_after)


def set_away(
    session: Session,
    member: Staff,
    cover: Staff | None,
    days: tuple[date, date],
    *,
    by: Staff | None,
    now: datetime,
) -> Absence:
    """Write down that somebody is away on these days, and tell their cover. The caller commits.

    Raises CoverError when that cannot be.
    """
    from_on, until_on = days
    if until_on < from_on or until_on < day_of(now):
        raise CoverError("away_over")
    if until_on - from_on > LONGEST:
        raise CoverError("away_too_long")
    if member.role not in CASEWORKERS:
        raise CoverError("away_nobodys")
    if cover is not None and (
        cover.id == member.id
        or cover.left_at is not None
        or cover.council != member.council
        or cover.role not in CASEWORKERS
    ):
        raise CoverError("away_cover")
    if absences.overlaps(session, member.id, from_on, until_on):
        raise CoverError("away_twice")
    made = Absence(
        staff_id=member.id,
        cover_id=cover.id if cover else None,
        from_on=from_on,
        until_on=until_on,
        set_by_id=by.id if by else None,
        set_at=now,
    )
    session.add(made)
    session.flush()
    if cover is not None and cover is not by:
        letters.write(session, SET, str(made.id), cover.id, now)
    return made


def end(absence: Absence, now: datetime) -> None:
    """Note that somebody is back, or that it was called off. The caller commits."""
    absence.ended_at = now


def say_back_next(session: Session, now: datetime) -> bool:
    """Tell both that one absence is over, and what became of what came in; False when none is.

    The caller commits.
    """
    over = absences.next_over(session, day_of(now))
    if over is None:
        return False
    over.said_back_at = now
    began = day_of(over.ended_at) >= over.from_on if over.ended_at else True
    if began:
        for staff_id in filter(None, (over.staff_id, over.cover_id)):
            letters.write(session, BACK, str(over.id), staff_id, now)
    return True
