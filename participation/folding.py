"""Values of a dimension with too few people in them are put together, or not told apart. Pure (PRIV-30)."""

from collections.abc import Iterable, Mapping

from participation.counting import AGES, NOT_KNOWN, VALUES
from participation.figures import FEWEST_PEOPLE

Groups = tuple[tuple[str, ...], ...]
#: A statement that is good and a problem at once counts as praise and as a problem.
TONES: Groups = (("good", "both"), ("problem", "both"))


def ages(people: Mapping[str, int]) -> Groups:
    """Return the bands to tell apart: neighbours are joined until each has enough people.

    Nothing is told apart when only one band would be left: it would be the total again.
    """
    groups: list[list[str]] = []
    for band in AGES:
        if band == NOT_KNOWN:
            continue
        if groups and _size(groups[-1], people) < FEWEST_PEOPLE:
            groups[-1].append(band)
        else:
            groups.append([band])
    if len(groups) > 1 and _size(groups[-1], people) < FEWEST_PEOPLE:
        small = groups.pop()
        groups[-1] += small
    known = [tuple(one) for one in groups if _size(one, people) >= FEWEST_PEOPLE]
    known += [(NOT_KNOWN,)] if people.get(NOT_KNOWN, 0) >= FEWEST_PEOPLE else []
    return tuple(known) if len(known) > 1 else ()


def apart(dimension: str, people: Mapping[str, int]) -> Groups:
    """Return the values of a dimension that have enough people to be told apart."""
    match dimension:
        case "age":
            return ages(people)
        case "tone":
            return tuple(one for one in TONES if _size(one, people) >= FEWEST_PEOPLE)
        case "stage":
            return tuple((one,) for one in VALUES[dimension])
        case _:
            groups = tuple((one,) for one in VALUES[dimension])
            return tuple(one for one in groups if _size(one, people) >= FEWEST_PEOPLE)


def _size(values: Iterable[str], people: Mapping[str, int]) -> int:
    """Return how many people are in some values, at the least: one may be in several."""
    return max((people.get(one, 0) for one in values), default=0)
