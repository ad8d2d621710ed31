"""Measures the understanding on messages it never saw, against bars that only go up."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu import thresholds
from nlu.understanding import Understanding

HERE = Path(__file__).parent
#: Messages meant to be met with "I don't know about that".
OFF_TOPIC = frozenset({"out_of_scope", "unclear"})
_WORST = 15


class EvaluationError(Exception):
    """The messages or bars cannot be read. Mend them, then try again."""


@dataclass(frozen=True)
class Case:
    """A message, the intents that would each be right for it (best first), and its file."""

    text: str
    intents: tuple[str, ...]
    topic: str


@dataclass(frozen=True)
class Outcome:
    """A message and what was made of it."""

    case: Case
    understood: Understanding

    @property
    def first(self) -> bool:
        """Whether the first intent was right."""
        return self.understood.intent in self.case.intents

    @property
    def in_three(self) -> bool:
        """Whether one of the first three was."""
        return any(one.intent in self.case.intents for one in self.understood.ranking[:3])

    @property
    def off_topic(self) -> bool:
        """Whether there was nothing to answer."""
        return self.case.intents[0] in OFF_TOPIC

    @property
    def about_article(self) -> bool:
        """Whether an article was wanted."""
        return is_article(self.case.intents[0])


@dataclass(frozen=True)
class Result:
    """How it went: the measures, the bars, and lines for a person to read."""

    measures: Mapping[str, float]
    bars: Mapping[str, float]
    outcomes: Sequence[Outcome]

    @property
    def passed(self) -> bool:
        """Whether every bar was met, and there was something to measure."""
        return bool(self.outcomes) and not self.below()

    def below(self) -> list[str]:
        """Return the measures on the wrong side of their bar, or not measured at all."""
        return [name for name in self.bars if not self._met(name)]

    def _met(self, name: str) -> bool:
        got = self.measures.get(name)
        if got is None:
            return False
        return got <= self.bars[name] if name == "off_topic_answered" else got >= self.bars[name]

    def report(self) -> list[str]:
        """Return the measures, the table by topic and the worst confusions, as lines."""
        lines = [f"{len(self.outcomes)} messages"]
        for name, got in self.measures.items():
            bar = f" (bar {self.bars[name]:.3f})" if name in self.bars else ""
            lines.append(f"  {name:24} {got:.3f}{bar}")
        lines += ["by topic: messages, first, in three", *_by_topic(self.outcomes)]
        lines += ["worst confusions (wanted, got, times)", *_confusions(self.outcomes)]
        lines += [f"BELOW ITS BAR: {name}" for name in self.below()]
        return lines


def is_article(intent: str) -> bool:
    """Whether an intent is an article's: only theirs have a topic before a dot."""
    return "." in intent


def evaluate(
    parse: Callable[[str], Understanding],
    *,
    folder: Path = HERE / "test",
    bars: Path = HERE / "bars.yml",
) -> Result:
    """Parse every message of a folder and return how well that went.

    Raise EvaluationError if a file is not a list of `{text, intent, also}`.
    """
    outcomes = [Outcome(case, parse(case.text)) for case in cases(folder)]
    answer = thresholds.load()["answer"]
    limits = {
        str(name): float(bar) for name, bar in yaml.safe_load(bars.read_text("utf-8")).items()
    }
    return Result(measure(outcomes, answer), limits, outcomes)


def cases(folder: Path) -> list[Case]:
    """Return the messages of every file in a folder."""
    return [case for file in sorted(folder.glob("*.yml")) for case in _read(file)]


def _read(file: Path) -> list[Case]:
    items = yaml.safe_load(file.read_text("utf-8"))
    if not isinstance(items, list):
        raise EvaluationError(f"{file.name} is not a list")
    try:
        return [
            Case(
                str(one["text"]),
                (str(one["intent"]), *map(str, one.get("also") or ())),
                file.stem,
            )
            for one in items
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{file.name} has an item that is not {{text, intent}}") from error


def measure(outcomes: Sequence[Outcome], answer: float) -> dict[str, float]:
    """Return the measures that there are messages for.

    `answered_right` and `answered_wrong` are shares of article messages answered outright;
    `off_topic_answered` is the share of off-topic ones met with an article all the same.
    """
    articles = [one for one in outcomes if one.about_article]
    off_topic = [one for one in outcomes if one.off_topic]
    other = [one for one in outcomes if not one.about_article and not one.off_topic]
    sure = {id(one) for one in outcomes if one.understood.confidence >= answer}
    found = {
        "articles_first": _share(one.first for one in articles),
        "articles_in_three": _share(one.in_three for one in articles),
        "answered_right": _share(id(one) in sure and one.first for one in articles),
        "answered_wrong": _share(id(one) in sure and not one.first for one in articles),
        "other_first": _share(one.first for one in other),
        "off_topic_answered": _share(
            id(one) in sure and is_article(one.understood.intent) for one in off_topic
        ),
    }
    return {name: share for name, share in found.items() if share is not None}


def _share(answers: Iterable[bool]) -> float | None:
    counted = list(answers)
    return sum(counted) / len(counted) if counted else None


def _by_topic(outcomes: Sequence[Outcome]) -> list[str]:
    topics: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        topics[one.case.intents[0].split(".")[0] if one.about_article else one.case.topic].append(
            one
        )
    return [
        f"  {topic:24} {len(held):4}  {_share(one.first for one in held):.3f}"
        f"  {_share(one.in_three for one in held):.3f}"
        for topic, held in sorted(topics.items())
    ]


def _confusions(outcomes: Sequence[Outcome]) -> list[str]:
    wrong = Counter(
        (one.case.intents[0], one.understood.intent) for one in outcomes if not one.first
    )
    return [f"  {wanted}  {got}  {times}" for (wanted, got), times in wrong.most_common(_WORST)]
