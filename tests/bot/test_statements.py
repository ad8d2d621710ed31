"""Telling somebody something: every scenario, every step, every interruption, and nothing lost."""

import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine import Engine
from bot.practice import Practice
from bot.turn import AllowQuote, Ask, KeepDraft, Raise, SendCopy, SendStatement, TakeBack, Who
from content.scenarios import Kind, load_scenarios
from feedback.drafts import Audience, Draft, Stage
from safeguarding.judgement import NOTHING
from safeguarding.levels import Category, Level
from safeguarding.screening import Screener
from storage.tables.outbox import Lane
from storage.tables.statements import Consent, Origin, StatementState
from tests.bot.test_conversation import (
    AMARA,
    STAYING_PUT,
    Rasa,
    ScriptedScreener,
    Talk,
    found,
)
from tests.cast import NOW

SCENARIOS = list(load_scenarios())
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS)
IN_CAMBRIDGESHIRE = replace(AMARA, council="cambridgeshire")
WORDS = "we sat and talked it through for a good while"
OFFER = "can i stay after 18"
ADVOCATE = "need an advocate"
DANGER = "something very dangerous"
WORRY = "something a little worrying"

THANK_YOU = "thank you to my PA, she has been amazing"
NOT_ONLY = "my pa is amazing but never on time"

Start = Callable[..., Talk]


class Scripted:
    """Finds danger in one message and a worry in another, and nothing in the rest."""

    def screen(self, text: str, **_known: object) -> object:
        """Stand for screening."""
        if text in {DANGER, "HELP"}:
            category = Category.SUICIDE if text == DANGER else Category.HELP_WORD
            return found(Level.SAME_DAY, category)
        return found(Level.CONCERN) if text == WORRY else NOTHING


@pytest.fixture
def rasa() -> Rasa:
    taught = Rasa()
    taught.teach(OFFER, (STAYING_PUT, 0.9), ("housing.options_at_18", 0.05))
    taught.teach(ADVOCATE, ("want_advocate", 0.9))
    taught.teach("stop messaging me please", ("stop", 0.95))
    taught.teach("i got the job", ("share_good_news", 0.9))
    taught.teach("ive got some good news", ("share_good_news", 0.9))
    taught.teach("i want to complain", ("make_complaint", 0.9))
    taught.teach("can i give feedback", ("give_feedback", 0.9))
    taught.teach("my pa never rings me back", ("adviser_not_replying", 0.9))
    taught.teach("thanks", ("thanks", 0.9))
    taught.teach(THANK_YOU, ("about_my_adviser", 0.9))
    taught.teach(NOT_ONLY, ("about_my_adviser", 0.9))
    return taught


@pytest.fixture
def start(engine: Engine, rasa: Rasa) -> Start:
    """Begin a conversation in which screening finds what the test says."""

    def begin(who: Who = IN_CAMBRIDGESHIRE) -> Talk:
        parts = replace(engine, screener=typing.cast("Screener", Scripted()))
        return Talk(parts, rasa, Practice(who=who), NOW)

    return begin


def draft(talk: Talk) -> Draft:
    """Return the newest statement of a conversation."""
    return talk.practice.told[0].draft


def state(talk: Talk) -> StatementState:
    """Return the state of the newest statement."""
    return talk.practice.told[0].state


def open_scenario(talk: Talk, scenario: str) -> Talk:
    """Begin a statement from the menu."""
    talk.says("/tell")
    talk.presses(talk.engine.library.scenarios[scenario].title)
    return talk


def answer(talk: Talk) -> None:
    """Answer the open question: the first thing to pick, or words."""
    asked = draft(talk)
    question = asked.current()
    assert question is not None
    picks = [
        key
        for key in talk.practice.keys
        if key.action.startswith(f"st:{asked.reference}:a:{question.id}:")
    ]
    if picks:
        talk.presses(picks[0].label)
    else:
        talk.says(WORDS)


