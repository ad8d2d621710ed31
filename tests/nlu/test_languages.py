"""Another language is noticed, and our own text-speak is not taken for one."""

import pytest
import yaml

from content.ids import FOLDER
from nlu import evaluation, languages
from tests.conftest import ROOT

#: Of messages on `nlu/dev`, and of the harmless and dangerous ones on `safeguarding/dev`.
MOST_FALSE, LEAST_FOUND = 0.005, 0.9


def written(path: str) -> dict[str, list[str]]:
    held: dict[str, list[str]] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return held


def test_english_however_it_is_typed_is_not_taken_for_another_language() -> None:
    texts = [case.text for case in evaluation.cases(ROOT / "nlu" / "dev")]

    taken = [text for text in texts if languages.name(text)]

    assert len(texts) > 900
    assert len(taken) <= MOST_FALSE * len(texts), taken


def test_english_about_danger_is_not_taken_for_another_language() -> None:
    held = yaml.safe_load((ROOT / "safeguarding" / "dev" / "messages.yml").read_text("utf-8"))

    taken = [one["text"] for one in held if languages.name(str(one["text"]))]

    assert len(taken) <= MOST_FALSE * len(held), taken


def test_other_languages_are_named() -> None:
    held = [
        (name, text)
        for name, texts in written("tests/nlu/other_languages.yml").items()
        for text in texts
    ]

    right = [languages.name(text) == name for name, text in held]

    assert sum(right) >= LEAST_FOUND * len(held)


@pytest.mark.parametrize("text", ["", "👍", "1234", "hola", "José lives in Łódź", "no me 2 plz"])
def test_too_little_is_not_taken_for_a_language(text: str) -> None:
    assert languages.name(text) is None


def test_a_script_we_know_in_a_language_we_do_not_is_noticed() -> None:
    assert languages.name("ѫѫѫ ѭѭѭ") == languages.UNKNOWN


def test_every_language_has_a_name_and_most_have_a_line() -> None:
    held = yaml.safe_load((FOLDER / "replies" / "languages.yml").read_text("utf-8"))["replies"]
    ids = {reply["id"] for reply in held}
    names = {language.name for language in languages.known()[0]}

    assert {f"languages.called.{name}" for name in names} <= ids
    assert {name for name in names if f"languages.line.{name}" not in ids} == {"tigrinya"}


def test_no_line_in_another_language_passes_for_checked_unseen() -> None:
    held = yaml.safe_load((FOLDER / "replies" / "languages.yml").read_text("utf-8"))["replies"]
    lines = [reply for reply in held if reply["id"].startswith("languages.line.")]

    assert all(reply["translated_by"] for reply in lines)
    assert all(languages.name(reply["text"]) == reply["id"].rsplit(".", 1)[1] for reply in lines)
