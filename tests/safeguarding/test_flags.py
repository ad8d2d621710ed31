"""Flags: one an episode, raised by words, never lowered or closed by them, hidden from whom they name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from people import cover
from people.hours import LONDON, Rota
from safeguarding.flags import due_at, raise_flag
from safeguarding.judgement import Layer, Screening, Sign
from safeguarding.levels import Category, Level
from storage.tables import Alert, AlsoFor, Chat, Flag, FlagMessage, Message, Staff
from storage.tables.people import Role
from tests import cast
from tests.cast import AMARA, BEN, COUNCIL, NOW

SATURDAY = NOW.replace(day=28)


def screening(
    level: Level, category: Category = Category.LOW_MOOD, *, third_party: bool = False
) -> Screening:
    """Return what screening might find."""
    return Screening(
        level=level,
        categories=(category,),
        third_party=third_party,
        about_staff=category is Category.ALLEGATION_ABOUT_STAFF,
        signs=(Sign(category, level, f"{category}.rule", Layer.RULES),),
        matched=("the words",),
    )


def flag(
    session: Session,
    chat: Chat,
    found: Screening,
    *,
    minutes: int = 0,
    message: Message | None = None,
) -> tuple[Flag, bool]:
    """Raise a flag some minutes after ten on a Tuesday morning."""
    now = NOW + timedelta(minutes=minutes)
    return raise_flag(
        session,
        chat,
        message or cast.message(session, chat, at=now),
        found,
        rota=Rota(),
        council=COUNCIL,
        rules_version="test",
        now=now,
    )


def amaras(session: Session, adviser: Staff | None = None) -> Chat:
    """Return Amara's chat."""
    return cast.chat(session, AMARA, cast.person(session, adviser))


def told(session: Session, about: Flag) -> list[str]:
    """Return who is told of a flag; nobody by name is duty."""
    session.flush()
    rows = session.scalars(
        select(Alert.staff_id).where(Alert.flag_id == about.id).order_by(Alert.id)
    )
    return [session.get_one(Staff, one).name if one else "duty" for one in rows]


def test_an_episode_is_one_flag(session: Session) -> None:
    chat = amaras(session)

    first, _ = flag(session, chat, screening(Level.SAME_DAY, Category.SELF_HARM))
    second, told_again = flag(session, chat, screening(Level.SAME_DAY, Category.EATING), minutes=5)

    assert second.id == first.id
    assert not told_again
    assert second.categories == ["self_harm", "eating"]
    assert second.last_sign_at == NOW + timedelta(minutes=5)
    assert len(session.scalars(select(FlagMessage)).all()) == 2


def test_a_message_belongs_to_a_flag_once(session: Session) -> None:
    chat = amaras(session)
    said = cast.message(session, chat)

    flag(session, chat, screening(Level.CONCERN), message=said)
    flag(session, chat, screening(Level.CONCERN), message=said)

    assert len(session.scalars(select(FlagMessage)).all()) == 1


def test_each_chat_has_its_own_flag(session: Session) -> None:
    first, _ = flag(session, amaras(session), screening(Level.SAME_DAY))
    second, _ = flag(session, cast.chat(session, BEN), screening(Level.SAME_DAY))

    assert first.id != second.id
    assert first.reference != second.reference


def test_worse_words_raise_the_level_and_tell_staff_again(session: Session) -> None:
    lee = cast.lee(session)
    chat = amaras(session)
    first, _ = flag(session, chat, screening(Level.CONCERN))
    first.opened_at, first.opened_by_id = NOW, lee.id

    raised, told_again = flag(
        session, chat, screening(Level.IMMEDIATE, Category.SUICIDE), minutes=1
    )

    assert raised.level == Level.IMMEDIATE
    assert told_again
    assert raised.opened_at is None
    assert raised.due_at == NOW + timedelta(minutes=16)
    assert told(session, raised) == ["Lee", "Lee"]