def walk(talk: Talk) -> Iterator[Draft]:
    """Answer every question in turn; yield the draft at each step, the last one read back."""
    for _ in range(40):
        yield draft(talk)
        if draft(talk).stage is Stage.REVIEW:
            return
        answer(talk)
    raise AssertionError("it never comes to an end")


def at_every_step(start: Start, scenario: str, *, easy: bool = False) -> Iterator[Talk]:
    """Give a conversation at each step of a scenario, each apart from the others."""
    talk = open_scenario(start(), scenario)
    if easy:
        talk.presses("Short and easy")
    for _ in walk(talk):
        yield replace(talk)


# Walking through


@every_scenario
@pytest.mark.parametrize("easy", [False, True], ids=["in full", "short"])
def test_every_scenario_can_be_walked_to_its_end_and_sent(
    start: Start, scenario: str, *, easy: bool
) -> None:
    talk = open_scenario(start(), scenario)
    if easy:
        talk.presses("Short and easy")

    asked = [one.question for one in walk(talk) if one.stage is Stage.ASK]
    talk.presses("Send it")

    wanted = [one.id for one in draft(talk).scenario.asked(easy=easy)]
    assert asked == wanted
    assert [one.question for one in draft(talk).given] == wanted
    assert state(talk) is StatementState.SENT
    [sent] = talk.effects(SendStatement)
    assert typing.cast("SendStatement", sent).draft.origin is (Origin.EASY if easy else Origin.OWN)


@every_scenario
def test_the_short_version_needs_no_typing(start: Start, scenario: str) -> None:
    for talk in at_every_step(start, scenario, easy=True):
        at = draft(talk)
        if at.stage is Stage.ASK:
            assert [one for one in talk.practice.keys if f":a:{at.question}:" in one.action]


@every_scenario
def test_nobody_reads_it_before_it_is_sent_and_who_would_is_said_first(
    start: Start, scenario: str
) -> None:
    talk = open_scenario(start(), scenario)

    assert "this is who reads it" in talk.words
    for _ in walk(talk):
        assert talk.effects(SendStatement) == []
    assert "This is who sees it" in talk.words


@every_scenario
def test_every_word_is_read_back_before_sending(start: Start, scenario: str) -> None:
    talk = open_scenario(start(), scenario)

    steps = list(walk(talk))

    for question, given in steps[-1].told():
        assert question is not None
        assert question.label in talk.words
        assert given.words in talk.words


def test_a_long_statement_is_read_back_in_parts_that_telegram_takes(start: Start) -> None:
    talk = open_scenario(start(), "problem")
    talk.says("a very long story. " * 210)
    for _ in walk(talk):
        pass

    assert talk.last is not None
    texts = [one.text for one in talk.last.outcome.replies]
    assert len(texts) > 2
    assert max(map(len, texts)) <= 3_500
    assert "".join(texts).count("a very long story.") == 210


# Interruptions


def untouched(before: Draft, after: Draft) -> bool:
    """Whether a draft stands where it stood, with all its answers."""
    now = (after.stage, after.question, after.given, after.audience)
    return now == (before.stage, before.question, before.given, before.audience)


CONTROL = {"STOP": "control.stopped", "HUMAN": "people.talk_to_adviser", "MENU": "menu.topics"}


@every_scenario
@pytest.mark.parametrize("easy", [False, True], ids=["in full", "short"])
@pytest.mark.parametrize("word", [*CONTROL, "DELETE", "HELP", "/mine", "MY DATA"])
def test_control_words_work_at_every_step_and_the_statement_waits(
    start: Start, scenario: str, word: str, *, easy: bool
) -> None:
    for talk in at_every_step(start, scenario, easy=easy):
        before = draft(talk)

        said = talk.says(word)

        about_adviser = word == "HUMAN" and before.scenario.hidden
        # Whoever is telling about their adviser is not put through to that adviser.
        expected = "people.talk_to_a_person" if about_adviser else CONTROL.get(word, said[0])
        assert said[0] == expected
        assert not said[0].startswith("statement.")
        assert untouched(before, draft(talk))


