"""Changing rows and saying how many."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def change(session: Session, statement: Delete | Update) -> int:
    """Run a statement that changes rows, and return how many it changed."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
