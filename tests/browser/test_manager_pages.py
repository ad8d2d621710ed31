"""Journeys 3 and 7 of the staff pages in a real browser, by keyboard and without scripts, on a phone."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from content.library import Library
from people.hours import LONDON
from safeguarding import second_reading
from storage.database import Database
from storage.tables import Flag, FlagMessage, Notice, Staff
from tests import cast
from tests.browser.conftest import faults
from tests.browser.test_staff_pages import keep
from tests.dashboard.staffed import PASSWORD, Office, member, open_office
from tests.safeguarding.test_second_reading import NOTICE, WEDNESDAY

PAGES = (
    "/team",
    "/allegations",
    "/adoption",
    "/second-reads",
    "/second-look",
    "/openings",
    "/openings/new",
)


@pytest.fixture
def office(database: Database, library: Library) -> Office:
    """Amara is Wren's and may be in danger; Ben has not joined; Lee manages; Robin is another adviser."""
    opened = open_office(database, library)
    with database.transaction() as session:
        wren = member(session, "Wren")
        member(session, "Lee", "manager")
        member(session, "Robin")
        cast.person(session, wren, name="Ben")
        chat = cast.chat(session, cast.AMARA, cast.person(session, wren))
        session.add(
            Notice(
                chat_id=chat.id,
                person_id=chat.person_id,
                version=NOTICE,
                shown_at=WEDNESDAY,
                agreed_at=WEDNESDAY,
            )
        )
        cast.message(session, chat, "my ex keeps turning up at college", at=WEDNESDAY)
        said = cast.message(session, chat, "hes outside college", at=opened.now)
        flag = Flag(
            reference="F-TEST01",
            chat_id=chat.id,
            level="same_day",
            categories=["domestic_abuse"],
            third_party=False,
            about_staff=False,
            owner_id=wren.id,
            why=[{"matched": "outside college"}, {"fact": "time"}],
            rules_version="test",
            raised_at=opened.now,
            last_sign_at=opened.now,
            due_at=opened.now + timedelta(minutes=15),
        )
        session.add(flag)
        session.flush()
        session.add(FlagMessage(flag_id=flag.id, message_id=said.id))
        second_reading.draw_next(
            session, [cast.COUNCIL], notice=NOTICE, seed=1, zone=LONDON, now=opened.now
        )
    return opened


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Serve the pages, and give their address."""
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()


def member_called(office: Office, name: str) -> Staff:
    with office.database.transaction() as session:
        return session.scalars(select(Staff).where(Staff.name == name)).one()


def sign_in(browser: Browser, office: Office, address: str, name: str) -> Page:
    """Sign in by keyboard, without scripts, on a phone."""
    who = member_called(office, name)
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Work e-mail").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from").fill(office.code(who))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible(timeout=20_000)
    office.later(timedelta(seconds=30))
    return page


def clean(browser: Browser, page: Page) -> None:
    """Nothing for axe to find, and nothing wider than the phone."""
    assert faults(browser, page) == []
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320


def test_a_flag_is_escalated_answered_and_looked_at_again(
    office: Office, address: str, browser: Browser
) -> None:
    wren = sign_in(browser, office, address, "Wren")
    wren.get_by_role("link", name=re.compile("Open F-")).click()
    clean(browser, wren)
    wren.get_by_text("Change how to reach them safely").click()
    wren.get_by_label("How to reach them safely").fill("Not by phone: he answers it.")
    wren.get_by_role("button", name="Save", exact=True).click()
    expect(wren.get_by_text("Not by phone: he answers it.").first).to_be_visible()
    wren.get_by_text("Escalate", exact=True).first.click()
    wren.get_by_label("Level", exact=True).select_option("immediate")
    wren.get_by_role("button", name="Escalate").click()
    expect(wren.get_by_text("Say why you need more help.")).to_be_visible()
    clean(browser, wren)
    wren.get_by_text("Escalate", exact=True).first.click()
    wren.get_by_label("Level", exact=True).select_option("immediate")
    wren.get_by_label("Why you need more help").fill("He is outside college now.")
    wren.get_by_role("button", name="Escalate").click()
    expect(wren.get_by_text("Immediate").first).to_be_visible()

    lee = sign_in(browser, office, address, "Lee")
    lee.get_by_role("link", name=re.compile("Open F-")).click()
    expect(lee.get_by_text("He is outside college now.")).to_be_visible()
    lee.get_by_label("Start from a ready-made reply").select_option("ready.safe_now")
    lee.get_by_role("button", name="See how it reads").click()
    expect(lee.get_by_text("Not by phone: he answers it.")).to_be_visible()
    clean(browser, lee)
    lee.get_by_role("button", name="Send").click()
    expect(lee.get_by_text("What staff wrote since")).to_be_visible()
    expect(lee.get_by_text("Kith keeps quiet until")).to_be_visible()
    clean(browser, lee)
    keep(lee, "flag-answered")
    lee.get_by_role("button", name="Let Kith talk again now").click()
    expect(lee.get_by_text("Kith keeps quiet until")).to_have_count(0)
    lee.get_by_label("Spoke with them").check()
    lee.get_by_label("What was done").fill("Met her. Police have moved him on.")
    lee.get_by_label("Partly, the level was wrong").check()
    lee.get_by_label("If the level was wrong").select_option("same_day")
    lee.get_by_role("button", name="Close this flag").click()
    expect(lee.get_by_text("It waits for a second person")).to_be_visible()

    wren.reload()
    wren.get_by_role("button", name="Agree and close").click()
    expect(wren.get_by_text("No open flags.")).to_be_visible()
    with office.database.transaction() as session:
        member(session, "Kim", "manager")
    kim = sign_in(browser, office, address, "Kim")
    kim.get_by_role("link", name="Team").click()
    kim.get_by_role("link", name="Second look").click()
    clean(browser, kim)
    kim.get_by_role("link", name=re.compile("Open F-")).click()
    clean(browser, kim)
    kim.get_by_role("button", name="That is right").click()
    expect(kim.get_by_text("Nothing waits for a second look.")).to_be_visible()


def test_a_manager_sees_the_team_and_reads_what_was_drawn(
    office: Office, address: str, browser: Browser
) -> None:
    lee = sign_in(browser, office, address, "Lee")
    for path in PAGES:
        answer = lee.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 200
        clean(browser, lee)
        keep(lee, f"manager{path.replace('/', '-')}")

    lee.get_by_role("link", name="Team").click()
    lee.get_by_role("link", name="Second reading").click()
    lee.get_by_role("link", name=re.compile("Open N-")).click()
    expect(lee.locator(".kith-bubble").first).to_contain_text("my ex keeps turning up")
    clean(browser, lee)
    lee.get_by_label("Something was missed").check()
    lee.get_by_role("button", name="Save").click()
    expect(lee.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(browser, lee)
    lee.get_by_label("Something was missed").check()
    lee.get_by_label("Which message").select_option(index=1)
    lee.get_by_label("Level", exact=True).select_option("same_day")
    lee.get_by_label("About").select_option("domestic_abuse")
    lee.get_by_role("button", name="Save").click()
    expect(lee.get_by_text("1 held danger that was missed")).to_be_visible()


def test_an_adviser_opens_somebody_who_is_not_theirs_and_it_shows(
    office: Office, address: str, browser: Browser
) -> None:
    robin = sign_in(browser, office, address, "Robin")
    robin.get_by_role("link", name="Opened records").click()
    robin.get_by_role("button", name="Open somebody who is not yours").click()
    robin.get_by_role("button", name="Open for 4 hours").click()
    expect(robin.get_by_role("link", name="Say in 10 to 500 characters")).to_be_visible()
    clean(browser, robin)
    robin.get_by_label("Full name").fill("Amara")
    for label, number in (("Day", "1"), ("Month", "5"), ("Year", "2008")):
        robin.get_by_label(label).fill(number)
    robin.get_by_label("Why you must see this record").fill("She is at reception and upset.")
    robin.get_by_role("button", name="Open for 4 hours").click()
    expect(robin.get_by_role("heading", name="Amara")).to_be_visible()

    wren = sign_in(browser, office, address, "Wren")
    wren.get_by_role("link", name="Opened records").click()
    expect(wren.get_by_text("She is at reception and upset.")).to_be_visible()
    clean(browser, wren)
