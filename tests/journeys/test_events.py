"""Events and news, end to end: asked for, written, approved, sent, answered, remembered, called off."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from people.hours import LONDON
from storage import events, staff
from storage.tables import Due, Person, Send
from tests import cast
from tests.journeys.conftest import AMARA, BEN, World

WREN, LEE = ("--by", "wren@example.org"), ("--by", "lee@example.org")
#: Grown up, so that no lessons are in the way. Fay asks for something else; Dee says that she is in danger.
NAMES = {AMARA: "Amara", BEN: "Ben", 7011: "Cal", 7012: "Dee", 7013: "Eli", 7014: "Fay"}
DEE, FAY, WRENS_OWN_CHAT = 7012, 7014, 7900
#: Who says anything in this journey; the others joined and asked before.
WHO_TALK = (AMARA, BEN, DEE)
BORN = date(2004, 5, 1)
#: What must never be read over a shoulder.
TELLING = re.compile(r"care leaver|leaving care|in care|social worker|council", re.IGNORECASE)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(talking: World) -> World:
    """Five have asked for news of job fairs, and one for other news. Above three needs a second person."""
    talking.environment |= {"KITH_EVENTS_APPROVE_ABOVE": "3", "COLUMNS": "200"}
    for chat in WHO_TALK:
        talking.join(chat, name=NAMES[chat], born=BORN.isoformat())
        talking.telegram.ask(chat, "NEWS")
        talking.telegram.press(chat, "Job fairs")
    now = datetime.now(UTC)
    with talking.database.transaction() as session:
        wren = staff.by_email(session, "wren@example.org")
        for chat in set(NAMES) - set(WHO_TALK):
            person = cast.person(session, wren, name=NAMES[chat], born_on=BORN)
            cast.chat(session, chat, person, now=now)
            events.ask_for(session, person.id, ("forums" if chat == FAY else "job_fairs",), now)
    return talking


def in_days(days: int) -> datetime:
    """Return two in the afternoon so many days from now, by the clock on the wall."""
    day = datetime.now(LONDON) + timedelta(days=days)
    return day.replace(hour=14, minute=0, second=0, microsecond=0)


def write(world: World, title: str, when: datetime) -> str:
    """Let Wren write an announcement; return its reference."""
    written = ("--interest", "job_fairs", "--title", title, "--words", "Come and meet people.")
    said = world.kith(
        "events", "draft", *written, "--when", f"{when:%Y-%m-%dT%H:%M:%S}", "--ages", "18-25", *WREN
    )
    return said.split("Kept as ")[1][:8]


def send(world: World, reference: str) -> None:
    """Let Lee approve it, and Wren send it."""
    world.kith("events", "approve", reference, *LEE)
    assert "Goes to 5 people" in world.kith("events", "send", reference, *WREN)


def rows(world: World, what: str) -> dict[str, Due]:
    """Return what is due to each person by name, of an announcement or its reminder."""
    with world.session() as session:
        found = session.execute(
            select(Person, Due).join(Due, Due.person_id == Person.id).where(Due.what == what)
        )
        return {person.name: one for person, one in found}


def tick(world: World, at: datetime) -> None:
    """Let the scheduler run as if at a time, and the bot deliver."""
    world.kith("tick", "--at", at.astimezone(UTC).isoformat())
    world.wait_until_sent()


def new(world: World, before: dict[int, int]) -> dict[int, list[str]]:
    """Return what each chat got since a count was taken; they have read it."""
    found = {
        chat: [one.text for one in world.telegram.sent(chat)][before[chat] :] for chat in NAMES
    }
    got = {chat: texts for chat, texts in found.items() if texts}
    for chat, texts in got.items():
        world.telegram.wait_for(chat, len(texts))
    return got


def count(world: World) -> dict[int, int]:
    """Count what each chat has got."""
    return {chat: len(world.telegram.sent(chat)) for chat in NAMES}


def test_an_event_is_asked_for_approved_sent_answered_and_remembered(asked: World) -> None:
    happens = in_days(9)
    reference = write(asked, "Job fair on Thursday", happens)

    # Nobody sends it alone, and whoever wrote it sees it first, on their own phone.
    assert "For 5 people" in asked.kith("events", "audience", reference, *WREN)
    assert "second person must approve" in asked.kith("events", "send", reference, *WREN, ok=False)
    assert "Somebody else" in asked.kith("events", "approve", reference, *WREN, ok=False)
    code = asked.kith("events", "link", *WREN).split("/start ")[1].split()[0]
    asked.telegram.ask(WRENS_OWN_CHAT, f"/start {code}")
    asked.kith("events", "test", reference, *WREN)
    asked.wait_until_sent()
    preview = asked.telegram.sent(WRENS_OWN_CHAT)[-1].text
    assert preview in asked.kith("events", "preview", reference, *WREN)

    # Somebody says that she is in danger before it goes.
    asked.telegram.ask(DEE, "i want to kill myself")
    before = count(asked)
    send(asked, reference)
    tick(asked, max(one.due_at for one in rows(asked, f"announce:{reference}").values()))

    invited = rows(asked, f"announce:{reference}")
    assert {name: one.state for name, one in invited.items()} == {
        "Amara": "sent",
        "Ben": "sent",
        "Cal": "sent",
        "Dee": "skipped",
        "Eli": "sent",
    }
    assert (invited["Dee"].reason, invited["Dee"].afterwards) == ("flag_open", "not_sent_later")
    got = new(asked, before)
    assert set(got) == set(NAMES) - {DEE, FAY}
    assert {tuple(texts) for texts in got.values()} == {(preview,)}
    assert not TELLING.search(preview[:120])

    # One comes, one does not, and the rest say nothing.
    assert "counted in" in asked.telegram.press(AMARA, "I'm coming").text
    assert "not counted in" in asked.telegram.press(BEN, "I can't come").text
    before = count(asked)
    [reminder] = rows(asked, f"remind:{reference}").values()
    assert reminder.due_at.astimezone(LONDON).date() == (happens - timedelta(days=1)).date()
    tick(asked, reminder.due_at + A_MINUTE)
    tick(asked, reminder.due_at + 2 * A_MINUTE)

    reminded = new(asked, before)
    assert set(reminded) == {AMARA}
    [words] = reminded[AMARA]
    assert "Job fair on Thursday" in words
    assert not TELLING.search(words[:120])

    # Counts, and nobody's name or number of few.
    results = asked.kith("events", "results", reference, *WREN)
    told = dict(re.findall(r"│ (.+?) +│ (.+?) +│", results))
    assert told == {
        "for": "5",
        "sent": "fewer than 5",
        "not sent: left alone for now": "fewer than 5",
        "coming": "fewer than 5",
        "not coming": "fewer than 5",
    }
    assert not re.search("|".join(NAMES.values()), results)


def test_what_is_called_off_reaches_nobody_and_says_why(asked: World) -> None:
    reference = write(asked, "Open day", in_days(9))
    send(asked, reference)
    before = count(asked)

    said = asked.kith("events", "cancel", reference, *LEE)
    tick(asked, datetime.now(UTC) + timedelta(days=2))

    assert "Not sent to 5." in said
    assert new(asked, before) == {}
    assert {one.reason for one in rows(asked, f"announce:{reference}").values()} == {"cancelled"}
    assert "not sent: cancelled" in asked.kith("events", "results", reference, *WREN)
    again = asked.kith("events", "send", reference, *WREN, ok=False)
    assert "called off already" in again
    with asked.session() as session:
        assert session.scalars(select(Send.state).where(Send.lane == "4_bulk")).all() == []
