"""Ages, places, lengths of time and money, and the look-alikes that are none of them."""

import pytest

from nlu.entities import Kind, find


def values(text: str, kind: Kind) -> list[str]:
    return [entity.value for entity in find(text) if entity.kind is kind]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 17", "17"),
        ("I\u2019m 17 and in care", "17"),
        ("i am nineteen", "19"),
        ("and if im 17?", "17"),
        ("seventeen", "17"),
        ("what about 19", "19"),
        ("17 yo", "17"),
        ("as a 22 year old", "22"),
        ("18yrs old", "18"),
        ("i just turned 18", "18"),
        ("im 16f from crewe", "16"),
        ("my young person is 20", "20"),
        ("i'm twenty one", "21"),
        ("aged 24", "24"),
    ],
)
def test_an_age_is_found(text: str, age: str) -> None:
    assert values(text, Kind.AGE) == [age]


@pytest.mark.parametrize(
    "text",
    [
        "im 17 quid short",
        "im 20 weeks pregnant",
        "when im 18",
        "after 18",
        "can i stay until 21",
        "im 18 next week",
        "im 18 in june",
        "my 15 year old sister",
        "im 24/7 stressed",
        "i am 12 weeks behind",
        "i'm 16 hours a week",
        "im 20% sure",
        "im 7",
        "im 99",
        "flat 17",
        "got 2 weeks",
    ],
)
def test_a_number_that_is_nobodys_age_today_is_left(text: str) -> None:
    assert values(text, Kind.AGE) == []


@pytest.mark.parametrize(
    ("text", "council"),
    [
        ("i live in Crewe", "cheshire_east"),
        ("macc innit", "cheshire_east"),
        ("im with east cheshire", "cheshire_east"),
        ("St. Neots", "cambridgeshire"),
        ("wisbech", "cambridgeshire"),
        ("cambs", "cambridgeshire"),
        ("i live in march", "cambridgeshire"),
    ],
)
def test_a_place_gives_its_council(text: str, council: str) -> None:
    assert values(text, Kind.PLACE) == [council]


@pytest.mark.parametrize(
    "text",
    [
        "it starts in march",
        "cheshire west",
        "i feel lonely",
        "peterborough",
        "the screwed",
    ],
)
def test_a_word_that_only_looks_like_a_place_is_left(text: str) -> None:
    assert values(text, Kind.PLACE) == []


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("got 2 weeks to leave", "P14D"),
        ("a couple of weeks", "P14D"),
        ("out by tomorrow", "P1D"),
        ("nowhere 2nite", "P0D"),
        ("in a month", "P1M"),
        ("for three years", "P3Y"),
        ("48 hours notice", "PT48H"),
        ("one fortnight", "P14D"),
    ],
)
def test_a_length_of_time_is_found(text: str, length: str) -> None:
    assert values(text, Kind.DURATION) == [length]


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("\u00a31,200 deposit", "1200"),
        ("50 quid", "50"),
        ("fifty quid", "50"),
        ("a tenner", "10"),
        ("2 grand", "2000"),
        ("\u00a32k", "2000"),
        ("\u00a33.50", "3.50"),
        ("only 20p", "0.20"),
    ],
)
def test_money_is_found(text: str, pounds: str) -> None:
    assert values(text, Kind.MONEY) == [pounds]


def test_everything_is_found_in_order_and_points_into_the_message() -> None:
    text = "\u0130 am 17 in Crewe, owe \u00a350, got 2 weeks"

    found = find(text)

    kinds = [Kind.AGE, Kind.PLACE, Kind.MONEY, Kind.DURATION]
    assert [entity.kind for entity in found] == kinds
    for entity in found:
        assert text[entity.start : entity.start + len(entity.text)] == entity.text


def test_the_longest_message_is_read_quickly() -> None:
    for piece in ("im 17 ", "1", "a ", "twenty ", "in ", "\u00a31,", "i just turned "):
        find((piece * 4096)[:4096])
