"""What staff do on the pages behind a young person's: timeline, plan, invitation, hand-over, note, data."""

import html
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from checkins import noting, planning
from content.library import Library
from dashboard.words import everything
from people import data_requests, records
from people.hours import LONDON
from storage import contacts
from storage.tables import (
    Chat,
    CheckInAnswer,
    Flag,
    FlagMessage,
    Invitation,
    Person,
    Plan,
    Request,
    Send,
    Staff,
    Trace,
)
from storage.tables.keeping_in_touch import ContactKind
from tests import cast
from tests.conftest import ROOT
from tests.dashboard.staffed import Office, member, send
from tests.feedback.test_hearing import statement

PLAN = {
    "every": "monthly",
    "weekday": "2",
    "at": "16:30",
    "quiet_from": "20:00",
    "quiet_to": "10:00",
    "lessons_from": "",
    "lessons_to": "",
}


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        return {
            "wren": member(session, "Wren"),
            "robin": member(session, "Robin"),
            "lee": member(session, "Lee", "manager"),
        }


@pytest.fixture
def amara(office: Office, team: dict[str, Staff], library: Library) -> Person:
    with office.database.transaction() as session:
        made = cast.person(session, team["wren"])
        cast.chat(session, cast.AMARA, made)
        planning.ensure(session, made, library, LONDON, office.now)
        return made


def page(office: Office, who: Staff, path: str) -> str:
    browser = office.browsers.get(who.name) or office.sign_in(who)
    return html.unescape(browser.get(path).text)


def raise_flag(office: Office, reference: str, words: str, **about: object) -> None:
    """Raise a flag in Amara's chat, about words of hers."""
    with office.database.transaction() as session:
        chat = session.scalars(select(Chat)).one()
        said = cast.message(session, chat, words, at=office.now - timedelta(hours=2))
        made = Flag(
            **{
                "reference": reference,
                "chat_id": chat.id,
                "level": "same_day",
                "categories": ["homeless"],
                "third_party": False,
                "about_staff": False,
                "why": [],
                "rules_version": "test",
                "raised_at": said.at,
                "last_sign_at": said.at,
                "due_at": office.now,
                **about,
            }
        )
        session.add(made)
        session.flush()
        session.add(FlagMessage(flag_id=made.id, message_id=said.id))


# --- Timeline --------------------------------------------------------------------------------


def test_the_timeline_holds_what_happened_and_what_comes(
    office: Office, team: dict[str, Staff], amara: Person, library: Library
) -> None:
    raise_flag(office, "F-ROOF", "i have nowhere to sleep")
    with office.database.transaction() as session:
        chat = session.scalars(select(Chat)).one()
        told = statement(session, library, chat, audience="adviser")
        told.owner_id, told.person_id = team["wren"].id, amara.id
        day = office.now - timedelta(days=3)
        contacts.log(
            session,
            amara,
            team["wren"],
            kind=ContactKind.VISIT,
            at=day,
            day=day.date(),
            two_way=True,
            now=day,
        )
        session.add(
            CheckInAnswer(
                person_id=amara.id,
                question="how",
                question_version=1,
                feeling=2,
                words="the flat is cold",
                at=office.now - timedelta(days=2),
            )
        )
        until = office.now + timedelta(days=4)
        noting.note_circumstance(session, amara, team["wren"], "hospital", until, office.now)
        reference = told.reference

    shown = page(office, team["wren"], f"/people/{amara.id}/timeline")

    for words in (
        "Flag: Same day",
        "Open F-ROOF",
        f"Open {reference}",
        "In touch: Visit",
        "Answered a check-in: Not good",
        "the flat is cold",
        "Left alone: In hospital",
        "Being left alone ends: In hospital",
        "Kith writes first: check-ins",
    ):
        assert words in shown, words
    assert shown.index("What comes") < shown.index("Flag: Same day") < shown.index("Visit")


