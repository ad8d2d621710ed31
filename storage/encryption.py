"""Words at rest: AES-GCM with key ids, and blind indexes. The only module that touches ciphers.

Stored form: ``k1.<key id>.<base64 of nonce + ciphertext>``. The column's name is authenticated with
the text, so a value copied into another column does not open (safety.md PRIV-03).
"""

import base64
import hashlib
import hmac
import json
import os
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

PREFIX = "k1"
NONCE_LENGTH = 12


class DecryptionError(Exception):
    """No key we hold opens this value: the keys are wrong or the value was tampered with."""


class Keyring:
    """The keys of one installation, newest first: the newest seals, any of them opens."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        """Derive a cipher from each secret; secrets are text of 32 characters or more."""
        self._ciphers = {
            _key_id(secret): AESGCM(_derive(secret, b"kith words")) for secret in secrets
        }
        self.newest = _key_id(secrets[0])

    def seal(self, text: str, *, column: str) -> str:
        """Return the text encrypted under the newest key, for one column only."""
        nonce = os.urandom(NONCE_LENGTH)
        sealed = self._ciphers[self.newest].encrypt(nonce, text.encode(), column.encode())
        return f"{PREFIX}.{self.newest}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, stored: str, *, column: str) -> str:
        """Return the text of a sealed value; raise DecryptionError when no key opens it."""
        try:
            prefix, key_id, body = stored.split(".", 2)
            raw = base64.urlsafe_b64decode(body)
            cipher = self._ciphers[key_id]
            if prefix != PREFIX:
                raise DecryptionError("This value was sealed in a way we do not know.")
            return cipher.decrypt(raw[:NONCE_LENGTH], raw[NONCE_LENGTH:], column.encode()).decode()
        except (KeyError, ValueError, InvalidTag) as error:
            message = f"A value of {column} cannot be opened with the keys given."
            raise DecryptionError(message) from error


def _key_id(secret: str) -> str:
    return hashlib.sha256(b"kith key id" + secret.encode()).hexdigest()[:8]


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


class _Vault:
    """Where the column types find the keyring; set once at start by `unlock`."""

    keyring: Keyring | None = None
    index_key: bytes | None = None

    @classmethod
    def ring(cls) -> Keyring:
        if cls.keyring is None:
            raise DecryptionError("The keys are not loaded: call storage.encryption.unlock first.")
        return cls.keyring


def unlock(keyring: Keyring) -> None:
    """Make the keys known to every encrypted column of this process."""
    _Vault.keyring = keyring


def keyring() -> Keyring:
    """Return the keyring of this process; raise DecryptionError when none is loaded."""
    return _Vault.ring()


def use_index_key(key: bytes) -> None:
    """Make the key of the blind indexes known to this process."""
    _Vault.index_key = key


def blind_index(value: str, *, column: str) -> bytes:
    """Return what stands for a value in a lookup, so that the value itself need not be readable."""
    if _Vault.index_key is None:
        raise DecryptionError("The index key is not loaded: open the database first.")
    return hmac.digest(_Vault.index_key, f"{column}:{value}".encode(), "sha256")


class Sealed(TypeDecorator[str]):
    """A text column that only ever holds sealed words."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        """Bind the type to its `table.column`, which is authenticated with the words."""
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal on the way in. PostgreSQL cannot hold NUL or half characters, ciphertext can."""
        del dialect
        if value is None:
            return None
        clean = value.encode("utf-8", "replace").decode("utf-8")
        return _Vault.ring().seal(clean, column=self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        del dialect
        return None if value is None else _Vault.ring().open(value, column=self.column)

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        """Copy by name, as Alembic and SQLAlchemy do with column types."""
        return (type(self), (self.column,))


class SealedJson(Sealed):
    """A column of JSON that only ever holds sealed words."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write as JSON, then seal."""
        return super().process_bind_param(
            None if value is None else json.dumps(value, ensure_ascii=True), dialect
        )

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Open, then read as JSON."""
        text = super().process_result_value(value, dialect)
        return None if text is None else json.loads(text)


class BlindIndex(LargeBinary):
    """The column that finds a row by a value we keep sealed."""

    cache_ok = True
