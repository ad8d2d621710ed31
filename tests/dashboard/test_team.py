"""The manager's pages: how each adviser stands, worries about staff, and who does not use Kith yet."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from content.library import Library
from storage import adoption
from storage.database import Database
from storage.tables import Chat, Door, Flag, Invitation, Message, Person, Request, Staff, Task
from tests import cast
from tests.dashboard.staffed import Office, member
from tests.dashboard.test_access import flag
from tests.feedback.test_hearing import statement


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        return {
            "wren": member(session, "Wren"),
            "kit": member(session, "Kit"),
            "lee": member(session, "Lee", "manager"),
            "kim": member(session, "Kim", "manager"),
        }


def person(office: Office, adviser: Staff, name: str) -> Person:
    with office.database.transaction() as session:
        return cast.person(session, adviser, name=name)


def line(page: str, name: str) -> list[str]:
    """Return the cells of somebody's line on the board."""
    found = re.search(rf'<th scope="row"[^>]*>{name}</th>(.*?)</tr>', page, re.DOTALL)
    assert found is not None
    return [cell.strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)]


def test_the_board_says_how_each_adviser_stands(office: Office, team: dict[str, Staff]) -> None:
    wren = team["wren"]
    amara, ben = person(office, wren, "Amara"), person(office, wren, "Ben")
    read_in_time = {"opened_at": office.now, "due_at": office.now + timedelta(hours=1)}
    flag(office, amara, 1, owner_id=wren.id, level="immediate", **read_in_time)
    late = {"opened_at": office.now, "due_at": office.now - timedelta(minutes=1)}
    flag(office, ben, 2, owner_id=wren.id, closed_at=office.now, **late)
    flag(office, None, 3, due_at=office.now - timedelta(minutes=1))
    long_ago = office.now - timedelta(days=60)
    flag(office, person(office, team["kit"], "Cleo"), 4, owner_id=wren.id, raised_at=long_ago)
    with office.database.transaction() as session:
        chats = list(session.scalars(select(Chat).order_by(Chat.id)))
        for number, chat in enumerate(chats[:2]):
            session.add(
                Request(
                    reference=f"R-{number}",
                    chat_id=chat.id,
                    kind="talk_to_adviser",
                    route="adviser",
                    staff_id=wren.id,
                    asked_at=office.now,
                    due_at=office.now + timedelta(minutes=number * 5 - 1),
                )
            )
        for kind in ("silent", "blocked", "low"):
            session.add(
                Task(
                    reference=f"T-{kind}",
                    person_id=amara.id,
                    kind=kind,
                    tried=[],
                    made_at=office.now,
                    due_at=office.now,
                )
            )

    shown = office.sign_in(team["lee"]).get("/team").text

    people, immediate, same_day, concern, oldest, met, missed, overdue, silent = line(shown, "Wren")
    assert (people, immediate, same_day, concern) == ("2", "1", "1", "0")
    assert "25 September" in oldest
    assert (met, missed, overdue, silent) == ("1", "1", "1", "1")
    assert line(shown, "Kit")[:4] == ["1", "0", "0", "0"]
    assert line(shown, "Duty team")[6] == "1"


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("page", ["/team", "/adoption", "/allegations"])
def test_more_people_are_not_more_questions_to_the_database(
    office: Office, team: dict[str, Staff], page: str
) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 6):
            whose = person(office, team["wren"], f"P{number}")
            flag(office, whose, number, owner_id=team["wren"].id, about_staff=True)
            person(office, team["kit"], f"Q{number}")

    browser = office.sign_in(team["lee"])
    add(100)
    with counted(office.database) as few:
        assert browser.get(page).status_code == 200
    add(200)
    with counted(office.database) as many:
        assert browser.get(page).status_code == 200

    assert len(few) == len(many)


# --- Worries about staff ---------------------------------------------------------------------


@pytest.fixture
def worries(office: Office, team: dict[str, Staff], library: Library) -> list[str]:
    """Amara has said something about Wren in each way there is; it all went to Lee."""
    wren, lee = team["wren"], team["lee"]
    amara = person(office, wren, "Amara")
    about = flag(
        office, amara, cast.AMARA, about_staff=True, hidden_from_id=wren.id, owner_id=lee.id
    )
    with office.database.transaction() as session:
        chat = session.get_one(Chat, about.chat_id)
        told = statement(session, library, chat, lee, audience="manager")
        told.hidden_from_id = wren.id
        session.add(
            Request(
                reference="R-WREN",
                chat_id=chat.id,
                kind="make_complaint",
                route="manager",
                staff_id=lee.id,
                hidden_from_id=wren.id,
                words="she never rings",
                asked_at=office.now,
                due_at=office.now,
            )
        )
        return [about.reference, told.reference, "R-WREN"]