@every_scenario
@pytest.mark.parametrize("easy", [False, True], ids=["in full", "short"])
def test_danger_is_answered_first_at_every_step_and_the_statement_waits(
    start: Start, scenario: str, *, easy: bool
) -> None:
    for talk in at_every_step(start, scenario, easy=easy):
        before = draft(talk)

        said = talk.says(DANGER)

        assert said == ["safety.suicide.same_day.self.16_17"]
        assert len(talk.effects(Raise)) == 1
        after = draft(talk)
        assert (after.stage, after.question) == (before.stage, before.question)
        assert after.resting
        # What they write next is for whoever looks after them, not an answer to a form.
        assert talk.says("i dont know")[0].startswith("safety.again")
        assert untouched(after, draft(talk))


@every_scenario
def test_a_worry_in_an_answer_is_flagged_and_the_answer_is_kept(
    start: Start, scenario: str
) -> None:
    for talk in at_every_step(start, scenario):
        talk.says(WORRY)

        assert len(talk.effects(Raise)) == 1
        assert WORRY in {one.words for one in draft(talk).given} or "number" in talk.words


@every_scenario
@pytest.mark.parametrize("easy", [False, True], ids=["in full", "short"])
def test_a_question_about_the_local_offer_is_answered_and_then_the_open_question_comes_again(
    start: Start, scenario: str, *, easy: bool
) -> None:
    for talk in at_every_step(start, scenario, easy=easy):
        before = draft(talk)

        said = talk.says(OFFER)

        assert said[0] == f"article.{STAYING_PUT}"
        assert "Back to what you were telling us" in talk.words
        assert untouched(before, draft(talk))
        assert not draft(talk).resting


@every_scenario
def test_a_button_that_is_old_or_made_up_changes_nothing(start: Start, scenario: str) -> None:
    for talk in at_every_step(start, scenario):
        before = draft(talk)
        for action in (
            "nonsense",
            "st:S-9:send:",
            f"st:{before.reference}:a:gone:x",
            "own:S-9:open",
        ):
            trying = replace(talk)
            trying.practice = replace(
                talk.practice, keys=(replace(talk.practice.keys[0], label="x", action=action),)
            )

            said = trying.presses("x")

            assert said
            assert untouched(before, draft(trying))
            assert not trying.effects(SendStatement)


@every_scenario
def test_long_words_are_kept_up_to_a_bound_and_they_hear_so(start: Start, scenario: str) -> None:
    for talk in at_every_step(start, scenario):
        at = draft(talk)

        talk.says("ab " * 4_000)

        kept = max(len(one.words) for one in draft(talk).given)
        assert kept >= 7_990 or at.stage is Stage.REVIEW
        assert "as much as I can hold" in talk.words


def numbers(start: Start, scenario: str) -> Iterator[Talk]:
    """Give a conversation at each question that wants a number."""
    for talk in at_every_step(start, scenario):
        question = draft(talk).current()
        if question is not None and question.kind is Kind.NUMBER:
            yield talk


@pytest.mark.parametrize("scenario", ["wellbeing", "future_plans"])
@pytest.mark.parametrize("text", ["🙃", "🎉🎉", "11", "99999999999", "-", "x"])
def test_what_is_no_number_is_asked_for_again(start: Start, scenario: str, text: str) -> None:
    [talk] = numbers(start, scenario)
    before = draft(talk)

    talk.says(text)

    assert "I need a number" in talk.words
    assert untouched(before, draft(talk))


@pytest.mark.parametrize(("text", "number"), [("6", 6), ("like a six?", 6), ("0", 0), ("10!", 10)])
def test_a_number_is_understood_however_it_is_written(start: Start, text: str, number: int) -> None:
    [talk] = numbers(start, "wellbeing")

    talk.says(text)

    score = draft(talk).answer("score")
    assert score is not None
    assert score.number == number


