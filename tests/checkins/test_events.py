"""Announcements: written, checked, approved by another, sent once to who asked for them, or not and why."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from checkins import events, inviting
from checkins.events import Draft, EventError, Sending
from checkins.sending import Clock
from content.library import Library
from people.hours import LONDON
from scheduler import retention
from storage import erasure, persons_data
from storage import events as stored
from storage.tables import Chat, Due, Event, Flag, Interest, Person, Send, Staff
from storage.tables.keeping_in_touch import DueState
from storage.tables.outbox import SendState
from tests import cast
from tests.cast import AMARA, BEN, NOW

#: The day after tomorrow.
FAIR_AT = datetime(2026, 11, 26, 14, tzinfo=UTC)
FAIR = Draft("job_fairs", "Job fair", "Come and meet people who give jobs.", FAIR_AT)
DAY = timedelta(days=1)
GROWN_UP = date(2004, 5, 1)


@pytest.fixture
def sending(library: Library) -> Sending:
    """Sixty an hour, and a second person above two."""
    return Sending(library, LONDON, per_hour=60, approve_above=2)


@pytest.fixture
def clock(library: Library) -> Clock:
    """Give the words and the zone."""
    return Clock(library, LONDON)


@pytest.fixture
def wren(session: Session) -> Staff:
    """Wren is an adviser."""
    return cast.wren(session)


Joined = Callable[..., Person]


@pytest.fixture
def joined(session: Session, wren: Staff) -> Joined:
    """Let somebody join who wants news of job fairs, unless said otherwise."""

    def join(number: int, *asked_for: str) -> Person:
        # Grown up, so that no lessons are in the way.
        person = cast.person(session, wren, name=f"Person {number}", born_on=GROWN_UP)
        cast.chat(session, number, person)
        stored.ask_for(session, person.id, asked_for or ("job_fairs",), NOW)
        return person

    return join


@pytest.fixture
def fair(session: Session, library: Library, wren: Staff) -> Event:
    """Wren has written that there is a job fair."""
    return events.draft(session, library, wren, FAIR, NOW)


def run(session: Session, clock: Clock, now: datetime) -> int:
    """Send what is due, and return how many were settled or moved."""
    session.flush()
    session.expire_all()
    done = 0
    while inviting.send_next(session, clock, now):
        done += 1
        assert done < 1000
    session.flush()
    session.expire_all()
    return done


def sends(session: Session) -> list[Send]:
    """Return everything in the outbox."""
    return list(session.scalars(select(Send).order_by(Send.id)))


def of(session: Session, person: Person) -> Due:
    """Return the announcement to one person."""
    return session.scalars(
        select(Due).where(Due.person_id == person.id, Due.what.startswith("announce:"))
    ).one()


def test_it_goes_once_to_each_who_asked_and_to_nobody_else(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    joined(AMARA)
    joined(BEN, "forums")

    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW)
    run(session, clock, NOW + DAY)

    [send] = sends(session)
    assert (send.body or {})["text"] == events.message(sending.library, fair).text
    assert [row[0]["text"] for row in (send.body or {})["rows"]] == ["I'm coming", "I can't come"]


def test_what_is_previewed_is_exactly_what_is_sent(library: Library, fair: Event) -> None:
    text = events.message(library, fair).text

    assert text.startswith("Job fair\n\nCome and meet people who give jobs.\n\n")


def test_more_than_the_set_number_need_a_second_person(
    session: Session, sending: Sending, fair: Event, wren: Staff, joined: Joined
) -> None:
    for number in range(3):
        joined(number)

    with pytest.raises(EventError, match="a second person must approve"):
        events.send(session, sending, fair, wren, NOW)
    with pytest.raises(EventError, match="Somebody else"):
        events.approve(fair, wren, NOW)

    events.approve(fair, cast.lee(session), NOW)
    assert len(events.send(session, sending, fair, wren, NOW)) == 3


def test_a_change_undoes_the_approval(
    session: Session, library: Library, fair: Event, wren: Staff
) -> None:
    events.approve(fair, cast.lee(session), NOW)

    events.draft(session, library, wren, FAIR, NOW, reference=fair.reference)

    assert (fair.approved_by_id, fair.approved_at) == (None, None)


def test_whoever_changes_what_another_wrote_cannot_approve_it(
    session: Session, library: Library, fair: Event
) -> None:
    lee = cast.lee(session)
    events.draft(session, library, lee, FAIR, NOW, reference=fair.reference)

    with pytest.raises(EventError, match="Somebody else"):
        events.approve(fair, lee, NOW)


def test_a_bad_draft_is_refused_with_everything_that_is_wrong(
    session: Session, library: Library, wren: Staff
) -> None:
    bad = Draft("knitting", "For care leavers", "Words.", NOW - DAY, "Atlantis", (30, 20))

    with pytest.raises(EventError) as refused:
        events.draft(session, library, wren, bad, NOW)

    said = str(refused.value)
    for part in ("interest must be", "Atlantis", "Ages go from", "be over already", "lock screen"):
        assert part in said


def test_another_councils_staff_do_not_find_it(session: Session, fair: Event) -> None:
    with pytest.raises(EventError, match="no announcement"):
        events.find(session, fair.reference, cast.sam(session))


def test_it_is_sent_once_only(
    session: Session, sending: Sending, fair: Event, wren: Staff, joined: Joined
) -> None:
    joined(AMARA)
    events.send(session, sending, fair, wren, NOW)

    with pytest.raises(EventError, match="already"):
        events.send(session, sending, fair, wren, NOW)


def test_with_nobody_to_hear_it_nothing_is_sent(
    session: Session, sending: Sending, fair: Event, wren: Staff
) -> None:
    with pytest.raises(EventError, match="Nobody asked"):
        events.send(session, sending, fair, wren, NOW)


def test_it_is_refused_when_the_last_would_hear_too_late(
    session: Session, library: Library, fair: Event, wren: Staff, joined: Joined
) -> None:
    for number in range(30):
        joined(number)
    slow = Sending(library, LONDON, per_hour=1, approve_above=99)

    with pytest.raises(EventError, match="over before everybody has heard"):
        events.send(session, slow, fair, wren, NOW)


def test_messages_are_spread_over_time(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    joined(1)
    joined(2)
    events.send(session, sending, fair, wren, NOW)

    run(session, clock, NOW)
    first = len(sends(session))
    run(session, clock, NOW + timedelta(minutes=1))

    assert (first, len(sends(session))) == (1, 2)


def test_called_off_what_is_not_sent_is_not_sent(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    people = [joined(number) for number in (1, 2)]
    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW)

    stopped, coming = events.cancel(session, fair, wren, NOW)
    run(session, clock, NOW + DAY)

    assert (stopped, coming) == (2, 0)
    assert [(one.state, one.failure) for one in sends(session)] == [
        (SendState.DROPPED, "cancelled")
    ]
    assert sorted(of(session, one).reason or "" for one in people) == ["", "cancelled"]


def test_in_danger_nobody_is_told_of_a_fair_and_the_reason_is_kept(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    chat = session.scalars(select(Chat).where(Chat.person_id == person.id)).one()
    session.add(
        Flag(
            reference="F-1",
            chat_id=chat.id,
            level="same_day",
            categories=[],
            third_party=False,
            about_staff=False,
            why=[],
            rules_version="test",
            raised_at=NOW,
            last_sign_at=NOW,
            due_at=NOW,
        )
    )
    events.send(session, sending, fair, wren, NOW)

    run(session, clock, NOW)

    assert sends(session) == []
    assert (of(session, person).state, of(session, person).reason) == ("skipped", "flag_open")
    assert ("not sent: left alone for now", 1) in events.results(session, fair)


def test_whoever_stopped_or_changed_their_mind_gets_nothing(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    stopped, bored = joined(1), joined(2)
    events.send(session, sending, fair, wren, NOW)
    session.scalars(select(Chat).where(Chat.person_id == stopped.id)).one().stopped_at = NOW
    stored.ask_for(session, bored.id, (), NOW)

    run(session, clock, NOW + timedelta(minutes=5))

    assert sends(session) == []
    assert [of(session, one).reason for one in (stopped, bored)] == ["stopped", "topic_off"]


def test_at_night_it_waits_for_the_morning(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)
    night = NOW.replace(hour=23)

    run(session, clock, night)

    assert sends(session) == []
    morning = of(session, person).due_at
    assert timedelta(0) <= morning - NOW.replace(day=25, hour=9) < timedelta(minutes=90)
    run(session, clock, morning)
    assert len(sends(session)) == 1


def test_nothing_in_the_outbox_may_go_out_at_night_or_late(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)
    of(session, person).due_at = NOW.replace(hour=20)

    run(session, clock, NOW.replace(hour=20))

    [send] = sends(session)
    assert send.not_after == NOW.replace(hour=21)


def test_after_the_fair_nobody_hears_of_it(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)

    run(session, clock, FAIR_AT)

    assert sends(session) == []
    assert of(session, person).reason is not None


def answer(
    session: Session, person: Person, fair: Event, library: Library, *, coming: bool, now: datetime
) -> None:
    """Say whether somebody is coming."""
    inviting.note_answer(
        session,
        person.id,
        fair.reference,
        coming=coming,
        said=library.events,
        zone=LONDON,
        now=now,
    )


def test_whoever_is_coming_is_reminded_once_the_day_before(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW)
    for _ in range(2):
        answer(session, person, fair, sending.library, coming=True, now=NOW)

    run(session, clock, NOW.replace(day=25, hour=16, minute=59))
    before = len(sends(session))
    run(session, clock, NOW.replace(day=25, hour=17))
    run(session, clock, NOW.replace(day=25, hour=18))

    *_, reminder = sends(session)
    assert (before, len(sends(session))) == (1, 2)
    assert "Tomorrow: Job fair, at 14:00." in (reminder.body or {})["text"]
    assert ("coming", 1) in events.results(session, fair)


def test_whoever_is_not_coming_after_all_is_not_reminded(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW)
    answer(session, person, fair, sending.library, coming=True, now=NOW)
    answer(session, person, fair, sending.library, coming=False, now=NOW)

    run(session, clock, NOW.replace(day=25, hour=17))

    assert len(sends(session)) == 1
    assert ("coming", 0) in events.results(session, fair)
    assert ("not coming", 1) in events.results(session, fair)


def test_results_count_what_arrived_and_why_the_rest_did_not(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    events.approve(fair, cast.lee(session), NOW)
    for number in range(4):
        joined(number)
    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW + timedelta(minutes=2))
    one, two, three = sends(session)
    one.state, two.state, three.state = SendState.SENT, SendState.UNKNOWN, SendState.FAILED
    three.failure = "blocked"
    session.flush()

    assert events.results(session, fair) == [
        ("for", 4),
        ("not sent yet", 1),
        ("perhaps sent", 1),
        ("sent", 1),
        ("not sent: blocked", 1),
        ("coming", 0),
        ("not coming", 0),
    ]


def test_erasing_somebody_erases_what_they_asked_for_and_answered(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW)
    chat = session.scalars(select(Chat).where(Chat.person_id == person.id)).one()

    erasure.erase(session, person, chat)

    assert session.scalars(select(Interest)).all() == []
    assert session.scalars(select(Due)).all() == []


def test_an_announcement_is_forgotten_after_two_years_and_a_wish_for_news_is_not(
    session: Session, fair: Event, joined: Joined
) -> None:
    joined(AMARA)

    retention.forget_next(session, NOW + timedelta(days=729))
    before = len(session.scalars(select(Event)).all())
    retention.forget_next(session, NOW + timedelta(days=731))

    assert (before, session.scalars(select(Event)).all()) == (1, [])
    assert len(session.scalars(select(Interest)).all()) == 1
    assert fair.reference


def test_my_data_says_what_news_they_asked_for_and_got(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff, joined: Joined
) -> None:
    person = joined(AMARA)
    events.send(session, sending, fair, wren, NOW)
    run(session, clock, NOW)
    answer(session, person, fair, sending.library, coming=True, now=NOW)
    session.flush()
    chat = session.scalars(select(Chat).where(Chat.person_id == person.id)).one()

    text = persons_data.as_text(session, chat, sending.library.say)

    assert "job_fairs, since" in text
    assert "Job fair (sent) coming" in text
    assert of(session, person).state == DueState.SENT


def test_whoever_is_in_lessons_hears_after_them_and_not_all_at_once(
    session: Session, sending: Sending, clock: Clock, fair: Event, wren: Staff
) -> None:
    events.approve(fair, cast.lee(session), NOW)
    for number in range(20):
        pupil = cast.person(session, wren, born_on=date(2009, 9, 1))
        cast.chat(session, number, pupil)
        stored.ask_for(session, pupil.id, ("job_fairs",), NOW)
    events.send(session, sending, fair, wren, NOW)

    run(session, clock, NOW + timedelta(hours=1))

    later = [one.due_at for one in session.scalars(select(Due).where(Due.kind == "event"))]
    assert sends(session) == []
    assert min(later) >= NOW.replace(hour=15, minute=30)
    assert len(set(later)) == 20