@pytest.mark.parametrize("later", [Level.SAME_DAY, Level.CONCERN])
def test_milder_words_never_lower_the_level(session: Session, later: Level) -> None:
    chat = amaras(session)
    first, _ = flag(session, chat, screening(Level.IMMEDIATE, Category.SUICIDE))
    due, opened = first.due_at, NOW + timedelta(minutes=2)
    first.opened_at = opened

    same, told_again = flag(session, chat, screening(later), minutes=5)

    assert (same.level, same.due_at, same.opened_at) == (Level.IMMEDIATE, due, opened)
    assert same.closed_at is None
    assert not told_again


def test_a_raised_flag_is_never_due_later_than_it_was(session: Session) -> None:
    chat = amaras(session)
    first, _ = flag(session, chat, screening(Level.SAME_DAY))
    due = first.due_at

    raised, _ = flag(session, chat, screening(Level.IMMEDIATE), minutes=119)

    assert raised.due_at == due


def test_once_it_was_about_themselves_it_stays_about_themselves(session: Session) -> None:
    chat = amaras(session)
    flag(session, chat, screening(Level.SAME_DAY))

    same, _ = flag(session, chat, screening(Level.SAME_DAY, third_party=True))

    assert not same.third_party


def test_a_worry_about_a_friend_becomes_one_about_themselves(session: Session) -> None:
    chat = amaras(session)
    flag(session, chat, screening(Level.SAME_DAY, third_party=True))

    same, _ = flag(session, chat, screening(Level.SAME_DAY))

    assert not same.third_party


def test_after_a_person_closed_it_new_words_are_a_new_episode(session: Session) -> None:
    chat = amaras(session)
    first, _ = flag(session, chat, screening(Level.SAME_DAY))
    first.closed_at = NOW

    second, told_again = flag(session, chat, screening(Level.CONCERN), minutes=1)

    assert second.id != first.id
    assert second.level == Level.CONCERN
    assert told_again


def test_the_database_refuses_a_second_open_flag(session: Session) -> None:
    chat = amaras(session)
    first, _ = flag(session, chat, screening(Level.SAME_DAY))
    values = {
        column.key: getattr(first, column.key)
        for column in Flag.__table__.columns
        if column.key not in {"id", "reference"}
    }

    session.add(Flag(**values, reference="F-222222"))

    with pytest.raises(IntegrityError):
        session.flush()


def test_what_is_about_staff_is_kept_apart(session: Session) -> None:
    wren = cast.wren(session)
    chat = amaras(session, wren)
    first, _ = flag(session, chat, screening(Level.SAME_DAY))

    apart, _ = flag(
        session, chat, screening(Level.SAME_DAY, Category.ALLEGATION_ABOUT_STAFF), minutes=1
    )
    again, _ = flag(session, chat, screening(Level.SAME_DAY), minutes=2)

    assert apart.id != first.id
    assert again.id == first.id
    assert "allegation_about_staff" not in again.categories
    assert (first.hidden_from_id, apart.hidden_from_id) == (None, wren.id)


def test_what_is_about_the_adviser_goes_to_the_manager_alone(session: Session) -> None:
    wren, lee = cast.wren(session), cast.lee(session)

    raised, _ = flag(
        session, amaras(session, wren), screening(Level.IMMEDIATE, Category.ALLEGATION_ABOUT_STAFF)
    )

    assert raised.owner_id == lee.id
    assert told(session, raised) == ["Lee"]


def test_what_is_about_the_only_manager_goes_to_duty(session: Session) -> None:
    wren = cast.staff(session, "Wren", Role.MANAGER)

    raised, _ = flag(
        session, amaras(session, wren), screening(Level.IMMEDIATE, Category.ALLEGATION_ABOUT_STAFF)
    )

    assert raised.owner_id is None
    assert told(session, raised) == ["duty"]


def test_danger_is_told_to_the_adviser_and_the_managers(session: Session) -> None:
    cast.sam(session)
    wren, _ = cast.wren(session), cast.lee(session)

    raised, _ = flag(session, amaras(session, wren), screening(Level.SAME_DAY))

    assert raised.owner_id == wren.id
    assert told(session, raised) == ["Wren", "Lee"]