def test_a_sentence_is_kept_where_a_number_was_wanted(start: Start) -> None:
    [talk] = numbers(start, "wellbeing")

    talk.says("it goes up and down all the time")

    score = draft(talk).answer("score")
    assert score is not None
    assert score.words == "it goes up and down all the time"


@pytest.mark.parametrize("text", ["🙂", "good", "Good", "🙂 Good"])
def test_a_feeling_may_be_typed(start: Start, text: str) -> None:
    talk = open_scenario(start(), "adviser_visit")

    talk.says(text)

    feeling = draft(talk).answer("feel")
    assert feeling is not None
    assert (feeling.picked, feeling.words) == ("good", "")


# Moving about


def test_back_skip_say_more_and_stop(start: Start) -> None:
    talk = open_scenario(start(), "good_news")
    talk.says("my cat had kittens")
    talk.presses("Say more to my last answer")
    talk.says("five of them")
    talk.says("all ginger")
    talk.presses("Done")
    what = draft(talk).answer("what")
    assert what is not None
    assert what.words == "my cat had kittens\nfive of them\nall ginger"

    talk.presses("◀ Back")
    assert draft(talk).question == "what"
    talk.presses("Skip")
    talk.presses("😀 Great")
    talk.presses("Skip")
    assert draft(talk).question == "helped"

    talk.presses("Stop and keep it")
    assert draft(talk).resting
    talk.presses("Carry on with it")

    assert draft(talk).question == "helped"
    assert not draft(talk).resting


def test_a_question_that_is_needed_cannot_be_skipped(start: Start) -> None:
    talk = open_scenario(start(), "good_news")

    assert "Skip" not in talk.labels


def test_a_whole_topic_can_be_passed_over(start: Start) -> None:
    talk = open_scenario(start(), "care_leaver_voice")

    talk.presses("Next topic")

    assert draft(talk).question == "learn_well"


def test_it_resumes_days_later_where_it_was_and_swallows_nothing_meanwhile(
    start: Start,
) -> None:
    talk = open_scenario(start(), "problem")
    talk.says("the bus never comes")
    before = draft(talk)
    talk.now += timedelta(days=3)

    assert talk.says(OFFER) == [f"article.{STAYING_PUT}"]
    assert talk.says("asdf")[0].startswith("unsure.")
    assert untouched(before, draft(talk))
    talk.presses("Carry on with it")

    assert draft(talk).question == "feel"
    assert "How does it make you feel" in talk.words


def test_an_answer_can_be_changed_after_it_is_read_back(start: Start) -> None:
    talk = open_scenario(start(), "adviser_visit")
    for _ in walk(talk):
        pass
    talk.presses("Change an answer")
    talk.presses("What helped")
    talk.says("really it was no use")

    changed = draft(talk).answer("helpful")
    assert changed is not None
    assert changed.words == "really it was no use"
    assert draft(talk).stage is Stage.REVIEW
    assert "really it was no use" in talk.words


def test_what_is_written_at_the_end_is_added_and_can_be_taken_out(start: Start) -> None:
    talk = open_scenario(start(), "adviser_visit")
    for _ in walk(talk):
        pass

    talk.says("and one thing i forgot")
    assert "Also: and one thing i forgot" in talk.words
    talk.presses("Change an answer")
    talk.presses("Take out what I added")

    assert "one thing i forgot" not in talk.words


def test_small_talk_at_the_end_is_not_added(start: Start) -> None:
    talk = open_scenario(start(), "adviser_visit")
    for _ in walk(talk):
        pass
    before = draft(talk)

    assert talk.says("thanks")[0] == "talk.thanks"
    assert untouched(before, draft(talk))


def test_an_older_button_changes_the_older_answer_and_the_talk_stays(start: Start) -> None:
    talk = open_scenario(start(), "problem")
    talk.says("the bus never comes")
    older = talk.practice.keys
    talk.presses("🙂 Good")
    here = draft(talk).question

    talk.practice = replace(talk.practice, keys=older)
    talk.presses("😢 Awful")

    feeling = draft(talk).answer("feel")
    assert feeling is not None
    assert feeling.picked == "awful"
    assert draft(talk).question == here


