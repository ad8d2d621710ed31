"""Text-speak spelt out and slips mended, without turning one real word into another."""

import pytest

from nlu.normaliser import Vocabulary, count, normalise, one_slip_apart, words

VOCABULARY = Vocabulary.of(
    {
        "adviser": 5,
        "foster": 9,
        "council": 4,
        "universal": 3,
        "credit": 3,
        "homeless": 2,
    },
    known={"faster", "house", "posture"},
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("can u plz tel my PA", "can you please tell my personal adviser"),
        ("wot\u2019s uc", "what's universal credit"),
        ("i want 2 move", "i want to move"),
        ("got 2 weeks", "got 2 weeks"),
        ("soooo cold", "so cold"),
        ("helllp", "help"),
        ("\uff48\uff45\uff4c\uff4c\uff4f", "hello"),
        ("im ill", "i'm ill"),
        ("lost my id", "lost my id"),
        ("", ""),
        ("\U0001f642", ""),
    ],
)
def test_text_speak_is_spelt_out(text: str, plain: str) -> None:
    assert " ".join(words(text)) == plain


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("fosterr", "foster"),
        ("coucnil", "council"),
        ("univeral", "universal"),
        ("hoemless", "homeless"),
        ("advizer", "adviser"),
    ],
)
def test_a_slip_is_mended(slip: str, meant: str) -> None:
    assert normalise(slip, VOCABULARY) == meant


@pytest.mark.parametrize("word", ["faster", "house", "credits", "poster", "fost", "xylophone"])
def test_another_word_is_left_alone(word: str) -> None:
    known = Vocabulary.of(VOCABULARY.counts, {*VOCABULARY.known, "credits"})

    assert normalise(word, known) == word


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("cat", "cat", True),
        ("cat", "cut", True),
        ("cat", "cats", True),
        ("cats", "cat", True),
        ("form", "from", True),
        ("cat", "dog", False),
        ("abcd", "badc", False),
        ("cat", "catch", False),
    ],
)
def test_one_slip_is_one_letter_or_one_swap(one: str, other: str, near: bool) -> None:  # noqa: FBT001
    assert one_slip_apart(one, other) is near
    assert one_slip_apart(other, one) is near


def test_only_words_used_more_than_once_are_mended_towards() -> None:
    assert count(["my council", "the council", "a slipp"]) == {"council": 2}
