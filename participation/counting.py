"""Counts statements of a month into cells. Pure.

A *root* is what is counted (`theme:repairs`, `kind:problem`, `all`), a *dimension* how it is cut (by
age, by tone, by origin). A statement is in one value of each dimension, and in as many roots as fit.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

NOT_KNOWN = "not_known"
AGES = ("16_17", "18_20", "21_25", NOT_KNOWN)
TONES = ("good", "problem", "both", "neither")
ORIGINS = ("own", "easy", "with_worker", "check_in", "survey")
VOICES = ("new", "regular")
STAGES = ("invited", "linked", "active", "told_us")
VALUES: Mapping[str, tuple[str, ...]] = {
    "age": AGES,
    "tone": TONES,
    "origin": ORIGINS,
    "voice": VOICES,
    "stage": STAGES,
}
#: How each kind of root is cut. Nothing is cut twice: a table has two dimensions at most.
CUT: Mapping[str, tuple[str, ...]] = {
    "all": ("age", "origin", "tone"),
    "theme": ("age", "tone"),
    "area": ("age",),
    "good": ("age",),
    "problem": ("age",),
    "feeling": ("age",),
    "home": ("age",),
    "kind": ("origin",),
    "people": ("age", "voice"),
    "funnel": ("stage",),
}
#: The scenario in which a feeling is about where somebody lives.
HOME = "where_i_live"


class Cell(NamedTuple):
    """One number of one month: a root, or one value of one of its dimensions."""

    root: str
    dimension: str = ""
    value: str = ""


@dataclass(frozen=True)
class Told:
    """What is counted of one statement. `voice` stands for its author within a quarter."""

    voice: str
    new_voice: bool
    age: str | None
    scenario: str
    origin: str
    tone: str | None
    feelings: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass
class Counts:
    """The cells of one month, and which voices are in each value of each dimension."""

    cells: Counter[Cell] = field(default_factory=Counter)
    voices: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def statements(self) -> int:
        """How many statements there are."""
        return self.cells[Cell("all")]


def kind_of(root: str) -> str:
    """Return what kind of root it is."""
    return root.partition(":")[0]


def values_of(told: Told) -> dict[str, str]:
    """Return the value a statement has in each dimension."""
    return {
        "age": told.age or NOT_KNOWN,
        "tone": told.tone or "neither",
        "origin": told.origin,
        "voice": "new" if told.new_voice else "regular",
    }


def roots_of(told: Told, areas: Mapping[str, str]) -> Iterator[str]:
    """Yield everything a statement counts towards, each once."""
    yield "all"
    yield f"kind:{told.scenario}"
    felt = "home" if told.scenario == HOME else "feeling"
    yield from (f"{felt}:{one}" for one in sorted(set(told.feelings)))
    yield from (f"theme:{one}" for one in sorted(set(told.themes)))
    for area in sorted({areas[one] for one in told.themes if one in areas}):
        yield f"area:{area}"
        if told.tone in {"good", "both"}:
            yield f"good:{area}"
        if told.tone in {"problem", "both"}:
            yield f"problem:{area}"


def count(statements: Iterable[Told], areas: Mapping[str, str]) -> Counts:
    """Return the counts of the statements of one month; `areas` has the area of each theme."""
    counts = Counts()
    for told in statements:
        values = values_of(told)
        for root in roots_of(told, areas):
            counts.cells[Cell(root)] += 1
            for dimension in CUT[kind_of(root)]:
                counts.cells[Cell(root, dimension, values[dimension])] += 1
        for dimension, value in values.items():
            counts.voices[dimension, value].add(told.voice)
        counts.voices["", ""].add(told.voice)
    return counts


def count_people(quarter: Iterable[Told]) -> Counter[Cell]:
    """Return how many people spoke, by age and by whether they are new: the last they said counts."""
    last = {told.voice: values_of(told) for told in quarter}
    new = {told.voice for told in quarter if told.new_voice}
    cells: Counter[Cell] = Counter()
    for voice, values in last.items():
        cells[Cell("people")] += 1
        cells[Cell("people", "age", values["age"])] += 1
        cells[Cell("people", "voice", "new" if voice in new else "regular")] += 1
    return cells