def test_a_worker_beside_them_is_marked_in_either_version(start: Start) -> None:
    talk = open_scenario(start(), "good_news")
    talk.presses("Short and easy")
    talk.presses("With my worker")

    assert draft(talk).origin is Origin.WITH_WORKER
    assert draft(talk).easy


# Beginning from words


def test_words_that_start_it_are_its_first_answer_and_nothing_is_asked_twice(start: Start) -> None:
    talk = start()

    talk.says("i got the job")

    what = draft(talk).answer("what")
    assert what is not None
    assert what.words == "i got the job"
    assert draft(talk).question == "feel"
    assert "I kept what you just wrote" in talk.words


def test_words_that_only_ask_to_tell_something_are_no_answer(start: Start) -> None:
    talk = start()

    talk.says("ive got some good news")

    assert draft(talk).given == ()
    assert "What is the good news?" in talk.words


def test_a_wish_about_the_adviser_is_passed_on_at_once_and_can_be_told_in_full(
    start: Start,
) -> None:
    talk = start()
    talk.says("my pa never rings me back")
    assert len(talk.effects(Ask)) == 1

    talk.presses("Tell us more about it")

    assert draft(talk).scenario.id == "about_my_adviser"
    assert "Wren" not in talk.words


def test_feedback_without_more_gets_the_menu_of_statements(start: Start) -> None:
    assert start().says("can i give feedback") == ["statement.menu"]


def test_a_surely_meant_order_is_obeyed_mid_statement(start: Start) -> None:
    talk = open_scenario(start(), "problem")

    assert talk.says("stop messaging me please") == ["control.stopped"]
    assert draft(talk).given == ()


def test_a_wish_that_may_be_an_answer_is_the_answer(start: Start) -> None:
    talk = open_scenario(start(), "problem")

    talk.says(ADVOCATE)

    what = draft(talk).answer("what")
    assert what is not None
    assert what.words == ADVOCATE
    assert talk.effects(Ask) == []


# Who it goes to


@pytest.mark.parametrize("scenario", ["about_my_adviser", "complaint"])
def test_what_is_about_the_adviser_never_names_the_adviser_as_a_reader(
    start: Start, scenario: str
) -> None:
    talk = open_scenario(start(), scenario)
    for _ in walk(talk):
        assert "Wren" not in talk.words
    talk.presses("Choose who sees it")
    assert "My adviser" not in talk.labels
    assert "Wren" not in talk.words

    forged = replace(
        talk.practice.keys[0], label="x", action=f"st:{draft(talk).reference}:to:adviser"
    )
    talk.practice = replace(talk.practice, keys=(forged,))
    talk.presses("x")

    assert draft(talk).audience is Audience.MANAGER


def test_danger_in_words_about_the_adviser_is_flagged_past_the_adviser(start: Start) -> None:
    talk = open_scenario(start(), "about_my_adviser")

    said = talk.says(DANGER)

    assert said == ["safety.suicide.same_day.self.16_17"]
    [raised] = [one for one in talk.effects(Raise) if isinstance(one, Raise)]
    assert raised.screening.about_staff
    assert "Wren" not in talk.words


def test_a_complaint_gets_a_number_and_a_day_and_offers_an_advocate(start: Start) -> None:
    talk = start()
    talk.says("i want to complain")
    for _ in walk(talk):
        pass
    talk.presses("Send it")

    # Tuesday 24 November: ten working days on is Tuesday 8 December, twenty is 22 December.
    assert "answer by Tuesday 8 December" in talk.words
    assert "Tuesday 22 December" in talk.words
    assert draft(talk).reference.startswith("C-")
    assert draft(talk).reference in talk.words
    assert "Ask for an advocate" in talk.labels


