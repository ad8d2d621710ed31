"""The letters staff get, waited for and read as they would read them."""

import email
import time
from dataclasses import dataclass
from email import policy

from tests.journeys.conftest import World


@dataclass(frozen=True)
class Letter:
    """One e-mail that was accepted."""

    to: str
    subject: str
    text: str


def letters(world: World, count: int, *, seconds: float = 15) -> list[Letter]:
    """Wait until at least this many letters were accepted, and return them all."""
    deadline = time.monotonic() + seconds
    while len(world.mail.messages) < count:
        assert time.monotonic() < deadline, (
            f"only {len(world.mail.messages)} of {count} letters came"
        )
        time.sleep(0.05)
    return [_read(to, content) for to, content in world.mail.messages]


def _read(to: str, content: str) -> Letter:
    parsed = email.message_from_string(content, policy=policy.default)
    return Letter(to, str(parsed["Subject"]), str(parsed.get_content()))
