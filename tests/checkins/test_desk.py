"""Staff see those they look after and nobody else, and what they note is kept under their name."""

import contextlib
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from checkins import hearing, planning, sending
from checkins.desk import DeskError, KeepingDesk
from checkins.hearing import Answer
from checkins.plans import Change
from checkins.sending import Clock
from content.library import Library
from people.hours import LONDON
from safeguarding import alerts
from safeguarding.alerts import Notification
from storage import contacts
from storage.database import Database
from storage.tables import Chat, CheckInAnswer, Contact, Due, Flag, Person, Plan, Staff
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, NOW

WREN, LEE, SAM, PAT = (f"{name}@example.org" for name in ("wren", "lee", "sam", "pat"))
SECOND_ADVISER = "kit@example.org"
NOBODY = "no person with that id"


@pytest.fixture
def amara(database: Database) -> str:
    """Amara is Wren's; Lee manages; Kit is another adviser; Sam manages another council."""
    with database.transaction() as session:
        person = cast.person(session, cast.wren(session))
        cast.chat(session, AMARA, person)
        cast.lee(session)
        cast.sam(session)
        cast.staff(session, "Kit")
        cast.staff(session, "Pat", Role.PARTICIPATION)
        return str(person.id)


@pytest.fixture
def desk(database: Database, library: Library) -> KeepingDesk:
    """Give the desk."""

    @contextlib.contextmanager
    def opened() -> Iterator[Database]:
        yield database

    return KeepingDesk(opened, library, LONDON)


@pytest.mark.parametrize("by", [WREN, LEE, None])
def test_whoever_looks_after_somebody_sees_their_plan(
    desk: KeepingDesk, amara: str, by: str | None
) -> None:
    shown = desk.show(amara, by, NOW)

    assert (shown.plan.every, shown.held) == ("monthly", "")
    assert [row.person.name for row in desk.ledger(by, NOW)] == ["Amara"]


@pytest.mark.parametrize("by", [SECOND_ADVISER, SAM])
def test_for_others_they_do_not_exist(desk: KeepingDesk, amara: str, by: str) -> None:
    with pytest.raises(DeskError, match=NOBODY):
        desk.show(amara, by, NOW)
    with pytest.raises(DeskError, match=NOBODY):
        desk.answers(amara, by)
    with pytest.raises(DeskError, match=NOBODY):
        desk.log_contact(amara, "call", NOW, by, two_way=True, now=NOW)
    assert desk.ledger(by, NOW) == []
    assert desk.in_touch(by, NOW) == []


def test_the_participation_team_sees_nobody(desk: KeepingDesk, amara: str) -> None:
    for look in (lambda: desk.show(amara, PAT, NOW), lambda: desk.ledger(PAT, NOW)):
        with pytest.raises(DeskError, match="Only advisers and managers"):
            look()


