"""Who may see what: every page as every role, and nothing of anybody else's."""

import json
import re
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from content.library import Library
from dashboard.guard import OPEN, RULES
from people import cover
from storage import audit
from storage.tables import (
    Chat,
    Draw,
    Event,
    Flag,
    Person,
    Request,
    SecondRead,
    Staff,
    Statement,
    Trace,
)
from storage.tables.people import Role
from tests import cast
from tests.dashboard.staffed import Office, member, send, token
from tests.feedback.test_hearing import statement

MATRIX: dict[str, list[str]] = json.loads(Path(__file__).with_name("matrix.json").read_text())


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    """One of each role, an adviser who has nobody, and a manager of another council."""
    with office.database.transaction() as session:
        return {
            "adviser": member(session, "Wren"),
            "manager": member(session, "Lee", "manager"),
            "participation": member(session, "Pat", "participation"),
            "admin": member(session, "Ada", "admin"),
            "other_adviser": member(session, "Robin"),
            "other_manager": member(session, "Sam", "manager", council=cast.OTHER_COUNCIL),
        }


def flag(office: Office, whose: Person | None, telegram_id: int, **about: object) -> Flag:
    """Raise a flag with words in it."""
    with office.database.transaction() as session:
        chat = cast.chat(session, telegram_id, whose)
        said = cast.message(session, chat, "he said he will find me")
        made = Flag(
            **{
                "reference": f"F-{telegram_id}",
                "chat_id": chat.id,
                "level": "same_day",
                "categories": ["domestic_abuse"],
                "third_party": False,
                "about_staff": False,
                "why": [{"matched": "find me"}],
                "rules_version": "test",
                "raised_at": office.now,
                "last_sign_at": office.now,
                "due_at": office.now,
                **about,
            }
        )
        session.add(made)
        session.flush()
        session.execute(
            text("insert into flag_messages values (:flag, :message)"),
            {"flag": made.id, "message": said.id},
        )
        return made


@pytest.fixture
def amaras(office: Office, team: dict[str, Staff]) -> Flag:
    with office.database.transaction() as session:
        amara = cast.person(session, team["adviser"])
    return flag(office, amara, cast.AMARA, owner_id=team["adviser"].id)


def pages(office: Office) -> list[tuple[str, str, str]]:
    """Return every page there is: method, rule, endpoint."""
    return [
        (method, rule.rule, rule.endpoint)
        for rule in office.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
    ]


def test_every_page_says_who_may_see_it(office: Office) -> None:
    undeclared = {
        endpoint
        for _, _, endpoint in pages(office)
        if endpoint not in OPEN and not hasattr(office.app.view_functions[endpoint], RULES)
    }

    assert undeclared == set()


