"""Looking whether anything came back to what we sent, and climbing the ladder when nothing did."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from checkins import ladder, plans, quiet, sending
from checkins.holds import Afterwards, Reason
from checkins.ladder import Came, Do, Try, What
from checkins.sending import Clock
from storage import due, outbox
from storage import plans as stored
from storage.tables import Chat, Due, Plan, Send
from storage.tables.keeping_in_touch import DueKind, DueState
from storage.tables.outbox import SendState

#: Found busy: looked at again in a moment.
SOON = timedelta(minutes=1)
UNREACHED = (SendState.FAILED, SendState.UNKNOWN)


def look_next(session: Session, clock: Clock, now: datetime) -> bool:
    """Look at one that was sent; return False when none is to be looked at. The caller commits."""
    one = due.claim_a_look(session, now)
    if one is None:
        return False
    plan = stored.if_free(session, one.person_id)
    if plan is None:
        one.look_again_at = now + SOON
        return True
    one.look_again_at = None
    if one.kind in due.LINES:
        _look_at_line(session, one, now)
    elif one.answered_at is None:
        _look_at_silence(session, clock, one, plan, now)
    return True


def _look_at_line(session: Session, one: Due, now: datetime) -> None:
    """Try a line again that Telegram never took; what may have arrived is not sent twice."""
    send = session.get(Send, one.send_id) if one.send_id else None
    if send is None or send.state in {SendState.SENT, SendState.UNKNOWN}:
        return
    if send.state != SendState.FAILED:
        one.look_again_at = now + ladder.FIRST_LOOK
        return
    late = send.failure == outbox.TOO_LATE
    after = Afterwards.TRIED_AGAIN if late else Afterwards.NOT_AT_ALL
    due.settle(one, DueState.EXPIRED, send.failure or SendState.FAILED, after, now)
    if late:
        sending.try_again(session, one, sending.LINE_AGAIN, now)


def _look_at_silence(session: Session, clock: Clock, one: Due, plan: Plan, now: datetime) -> None:
    rules = clock.library.keeping.silence
    chat = stored.chat_of(session, one.person_id)
    rows = due.unanswered(session, one.person_id)
    tries = [_try(row, send, chat) for row, send in rows]
    if ladder.should_stop_asking(tries, rules) and plan.asking_stopped_at is None:
        plan.asking_stopped_at = now
        due.supersede(session, plan.person_id, (DueKind.CHECK_IN,), Reason.ASKING_STOPPED, now)
    step = ladder.next_step(tries, rules, now)
    if step.do is Do.WAIT:
        one.look_again_at = step.look_again_at
    elif step.do in {Do.NUDGE, Do.OFFER_OTHER_TIME}:
        _nudge(session, clock, one, rows, plan, step.do, now)
    elif step.do is not Do.NOTHING:
        sending.tell_adviser(session, clock, plan.person, step.do, _tried(tries), now)


def _try(row: Due, send: Send | None, chat: Chat | None) -> Try:
    what = What.CHECK_IN
    if row.kind == DueKind.NUDGE:
        what = What.OTHER_TIME if row.what == sending.OTHER_TIME else What.NUDGE
    return Try(what, row.settled_at or row.due_at, _came(send, chat))


def _came(send: Send | None, chat: Chat | None) -> Came:
    """Return what became of a send. Its row is kept as long as ours: without one it was erased."""
    if chat is None or chat.unreachable_at is not None:
        return Came.BLOCKED
    if send is None or send.state == SendState.SENT:
        return Came.ARRIVED
    return Came.NOT_DELIVERED if send.state in UNREACHED else Came.NOT_YET


def _tried(tries: list[Try]) -> list[dict[str, str]]:
    return [{"at": one.at.isoformat(), "what": one.what, "came": one.came} for one in tries]


def _nudge(
    session: Session,
    clock: Clock,
    one: Due,
    rows: list[tuple[Due, Send | None]],
    plan: Plan,
    do: Do,
    now: datetime,
) -> None:
    """Plan the next rung as a row of its own, outside quiet hours."""
    about = next((row for row, _ in rows if row.kind == DueKind.CHECK_IN), None)
    due_at = quiet.next_allowed(plans.hours_of(plan), now, clock.zone)
    if about is None or due_at is None:
        return
    catch_up = timedelta(minutes=clock.library.keeping.catch_up_minutes[DueKind.NUDGE])
    due.add(
        session,
        person_id=plan.person_id,
        kind=DueKind.NUDGE,
        what=about.what if do is Do.NUDGE else sending.OTHER_TIME,
        due_at=due_at,
        expires_at=due_at + catch_up,
        version=plan.version,
        about_id=about.id,
        once_key=f"{plan.person_id.hex}.{do}.{one.id}.{due_at:%Y%m%d}",
        now=now,
    )