@pytest.mark.parametrize(
    ("kind", "days", "why"),
    [
        ("bot", 0, "kind is one of"),
        ("visit", 1, "in the future"),
        ("visit", -7000, "before they were born"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(
    desk: KeepingDesk, amara: str, kind: str, days: int, why: str
) -> None:
    with pytest.raises(DeskError, match=why):
        desk.log_contact(amara, kind, NOW + timedelta(days=days), WREN, two_way=True, now=NOW)


def test_a_visit_is_logged_under_a_name_and_moves_the_next_due(
    desk: KeepingDesk, amara: str, database: Database
) -> None:
    later = NOW + timedelta(days=50)

    desk.log_contact(amara, "visit", later, WREN, two_way=True, now=later)

    [row] = desk.ledger(WREN, later)
    with database.transaction() as session:
        [contact] = session.scalars(select(Contact))
        assert contact.by_id is not None
    assert row.account.next_due_on == (later + timedelta(days=60)).date()
    assert list(row.account.last_by_kind) == ["visit"]


def test_what_they_said_stands_until_staff_confirm_it(
    desk: KeepingDesk, amara: str, database: Database, library: Library
) -> None:
    with database.transaction() as session:
        person = session.scalars(select(Person)).one()
        clock = Clock(library, LONDON)
        said = Answer("living", category_of="living", category="lodgings")
        hearing.answered(session, clock, person, said, NOW)
    [answer] = desk.answers(amara, WREN)
    assert (answer.category, answer.confirmed_as) == ("lodgings", None)

    with pytest.raises(DeskError, match="category is one of"):
        desk.confirm(answer.id, "castle", WREN, NOW)
    term = desk.confirm(answer.id, "foyer", WREN, NOW)

    with database.transaction() as session:
        [kept] = session.scalars(select(CheckInAnswer))
        assert (kept.category, kept.confirmed_as) == ("lodgings", "foyer")
    assert term == "Foyers and similar"


def test_a_review_that_is_over_is_refused(desk: KeepingDesk, amara: str) -> None:
    with pytest.raises(DeskError, match="review is over"):
        desk.set_plan(amara, Change(review_on=NOW.date() - timedelta(days=1)), WREN, NOW)

    desk.set_plan(amara, Change(review_on=NOW.date()), WREN, NOW)


def test_staff_set_a_plan_and_it_is_planned_at_once(
    desk: KeepingDesk, amara: str, database: Database
) -> None:
    desk.set_plan(amara, Change(weekday=3), WREN, NOW)

    with database.transaction() as session:
        plan = session.scalars(select(Plan)).one()
        waiting = [one for one in session.scalars(select(Due)) if one.state == "waiting"]
        assert (plan.set_by, plan.version) == ("staff", 2)
        assert {one.due_at.astimezone(LONDON).weekday() for one in waiting} == {3}


def test_a_date_of_birth_is_put_right(desk: KeepingDesk, amara: str, database: Database) -> None:
    desk.put_birthday_right(amara, date(2009, 6, 1), WREN, NOW)

    with database.transaction() as session:
        assert session.scalars(select(Person)).one().born_on == "2009-06-01"
        lines = session.scalars(select(Due.what).where(Due.kind == "rights_date")).all()
    assert lines == ["money_check_17_half"]
    with pytest.raises(DeskError, match="15 to 25"):
        desk.put_birthday_right(amara, date(1990, 1, 1), WREN, NOW)


def test_a_birthday_window_is_set_by_staff_and_refused_when_there_is_none(
    desk: KeepingDesk, amara: str
) -> None:
    with pytest.raises(DeskError, match="17 to 21"):
        desk.set_in_touch(amara, 22, "in_touch", "call", WREN, NOW)
    with pytest.raises(DeskError, match="status is one of"):
        desk.set_in_touch(amara, 19, "lost", "call", WREN, NOW)
    with pytest.raises(DeskError, match="20 characters"):
        desk.set_in_touch(amara, 19, "in_touch", "she rang me from her nan's", WREN, NOW)

    desk.set_in_touch(amara, 19, "no_longer_requires_services", "letter", WREN, NOW)

    later = NOW + timedelta(days=120)  # her window for 19 opens on 1 February 2027
    statuses = {entry.birthday: entry for _, entry in desk.in_touch(WREN, later)}
    assert statuses[19].status == "no_longer_requires_services"
    assert statuses[19].confirmed_by == "Wren"


def test_an_alert_about_a_task_names_nobody(
    desk: KeepingDesk, amara: str, database: Database, library: Library
) -> None:
    sent: list[Notification] = []

    def notify(one: Notification) -> str:
        sent.append(one)
        return "test"

    with database.transaction() as session:
        person = session.scalars(select(Person)).one()
        planning.ensure(session, person, library, LONDON, NOW)
        tried = [{"at": NOW.isoformat(), "what": "nudge", "came": "arrived"}]
        task = contacts.open_task(session, person, "silent", tried, due_at=NOW, now=NOW)
        assert contacts.open_task(session, person, "silent", tried, due_at=NOW, now=NOW) is None
        assert task is not None
        reference = task.reference
    with database.sessions() as session:
        alerts.send_next(session, notify, library, address="here", duty_email=None, now=NOW)

    [letter] = sent
    assert letter.to == WREN
    assert reference in letter.subject
    assert "has not answered" in letter.text
    assert "Amara" not in letter.subject + letter.text
    assert [one.reference for one in desk.tasks(WREN)] == [reference]
    assert desk.tasks(SECOND_ADVISER) == []
    for other in (SECOND_ADVISER, SAM, PAT):
        with pytest.raises(DeskError, match="no open task"):
            desk.close_task(reference, "rang", other, NOW)
    with pytest.raises(DeskError, match="60 characters"):
        desk.close_task(reference, "rang " * 20, LEE, NOW)
    desk.close_task(reference, "rang", LEE, NOW)
    assert desk.tasks(LEE) == []
    assert amara


def meet_a_check_in(database: Database, library: Library) -> None:
    """Let a check-in be due now, and be settled."""
    with database.transaction() as session:
        person = session.scalars(select(Person)).one()
        planning.ensure(session, person, library, LONDON, NOW)
        one = session.scalars(select(Due).where(Due.kind == "check_in")).one()
        one.due_at, one.expires_at = NOW, NOW + timedelta(hours=1)
        session.flush()
        assert sending.send_next(session, Clock(library, LONDON), NOW)


@pytest.mark.parametrize(("by", "why"), [(LEE, "flag_open"), (None, "flag_open"), (WREN, "held")])
def test_a_flag_about_the_reader_shows_neither_now_nor_as_a_reason(
    desk: KeepingDesk, amara: str, database: Database, library: Library, by: str | None, why: str
) -> None:
    with database.transaction() as session:
        wren = session.scalars(select(Staff).where(Staff.email == WREN)).one()
        cast.flag(session, session.scalars(select(Chat)).one(), hidden_from=wren)
    meet_a_check_in(database, library)

    shown = desk.show(amara, by, NOW)

    assert shown.held == ("flag_open" if why == "flag_open" else "")
    assert [reason for reason in shown.reasons.values() if reason] == [why]


def test_a_flag_that_the_reader_may_see_is_a_reason_that_they_may_see(
    desk: KeepingDesk, amara: str, database: Database, library: Library
) -> None:
    with database.transaction() as session:
        found = cast.flag(session, session.scalars(select(Chat)).one())
    meet_a_check_in(database, library)
    with database.transaction() as session:
        session.get_one(Flag, found.id).closed_at = NOW + timedelta(hours=1)

    shown = desk.show(amara, WREN, NOW + timedelta(hours=2))

    assert shown.held == ""
    assert "flag_open" in shown.reasons.values()


@pytest.mark.parametrize(("by", "kinds"), [(LEE, ["visit"]), (None, ["visit"]), (WREN, [])])
def test_how_a_colleague_looked_into_a_complaint_is_not_in_the_ledger_of_whom_it_is_about(
    desk: KeepingDesk, amara: str, database: Database, by: str | None, kinds: list[str]
) -> None:
    with database.transaction() as session:
        wren, lee = (
            session.scalars(select(Staff).where(Staff.email == one)).one() for one in (WREN, LEE)
        )
        cast.complaint(session, session.scalars(select(Chat)).one(), wren, lee)
    desk.log_contact(amara, "visit", NOW, LEE, two_way=True, now=NOW)

    [row] = desk.ledger(by, NOW)

    assert list(row.account.last_by_kind) == kinds
    assert (row.account.last_two_way is None) is (kinds == [])
