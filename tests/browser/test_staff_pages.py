"""The dashboard in a real browser: from a message on Telegram to an answer from a named person."""

import os
import re
import socket
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, expect

from dashboard.signing_in.door import HASHER
from storage import staff
from tests.browser.conftest import faults
from tests.journeys.conftest import AMARA, World, rasa, talking, world
from tests.journeys.test_hearing_back import by_day, hears, tells

__all__ = ["rasa", "talking", "world"]
PASSWORD, KEY = "three otters borrow lanterns", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PEOPLE = {"wren@example.org": "adviser", "lee@example.org": "manager"}
PAGES = (
    "/day",
    "/flags",
    "/requests",
    "/statements",
    "/people",
    "/people/invite",
    "/announcements",
    "/announcements/new",
    "/surveys",
    "/away",
    "/rota",
    "/system",
    "/gaps",
    "/content",
    "/content?show=unconfirmed",
    "/content/housing.staying_put?age=18-20&council=cambridgeshire",
    "/staff",
    "/audit",
    "/confirm",
    "/recovery",
)


@pytest.fixture
def pages(talking: World) -> str:
    """Serve the staff pages beside the running bot, and give their address."""
    with talking.database.transaction() as session:
        for email, name, role in (
            ("ada@example.org", "Ada Stone", "admin"),
            ("pat@example.org", "Pat Field", "participation"),
        ):
            staff.add(
                session,
                email=email,
                name=name,
                role=role,
                council="cheshire_east",
                now=datetime.now(UTC),
            )
        for email in (*PEOPLE, "ada@example.org", "pat@example.org"):
            member = staff.by_email(session, email)
            assert member is not None
            member.password_hash, member.totp_secret = HASHER.hash(PASSWORD), KEY
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    talking.run("dashboard", KITH_DASHBOARD_PORT=str(port))
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                break
        except httpx.TransportError:
            talking.pause(0.2)
    return address


def sign_in(browser: Browser, pages: str, email: str, *, scripts: bool = False) -> Page:
    """Sign in by keyboard, without scripts, on a phone."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(f"{pages}/sign-in")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from").fill(str(TOTP(key=KEY).generate().token))
    page.keyboard.press("Enter")
    # Proving a password is slow on purpose, and slower on a busy machine.
    expect(page.get_by_role("heading", name="Today")).to_be_visible(timeout=20_000)
    return page


def keep(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look, outside the tree."""
    folder = Path(os.environ.get("KITH_SHOTS", tempfile.gettempdir()))
    page.screenshot(path=str(folder / f"kith-{name}.png"), full_page=True)


def test_danger_on_telegram_is_read_answered_and_closed_by_two_people(
    talking: World, pages: str, browser: Browser
) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "im gonna kill myself tonight")
    talking.wait_until_handled()
    wren = sign_in(browser, pages, "wren@example.org")
    assert faults(browser, wren) == []

    wren.get_by_role("link", name="All flags").click()
    wren.get_by_role("link", name=re.compile("Open F-")).click()
    expect(wren.locator(".kith-bubble--danger")).to_contain_text("im gonna kill myself tonight")
    expect(wren.get_by_text("reached Telegram").first).to_be_visible()
    expect(wren.get_by_text("They named a time")).to_be_visible()
    assert faults(browser, wren) == []
    keep(wren, "flag-card")
    wren.get_by_label("Reply to them").fill("I am ringing you now. Please pick up.")
    wren.get_by_role("button", name="See how it reads").click()
    expect(wren.get_by_text("I am ringing you now").first).to_be_visible()
    assert faults(browser, wren) == []
    wren.get_by_role("button", name="Send").click()

    talking.wait_until_sent()
    got = [one.text for one in talking.telegram.sent(AMARA)]
    assert any("Wren Hart" in text and "I am ringing you now" in text for text in got)

    wren.get_by_label("Spoke with them").check()
    wren.get_by_label("What was done").fill("Rang her. Her nan is with her tonight.")
    wren.get_by_label("Yes", exact=True).check()
    wren.get_by_role("button", name="Close this flag").click()
    expect(wren.get_by_text("It waits for a second person")).to_be_visible()

    talking.pause(31)  # a code opens once: Lee's app shows the same key in this test
    lee = sign_in(browser, pages, "lee@example.org")
    lee.get_by_role("link", name=re.compile("Open F-")).click()
    assert faults(browser, lee) == []
    lee.get_by_role("button", name="Agree and close").click()
    expect(lee.get_by_text("No open flags.")).to_be_visible()
    [flag] = talking.flags()
    assert flag.closed_at is not None
    assert flag.closed_by_id != flag.opened_by_id
    assert "each linked to the one before it" in talking.kith("db", "check")


