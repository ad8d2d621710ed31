"""Settings are read once; what is wrong with them is said in one go, and never shows a secret."""

import os
import stat
from pathlib import Path

import pytest

from settings import Settings, SettingsError, kept_secret, load

TOKEN = "123456:a-token-that-nobody-may-see"
KEY = "a-key-that-is-long-enough-to-be-used-here"
LOOPBACK = (
    "http://127.0.0.1:9000",
    "http://localhost:9000",
    "http://[::1]:9000",
    "http://127.1.2.3",
)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from an environment and a folder that say nothing."""
    for name in list(os.environ):
        if name.upper().startswith("KITH_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def settings(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    """Return the settings with these in the environment."""
    for name, value in values.items():
        monkeypatch.setenv(f"KITH_{name.upper()}", value)
    return load()


def test_nothing_needs_to_be_set() -> None:
    assert load().council == "cheshire_east"


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "webhook_port": "0",
        "dashboard_port": "99999",
        "log_level": "loud",
        "secret_keys": "short",
        "nlu_timeout": "soon",
        "webhook_secret": "abc",
        "live": "perhaps",
    }

    with pytest.raises(SettingsError) as raised:
        settings(monkeypatch, **wrong)

    for name in wrong:
        assert f"KITH_{name.upper()}:" in str(raised.value)


def test_a_fault_never_shows_the_secret_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as raised:
        settings(monkeypatch, secret_keys="pssst", webhook_secret="hush", telegram_token=TOKEN)

    assert not [one for one in ("pssst", "hush", TOKEN) if one in str(raised.value)]


@pytest.mark.parametrize("keys", ["", "short", "k" * 31, f"{KEY},short", f"{KEY},", f"short,{KEY}"])
def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    with pytest.raises(SettingsError, match="KITH_SECRET_KEYS"):
        settings(monkeypatch, secret_keys=keys)


def test_keys_come_newest_first_without_the_spaces_round_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings(monkeypatch, secret_keys=f" {KEY} , {KEY}2").keys() == (KEY, f"{KEY}2")


@pytest.mark.parametrize("secret", ["a" * 63, "a" * 64 + "!", "a" * 257, "é" * 64])
def test_a_webhook_secret_that_telegram_would_not_take_is_refused(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    with pytest.raises(SettingsError, match="KITH_WEBHOOK_SECRET"):
        settings(monkeypatch, webhook_secret=secret)


@pytest.mark.parametrize("secret", ["a" * 64, "aZ9_-" * 20, "a" * 256])
def test_a_long_webhook_secret_is_taken(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    assert settings(
        monkeypatch, webhook_url="https://kith.example.org", webhook_secret=secret
    ).webhook_secret


def test_a_token_means_a_real_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, telegram_token=TOKEN).is_live


def test_without_a_token_no_start_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings(monkeypatch, live="true").is_live


@pytest.mark.parametrize("url", LOOPBACK)
def test_a_bot_api_on_this_machine_is_a_test_unless_somebody_says_it_is_real(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    assert not settings(monkeypatch, telegram_token=TOKEN, telegram_api_url=url).is_live
    assert settings(monkeypatch, live="true").is_live


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.0.4:8081",
        "https://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://10.0.0.1",
        "nonsense",
    ],
)
def test_a_bot_api_anywhere_else_is_a_real_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert settings(monkeypatch, telegram_token=TOKEN, telegram_api_url=url).is_live


def test_a_demonstration_is_never_a_real_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings(monkeypatch, telegram_token=TOKEN, live="true", demo="true").is_live


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().council = "cambridgeshire"


def test_settings_shown_by_accident_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = repr(
        settings(
            monkeypatch,
            telegram_token=TOKEN,
            secret_keys=KEY,
            database_url="postgresql://u:pw-pw@h/d",
            smtp_url="smtp://u:pw-pw@h",
            nlu_token="n-n-n",
            webhook_secret="w" * 64,
            webhook_url="https://kith.example.org",
        )
    )

    assert not [one for one in (TOKEN, KEY, "pw-pw", "n-n-n", "w" * 64) if one in shown]


def test_settings_are_read_from_a_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("KITH_COUNCIL=cambridgeshire\nKITH_LOG_LEVEL=debug\n", "utf-8")

    found = settings(monkeypatch, log_level="error")

    assert (found.council, found.log_level) == ("cambridgeshire", "ERROR")


def test_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first, second = load().keys(), load().keys()

    kept = tmp_path / "var" / "keys" / "secret_key"
    assert first == second
    assert len(first[0]) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [one.name for one in kept.parent.iterdir()] == ["secret_key"]


def test_a_kept_secret_is_never_replaced(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("the first one\n", "ascii")

    assert kept_secret(kept) == "the first one"


def test_the_dashboards_address_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().dashboard_address() == "http://127.0.0.1:8000"
    assert (
        settings(monkeypatch, dashboard_url="https://kith.example.org/").dashboard_address()
        == "https://kith.example.org"
    )
