"""Handing a young person over: open work goes along, what is about the new adviser does not."""

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from people import handing_over
from people.handing_over import HandOverError
from storage.tables import Chat, Flag, Person, Request, Send, Staff, Task
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, COUNCIL, NOW


@pytest.fixture
def wren(session: Session) -> Staff:
    return cast.wren(session)


@pytest.fixture
def robin(session: Session) -> Staff:
    return cast.staff(session, "Robin")


@pytest.fixture
def amara(session: Session, wren: Staff) -> Person:
    return cast.person(session, wren)


def flag(session: Session, chat: Chat, owner: Staff, **about: object) -> Flag:
    made = Flag(
        **{
            "reference": f"F-{uuid.uuid4().hex[:6]}",
            "chat_id": chat.id,
            "level": "same_day",
            "categories": ["low_mood"],
            "third_party": False,
            "about_staff": False,
            "owner_id": owner.id,
            "why": [],
            "rules_version": "test",
            "raised_at": NOW,
            "last_sign_at": NOW,
            "due_at": NOW,
            **about,
        }
    )
    session.add(made)
    session.flush()
    return made


def over(
    session: Session, library: Library, person: Person, to: Staff, known: Staff | None
) -> bool:
    return handing_over.hand_over(
        session,
        library,
        person,
        str(to.id),
        known_adviser=str(known.id) if known else "",
        now=NOW,
    )


def test_open_work_goes_along_and_they_are_told(
    session: Session, library: Library, wren: Staff, robin: Staff, amara: Person
) -> None:
    chat = cast.chat(session, AMARA, amara)
    raised = flag(session, chat, wren)
    asked = Request(
        reference="R-1",
        chat_id=chat.id,
        kind="talk_to_adviser",
        route="adviser",
        staff_id=wren.id,
        asked_at=NOW,
        due_at=NOW,
    )
    task = Task(
        reference="T-1",
        person_id=amara.id,
        staff_id=wren.id,
        kind="low",
        tried=[],
        made_at=NOW,
        due_at=NOW,
    )
    session.add_all([asked, task])

    told = over(session, library, amara, robin, wren)

    for one in (raised, asked, task):
        session.refresh(one)
    assert told
    assert amara.adviser_id == raised.owner_id == asked.staff_id == task.staff_id == robin.id
    [sent] = session.scalars(select(Send).where(Send.chat_id == chat.id))
    assert sent.body is not None
    assert "From now on Robin from Cheshire East is your person here" in sent.body["text"]


def test_what_is_about_the_new_adviser_stays_with_whoever_has_it(
    session: Session, library: Library, wren: Staff, robin: Staff, amara: Person
) -> None:
    chat = cast.chat(session, AMARA, amara)
    about = flag(session, chat, wren, about_staff=True, hidden_from_id=robin.id)

    over(session, library, amara, robin, wren)

    session.refresh(about)
    assert about.owner_id == wren.id


def test_whoever_said_stop_is_not_written_to(
    session: Session, library: Library, wren: Staff, robin: Staff, amara: Person
) -> None:
    chat = cast.chat(session, AMARA, amara)
    chat.stopped_at = NOW

    assert not over(session, library, amara, robin, wren)
    assert session.scalars(select(Send).where(Send.chat_id == chat.id)).all() == []


def test_somebody_who_never_joined_can_be_handed_over(
    session: Session, library: Library, wren: Staff, robin: Staff, amara: Person
) -> None:
    assert not over(session, library, amara, robin, wren)
    assert amara.adviser_id == robin.id


def test_only_an_adviser_of_the_same_council_takes_somebody_on(
    session: Session, library: Library, wren: Staff, amara: Person
) -> None:
    lee, sam = cast.lee(session), cast.sam(session)
    far = cast.staff(session, "Far", Role.ADVISER, council=cast.OTHER_COUNCIL)
    gone = cast.staff(session, "Gone", council=COUNCIL)
    gone.left_at = NOW
    for wrong in (lee, sam, far, gone, wren):
        with pytest.raises(HandOverError, match="no_adviser_chosen"):
            over(session, library, amara, wrong, wren)

    assert amara.adviser_id == wren.id


def test_two_at_once_do_not_undo_each_other(
    session: Session, library: Library, wren: Staff, robin: Staff, amara: Person
) -> None:
    over(session, library, amara, robin, wren)
    jay = cast.staff(session, "Jay")

    with pytest.raises(HandOverError, match="adviser_changed"):
        over(session, library, amara, jay, wren)
