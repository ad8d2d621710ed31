"""In a real browser: somebody goes away and comes back, Kith is switched off and on, a rota is filled."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from dashboard.signing_in.door import HASHER
from storage import staff
from storage.tables import Duty
from tests.browser.conftest import faults
from tests.browser.test_staff_pages import KEY, PASSWORD, keep, pages, sign_in
from tests.journeys.conftest import AMARA, World, talking, world

__all__ = ["pages", "talking", "world"]


@pytest.fixture(scope="session")
def rasa() -> str:
    """Stand for Rasa where nobody answers: nothing here needs to be understood."""
    return "http://127.0.0.1:9"


def robin_joins(world: World) -> None:
    """Robin works beside Wren."""
    with world.database.transaction() as session:
        made = staff.add(
            session,
            email="robin@example.org",
            name="Robin Vale",
            role="adviser",
            council="cheshire_east",
            now=datetime.now(UTC),
        )
        made.password_hash, made.totp_secret = HASHER.hash(PASSWORD), KEY


def fill_day(page: Page, legend: str, day: datetime) -> None:
    """Fill in the three fields of a day."""
    group = page.get_by_role("group", name=legend)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(number))


def says(world: World, words: str) -> list[str]:
    """Say something as Amara, and return what she hears."""
    before = len(world.telegram.sent(AMARA))
    world.telegram.ask(AMARA, words)
    world.wait_until_handled()
    world.wait_until_sent()
    return [one.text for one in world.telegram.sent(AMARA)[before:]]


def is_fine(browser: Browser, page: Page) -> None:
    """Check a page as it stands: axe, and 320 pixels wide."""
    assert faults(browser, page) == []
    # What hangs out of a table for screen readers only must not make the whole page wide either.
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_somebody_goes_away_and_comes_back(talking: World, pages: str, browser: Browser) -> None:
    robin_joins(talking)
    talking.join(AMARA)
    talking.wait_until_handled()
    wren = sign_in(browser, pages, "wren@example.org")
    robin = sign_in(browser, pages, "robin@example.org")
    robin.goto(f"{pages}/people")
    expect(robin.get_by_text("Amara")).to_have_count(0)

    wren.goto(f"{pages}/away")
    wren.get_by_role("button", name="Save days away").click()
    expect(wren.get_by_role("link", name="Fill in the first day away")).to_be_visible()
    is_fine(browser, wren)
    fill_day(wren, "First day away", datetime.now(UTC))
    fill_day(wren, "Last day away", datetime.now(UTC) + timedelta(days=3))
    wren.get_by_label("Who looks after their people?").select_option("Robin Vale")
    wren.get_by_role("button", name="Save days away").click()
    expect(wren.get_by_role("cell", name="Robin Vale").first).to_be_visible()
    is_fine(browser, wren)
    keep(wren, "away")

    first = says(talking, "/menu")
    assert "Wren Hart is away until" in first[0]
    assert "Robin Vale will look after your messages" in first[0]
    asked = says(talking, "human")
    assert len(asked) == 1
    assert "I saved this for Robin Vale, who stands in for Wren Hart" in asked[0]

    robin.goto(f"{pages}/day")
    expect(robin.get_by_text("You look after the people of Wren Hart")).to_be_visible()
    is_fine(browser, robin)
    robin.get_by_role("link", name=re.compile("Open R-")).click()
    robin.goto(f"{pages}/people")
    robin.get_by_role("link", name="Amara").click()
    expect(robin.get_by_role("heading", name="Amara")).to_be_visible()
    person = robin.url
    told = [text for _, text in talking.mail.messages]
    assert any("You look after the people of Wren Hart" in text for text in told)

    wren.get_by_role("button", name="Is back").click()
    expect(wren.get_by_text("Nobody is away.")).to_be_visible()
    answer = robin.goto(person)
    assert answer is not None
    assert answer.status == 404
    talking.kith("tick")
    assert any("Wren Hart is back" in text for _, text in talking.mail.messages)
    assert "Robin" not in "".join(says(talking, "/menu"))


def test_kith_is_switched_off_and_on_again(talking: World, pages: str, browser: Browser) -> None:
    talking.join(AMARA)
    talking.wait_until_handled()
    lee = sign_in(browser, pages, "lee@example.org")
    lee.goto(f"{pages}/system")
    lee.get_by_role("button", name="Switch Kith off").click()
    expect(lee.get_by_role("link", name="Say in 10 to 300 characters why")).to_be_visible()
    is_fine(browser, lee)
    lee.get_by_label("Why?").fill("A wrong number is going out")
    lee.get_by_role("button", name="Switch Kith off").click()
    expect(lee.get_by_text("Is that what you want?")).to_be_visible()
    is_fine(browser, lee)
    lee.get_by_role("button", name="Yes, switch Kith off").click()
    expect(lee.get_by_text("Lee Moss switched Kith off at")).to_be_visible()
    is_fine(browser, lee)
    keep(lee, "switched-off")

    [line] = says(talking, "can i stay with my foster carer after 18")
    assert "I am switched off for now" in line
    assert "wrong number" not in line
    card = says(talking, "im gonna kill myself tonight")
    assert "999" in "".join(card)
    assert len(talking.flags()) == 1
    lee.goto(f"{pages}/flags")
    expect(lee.get_by_text("Lee Moss switched Kith off at")).to_be_visible()
    expect(lee.get_by_role("link", name=re.compile("Open F-"))).to_be_visible()

    lee.goto(f"{pages}/system")
    lee.get_by_role("button", name="Switch Kith on").click()
    expect(lee.get_by_text("Lee Moss switched Kith off at")).to_have_count(0)
    assert "switched off" not in "".join(says(talking, "/menu"))
    assert "each linked to the one before it" in talking.kith("db", "check")
    refused = talking.kith("on", "--by", "lee@example.org", ok=False)
    assert "Kith is on already" in refused


def test_an_administrator_fills_the_rota_names_a_specialist_and_looks_in_the_record(
    talking: World, pages: str, browser: Browser
) -> None:
    with talking.database.transaction() as session:
        session.execute(delete(Duty))
    ada = sign_in(browser, pages, "ada@example.org")
    expect(ada.get_by_text("Nobody is on duty on")).to_be_visible()
    is_fine(browser, ada)
    ada.goto(f"{pages}/rota")
    for box in ada.get_by_role("combobox").all()[1:]:
        box.select_option("Wren Hart")
    ada.get_by_role("button", name="Save the rota").click()
    is_fine(browser, ada)
    ada.get_by_label("From Monday").fill("nine")
    ada.get_by_role("button", name="Save opening hours").click()
    expect(ada.get_by_role("link", name="Give times as 09:00")).to_be_visible()
    is_fine(browser, ada)
    keep(ada, "rota")
    ada.goto(f"{pages}/day")
    expect(ada.get_by_text("Nobody is on duty on")).to_have_count(0)

    ada.goto(f"{pages}/staff")
    ada.get_by_role("link", name="Change role or topics of Wren Hart").click()
    is_fine(browser, ada)
    ada.get_by_label("Housing").check()
    ada.get_by_role("button", name="Save topics").click()
    expect(ada.get_by_role("cell", name="Housing")).to_be_visible()
    is_fine(browser, ada)
    ada.goto(f"{pages}/audit")
    ada.get_by_label("What").select_option("set a specialist's topics")
    ada.get_by_role("button", name="Search").click()
    expect(ada.get_by_role("cell", name="Ada Stone")).to_be_visible()
    is_fine(browser, ada)
    keep(ada, "audit-search")


def test_without_a_phone_a_recovery_code_opens_the_door(pages: str, browser: Browser) -> None:
    wren = sign_in(browser, pages, "wren@example.org")
    wren.get_by_role("link", name="Recovery codes").click()
    wren.get_by_role("button", name="Make ten new codes").click()
    is_fine(browser, wren)
    keep(wren, "recovery-codes")
    code = wren.locator(".kith-key-text").first.inner_text()
    wren.get_by_role("button", name="Sign out").click()
    wren.get_by_label("Work e-mail").fill("wren@example.org")
    wren.get_by_label("Password").fill(PASSWORD)
    wren.get_by_label("Code from").fill(code)
    wren.keyboard.press("Enter")

    expect(wren.get_by_role("heading", name="Today")).to_be_visible(timeout=20_000)
    wren.get_by_role("link", name="Recovery codes").click()
    expect(wren.get_by_text("Recovery codes you have left: 9")).to_be_visible()
