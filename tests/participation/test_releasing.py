"""Releases from the database: the same again, in the middle of a month, and with little to show."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.figures import Figure, Kind
from participation.periods import Period
from participation.releasing import Released, release
from people.hours import LONDON
from storage import statements
from storage.tables import Count, Release, Statement
from tests import cast
from tests.cast import COUNCIL, NOW
from tests.participation.told import keep, some

MONTH = NOW.date().replace(day=1)


def made(session: Session, first: date = MONTH, last: date = MONTH) -> Released:
    return release(session, COUNCIL, Period(first, last), LONDON, NOW)


def total(released: Released, table: str = "statements_by_month") -> Figure:
    [layout] = [one for one in released.layouts if one.spec.id == table]
    return released.shown[layout.slots[layout.rows[0], layout.columns[0]]]


def test_the_same_period_is_shown_the_same_again(session: Session) -> None:
    keep(session, some(60, 1), MONTH)
    first, second = made(session), made(session)
    assert first.shown == second.shown
    assert first.reference != second.reference
    assert len(session.scalars(select(Release)).all()) == 2


def test_a_few_more_statements_change_nothing(session: Session) -> None:
    """Somebody who asks before and after one statement must not see it come in."""
    keep(session, some(60, 1), MONTH)
    before = made(session)
    keep(session, some(4, 2), MONTH)
    assert made(session).shown == before.shown


def test_five_more_are_counted_and_nobody_is_the_difference(session: Session) -> None:
    keep(session, some(60, 1), MONTH)
    before = made(session)
    keep(session, some(30, 2), MONTH)
    after = made(session)
    assert total(before) == Figure(Kind.ROUNDED, 60)
    assert total(after) == Figure(Kind.ROUNDED, 90)
    told_twice = {
        (slot.root, slot.dimension, slot.values): (slot, figure)
        for slot, figure in before.shown.items()
        if figure.kind is Kind.EXACT
    }
    for slot, figure in after.shown.items():
        earlier = told_twice.get((slot.root, slot.dimension, slot.values))
        if earlier and figure.kind is Kind.EXACT and earlier[0] != slot:
            assert abs(figure.number - earlier[1].number) >= 5


def test_what_is_erased_stays_in_figures_already_released(session: Session) -> None:
    keep(session, some(60, 1), MONTH)
    before = made(session)
    for one in session.scalars(select(Statement).limit(20)):
        session.delete(one)
    session.flush()
    after = made(session)
    assert after.shown.items() <= before.shown.items()
    assert total(after) == total(before)


def test_three_people_are_not_a_report(session: Session) -> None:
    keep(session, some(3, 1), MONTH)
    assert {one.kind for one in made(session).shown.values()} <= {Kind.FEW, Kind.LEFT_OUT}


def test_a_period_without_anything_is_a_report_too(session: Session) -> None:
    released = made(session)
    assert {one.kind for one in released.shown.values()} <= {Kind.FEW, Kind.LEFT_OUT}
    assert released.not_read_yet == 0


def test_what_no_machine_has_read_waits(session: Session) -> None:
    keep(session, some(30, 1), MONTH)
    for one in session.scalars(select(Statement).limit(8)):
        one.tone = None
    session.flush()
    assert made(session).not_read_yet == 8


def test_another_council_is_another_report(session: Session) -> None:
    keep(session, some(60, 1), MONTH, council="elsewhere")
    assert total(made(session)).kind is Kind.FEW
    assert session.scalars(select(Count.council)).all()


def test_an_author_has_one_voice_a_quarter_and_is_new_once(session: Session) -> None:
    chat = cast.chat(session, cast.AMARA, cast.person(session))
    voice, new = statements.voice_in(session, chat, NOW)
    assert new
    keep(session, some(1, 1), NOW.date())
    [sent] = session.scalars(select(Statement))
    sent.chat_id, sent.voice, sent.new_voice = chat.id, voice, new
    session.flush()
    assert statements.voice_in(session, chat, NOW + timedelta(days=1)) == (voice, True)
    other, still_new = statements.voice_in(session, chat, NOW + timedelta(days=120))
    assert other != voice
    assert not still_new
