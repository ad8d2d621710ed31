"""Draws the figures of `docs/understanding.md`, and writes their numbers beside them as tables.

    kith nlu test --record docs/figures/run.json
    python -m nlu.learning_curve docs/figures/learning-curve.json
    python -m nlu.figures

Every number comes from those two files, none by hand. Grey and readable in print; a table says the
same for whoever does not see them. Developers run it; nothing that serves imports it.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import altair as alt

FIGURES = Path(__file__).parent.parent / "docs" / "figures"
DOCUMENT = FIGURES.parent / "understanding.md"
_WIDTH, _HEIGHT = 420, 280
_INK, _GREY = "#222222", "#767676"


def calibration(bins: Sequence[Sequence[float]]) -> alt.LayerChart:
    """Draw the share that was right over the confidence that was stated; the line is perfect."""
    rows = [{"stated": stated, "right": right, "messages": n} for _, n, stated, right in bins]
    x = alt.X("stated:Q", title="confidence stated", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("right:Q", title="share that was right", scale=alt.Scale(domain=[0, 1]))
    ends = alt.Data(values=[{"stated": 0, "right": 0}, {"stated": 1, "right": 1}])
    perfect = alt.Chart(ends).mark_line(color=_GREY, strokeDash=[5, 4]).encode(x=x, y=y)
    reached = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(color=_INK, point=alt.OverlayMarkDef(color=_INK, size=60))
        .encode(x=x, y=y)
    )
    return _sized(perfect + reached)


def learning_curve(points: Sequence[dict[str, float]]) -> alt.LayerChart:
    """Draw how often an article was right, first and in three, over the messages trained on."""
    rows = [
        {"messages": point["messages"], "share": point[key], "what": said}
        for point in points
        for key, said in (("first", "first"), ("in_three", "in the first three"))
    ]
    what = alt.StrokeDash(
        "what:N",
        title=None,
        legend=alt.Legend(orient="bottom", symbolType="stroke", symbolSize=300),
    )
    lines = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(color=_INK, point=alt.OverlayMarkDef(color=_INK, size=60))
        .encode(
            x=alt.X("messages:Q", title="training messages"),
            y=alt.Y("share:Q", title="right article", scale=alt.Scale(zero=False)),
            strokeDash=what,
        )
    )
    return _sized(alt.layer(lines))


def _sized(chart: alt.LayerChart) -> alt.LayerChart:
    return chart.properties(width=_WIDTH, height=_HEIGHT, background="white").configure_axis(
        labelColor=_INK, titleColor=_INK, gridColor="#dddddd", labelFontSize=12, titleFontSize=13
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with a line for each row."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def tables(run: dict[str, Any], curve: dict[str, Any]) -> dict[str, str]:
    """Return the tables by the name of the place they go to."""
    return {
        "topics": table(
            ("Topic", "Messages", "First", "In three"),
            ((name, n, f"{one:.2f}", f"{three:.2f}") for name, n, one, three in run["topics"]),
        ),
        "calibration": table(
            ("Stated", "Messages", "Mean stated", "Right"),
            (
                (f"{over:.1f} to {over + 0.1:.1f}", n, f"{stated:.2f}", f"{right:.2f}")
                for over, n, stated, right in run["calibration"]
            ),
        ),
        "confusions": table(("Wanted", "Understood as", "Times"), run["confusions"]),
        "learning curve": table(
            ("Share", "Messages", "An intent", "Right first", "In three"),
            (
                (
                    f"{p['share']:.0%}",
                    f"{p['messages']:,}",
                    p["an_intent"],
                    f"{p['first']:.3f}",
                    f"{p['in_three']:.3f}",
                )
                for p in curve["points"]
            ),
        ),
    }


def placed(text: str, name: str, found: str) -> str:
    """Return a document with this table between the marks of its name. Raise ValueError without them."""
    before, start, rest = text.partition(f"<!-- {name}: written by nlu.figures -->\n")
    _, end, after = rest.partition("<!-- end -->\n")
    if not start or not end:
        raise ValueError(f"{name} has no place in the document")
    return f"{before}{start}{found}{end}{after}"


def main() -> None:
    """Draw both figures and write the tables into the document."""
    run = json.loads((FIGURES / "run.json").read_text("utf-8"))
    curve = json.loads((FIGURES / "learning-curve.json").read_text("utf-8"))
    calibration(run["calibration"]).save(FIGURES / "calibration.svg")
    learning_curve(curve["points"]).save(FIGURES / "learning-curve.svg")
    text = DOCUMENT.read_text("utf-8")
    for name, found in tables(run, curve).items():
        text = placed(text, name, found)
    DOCUMENT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
