"""The words of the pages, from words.yml: looked up by part and name."""

from functools import cache
from pathlib import Path
from typing import Any

from content.ids import read_yaml

FILE = Path(__file__).with_name("words.yml")


@cache
def everything() -> dict[str, Any]:
    """Return all of them."""
    return dict(read_yaml(FILE))


def words(part: str, name: str) -> str:
    """Return the words of a name; one that nobody wrote words for is shown as it is."""
    return str(everything()[part].get(name, name.replace("_", " ")))
