"""What may be announced, to whom, and when each one goes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from checkins import announcing
from checkins.announcing import Someone, Wanted
from content.library import Library
from people.hours import LONDON

TODAY = date(2026, 11, 24)
FAIR = Wanted("job_fairs", "cheshire_east", None, (16, 25))


def someone(
    *asked_for: str, council: str = "cheshire_east", born_on: date = date(2008, 5, 1)
) -> Someone:
    """Return somebody of 18."""
    return Someone(council, born_on, frozenset(asked_for))


@pytest.mark.parametrize(
    ("wanted", "one", "expected"),
    [
        (FAIR, someone("job_fairs"), True),
        (FAIR, someone(), False),
        (FAIR, someone("forums", "place:Crewe"), False),
        (FAIR, someone("job_fairs", council="cambridgeshire"), False),
        (Wanted("job_fairs", "cheshire_east", None, (16, 17)), someone("job_fairs"), False),
        (Wanted("job_fairs", "cheshire_east", None, (18, 18)), someone("job_fairs"), True),
        (Wanted("job_fairs", "cheshire_east", "Crewe", (16, 25)), someone("job_fairs"), True),
        (
            Wanted("job_fairs", "cheshire_east", "Crewe", (16, 25)),
            someone("job_fairs", "place:Crewe", "place:Alsager"),
            True,
        ),
        (
            Wanted("job_fairs", "cheshire_east", "Crewe", (16, 25)),
            someone("job_fairs", "place:Alsager"),
            False,
        ),
        (FAIR, someone("job_fairs", "place:Alsager"), True),
    ],
)
def test_an_announcement_is_for_who_asked_for_it(
    wanted: Wanted, one: Someone, expected: object
) -> None:
    assert announcing.is_for(wanted, one, TODAY) is expected


def test_the_day_of_a_birthday_counts() -> None:
    eighteen = Wanted("job_fairs", "cheshire_east", None, (18, 18))
    one = someone("job_fairs", born_on=date(2008, 11, 24))

    assert not announcing.is_for(eighteen, one, date(2026, 11, 23))
    assert announcing.is_for(eighteen, one, date(2026, 11, 24))


def test_plain_words_may_go_out(library: Library) -> None:
    assert [*announcing.faults(library, "Job fair", "Come and meet people who give jobs.")] == []


@pytest.mark.parametrize(
    ("title", "words", "said"),
    [
        ("", "Come along.", "needs a title"),
        ("Fair", " ", "needs a title"),
        ("x" * 61, "Come along.", "61 characters"),
        ("Fair", "Come along. " * 60, "characters; at most 600"),
        ("Forum for care leavers", "Come along.", "“care leavers” on a lock screen"),
        ("Forum", "For anybody leaving care.", "“leaving care” on a lock screen"),
        ("Talk about drugs", "Come along.", "“drugs” on a lock screen"),
        ("Fair", "For every service user.", "“service user”"),
        (
            "Fair",
            "The participation consultation facilitates multidisciplinary apprenticeship opportunities regionally.",
            "needs a reader of",
        ),
    ],
)
def test_what_must_not_go_out_is_said_in_a_sentence(
    library: Library, title: str, words: str, said: str
) -> None:
    assert said in " ".join(announcing.faults(library, title, words))


def test_everything_wrong_is_said_at_once(library: Library) -> None:
    found = [*announcing.faults(library, "Drug talk for care leavers" * 3, "For each client.")]

    assert len(found) == 4


def test_a_hard_word_may_come_after_what_a_lock_screen_shows(library: Library) -> None:
    words = "There is food, music and time to talk, and you can bring a friend with you if you like. Come when you can and go when you want. It is for care leavers."

    assert [*announcing.faults(library, "A day out", words)] == []


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (77, "77")]
)
def test_a_count_that_could_be_somebody_is_not_told(count: int, said: str) -> None:
    assert announcing.rounded(count) == said


@pytest.mark.parametrize(("count", "needed"), [(20, False), (21, True)])
def test_many_people_need_a_second_person(count: int, needed: object) -> None:
    assert announcing.needs_second_person(count, 20) is needed


def at(hour: int, minute: int = 0, day: int = 24, month: int = 11) -> datetime:
    """Return a moment of 2026 by the clock in London."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def test_messages_are_spread_over_the_hours_of_the_day(library: Library) -> None:
    found = announcing.slots(4, at(16), 2, library.events, LONDON)

    assert found == [at(16), at(16, 30), at(17), at(17, 30)]


def test_what_does_not_fit_into_a_day_goes_on_the_next(library: Library) -> None:
    found = announcing.slots(4, at(17, 15), 2, library.events, LONDON)

    assert found == [at(17, 15), at(17, 45), at(10, day=25), at(10, 30, day=25)]


@pytest.mark.parametrize("hour", [0, 3, 9])
def test_nothing_goes_before_the_day_begins(library: Library, hour: int) -> None:
    assert announcing.slots(1, at(hour), 60, library.events, LONDON) == [at(10)]


def test_sent_at_night_it_goes_the_next_day(library: Library) -> None:
    assert announcing.slots(1, at(23), 60, library.events, LONDON) == [at(10, day=25)]


@pytest.mark.parametrize(("month", "day"), [(3, 27), (10, 24)])
def test_over_a_clock_change_the_local_hours_stay(library: Library, month: int, day: int) -> None:
    found = announcing.slots(2000, at(9, day=day, month=month), 60, library.events, LONDON)

    hours = {one.astimezone(LONDON).hour for one in found}
    assert hours == set(range(10, 18))
    assert len(set(found)) == 2000
    assert max(found) - min(found) < timedelta(days=5)


def test_no_hour_has_more_than_was_set(library: Library) -> None:
    found = announcing.slots(500, at(9), 60, library.events, LONDON)

    assert all(
        later - one >= timedelta(minutes=59) for one, later in zip(found, found[60:], strict=False)
    )


def test_the_reminder_is_the_day_before_by_the_local_clock(library: Library) -> None:
    fair = datetime(2026, 10, 25, 11, tzinfo=LONDON)

    assert announcing.reminder_at(fair, library.events, LONDON) == at(17, day=24, month=10)


def test_news_without_a_date_is_old_after_a_week(library: Library) -> None:
    assert announcing.last_moment(None, at(10), library.events) == at(10) + timedelta(days=7)
    assert announcing.last_moment(at(18), at(10), library.events) == at(18)


def test_why_somebody_is_held_is_not_told() -> None:
    reasons = ["flag_open", "in_custody", "bereaved", "snoozed", "blocked", "topic_off"]

    assert announcing.grouped(reasons) == {"left alone for now": 4, "blocked": 1, "topic off": 1}
