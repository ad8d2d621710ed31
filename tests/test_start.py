"""A start for real is refused without the numbers that somebody in danger at night needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from content.councils import NEEDED_TO_GO_LIVE
from settings import load
from wiring import base


@pytest.fixture(autouse=True)
def with_a_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from an empty folder and a token that Telegram would take."""
    for name in list(os.environ):
        if name.upper().startswith("KITH_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KITH_TELEGRAM_TOKEN", "123456:a-token-that-nobody-may-see")


@pytest.mark.parametrize(
    ("command", "council"), [("bot", "cheshire_east"), ("up", "cambridgeshire")]
)
def test_a_real_start_is_refused_with_a_list_of_every_number_that_is_missing(
    command: str, council: str, tmp_path: Path
) -> None:
    kith = str(Path(sys.executable).with_name("kith"))

    refused = subprocess.run(
        [kith, command],
        env={**os.environ, "KITH_COUNCIL": council},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("Not started. ")
    assert "Traceback" not in refused.stderr
    for line in NEEDED_TO_GO_LIVE:
        assert f"content/councils/{council}.yml has no phone number for {line}" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    library = base.load_library(load())
    lines = {"duty": {"name": "Duty", "phone": "01632 960 101"}}
    library.councils["cheshire_east"].lines.update(lines)
    monkeypatch.setattr(base, "load_library", lambda _settings: library)

    refusal = base.refusal_to_start(load())

    assert "emergency_duty_team" in refusal
    assert "housing_out_of_hours" in refusal
    assert "number for duty" not in refusal


def test_a_start_with_all_numbers_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    library = base.load_library(load())
    for name in NEEDED_TO_GO_LIVE:
        library.councils["cheshire_east"].lines[name] = {"name": name, "phone": "01632 960 101"}
    monkeypatch.setattr(base, "load_library", lambda _settings: library)

    assert base.refusal_to_start(load()) == ""


def test_a_council_that_does_not_exist_is_refused_and_the_real_ones_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KITH_COUNCIL", "atlantis")

    refusal = base.refusal_to_start(load())

    assert "KITH_COUNCIL is atlantis" in refusal
    assert "cambridgeshire, cheshire_east" in refusal


@pytest.mark.parametrize(
    "practice",
    [{"KITH_TELEGRAM_API_URL": "http://127.0.0.1:9000"}, {"KITH_DEMO": "1"}],
)
def test_practice_is_not_refused(practice: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in practice.items():
        monkeypatch.setenv(name, value)

    assert base.refusal_to_start(load()) == ""


def test_a_relay_on_this_machine_is_real_when_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_TELEGRAM_API_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv("KITH_LIVE", "1")

    assert "emergency_duty_team" in base.refusal_to_start(load())
