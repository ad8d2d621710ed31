"""What the classifier looks at: words, pairs of words and runs of letters, each counted in a bucket."""

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

#: Buckets for the level, and the coarser ones for what the danger is about.
LEVEL_BUCKETS = 1 << 16
CATEGORY_BUCKETS = 1 << 13
_LETTER_RUNS = (3, 4, 5)
_LETTERS_COUNT = 0.4


def counted(text: str, buckets: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the buckets that a canonical text falls into and how much it has of each."""
    amounts: dict[int, float] = {}
    for piece in _pieces(text):
        bucket = zlib.crc32(piece.encode("utf-8", "replace")) % buckets
        amounts[bucket] = amounts.get(bucket, 0.0) + (_LETTERS_COUNT if piece[0] == "c" else 1.0)
    places = np.fromiter(amounts, dtype=np.int64, count=len(amounts))
    raw = np.fromiter(amounts.values(), dtype=np.float32, count=len(amounts))
    # Saying a thing ten times is not ten times as much.
    return places, np.where(raw >= 1, 1 + np.log(np.maximum(raw, 1)), raw).astype(np.float32)


def _pieces(text: str) -> Iterator[str]:
    words = text.split()
    for place, word in enumerate(words):
        yield f"w{word}"
        for following in words[place + 1 : place + 3]:
            yield f"p{word} {following}"
    line = f" {text} "
    for length in _LETTER_RUNS:
        for start in range(len(line) - length + 1):
            yield f"c{line[start : start + length]}"