def test_the_matrix_has_every_page_behind_the_door_and_no_other(office: Office) -> None:
    found = {f"{method} {rule}" for method, rule, endpoint in pages(office) if endpoint not in OPEN}

    assert found == set(MATRIX)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_the_matrix_says_and_for_the_rest_there_is_no_page(
    office: Office, team: dict[str, Staff], amaras: Flag, library: Library, role: str
) -> None:
    with office.database.transaction() as session:
        chat = session.get(Chat, amaras.chat_id)
        assert chat is not None
        told = {
            audience: statement(session, library, chat, audience=audience).reference
            for audience in ("adviser", "participation_anonymous")
        }
        request = Request(
            reference="R-1",
            chat_id=amaras.chat_id,
            kind="talk_to_adviser",
            route="adviser",
            staff_id=team["adviser"].id,
            words="please ring me",
            asked_at=office.now,
            due_at=office.now,
        )
        session.add(request)
        absence = cover.set_away(
            session,
            team["adviser"],
            None,
            (cast.NOW.date(), cast.NOW.date()),
            by=None,
            now=office.now,
        )
        announced = Event(
            reference="E-1",
            council=cast.COUNCIL,
            interest="job_fairs",
            youngest=16,
            oldest=25,
            title="Job fair",
            words="Come and meet people who give jobs.",
            made_by_id=team["admin"].id,
            made_at=office.now,
        )
        session.add(announced)
        person_id = session.scalars(select(Person.id)).one()
        draw = Draw(
            council=cast.COUNCIL,
            week_on=office.now.date(),
            seed=1,
            among=1,
            notice="n",
            made_at=office.now,
        )
        session.add(draw)
        session.flush()
        session.add(
            SecondRead(reference="N-1", draw_id=draw.id, chat_id=chat.id, day=office.now.date())
        )
        session.execute(
            update(Statement)
            .where(Statement.audience == "adviser")
            .values(owner_id=team["adviser"].id)
        )
    to = "participation_anonymous" if role == Role.PARTICIPATION else "adviser"
    references = {
        "/requests": "R-1",
        "/statements": told[to],
        "/flags": amaras.reference,
        "/second-reads": "N-1",
    }
    references["/announcements"] = announced.reference
    browser = office.sign_in(team[role])
    csrf = token(browser, "/confirm")
    wrong = []
    for page, roles in MATRIX.items():
        method, rule = page.split(" ")
        if rule == "/sign-out":
            continue
        path = (
            rule.replace("<reference>", references.get(f"/{rule.split('/')[1]}", ""))
            .replace("<uuid:person_id>", str(person_id))
            .replace("<uuid:staff_id>", str(team["other_adviser"].id))
            .replace("<article_id>", "housing.staying_put")
            .replace("<int:absence_id>", str(absence.id))
        )
        answer = browser.open(path, method=method, data={"csrf_token": csrf})
        if (answer.status_code == 404) is (role in roles):
            wrong.append((page, answer.status_code))

    assert wrong == []


def test_nobody_gets_past_the_door_without_signing_in(office: Office) -> None:
    browser = office.app.test_client()
    for page in MATRIX:
        method, rule = page.split(" ")
        path = re.sub(r"<uuid[^>]*>|<ref[^>]*>", str(uuid.uuid4()), rule)
        path = re.sub(r"<int[^>]*>", "1", path)
        if method == "GET":
            assert browser.get(path).location == "/sign-in"
        else:
            assert browser.post(path, data={"csrf_token": token(browser)}).location == "/sign-in"


@pytest.mark.parametrize("who", ["other_adviser", "other_manager", "participation", "admin"])
def test_what_is_not_theirs_does_not_exist_for_them(
    office: Office, team: dict[str, Staff], amaras: Flag, who: str
) -> None:
    browser = office.sign_in(team[who])
    with office.database.transaction() as session:
        person_id = session.scalars(select(Person.id)).one()

    card = browser.get(f"/flags/{amaras.reference}")
    record = browser.get(f"/people/{person_id}")
    lists = "".join(browser.get(path).text for path in ("/day", "/flags", "/people", "/requests"))

    assert card.status_code == record.status_code == 404
    assert "Amara" not in lists
    assert amaras.reference not in lists


def test_search_finds_only_ones_own(office: Office, team: dict[str, Staff], amaras: Flag) -> None:
    del amaras
    hers = send(office.sign_in(team["adviser"]), "/people", {"name": "ama"}, "/people")
    others = send(office.sign_in(team["other_adviser"]), "/people", {"name": "ama"}, "/people")

    assert "Amara" in hers.text
    assert "Amara" not in others.text


def test_a_flag_about_somebody_is_hidden_from_them_in_lists_counts_and_by_its_address(
    office: Office, team: dict[str, Staff]
) -> None:
    wren = team["adviser"]
    with office.database.transaction() as session:
        amara = cast.person(session, wren)
    about = flag(
        office,
        amara,
        cast.AMARA,
        about_staff=True,
        hidden_from_id=wren.id,
        owner_id=team["manager"].id,
    )
    hers, managers = office.sign_in(wren), office.sign_in(team["manager"])

    assert hers.get(f"/flags/{about.reference}").status_code == 404
    for path in ("/day", "/flags", "/people"):
        shown = hers.get(path).text
        assert about.reference not in shown
        assert "Open flags: 1" not in shown
    assert about.reference in managers.get("/flags").text


