"""The trained models on disk: which is current, whether it is whole, and which to keep.

A model is `models/<fingerprint>.tar.gz` with its SHA-256 beside it; `models/current.json`
points at the one to serve. To roll back, point it at another.
"""

import hashlib
import json
import os
from pathlib import Path

KEPT = 3


class ModelError(Exception):
    """The model is missing or is not the file that training wrote. Train again."""


def folder(data_dir: Path) -> Path:
    """Return where models live."""
    return data_dir / "models"


def path(data_dir: Path, fingerprint: str) -> Path:
    """Return where the model of that fingerprint is, or would be."""
    return folder(data_dir) / f"{fingerprint}.tar.gz"


def current(data_dir: Path) -> Path:
    """Return the model to serve. Raise ModelError if there is none, or it was changed."""
    try:
        pointer = json.loads((folder(data_dir) / "current.json").read_text("utf-8"))
        model, sha256 = (
            path(data_dir, str(pointer["fingerprint"])),
            str(pointer["sha256"]),
        )
    except FileNotFoundError as error:
        raise ModelError("No model has been trained yet.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("models/current.json cannot be read.") from error
    verify(model)
    if _pin(model).read_text("utf-8").strip() != sha256:
        raise ModelError(f"{model.name} is not the one that current.json points at.")
    return model


def verify(model: Path) -> None:
    """Raise ModelError unless the model is byte for byte what training wrote."""
    try:
        pinned = _pin(model).read_text("utf-8").strip()
        held = digest(model)
    except FileNotFoundError as error:
        raise ModelError(f"{model.name}, or the SHA-256 beside it, is missing.") from error
    if held != pinned:
        raise ModelError(f"{model.name} has changed since it was trained.")


def keep(data_dir: Path, made: Path, fingerprint: str) -> Path:
    """Take in a model just trained and pin it. Return where it now is."""
    model = path(data_dir, fingerprint)
    made.replace(model)
    _write(_pin(model), digest(model) + "\n")
    return model


def point_at(data_dir: Path, fingerprint: str) -> None:
    """Make that model the current one, and drop all but the last few."""
    model = path(data_dir, fingerprint)
    verify(model)
    sha256 = _pin(model).read_text("utf-8").strip()
    pointer = json.dumps({"fingerprint": fingerprint, "sha256": sha256}, indent=2) + "\n"
    _write(folder(data_dir) / "current.json", pointer)
    # A fresh date keeps a model that was rolled back to from being dropped as old.
    os.utime(model)
    newest_first = sorted(
        folder(data_dir).glob("*.tar.gz"),
        key=lambda one: one.stat().st_mtime,
        reverse=True,
    )
    for old in newest_first[KEPT:]:
        old.unlink()
        _pin(old).unlink(missing_ok=True)


def digest(file: Path) -> str:
    """Return the file's SHA-256."""
    with file.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def _pin(model: Path) -> Path:
    return model.with_name(model.name + ".sha256")


def _write(file: Path, text: str) -> None:
    # Whole or not at all: a server may be starting while we write.
    half = file.with_name(file.name + ".new")
    half.write_text(text, "utf-8")
    half.replace(file)