def test_a_concern_is_told_to_the_adviser_only(session: Session) -> None:
    wren, _ = cast.wren(session), cast.lee(session)

    raised, _ = flag(session, amaras(session, wren), screening(Level.CONCERN))

    assert told(session, raised) == ["Wren"]


def test_a_strangers_danger_is_told_to_somebody_even_when_nobody_is_named(session: Session) -> None:
    raised, _ = flag(session, cast.chat(session), screening(Level.IMMEDIATE))

    assert told(session, raised) == ["duty"]


def test_an_alert_says_whether_it_is_urgent(session: Session) -> None:
    for number, level in enumerate((Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN)):
        flag(session, cast.chat(session, number), screening(level))
    session.flush()

    assert session.scalars(select(Alert.urgent).order_by(Alert.id)).all() == [True, True, False]


def test_the_words_that_matched_are_kept_with_the_flag(session: Session) -> None:
    raised, _ = flag(session, amaras(session), screening(Level.SAME_DAY))

    assert {"matched": "the words"} in raised.why
    assert raised.why[0]["rule"] == "low_mood.rule"


def test_immediate_means_fifteen_minutes_at_any_hour() -> None:
    assert due_at(Level.IMMEDIATE, Rota(), SATURDAY) == SATURDAY + timedelta(minutes=15)


def test_the_other_levels_are_in_working_time() -> None:
    monday = SATURDAY.astimezone(LONDON).replace(day=30, hour=11, minute=0)

    assert due_at(Level.SAME_DAY, Rota(), SATURDAY) == monday
    assert due_at(Level.CONCERN, Rota(), SATURDAY) == monday + timedelta(hours=6)


# --- As well as the adviser ----------------------------------------------------------------------


def also(session: Session, about: Flag) -> list[str]:
    """Return who has a flag as well, because of its topic."""
    rows = session.scalars(select(AlsoFor.staff_id).where(AlsoFor.flag_id == about.id))
    return [session.get_one(Staff, one).name for one in rows]


def test_a_specialist_has_a_flag_of_their_topic_as_well_and_is_told_once(session: Session) -> None:
    wren = cast.wren(session)
    cast.staff(session, "Holly", specialist_in="housing")
    chat = amaras(session, wren)

    raised, _ = flag(session, chat, screening(Level.SAME_DAY, Category.HOMELESS))
    flag(session, chat, screening(Level.SAME_DAY, Category.HOMELESS), minutes=5)

    assert raised.owner_id == wren.id
    assert also(session, raised) == ["Holly"]
    assert told(session, raised).count("Holly") == 1


def test_a_topic_that_comes_later_brings_its_specialist(session: Session) -> None:
    cast.staff(session, "Holly", specialist_in="housing")
    chat = amaras(session, cast.wren(session))

    raised, _ = flag(session, chat, screening(Level.SAME_DAY, Category.SELF_HARM))
    assert also(session, raised) == []
    flag(session, chat, screening(Level.SAME_DAY, Category.HOMELESS), minutes=5)

    assert also(session, raised) == ["Holly"]


def test_what_is_about_staff_comes_to_no_specialist(session: Session) -> None:
    cast.lee(session)
    cast.staff(session, "Holly", specialist_in="housing")
    chat = amaras(session, cast.wren(session))
    found = replace(screening(Level.SAME_DAY, Category.HOMELESS), about_staff=True)

    raised, _ = flag(session, chat, found)

    assert also(session, raised) == []
    assert told(session, raised) == ["Lee"]


def test_while_everybody_is_away_a_flag_still_has_an_owner_and_the_managers_are_told(
    session: Session,
) -> None:
    wren, lee = cast.wren(session), cast.lee(session)
    for one in (wren, lee):
        days = (NOW.date(), NOW.date())
        cover.set_away(session, one, None, days, by=one, now=NOW)

    raised, _ = flag(session, amaras(session, wren), screening(Level.SAME_DAY, Category.SELF_HARM))
    stranger, _ = flag(session, cast.chat(session), screening(Level.SAME_DAY, Category.SELF_HARM))

    assert (raised.owner_id, stranger.owner_id) == (wren.id, lee.id)
    assert told(session, raised) == told(session, stranger) == ["Lee"]
