"""A check-in in the conversation: one tap answers it, words only when they fit, and danger stays first."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot import keeping
from bot.engine import Engine
from bot.keeping import Answered, ChangePlan, CountNote
from bot.memory import Memory, Waiting
from bot.practice import Practice
from bot.turn import KeepDraft, Raise, Who
from checkins.hearing import Answer
from checkins.plans import Change
from storage.tables.keeping_in_touch import Every
from tests.bot.test_conversation import AMARA, DANGER, Rasa, Talk
from tests.cast import NOW

ASK_NOW = "check in with me"
STAYING_PUT = "housing.staying_put"
ASKED = Memory(check_in="living", check_in_due=7, check_in_at=NOW.isoformat())


@pytest.fixture
def rasa() -> Rasa:
    """Give an understanding that knows a few moods and one question."""
    taught = Rasa()
    taught.teach("im good thanks", ("doing_well", 0.9))
    taught.teach("meh", ("doing_ok", 0.9))
    taught.teach("not great tbh", ("struggling", 0.9))
    taught.teach("not now", ("not_now", 0.9))
    taught.teach("thanks", ("thanks", 0.9))
    taught.teach("can i stay after 18", (STAYING_PUT, 0.9))
    taught.teach("my pa is useless", ("about_my_adviser", 0.9))
    taught.teach("change my check in thing", ("change_checkins", 0.9))
    return taught


def talk(engine: Engine, rasa: Rasa, memory: Memory | None = None, who: Who = AMARA) -> Talk:
    """Begin a conversation."""
    return Talk(engine, rasa, Practice(who=who, memory=memory or Memory()))


def answers(one: Talk) -> list[Answer]:
    """Return what the last turn takes as answers."""
    return [effect.answer for effect in one.effects(Answered) if isinstance(effect, Answered)]


def changes(one: Talk) -> list[Change]:
    """Return what the last turn changes about the plan."""
    return [effect.change for effect in one.effects(ChangePlan) if isinstance(effect, ChangePlan)]


def test_somebody_can_ask_to_be_asked(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)

    assert one.says(ASK_NOW) == ["check_in.ask.how_are_you"]

    assert one.labels == ["😀 Great", "🙂 Good", "😐 OK", "🙁 Not good", "😢 Awful", "Not now"]
    assert one.words.startswith("Hi Amara. How are things right now?")
    assert "I show your answer to Wren" in one.words


def test_it_works_in_practice_without_a_name(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa, who=Who())

    one.says(ASK_NOW)

    assert one.words.startswith("Hi. How are things right now?")


@pytest.mark.parametrize(
    ("face", "feeling", "reply"),
    [
        ("😀 Great", 5, "check_in.then.how_are_you"),
        ("🙂 Good", 4, "check_in.then.how_are_you"),
        ("😐 OK", 3, "check_in.then.how_are_you"),
        ("🙁 Not good", 2, "check_in.low"),
        ("😢 Awful", 1, "check_in.low"),
    ],
)
def test_one_tap_is_an_answer(
    engine: Engine, rasa: Rasa, face: str, feeling: int, reply: str
) -> None:
    one = talk(engine, rasa)
    one.says(ASK_NOW)

    assert one.presses(face) == [reply]
    assert answers(one) == [Answer("how_are_you", 0, feeling=feeling)]


def test_a_low_face_offers_a_person_an_article_and_help(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)
    one.says(ASK_NOW)

    one.presses("😢 Awful")

    helps = engine.library.keeping.questions["how_are_you"].helps
    assert one.labels == [
        "Talk to a person",
        "Tell us more about it",
        engine.library.articles[helps].title,
        "Help now",
    ]


def test_words_after_a_face_belong_to_it(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)
    one.says(ASK_NOW)
    one.presses("🙁 Not good")

    assert one.says("i had a row with my boss") == ["check_in.words_kept"]
    assert answers(one) == [Answer("how_are_you", 0, words="i had a row with my boss")]
    assert one.says("i had a row with my boss") != ["check_in.words_kept"]


@pytest.mark.parametrize(
    "said", ["can i stay after 18", "thanks", "check in less please", "my pa is useless"]
)
def test_what_has_an_answer_of_its_own_is_not_taken_as_words(
    engine: Engine, rasa: Rasa, said: str
) -> None:
    one = talk(engine, rasa)
    one.says(ASK_NOW)
    one.presses("🙂 Good")

    one.says(said)

    assert answers(one) == []


def test_hours_later_words_are_not_about_the_face_any_more(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)
    one.says(ASK_NOW)
    one.presses("🙂 Good")
    one.now += timedelta(hours=3)

    one.says("who do i ask about that")

    assert answers(one) == []


@pytest.mark.parametrize(
    ("said", "feeling"), [("im good thanks", 4), ("meh", 3), ("not great tbh", 2)]
)
def test_words_that_fit_answer_what_was_pushed(
    engine: Engine, rasa: Rasa, said: str, feeling: int
) -> None:
    one = talk(engine, rasa, ASKED)

    one.says(said)

    assert answers(one) == [Answer("living", 7, feeling=feeling, words=said)]


def test_a_worry_in_an_answer_is_kept_flagged_and_met_gently(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa, ASKED)

    assert one.says("not great tbh") == ["check_in.low", "safety.soft_check.2"]
    assert len(one.effects(Raise)) == 1


def test_not_now_in_words_offers_another_time(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa, ASKED)

    assert one.says("not now") == ["check_in.again_later"]
    assert answers(one) == [Answer("living", 7, not_now=True)]
    assert one.labels == ["In a day", "In a week", "In a month"]


@pytest.mark.parametrize("said", ["can i stay after 18", "asdf qwer"])
def test_words_that_do_not_fit_are_what_they_are(engine: Engine, rasa: Rasa, said: str) -> None:
    one = talk(engine, rasa, ASKED)

    one.says(said)

    assert answers(one) == []


def test_an_old_check_in_is_not_answered_by_chance(engine: Engine, rasa: Rasa) -> None:
    old = replace(ASKED, check_in_at=(NOW - timedelta(hours=49)).isoformat())
    one = talk(engine, rasa, old)

    assert one.says("im good thanks") == ["check_in.doing_well"]
    assert answers(one) == []


@pytest.mark.parametrize(
    "memory", [ASKED, replace(ASKED, waiting=Waiting.CHECK_IN, waiting_for="living:7")]
)
def test_danger_in_an_answer_is_danger(engine: Engine, rasa: Rasa, memory: Memory) -> None:
    one = talk(engine, rasa, memory)

    assert one.says(DANGER) == ["safety.suicide.same_day.self.16_17"]
    assert answers(one) == []


def test_nowhere_to_live_is_answered_as_danger_when_it_is_tapped(
    engine: Engine, rasa: Rasa
) -> None:
    one = talk(engine, rasa)
    one.says(ASK_NOW)
    one.practice = replace(
        one.practice,
        keys=tuple(
            replace(key, action=key.action.replace("how_are_you", "living"))
            for key in one.practice.keys
        ),
    )
    one.presses("😐 OK")

    replies = one.presses("Nowhere settled")

    assert replies[0].startswith("safety.homeless.same_day")
    assert len(one.effects(Raise)) == 1
    assert answers(one) == [Answer("living", 0, category_of="living", category="nowhere")]


def test_where_somebody_lives_is_kept_as_they_say_it(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa, ASKED)
    one.says("im good thanks")

    assert one.presses("Supported lodgings") == ["check_in.thanks"]
    assert answers(one) == [
        Answer("living", 7, category_of="living", category="supported_lodgings")
    ]


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("can you check in once a month instead", Change(every=Every.MONTHLY)),
        ("dont message me at night", Change(quiet=(time(21), time(9)))),
        ("no more check ins please", Change(topic_off="check_in")),
        ("can you check in less", Change(every=Every.QUARTERLY)),
    ],
)
def test_a_rhythm_is_agreed_in_words(engine: Engine, rasa: Rasa, said: str, change: Change) -> None:
    one = talk(engine, rasa)

    one.says(said)

    assert changes(one) == [change]


def test_a_rhythm_is_agreed_by_buttons(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)
    one.says("menu")
    assert one.presses("Check-ins") == ["check_in.settings"]

    one.presses("How often")
    assert one.presses("Every two weeks") == ["check_in.changed"]

    assert changes(one) == [Change(every=Every.FORTNIGHTLY)]
    assert "every two weeks, on a Tuesday at 4.30pm" in one.words
    assert "Next one: 4:30pm on Tuesday 1 December" in one.words
    assert "between 9pm and 9am" in one.words


def test_a_time_at_night_is_refused_kindly(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)

    assert one.says("check in at 11pm please") == ["check_in.time_is_quiet"]
    assert changes(one) == []


def test_the_intent_alone_opens_the_settings(engine: Engine, rasa: Rasa) -> None:
    assert talk(engine, rasa).says("change my check in thing") == ["check_in.settings"]


def test_a_stranger_is_told_how_to_get_check_ins(
    engine: Engine, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "in_practice", lambda *_parts: None)
    one = talk(engine, rasa, who=Who(age=18))

    assert one.says("change my check in thing") == ["control.change_checkins"]
    assert one.says("check in once a month please") != ["check_in.changed"]
    assert one.says(ASK_NOW) != ["check_in.ask.how_are_you"]


def test_a_worry_in_a_wish_does_not_lose_the_wish(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa, who=Who())

    replies = one.says("dont text me at night i get a bit down")

    assert replies == ["check_in.changed", "safety.soft_check.2"]
    assert len(one.effects(Raise)) == 1


@pytest.mark.parametrize("label", ["Which day", "What time", "Quiet hours", "What about"])
def test_every_setting_has_its_buttons(engine: Engine, rasa: Rasa, label: str) -> None:
    one = talk(engine, rasa)
    one.says("menu")
    one.presses("Check-ins")
    one.presses(label)

    for pressed in [one_label for one_label in one.labels if one_label != "Menu"]:
        fresh = replace(one, practice=one.practice)
        fresh.presses(pressed)
        assert len(changes(fresh)) == 1, pressed


def test_after_three_good_ones_asking_less_is_offered_and_done_only_on_yes(
    engine: Engine, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = keeping.in_practice
    monkeypatch.setattr(
        keeping,
        "in_practice",
        lambda *parts: replace(usual(*parts), feelings=(4, 5), every=Every.WEEKLY),
    )
    one = talk(engine, rasa)
    one.says(ASK_NOW)

    assert one.presses("😀 Great") == ["check_in.then.how_are_you", "check_in.offer_less"]
    assert changes(one) == []
    assert "every two weeks" in one.words
    one.presses("Yes, ask less")
    assert changes(one) == [Change(every=Every.FORTNIGHTLY)]


def test_a_low_face_offers_to_tell_it_as_a_statement(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa)
    one.says("check in with me")

    one.presses("😢 Awful")
    one.presses("Tell us more about it")

    kept = one.effects(KeepDraft)[-1]
    assert isinstance(kept, KeepDraft)
    assert kept.draft.scenario.id == "wellbeing"
    assert kept.draft.origin == "check_in"


# Whether it may be counted


ROW = "i had a row with my boss and lost my shifts"


def counts(one: Talk) -> list[bool]:
    """Return what the last turn says about counting."""
    return [effect.wanted for effect in one.effects(CountNote) if isinstance(effect, CountNote)]


def wrote(engine: Engine, rasa: Rasa, who: Who = AMARA) -> Talk:
    """Answer a check-in with a face, and words after it."""
    one = talk(engine, rasa, who=who)
    one.says(ASK_NOW)
    one.presses("🙂 Good")
    one.says(ROW)
    return one


@pytest.mark.parametrize(
    ("label", "reply", "wanted"),
    [
        ("Yes, count it", "check_in.counted", True),
        ("No, don't", "check_in.not_counted", False),
    ],
)
def test_words_are_counted_only_when_they_say_so(
    engine: Engine,
    rasa: Rasa,
    label: str,
    reply: str,
    wanted: bool,  # noqa: FBT001 (a column of the table above)
) -> None:
    one = wrote(engine, rasa)

    assert "Can I count this, without your name" in one.words
    assert one.labels == ["Yes, count it", "No, don't", "Help now"]
    assert one.presses(label) == [reply]
    assert counts(one) == [wanted]


def test_long_words_that_answer_at_once_are_asked_about(engine: Engine, rasa: Rasa) -> None:
    rasa.teach("im good thanks i got the job i wanted", ("doing_well", 0.9))
    one = talk(engine, rasa, ASKED)

    assert one.says("im good thanks i got the job i wanted")[-1] == "check_in.count"
    assert one.presses("Yes, count it") == ["check_in.counted"]


def test_a_mood_alone_is_not_asked_about(engine: Engine, rasa: Rasa) -> None:
    one = talk(engine, rasa, ASKED)

    one.says("im good thanks")

    assert "Yes, count it" not in one.labels


def test_nothing_is_asked_while_a_flag_is_open(engine: Engine, rasa: Rasa) -> None:
    one = wrote(engine, rasa, replace(AMARA, flag_open=True))

    assert one.labels == ["Help now"]


def test_a_yes_to_fewer_words_is_not_a_yes_to_more(engine: Engine, rasa: Rasa) -> None:
    rasa.teach("im good thanks i got the job i wanted", ("doing_well", 0.9))
    one = talk(engine, rasa, ASKED)
    one.says("im good thanks i got the job i wanted")
    asked = one.practice
    assert one.says("i had a row with my boss") == ["check_in.words_kept"]
    one.practice = replace(one.practice, keys=asked.keys)

    one.presses("Yes, count it")

    assert counts(one) == []
    assert "You have written more since then" in one.words


def test_it_can_be_changed_later_and_words_show_only_when_asked(engine: Engine, rasa: Rasa) -> None:
    one = wrote(engine, rasa)
    one.presses("Yes, count it")
    one.says("/mine")
    assert one.presses("What I wrote in check-ins") == ["check_in.notes"]
    assert one.labels[0].endswith(": counts")
    assert one.presses(one.labels[0]) == ["check_in.note_counts"]
    assert ROW not in one.words
    one.presses("Show my words")
    one.presses("Yes, show it")
    assert ROW in one.words
    one.presses("What I wrote in check-ins")
    one.presses(one.labels[0])

    assert one.presses("Stop counting it") == ["check_in.not_counted"]
    assert counts(one) == [False]
    one.presses("What I wrote in check-ins")
    assert one.labels[0].endswith(": does not count")
