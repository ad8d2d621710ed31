"""Shows how well messages are understood: tables on a terminal, plain lines in a file or a pipe."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from nlu import evaluation
from nlu.evaluation import Result
from safeguarding.evaluate import Measured
from safeguarding.levels import Category, Level

#: Wide enough for the longest line; a pipe has no width of its own.
_PIPE_WIDTH = 150
#: How many of what a message was taken for are named.
_NAMED = 3
_SAID = {
    "articles_first": "right article first",
    "articles_in_three": "right article in the first three",
    "answered_right": "article answered outright, right",
    "answered_wrong": "article answered outright, wrong",
    "other_first": "other intents first",
    "other_first.first_part": "other intents first, first part",
    "off_topic_answered": "off-topic accepted as an article",
    "off_topic_answered.first_part": "off-topic accepted, first part",
}
_ALARMS = {
    "alarms.ordinary": "ordinary messages",
    "alarms.look_alike": "look-alikes",
    "alarms.look_alike.first_part": "look-alikes, first part",
    "alarms.look_alike.second_part": "look-alikes, second part",
    "alarms.statement": "harmless answers to a statement",
}


def show(result: Result, danger: Measured, bars: Mapping[str, float], out: Console) -> None:
    """Print every measure beside its bar, what is confused, and last what is below its bar."""
    _print(out, _measures(result))
    _print(out, _topics(result))
    _print(out, _worst(result))
    for title, names in _danger_parts(danger):
        _print(out, _shares(title, names, danger, bars))
    below = [*result.below(), *danger.below(dict(bars))]
    for name in below:
        out.print(f"BELOW ITS BAR: {name}", markup=False)
    if not below and result.passed:
        out.print("Every bar is met.", markup=False)


def _print(out: Console, table: Table) -> None:
    table.title_justify = "left"
    if out.is_terminal:
        table.box = box.SIMPLE_HEAD
        out.print(table)
        return
    table.box = None
    Console(file=out.file, width=_PIPE_WIDTH, highlight=False).print(table)


def _measures(result: Result) -> Table:
    table = Table(
        "Measure", "Reached", "Bar", title=f"Understanding: {len(result.outcomes)} messages"
    )
    for name, got in result.measures.items():
        bar = result.bars.get(name)
        table.add_row(_SAID.get(name, name), f"{got:.3f}", _bar(bar, name in evaluation.AT_MOST))
    return table


def _bar(bar: float | None, at_most: bool) -> str:  # noqa: FBT001 (which way it counts)
    if bar is None:
        return ""
    return f"{'at most' if at_most else 'at least'} {bar:.3f}"


def _topics(result: Result) -> Table:
    table = Table("Topic", "Messages", "First", "In three", title="By topic")
    for group in evaluation.by_topic(result.outcomes):
        table.add_row(group.name, str(group.count), f"{group.first:.3f}", f"{group.in_three:.3f}")
    return table


def _worst(result: Result) -> Table:
    table = Table("Intent", "Messages", "First", "Taken for", title="The ten worst intents")
    for group in evaluation.worst_intents(result.outcomes):
        taken = ", ".join(f"{intent} ({times})" for intent, times in group.taken_for[:_NAMED])
        table.add_row(group.name, str(group.count), f"{group.first:.3f}", taken)
    return table


def _danger_parts(danger: Measured) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield the tables about danger: a title, and the measures in it with what they are called."""
    levels = {
        f"recall.{level}{kind}": f"{level.replace('_', ' ')}{said}"
        for level in (Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN)
        for kind, said in (
            (".raised", ", raised to same day or sooner"),
            ("", ", at its level"),
            (".any_level", ", at any level"),
        )
    }
    categories = {f"recall.category.{one}": one.replace("_", " ") for one in sorted(Category)}
    shown = {*levels, *categories, *_ALARMS}
    rest = {
        name: name.removeprefix("recall.") for name in sorted(danger.shares) if name not in shown
    }
    yield "Danger noticed, by level", levels
    yield "Danger noticed, by category", categories
    yield "Danger noticed, by how it is written, and whose it is", rest
    yield "False alarms", _ALARMS


def _shares(
    title: str, names: Mapping[str, str], danger: Measured, bars: Mapping[str, float]
) -> Table:
    table = Table("Measure", "Reached", "Of", "Bar", title=title)
    for name in _measured(names, danger):
        share = danger.shares[name]
        bar = _bar(bars.get(name), name.startswith("alarms"))
        table.add_row(names[name], f"{share.value:.3f}", f"{share.hits}/{share.of}", bar)
    return table


def _measured(names: Mapping[str, str], danger: Measured) -> Sequence[str]:
    return [name for name in names if name in danger.shares]
