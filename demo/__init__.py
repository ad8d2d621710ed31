"""Made-up people and a made-up fortnight for `make demo`: who the staff are, and how they sign in."""

import base64
import hmac
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
#: Name, e-mail, role and council of everybody. Addresses under example.org reach nobody (RFC 2606).
STAFF = tuple(yaml.safe_load((FOLDER / "people.yml").read_text("utf-8"))["staff"])
EMAILS = frozenset(str(one["email"]) for one in STAFF)


def sign_ins(key: str) -> list[str]:
    """Return a line for one made-up member of staff of each role: how to sign in."""
    first = {one["role"]: str(one["email"]) for one in reversed(STAFF)}
    return [
        f"{role}: {first[role]}  password {password(key, first[role])}  authenticator key {totp_secret(key, first[role])}"
        for role in dict.fromkeys(str(one["role"]) for one in STAFF)
    ]


def password(key: str, email: str) -> str:
    """Return the password of a made-up member of staff."""
    letters = base64.b32encode(_made(key, email, "password")).decode().casefold()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8, 12))


def totp_secret(key: str, email: str) -> str:
    """Return the authenticator key of a made-up member of staff."""
    return base64.b32encode(_made(key, email, "code")[:20]).decode()


def _made(key: str, email: str, what: str) -> bytes:
    return hmac.digest(key.encode(), f"demo {what} {email}".encode(), "sha256")