def test_a_timeline_holds_nothing_that_is_about_the_reader(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    wren, lee = team["wren"], team["lee"]
    raise_flag(office, "F-ABOUT", "wren shouts at me", hidden_from_id=wren.id, owner_id=lee.id)
    with office.database.transaction() as session:
        chat = session.scalars(select(Chat)).one()
        session.add(
            Request(
                reference="R-ABOUT",
                chat_id=chat.id,
                kind="change_adviser",
                route="manager",
                staff_id=lee.id,
                hidden_from_id=wren.id,
                asked_at=office.now,
                due_at=office.now + timedelta(days=1),
            )
        )
        contacts.log(
            session,
            amara,
            lee,
            kind=ContactKind.VISIT,
            at=office.now,
            day=office.now.date(),
            two_way=True,
            now=office.now,
        )
    browser = office.sign_in(lee)
    for reference in ("flags/F-ABOUT", "requests/R-ABOUT"):
        form = {"text": "I am looking into it.", "send": "yes"}
        assert send(browser, f"/{reference}/reply", form, f"/{reference}").status_code == 303

    for path in (f"/people/{amara.id}", f"/people/{amara.id}/timeline"):
        hers, managers = page(office, wren, path), page(office, lee, path)
        assert "ABOUT" not in hers
        assert "Asked: another adviser" not in hers
        assert "A colleague replied" not in hers
        assert "In touch: Visit" not in hers
        assert "F-ABOUT" in managers
        assert "In touch: Visit" in managers
    assert "A colleague replied" in page(office, lee, f"/people/{amara.id}/timeline")
    note = page(office, wren, f"/people/{amara.id}/case-note?days=30")
    assert "shouts" not in note
    assert "Visit" not in note
    assert "another adviser" not in note


def test_a_long_timeline_comes_a_page_at_a_time(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    with office.database.transaction() as session:
        for number in range(60):
            at = office.now - timedelta(days=number + 1)
            session.add(
                CheckInAnswer(
                    person_id=amara.id,
                    question="how",
                    question_version=1,
                    words=f"day {number:02}.",
                    at=at,
                )
            )
    first = page(office, team["wren"], f"/people/{amara.id}/timeline")
    onward = re.search(r'href="(/people/[^"]*before=[^"]+)"', first)
    assert onward is not None
    second = page(office, team["wren"], onward[1])

    seen = [re.findall(r"day \d\d\.", shown) for shown in (first, second)]
    assert len(seen[0]) == 50
    assert seen[0] + seen[1] == [f"day {number:02}." for number in range(60)]
    nonsense = page(office, team["wren"], f"/people/{amara.id}/timeline?before=never")
    assert "day 00." in nonsense


# --- Plan ------------------------------------------------------------------------------------


def version(office: Office) -> str:
    with office.database.transaction() as session:
        return str(session.scalars(select(Plan.version)).one())


def test_a_plan_is_changed_as_the_command_changes_it(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    browser = office.sign_in(team["wren"])
    path = f"/people/{amara.id}/plan"

    answer = send(browser, path, {**PLAN, "version": version(office)}, path)

    assert answer.location == f"/people/{amara.id}"
    with office.database.transaction() as session:
        plan = session.scalars(select(Plan)).one()
        assert (plan.every, plan.weekday, plan.at) == ("monthly", 2, time(16, 30))
        assert (plan.quiet_from, plan.quiet_to) == (time(20), time(10))
        assert (plan.lesson_days, plan.lessons_from) == ([], None)
        assert (plan.set_by, plan.set_by_id) == ("staff", team["wren"].id)
    assert "Change: changed a plan" in page(office, team["wren"], f"/people/{amara.id}/timeline")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at": "23:00"}, "Nothing could ever be sent at that time"),
        ({"at": "half four"}, "Write the time of check-ins"),
        ({"every": "hourly"}, "Choose how often"),
        ({"weekday": "9"}, "Choose a day"),
        ({"quiet_to": ""}, "when quiet hours end"),
        ({"lessons_from": "09:00"}, "when lessons end"),
    ],
)
def test_what_cannot_be_agreed_is_said_and_changes_nothing(
    office: Office, team: dict[str, Staff], amara: Person, wrong: dict[str, str], said: str
) -> None:
    path, before = f"/people/{amara.id}/plan", version(office)

    form = {**PLAN, "version": before, **wrong}
    answer = send(office.sign_in(team["wren"]), path, form, path)

    assert answer.status_code == 400
    assert said in answer.text
    assert version(office) == before


def test_a_plan_that_somebody_changed_meanwhile_is_not_overwritten(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    path, old = f"/people/{amara.id}/plan", version(office)
    browser = office.sign_in(team["wren"])
    send(browser, path, {**PLAN, "version": old}, path)

    answer = send(browser, path, {**PLAN, "every": "weekly", "version": old}, path)

    assert answer.status_code == 409
    assert "changed while you had it open" in answer.text


# --- Joining ---------------------------------------------------------------------------------


def test_a_new_person_is_invited_with_a_link_a_picture_and_a_card(
    office: Office, team: dict[str, Staff]
) -> None:
    form = {
        "name": "Ben",
        "born-day": "1",
        "born-month": "5",
        "born-year": "2008",
        "adviser": str(team["wren"].id),
    }

    shown = send(office.sign_in(team["wren"]), "/people/invite", form, "/people/invite").text

    link = re.search(r"https://t\.me/kith_bot\?start=([\w-]+)", shown)
    assert link is not None
    assert "<svg" in shown
    outside = shown.split("kith-card__side")[1]
    assert "care" not in outside.casefold()
    assert "Ben" not in outside
    with office.database.transaction() as session:
        ben = session.scalars(select(Person)).one()
        assert ben.adviser_id == team["wren"].id
        stranger = cast.chat(session, cast.BEN)
        assert records.redeem(session, stranger, link[1], office.now) is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "what they like to be called"),
        ({"born-year": "1990"}, "aged 15 to 25"),
        ({"born-month": "13"}, "That is not a day"),
        ({"born-day": "", "born-month": "", "born-year": ""}, "date of birth"),
        ({"adviser": "somebody"}, "Choose an adviser"),
    ],
)
def test_nobody_is_invited_with_something_wrong(
    office: Office, team: dict[str, Staff], wrong: dict[str, str], said: str
) -> None:
    form = {
        "name": "Ben",
        "born-day": "1",
        "born-month": "5",
        "born-year": "2008",
        "adviser": str(team["wren"].id),
        **wrong,
    }

    answer = send(office.sign_in(team["wren"]), "/people/invite", form, "/people/invite")

    assert answer.status_code == 400
    assert said in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Person)).all() == []


