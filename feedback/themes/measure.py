"""Measures the reader of themes on statements nobody taught it with. The bars only go up."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from content.ids import read_yaml
from feedback.themes import examples
from feedback.themes.reader import GOOD, PROBLEM, TAKEN, Reader

UNSEEN = Path(__file__).parents[2] / "tests" / "feedback" / "statements"
BARS = Path(__file__).with_name("bars.yml")
MOST_CONFUSED = 8


@dataclass(frozen=True)
class Measured:
    """What was right, for each label, and what was taken for what."""

    labels: tuple[str, ...]
    said: NDArray[np.bool_]
    wanted: NDArray[np.bool_]

    def f1(self) -> dict[str, float]:
        """Return the F1 of each label."""
        both = (self.said & self.wanted).sum(axis=0)
        every = self.said.sum(axis=0) + self.wanted.sum(axis=0)
        return {
            label: float(2 * hit / max(of, 1))
            for label, hit, of in zip(self.labels, both, every, strict=True)
        }

    def measures(self) -> dict[str, float]:
        """Return what the bars are for."""
        f1 = self.f1()
        themes = [one for one in self.labels if one not in {GOOD, PROBLEM}]
        return {
            "macro_f1": float(np.mean([f1[one] for one in themes])),
            "worst_f1": min(f1[one] for one in themes),
            "tone_good_f1": f1[GOOD],
            "tone_problem_f1": f1[PROBLEM],
        }

    def below(self) -> list[str]:
        """Return the measures below their bar."""
        found = self.measures()
        return [name for name, bar in read_yaml(BARS).items() if found[name] < bar]

    def confused(self) -> list[tuple[str, str, int]]:
        """Return what was taken for what, most often first."""
        themes = np.array([one not in {GOOD, PROBLEM} for one in self.labels])
        missed = self.wanted & ~self.said & themes
        added = self.said & ~self.wanted & themes
        counts = missed.T.astype(int) @ added.astype(int)
        pairs = [
            (self.labels[row], self.labels[column], int(counts[row, column]))
            for row, column in np.argwhere(counts > 1)
        ]
        return sorted(pairs, key=lambda pair: -pair[2])[:MOST_CONFUSED]

    def report(self) -> list[str]:
        """Return the lines to print."""
        f1, wanted = self.f1(), self.wanted.sum(axis=0)
        lines = [f"{len(self.said)} statements it never saw"]
        lines += [f"{name}: {value:.3f}" for name, value in self.measures().items()]
        lines += [
            f"  {label}: F1 {f1[label]:.2f} ({count})"
            for label, count in sorted(
                zip(self.labels, wanted, strict=True), key=lambda pair: f1[pair[0]]
            )
        ]
        return lines + [f"  {one} taken for {other}: {n}" for one, other, n in self.confused()]


def measure(folder: Path = UNSEEN, reader: Reader | None = None) -> Measured:
    """Measure the reader on the statements of a folder."""
    reader = reader or Reader.load()
    given = examples.read(folder)
    labels = reader.weights.labels
    said = reader.weights.shares(reader.scores([one.text for one in given])) >= TAKEN
    sounds = {GOOD: {"good", "both"}, PROBLEM: {"problem", "both"}}
    wanted = [
        [one.tone in sounds[label] if label in sounds else label in one.themes for label in labels]
        for one in given
    ]
    return Measured(labels, said, np.array(wanted))
