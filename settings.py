"""Every setting, read once from the environment and `.env`, in one frozen object."""

import re
import secrets
import sys
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

#: Below this a key can be guessed; the refusal says how to make a good one.
SHORTEST_KEY = 32


class SettingsError(Exception):
    """A setting is missing or wrong; worth starting again only once it is mended."""


class Settings(BaseSettings):
    """What the environment says. `docs/settings.md` explains each, and a test compares them."""

    model_config = SettingsConfigDict(
        env_prefix="KITH_",
        env_file=".env",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_per_second: Annotated[int, Field(ge=10, le=1000)] = 30
    webhook_url: str | None = None
    webhook_secret: Annotated[SecretStr | None, Field(validate_default=True)] = None
    webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8443
    database_url: SecretStr | None = None
    data_dir: Path = Path("var")
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    council: str = "cheshire_east"
    timezone: str = "Europe/London"
    nlu_url: str = "http://127.0.0.1:5005"
    nlu_token: SecretStr | None = None
    nlu_timeout: timedelta = timedelta(milliseconds=800)
    events_per_hour: Annotated[int, Field(ge=1, le=3600)] = 60
    events_approve_above: Annotated[int, Field(ge=0)] = 20
    dashboard_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    dashboard_url: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = "kith@localhost"
    duty_email: str | None = None
    log_level: str = "INFO"
    live: bool = False
    demo: bool = False

    @field_validator("secret_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("secret_keys")
    @classmethod
    def _refuse_short_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key.get_secret_value()) < SHORTEST_KEY for key in keys):
            message = (
                f"each key needs at least {SHORTEST_KEY} characters; make one with `kith keys new`"
            )
            raise ValueError(message)
        return keys

    @field_validator("nlu_timeout", mode="before")
    @classmethod
    def _seconds(cls, value: object) -> object:
        return timedelta(seconds=float(value)) if isinstance(value, str) else value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            message = "must be DEBUG, INFO, WARNING or ERROR"
            raise ValueError(message)
        return value.upper()

    @field_validator("webhook_secret")
    @classmethod
    def _long_webhook_secret(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        if value is None and info.data.get("webhook_url") is not None:
            raise ValueError("is needed with KITH_WEBHOOK_URL")
        # safety.md SEC-51: 64 characters or more, from Telegram's allowed alphabet.
        if value is not None:
            text = value.get_secret_value()
            if not re.fullmatch(r"[A-Za-z0-9_-]{64,256}", text):
                message = "needs 64 to 256 letters, digits, - or _"
                raise ValueError(message)
        return value

    @property
    def shows_made_up_numbers(self) -> bool:
        """Whether unknown council numbers are made up: only where no young person can be."""
        on_telegram = self.telegram_token is not None and not _is_loopback(self.telegram_api_url)
        return self.demo and not on_telegram and not self.live

    @property
    def is_live(self) -> bool:
        """Whether young people can be at the other end.

        A Bot API on this machine's loopback is a test server unless `KITH_LIVE` says it is
        a council's own relay to Telegram (`docs/decisions/0007-when-a-start-is-real.md`).
        """
        if self.telegram_token is None or self.demo:
            return False
        return self.live or not _is_loopback(self.telegram_api_url)

    def keys(self) -> tuple[str, ...]:
        """Return the secret keys, newest first; make one in the data folder when none is set."""
        if self.secret_keys:
            return tuple(key.get_secret_value() for key in self.secret_keys)
        return (kept_secret(self.data_dir / "keys" / "secret_key"),)

    def rasa_token(self) -> str:
        """Return the token between Kith and its Rasa server, made once when none is set."""
        if self.nlu_token is not None:
            return self.nlu_token.get_secret_value()
        return kept_secret(self.data_dir / "keys" / "nlu_token")

    def dashboard_address(self) -> str:
        """Return the address staff open in a browser, without a trailing slash."""
        return (self.dashboard_url or f"http://127.0.0.1:{self.dashboard_port}").rstrip("/")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def kept_secret(path: Path) -> str:
    """Return the secret kept in a file only its owner can read; make it when there is none.

    Two processes that start together agree: the file is created whole and never replaced.
    """
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48), "ascii")
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass  # the other process was first: its secret is the one
    finally:
        fresh.unlink()
    return path.read_text("ascii").strip()


def load() -> Settings:
    """Return the settings, or raise SettingsError naming every fault at once."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"KITH_{str(fault['loc'][0]).upper()}: {fault['msg']}" if fault["loc"] else fault["msg"]
            for fault in error.errors(include_input=False)
        ]
        raise SettingsError("Settings need mending. " + "; ".join(faults)) from None


def load_or_exit() -> Settings:
    """Return the settings; leave with one clear line when something is wrong with them."""
    try:
        return load()
    except SettingsError as error:
        sys.exit(str(error))
