"""What happens by the clock: planned once, sent once or not at all with the reason, and silence noticed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkins import hearing, planning, plans, sending, silence
from checkins.hearing import Answer
from checkins.plans import Change, PlanError
from checkins.sending import Clock
from content.library import Library
from people import cover
from people.hours import LONDON
from storage import plans as stored
from storage.tables import (
    Alert,
    Button,
    Chat,
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    Flag,
    Person,
    Plan,
    Send,
    Task,
)
from storage.tables.keeping_in_touch import DueState, Every
from storage.tables.outbox import Lane, SendState
from tests import cast
from tests.cast import AMARA, NOW

DAY = timedelta(days=1)
#: Amara is 18 on this Tuesday, and her check-ins come on Tuesdays at half past four.
FIRST = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)
BORN = date(2008, 5, 1)


@pytest.fixture
def clock(library: Library) -> Clock:
    """Give the words and the zone."""
    return Clock(library, LONDON)


@pytest.fixture
def amara(session: Session) -> Person:
    """Amara has joined, and Wren is her adviser."""
    person = cast.person(session, cast.wren(session), born_on=BORN)
    cast.chat(session, AMARA, person)
    session.refresh(person)
    return person


def every(work: Callable[..., bool], *parts: object, now: datetime) -> int:
    """Do one kind of work until nothing is left."""
    done = 0
    while work(*parts, now):
        done += 1
        assert done < 500
    return done


def tick(session: Session, clock: Clock, now: datetime) -> None:
    """Do everything that is due, as one run of the scheduler does."""
    while (
        every(planning.plan_next, session, clock.library, clock.zone, now=now)
        + every(sending.send_next, session, clock, now=now)
        + every(silence.look_next, session, clock, now=now)
    ):
        session.flush()
        session.expire_all()


def run(session: Session, clock: Clock, start: datetime, end: datetime) -> None:
    """Let time pass, from one moment at which something is due to the next; Telegram takes everything."""
    now: datetime | None = start
    while now is not None and now <= end:
        tick(session, clock, now)
        delivered(session, now)
        now = next_moment(session, now)


def next_moment(session: Session, now: datetime) -> datetime | None:
    """Return the next moment at which there is something to do; plans are looked at each week."""
    moments = [
        session.scalar(
            select(func.min(Due.due_at)).where(Due.due_at > now, Due.state == DueState.WAITING)
        ),
        session.scalar(select(func.min(Due.look_again_at)).where(Due.look_again_at > now)),
        now + 7 * DAY,
    ]
    return min((one for one in moments if one is not None), default=None)


def delivered(session: Session, now: datetime) -> None:
    """Let Telegram take everything."""
    for send in session.scalars(select(Send).where(Send.state == SendState.WAITING)):
        send.state, send.sent_at = SendState.SENT, now
    session.flush()


def rows(session: Session, *kinds: str, state: str | None = None) -> list[Due]:
    """Return what is due or was, oldest first; what was taken back only when asked for."""
    query = select(Due).where(Due.kind.in_(kinds)).order_by(Due.due_at, Due.id)
    return [
        one
        for one in session.scalars(query)
        if (one.state == state if state else one.state != DueState.SUPERSEDED)
    ]


def plan_of(session: Session) -> Plan:
    """Return the one plan there is."""
    return session.scalars(select(Plan)).one()


def chat_of(session: Session) -> Chat:
    """Return Amara's chat."""
    return session.scalars(select(Chat).where(Chat.person_id.is_not(None))).one()


def weekly(session: Session, clock: Clock, person: Person) -> Plan:
    """Agree on every Tuesday at half past four."""
    plan = planning.ensure(session, person, clock.library, clock.zone, NOW)
    plans.change(session, plan, Change(every=Every.WEEKLY), by="person", now=NOW)
    planning.plan_for(session, plan, clock.library, clock.zone, NOW)
    return plan


