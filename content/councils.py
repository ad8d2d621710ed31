"""What each council has filled in, and the sentence that takes its place where it has not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.ids import FOLDER, read_yaml

#: A young person in danger at night needs these; nothing goes live without them (safety.md 3.5).
NEEDED_TO_GO_LIVE = ("emergency_duty_team", "duty", "housing_out_of_hours")


@dataclass(frozen=True)
class Council:
    """One council: its name, its places, and the ways to reach its people that are public."""

    id: str
    name: str
    short_name: str
    places: tuple[str, ...]
    lines: dict[str, dict[str, str]]
    specialists: dict[str, str]
    hours: dict[str, tuple[str, str]] | None

    def phone(self, line: str) -> str | None:
        """Return the phone number of a line when one is known."""
        return self.lines.get(line, {}).get("phone")

    def missing(self) -> tuple[str, ...]:
        """Return the lines without a number that a real start needs."""
        return tuple(line for line in NEEDED_TO_GO_LIVE if not self.phone(line))


def load_councils(folder: Path = FOLDER / "councils") -> dict[str, Council]:
    """Return every council with a file, by id."""
    files = sorted(path for path in folder.glob("*.yml") if path.stem not in {"lines", "demo"})
    return {council.id: council for council in (_council(read_yaml(path)) for path in files)}


def _council(raw: dict[str, Any]) -> Council:
    hours = raw.get("working_hours")
    return Council(
        id=raw["id"],
        name=raw["name"],
        short_name=raw.get("short_name", raw["name"]),
        places=tuple(str(place) for place in raw.get("places") or ()),
        lines={
            line: {key: str(value) for key, value in about.items()}
            for line, about in (raw.get("lines") or {}).items()
            if not about.get("draft")
        },
        specialists={topic: str(role) for topic, role in (raw.get("specialists") or {}).items()},
        hours={day: (str(span[0]), str(span[1])) for day, span in hours.items()} if hours else None,
    )


def with_demo_numbers(
    councils: dict[str, Council], folder: Path = FOLDER / "councils"
) -> dict[str, Council]:
    """Return the councils with made-up numbers where none is known, for demonstrations only.

    The numbers are from the ranges kept for drama: nobody can ever be reached on them.
    """
    demo = read_yaml(folder / "demo.yml")["lines"]
    return {
        council.id: Council(**{**vars(council), "lines": {**demo, **council.lines}})
        for council in councils.values()
    }
