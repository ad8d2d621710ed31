"""Who does whose work: for the days somebody is away, by one rule, and for no longer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from people import access, cover, routing, sight
from safeguarding import alerts
from storage import duties
from storage.tables import Absence, Alert, Flag, Person, Request, Staff, Statement
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, COUNCIL, NOW
from tests.feedback.test_hearing import statement

TODAY = cover.day_of(NOW)
WEEK = timedelta(days=7)


def away(
    session: Session, member: Staff, by: Staff | None = None, *, days: int = 4, first: date = TODAY
) -> Absence:
    """Send somebody away from a day on, with somebody to cover or nobody."""
    return cover.set_away(
        session, member, by, (first, first + timedelta(days=days)), by=member, now=NOW
    )


def stand_in(session: Session, member: Staff, but: Staff | None = None) -> Staff | None:
    return cover.day_at(session, NOW).stand_in(member, but=but.id if but else None)


def people_of(session: Session, member: Staff, *, later: timedelta = timedelta()) -> list[str]:
    """Return whose records somebody may see at a time."""
    fresh = cover.as_of(session, member, NOW + later)
    found = session.scalars(select(Person).where(access.own_people(fresh)))
    return [one.name for one in found]


# --- Who it is -------------------------------------------------------------------------------


def test_whoever_is_here_does_their_own_work(session: Session) -> None:
    wren = cast.wren(session)

    assert stand_in(session, wren) is wren


def test_the_cover_does_it_and_theirs_when_they_are_away_too(session: Session) -> None:
    wren, robin, holly = (cast.staff(session, name) for name in ("Wren", "Robin", "Holly"))
    away(session, wren, robin)
    assert stand_in(session, wren) is robin

    away(session, robin, holly)
    assert stand_in(session, wren) is holly


def test_when_two_cover_each_other_it_is_dutys(session: Session) -> None:
    wren, robin, holly = (cast.staff(session, name) for name in ("Wren", "Robin", "Holly"))
    away(session, wren, robin)
    away(session, robin, wren)
    duties.put(session, COUNCIL, TODAY, holly.id, by=None, now=NOW)

    assert stand_in(session, wren) is holly


def test_everybody_away_is_duty_then_a_manager_then_the_duty_address(session: Session) -> None:
    wren, lee, holly = cast.wren(session), cast.lee(session), cast.staff(session, "Holly")
    away(session, wren)
    assert stand_in(session, wren) is lee

    duties.put(session, COUNCIL, TODAY, holly.id, by=None, now=NOW)
    assert stand_in(session, wren) is holly

    away(session, holly)
    assert stand_in(session, wren) is lee

    away(session, lee)
    assert stand_in(session, wren) is None


def test_a_manager_of_another_council_never_stands_in(session: Session) -> None:
    wren = cast.wren(session)
    cast.sam(session)
    away(session, wren)

    assert stand_in(session, wren) is None


def test_what_is_about_somebody_never_comes_to_them_nor_to_an_adviser_as_cover(
    session: Session,
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    other = cast.staff(session, "Moss", Role.MANAGER)
    away(session, lee, wren)

    assert stand_in(session, lee) is wren
    assert stand_in(session, lee, but=wren) is other


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((TODAY, TODAY - timedelta(days=1)), "away_over"),
        ((TODAY - WEEK, TODAY - timedelta(days=1)), "away_over"),
        ((TODAY, TODAY + timedelta(days=400)), "away_too_long"),
    ],
)
def test_days_that_cannot_be_are_refused(
    session: Session, days: tuple[date, date], said: str
) -> None:
    wren = cast.wren(session)

    with pytest.raises(cover.CoverError, match=said):
        cover.set_away(session, wren, None, days, by=wren, now=NOW)


def test_a_cover_who_cannot_be_is_refused(session: Session) -> None:
    wren = cast.wren(session)
    others = [
        cast.sam(session),
        cast.staff(session, "Pat", Role.PARTICIPATION),
        cast.staff(session, "Ada", Role.ADMIN),
        wren,
    ]

    for one in others:
        with pytest.raises(cover.CoverError, match="away_cover"):
            away(session, wren, one)
    away(session, wren)
    with pytest.raises(cover.CoverError, match="away_twice"):
        away(session, wren, first=TODAY + timedelta(days=2))


# --- What they may see, and how long -----------------------------------------------------------


def test_the_cover_sees_the_people_on_those_days_and_on_no_other(session: Session) -> None:
    wren, robin = cast.wren(session), cast.staff(session, "Robin")
    cast.person(session, wren)
    away(session, wren, robin, days=2, first=TODAY + timedelta(days=1))

    day = timedelta(days=1)
    seen = [people_of(session, robin, later=day * number) for number in range(5)]

    assert seen == [[], ["Amara"], ["Amara"], ["Amara"], []]
    assert people_of(session, wren, later=day) == ["Amara"]


def test_coming_back_early_ends_it_at_once(session: Session) -> None:
    wren, robin = cast.wren(session), cast.staff(session, "Robin")
    cast.person(session, wren)
    absence = away(session, wren, robin)
    assert people_of(session, robin) == ["Amara"]

    cover.end(absence, NOW)
    session.flush()

    assert people_of(session, robin) == []


def flag(session: Session, owner: Staff | None, **about: object) -> Flag:
    chat = cast.chat(session, AMARA, session.scalars(select(Person)).first())
    made = Flag(
        **{
            "reference": "F-222222",
            "chat_id": chat.id,
            "level": "same_day",
            "categories": ["homeless"],
            "third_party": False,
            "about_staff": False,
            "why": [],
            "rules_version": "test",
            "owner_id": owner.id if owner else None,
            "raised_at": NOW,
            "last_sign_at": NOW,
            "due_at": NOW,
            **about,
        }
    )
    session.add(made)
    session.flush()
    return made


def flags_of(session: Session, member: Staff) -> list[str]:
    fresh = cover.as_of(session, member, NOW)
    return list(session.scalars(select(Flag.reference).where(access.own_flags(fresh))))


def test_the_cover_never_sees_what_is_about_the_colleague_they_cover(session: Session) -> None:
    wren, lee, robin = cast.wren(session), cast.lee(session), cast.staff(session, "Robin")
    cast.person(session, wren)
    flag(session, lee, about_staff=True, hidden_from_id=wren.id)
    away(session, wren, robin)
    away(session, lee, robin)

    assert flags_of(session, robin) == []
    assert flags_of(session, wren) == []
    assert flags_of(session, lee) == ["F-222222"]


def test_a_specialist_sees_that_flag_and_not_the_person(session: Session) -> None:
    from storage import also

    wren = cast.wren(session)
    holly = cast.staff(session, "Holly", specialist_in="housing")
    cast.person(session, wren)
    also.give(session, flag(session, wren), holly.id, "housing", NOW)

    assert flags_of(session, holly) == ["F-222222"]
    assert people_of(session, holly) == []


# --- Letters -----------------------------------------------------------------------------------


def letters(session: Session, library: Library) -> list[alerts.Notification]:
    """Send what is due, and return it."""
    sent: list[alerts.Notification] = []

    def notify(one: alerts.Notification) -> str:
        sent.append(one)
        return "mail"

    while alerts.send_next(
        session, notify, library, address="https://kith", duty_email="duty@example.org", now=NOW
    ):
        pass
    return sent


def test_an_alert_goes_to_whoever_stands_in(session: Session, library: Library) -> None:
    wren, robin = cast.wren(session), cast.staff(session, "Robin")
    cast.person(session, wren)
    raised = flag(session, wren)
    session.add(Alert(flag_id=raised.id, staff_id=wren.id, urgent=True, made_at=NOW, due_at=NOW))
    away(session, wren, robin)

    assert {one.to for one in letters(session, library)} == {robin.email}


def test_an_alert_about_the_cover_goes_to_the_duty_address(
    session: Session, library: Library
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    cast.person(session, wren)
    raised = flag(session, lee, about_staff=True, hidden_from_id=wren.id)
    session.add(Alert(flag_id=raised.id, staff_id=lee.id, urgent=True, made_at=NOW, due_at=NOW))
    away(session, lee, wren)

    told = [one for one in letters(session, library) if raised.reference in one.subject]

    assert [one.to for one in told] == ["duty@example.org"]


def test_both_are_told_when_it_is_over_and_once(session: Session, library: Library) -> None:
    wren, robin = cast.wren(session), cast.staff(session, "Robin")
    cast.person(session, wren)
    absence = away(session, wren, robin)
    letters(session, library)
    flag(session, robin)
    chat = cast.chat(session, AMARA, session.scalars(select(Person)).one())
    session.add(
        Request(
            reference="R-222222",
            chat_id=chat.id,
            kind="talk_to_adviser",
            route="adviser",
            staff_id=wren.id,
            asked_at=NOW,
            due_at=NOW,
        )
    )
    assert not cover.say_back_next(session, NOW)
    cover.end(absence, NOW)
    session.flush()

    assert cover.say_back_next(session, NOW)
    assert not cover.say_back_next(session, NOW)
    told = {one.to: one.text for one in letters(session, library)}

    assert set(told) == {wren.email, robin.email}
    assert "Open and yours: 1. Taken over by a colleague, and still theirs: 1." in told[wren.email]
    assert "Wren is back" in told[robin.email]
    assert "Amara" not in "".join(told.values())


def test_what_was_called_off_before_it_began_is_told_nobody(session: Session) -> None:
    wren, robin = cast.wren(session), cast.staff(session, "Robin")
    absence = away(session, wren, robin, first=TODAY + WEEK)
    cover.end(absence, NOW)
    session.flush()

    assert cover.say_back_next(session, NOW)

    kinds = set(session.scalars(select(Alert.kind).where(Alert.about == str(absence.id))))
    assert kinds == {"cover_set"}


def test_a_request_stays_the_advisers_while_they_are_away(session: Session) -> None:
    wren, robin = cast.wren(session), cast.staff(session, "Robin")
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    away(session, wren, robin)

    found = routing.route(
        session, chat, "talk_to_adviser", "", about_adviser=False, council=COUNCIL, now=NOW
    )

    assert found.staff is wren


def test_a_stand_in_reads_what_was_sent_to_the_adviser_and_no_complaint(
    session: Session, library: Library
) -> None:
    wren, lee, robin = cast.wren(session), cast.lee(session), cast.staff(session, "Robin")
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    told = statement(session, library, chat, wren)
    about = statement(session, library, chat, lee, audience="manager")
    about.hidden_from_id = wren.id
    for one in (wren, lee):
        away(session, one, robin)
    session.flush()
    readers = [cover.as_of(session, one, NOW) for one in (wren, lee, robin)]

    by_the_database = [
        set(session.scalars(select(Statement.reference).where(sight.readable(one))))
        for one in readers
    ]
    one_by_one = [
        {each.reference for each in (told, about) if sight.may_read(each, one)} for one in readers
    ]

    assert by_the_database == one_by_one
    assert one_by_one == [
        {told.reference},
        {told.reference, about.reference},
        {told.reference},
    ]