def test_words_about_staff_move_a_statement_away_from_the_adviser(
    engine: Engine, rasa: Rasa
) -> None:
    about_staff = found(Level.CONCERN, Category.ALLEGATION_ABOUT_STAFF)
    screener = typing.cast("Screener", ScriptedScreener(about_staff, "she shouts at me"))
    parts = replace(engine, screener=screener)
    talk = open_scenario(Talk(parts, rasa, Practice(who=AMARA), NOW), "problem")

    talk.says("she shouts at me")

    assert draft(talk).audience is Audience.MANAGER
    assert "Wren" not in talk.words


def test_a_stranger_may_only_speak_without_a_name_or_for_themselves(start: Start) -> None:
    talk = open_scenario(start(Who(council="cheshire_east")), "problem")
    assert draft(talk).audience is Audience.PARTICIPATION
    assert "I do not know who you are yet" in talk.words
    for _ in walk(talk):
        pass

    talk.presses("Choose who sees it")

    offered = [one for one in talk.practice.keys if ":to:" in one.action]
    assert [one.label for one in offered] == ["Without my name", "Only me"]


def test_a_strangers_complaint_reaches_somebody(start: Start) -> None:
    talk = open_scenario(start(Who(council="cheshire_east")), "complaint")

    assert draft(talk).audience is Audience.MANAGER


def test_a_reviewing_officer_is_not_offered_to_somebody_grown(start: Start) -> None:
    talk = open_scenario(start(replace(AMARA, age=22)), "problem")
    for _ in walk(talk):
        pass
    talk.presses("Choose who sees it")

    assert "My reviewing officer" not in talk.labels


@pytest.mark.parametrize(
    ("label", "button", "said"),
    [
        ("Only me", "Keep it for me", "statement.kept"),
        ("An advocate", "Keep it and show me how", "statement.kept_advocate"),
    ],
)
def test_it_can_be_kept_and_sent_to_nobody(
    start: Start, label: str, button: str, said: str
) -> None:
    talk = open_scenario(start(), "problem")
    for _ in walk(talk):
        pass
    talk.presses("Choose who sees it")
    talk.presses(label)

    assert talk.presses(button) == [said]
    assert state(talk) is StatementState.KEPT
    assert talk.effects(SendStatement) == []


# Consent, and afterwards


def sent(start: Start, scenario: str = "problem") -> Talk:
    """Give a conversation in which a statement was just sent."""
    talk = open_scenario(start(), scenario)
    for _ in walk(talk):
        pass
    talk.presses("Send it")
    return talk


def test_consent_is_asked_once_and_nobody_said_yes_by_saying_nothing(start: Start) -> None:
    talk = sent(start)

    assert talk.last is not None
    assert [one.id for one in talk.last.outcome.replies] == ["statement.sent", "statement.consent"]
    assert {one.consent for one in draft(talk).given} == {Consent.NO}


@pytest.mark.parametrize(
    ("label", "consent"),
    [("Yes", Consent.YES), ("Yes, but reworded", Consent.REWORDED), ("No", Consent.NO)],
)
def test_consent_is_kept_and_can_be_changed_for_one_answer(
    start: Start, label: str, consent: Consent
) -> None:
    talk = sent(start)
    talk.presses(label)
    assert {given.consent for _, given in draft(talk).quotes()} == {consent}

    talk.says("/mine")
    talk.presses("Sort a problem, 24 Nov")
    talk.presses("Who may use my words")
    talk.presses("What is wrong")
    talk.presses("Yes, but reworded")

    [effect] = talk.effects(AllowQuote)
    assert effect == AllowQuote(draft(talk).reference, Consent.REWORDED, "what")
    changed = draft(talk).answer("what")
    assert changed is not None
    assert changed.consent is Consent.REWORDED