def test_an_adviser_invites_for_themselves_only(office: Office, team: dict[str, Staff]) -> None:
    form = {"name": "Ben", "born-day": "1", "born-month": "5", "born-year": "2008"}
    form["adviser"] = str(team["robin"].id)

    answer = send(office.sign_in(team["wren"]), "/people/invite", form, "/people/invite")

    assert answer.status_code == 400


def test_a_new_phone_gets_a_code_of_its_own(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    browser, path = office.sign_in(team["wren"]), f"/people/{amara.id}/invite"
    assert "the chat on their old phone is cut off" in browser.get(path).text

    assert send(browser, path, {}, path).status_code == 200

    with office.database.transaction() as session:
        assert session.scalars(select(Invitation.person_id)).all() == [amara.id]


# --- Handing over ----------------------------------------------------------------------------


def test_after_handing_over_they_are_the_others_to_see(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    browser, path = office.sign_in(team["wren"]), f"/people/{amara.id}/hand-over"
    assert "is your person here" in html.unescape(browser.get(path).text)
    form = {"to": str(team["robin"].id), "adviser": str(team["wren"].id)}

    assert send(browser, path, form, path).location == "/people"

    assert browser.get(f"/people/{amara.id}").status_code == 404
    assert "Amara" in page(office, team["robin"], f"/people/{amara.id}")
    with office.database.transaction() as session:
        assert session.scalars(select(Send.reply_id)).all() == ["people.handed_over"]


def test_without_choosing_nobody_is_handed_over(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    path = f"/people/{amara.id}/hand-over"

    answer = send(office.sign_in(team["wren"]), path, {"adviser": str(team["wren"].id)}, path)

    assert answer.status_code == 409
    assert "Choose an adviser" in answer.text


# --- The note --------------------------------------------------------------------------------


def test_a_note_is_drafted_in_their_words_with_what_was_done(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    raise_flag(
        office,
        "F-ROOF",
        "i have nowhere to sleep",
        closed_at=office.now - timedelta(hours=1),
        closed_by_id=team["wren"].id,
        outcome="referred_on",
        done="Rang the housing team. A room for tonight.",
    )
    with office.database.transaction() as session:
        for days, words in ((2, "the flat is cold"), (20, "too long ago")):
            session.add(
                CheckInAnswer(
                    person_id=amara.id,
                    question="how",
                    question_version=1,
                    feeling=2,
                    words=words,
                    at=office.now - timedelta(days=days),
                )
            )

    note = page(office, team["wren"], f"/people/{amara.id}/case-note?days=7").split("<textarea")[1]

    assert "Contact with Amara through Kith, 17 November 2026 to 24 November 2026" in note
    assert "Wrote: “i have nowhere to sleep”" in note
    assert "Referred to another service. Rang the housing team. A room for tonight." in note
    assert "In their words: “the flat is cold”" in note
    assert "too long ago" not in note
    assert "Same day" not in note
    assert note.index("the flat is cold") < note.index("nowhere to sleep") < note.index("Rang")
    with office.database.transaction() as session:
        assert "drafted_note" in session.scalars(select(Trace.action)).all()


# --- Data ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "answer_by"),
    [
        (date(2026, 11, 24), date(2026, 12, 24)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 5), date(2027, 1, 5)),
    ],
)
def test_a_request_about_data_has_a_calendar_month(received: date, answer_by: date) -> None:
    at = datetime.combine(received, time(12), UTC)

    assert data_requests.one_month_after(at, LONDON).date() == answer_by


def test_a_request_about_data_is_noted_and_late_after_its_month(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    browser, path = office.sign_in(team["wren"]), f"/people/{amara.id}/data"
    form = {"kind": "see_my_data", "on-day": "20", "on-month": "10", "on-year": "2026"}

    assert send(browser, path, form, path).status_code == 303

    shown = browser.get(path).text
    assert "20 November 2026" in shown
    assert "late" in shown.split("<table")[1].split("</table")[0]
    assert "to see their data" in browser.get("/day").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "sell_my_data"}, "Choose what they asked for"),
        ({"on-year": "2027"}, "cannot be in the future"),
        ({"on-day": "", "on-month": "", "on-year": ""}, "the day the request came"),
        ({"on-month": "x"}, "That is not a day"),
    ],
)
def test_a_request_about_data_that_makes_no_sense_is_not_noted(
    office: Office, team: dict[str, Staff], amara: Person, wrong: dict[str, str], said: str
) -> None:
    path = f"/people/{amara.id}/data"
    form = {"kind": "see_my_data", "on-day": "20", "on-month": "10", "on-year": "2026", **wrong}

    answer = send(office.sign_in(team["wren"]), path, form, path)

    assert answer.status_code == 400
    assert said in answer.text
    with office.database.transaction() as session:
        assert session.scalars(select(Request)).all() == []


def test_none_of_it_exists_for_an_adviser_who_has_not_got_them(
    office: Office, team: dict[str, Staff], amara: Person
) -> None:
    browser = office.sign_in(team["robin"])

    for name in ("timeline", "plan", "invite", "hand-over", "case-note", "data"):
        assert browser.get(f"/people/{amara.id}/{name}").status_code == 404
        if name not in {"timeline", "case-note"}:
            answer = send(browser, f"/people/{amara.id}/{name}", {}, "/people")
            assert answer.status_code == 404


def test_every_word_a_page_asks_for_is_written() -> None:
    written = everything()
    missing = {
        f"{path.name}: {part}.{name}"
        for path in (ROOT / "dashboard" / "templates").rglob("*.html")
        for part, name in re.findall(r"\bwords\.([a-z_]+)\.([a-z_]+)", path.read_text("utf-8"))
        if part in written and name not in written[part] and name not in {"items", "replace"}
    }

    assert missing == set()
