"""What no theme covers: words and groups of statements that come up, for a person to look at.

Nothing here is published by itself. Only words that may be used are read, small numbers are not
shown, and no example before ten people said something alike.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from feedback.themes.features import words
from meaning.encoder import Vectors

#: Who is fewer than this is not counted out loud; an example needs more.
FEWEST_PEOPLE, PEOPLE_FOR_EXAMPLES = 5, 10
#: How alike two statements must be to be about one thing, and how often a word must surprise.
ALIKE, SURPRISE = 0.5, 2.0
MOST_SHOWN, MOST_EXAMPLES = 20, 3
SHORTEST_WORD = 4


@dataclass(frozen=True)
class Uncovered:
    """One statement that no theme covers: whose (never shown), and the words that may be used."""

    whose: str
    text: str
    may_quote: bool


@dataclass(frozen=True)
class Topic:
    """What comes up: the words that tell it apart, how many people said so, and perhaps examples."""

    words: tuple[str, ...]
    people: int
    examples: tuple[str, ...]


def topics(
    found: Sequence[Uncovered],
    usual: Iterable[str],
    vectors: Callable[[list[str]], Vectors],
) -> list[Topic]:
    """Return what comes up in these statements, most people first: groups, then single words."""
    if not found:
        return []
    surprising = _surprising(found, usual)
    groups = [_topic(group, surprising) for group in _groups(found, vectors)]
    grouped = {word for topic in groups for word in topic.words}
    single = [
        _topic([one for one in found if word in _pieces(one.text)], {word: worth})
        for word, worth in surprising.items()
        if word not in grouped
    ]
    shown = [one for one in (*groups, *single) if one.people >= FEWEST_PEOPLE and one.words]
    return sorted(shown, key=lambda one: -one.people)[:MOST_SHOWN]


def _pieces(text: str) -> set[str]:
    said = words(text)
    alone = {one for one in said if len(one) >= SHORTEST_WORD}
    pairs = {f"{first} {then}" for first, then in pairwise(said) if {first, then} & alone}
    return alone | pairs


def _surprising(found: Sequence[Uncovered], usual: Iterable[str]) -> dict[str, float]:
    """Return the words that more people use here than is usual, with how much more."""
    people: dict[str, set[str]] = defaultdict(set)
    for one in found:
        for piece in _pieces(one.text):
            people[piece].add(one.whose)
    texts = list(usual)
    there = Counter(piece for text in texts for piece in _pieces(text))
    everybody = len({one.whose for one in found})
    worth = {
        piece: (len(some) / everybody) / ((there[piece] + 1) / (len(texts) + 1))
        for piece, some in people.items()
        if len(some) >= FEWEST_PEOPLE
    }
    kept = {piece: value for piece, value in worth.items() if value >= SURPRISE}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))


def _groups(
    found: Sequence[Uncovered], vectors: Callable[[list[str]], Vectors]
) -> list[list[Uncovered]]:
    """Return statements that are alike together: each joins the group whose middle is nearest."""
    rows = vectors([one.text for one in found])
    middles: list[Vectors] = []
    members: list[list[int]] = []
    for at, row in enumerate(rows):
        likeness = [float(row @ (middle / np.linalg.norm(middle))) for middle in middles]
        best = int(np.argmax(likeness)) if likeness else -1
        if best >= 0 and likeness[best] >= ALIKE:
            middles[best] = middles[best] + row
            members[best].append(at)
        else:
            middles.append(row)
            members.append([at])
    return [[found[at] for at in some] for some in members if len(some) > 1]


def _topic(group: Sequence[Uncovered], surprising: dict[str, float]) -> Topic:
    people = {one.whose for one in group}
    common = Counter(piece for one in group for piece in _pieces(one.text) if piece in surprising)
    telling = sorted(common, key=lambda one: (-common[one], -surprising[one], one))
    enough = len(people) >= PEOPLE_FOR_EXAMPLES
    quotes = [one.text for one in group if one.may_quote] if enough else []
    return Topic(tuple(telling[:3]), len(people), tuple(quotes[:MOST_EXAMPLES]))
