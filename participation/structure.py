"""How the cells of one month hang together: what anybody who reads the tables knows without being told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from participation.attack import Sum
from participation.counting import CUT, VALUES, Cell, kind_of

Terms = dict[tuple[int, Cell], int]


def family_of(root: str, areas: Mapping[str, str]) -> str:
    """Return which roots hang together with this one: its area's, or all kinds of statement."""
    kind, _, name = root.partition(":")
    match kind:
        case "theme":
            return f"area:{areas.get(name, name)}"
        case "area" | "good" | "problem":
            return f"area:{name}"
        case "all" | "kind":
            return "all"
        case _:
            return root


def cells_of(root: str) -> Iterator[Cell]:
    """Yield every cell of a root: its total, and each value of each of its dimensions."""
    yield Cell(root)
    for dimension in CUT[kind_of(root)]:
        yield from (Cell(root, dimension, value) for value in VALUES[dimension])


def sums_of(at: int, roots: Iterable[str], areas: Mapping[str, str]) -> Iterator[Sum]:
    """Yield what holds between the cells of these roots in one count."""
    roots = list(roots)
    for root in roots:
        for dimension in CUT[kind_of(root)]:
            parts = [Cell(root, dimension, value) for value in VALUES[dimension]]
            yield _equal(at, parts, [Cell(root)])
    by_area = defaultdict(list)
    for root in roots:
        by_area[family_of(root, areas)].append(root)
    for family, members in by_area.items():
        if family == "all" and "all" in members:
            kinds = [one for one in members if one != "all"]
            yield _equal(at, [Cell(one) for one in kinds], [Cell("all")])
            for value in VALUES["origin"]:
                parts = [Cell(one, "origin", value) for one in kinds]
                yield _equal(at, parts, [Cell("all", "origin", value)])
        elif family.startswith("area:") and family in members:
            yield from _within_area(at, family, members)


def _within_area(at: int, area: str, members: list[str]) -> Iterator[Sum]:
    themes = [one for one in members if one.startswith("theme:")]
    name = area.partition(":")[2]
    inside = [*themes, f"good:{name}", f"problem:{name}"]
    for age in (Cell("", "", ""), *(Cell("", "age", value) for value in VALUES["age"])):
        here = [Cell(one, age.dimension, age.value) for one in inside if one in members]
        whole = Cell(area, age.dimension, age.value)
        yield from (_at_most(at, [one], [whole]) for one in here)
        yield _at_most(at, [whole], [one for one in here if one.root in themes])
    for tone in ("good", "problem"):
        if f"{tone}:{name}" in members:
            whole = Cell(f"{tone}:{name}")
            for one in themes:
                parts = [Cell(one, "tone", tone), Cell(one, "tone", "both")]
                yield _at_most(at, parts, [whole])


def _terms(at: int, plus: Iterable[Cell], minus: Iterable[Cell]) -> Terms:
    terms: Terms = defaultdict(int)
    for cell in plus:
        terms[at, cell] += 1
    for cell in minus:
        terms[at, cell] -= 1
    return dict(terms)


def _equal(at: int, left: Iterable[Cell], right: Iterable[Cell]) -> Sum:
    return Sum(_terms(at, left, right), 0, 0)


def _at_most(at: int, left: Iterable[Cell], right: Iterable[Cell]) -> Sum:
    return Sum(_terms(at, right, left), 0, None)
