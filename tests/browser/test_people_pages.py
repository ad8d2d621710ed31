"""One young person on the pages, in a real browser: joined by a card, a new phone, another adviser; and announcements."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from storage import events, staff
from tests.browser.conftest import faults
from tests.browser.test_staff_pages import keep, pages, sign_in
from tests.journeys.conftest import BEN, World, rasa, talking, world

__all__ = ["pages", "rasa", "talking", "world"]
NEW_PHONE = 7004


def clean(browser: Browser, page: Page, name: str) -> None:
    """Look a page over, at 320 pixels, and keep a picture of it."""
    assert faults(browser, page) == [], name
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320, name
    keep(page, name)


def code_on(page: Page) -> str:
    """Return the code on the card that is shown."""
    found = re.search(r"https://t\.me/\w+\?start=([\w-]+)", page.locator("main").inner_text())
    assert found is not None
    return found[1]


def filled_in(page: Page, group: str, day: datetime) -> None:
    """Fill in the three fields of a day."""
    fields = page.get_by_role("group", name=group)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        fields.get_by_label(label).fill(str(number))


def test_somebody_is_invited_gets_a_new_phone_and_another_adviser(
    talking: World, pages: str, browser: Browser
) -> None:
    with talking.database.transaction() as session:
        staff.add(
            session,
            email="robin@example.org",
            name="Robin Vale",
            role="adviser",
            council="cheshire_east",
            now=datetime.now(UTC),
        )
    wren = sign_in(browser, pages, "wren@example.org")
    wren.get_by_role("link", name="My people").click()
    wren.get_by_role("link", name="Invite a young person").click()
    clean(browser, wren, "invite")
    wren.get_by_role("button", name="Make the link").click()
    expect(wren.get_by_role("link", name="Write what they like to be called")).to_be_visible()
    clean(browser, wren, "invite-wrong")
    wren.get_by_label("What they like to be called").fill("Ben")
    filled_in(wren, "Date of birth", datetime(2008, 5, 1, tzinfo=UTC))
    wren.get_by_label("Wren Hart").check()
    wren.get_by_role("button", name="Make the link").click()
    expect(wren.get_by_role("img", name="The link as a picture")).to_be_visible()
    clean(browser, wren, "card")
    talking.telegram.ask(BEN, f"/start {code_on(wren)}")
    talking.telegram.press(BEN, "OK, got it")
    talking.telegram.ask(BEN, "i want to talk to my adviser")
    talking.wait_until_handled()

    wren.get_by_role("link", name="My people").click()
    wren.get_by_role("link", name="Ben").click()
    clean(browser, wren, "person-links")
    for name in ("Note for the case record", "To see or erase their data", "Whole timeline"):
        wren.get_by_role("link", name=name).click()
        clean(browser, wren, name.split(" ", maxsplit=1)[0].casefold())
        wren.get_by_role("link", name="Back to their page").click()
    changes_the_plan(browser, wren)
    new_phone(talking, browser, wren)
    another_adviser(talking, browser, wren)


def changes_the_plan(browser: Browser, wren: Page) -> None:
    wren.get_by_role("link", name="Change the plan").click()
    clean(browser, wren, "plan")
    wren.get_by_label("every month").check()
    wren.get_by_label("At what time?").fill("23:30")
    wren.get_by_role("button", name="Save the plan").click()
    expect(wren.get_by_role("link", name="Nothing could ever be sent")).to_be_visible()
    clean(browser, wren, "plan-wrong")
    wren.get_by_label("At what time?").fill("16:30")
    wren.get_by_role("button", name="Save the plan").click()
    expect(wren.get_by_text("every month,")).to_be_visible()


def new_phone(talking: World, browser: Browser, wren: Page) -> None:
    wren.get_by_role("link", name="Join a new phone").click()
    clean(browser, wren, "new-phone")
    wren.get_by_role("button", name="Make the link").click()
    talking.telegram.ask(NEW_PHONE, f"/start {code_on(wren)}")
    talking.telegram.press(NEW_PHONE, "OK, got it")
    talking.wait_until_handled()
    talking.wait_until_sent()
    old = [one.text for one in talking.telegram.sent(BEN)]
    assert old[-1].startswith("This chat is closed now.")
    wren.get_by_role("link", name="Back to their page").click()


def another_adviser(talking: World, browser: Browser, wren: Page) -> None:
    wren.get_by_role("link", name="Hand over to another adviser").click()
    clean(browser, wren, "hand-over")
    wren.get_by_label("Robin Vale").check()
    wren.get_by_role("button", name="Hand over").click()
    expect(wren.get_by_role("heading", name="My people")).to_be_visible()
    expect(wren.get_by_role("link", name="Ben")).to_have_count(0)
    talking.wait_until_sent()
    told = [one.text for one in talking.telegram.sent(NEW_PHONE)]
    assert "From now on Robin Vale" in told[-1]
    assert all("Robin Vale" not in one.text for one in talking.telegram.sent(BEN))


def test_an_announcement_is_written_looked_at_sent_and_counted(
    talking: World, pages: str, browser: Browser
) -> None:
    talking.join(BEN, name="Ben", born="2006-05-01")
    with talking.database.transaction() as session:
        events.ask_for(session, talking.person("Ben").id, ["job_fairs"], datetime.now(UTC))
    pat = sign_in(browser, pages, "pat@example.org")
    pat.get_by_role("link", name="Announcements").click()
    pat.get_by_role("link", name="Write an announcement").click()
    clean(browser, pat, "announcement-form")
    pat.get_by_label("Job fairs").check()
    pat.get_by_label("Title").fill("For care leavers")
    pat.get_by_label("Words").fill("Come and meet people who give jobs.")
    filled_in(pat, "On which day", datetime.now(UTC) + timedelta(days=10))
    pat.get_by_label("At what time?").fill("14:00")
    pat.get_by_role("button", name="Save the draft").click()
    expect(pat.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(browser, pat, "announcement-wrong")
    pat.get_by_label("Title").fill("Job fair")
    pat.get_by_role("button", name="Save the draft").click()
    expect(pat.get_by_text("fewer than 5 people who asked")).to_be_visible()
    clean(browser, pat, "announcement")
    pat.get_by_role("button", name="Join my Telegram for tests").click()
    clean(browser, pat, "announcement-link")
    pat.go_back()
    pat.get_by_role("button", name="Send it", exact=True).click()
    expect(pat.get_by_text("not sent yet")).to_be_visible()
    clean(browser, pat, "announcement-sent")
    pat.get_by_role("button", name="Call it off").click()
    expect(pat.get_by_text("Called off")).to_be_visible()

    pat.get_by_role("link", name="Surveys").click()
    clean(browser, pat, "surveys")
    pat.get_by_role("radio").first.check()
    pat.get_by_role("button", name="See what goes to whom").click()
    expect(pat.get_by_role("button", name="Send it")).to_be_visible()
    clean(browser, pat, "survey-looked-at")
    pat.get_by_role("button", name="Send it").click()
    expect(pat.get_by_text("Sent before")).to_be_visible()
    clean(browser, pat, "survey-sent")
