"""Who is drawn for a second reader, how many, and that it can be redone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from people.hours import LONDON
from safeguarding import second_reading
from safeguarding.second_reading import pick
from storage import erasure
from storage.tables import Chat, Draw, Flag, FlagMessage, Message, Notice, Person, SecondRead
from tests import cast
from tests.cast import COUNCIL, NOW, OTHER_COUNCIL

#: NOW is a Tuesday; the week before it began on Monday 16 November.
WEEK_ON = date(2026, 11, 16)
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)
NOTICE = "these words"


def agreed(
    session: Session,
    number: int,
    *,
    notice: str = NOTICE,
    at: datetime | None = WEDNESDAY - timedelta(days=30),
) -> Chat:
    """Let somebody join, and agree to the notice."""
    chat = cast.chat(session, number, cast.person(session, name=f"Young {number}"))
    session.add(
        Notice(
            chat_id=chat.id,
            person_id=chat.person_id,
            version=notice,
            shown_at=WEDNESDAY - timedelta(days=30),
            agreed_at=at,
        )
    )
    session.flush()
    return chat


def draw(session: Session, *councils: str, seed: int = 7, now: datetime = NOW) -> bool:
    return second_reading.draw_next(
        session, councils or (COUNCIL,), notice=NOTICE, seed=seed, zone=LONDON, now=now
    )


def drawn(session: Session) -> list[tuple[int, date]]:
    query = select(SecondRead.chat_id, SecondRead.day).order_by(SecondRead.id)
    return list(session.execute(query).tuples())


def flagged(session: Session, chat: Chat, said: Message) -> None:
    flag = Flag(
        reference=f"F-{chat.id}",
        chat_id=chat.id,
        level="concern",
        categories=["low_mood"],
        third_party=False,
        about_staff=False,
        why=[],
        rules_version="test",
        raised_at=said.at,
        last_sign_at=said.at,
        due_at=said.at,
    )
    session.add(flag)
    session.flush()
    session.add(FlagMessage(flag_id=flag.id, message_id=said.id))
    session.flush()


def test_a_conversation_is_one_day_of_one_chat(session: Session) -> None:
    chat = agreed(session, 1)
    for hours in (0, 1, 24):
        cast.message(session, chat, at=WEDNESDAY + timedelta(hours=hours))

    assert draw(session)

    assert drawn(session) == [(chat.id, date(2026, 11, 18)), (chat.id, date(2026, 11, 19))]


def test_days_are_local_and_the_week_is_the_last_whole_one(session: Session) -> None:
    chat = agreed(session, 1)
    for at in (
        datetime(2026, 11, 15, 23, 59, tzinfo=UTC),
        datetime(2026, 11, 16, 0, 0, tzinfo=UTC),
        datetime(2026, 11, 22, 23, 59, tzinfo=UTC),
        datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
    ):
        cast.message(session, chat, at=at)

    draw(session)

    assert [day for _, day in drawn(session)] == [WEEK_ON, date(2026, 11, 22)]


def _stranger(session: Session) -> Chat:
    return cast.chat(session, 9)


def _never_agreed(session: Session) -> Chat:
    return agreed(session, 9, at=None)


def _other_words(session: Session) -> Chat:
    return agreed(session, 9, notice="older words")


def _agreed_later(session: Session) -> Chat:
    return agreed(session, 9, at=WEDNESDAY + timedelta(minutes=1))


def _elsewhere(session: Session) -> Chat:
    chat = agreed(session, 9)
    session.get_one(Person, chat.person_id).council = OTHER_COUNCIL
    session.flush()
    return chat


@pytest.mark.parametrize("who", [_stranger, _never_agreed, _other_words, _agreed_later, _elsewhere])
def test_nobody_is_drawn_who_did_not_agree_before_they_wrote(session: Session, who: object) -> None:
    assert callable(who)
    cast.message(session, who(session), at=WEDNESDAY)

    assert draw(session)

    assert drawn(session) == []
    assert session.scalars(select(Draw.among)).one() == 0


def test_a_day_on_which_something_was_flagged_is_not_drawn(session: Session) -> None:
    chat = agreed(session, 1)
    flagged(session, chat, cast.message(session, chat, at=WEDNESDAY))
    cast.message(session, chat, at=WEDNESDAY + timedelta(hours=2))
    cast.message(session, chat, at=WEDNESDAY + timedelta(days=1))

    draw(session)

    assert drawn(session) == [(chat.id, date(2026, 11, 19))]


@pytest.mark.parametrize(("among", "many"), [(0, 0), (4, 4), (10, 10), (400, 10), (1_001, 21)])
def test_two_in_a_hundred_are_drawn_and_ten_at_least(among: int, many: int) -> None:
    there = [(number, WEEK_ON) for number in range(among)]

    found = pick(there, seed=3)

    assert len(set(found)) == many
    assert set(found) <= set(there)


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    there = [(number, WEEK_ON) for number in range(1_000)]

    assert pick(there, seed=3) == pick(there, seed=3)
    assert pick(there, seed=3) != pick(there, seed=4)


def test_everybody_has_the_same_chance() -> None:
    there = [(number, WEEK_ON) for number in range(50)]
    times = dict.fromkeys(range(50), 0)
    for seed in range(2_000):
        for number, _ in pick(there, seed):
            times[number] += 1

    # 400 each on average; six standard deviations are about 107.
    assert all(293 < count < 507 for count in times.values())


@pytest.fixture
def twenty(session: Session) -> list[Chat]:
    chats = [agreed(session, number) for number in range(20)]
    for chat in chats:
        cast.message(session, chat, at=WEDNESDAY)
    return chats


@pytest.mark.usefixtures("twenty")
def test_each_week_of_each_council_is_drawn_once_and_can_be_redone(session: Session) -> None:
    assert draw(session, COUNCIL, OTHER_COUNCIL)
    assert draw(session, COUNCIL, OTHER_COUNCIL)
    assert not draw(session, COUNCIL, OTHER_COUNCIL)

    kept = session.scalars(select(Draw).where(Draw.council == COUNCIL)).one()
    there = sorted((chat_id, date(2026, 11, 18)) for chat_id in session.scalars(select(Chat.id)))
    assert (kept.among, kept.week_on) == (20, WEEK_ON)
    assert pick(there, kept.seed) == drawn(session)
    assert draw(session, COUNCIL, now=NOW + timedelta(days=7))


def test_what_was_drawn_goes_with_the_person(session: Session, twenty: list[Chat]) -> None:
    draw(session)
    chat = session.get_one(Chat, drawn(session)[0][0])
    assert chat in twenty
    person = session.get_one(Person, chat.person_id)

    erasure.erase(session, person, chat)
    session.expire_all()

    assert len(drawn(session)) == 9
