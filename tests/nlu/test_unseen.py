"""What is measured on was never trained on: no unseen message is a training message, or nearly one."""

from pathlib import Path

import pytest
import yaml
from sklearn.feature_extraction.text import CountVectorizer

from nlu import evaluation, examples
from safeguarding.teaching import examples as dangers
from tests.conftest import ROOT

#: Two or three words are said by everybody; longer ones that share four pairs of words in five were copied.
FEWEST_WORDS, ALIKE = 5, 0.8


def copies(unseen: list[str], taught: list[str]) -> list[tuple[str, str]]:
    """Return the pairs that share nearly all their pairs of words."""
    kept = [text for text in unseen if len(text.split()) >= FEWEST_WORDS]
    counter = CountVectorizer(binary=True, ngram_range=(2, 2), token_pattern=r"[a-z0-9']+")
    known = counter.fit_transform(text.casefold() for text in [*taught, *kept])
    ours, theirs = known[len(taught) :], known[: len(taught)]
    shared = (ours @ theirs.T).tocoo()
    sizes, other_sizes = ours.sum(axis=1).A1, theirs.sum(axis=1).A1
    return [
        (kept[row], taught[column])
        for row, column, both in zip(shared.row, shared.col, shared.data, strict=True)
        if both >= ALIKE * (sizes[row] + other_sizes[column] - both)
    ]


@pytest.mark.parametrize("folder", [ROOT / "nlu" / "dev", evaluation.TEST])
def test_no_question_measured_on_was_taught(folder: Path) -> None:
    unseen = [case.text for case in evaluation.cases(folder)]

    assert copies(unseen, [text for text, _ in examples.read()]) == []


@pytest.mark.parametrize(
    "folder", [ROOT / "safeguarding" / "dev", ROOT / "tests" / "safeguarding" / "messages"]
)
def test_no_danger_measured_on_was_taught(folder: Path) -> None:
    unseen = [
        str(item["text"]) if "text" in item else " ".join(item["parts"])
        for path in sorted(folder.rglob("*.yml"))
        for item in yaml.safe_load(path.read_text("utf-8"))
    ]
    taught = [each.text for each in dangers.examples()]

    assert copies(unseen, taught) == []
