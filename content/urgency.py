"""Which of two needs is answered first: the bands of `urgency.yml`, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from content.ids import FOLDER, Ids, read_yaml

FILE = FOLDER / "urgency.yml"


@dataclass(frozen=True)
class Urgency:
    """The place of each article among the bands, the place of a wish for a person, and the last."""

    articles: dict[str, int]
    person: int
    last: int
    never_beside_danger: frozenset[str]

    def of(self, intent: str) -> int:
        """Return how soon a need is answered: 0 comes first. Whatever is in no band comes last."""
        return self.articles.get(intent, self.last)


@cache
def load_urgency() -> Urgency:
    """Return the bands of this release."""
    held = read_yaml(FILE)
    bands = held["bands"]
    return Urgency(
        {one: place for place, band in enumerate(bands) for one in band.get("articles", ())},
        next(place for place, band in enumerate(bands) if band.get("people")),
        len(bands),
        frozenset(held["never_beside_danger"]),
    )


def faults(ids: Ids) -> Iterator[str]:
    """Yield every article of the bands that does not exist, stands twice, or has no reason."""
    held = read_yaml(FILE)
    listed = [one for band in held["bands"] for one in band.get("articles", ())]
    named = {*listed, *held["never_beside_danger"]}
    yield from (f"urgency.yml: {one} is no article" for one in sorted(named - ids.articles))
    yield from (
        f"urgency.yml: {one} is in two bands"
        for one in sorted(set(listed))
        if listed.count(one) > 1
    )
    yield from (
        f"urgency.yml: {band['id']} has no reason" for band in held["bands"] if not band.get("why")
    )
