"""Journeys 1 and 2: first contact, invited and not."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from storage.tables import Chat, Invitation, Message, Notice
from tests.journeys.conftest import AMARA, BEN, STRANGER, World


def test_an_invited_person_is_linked_told_how_it_works_and_asked_nothing(
    talking: World,
) -> None:
    code = talking.invite()

    notice = talking.telegram.ask(AMARA, f"/start {code}")

    assert notice.text.startswith("Hi Amara.")
    assert "Cheshire East" in notice.text
    assert len(notice.text.split()) < 120
    for fact in (
        "program",
        "danger",
        "Staff can read",
        "999",
        "end-to-end",
        "STOP",
        "MY DATA",
        "DELETE",
    ):
        assert fact in notice.text
    assert notice.labels == ["OK, got it"]
    talking.telegram.press(AMARA, "OK, got it")
    with talking.session() as session:
        kept = session.scalars(select(Notice)).one()
        assert kept.agreed_at is not None
        assert len(kept.version) == 16
        assert code not in str(session.scalars(select(Invitation.code_index)).one())


def test_a_code_works_once_for_72_hours_and_every_refusal_sounds_the_same(
    talking: World,
) -> None:
    used, old = talking.invite(), talking.invite(name="Old")
    talking.telegram.ask(AMARA, f"/start {used}")
    with talking.database.transaction() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.used_at.is_(None))
            .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )

    refusals = []
    for number, code in enumerate(
        (used, old, "A" * 22, "../../etc/passwd", "x'or'1'='1", "B" * 65)
    ):
        talking.telegram.say(BEN + number, f"/start {code}")
        refusals.append(talking.telegram.wait_for(BEN + number, 3)[0].text)

    assert len(set(refusals)) == 1
    assert "did not work" in refusals[0]


def test_guessing_is_stopped_even_for_a_right_code(talking: World) -> None:
    right = talking.invite()
    for number in range(5):
        talking.telegram.say(BEN, f"/start {'G' * 21}{number}")
    talking.telegram.wait_for(BEN, 5)

    talking.telegram.say(BEN, f"/start {right}")
    talking.wait_until_handled()

    with talking.session() as session:
        assert session.scalars(select(Chat)).one().person_id is None


def test_a_stranger_is_asked_two_things_and_forgotten_after_24_hours(
    talking: World,
) -> None:
    talking.telegram.say(STRANGER, "/start")
    notice, age = talking.telegram.wait_for(STRANGER, 2)
    assert "How old are you" in age.text
    assert "Skip" in age.labels

    council = talking.telegram.ask(STRANGER, "im 17")
    assert "Which council" in council.text
    talking.telegram.press(STRANGER, "Cambridgeshire")
    answer = talking.telegram.ask(STRANGER, "can i stay at my foster mums after 18")
    assert "Staying Put" in answer.text
    assert "Cambridgeshire" in answer.text

    talking.kith("tick", "--at", (datetime.now(UTC) + timedelta(hours=23)).isoformat())
    with talking.session() as session:
        assert session.scalars(select(Message)).first() is not None
    talking.kith("tick", "--at", (datetime.now(UTC) + timedelta(hours=25)).isoformat())
    with talking.session() as session:
        assert session.scalars(select(Message)).first() is None
        assert session.scalars(select(Chat)).first() is None
    assert notice.text


def test_a_strangers_distress_is_flagged_to_the_duty_team_all_the_same(
    talking: World,
) -> None:
    talking.telegram.say(STRANGER, "/start")
    talking.telegram.wait_for(STRANGER, 2)

    card = talking.telegram.ask(STRANGER, "i want to kill myself tonight")

    assert "999" in card.text
    [flag] = talking.flags()
    assert (flag.level, flag.categories) == ("immediate", ["suicide"])
    talking.kith("tick", "--at", (datetime.now(UTC) + timedelta(hours=25)).isoformat())
    with talking.session() as session:
        kept = [one.text for one in session.scalars(select(Message))]
    assert kept == ["i want to kill myself tonight"]