def test_a_statement_sent_on_telegram_is_read_done_and_heard_of(
    talking: World, browser: Browser, pages: str
) -> None:
    wren = sign_in(browser, pages, "wren@example.org")
    by_day(talking)
    talking.join(AMARA)
    told = tells(talking, AMARA, "the mould in my flat is back and the landlord ignores me")
    wren.reload()
    wren.get_by_role("link", name="All statements").click()
    assert faults(browser, wren) == []
    keep(wren, "statements-waiting")
    wren.get_by_role("link", name=f"Open {told.reference}").click()
    expect(wren.get_by_text("the mould in my flat is back").first).to_be_visible()
    assert faults(browser, wren) == []
    keep(wren, "statement")
    assert "Wren Hart has read what you told us" in hears(talking, AMARA)[0]

    wren.get_by_label("Cannot be done").check()
    wren.get_by_role("button", name="Save and tell them").click()
    expect(wren.get_by_role("link", name="Say why it cannot be done")).to_be_visible()
    assert faults(browser, wren) == []
    keep(wren, "statement-why")
    wren.get_by_label("Done", exact=True).check()
    wren.get_by_label("Your words to them").fill("The landlord comes on Monday.")
    wren.get_by_role("button", name="Save and tell them").click()
    expect(wren.get_by_text("The landlord comes on Monday.")).to_be_visible()
    assert faults(browser, wren) == []

    talking.wait_until_sent()
    got = [one.text for one in talking.telegram.sent(AMARA)]
    assert any("Wren Hart" in text and "The landlord comes on Monday." in text for text in got)
    person_page(browser, wren)


def person_page(browser: Browser, wren: Page) -> None:
    """Look at her page, log a call there, and leave her alone for a while."""
    wren.get_by_role("link", name="My people").click()
    wren.get_by_role("link", name="Amara").click()
    assert faults(browser, wren) == []
    wren.get_by_role("button", name="Save contact").click()
    expect(wren.get_by_role("link", name="Fill in the day it happened")).to_be_visible()
    assert faults(browser, wren) == []
    yesterday = datetime.now(UTC) - timedelta(days=1)
    day = wren.get_by_role("group", name="When was it?")
    for label, number in (
        ("Day", yesterday.day),
        ("Month", yesterday.month),
        ("Year", yesterday.year),
    ):
        day.get_by_label(label).fill(str(number))
    wren.get_by_label("Call", exact=True).check()
    wren.get_by_label("Yes, both of us").check()
    wren.get_by_role("button", name="Save contact").click()
    wren.get_by_label("In hospital").check()
    wren.get_by_role("button", name="Stop writing first").click()
    expect(wren.get_by_text("They are in hospital.")).to_be_visible()
    assert faults(browser, wren) == []
    box = wren.locator("main").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320
    keep(wren, "person")
    wren.get_by_role("button", name="This is over").click()
    expect(wren.get_by_text("They are in hospital.")).to_have_count(0)


@pytest.mark.parametrize(
    "email", ["wren@example.org", "lee@example.org", "pat@example.org", "ada@example.org"]
)
def test_every_page_is_clean_at_320_pixels_and_without_scripts(
    pages: str, browser: Browser, email: str
) -> None:
    page = sign_in(browser, pages, email)
    found: dict[str, object] = {}
    for path in PAGES:
        answer = page.goto(f"{pages}{path}")
        if answer is None or answer.status != 200:
            continue
        box = page.locator("main").bounding_box()
        if wrong := faults(browser, page):
            found[path] = wrong
        if box is None or box["x"] + box["width"] > 320:
            found[path] = box
        keep(
            page, f"{email.split('@', maxsplit=1)[0]}-{re.sub('[^a-z0-9]+', '-', path).strip('-')}"
        )

    assert found == {}


def test_a_newcomer_sets_up_with_the_link_that_the_command_prints(
    talking: World, pages: str, browser: Browser
) -> None:
    printed = talking.kith(
        "staff", "add", "robin@example.org", "--role", "adviser", "--name", "Robin Vale"
    )
    secret = printed.rsplit("/set-up/", 1)[1].strip()
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{pages}/set-up/{secret}")
    assert faults(browser, page) == []
    key = re.sub(r"\s", "", page.locator(".kith-key-text").inner_text())
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_label("The 6 digits").fill(str(TOTP(key=key).generate().token))
    keep(page, "set-up")
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_role("heading", name="Your account is ready")).to_be_visible()
    assert faults(browser, page) == []
    page.close()
    gone = talking.kith("staff", "leave", "robin@example.org")
    assert "signed out everywhere" in gone
