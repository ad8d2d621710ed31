"""What young people can ask news about, and by day when it goes out."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from content.ids import FOLDER, read_yaml

FILE = FOLDER / "events.yml"
LABEL = "news"


@dataclass(frozen=True)
class Events:
    """The interests there are, and the hours and days that hold for every announcement."""

    interests: tuple[str, ...]
    sent_from: time
    sent_to: time
    remind_days_before: int
    remind_at: time
    news_days: int


def load_events(path: Path = FILE) -> Events:
    """Return it from its file; a fault is a KeyError, TypeError or ValueError."""
    raw = read_yaml(path)
    between, reminder = raw["sent_between"], raw["reminder"]
    return Events(
        interests=tuple(one["id"] for one in raw["interests"]),
        sent_from=time.fromisoformat(between["from"]),
        sent_to=time.fromisoformat(between["to"]),
        remind_days_before=int(reminder["days_before"]),
        remind_at=time.fromisoformat(reminder["at"]),
        news_days=int(raw["news_days"]),
    )


def labels() -> dict[str, str]:
    """Return the words on the buttons: of interests by `news.ID`, of the others by their id."""
    raw = read_yaml(FILE)
    return {f"{LABEL}.{one['id']}": one["label"] for one in raw["interests"]} | dict(raw["labels"])
