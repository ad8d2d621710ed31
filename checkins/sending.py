"""Sending what is due, one at a time: held, too late, or sent, and always with the reason.

Check-ins and lines go out at most once (house rule): the row is settled in the same transaction
that puts the message in the outbox, whose own key makes a second one impossible.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from checkins import asking, holds, plans, quiet
from checkins.holds import Afterwards, Reason
from checkins.ladder import FIRST_LOOK
from checkins.rhythm import SOON
from checkins.standing import standing
from content.library import Library
from people import cover, opening
from people.cover import Away
from people.hours import Rota
from people.routing import due as due_in_working_time
from storage import contacts, due
from storage import plans as stored
from storage.sending import Reply, send_reply
from storage.tables import Chat, Due, Person, Plan
from storage.tables.keeping_in_touch import OUR_TURN, DueKind, DueState, Every
from storage.tables.outbox import Lane

KINDS = OUR_TURN
#: A line that meets a held person, or a day on which we wrote already, is tried again the next day.
LINE_AGAIN = timedelta(days=1)
CHECK_IN_AGAIN = timedelta(days=7)
#: A turn is under way in the chat, or the plan is being changed: that is over in a moment.
BUSY = timedelta(seconds=5)
NUDGE, OTHER_TIME = "nudge", "other_time"


@dataclass(frozen=True)
class Clock:
    """What every piece of work by the clock needs: the words, and where it is."""

    library: Library
    zone: ZoneInfo

    def rota(self, council: str | None, session: Session) -> Rota:
        """Return when the people of a council are at work."""
        return opening.rota(session, self.library, council or "", self.zone)


def send_next(session: Session, clock: Clock, now: datetime) -> bool:
    """Settle what has been due longest; return False when nothing is due. The caller commits."""
    one = due.claim(session, now, KINDS)
    if one is None:
        return False
    person, chat = one.person, stored.chat_of(session, one.person_id)
    if chat is not None and not due.lane_is_free(session, chat):
        one.due_at = now + BUSY
        return True
    plan = stored.if_free(session, one.person_id)
    if plan is None:
        one.due_at = now + BUSY
        return True
    _settle(session, clock, one, _Whose(person, plan, chat), now)
    if one.kind == DueKind.CHECK_IN and one.state != DueState.WAITING:
        plan.plan_again_at = now
    return True


@dataclass(frozen=True)
class _Whose:
    person: Person
    plan: Plan
    chat: Chat | None


def _settle(session: Session, clock: Clock, one: Due, whose: _Whose, now: datetime) -> None:
    """Decide and do: the order is what weighs most."""
    if one.version is not None and one.version != whose.plan.version:
        due.settle(one, DueState.SUPERSEDED, Reason.OLD_PLAN, Afterwards.NOT_AT_ALL, now)
        return
    if now >= one.expires_at:
        _too_late(session, clock, one, whose.person, now)
        return
    reason = why_not(session, clock, one, whose.plan, whose.chat, now)
    if reason is not None or whose.chat is None:
        _skip(session, clock, one, whose.plan, reason or Reason.NOT_LINKED, now)
        return
    later = _not_yet(session, clock, one, whose.plan, now)
    if later is None:
        _send(session, clock, one, whose.person, whose.plan, whose.chat, now)
        return
    if later >= one.expires_at:
        _too_late(session, clock, one, whose.person, now)
        return
    one.due_at = later


def why_not(
    session: Session, clock: Clock, one: Due, plan: Plan, chat: Chat | None, now: datetime
) -> Reason | None:
    """Return why something due may not be sent now; None when it may."""
    held = holds.why_held(standing(session, plan, chat, now), one.kind, now)
    if held is not None:
        return held
    line = clock.library.keeping.line(one.what) if one.kind in due.LINES else None
    if line is not None and line.unless_in_touch_days:
        since = now - timedelta(days=line.unless_in_touch_days)
        if contacts.two_way_between(session, one.person_id, since, now):
            return Reason.NO_LONGER_TRUE
    return None


def _not_yet(
    session: Session, clock: Clock, one: Due, plan: Plan, now: datetime
) -> datetime | None:
    """Return when to send instead: after the quiet hours, or on a day on which we have not written."""
    hours = plans.hours_of(plan)
    allowed = quiet.next_allowed(hours, now, clock.zone)
    if allowed is None or allowed > now:
        return allowed or one.expires_at
    if one.kind in {DueKind.RIGHTS_DATE, DueKind.IN_TOUCH} and _day_is_taken(
        session, clock, one, now
    ):
        return quiet.next_allowed(hours, now + LINE_AGAIN, clock.zone) or one.expires_at
    return None


def _day_is_taken(session: Session, clock: Clock, one: Due, now: datetime) -> bool:
    """Whether we wrote first today or are about to: one message a day is enough."""
    today = plans.local_day(now, clock.zone)
    start, end = (plans.end_of(day, clock.zone) for day in (today - LINE_AGAIN, today))
    waits = due.waits(session, one.person_id, DueKind.CHECK_IN)
    about_to = waits is not None and waits < end
    return about_to or due.sent_between(session, one.person_id, start, end)


def _too_late(session: Session, clock: Clock, one: Due, person: Person, now: datetime) -> None:
    """Give up what is past its hour; a check-in that was lost this way is a person's to make up for."""
    is_check_in = one.kind == DueKind.CHECK_IN
    after = Afterwards.ADVISER_TOLD if is_check_in else Afterwards.NOT_AT_ALL
    due.settle(one, DueState.EXPIRED, Reason.TOO_LATE, after, now)
    _look_at_check_in_again(session, one, now)
    if is_check_in:
        tried = [{"at": one.due_at.isoformat(), "what": one.kind, "came": Reason.TOO_LATE}]
        tell_adviser(session, clock, person, "not_sent", tried, now)


