"""What the classifier looks at: words and pairs of words, and runs of letters, each counted in a bucket."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 17
_LETTER_RUNS = (2, 3, 4, 5)

Counts = tuple[NDArray[np.int64], NDArray[np.float32]]


def counted(text: str) -> tuple[Counts, Counts]:
    """Return the buckets of a canonical text's letters and of its words, and how much of each."""
    words = text.split()
    return _counts(_letters(words)), _counts(_words(words))


def _counts(pieces: Iterable[str]) -> Counts:
    times = Counter(zlib.crc32(piece.encode("utf-8", "replace")) % BUCKETS for piece in pieces)
    places = np.fromiter(times, dtype=np.int64, count=len(times))
    raw = np.fromiter(times.values(), dtype=np.float32, count=len(times))
    # Saying a thing ten times is not ten times as much.
    return places, 1 + np.log(raw)


def _words(words: list[str]) -> Iterator[str]:
    for word in words:
        yield f"w{word}"
    for word, following in pairwise(words):
        yield f"p{word} {following}"


def _letters(words: list[str]) -> Iterator[str]:
    for word in words:
        edged = f" {word} "
        for length in _LETTER_RUNS:
            for start in range(len(edged) - length + 1):
                yield f"c{edged[start : start + length]}"