def test_the_list_shows_no_words_until_they_ask_twice(start: Start) -> None:
    talk = sent(start)

    talk.says("/mine")
    assert WORDS not in talk.words + "".join(talk.labels)
    talk.presses("Sort a problem, 24 Nov")
    assert WORDS not in talk.words
    talk.presses("Show my words")
    assert WORDS not in talk.words
    assert "Anyone holding your phone can read it" in talk.words
    talk.presses("Yes, show it")

    assert WORDS in talk.words


def test_what_nobody_opened_can_be_taken_back_and_sent_after_all(start: Start) -> None:
    talk = sent(start)
    talk.says("/mine")
    talk.presses("Sort a problem, 24 Nov")
    talk.presses("Take it back")
    assert talk.effects(TakeBack) == [TakeBack(draft(talk).reference)]
    assert state(talk) is StatementState.WITHDRAWN

    talk.presses("What I told you")
    talk.presses("Sort a problem, 24 Nov")
    talk.presses("Carry on with it")
    talk.presses("Send it")

    assert state(talk) is StatementState.SENT


def test_what_was_opened_cannot_be_taken_back(start: Start) -> None:
    talk = sent(start)
    opened = replace(talk.practice.told[0], state=StatementState.OPENED, opened_at=talk.now)
    talk.practice = replace(talk.practice, told=(opened,))

    talk.says("what have i told you")
    talk.presses("Sort a problem, 24 Nov")

    assert "Take it back" not in talk.labels
    assert "Delete it" not in talk.labels
    assert "they have read it" in talk.words


def test_deleting_is_asked_once_more_and_then_done(start: Start) -> None:
    talk = sent(start)
    talk.says("/mine")
    talk.presses("Sort a problem, 24 Nov")

    assert talk.presses("Delete it") == ["mine.ask_delete"]
    assert talk.practice.told
    talk.presses("Yes, delete")

    assert talk.practice.told == ()


def test_a_copy_can_be_had_at_once(start: Start) -> None:
    talk = sent(start)

    talk.presses("Get my copy")

    assert talk.effects(SendCopy) == [SendCopy(draft(talk).reference)]


# What may be seen on a locked phone


@every_scenario
def test_nothing_that_shows_on_a_locked_phone_gives_them_away(start: Start, scenario: str) -> None:
    for talk in at_every_step(start, scenario):
        assert talk.last is not None
        for reply in talk.last.outcome.replies:
            if reply.lane is not Lane.SAFETY:
                assert "leav" not in reply.text[:100].casefold()


def test_one_statement_is_made_at_a_time_and_the_other_waits(start: Start) -> None:
    talk = open_scenario(start(), "problem")
    talk.says("the bus never comes")

    open_scenario(talk, "good_news")
    assert [one.draft.resting for one in talk.practice.told] == [False, True]
    assert talk.effects(KeepDraft)
    talk.says("/mine")
    talk.presses("Sort a problem, 24 Nov")
    talk.presses("Carry on with it")

    assert "How does it make you feel" in talk.words
    assert [one.draft.resting for one in talk.practice.told] == [True, False]


# Thanks reach whom they are for


def test_thanks_to_an_adviser_are_good_news_that_the_adviser_gets(start: Start) -> None:
    talk = start()

    talk.says(THANK_YOU)

    assert draft(talk).scenario.id == "good_news"
    assert draft(talk).audience is Audience.ADVISER
    assert THANK_YOU in [one.words for one in draft(talk).given]
    assert "does not get this" not in talk.words


def test_praise_with_a_but_never_reaches_the_adviser(start: Start) -> None:
    talk = start()

    talk.says(NOT_ONLY)

    assert draft(talk).scenario.id == "about_my_adviser"
    assert draft(talk).audience is Audience.MANAGER


def test_the_menu_of_statements_fits_a_screen(start: Start) -> None:
    talk = start()

    talk.says("/tell")

    assert talk.last is not None
    [menu] = talk.last.outcome.replies
    assert len(menu.keys) <= 8
    assert {one.title for one in talk.engine.library.scenarios.values()} <= set(talk.labels)
