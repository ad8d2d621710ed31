"""The letters staff get, waited for and read as they would read them."""

import email
import time
from dataclasses import dataclass
from email import policy

from sqlalchemy import select

from storage.tables import Alert
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


def letters_about(world: World, *references: str) -> list[Letter]:
    """Wait until nobody is still to be told, and return the letters about these."""

    def all_told() -> bool:
        with world.session() as session:
            return session.scalar(select(Alert.id).where(Alert.accepted_at.is_(None))) is None

    world.wait_until(all_told)
    told = letters(world, 0)
    return [one for one in told if any(name in one.subject + one.text for name in references)]


def _read(to: str, content: str) -> Letter:
    parsed = email.message_from_string(content, policy=policy.default)
    return Letter(to, str(parsed["Subject"]), str(parsed.get_content()))
