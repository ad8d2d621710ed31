"""What the reader of themes looks at besides meaning: words, pairs of words, and runs of letters."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: Runs of letters within one word, so that "aprenticeship" is still read.
LETTER_RUNS = (3, 4, 5)
WORD, RUN = "w", "c"
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

Array = NDArray[np.float32]


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return _WORDS.findall(text.casefold().replace("’", "'"))


def pieces(text: str) -> Iterator[str]:
    """Yield every word, pair of words and run of letters, each marked with what it is."""
    said = words(text)
    yield from (f"{WORD}{word}" for word in said)
    yield from (f"{WORD}{first} {second}" for first, second in pairwise(said))
    for word in said:
        edged = f" {word} "
        for length in LETTER_RUNS:
            for at in range(len(edged) - length + 1):
                yield f"{RUN}{edged[at : at + length]}"


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that are known, each with how telling it is."""

    places: dict[str, int]
    rarity: Array

    def counted(self, text: str) -> tuple[NDArray[np.int64], Array]:
        """Return the places of a text's known pieces and their weights: words and runs of length one each."""
        times = Counter(piece for piece in pieces(text) if piece in self.places)
        if not times:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        at = np.fromiter((self.places[one] for one in times), dtype=np.int64, count=len(times))
        raw = np.fromiter(times.values(), dtype=np.float32, count=len(times))
        # Saying a thing ten times is not ten times as much.
        weight = (1 + np.log(raw)) * self.rarity[at]
        runs = np.array([one.startswith(RUN) for one in times])
        for kind in (runs, ~runs):
            length = float(np.linalg.norm(weight[kind]))
            weight[kind] /= length or 1.0
        return at, weight.astype(np.float32)
