"""Roles, topics and the record: changed by administrators alone, and found again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.tables import Person, Staff, Trace
from tests import cast
from tests.dashboard.staffed import Office, member, send


@pytest.fixture
def team(office: Office) -> dict[str, Staff]:
    with office.database.transaction() as session:
        found = {
            "wren": member(session, "Wren"),
            "lee": member(session, "Lee", "manager"),
            "ada": member(session, "Ada", "admin"),
        }
        cast.person(session, found["wren"])
        return found


def now(office: Office, who: Staff) -> Staff:
    with office.database.transaction() as session:
        return session.get_one(Staff, who.id)


def test_a_new_role_signs_them_out_and_is_written_down(
    office: Office, team: dict[str, Staff]
) -> None:
    wren, ada = office.sign_in(team["wren"]), office.sign_in(team["ada"])
    path = f"/staff/{team['wren'].id}"

    assert send(ada, f"{path}/role", {"role": "manager"}, path).status_code == 303

    assert now(office, team["wren"]).role == "manager"
    assert wren.get("/day").location == "/sign-in"
    with office.database.transaction() as session:
        trace = session.scalars(select(Trace).where(Trace.action == "changed_role")).one()
    assert (trace.staff_id, trace.reason) == (team["ada"].id, "manager")


def test_a_role_is_changed_only_after_password_and_code(
    office: Office, team: dict[str, Staff]
) -> None:
    ada, path = office.sign_in(team["ada"]), f"/staff/{team['wren'].id}"
    office.later(timedelta(minutes=6))

    for what, form in (("role", {"role": "admin"}), ("topics", {"topics": "housing"})):
        answer = send(ada, f"{path}/{what}", form, path)
        assert answer.location == f"/confirm?next={path}"

    assert (now(office, team["wren"]).role, now(office, team["wren"]).topics) == ("adviser", [])


def test_the_last_administrator_stays_one(office: Office, team: dict[str, Staff]) -> None:
    ada, path = office.sign_in(team["ada"]), f"/staff/{team['ada'].id}"

    answer = send(ada, f"{path}/role", {"role": "adviser"}, path)

    assert answer.status_code == 409
    assert "This is the last administrator" in answer.text
    assert now(office, team["ada"]).role == "admin"


def test_topics_are_for_those_who_work_with_young_people(
    office: Office, team: dict[str, Staff]
) -> None:
    ada = office.sign_in(team["ada"])
    for who, wanted, kept in (
        ("wren", "housing", ["housing"]),
        ("wren", "everything", []),
        ("ada", "eet", []),
    ):
        path = f"/staff/{team[who].id}"
        send(ada, f"{path}/topics", {"topics": wanted}, path)
        assert now(office, team[who]).topics == kept


# --- The record ----------------------------------------------------------------------------------


def test_the_record_is_searched_by_who_about_whom_what_and_when(
    office: Office, team: dict[str, Staff]
) -> None:
    with office.database.transaction() as session:
        person_id = session.scalars(select(Person.id)).one()
    office.sign_in(team["wren"]).get(f"/people/{person_id}")
    office.sign_in(team["lee"]).get("/people")
    ada = office.sign_in(team["ada"])

    def rows(query: str) -> str:
        return ada.get(f"/audit?{query}").text.split("<tbody")[1].split("</tbody>")[0]

    theirs = rows(f"about={person_id}")
    assert "Wren" in theirs
    assert "Lee" not in theirs
    assert "Wren" not in rows(f"staff={team['lee'].id}")
    assert "opened a person" in rows("action=read_person")
    assert "opened the list of people" not in rows("action=read_person")
    assert "opened a person" in rows("day-day=24&day-month=11&day-year=2026")
    assert "opened a person" not in rows("day-day=23&day-month=11&day-year=2026")
    assert ada.get("/audit?day-day=31&day-month=2&day-year=2026").status_code == 422
    with office.database.transaction() as session:
        done = session.scalars(select(Trace.action).order_by(Trace.id)).all()
    assert "searched_audit" in done
