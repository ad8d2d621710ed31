"""How alike messages are: by meaning (sentence vectors) and by letters and words (TF-IDF).

Knows nothing of intents or of Rasa. Saved as numbers and plain JSON: never pickled.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

# Chosen by leave-one-out over 63 intents; all of them sit on a flat top, so none is delicate.
MEANING_SHARPNESS, LETTERS, WORDS = 2.0, 0.3, 0.2
_ROWS = 500


def _letters() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=2,
        dtype=np.float32,
    )


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+", dtype=np.float32
    )


class Examples:
    """The training messages, ready to be compared with. Immutable once made."""

    def __init__(
        self,
        vectors: np.ndarray,
        makers: Sequence[TfidfVectorizer],
        grams: Sequence[sparse.csr_matrix],
    ) -> None:
        """Hold what `learn` or `load` made."""
        self.vectors, self._makers = vectors, makers
        # Turned once, so that a message only touches the columns of the grams it holds.
        self._grams = [kind.T.tocsr() for kind in grams]

    @classmethod
    def learn(cls, texts: Sequence[str], vectors: np.ndarray) -> "Examples":
        """Return the examples, with the weight of each n-gram learnt from them."""
        makers = (_letters(), _words())
        return cls(vectors, makers, [maker.fit_transform(texts) for maker in makers])

    def alike(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Return how alike the messages (rows) and the examples (columns) are."""
        whole = np.empty((len(texts), len(self.vectors)), dtype=np.float32)
        # Some rows at a time: all at once would take several times the memory of the result.
        for start in range(0, len(texts), _ROWS):
            part = slice(start, start + _ROWS)
            whole[part] = self._alike(texts[part], vectors[part])
        return whole

    def _alike(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        meaning = vectors @ self.vectors.T
        letters, words = (
            np.asarray((maker.transform(texts) @ grams).todense())
            for maker, grams in zip(self._makers, self._grams, strict=True)
        )
        by_meaning = np.exp(MEANING_SHARPNESS * (meaning - 1))
        return by_meaning + LETTERS * letters + WORDS * words

    def save(self, folder: Path) -> None:
        """Write everything to a folder."""
        held: dict[str, np.ndarray] = {"vectors": self.vectors}
        for name, maker, turned in zip(
            ("letters", "words"), self._makers, self._grams, strict=True
        ):
            grams = turned.T.tocsr()
            held |= {
                f"{name}_idf": maker.idf_,
                f"{name}_data": grams.data,
                f"{name}_indices": grams.indices,
                f"{name}_indptr": grams.indptr,
                f"{name}_shape": np.array(grams.shape),
            }
            numbered = {gram: int(at) for gram, at in maker.vocabulary_.items()}
            (folder / f"{name}.json").write_text(json.dumps(numbered, sort_keys=True), "utf-8")
        np.savez(folder / "examples.npz", **held)

    @classmethod
    def load(cls, folder: Path) -> "Examples":
        """Read back what `save` wrote."""
        with np.load(folder / "examples.npz", allow_pickle=False) as held:
            makers, grams = [], []
            for name, maker in (("letters", _letters()), ("words", _words())):
                maker.vocabulary = json.loads((folder / f"{name}.json").read_text("utf-8"))
                maker.idf_ = held[f"{name}_idf"]
                makers.append(maker)
                parts = tuple(held[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
                grams.append(sparse.csr_matrix(parts, shape=tuple(held[f"{name}_shape"])))
            return cls(held["vectors"], makers, grams)