def flag(session: Session, level: str) -> Flag:
    """Raise a flag in Amara's chat."""
    made = Flag(
        reference="F-222222",
        chat_id=chat_of(session).id,
        level=level,
        categories=["self_harm"],
        third_party=False,
        about_staff=False,
        why=[],
        rules_version="test",
        raised_at=NOW,
        last_sign_at=NOW,
        due_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


# Planning


def test_somebody_who_joined_gets_the_councils_standard(
    session: Session, clock: Clock, amara: Person
) -> None:
    tick(session, clock, NOW)

    plan = plan_of(session)
    [check_in] = rows(session, "check_in")
    assert (plan.every, plan.set_by, plan.version) == ("monthly", "standard", 1)
    assert (check_in.due_at, check_in.state, check_in.version) == (FIRST, "waiting", 1)
    assert amara.id == plan.person_id


def test_somebody_who_has_not_joined_is_not_asked(session: Session, clock: Clock) -> None:
    cast.person(session, cast.wren(session))

    tick(session, clock, NOW)

    assert rows(session, "check_in") == []


def test_planning_again_and_again_plans_nothing_twice(
    session: Session, clock: Clock, amara: Person
) -> None:
    tick(session, clock, NOW)
    before = session.scalar(select(func.count()).select_from(Due))
    for hours in range(1, 60):
        plan_of(session).plan_again_at = NOW
        tick(session, clock, NOW + timedelta(hours=hours))

    assert session.scalar(select(func.count()).select_from(Due)) == before
    assert amara


def test_at_21_the_standard_becomes_yearly_and_what_waited_is_taken_back(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(2005, 12, 1).isoformat()
    tick(session, clock, NOW)
    assert plan_of(session).every == "monthly"

    tick(session, clock, NOW + 7 * DAY)

    assert plan_of(session).every == "yearly"
    assert [one.reason for one in rows(session, "check_in", state="superseded")] == ["old_plan"]


def test_a_line_of_the_calendar_is_planned_and_sent_once_on_its_day(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(2009, 6, 10).isoformat()  # 17 and a half on 10 December
    run(session, clock, NOW, NOW + 30 * DAY)

    sent = rows(session, "rights_date", state="sent")
    assert [one.what for one in sent] == ["money_check_17_half"]
    assert sent[0].settled_at is not None
    assert sent[0].settled_at.astimezone(LONDON).date() == date(2026, 12, 10)


def test_a_new_date_of_birth_plans_anew_and_never_sends_the_same_line_twice(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(2009, 6, 10).isoformat()
    tick(session, clock, NOW)
    [old] = rows(session, "rights_date", state="waiting")

    amara.born_on = date(2009, 6, 20).isoformat()
    session.flush()
    tick(session, clock, NOW + DAY)
    [new] = rows(session, "rights_date", state="waiting")
    assert (old.state, old.reason) == ("superseded", "old_plan")
    assert new.due_at.astimezone(LONDON).date() == date(2026, 12, 20)

    run(session, clock, NOW + DAY, NOW + 30 * DAY)
    amara.born_on = date(2009, 7, 1).isoformat()
    session.flush()
    run(session, clock, NOW + 30 * DAY, NOW + 90 * DAY)
    assert [one.what for one in rows(session, "rights_date", state="sent")] == [
        "money_check_17_half"
    ]


def test_the_review_of_a_plan_has_its_line(session: Session, clock: Clock, amara: Person) -> None:
    plan = planning.ensure(session, amara, clock.library, clock.zone, NOW)
    plans.change(session, plan, Change(review_on=date(2027, 1, 10)), by="staff", now=NOW)

    tick(session, clock, NOW)

    [line] = rows(session, "rights_date")
    assert line.what == "plan_review_20270110"
    assert line.due_at.date() == date(2026, 12, 20)


# Sending


def test_a_check_in_is_one_message_with_five_faces(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)

    tick(session, clock, FIRST)

    [check_in] = rows(session, "check_in", state="sent")
    [send] = session.scalars(select(Send))
    assert (send.lane, check_in.send_id) == (Lane.BULK, send.id)
    assert send.body is not None
    assert "I show your answer to Wren" in send.body["text"]
    assert len([key for row in send.body["rows"] for key in row]) == 6
    assert session.scalar(select(func.count()).select_from(Button)) == 6
    assert (chat_of(session).memory or {})["check_in"] == "how_are_you"


def test_while_the_adviser_is_away_it_says_who_looks_after_messages_once(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)
    assert amara.adviser is not None
    robin = cast.staff(session, "Robin")
    days = (NOW.date(), NOW.date() + timedelta(days=60))
    cover.set_away(session, amara.adviser, robin, days, by=None, now=NOW)

    run(session, clock, NOW, NOW + timedelta(days=16))

    sends = session.scalars(select(Send).order_by(Send.id)).all()
    said = [str(one.reply_id) for one in sends]
    assert said.count("cover.looks_after") == 1
    assert (
        said.index("cover.looks_after")
        == said.index(next(one for one in said if one.startswith("check_in.ask"))) - 1
    )
    asked = next(one.body for one in sends if (one.reply_id or "").startswith("check_in.ask"))
    assert asked is not None
    assert "I show your answer to Robin, who stands in for Wren" in asked["text"]


def test_the_next_one_is_planned_as_soon_as_one_is_sent(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)

    tick(session, clock, FIRST)

    [waiting] = rows(session, "check_in", state="waiting")
    assert waiting.due_at == FIRST + 7 * DAY
    assert waiting.what == "going_well"


def test_ticking_again_sends_nothing_again(session: Session, clock: Clock, amara: Person) -> None:
    weekly(session, clock, amara)

    for minutes in range(60):
        tick(session, clock, FIRST + timedelta(minutes=minutes))

    assert session.scalar(select(func.count()).select_from(Send)) == 1


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (timedelta(minutes=40), "sent"),
        (timedelta(minutes=119), "sent"),
        (timedelta(hours=2), "expired"),
        (timedelta(hours=9), "expired"),
    ],
)
def test_after_an_outage_it_is_sent_within_the_window_or_an_adviser_is_told(
    session: Session, clock: Clock, amara: Person, late: timedelta, state: str
) -> None:
    weekly(session, clock, amara)

    tick(session, clock, FIRST + late)

    first = rows(session, "check_in")[0]
    tasks = session.scalars(select(Task)).all()
    assert first.state == state
    assert [one.kind for one in tasks] == ([] if state == "sent" else ["not_sent"])
    if state == "expired":
        assert (first.reason, first.afterwards) == ("too_late", "adviser_told")


def test_weeks_of_outage_end_in_one_message_not_in_many(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)

    tick(session, clock, FIRST + 28 * DAY)
    tick(session, clock, FIRST + 35 * DAY)

    assert [one.state for one in rows(session, "check_in")] == ["expired", "sent", "waiting"]


def test_what_is_in_the_outbox_is_not_delivered_at_night(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = weekly(session, clock, amara)
    plans.change(session, plan, Change(at=time(20, 30)), by="person", now=NOW)
    evening = FIRST.replace(hour=20, minute=30)

    run(session, clock, NOW, NOW)
    tick(session, clock, evening)

    [send] = session.scalars(select(Send))
    assert send.not_after == evening.replace(hour=21, minute=0)


def test_changing_the_plan_takes_back_what_was_due_under_the_old_one(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = weekly(session, clock, amara)

    plans.change(session, plan, Change(weekday=4), by="person", now=NOW + DAY)
    run(session, clock, NOW + DAY, FIRST + 7 * DAY)

    sent = rows(session, "check_in", state="sent")
    assert [one.due_at.astimezone(LONDON).weekday() for one in sent] == [4, 4]
    assert [one.reason for one in rows(session, "check_in", state="superseded")] == [
        "old_plan",
        "old_plan",
    ]


def test_a_row_of_an_old_version_is_not_sent_even_when_it_was_missed(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = weekly(session, clock, amara)
    plan.version += 1

    tick(session, clock, FIRST)

    reasons = [one.reason for one in rows(session, "check_in", state="superseded")]
    assert reasons == ["old_plan", "old_plan"]
    assert session.scalar(select(func.count()).select_from(Send)) == 0


@pytest.mark.parametrize("at", [time(21, 30), time(23), time(3), time(8, 59)])
def test_no_plan_can_be_for_a_quiet_time(
    session: Session, clock: Clock, amara: Person, at: time
) -> None:
    plan = planning.ensure(session, amara, clock.library, clock.zone, NOW)

    with pytest.raises(PlanError):
        plans.change(session, plan, Change(at=at), by="person", now=NOW)


def test_lessons_move_a_check_in_to_their_end(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = planning.ensure(session, amara, clock.library, clock.zone, NOW)
    plans.change(session, plan, Change(every=Every.WEEKLY, at=time(11)), by="person", now=NOW)

    tick(session, clock, NOW)

    [waiting] = rows(session, "check_in", state="waiting")
    assert waiting.due_at.astimezone(LONDON).time() == time(15, 30)


def test_only_one_line_a_day_comes_on_top(session: Session, clock: Clock, amara: Person) -> None:
    # 21 in three months, on the very Tuesday of her check-in.
    amara.born_on = date(2006, 3, 1).isoformat()
    weekly(session, clock, amara)

    run(session, clock, NOW, FIRST + 3 * DAY)

    days = [
        one.settled_at.date()
        for one in rows(session, "check_in", "rights_date", state="sent")
        if one.settled_at
    ]
    assert len(days) == len(set(days)) == 2


# Held


def in_circumstance(session: Session, kind: str) -> None:
    """Let staff note that something is so with Amara."""
    person_id = plan_of(session).person_id
    session.add(Circumstance(person_id=person_id, kind=kind, since=NOW, noted_at=NOW))


HOLDS: dict[str, Callable[[Session], object]] = {
    "flag_open": lambda session: flag(session, "same_day"),
    "stopped": lambda session: setattr(chat_of(session), "stopped_at", NOW),
    "paused": lambda session: setattr(chat_of(session), "paused_until", FIRST + DAY),
    "unreachable": lambda session: setattr(chat_of(session), "unreachable_at", NOW),
    "staff_talking": lambda session: setattr(chat_of(session), "held_until", FIRST + DAY),
    "snoozed": lambda session: setattr(plan_of(session), "snoozed_until", FIRST + DAY),
    "not_linked": lambda session: setattr(chat_of(session), "person_id", None),
    "in_hospital": lambda session: in_circumstance(session, "hospital"),
    "in_custody": lambda session: in_circumstance(session, "custody"),
    "bereaved": lambda session: in_circumstance(session, "bereaved"),
    "paused_by_staff": lambda session: in_circumstance(session, "paused"),
}


@pytest.mark.parametrize("reason", HOLDS)
def test_what_is_held_says_why_and_what_happens_then(
    session: Session, clock: Clock, amara: Person, reason: str
) -> None:
    weekly(session, clock, amara)
    HOLDS[reason](session)
    session.flush()

    tick(session, clock, FIRST)

    first = rows(session, "check_in")[0]
    assert (first.state, first.reason, first.afterwards) == ("skipped", reason, "next_in_rhythm")
    assert session.scalar(select(func.count()).select_from(Send)) == 0


def test_whoever_has_blocked_us_is_an_advisers_task_once(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)
    chat_of(session).unreachable_at = NOW
    session.flush()

    run(session, clock, FIRST, FIRST + 15 * DAY)

    assert [one.kind for one in session.scalars(select(Task))] == ["blocked"]
    assert len(rows(session, "check_in", state="skipped")) == 3


def test_a_concern_holds_nothing(session: Session, clock: Clock, amara: Person) -> None:
    weekly(session, clock, amara)
    flag(session, "concern")

    tick(session, clock, FIRST)

    assert rows(session, "check_in")[0].state == "sent"


def test_after_the_crisis_the_rhythm_goes_on(session: Session, clock: Clock, amara: Person) -> None:
    weekly(session, clock, amara)
    raised = flag(session, "immediate")
    tick(session, clock, FIRST)
    raised.closed_at = FIRST + DAY
    session.flush()

    tick(session, clock, FIRST + 7 * DAY)

    assert [one.state for one in rows(session, "check_in")] == ["skipped", "sent", "waiting"]


def test_a_right_that_was_held_is_told_when_the_hold_ends(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(2009, 6, 10).isoformat()
    tick(session, clock, NOW)
    raised = flag(session, "immediate")
    due_at = rows(session, "rights_date")[0].due_at
    run(session, clock, due_at, due_at + 3 * DAY)
    raised.closed_at = due_at + 3 * DAY
    session.flush()

    run(session, clock, due_at + 3 * DAY, due_at + 5 * DAY)

    found = rows(session, "rights_date")
    assert [one.state for one in found][-1] == "sent"
    assert {one.reason for one in found[:-1]} == {"flag_open"}
    assert {one.afterwards for one in found[:-1]} == {"tried_again_later"}
    assert len(rows(session, "rights_date", state="sent")) == 1


def test_a_birthday_in_a_crisis_passes_in_silence(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(2007, 12, 9).isoformat()
    flag(session, "immediate")

    run(session, clock, NOW, NOW + 30 * DAY)

    [birthday] = rows(session, "birthday")
    assert (birthday.state, birthday.reason) == ("skipped", "flag_open")


def test_a_topic_that_is_off_is_not_written_about(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(2007, 12, 9).isoformat()
    plan = weekly(session, clock, amara)
    plans.change(session, plan, Change(topic_off="birthday"), by="person", now=NOW)

    run(session, clock, NOW, NOW + 30 * DAY)

    assert [one.reason for one in rows(session, "birthday")] == ["topic_off"]
    assert rows(session, "check_in", state="sent")


def test_a_window_asks_only_whoever_was_not_in_touch(
    session: Session, clock: Clock, amara: Person
) -> None:
    amara.born_on = date(
        2007, 12, 31
    ).isoformat()  # 19 on 31 December: the question is for 1 December
    weekly(session, clock, amara)
    hearing.heard(session, amara, clock.library, clock.zone, NOW)

    run(session, clock, NOW, FIRST + 2 * DAY)

    [window] = rows(session, "in_touch")
    assert (window.what, window.state, window.reason) == (
        "window_19",
        "skipped",
        "no_longer_true",
    )


# Silence


def tried(task: Task) -> list[tuple[str, str]]:
    """Return what a task says was tried."""
    return [(one["what"], one["came"]) for one in task.tried]


def test_silence_is_nudged_once_offered_another_time_and_then_a_task(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = weekly(session, clock, amara)
    plans.change(session, plan, Change(every=Every.MONTHLY), by="person", now=NOW)
    tick(session, clock, NOW)

    run(session, clock, FIRST, FIRST + 14 * DAY)

    sent = rows(session, "check_in", "nudge", state="sent")
    [task] = session.scalars(select(Task))
    assert [one.what for one in sent] == ["how_are_you", "how_are_you", "other_time"]
    assert task.kind == "silent"
    assert task.staff_id == amara.adviser_id
    assert tried(task) == [
        ("check_in", "arrived"),
        ("nudge", "arrived"),
        ("other_time", "arrived"),
    ]
    assert [one.task_id for one in session.scalars(select(Alert))] == [task.id]


def test_after_the_set_number_we_stop_asking_until_we_hear_from_them(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)

    run(session, clock, FIRST, FIRST + 90 * DAY)
    asked = len(rows(session, "check_in", state="sent"))
    assert plan_of(session).asking_stopped_at is not None
    assert rows(session, "check_in", state="waiting") == []

    later = FIRST + 90 * DAY
    hearing.heard(session, amara, clock.library, clock.zone, later)
    tick(session, clock, later)

    assert asked == 3
    assert plan_of(session).asking_stopped_at is None
    assert len(rows(session, "check_in", state="waiting")) == 1
    assert [one.outcome for one in session.scalars(select(Task))] == ["heard from"]


def test_hearing_from_them_ends_the_ladder(session: Session, clock: Clock, amara: Person) -> None:
    plan = weekly(session, clock, amara)
    plans.change(session, plan, Change(every=Every.MONTHLY), by="person", now=NOW)
    tick(session, clock, NOW)
    run(session, clock, FIRST, FIRST + 3 * DAY)

    hearing.heard(session, amara, clock.library, clock.zone, FIRST + 3 * DAY)
    run(session, clock, FIRST + 3 * DAY, FIRST + 20 * DAY)

    assert [one.kind for one in rows(session, "check_in", "nudge", state="sent")] == [
        "check_in",
        "nudge",
    ]
    assert session.scalars(select(Task)).all() == []


@pytest.mark.parametrize(
    ("state", "blocked", "kind"),
    [
        (SendState.SENT, True, "blocked"),
        (SendState.FAILED, False, "not_delivered"),
        (SendState.UNKNOWN, False, "not_delivered"),
    ],
)
def test_blocked_and_not_delivered_are_told_apart_within_hours(
    session: Session,
    clock: Clock,
    amara: Person,
    state: SendState,
    blocked: bool,  # noqa: FBT001
    kind: str,
) -> None:
    weekly(session, clock, amara)
    tick(session, clock, FIRST)
    session.scalars(select(Send)).one().state = state
    chat_of(session).unreachable_at = FIRST if blocked else None
    session.flush()

    tick(session, clock, FIRST + timedelta(hours=1))

    [task] = session.scalars(select(Task))
    assert task.kind == kind
    assert rows(session, "nudge") == []


def test_a_nudge_that_is_held_does_not_end_the_ladder(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = weekly(session, clock, amara)
    plans.change(session, plan, Change(every=Every.MONTHLY), by="person", now=NOW)
    tick(session, clock, NOW)
    run(session, clock, FIRST, FIRST + DAY)
    raised = flag(session, "same_day")
    run(session, clock, FIRST + DAY, FIRST + 4 * DAY)
    raised.closed_at = FIRST + 4 * DAY
    session.flush()

    run(session, clock, FIRST + 4 * DAY, FIRST + 20 * DAY)

    assert [one.kind for one in session.scalars(select(Task))] == ["silent"]
    assert "flag_open" in {one.reason for one in rows(session, "nudge")}


def test_one_adviser_is_not_mailed_for_each_person(session: Session, clock: Clock) -> None:
    wren = cast.wren(session)
    for number in range(5):
        one = cast.person(session, wren, name=f"P{number}", born_on=BORN)
        cast.chat(session, 8000 + number, one)
        weekly(session, clock, one)

    tick(session, clock, FIRST + 3 * DAY)

    assert session.scalar(select(func.count()).select_from(Task)) == 5
    assert session.scalar(select(func.count()).select_from(Alert)) == 1


# Answers


def answer(session: Session, clock: Clock, person: Person, now: datetime, **given: object) -> None:
    """Answer the newest check-in."""
    due_id = session.scalar(
        select(func.max(Due.id)).where(Due.kind == "check_in", Due.state == DueState.SENT)
    )
    hearing.heard(session, person, clock.library, clock.zone, now)
    made = Answer("how_are_you", due_id or 0, **given)  # type: ignore[arg-type]
    hearing.answered(session, clock, person, made, now)
    session.flush()
    session.expire_all()


def test_an_answer_is_kept_and_moves_the_ledger(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)
    tick(session, clock, FIRST)

    answer(session, clock, amara, FIRST + timedelta(minutes=5), feeling=4)
    answer(session, clock, amara, FIRST + timedelta(minutes=6), words="college is good")

    [kept] = session.scalars(select(CheckInAnswer))
    assert (kept.feeling, kept.words, kept.question_version) == (4, "college is good", 1)
    assert rows(session, "check_in", state="sent")[0].answer == "answered"
    [contact] = session.scalars(select(Contact))
    assert (contact.kind, contact.two_way) == ("bot", True)


def test_the_lowest_face_is_told_to_the_adviser_without_a_word(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)
    tick(session, clock, FIRST)

    answer(session, clock, amara, FIRST + timedelta(minutes=5), feeling=1)

    assert [one.kind for one in session.scalars(select(Task))] == ["low"]


def test_one_word_three_times_is_told(session: Session, clock: Clock, amara: Person) -> None:
    weekly(session, clock, amara)
    for week in range(3):
        tick(session, clock, FIRST + 7 * week * DAY)
        delivered(session, FIRST + 7 * week * DAY)
        answer(session, clock, amara, FIRST + (7 * week + 1) * DAY, words="fine")

    assert [one.kind for one in session.scalars(select(Task))] == ["one_word"]
    assert {one.answer for one in rows(session, "check_in", state="sent")} == {"one_word"}


def test_not_now_is_an_answer_and_not_silence(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)
    tick(session, clock, FIRST)
    delivered(session, FIRST)

    answer(session, clock, amara, FIRST + timedelta(hours=1), not_now=True)
    run(session, clock, FIRST + DAY, FIRST + 5 * DAY)

    assert session.scalars(select(CheckInAnswer)).all() == []
    assert rows(session, "check_in", state="sent")[0].answer == "not_now"
    assert rows(session, "nudge") == []


def test_nobody_can_answer_what_somebody_else_was_asked(
    session: Session, clock: Clock, amara: Person
) -> None:
    weekly(session, clock, amara)
    tick(session, clock, FIRST)
    ben = cast.person(session, None, name="Ben", born_on=BORN)
    cast.chat(session, cast.BEN, ben)

    answer(session, clock, ben, FIRST + timedelta(minutes=1), feeling=5)

    [asked] = rows(session, "check_in", state="sent")
    assert asked.answered_at is None
    assert [one.due_id for one in session.scalars(select(CheckInAnswer))] == [None]


def test_a_day_of_talk_is_one_line_in_the_ledger(
    session: Session, clock: Clock, amara: Person
) -> None:
    for minutes in range(5):
        hearing.heard(session, amara, clock.library, clock.zone, NOW + timedelta(minutes=minutes))

    assert session.scalar(select(func.count()).select_from(Contact)) == 1


# The clocks


def test_over_a_clock_change_a_check_in_keeps_its_hour_and_comes_once(
    session: Session, clock: Clock, amara: Person
) -> None:
    plan = weekly(session, clock, amara)
    plans.change(session, plan, Change(weekday=6, at=time(9)), by="person", now=NOW)
    start = datetime(2027, 3, 26, 0, 0, tzinfo=UTC)
    plan.set_at = start

    run(session, clock, start, start + 14 * DAY)

    local = [
        one.settled_at.astimezone(LONDON)
        for one in rows(session, "check_in", state="sent")
        if one.settled_at
    ]
    assert [one.date() for one in local] == [date(2027, 3, 28), date(2027, 4, 4)]
    assert {one.time() for one in local} == {time(9)}


def test_stored_plan_is_found(session: Session, clock: Clock, amara: Person) -> None:
    assert stored.of(session, amara.id) is None
    planning.ensure(session, amara, clock.library, clock.zone, NOW)
    assert stored.of(session, amara.id) is not None
