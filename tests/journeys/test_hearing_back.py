"""Journeys 7 and 8 of statements: what becomes of them, what was changed, and a question to the council."""

import re
from datetime import UTC, datetime

from sqlalchemy import select

from storage import staff
from storage.tables import Flag, Look, Push, Statement
from tests.journeys.conftest import AMARA, BEN, World
from tests.journeys.test_statements import finish, settle, statements

WREN, LEE, PAT = "wren@example.org", "lee@example.org", "pat@example.org"


def by_day(world: World) -> None:
    """Set the council's clock so that it is after lessons and before night there, whenever this runs."""
    ahead = 17 - datetime.now(UTC).hour
    # Clocks are at most 14 hours ahead: from there it is the day before that has an afternoon.
    ahead -= 24 if ahead > 14 else 0
    # The signs of these names are the other way round: Etc/GMT-3 is three hours ahead.
    world.environment["KITH_TIMEZONE"] = f"Etc/GMT{-ahead:+d}"
    world.environment["COLUMNS"] = "250"


def tells(world: World, chat_id: int, words: str) -> Statement:
    """Let somebody tell their adviser of a problem, and the machine read it."""
    world.telegram.ask(chat_id, "MENU")
    world.telegram.press(chat_id, "Tell us something")
    world.telegram.press(chat_id, "Sort a problem")
    finish(world, chat_id, words)
    world.telegram.tap(chat_id, "Send it")
    settle(world, chat_id)
    world.kith("tick")
    return statements(world)[-1]


def with_participation(world: World) -> None:
    """Let Pat be the participation team, and Amara and Ben join."""
    with world.database.transaction() as session:
        staff.add(
            session,
            email=PAT,
            name="Pat Lane",
            role="participation",
            council="cheshire_east",
            now=datetime.now(UTC),
        )
    world.join(AMARA)
    world.join(BEN, name="Ben")


def hears(world: World, chat_id: int) -> list[str]:
    """Return what arrives next."""
    world.wait_until_sent()
    return [one.text for one in world.telegram.wait_for(chat_id)]


def reference_in(printed: str, letter: str) -> str:
    """Return the reference that a command printed."""
    return str(re.findall(rf"\b{letter}-[A-Z0-9]{{6}}\b", printed)[0])


def test_staff_read_it_and_each_step_arrives_until_it_is_sorted(talking: World) -> None:
    by_day(talking)
    talking.join(AMARA)
    told = tells(talking, AMARA, "the mould in my flat is back and the landlord ignores me")

    listed = talking.kith("statements")
    assert told.reference in listed
    assert "Amara" not in listed
    assert "mould" not in listed
    refused = talking.kith(
        "statements", "show", told.reference, "--as", LEE.replace("lee", "no"), ok=False
    )
    assert "No member of staff" in refused

    shown = talking.kith("statements", "show", told.reference, "--as", WREN)
    assert "mould" in shown
    assert "repairs (machine" in shown
    read, asked = hears(talking, AMARA)
    assert "Wren Hart has read what you told us" in read
    assert "when something changes" in asked
    with talking.session() as session:
        [look] = session.scalars(select(Look))
        assert look.reference == told.reference

    talking.kith(
        "statements",
        "in-hand",
        told.reference,
        "--as",
        WREN,
        "--why",
        "A surveyor comes on Friday.",
    )
    [working] = hears(talking, AMARA)
    assert "A surveyor comes on Friday." in working
    assert "Friday" not in working[:80]

    talking.kith("statements", "done", told.reference, "--as", WREN)
    [done] = hears(talking, AMARA)
    assert "Was this sorted?" in done
    again = talking.telegram.press(AMARA, "Not yet")
    assert "goes back to Wren Hart" in again.text
    added = talking.telegram.ask(AMARA, "the bathroom wall is still damp")
    assert "Wren Hart gets that too" in added.text
    [reopened] = statements(talking)
    assert (reopened.state, reopened.sorted, reopened.closed_at) == ("in_hand", False, None)
    assert reopened.owner_id is not None
    assert reopened.due_at is not None
    twice = talking.kith("statements", "in-hand", told.reference, "--as", WREN, ok=False)
    assert "already" in twice

    talking.kith("statements", "done", told.reference, "--as", WREN)
    hears(talking, AMARA)
    assert "Good to hear" in talking.telegram.press(AMARA, "Yes, it is sorted").text
    held = talking.telegram.ask(AMARA, "MY DATA")
    assert held is not None


def test_an_action_reaches_who_raised_it_and_nobody_else(talking: World) -> None:
    by_day(talking)
    with_participation(talking)
    told = tells(talking, AMARA, "the mould in my flat is back and the landlord ignores me")
    talking.kith("statements", "seen", told.reference, "--as", WREN)
    hears(talking, AMARA)
    talking.telegram.press(AMARA, "Yes, tell me")

    made = talking.kith(
        "actions", "add", "--theme", "repairs", "--title", "One number for repairs",
        "--did", "You can ring one number for any repair.", "--as", PAT,
    )  # fmt: skip
    reference = reference_in(made, "A")
    assert "Nothing to show here yet" in talking.telegram.ask(BEN, "what have you changed").text
    published = talking.kith("actions", "publish", reference, "--as", PAT)
    assert "fewer than 5 are told" in published
    talking.kith("tick")

    [news] = hears(talking, AMARA)
    assert "You can ring one number for any repair." in news
    talking.pause(1)
    assert talking.telegram.wait_for(BEN, 0) == []
    assert "One number for repairs" in talking.telegram.ask(BEN, "/wedid").text
    twice = talking.kith("actions", "publish", reference, "--as", PAT, ok=False)
    assert "Nobody is told twice" in twice


def test_a_question_is_asked_moderated_answered_and_there_for_everybody(talking: World) -> None:
    by_day(talking)
    with_participation(talking)

    talking.telegram.ask(BEN, "ask the council")
    talking.telegram.ask(BEN, "why is there no bus after six in crewe")
    sent = talking.telegram.press(BEN, "Send my question")
    question = reference_in(sent.text, "Q")
    waiting = talking.kith("questions", "list", "--as", PAT)
    assert "no bus after six" in waiting
    assert "Ben" not in waiting
    assert "Only the participation team" in talking.kith(
        "questions", "list", "--as", WREN, ok=False
    )
    talking.kith("questions", "approve", question, "--as", PAT)
    hears(talking, BEN)
    talking.kith(
        "questions", "answer", question, "--by", "Councillor Vale",
        "--text", "We have asked the bus company.", "--as", PAT,
    )  # fmt: skip
    [answer] = hears(talking, BEN)
    assert "We have asked the bus company." in answer
    shared = talking.telegram.ask(AMARA, "/asked")
    assert "no bus after six" in shared.text


def test_a_survey_is_not_sent_while_a_flag_is_open(talking: World) -> None:
    by_day(talking)
    with_participation(talking)

    talking.telegram.ask(AMARA, "im gonna kill myself tonight")
    talking.wait_until_handled()
    with talking.session() as session:
        assert session.scalars(select(Flag)).all()
    printed = talking.kith("survey", "send", "wellbeing", "--as", PAT)
    assert "flag open" in printed
    talking.kith("tick")
    [invited] = hears(talking, BEN)
    assert "two minutes" in invited
    started = talking.telegram.press(BEN, "OK, ask me")
    assert "Nobody" in started.text or "reads it" in started.text
    with talking.session() as session:
        reasons = set(session.scalars(select(Push.reason).where(Push.survey_id.is_not(None))))
    assert reasons == {None, "flag_open"}
