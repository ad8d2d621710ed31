"""A message is parted where two needs meet, and left whole where it is one."""

import pytest

from nlu.clauses import MOST, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("got kicked out and my uc got stopped", ("got kicked out", "my uc got stopped")),
        ("need a sofa also how do i get a bike", ("need a sofa", "how do i get a bike")),
        ("need a sofa pls. do i pay council tax?", ("need a sofa pls", "do i pay council tax")),
        ("cant find a dentist + my rent is late", ("cant find a dentist", "my rent is late")),
        ("where is my pa n can i get a railcard", ("where is my pa", "can i get a railcard")),
        ("i want a job, plus somewhere to live", ("i want a job", "somewhere to live")),
    ],
)
def test_two_needs_are_parted(text: str, parts: tuple[str, ...]) -> None:
    found = split(text)

    assert found is not None
    assert found.parts == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rent and food",
        "how do i resit my english and maths",
        "my gas and electric bill is so high this month",
        "i was told 12.5 hours a week is the most",
    ],
)
def test_one_need_is_left_whole(text: str) -> None:
    assert split(text) is None


def test_the_plainest_joint_parts_a_message() -> None:
    found = split("i live in a hostel and it is loud, also how do i get a bike")

    assert found is not None
    assert found.parts == ("i live in a hostel and it is loud", "how do i get a bike")


def test_as_well_at_the_end_makes_and_as_plain_as_also() -> None:
    plain, weak = (
        split("got kicked out and my uc stopped as well"),
        split("got kicked out and my uc stopped"),
    )

    assert plain is not None
    assert weak is not None
    assert plain.joint.sure < weak.joint.sure


def test_a_long_story_has_at_most_three_parts_and_loses_no_word() -> None:
    story = (
        "i left care in may. then i moved in with nan. she got ill. now i need a flat. who helps me"
    )

    found = split(story)

    assert found is not None
    assert len(found.parts) == MOST
    assert [word.strip(".") for word in " ".join(found.parts).split()] == [
        word.strip(".") for word in story.split()
    ]
