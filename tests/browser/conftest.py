"""A real browser for the pages, and axe to look them over."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT

AXE = ROOT / "dashboard" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's own Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def faults(browser: Browser, page: Page) -> list[str]:
    """Return what axe finds wrong with a page as it stands."""
    html, url = page.content(), page.url
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    looked_over = context.new_page()
    looked_over.route(
        url.split("#")[0], lambda route: route.fulfill(body=html, content_type="text/html")
    )
    looked_over.goto(url)
    looked_over.evaluate(AXE.read_text("utf-8"))
    found = looked_over.evaluate(
        "async () => (await axe.run()).violations.map(one => one.id + ': ' + one.help)"
    )
    context.close()
    return [str(one) for one in found]
