"""The language of care: what is never said, what must be explained, what may show on a lock screen."""

from pathlib import Path

import pytest

from content import language
from content.articles import ContentError
from content.ids import read_yaml
from content.library import Library

#: A neutral beginning that fills what a lock screen shows.
LONG = "Here is what I know about that. " * 4


def faults(text: str, council: str | None = None) -> list[str]:
    """Return what is wrong with a message."""
    return list(language.faults(text, council))


@pytest.mark.parametrize(
    "said",
    [
        "You are a care leaver.",
        "For Care Leavers.",
        "For care-leavers'.",
        "The leaving care team.",
        "You left care.",
        "When you leave care.",
        "You grew up in care.",
        "You are care experienced.",
        "When you were looked after.",
        "Your council looks after you.",
        "You were fostered.",
        "Ask your social worker.",
        "A children's home.",
    ],
)
def test_a_lock_screen_does_not_show_who_somebody_is(said: str) -> None:
    assert any("on a lock screen" in one for one in faults(said))
    assert not any("on a lock screen" in one for one in faults(LONG + said))


@pytest.mark.parametrize(
    "said",
    [
        "Abuse is never OK.",
        "Were you raped?",
        "If you are pregnant, ask.",
        "Drugs can harm.",
        "An HIV test.",
        "Thinking of suicide?",
        "If you self-harm, ask.",
        "A sexual health clinic.",
        "Domestic violence.",
        "Leaving prison?",
    ],
)
def test_a_lock_screen_does_not_show_what_it_is_about(said: str) -> None:
    assert any("on a lock screen" in one for one in faults(said))
    assert not any("on a lock screen" in one for one in faults(LONG + said))


@pytest.mark.parametrize(
    "said",
    [
        "Take care.",
        "Be careful.",
        "In careers.",
        "Look after your health.",
        "A dragon.",
        "The basics.",
    ],
)
def test_everyday_words_are_let_through(said: str) -> None:
    assert faults(said) == []


def test_a_word_that_the_screen_cuts_counts_as_shown() -> None:
    shown = language.glossary().shown
    text = "a" * (shown - 11) + " in care, if so"

    assert text[:shown].endswith("in care, i")
    assert faults("b" * (shown - 5) + " in care.") == ["shows “in care” on a lock screen"]
    assert faults("b" * shown + " in care.") == []


def test_what_arrives_unasked_is_read_to_its_end() -> None:
    text = LONG + "You are a care leaver."

    assert list(language.faults(text)) == []
    assert list(language.faults(text, pushed=True)) == [
        "shows “care leaver” on a message that arrives unasked"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Contact with your mum is up to you.",
        "More contact with your birth family.",
        "You lost contact with your brothers.",
        "Contact between you and your sister.",
        "Family contact is on Friday.",
        "Your contact visits.",
        "A contact centre.",
    ],
)
def test_contact_is_not_a_word_for_seeing_family(said: str) -> None:
    assert any(one.startswith("says “") for one in faults(said)), said


@pytest.mark.parametrize(
    "said",
    [
        "Contact your adviser.",
        "Stay in contact with your adviser.",
        "Keep contact with your college.",
        "Contact the council about your mum.",
    ],
)
def test_contact_is_a_word_for_anybody_else(said: str) -> None:
    assert faults(said) == []


@pytest.mark.parametrize("word", list(read_yaml(language.GLOSSARY / "national.yml")["never"]))
def test_every_word_that_is_never_said_has_another_to_say(word: str) -> None:
    assert read_yaml(language.GLOSSARY / "national.yml")["never"][word].strip()


@pytest.mark.parametrize(
    "said",
    ["A LAC meeting.", "Your placements.", "You are NEET.", "A service user.", "Two clients."],
)
def test_words_that_young_people_asked_not_to_hear_are_refused(said: str) -> None:
    assert any("say " in one for one in faults(said))


def test_lack_is_not_lac() -> None:
    assert faults("A lack of money, or a lac of it.") == []


@pytest.mark.parametrize(
    ("bare", "explained"),
    [
        ("Ask your PA.", "Ask your personal adviser (PA)."),
        ("You may get UC.", "You may get Universal Credit (UC)."),
        ("Ask about PIP.", "Ask about Personal Independence Payment (PIP)."),
        ("You have an SGO.", "You have a special guardian (SGO)."),
        ("Your IRO can help.", "Your independent reviewing officer (IRO) can help."),
        ("Are you UASC?", "Did you come on your own? Some say UASC."),
        ("It is up to the LHA.", "It is up to the Local Housing Allowance (LHA)."),
        ("Ask for a DHP.", "Ask for a Discretionary Housing Payment (DHP)."),
        ("A section 21 came.", "A section 21 came: it gives no reason."),
        ("It is your corporate parent.", "It is your corporate parent, like a good parent."),
        ("It goes in your pathway plan.", "Your pathway plan is the plan for your support."),
        ("You are in priority need.", "You come first: that is priority need."),
        ("No guarantor?", "A guarantor agrees to pay if you cannot."),
    ],
)
def test_jargon_is_said_only_with_what_it_means(bare: str, explained: str) -> None:
    assert any("not what it means" in one for one in faults(bare))
    assert not any("not what it means" in one for one in faults(LONG + explained))


def test_a_short_form_that_no_glossary_knows_is_refused() -> None:
    assert faults("Ask the QZX.") == ["says “QZX”, which no glossary knows"]
    assert faults("Ask the NHS or a GP.") == []


def test_a_council_name_is_said_only_with_what_it_means() -> None:
    assert faults("Ask about My Voice.", "cheshire_east") == [
        "says “My Voice” and not what it means"
    ]
    assert faults("My Voice is a group. Ask about it.", "cheshire_east") == []


@pytest.mark.parametrize("council", [None, "cambridgeshire"])
def test_a_council_name_is_not_said_to_others(council: str | None) -> None:
    assert any("only another council has" in one for one in faults("My Voice is a group.", council))


def test_a_council_refuses_its_own_words() -> None:
    text = LONG + "It is for children in care."

    assert faults(text, "cambridgeshire") == []
    assert any("say cared for children" in one for one in faults(text, "cheshire_east"))


def test_a_name_may_hold_a_refused_word() -> None:
    text = LONG + "It is a group. You can have your say there: the Children in Care Council."

    assert faults(text, "cheshire_east") == []


def test_a_line_names_one_phone_number_at_most() -> None:
    one = "Shelter: 0808 800 4444\nSamaritans: 116 123\nText SHOUT to 85258, or call 999"

    assert faults(one) == []
    assert any("more than one phone number" in fault for fault in faults(one.replace("\n", " ")))


def test_every_council_has_a_glossary_with_sources(library: Library) -> None:
    assert language.councils() == set(library.councils)
    for council in language.councils():
        for name, about in read_yaml(language.GLOSSARY / f"{council}.yml")["names"].items():
            assert about["source"], name


def test_a_name_without_a_source_stops_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "somewhere.yml").write_text(
        "council: somewhere\nnames:\n  The Hub:\n    plain: a place\n    means: [place]\n", "utf-8"
    )
    monkeypatch.setattr(language, "GLOSSARY", tmp_path)
    language.glossary.cache_clear()

    with pytest.raises(ContentError, match=r"somewhere\.yml: The Hub has no source"):
        language.glossary("somewhere")

    language.glossary.cache_clear()