def test_a_stranger_is_the_managers_to_see(office: Office, team: dict[str, Staff]) -> None:
    strange = flag(office, None, cast.STRANGER)

    assert strange.reference in office.sign_in(team["manager"]).get("/flags").text
    assert strange.reference not in office.sign_in(team["adviser"]).get("/flags").text


# --- The record of it ------------------------------------------------------------------------


def traced(office: Office) -> list[Trace]:
    with office.database.transaction() as session:
        return list(session.scalars(select(Trace).order_by(Trace.id)))


def test_every_page_that_is_seen_leaves_one_trace(
    office: Office, team: dict[str, Staff], amaras: Flag
) -> None:
    with office.database.transaction() as session:
        person_id = session.scalars(select(Person.id)).one()
    browser = office.sign_in(team["manager"])
    for path in (
        "/day",
        "/flags",
        f"/flags/{amaras.reference}",
        "/requests",
        "/statements",
        "/people",
        f"/people/{person_id}",
        f"/people/{person_id}/timeline",
        f"/people/{person_id}/plan",
        f"/people/{person_id}/invite",
        f"/people/{person_id}/hand-over",
        f"/people/{person_id}/case-note",
        f"/people/{person_id}/data",
        "/people/invite",
        "/announcements",
        "/announcements/new",
        "/surveys",
        "/gaps",
        "/content",
        "/staff",
        "/away",
        "/rota",
    ):
        before = len(traced(office))
        assert browser.get(path).status_code == 200
        assert len(traced(office)) == before + 1


def test_no_trace_holds_a_name_or_a_word(
    office: Office, team: dict[str, Staff], amaras: Flag
) -> None:
    browser = office.sign_in(team["adviser"])
    browser.get(f"/flags/{amaras.reference}")
    send(browser, "/people", {"name": "Amara"}, "/people")

    for one in traced(office):
        assert "Amara" not in f"{one.action} {one.about}"
        assert "find me" not in f"{one.action} {one.about} {one.reason}"


def test_without_a_trace_there_is_no_page_except_an_immediate_card(
    office: Office, team: dict[str, Staff], amaras: Flag
) -> None:
    with office.database.transaction() as session:
        ben = cast.person(session, team["adviser"], name="Ben")
    urgent = flag(office, ben, cast.BEN, level="immediate")
    browser = office.sign_in(team["adviser"])
    with office.database.transaction() as session:
        session.execute(
            text("alter table traces add constraint full_disk check (action <> 'read_flag')")
        )

    assert browser.get(f"/flags/{amaras.reference}").status_code == 500
    shown = browser.get(f"/flags/{urgent.reference}")
    assert shown.status_code == 200
    assert "he said he will find me" in shown.text


def test_the_chain_shows_a_row_that_was_changed(office: Office, team: dict[str, Staff]) -> None:
    office.sign_in(team["adviser"]).get("/people")
    with office.database.transaction() as session:
        assert audit.first_broken(session) is None
        first = session.scalars(select(Trace.id).order_by(Trace.id)).first()
        session.execute(text("alter table traces disable trigger all"))
        session.execute(text("update traces set action = 'saw_day' where id = :id"), {"id": first})

    with office.database.transaction() as session:
        assert audit.first_broken(session) == first


@pytest.mark.parametrize(
    "statement",
    ["update traces set about = 'x'", "delete from traces", "truncate traces"],
)
def test_the_database_refuses_to_change_the_record(
    office: Office, team: dict[str, Staff], statement: str
) -> None:
    office.sign_in(team["adviser"])

    with pytest.raises(DBAPIError), office.database.transaction() as session:
        session.execute(text(statement))


def test_two_at_once_keep_one_chain(office: Office, team: dict[str, Staff]) -> None:
    browsers = [office.sign_in(team[who]) for who in ("adviser", "manager")]
    for _ in range(3):
        for browser in browsers:
            browser.get("/people")

    with office.database.transaction() as session:
        assert audit.first_broken(session) is None
        assert session.scalars(select(Chat)).all() == []
