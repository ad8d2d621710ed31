"""Whose business a request is: never that of whoever it is about."""

from datetime import timedelta

from sqlalchemy.orm import Session

from people import routing
from people.hours import Rota
from people.routing import Route, route
from storage.tables import Chat
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, COUNCIL, NOW


def to_whom(
    session: Session,
    chat: Chat,
    kind: str = "talk_to_a_person",
    topic: str = "",
    *,
    about_adviser: bool = False,
) -> Route:
    return route(session, chat, kind, topic, about_adviser=about_adviser, council=COUNCIL, now=NOW)


def test_a_request_goes_to_the_adviser(session: Session) -> None:
    cast.lee(session)
    wren = cast.wren(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))

    assert to_whom(session, chat) == Route("adviser", wren)


def test_a_topic_with_a_specialist_goes_to_them_as_well_as_to_the_adviser(session: Session) -> None:
    wren = cast.wren(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))
    housing = cast.staff(session, "Holly", specialist_in="housing")
    work = cast.staff(session, "Eddie", specialist_in="eet")

    assert to_whom(session, chat, topic="housing") == Route("adviser", wren, also=housing)
    assert to_whom(session, chat, "my_education_or_work") == Route("adviser", wren, also=work)
    assert to_whom(session, chat, topic="rights") == Route("adviser", wren)
    assert to_whom(session, cast.chat(session), topic="housing") == Route("specialist", housing)


def test_about_the_adviser_it_goes_to_a_manager_and_is_hidden(session: Session) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))

    assert to_whom(session, chat, about_adviser=True) == Route("manager", lee, wren.id)


def test_about_the_adviser_a_specialist_who_is_the_adviser_does_not_get_it(
    session: Session,
) -> None:
    wren = cast.staff(session, "Wren", specialist_in="housing")
    chat = cast.chat(session, AMARA, cast.person(session, wren))

    found = to_whom(session, chat, topic="housing", about_adviser=True)

    assert found == Route("duty", None, wren.id)


def test_about_an_adviser_who_also_manages_it_goes_to_another_manager(session: Session) -> None:
    wren = cast.staff(session, "Wren", Role.MANAGER)
    lee = cast.lee(session)
    chat = cast.chat(session, AMARA, cast.person(session, wren))

    assert to_whom(session, chat, about_adviser=True) == Route("manager", lee, wren.id)


def test_the_only_manager_never_hears_what_is_about_them(session: Session) -> None:
    wren = cast.staff(session, "Wren", Role.MANAGER)
    chat = cast.chat(session, AMARA, cast.person(session, wren))

    assert to_whom(session, chat, about_adviser=True) == Route("duty", None, wren.id)


def test_when_the_adviser_has_left_it_is_dutys(session: Session) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    wren.left_at = NOW
    chat = cast.chat(session, AMARA, cast.person(session, wren))

    assert to_whom(session, chat) == Route("duty", lee)


def test_a_strangers_request_is_dutys_even_when_nobody_is_there(session: Session) -> None:
    assert to_whom(session, cast.chat(session)) == Route("duty", None)


def test_another_councils_staff_are_never_chosen(session: Session) -> None:
    cast.sam(session)
    cast.staff(session, "Holly", council=cast.OTHER_COUNCIL, specialist_in="housing")
    chat = cast.chat(session, AMARA, cast.person(session))

    assert to_whom(session, chat, topic="housing") == Route("duty", None)
    assert to_whom(session, chat, about_adviser=True) == Route("duty", None)


def test_a_request_is_due_within_one_working_day() -> None:
    assert routing.due(Rota(), NOW) == NOW + timedelta(hours=24)
