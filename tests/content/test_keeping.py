"""What is written first is checked as it stands on a lock screen, and a council's own standard wins."""

from dataclasses import replace

import pytest

from content.keeping_check import keeping_faults, shows_on_a_lock_screen
from content.keeping_in_touch import Line, Standard
from content.library import Library


@pytest.mark.parametrize(
    ("age", "every", "days"),
    [
        (15, "monthly", 60),
        (17, "monthly", 60),
        (18, "monthly", 60),
        (20, "monthly", 60),
        (21, "yearly", 365),
        (25, "yearly", 365),
        (26, "yearly", 365),
    ],
)
def test_there_is_a_standard_for_each_age(
    library: Library, age: int, every: str, days: int
) -> None:
    standard = library.keeping.standard(age, "cheshire_east")

    assert (standard.every, standard.contact_within_days) == (every, days)


def test_a_councils_own_standard_wins_for_its_ages_alone(library: Library) -> None:
    own = Standard((18, 20), "weekly", 28, 7, ours=False, source="a council's paper")
    keeping = replace(library.keeping, of_councils={"cheshire_east": (own,)})

    assert keeping.standard(19, "cheshire_east") is own
    assert keeping.standard(22, "cheshire_east").every == "yearly"
    assert keeping.standard(19, "cambridgeshire").every == "monthly"


def test_a_figure_that_no_source_gives_says_that_it_is_ours(library: Library) -> None:
    assert [one.ours for one in library.keeping.standards] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi Amara. As a care leaver you can …", "care leaver"),
        ("Hi Amara. News from the leaving care team", "leaving care"),
        ("Hi Amara. How are things right now?", None),
        ("Hi Amara. " + "x" * 100 + " foster", None),
    ],
)
def test_the_beginning_of_a_message_is_what_a_lock_screen_shows(
    text: str, shown: str | None
) -> None:
    assert shows_on_a_lock_screen(text) == shown


def test_what_is_there_has_no_fault(library: Library) -> None:
    assert list(keeping_faults(library)) == []


def test_faults_are_found_all_at_once(library: Library) -> None:
    keeping = library.keeping
    broken = replace(
        library,
        replies={
            **library.replies,
            "check_in.ask.living": "Hi. You were in care. How are you?",
            "calendar.turning_18": "Hi{{name}}. Your foster home …",
        },
        keeping=replace(
            keeping,
            calendar={**keeping.calendar, "one": Line("one", "rights_date", article="no.such")},
        ),
    )

    faults = "\n".join(keeping_faults(broken))

    assert "check_in.ask.living: “in care” would be on a lock screen" in faults
    assert "check_ins/living: does not say who sees the answer" in faults
    assert "calendar.turning_18: “foster” would be on a lock screen" in faults
    assert "there is no article no.such" in faults
    assert "calendar one: it must be true for a day at least" in faults
    assert "calendar one: it has no source" in faults


def test_every_category_has_the_dfes_term_and_says_how_sure_it_is(library: Library) -> None:
    for of in ("living", "activity"):
        for one in library.keeping.categories[of].values():
            assert one.dfe
            assert one.certainty in {"V1", "V2", "G"}


def test_a_line_is_found_by_its_id_and_by_its_age(library: Library) -> None:
    keeping = library.keeping

    assert keeping.line("turning_18") is keeping.calendar["turning_18"]
    assert keeping.line("window_19") is keeping.in_touch
    assert keeping.line("plan_review_20270110") is keeping.pathway_review
    assert keeping.line("birthday_18") is keeping.birthday
    assert keeping.line("nothing") is None
