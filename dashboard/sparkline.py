"""A small line of how somebody said they were, drawn here as SVG: the words stand beside it."""

from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 72, 24, 4
LOWEST, HIGHEST = 1, 5


def points(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return where each value lies, oldest on the left, better higher up."""
    across, up = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    step = across / max(1, len(values) - 1)
    return [
        (
            round(EDGE + number * step),
            round(HEIGHT - EDGE - up * (value - LOWEST) / (HIGHEST - LOWEST)),
        )
        for number, value in enumerate(values)
    ]


def svg(values: Sequence[int]) -> str:
    """Return the picture; nothing where there are not two values to join.

    It says nothing to a screen reader: the words beside it say the same.
    """
    if len(values) < 2:
        return ""
    found = points(values)
    line = " ".join(f"{x},{y}" for x, y in found)
    x, y = found[-1]
    return (
        f'<svg class="kith-moods" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'aria-hidden="true" focusable="false">'
        f'<polyline points="{line}" fill="none" stroke="#1d70b8" stroke-width="2"/>'
        f'<circle cx="{x}" cy="{y}" r="3" fill="#0b0c0c"/></svg>'
    )
