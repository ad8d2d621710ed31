"""A wish about check-ins is read from plain words, and nothing else is taken for one."""

from datetime import time

import pytest

from checkins import wishes
from checkins.plans import Change
from storage.tables.keeping_in_touch import Every


@pytest.mark.parametrize(
    ("said", "every"),
    [
        ("check in every month", Every.MONTHLY),
        ("once a month is enough for check ins", Every.MONTHLY),
        ("can you check in weekly", Every.WEEKLY),
        ("fortnightly please", Every.FORTNIGHTLY),
        ("every other week pls", Every.FORTNIGHTLY),
        ("check-ins every 3 months", Every.QUARTERLY),
        ("twice a year is fine", Every.HALF_YEARLY),
        ("only check in once a year", Every.YEARLY),
        ("you can ask me only one time in month?", Every.MONTHLY),
        (
            "when i was at college every week was alright but now im on twelve hour shifts its too much, can we do it like once every month",
            Every.MONTHLY,
        ),
    ],
)
def test_how_often_is_read(said: str, every: Every) -> None:
    assert wishes.read(said).change.every is every


@pytest.mark.parametrize(
    "said",
    [
        "can you check in less",
        "too many check ins",
        "every week is too much",
        "check in less often",
    ],
)
def test_less_is_read_without_a_number(said: str) -> None:
    wish = wishes.read(said)

    assert wish.less
    assert wish.change == Change()


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("move my check in to a friday", Change(weekday=4)),
        ("check ins on tuesdays please", Change(weekday=1)),
        ("dont message me at night", Change(quiet=(time(21), time(9)))),
        ("please never text me late at night", Change(quiet=(time(21), time(9)))),
        ("check in wi me of an evening", Change(at=time(18, 30))),
        ("check in at 6pm", Change(at=time(18))),
        ("text me after 6 pls", Change(at=time(18))),
        ("check in at 10.30am", Change(at=time(10, 30))),
        ("no mornings for check ins", Change(at=time(16, 30))),
        ("no more check ins", Change(topic_off="check_in")),
        ("turn on check-ins", Change(topic_on="check_in")),
        ("don't check in with me, ask again next month", Change(snooze_days=30)),
    ],
)
def test_what_they_want_is_read(said: str, change: Change) -> None:
    wish = wishes.read(said)

    assert wish.sure
    assert wish.change == change


@pytest.mark.parametrize("said", ["check in with me", "Can you check in with me now please?"])
def test_asking_to_be_asked(said: str) -> None:
    assert wishes.read(said).ask_now


@pytest.mark.parametrize(
    "said",
    [
        "how much is universal credit a month",
        "my rent is due every week and i cant pay",
        "i see my sister on sundays",
        "can i get help on friday",
        "i dont sleep at night",
        "my pa never texts back",
        "he keeps coming round late",
        "i dont feel safe at night",
        "what time does the office open on monday",
    ],
)
def test_other_things_are_left_alone(said: str) -> None:
    wish = wishes.read(said)

    assert wish.empty or not wish.sure


def test_a_long_story_is_for_a_person() -> None:
    assert wishes.read("check in less " + "and then " * 40).empty
