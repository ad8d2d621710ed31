"""The reader of themes: how well it reads what it never saw, and that it can say why."""

import json
import shutil
from pathlib import Path

import pytest

from content.articles import ContentError
from content.ids import load_ids
from content.themes import load_themes
from feedback.themes import examples, measure
from feedback.themes.reader import MODEL, PIN, WEIGHTS, Reader, ReaderError
from tests.nlu.test_unseen import copies

FEWEST_EXAMPLES, FEWEST_UNSEEN = 30, 300


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The reader as it ships."""
    return Reader.load()


def test_statements_it_never_saw_are_read_well_enough(reader: Reader) -> None:
    measured = measure.measure(reader=reader)

    assert measured.below() == []
    assert len(measured.said) >= FEWEST_UNSEEN


def test_no_statement_it_is_measured_on_was_taught() -> None:
    unseen = [one.text for one in examples.read(measure.UNSEEN)]

    assert copies(unseen, [one.text for one in examples.read()]) == []


def test_every_theme_has_enough_examples_and_is_measured() -> None:
    given, unseen = examples.read(), examples.read(measure.UNSEEN)

    for theme in load_themes():
        assert sum(theme in one.themes for one in given) >= FEWEST_EXAMPLES, theme
        assert any(theme in one.themes for one in unseen), theme


def test_praise_counts_like_problems() -> None:
    given = examples.read()

    for theme in load_themes():
        tones = {one.tone for one in given if theme in one.themes}
        assert {"good", "problem"} <= tones, theme


def test_a_statement_about_two_things_has_both(reader: Reader) -> None:
    read = reader.read(
        "The boiler is broken and there is mould on the wall. Universal Credit stopped my money."
    )

    assert {"repairs", "benefits"} <= {one.theme for one in read.taken}
    assert read.tone == "problem"


def test_it_can_say_why(reader: Reader) -> None:
    read = reader.read("there is mould on my wall and the landlord will not fix it")
    first = read.themes[0]

    assert first.theme == "repairs"
    assert "mould" in " ".join(first.words)
    assert read.nearest in {one.text for one in examples.read()}
    assert 0 < read.likeness <= 1


def test_words_that_say_nothing_have_no_theme(reader: Reader) -> None:
    assert reader.read("dunno, nothing really").taken == ()
    assert reader.read("").taken == ()


def test_themes_are_those_of_the_taxonomy(reader: Reader) -> None:
    known = {theme for themes in load_ids().themes.values() for theme in themes}

    assert set(load_themes()) == known
    assert set(reader.weights.labels) - {"good", "problem"} == known


def test_weights_that_somebody_changed_are_refused(tmp_path: Path) -> None:
    shutil.copy(MODEL / WEIGHTS, tmp_path / WEIGHTS)
    (tmp_path / PIN).write_text(json.dumps({"sha256": "0" * 64}), "utf-8")

    with pytest.raises(ReaderError):
        Reader.load(tmp_path)


def test_a_mistake_in_the_examples_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text("good: |\n  moves: we moved\n  mooves: we moved\n", "utf-8")

    with pytest.raises(ContentError, match=r"wrong.yml, good, line 2"):
        examples.read(tmp_path)
