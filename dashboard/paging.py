"""Where the next page of a list begins: the moment and number of the last row, as a part of an address."""

from datetime import datetime

SEPARATOR = "~"


def key_of(moment: datetime, number: int) -> str:
    """Return a place in a list."""
    return f"{moment.isoformat()}{SEPARATOR}{number}"


def key_given(text: str) -> tuple[datetime, int] | None:
    """Read a place in a list; what is none begins at the top."""
    moment, _, number = text.partition(SEPARATOR)
    try:
        found = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return found if found[0].tzinfo and abs(found[1]) < 2**63 else None


def number_given(text: str) -> int | None:
    """Read the number of a row; what is none begins at the top."""
    return int(text) if text.isdecimal() and int(text) < 2**63 else None