def test_managers_see_every_worry_about_staff_on_one_page_and_whom_it_is_about(
    office: Office, team: dict[str, Staff], worries: list[str]
) -> None:
    browser = office.sign_in(team["lee"])
    shown = browser.get("/allegations").text

    assert [one for one in worries if one not in shown] == []
    assert "Hidden from" in browser.get(f"/flags/{worries[0]}").text


@pytest.mark.parametrize("about", ["wren", "lee"])
def test_whom_a_worry_is_about_finds_it_on_no_page_in_no_count_and_by_no_address(
    office: Office, team: dict[str, Staff], worries: list[str], about: str
) -> None:
    """A manager has more pages than an adviser, and is kept out of every one of them as well."""
    if about == "lee":
        with office.database.transaction() as session:
            for table in (Flag, Request):
                session.execute(
                    update(table).values(
                        hidden_from_id=team["lee"].id,
                        **{"owner_id" if table is Flag else "staff_id": team["kim"].id},
                    )
                )
        worries = [one for one in worries if not one.startswith("S-")]
    browser = office.sign_in(team[about])
    with office.database.transaction() as session:
        amara = session.scalars(select(Person.id)).one()
    found = {}
    for rule in office.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/static", "/set-up")):
            continue
        path = rule.rule.replace("<uuid:person_id>", str(amara))
        paths = [path.replace("<reference>", one) for one in worries] if "<" in path else [path]
        for one in paths:
            answer = browser.get(one)
            if "<reference>" in rule.rule and answer.status_code != 404:
                found[one] = "opens"
            if any(worry in answer.text for worry in worries) or "find me" in answer.text:
                found[one] = "shown"
            if "Open flags: 1" in answer.text or "Open requests: 1" in answer.text:
                found[one] = "counted"

    assert found == {}


def test_the_board_counts_nothing_about_whoever_looks_at_it(
    office: Office, team: dict[str, Staff]
) -> None:
    wren, lee = team["wren"], team["lee"]
    about = {"about_staff": True, "hidden_from_id": lee.id, "owner_id": team["kim"].id}
    flag(office, person(office, wren, "Amara"), cast.AMARA, **about)

    assert line(office.sign_in(lee).get("/team").text, "Kim")[2] == "0"
    assert line(office.sign_in(team["kim"]).get("/team").text, "Kim")[2] == "1"


# --- Who uses Kith ---------------------------------------------------------------------------


def test_who_never_joined_who_never_wrote_and_who_never_came(
    office: Office, team: dict[str, Staff]
) -> None:
    wren = team["wren"]
    amara, ben, _ = (person(office, wren, name) for name in ("Amara", "Ben", "Cleo"))
    with office.database.transaction() as session:
        for number, whose in enumerate((amara, ben)):
            chat = cast.chat(session, 7100 + number, session.get_one(Person, whose.id))
            session.add(
                Invitation(
                    person_id=whose.id,
                    code_index=uuid.uuid4().bytes,
                    made_at=office.now,
                    expires_at=office.now,
                    used_at=office.now,
                )
            )
            cast.message(session, chat, "/start abc", at=office.now)
        written = session.scalars(select(Chat).where(Chat.person_id == amara.id)).one()
        cast.message(session, written, "hi", at=office.now + timedelta(minutes=1))
        session.add(Door(staff_id=wren.id, mark="m", last_in_at=office.now))

    shown = office.sign_in(team["lee"]).get("/adoption").text

    joined, wrote = shown.index("Never joined"), shown.index("Joined and never wrote")
    assert joined < shown.index("Cleo") < wrote < shown.index("Ben")
    assert "Amara" not in shown
    assert "<li>Kit</li>" in shown
    assert "<li>Wren</li>" not in shown


def test_long_lists_come_a_page_at_a_time(office: Office, team: dict[str, Staff]) -> None:
    with office.database.transaction() as session:
        for number in range(adoption.PAGE + 3):
            cast.person(session, team["wren"], name=f"Young {number:03}")
    browser = office.sign_in(team["lee"])

    first = browser.get("/adoption").text
    onward = re.search(r'href="(/adoption\?joined=[^"]+)"', first)
    assert onward is not None
    second = browser.get(onward[1]).text

    names = [re.findall(r"Young \d{3}", page) for page in (first, second)]
    assert [len(one) for one in names] == [adoption.PAGE, 3]
    assert len(set(names[0] + names[1])) == adoption.PAGE + 3


def test_what_staff_wrote_counts_for_nobody(office: Office, team: dict[str, Staff]) -> None:
    with office.database.transaction() as session:
        chat = cast.chat(session, cast.AMARA, cast.person(session, team["wren"]))
        session.add(
            Message(
                chat_id=chat.id,
                direction="out",
                kind="text",
                text="hello",
                at=office.now + timedelta(minutes=5),
            )
        )

    assert "Amara" in office.sign_in(team["lee"]).get("/adoption").text
