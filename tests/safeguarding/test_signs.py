"""Signs that were once wrong: each stays found, and what only looks like it stays quiet."""

import pytest

from bot.engine import Engine
from safeguarding.judgement import Layer
from safeguarding.levels import Category, Level

EXPLOITED = Category.CRIMINAL_EXPLOITATION


def found_by_rules(engine: Engine, text: str) -> set[str]:
    """Return the rules that found something in a message."""
    signs = engine.screener.screen(text).signs
    return {sign.rule for sign in signs if sign.layer is Layer.RULES}


@pytest.mark.parametrize(
    "text",
    [
        "the boiler is broken and my flat is full of damp and mould",
        "my flat is overrun with mice",
        "my room is full of boxes and i cant find anything",
    ],
)
def test_a_home_in_a_bad_state_is_not_a_home_taken_over(engine: Engine, text: str) -> None:
    assert engine.screener.screen(text).level is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "my flat is full of people who wont leave",
        "my flat is always full of random lads",
        "my house is full of their drugs",
        "my place is overrun with dealers",
        "my flat has been overrun",
        "my flat has been taken over",
    ],
)
def test_a_home_taken_over_is_read_today(engine: Engine, text: str) -> None:
    screening = engine.screener.screen(text)

    assert screening.level.at_least(Level.SAME_DAY)
    assert EXPLOITED in screening.categories
    assert "criminal_exploitation.made_to_work" in found_by_rules(engine, text)


def test_a_flat_full_of_smoke_is_an_emergency(engine: Engine) -> None:
    assert engine.screener.screen("my flat is full of smoke").level is Level.IMMEDIATE
