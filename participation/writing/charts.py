"""Charts of a report's tables: bars that can be told apart in grey print, with no number that is not shown."""

import altair as alt
import vl_convert

from participation.report import Table

#: The charts of Mind Of My Own, and what was said most.
DRAWN = (
    "themes",
    "feelings_by_month",
    "good_by_age",
    "not_good_by_age",
    "home_by_age",
)
#: Told apart by lightness alone: dark, middle, light, each with a dark edge.
GREYS = ("#0b0c0c", "#6f777b", "#b1b4b6", "#ffffff")
WIDTH, BAR, FONT = 460, 16, 13


def worth_drawing(table: Table) -> bool:
    """Whether a table has a chart: one of those that do, with a number to draw."""
    return table.id in DRAWN and any(_numbers(table))


def draw(table: Table) -> str:
    """Return the chart of a table as SVG, without its script. The table beside it says the same."""
    values = [
        {"row": row, "column": column, "number": number} for row, column, number in _numbers(table)
    ]
    columns = list(dict.fromkeys(one["column"] for one in values))
    rows = list(dict.fromkeys(one["row"] for one in values))
    shades = alt.Scale(domain=columns, range=GREYS[: len(columns)])
    axis = alt.Axis(tickMinStep=1)
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(stroke="#0b0c0c")
        .encode(
            x=alt.X("number:Q", title=f"Number of {table.unit}", axis=axis),
            y=alt.Y("row:N", title=None, sort=rows, axis=alt.Axis(labelLimit=240)),
            yOffset=alt.YOffset("column:N", sort=columns),
            color=alt.Color("column:N", title=None, scale=shades, sort=columns),
        )
        .properties(
            width=WIDTH,
            height=max(60, len(rows) * BAR * (len(columns) + 1)),
            padding={"left": 24, "right": 12, "top": 8, "bottom": 8},
        )
        .configure(font="sans-serif")
        .configure_axis(labelFontSize=FONT, titleFontSize=FONT)
        .configure_legend(labelFontSize=FONT, orient="bottom")
    )
    svg: str = vl_convert.vegalite_to_svg(bars.to_dict())
    return svg


def _numbers(table: Table) -> list[tuple[str, str, int]]:
    """Return what can be drawn: the parts where a table has any, else the totals."""
    parts = len(table.headings) > 2 and table.id != "themes"
    first = 2 if parts else 1
    return [
        (str(row[0]), heading, value)
        for row in table.rows
        for heading, value in zip(table.headings[first:], row[first:], strict=True)
        if isinstance(value, int)
    ][: None if parts else 60]
