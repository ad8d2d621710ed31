"""Measures the understanding on messages it never saw, against bars that only go up. Prints nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from nlu import thresholds
from nlu.understanding import Understanding

HERE = Path(__file__).parent
#: Messages that nobody trained on, and the bars: with the tests, apart from what is taught.
TEST = HERE.parent / "tests" / "nlu" / "messages"
BARS = HERE.parent / "tests" / "nlu" / "bars.yml"
#: Messages meant to be met with "I don't know about that".
OFF_TOPIC = frozenset({"out_of_scope", "unclear"})
#: Measures that may be at most their bar; the others at least.
AT_MOST = frozenset({"off_topic_answered", "off_topic_answered.first_part"})
#: How the files end that joined later: their messages are by another hand, and harder or easier.
LATER = "_second"


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
    def first_part(self) -> bool:
        """Whether the message was there from the start."""
        return not self.case.topic.endswith(LATER)

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
        return got <= self.bars[name] if name in AT_MOST else got >= self.bars[name]


@dataclass(frozen=True)
class Group:
    """Messages that belong together (an intent, a topic): how many, and how often it was right.

    `taken_for` holds what the others were taken for, and how often, commonest first.
    """

    name: str
    count: int
    first: float
    in_three: float
    taken_for: tuple[tuple[str, int], ...]


def is_article(intent: str) -> bool:
    """Whether an intent is an article's: only theirs have a topic before a dot."""
    return "." in intent


def evaluate(
    parse: Callable[[str], Understanding],
    *,
    folder: Path = TEST,
    bars: Path = BARS,
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
    `off_topic_answered` is the share of off-topic ones met with an article all the same. Where messages
    joined later, the share of those that were there from the start stands beside that of all.
    """
    articles = [one for one in outcomes if one.about_article]
    off_topic = [one for one in outcomes if one.off_topic]
    other = [one for one in outcomes if not one.about_article and not one.off_topic]
    sure = {id(one) for one in outcomes if one.understood.confidence >= answer}

    def accepted(one: Outcome) -> bool:
        return id(one) in sure and is_article(one.understood.intent)

    found = {
        "articles_first": _share(one.first for one in articles),
        "articles_in_three": _share(one.in_three for one in articles),
        "answered_right": _share(id(one) in sure and one.first for one in articles),
        "answered_wrong": _share(id(one) in sure and not one.first for one in articles),
        "other_first": _share(one.first for one in other),
        "other_first.first_part": _share(one.first for one in other if one.first_part),
        "off_topic_answered": _share(accepted(one) for one in off_topic),
        "off_topic_answered.first_part": _share(
            accepted(one) for one in off_topic if one.first_part
        ),
    }
    return {name: share for name, share in found.items() if share is not None}


def _share(answers: Iterable[bool]) -> float | None:
    counted = list(answers)
    return sum(counted) / len(counted) if counted else None


def by_topic(outcomes: Sequence[Outcome]) -> list[Group]:
    """Return the topics of the articles and the other files, by name."""
    return sorted(_grouped(outcomes, _topic), key=lambda group: group.name)


def worst_intents(outcomes: Sequence[Outcome], count: int = 10) -> list[Group]:
    """Return the intents that are most often taken for another, worst first."""
    groups = _grouped(outcomes, lambda one: one.case.intents[0])
    return sorted(groups, key=lambda group: (group.first, -group.count, group.name))[:count]


def confusions(outcomes: Sequence[Outcome], count: int = 20) -> list[tuple[str, str, int]]:
    """Return what was wanted, what was understood instead, and how often; commonest first."""
    wrong = Counter(
        (one.case.intents[0], one.understood.intent) for one in outcomes if not one.first
    )
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [(wanted, got, times) for (wanted, got), times in ordered[:count]]


@dataclass(frozen=True)
class Bin:
    """Messages whose first intent was stated with about the same confidence."""

    over: float
    count: int
    stated: float
    right: float


def calibration(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Return, for each tenth of confidence that was stated, the share that was right."""
    tenths: defaultdict[int, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        tenths[min(9, int(one.understood.confidence * 10))].append(one)
    return [
        Bin(
            tenth / 10,
            len(ones),
            sum(one.understood.confidence for one in ones) / len(ones),
            sum(one.first for one in ones) / len(ones),
        )
        for tenth, ones in sorted(tenths.items())
    ]


def record(result: Result, on: date) -> dict[str, object]:
    """Return what a run found, to be kept beside the documents that say it. No message is in it."""
    return {
        "on": on.isoformat(),
        "messages": len(result.outcomes),
        "measures": {name: round(got, 4) for name, got in result.measures.items()},
        "topics": [
            [one.name, one.count, round(one.first, 4), round(one.in_three, 4)]
            for one in by_topic(result.outcomes)
        ],
        "calibration": [
            [one.over, one.count, round(one.stated, 4), round(one.right, 4)]
            for one in calibration(result.outcomes)
        ],
        "confusions": confusions(result.outcomes),
    }


def _grouped(outcomes: Sequence[Outcome], name: Callable[[Outcome], str]) -> list[Group]:
    held: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        held[name(one)].append(one)
    return [_group(each, ones) for each, ones in held.items()]


def _group(name: str, outcomes: Sequence[Outcome]) -> Group:
    wrong = Counter(one.understood.intent for one in outcomes if not one.first)
    return Group(
        name,
        len(outcomes),
        sum(one.first for one in outcomes) / len(outcomes),
        sum(one.in_three for one in outcomes) / len(outcomes),
        tuple(wrong.most_common()),
    )


def _topic(outcome: Outcome) -> str:
    if outcome.about_article:
        return outcome.case.intents[0].split(".")[0]
    return "off-topic" if outcome.off_topic else "other intents"
