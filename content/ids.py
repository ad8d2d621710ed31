"""The ids everybody shares, read from `taxonomy.yml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Ids:
    """The ids of one release: articles by topic, everything else a message may mean, and themes by area."""

    topics: dict[str, tuple[str, ...]]
    firsts: frozenset[str]
    intents: dict[str, tuple[str, ...]]
    levels: tuple[str, ...]
    categories: tuple[str, ...]
    themes: dict[str, tuple[str, ...]]

    @property
    def articles(self) -> frozenset[str]:
        """Every article id, as `topic.name`."""
        return frozenset(
            f"{topic}.{name}" for topic, names in self.topics.items() for name in names
        )

    @property
    def every_intent(self) -> frozenset[str]:
        """Every intent that is not an article."""
        return frozenset(name for group in self.intents.values() for name in group)


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def load_ids() -> Ids:
    """Return the ids of this release."""
    raw = read_yaml(FOLDER / "taxonomy.yml")
    return Ids(
        topics={topic: tuple(names) for topic, names in raw["articles"].items()},
        firsts=frozenset(
            f"{topic}.{name}"
            for topic, names in raw["articles"].items()
            for name, about in names.items()
            if about["first"] == 1
        ),
        intents={group: tuple(names) for group, names in raw["intents"].items()},
        levels=tuple(raw["levels"]),
        categories=tuple(raw["risk_categories"]),
        themes={area: tuple(names) for area, names in raw["themes"].items()},
    )
