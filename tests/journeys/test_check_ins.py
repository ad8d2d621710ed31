"""Keeping in touch, end to end: a rhythm agreed, a check-in answered, held in a crisis, silence noticed."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from people.records import age_on
from storage.tables import Due
from tests.journeys.conftest import AMARA, BEN, World
from tests.journeys.letters import letters_about

WREN, LEE = "wren@example.org", "lee@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: What must never be read over a shoulder.
TELLING = re.compile(r"care leaver|leaving care|in care|social worker", re.IGNORECASE)


def due(world: World, kind: str = "check_in") -> list[Due]:
    """Return what is due or was, oldest first, without what was taken back."""
    with world.session() as session:
        rows = session.scalars(select(Due).where(Due.kind == kind).order_by(Due.due_at, Due.id))
        return [one for one in rows if one.state != "superseded"]


def next_due(world: World, kind: str = "check_in") -> datetime:
    """Return when the next one is due."""
    return next(one.due_at for one in due(world, kind) if one.state == "waiting")


def tick(world: World, at: datetime) -> None:
    """Let the scheduler run once, as if at a time."""
    world.kith("tick", "--at", at.isoformat())


def agree_weekly(world: World, chat: int = AMARA, **about: str) -> str:
    """Let somebody join and agree on a check-in a week; return their id."""
    world.environment["COLUMNS"] = "300"
    world.join(chat, born=about.get("born", "2008-05-01"), name=about.get("name", "Amara"))
    agreed = world.telegram.ask(chat, "can you check in with me every week please")
    assert "every week" in agreed.text
    return str(world.person(about.get("name", "Amara")).id)


def test_a_rhythm_is_agreed_a_check_in_is_answered_and_the_adviser_sees_it(
    talking: World,
) -> None:
    person = agree_weekly(talking)
    moved = talking.telegram.ask(AMARA, "move my check in to a friday")
    first = next_due(talking)
    assert first.weekday() == 4
    assert f"{first.day} {first:%B}" in moved.text or "tomorrow" in moved.text

    tick(talking, first - timedelta(minutes=1))
    assert [one.state for one in due(talking)] == ["waiting"]
    tick(talking, first)
    tick(talking, first + HOUR)
    [pushed] = talking.telegram.wait_for(AMARA)
    answered = talking.telegram.press(AMARA, "🙂 Good")
    kept = talking.telegram.ask(AMARA, "i started a new course and i like my tutor")

    assert pushed.text.startswith("Hi Amara. How are things right now?")
    assert "I show your answer to Wren Hart" in pushed.text
    assert not TELLING.search(pushed.text)
    assert "say a bit more" in answered.text
    assert "I kept that for Wren Hart" in kept.text
    listed = talking.kith("check-ins", "list", person, "--by", WREN)
    assert "face 4 of 5" in listed
    assert "i started a new course" in listed
    assert "(bot)" in talking.kith("contact", "list", "--by", WREN)
    plan = talking.kith("plan", "show", person, "--by", WREN)
    assert "weekly, on fri" in plan
    assert "set by person" in plan
    # Lee manages the council and may look; somebody else's adviser may not.
    talking.kith("plan", "show", person, "--by", LEE)
    talking.kith("staff", "add", "sam@example.org", "--role", "adviser")
    assert "no person with that id" in talking.kith(
        "plan", "show", person, "--by", "sam@example.org", ok=False
    )
    mine = talking.telegram.sent(AMARA)
    talking.telegram.say(AMARA, "MY DATA")
    talking.telegram.wait_for(AMARA, 2)
    document = talking.telegram.sent(AMARA)[len(mine) :]
    assert any("i started a new course" in str(vars(one)) for one in document)


def test_a_low_answer_is_met_gently_and_told_to_the_adviser_without_a_word(
    talking: World,
) -> None:
    agree_weekly(talking)
    tick(talking, next_due(talking))
    talking.telegram.wait_for(AMARA)

    low = talking.telegram.press(AMARA, "😢 Awful")

    assert {"Talk to a person", "Help now"} <= set(low.labels)
    waiting = talking.kith("tasks", "--by", WREN)
    reference = re.search(r"T-\w{6}", waiting)
    assert reference is not None
    tick(talking, datetime.now(UTC))
    [letter] = letters_about(talking, reference[0])
    assert letter.to == WREN
    assert "Amara" not in letter.subject + letter.text
    talking.kith("tasks", "close", reference[0], "--by", WREN, "--outcome", "rang her")
    assert reference[0] not in talking.kith("tasks", "--by", WREN)


def test_in_a_crisis_nothing_cheerful_is_sent_and_it_says_why(talking: World) -> None:
    person = agree_weekly(talking)
    talking.telegram.ask(AMARA, "i want to kill myself")
    before = len(talking.telegram.sent(AMARA))
    tick(talking, next_due(talking))

    shown = talking.kith("plan", "show", person, "--by", WREN)
    assert "Held now: flag_open" in shown
    assert "skipped: flag_open, then next_in_rhythm" in shown

    [flag] = talking.flags()
    talking.kith("flags", "open", flag.reference, "--by", WREN)
    talking.kith("flags", "close", flag.reference, "--by", LEE, "--outcome", "safe")
    talking.kith("plan", "hold", person, "--kind", "hospital", "--by", WREN)
    tick(talking, next_due(talking))
    assert due(talking)[1].reason == "in_hospital"
    assert len(talking.telegram.sent(AMARA)) == before

    talking.kith("plan", "release", person, "--by", WREN)
    tick(talking, next_due(talking))
    talking.telegram.wait_for(AMARA)
    assert [one.state for one in due(talking)][:3] == ["skipped", "skipped", "sent"]


def test_silence_is_nudged_once_and_ends_with_the_adviser(talking: World) -> None:
    person = agree_weekly(talking)
    talking.kith("plan", "set", person, "--every", "monthly", "--by", WREN)
    first = next_due(talking)
    tick(talking, first)
    talking.telegram.wait_for(AMARA)
    talking.wait_until_sent()

    for days in (2, 6, 10):
        now = first + days * DAY + 2 * HOUR
        tick(talking, now)
        talking.wait_until_sent()
        # A look that finds something due later plans it for then.
        for one in due(talking, "nudge"):
            if one.state == "waiting":
                tick(talking, one.due_at)
                talking.wait_until_sent()

    nudge, other_time = talking.telegram.wait_for(AMARA, 2)
    waiting = talking.kith("tasks", "--by", WREN)
    assert "Just in case you missed" in nudge.text
    assert "Evening, 6.30pm" in other_time.labels
    assert "silent  Amara" in waiting
    for tried in ("check_in: arrived", "nudge: arrived", "other_time: arrived"):
        assert tried in waiting

    changed = talking.telegram.press(AMARA, "Evening, 6.30pm")
    assert "at 6.30pm" in changed.text
    assert talking.kith("tasks", "--by", WREN).strip() == ""


def birthday_near(months: int) -> str:
    """Return the date of birth of somebody who turns 19 so many months from now."""
    today = datetime.now(UTC).date()
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year - 19, month + 1, 10).isoformat()


def test_the_ledger_keeps_kinds_apart_and_the_measure_is_in_the_dfes_terms(
    talking: World,
) -> None:
    born = birthday_near(2)
    person = agree_weekly(talking, name="=Ben", chat=BEN, born=born)
    talking.kith("contact", "log", person, "--kind", "visit", "--by", WREN)
    assert "kind is one of" in talking.kith(
        "contact", "log", person, "--kind", "bot", "--by", WREN, ok=False
    )

    rows = list(csv.reader(io.StringIO(talking.kith("intouch", "--format", "csv"))))
    assert rows[0][:3] == ["Person", "Name", "Birthday"]
    [row] = rows[1:]
    assert row[1] == "'=Ben"  # a name that a spreadsheet would run is shown, not run
    assert row[5:7] == ["In touch", "visit"]
    assert row[8] == "not confirmed"

    talking.kith(
        "intouch", "set", person, "--birthday", "19", "--status", "returned_home", "--by", WREN
    )
    [row] = list(csv.reader(io.StringIO(talking.kith("intouch", "--format", "csv"))))[1:]
    assert (row[5], row[8]) == ("RHOM: returned home", "Wren Hart")
    assert age_on(date.fromisoformat(born), datetime.now(UTC).date()) == 18


def test_a_line_of_the_calendar_arrives_once_and_points_at_its_article(talking: World) -> None:
    # 17 and a half about three weeks from now: the calendar is planned six weeks ahead.
    half = datetime.now(UTC).date() + timedelta(days=21)
    half = half.replace(day=min(half.day, 28))
    year, month = divmod(half.year * 12 + half.month - 1 - 17 * 12 - 6, 12)
    talking.join(AMARA, born=date(year, month + 1, half.day).isoformat())
    talking.telegram.ask(AMARA, "no more check ins")

    when = next_due(talking, "rights_date")
    tick(talking, when)
    tick(talking, when + DAY)

    [pushed] = talking.telegram.wait_for(AMARA)
    assert "money check" in pushed.text
    assert not TELLING.search(pushed.text[:100])
    assert [one.state for one in due(talking, "rights_date")] == ["sent"]
    article = talking.telegram.press(AMARA, pushed.labels[0])
    assert "savings" in article.text.casefold() or "account" in article.text.casefold()


def test_what_was_written_counts_only_with_a_yes_and_no_longer_after_a_no(talking: World) -> None:
    agree_weekly(talking)
    tick(talking, next_due(talking))
    talking.telegram.wait_for(AMARA)
    talking.telegram.press(AMARA, "🙂 Good")
    kept = talking.telegram.ask(AMARA, "i started a new course and i like my tutor")
    tick(talking, datetime.now(UTC))
    before = talking.kith("themes", "notes", "--as", WREN)

    counted = talking.telegram.press(AMARA, "Yes, count it")
    tick(talking, datetime.now(UTC))
    noted = talking.kith("themes", "notes", "--as", WREN)
    reference = re.search(r"N-\w{6}", noted)
    assert reference is not None
    talking.kith("themes", "note", reference[0], "--as", WREN, "--add", "money_worries")
    corrected = talking.kith("themes", "notes", "--as", WREN)

    assert "Can I count this, without your name" in kept.text
    assert "my tutor" not in before
    assert "It counts, without your name" in counted.text
    assert "college_university (machine" in noted
    assert "money_worries (staff)" in corrected
    talking.telegram.ask(AMARA, "/mine")
    notes = talking.telegram.press(AMARA, "What I wrote in check-ins")
    [listed] = [one for one in notes.labels if one.endswith(": counts")]
    talking.telegram.press(AMARA, listed)
    stopped = talking.telegram.press(AMARA, "Stop counting it")
    assert "It does not count" in stopped.text
    assert "my tutor" not in talking.kith("themes", "notes", "--as", WREN)
