"""Journey 13: the practice page, by keyboard, on a phone, without scripts, and looked over by axe."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import faults
from tests.conftest import KEYS, ROOT
from tests.journeys.conftest import NLU_TOKEN, rasa

__all__ = ["rasa"]


@pytest.fixture(scope="module")
def address(postgres: str, template: str, rasa: str) -> Iterator[str]:
    """Serve the pages as `kith dashboard` does, and give their address."""
    del template
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        tempfile.TemporaryDirectory(prefix="kith") as folder,
        (Path(folder) / "log").open("wb") as log,
    ):
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("KITH_")
        }
        environment |= {
            "KITH_DATABASE_URL": postgres,
            "KITH_DATA_DIR": folder,
            "KITH_SECRET_KEYS": KEYS[0],
            "KITH_NLU_URL": rasa,
            "KITH_NLU_TOKEN": NLU_TOKEN,
            "KITH_DASHBOARD_PORT": str(port),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "dashboard"],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the dashboard did not start")


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page at the width of an old phone."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def test_a_practice_chat_works_by_keyboard_with_and_without_scripts(
    browser: Browser, page: Page, address: str
) -> None:
    page.goto(f"{address}/practice")
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="Cheshire East").click()
    page.get_by_label("Write a message").fill("can i stay at my foster mums after 18")
    page.keyboard.press("Enter")

    latest = page.locator("#latest")
    expect(latest).to_contain_text("Staying Put")
    expect(latest).to_contain_text("Cheshire East")
    assert faults(browser, page) == []
    page.get_by_role("button", name="Tell me more").last.click()
    expect(page.locator("#latest")).to_contain_text("adult in the home")
    widths = [page.locator(name).last.bounding_box() for name in (".kith-bubble", ".govuk-input")]
    assert all(box is not None and box["x"] + box["width"] <= 320 for box in widths)


def test_danger_looks_like_danger_and_rubbish_does_no_harm(
    browser: Browser, page: Page, address: str
) -> None:
    page.goto(f"{address}/practice")
    page.get_by_label("Write a message").fill(
        "<script>alert(1)</script> i want to kill myself tonight"
    )
    page.get_by_role("button", name="Send").click()

    expect(page.locator(".kith-bubble--danger").last).to_contain_text("999")
    assert "<script>alert(1)</script>" in page.locator(".kith-bubble--mine").last.inner_text()
    assert faults(browser, page) == []
    page.screenshot(path=str(Path(tempfile.gettempdir()) / "kith-practice.png"), full_page=True)
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".kith-bubble--mine")).to_have_count(0)


def test_health_is_told_in_ages_and_names_nobody(address: str) -> None:
    told = httpx.get(f"{address}/readyz").json()

    assert told["database"] == "up"
    assert told["model"] == "up"
    assert set(told["ages_in_seconds"]) == {
        "last_poll",
        "oldest_unhandled_update",
        "oldest_unsent_safety_reply",
        "oldest_unopened_flag",
        "oldest_due_contact",
        "oldest_unsent_message",
        "oldest_unsent_letter",
        "last_tick",
    }
    assert "kith_last_tick_seconds" in httpx.get(f"{address}/metrics").text