def tell_adviser(
    session: Session,
    clock: Clock,
    person: Person,
    kind: str,
    tried: list[dict[str, str]],
    now: datetime,
) -> None:
    """Ask the adviser to do something, with what was tried. The caller commits."""
    by = due_in_working_time(clock.rota(person.council, session), now)
    contacts.open_task(session, person, kind, tried, due_at=by, now=now)


def _skip(
    session: Session, clock: Clock, one: Due, plan: Plan, reason: Reason, now: datetime
) -> None:
    """Leave somebody alone; whoever cannot be reached is somebody's to ring."""
    skip(session, one, plan, reason, now)
    if reason is Reason.UNREACHABLE:
        tried = [{"at": now.isoformat(), "what": one.kind, "came": reason}]
        tell_adviser(session, clock, plan.person, "blocked", tried, now)


def skip(session: Session, one: Due, plan: Plan, reason: Reason, now: datetime) -> None:
    """Write down why somebody is left alone, and plan what happens instead. The caller commits."""
    after = holds.afterwards(one.kind, reason, often=Every(plan.every) in SOON)
    due.settle(one, DueState.SKIPPED, reason, after, now)
    _look_at_check_in_again(session, one, now)
    if after is Afterwards.TRIED_AGAIN:
        try_again(session, one, CHECK_IN_AGAIN if one.kind == DueKind.CHECK_IN else LINE_AGAIN, now)


def _look_at_check_in_again(session: Session, one: Due, now: datetime) -> None:
    """Let the ladder go on tomorrow from a rung that was not sent, unless they have answered."""
    about = session.get(Due, one.about_id) if one.about_id else None
    if about is not None and about.answered_at is None:
        about.look_again_at = now + LINE_AGAIN


def try_again(session: Session, one: Due, wait: timedelta, now: datetime) -> None:
    """Plan something that was not sent once more, within its own time. The caller commits."""
    due_at = max(one.due_at, now) + wait
    window = one.expires_at - one.due_at if one.kind == DueKind.CHECK_IN else None
    expires_at = one.expires_at if window is None else due_at + window
    if due_at >= expires_at:
        return
    first, _, number = one.once_key.partition("~")
    due.add(
        session,
        person_id=one.person_id,
        kind=one.kind,
        what=one.what,
        due_at=due_at,
        expires_at=expires_at,
        version=one.version,
        about_id=one.about_id,
        once_key=f"{first}~{int(number or 0) + 1}",
        now=now,
    )


def _send(
    session: Session,
    clock: Clock,
    one: Due,
    person: Person,
    plan: Plan,
    chat: Chat,
    now: datetime,
) -> None:
    away = cover.away_for(session, chat, now)
    reply = message(clock.library, one, person, away)
    hours = plans.hours_of(plan)
    not_after = min(one.expires_at, quiet.next_quiet(hours, now, clock.zone))
    cover.say_once(
        session, clock.library, chat, away, once_key=f"a{one.id}", not_after=not_after, now=now
    )
    send = send_reply(session, chat, reply, once_key=f"d{one.id}", now=now, not_after=not_after)
    one.state, one.send_id, one.settled_at = DueState.SENT, send.id, now
    one.look_again_at = now + FIRST_LOOK
    if one.kind == DueKind.CHECK_IN:
        remember_asked(chat, one.what, one.id, now)


def message(library: Library, one: Due, person: Person, away: Away | None = None) -> Reply:
    """Return what is said for something that is due."""
    name, who = person.name, who_sees(library, person, away)
    if one.kind == DueKind.NUDGE and one.what == OTHER_TIME:
        return asking.other_time(library, name=name)
    questions = library.keeping.questions
    if one.kind == DueKind.NUDGE:
        asked = questions.get(one.what, next(iter(questions.values())))
        return asking.nudge(library, asked, name=name, who=who, due_id=one.about_id or one.id)
    if one.kind == DueKind.CHECK_IN:
        asked = questions.get(one.what, next(iter(questions.values())))
        return asking.question(library, asked, name=name, who=who, due_id=one.id, lane=Lane.BULK)
    line = library.keeping.line(one.what)
    if line is None:
        raise KeyError(one.what)
    return asking.line(library, line, name=name, who=who)


def who_sees(library: Library, person: Person, away: Away | None = None) -> str:
    """Return who sees an answer, in words: whoever stands in while their adviser is away."""
    adviser = person.adviser
    if away is not None:
        return cover.reader(library, away) or library.say("check_in.team")
    if adviser is not None and adviser.left_at is None:
        return adviser.name
    return library.say("check_in.team")


def remember_asked(chat: Chat, question: str, due_id: int, now: datetime) -> None:
    """Let the conversation know what was asked, so that words may be its answer.

    The caller holds the chat's lane. A wish that still waited for words has waited long enough.
    """
    memory = dict(chat.memory or {})
    if memory.get("waiting") in {"words", "check_in"}:
        memory.pop("waiting")
        memory.pop("waiting_for", None)
    chat.memory = {
        **memory,
        "check_in": question,
        "check_in_due": due_id,
        "check_in_at": now.isoformat(),
    }
