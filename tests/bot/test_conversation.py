"""The order of the steps is the policy: danger first, then what always works, then answers."""

import itertools
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.engine import Engine
from bot.memory import Memory, Waiting
from bot.practice import Practice, Result, take_turn
from bot.steps.control import NOT_COMMANDS, command
from bot.turn import AddWords, Ask, Effect, Raise, SaidWrong, SetStopped, Vote, Who
from nlu.understanding import NOT_UNDERSTOOD, NluError, Ranked, Understanding
from safeguarding.judgement import NOTHING, Layer, Screening, Sign
from safeguarding.levels import Category, Level
from safeguarding.screening import Screener
from storage.tables.outbox import Lane
from tests.cast import NOW

DANGER = "i want to kill myself"
CARD = "safety.suicide.same_day.self.any"
STAYING_PUT = "housing.staying_put"
AMARA = Who(known=True, name="Amara", age=17, council="cheshire_east", adviser="Wren")
SATURDAY_NIGHT = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
#: Every moment at which the bot waits for something.
STATES = {
    "nothing": Memory(),
    "an age": Memory(waiting=Waiting.AGE),
    "a council": Memory(waiting=Waiting.COUNCIL),
    "yes or no to deleting": Memory(waiting=Waiting.CONFIRM_DELETE),
    "words for a person": Memory(waiting=Waiting.WORDS, waiting_for="talk_to_a_person"),
    "a follow-up": Memory(article=STAYING_PUT, asked_at=NOW.isoformat()),
    "another try": Memory(missed=1, missed_at=NOW.isoformat(), offered=(STAYING_PUT,)),
    "somebody in danger": Memory(
        danger_at=NOW.isoformat(), danger_level="same_day", danger_category="suicide"
    ),
}
in_every_state = pytest.mark.parametrize("memory", STATES.values(), ids=STATES)


@dataclass
class Rasa:
    """Understands what a test taught it, and nothing else."""

    meanings: dict[str, Understanding] = field(default_factory=dict)
    away: bool = False

    def teach(self, text: str, *ranking: tuple[str, float]) -> None:
        """Say what a text means, likeliest first."""
        ranked = tuple(Ranked(*one) for one in ranking)
        self.meanings[text] = Understanding(ranked[0].intent, ranked[0].confidence, ranked)

    def __call__(self, text: str) -> Understanding:
        """Stand for a call to Rasa."""
        if self.away:
            raise NluError("Rasa is away")
        return self.meanings.get(text, NOT_UNDERSTOOD)


@dataclass
class Talk:
    """One conversation, followed from turn to turn."""

    engine: Engine
    rasa: Rasa
    practice: Practice = field(default_factory=Practice)
    now: datetime = NOW
    last: Result | None = None

    def says(self, text: str) -> list[str]:
        """Say something, and return the ids of the replies."""
        return self._turn(text, None)

    def presses(self, label: str) -> list[str]:
        """Press a button of the last replies by its words."""
        keys = {key.label: key.action for key in self.practice.keys}
        return self._turn("", keys[label])

    def _turn(self, text: str, action: str | None) -> list[str]:
        self.last = take_turn(self.engine, self.rasa, self.practice, text, self.now, action=action)
        self.practice = self.last.practice
        self.now += timedelta(seconds=20)
        return [reply.id for reply in self.last.outcome.replies]

    @property
    def words(self) -> str:
        """What the bot said last."""
        assert self.last is not None
        return "\n".join(reply.text for reply in self.last.outcome.replies)

    @property
    def labels(self) -> list[str]:
        """The words on the buttons it showed last."""
        return [key.label for key in self.practice.keys]

    def effects(self, kind: type[Effect]) -> list[Effect]:
        """What the last turn asks to be done, of one kind."""
        assert self.last is not None
        return [one for one in self.last.outcome.effects if isinstance(one, kind)]


Start = Callable[..., Talk]


@pytest.fixture
def rasa() -> Rasa:
    taught = Rasa()
    taught.teach("can i stay after 18", (STAYING_PUT, 0.9), ("housing.options_at_18", 0.05))
    return taught


@pytest.fixture
def start(engine: Engine, rasa: Rasa) -> Start:
    """Begin a conversation, at any point of one."""

    def begin(
        who: Who = AMARA,
        memory: Memory | None = None,
        *,
        now: datetime = NOW,
        finds: Screening | None = None,
        only: str = "",
    ) -> Talk:
        parts = (
            engine
            if finds is None
            else replace(engine, screener=typing.cast("Screener", ScriptedScreener(finds, only)))
        )
        return Talk(parts, rasa, Practice(who=who, memory=memory or Memory()), now)

    return begin


@dataclass(frozen=True)
class ScriptedScreener:
    """Finds the same in every message, or only in one."""

    finds: Screening
    only: str = ""

    def screen(self, text: str, **_known: object) -> Screening:
        """Stand for screening."""
        return self.finds if self.only in {"", text} else NOTHING


def found(level: Level, category: Category = Category.LOW_MOOD, *, joke: bool = False) -> Screening:
    """Return what screening might find."""
    sign = Sign(category, level, f"{category}.rule", Layer.RULES)
    return Screening(
        level,
        (category,),
        about_staff=category is Category.ALLEGATION_ABOUT_STAFF,
        signs=(sign,),
        joke=joke,
    )


#: The level stays what it is, however often it is said; the real rules raise it.
SUICIDAL = found(Level.SAME_DAY, Category.SUICIDE)


# Danger


def test_danger_comes_before_any_answer(start: Start, rasa: Rasa) -> None:
    rasa.teach(DANGER, (STAYING_PUT, 0.99))
    talk = start(Who())

    assert talk.says(DANGER) == [CARD]
    assert len(talk.effects(Raise)) == 1


@in_every_state
def test_danger_is_answered_in_every_state_even_when_rasa_is_away(
    start: Start, rasa: Rasa, memory: Memory
) -> None:
    rasa.away = True
    talk = start(Who(), memory)

    assert talk.says(DANGER) == [CARD]
    assert len(talk.effects(Raise)) == 1


@pytest.mark.parametrize(
    "who",
    [replace(AMARA, stopped=True), replace(AMARA, held_by="Wren"), replace(AMARA, flag_open=True)],
)
def test_danger_is_answered_whoever_told_us_to_be_quiet(start: Start, who: Who) -> None:
    talk = start(who)

    assert talk.says(DANGER) == ["safety.suicide.same_day.self.16_17"]
    assert len(talk.effects(Raise)) == 1


def test_danger_hidden_behind_a_start_link_is_found(start: Start) -> None:
    talk = start(Who())

    assert talk.says(f"/start {DANGER}") == [CARD]


def test_a_danger_reply_goes_first_and_offers_three_ways_on(start: Start) -> None:
    talk = start()

    talk.says(DANGER)

    assert talk.last is not None
    assert [reply.lane for reply in talk.last.outcome.replies] == [Lane.SAFETY]
    assert talk.labels == ["Help now", "I'm safe, want to talk", "You got that wrong"]


@pytest.mark.parametrize(
    ("age", "card"),
    [(16, "16_17"), (17, "16_17"), (18, "18_plus"), (24, "18_plus"), (None, "any")],
)
def test_a_danger_reply_fits_the_age(start: Start, age: int | None, card: str) -> None:
    assert start(replace(AMARA, age=age)).says(DANGER) == [f"safety.suicide.same_day.self.{card}"]


def test_a_worry_about_a_friend_gets_its_own_reply(start: Start) -> None:
    assert start().says("my mate wants to kill himself") == ["safety.suicide.same_day.other.any"]


def test_rasa_can_raise_what_the_rules_did_not_see(start: Start, rasa: Rasa) -> None:
    rasa.teach("the water looks nice from up here", ("danger_suicide", 0.95))
    talk = start(Who())

    assert talk.says("the water looks nice from up here") == [CARD]


def test_rasa_cannot_lower_what_the_rules_saw(start: Start, rasa: Rasa) -> None:
    rasa.teach(DANGER, ("goodbye", 0.99))

    assert start(Who()).says(DANGER) == [CARD]


def test_saying_we_got_it_wrong_changes_the_tone_and_not_the_flag(start: Start) -> None:
    talk = start()
    talk.says(DANGER)

    assert talk.presses("You got that wrong") == ["safety.button.got_wrong"]
    assert len(talk.effects(SaidWrong)) == 1
    assert talk.practice.level is Level.SAME_DAY
    assert talk.practice.who.flag_open


def test_after_got_wrong_the_same_danger_gets_the_full_card(start: Start) -> None:
    talk = start(Who(), finds=SUICIDAL, only=DANGER)
    talk.says(DANGER)
    talk.presses("You got that wrong")

    assert talk.says(DANGER) == [CARD]


def test_being_safe_and_wanting_to_talk_asks_for_a_person(start: Start) -> None:
    talk = start()
    talk.says(DANGER)

    assert talk.presses("I'm safe, want to talk") == [
        "safety.button.safe_want_to_talk",
        "people.talk_to_adviser",
    ]
    assert len(talk.effects(Ask)) == 1


def test_the_help_button_needs_nobody(start: Start, rasa: Rasa) -> None:
    rasa.away = True
    talk = start(replace(AMARA, stopped=True, held_by="Wren"))
    talk.says(DANGER)

    assert talk.presses("Help now") == ["static.help_now"]
    assert "999" in talk.words


# Who will read it, and when


def test_in_working_hours_the_card_says_until_when_somebody_is_there(start: Start) -> None:
    talk = start()

    talk.says(DANGER)

    assert "Saved for Wren. They are at work until 5pm today" in talk.words


def test_out_of_hours_the_card_says_when_they_are_back_and_who_is_there_now(start: Start) -> None:
    talk = start(now=SATURDAY_NIGHT)

    talk.says(DANGER)

    assert (
        "Nobody is reading it right now. They are back at 9am on Monday 30 November." in talk.words
    )
    assert "Emergency duty team: 01632 960 102" in talk.words


def test_out_of_hours_at_christmas_nobody_is_promised_before_the_29th(start: Start) -> None:
    talk = start(now=datetime(2026, 12, 25, 10, tzinfo=UTC))

    talk.says(DANGER)

    assert "back at 9am on Tuesday 29 December" in talk.words


def test_out_of_hours_a_request_is_not_promised_for_today(start: Start) -> None:
    talk = start(now=SATURDAY_NIGHT)

    talk.says("human")

    assert "They are back at 9am on Monday 30 November." in talk.words


def test_what_is_about_staff_does_not_name_the_adviser(start: Start) -> None:
    talk = start(finds=found(Level.SAME_DAY, Category.ALLEGATION_ABOUT_STAFF))

    talk.says("it was her")

    assert "Wren" not in talk.words
    assert "a manager, not that person" in talk.words


COMPLAINT = found(Level.CONCERN, Category.ALLEGATION_ABOUT_STAFF)


def test_words_about_staff_are_not_added_to_a_request_that_waits_for_words(start: Start) -> None:
    talk = start(finds=COMPLAINT, only="she shouts at me")
    talk.says("human")

    assert talk.says("she shouts at me") == ["safety.allegation_about_staff.concern.self.any"]
    assert talk.effects(AddWords) == []
    assert talk.effects(Raise) == [Raise(COMPLAINT)]


def test_a_request_with_words_about_staff_goes_to_a_manager(start: Start, rasa: Rasa) -> None:
    rasa.teach("can i talk to someone about my pa", ("talk_to_adviser", 0.9))
    talk = start(finds=COMPLAINT)

    talk.says("can i talk to someone about my pa")

    assert [ask.about_adviser for ask in talk.effects(Ask) if isinstance(ask, Ask)] == [True]
    assert "Wren" not in talk.words


def test_a_worry_in_a_complaint_is_kept_from_the_adviser_like_the_complaint(
    start: Start, rasa: Rasa
) -> None:
    rasa.teach("she never replies", ("adviser_not_replying", 0.9))
    talk = start(finds=found(Level.CONCERN))

    talk.says("she never replies")

    [raised] = [one for one in talk.effects(Raise) if isinstance(one, Raise)]
    assert raised.screening.about_staff
    assert "Wren" not in talk.words


def test_words_added_to_a_request_about_the_adviser_are_kept_from_the_adviser(
    start: Start, rasa: Rasa
) -> None:
    rasa.teach("my pa never replies", ("adviser_not_replying", 0.9))
    talk = start(finds=found(Level.CONCERN), only="it makes me feel really low")
    talk.says("my pa never replies")

    talk.says("it makes me feel really low")

    assert talk.effects(AddWords) == [AddWords("it makes me feel really low")]
    [raised] = [one for one in talk.effects(Raise) if isinstance(one, Raise)]
    assert raised.screening.about_staff
    assert "Wren" not in talk.words


def test_words_about_staff_are_added_to_a_request_about_the_adviser(
    start: Start, rasa: Rasa
) -> None:
    rasa.teach("my pa never replies", ("adviser_not_replying", 0.9))
    talk = start(finds=COMPLAINT, only="she shouts at me")
    talk.says("my pa never replies")

    talk.says("she shouts at me")

    assert talk.effects(AddWords) == [AddWords("she shouts at me")]
    assert talk.effects(Raise) == [Raise(COMPLAINT)]


def test_words_about_staff_do_not_go_to_the_adviser_who_is_talking_with_them(start: Start) -> None:
    with_wren = start(replace(AMARA, held_by="Wren"), finds=COMPLAINT)
    with_lee = start(replace(AMARA, held_by="Lee"), finds=COMPLAINT)

    heard = with_wren.says("she shouts at me"), with_lee.says("she shouts at me")

    assert heard == (["safety.allegation_about_staff.concern.self.any"], [])
    assert with_wren.effects(AddWords) == []
    assert with_lee.effects(AddWords) == [AddWords("she shouts at me")]


# After danger


AFTER = [
    "no",
    "idk",
    "ok",
    "are you real",
    "fine",
    "whatever",
    "you're useless",
    "blah blah",
    "dont know",
    "no",
    "leave it",
    "k",
]


def teach_small_words(rasa: Rasa) -> None:
    """Let Rasa know a few small words, as the real one does."""
    rasa.teach("are you real", ("are_you_human", 0.9))
    rasa.teach("you're useless", ("insult", 0.9))


def repeated(turns: list[list[str]], within: int = 3) -> list[tuple[int, str]]:
    """Return what was said again within so many turns."""
    return [
        (number, one)
        for number, ids in enumerate(turns)
        for one in ids
        if any(one in before for before in turns[max(0, number - within + 1) : number])
    ]


def test_the_same_danger_over_and_over_is_never_answered_the_same_within_three_turns(
    start: Start,
) -> None:
    talk = start(Who())

    assert repeated([talk.says(DANGER) for _ in range(15)]) == []


def test_danger_at_one_level_is_never_answered_the_same_within_three_turns(start: Start) -> None:
    talk = start(Who(), finds=SUICIDAL)

    assert repeated([talk.says(DANGER) for _ in range(15)]) == []


def test_small_words_after_danger_are_never_answered_the_same_within_three_turns(
    start: Start, rasa: Rasa
) -> None:
    teach_small_words(rasa)
    talk = start(Who())

    assert repeated([talk.says(words) for words in (DANGER, *AFTER)]) == []


def test_small_words_between_dangers_are_never_answered_the_same_within_three_turns(
    start: Start, rasa: Rasa
) -> None:
    teach_small_words(rasa)
    talk = start(Who())

    assert (
        repeated(
            [talk.says(words) for pair in zip([DANGER] * 12, AFTER, strict=True) for words in pair]
        )
        == []
    )


def test_after_danger_nobody_hears_that_they_were_not_understood(start: Start, rasa: Rasa) -> None:
    teach_small_words(rasa)
    talk = start(Who())

    said = [one for words in (DANGER, *AFTER) for one in talk.says(words)]

    assert [one for one in said if not one.startswith("safety.")] == []


def test_after_danger_a_real_question_is_answered(start: Start) -> None:
    talk = start()
    talk.says(DANGER)

    assert talk.says("can i stay after 18") == [f"article.{STAYING_PUT}"]


def test_after_danger_somebody_who_asks_is_told_it_is_a_program(start: Start, rasa: Rasa) -> None:
    teach_small_words(rasa)
    talk = start()
    talk.says(DANGER)

    assert talk.says("are you real") == ["safety.again.human"]


def test_once_three_other_turns_have_passed_the_same_danger_gets_the_full_card(
    start: Start, rasa: Rasa
) -> None:
    rasa.teach("hi", ("greet", 0.9))
    talk = start(Who(), finds=SUICIDAL, only=DANGER)
    talk.says(DANGER)
    for words in ("can i stay after 18", "menu", "hi"):
        talk.says(words)

    assert talk.says(DANGER) == [CARD]


def test_weeks_later_the_same_danger_gets_the_full_card(start: Start) -> None:
    talk = start(Who(), finds=SUICIDAL, only=DANGER)
    talk.says(DANGER)
    talk.now += timedelta(days=21)

    assert talk.says(DANGER) == [CARD]


def test_a_day_later_words_are_ordinary_again(start: Start) -> None:
    talk = start()
    talk.says(DANGER)
    talk.now += timedelta(hours=25)

    assert talk.says("blah blah") == ["unsure.first"]


# A worry


def test_a_worry_in_a_question_gets_the_answer_first_and_one_gentle_line(start: Start) -> None:
    talk = start(finds=found(Level.CONCERN))

    assert talk.says("can i stay after 18") == [f"article.{STAYING_PUT}", "safety.soft_check.2"]
    assert len(talk.effects(Raise)) == 1


def test_the_gentle_line_comes_once_a_day_but_every_worry_is_flagged(start: Start) -> None:
    talk = start(finds=found(Level.CONCERN))
    talk.says("can i stay after 18")

    assert talk.says("can i stay after 18") == [f"article.{STAYING_PUT}"]
    assert len(talk.effects(Raise)) == 1


def test_a_worry_alone_gets_its_card(start: Start) -> None:
    talk = start(finds=found(Level.CONCERN))

    assert talk.says("feeling really low") == ["safety.low_mood.concern.self.16_17"]
    assert len(talk.effects(Raise)) == 1


def test_what_may_be_a_joke_gets_a_light_line_and_is_flagged(start: Start) -> None:
    talk = start(finds=found(Level.CONCERN, Category.SUICIDE, joke=True))

    assert talk.says("this queue is killing me lol") == ["safety.soft_check.1"]
    assert len(talk.effects(Raise)) == 1


def test_a_second_joke_is_not_lectured_but_flagged(start: Start) -> None:
    talk = start(finds=found(Level.CONCERN, Category.SUICIDE, joke=True))
    talk.says("this queue is killing me lol")

    assert "safety.soft_check.1" not in talk.says("dying lol")
    assert len(talk.effects(Raise)) == 1


@pytest.mark.parametrize("word", ["stop", "human", "menu", "my data"])
def test_a_worry_never_keeps_a_control_word_from_working(start: Start, word: str) -> None:
    talk = start(finds=found(Level.CONCERN))

    assert not talk.says(word)[0].startswith("safety.")
    assert len(talk.effects(Raise)) == 1


# Control words


SLIPS = [
    ("STOP", "control.stopped"),
    ("stpo", "control.stopped"),
    ("sotp", "control.stopped"),
    ("stopp", "control.stopped"),
    ("  Stop!!  ", "control.stopped"),
    ("/stop", "control.stopped"),
    ("pasue", "control.paused"),
    ("puase", "control.paused"),
    ("resum", "control.resumed"),
    ("reusme", "control.resumed"),
    ("humna", "people.talk_to_adviser"),
    ("humam", "people.talk_to_adviser"),
    ("delte", "control.delete_ask"),
    ("deleet", "control.delete_ask"),
    ("MY DATA", "control.my_data"),
    ("mydta", "control.my_data"),
    ("mneu", "menu.topics"),
]


@in_every_state
@pytest.mark.parametrize(("said", "reply"), SLIPS)
def test_a_control_word_works_in_every_state_however_it_is_spelt(
    start: Start, rasa: Rasa, memory: Memory, said: str, reply: str
) -> None:
    rasa.away = True

    assert start(AMARA, memory).says(said) == [reply]


@pytest.mark.parametrize(
    "word", ["shop", "hope", "prison", "step", "men", "cause", "some", "spot", "yes", "mum", "top"]
)
def test_an_ordinary_word_is_not_a_command(word: str) -> None:
    assert command(word) is None


def test_no_word_is_both_a_command_and_not_one() -> None:
    assert [word for word in NOT_COMMANDS if command(word)] == []


def test_help_asks_for_help_and_is_not_a_command(start: Start) -> None:
    talk = start()

    assert talk.says("HELP")[0].startswith("safety.help_word.")
    assert len(talk.effects(Raise)) == 1


def test_after_stop_only_the_way_back_is_said(start: Start) -> None:
    talk = start()
    talk.says("stop")

    assert talk.says("can i stay after 18") == ["control.still_stopped"]
    assert talk.says("resume") == ["control.resumed"]
    assert talk.says("can i stay after 18") == [f"article.{STAYING_PUT}"]


def test_after_stop_the_button_starts_again(start: Start) -> None:
    talk = start()
    talk.says("stop")

    assert talk.presses("Start again") == ["control.resumed"]
    assert talk.effects(SetStopped) == [SetStopped()]


@pytest.mark.parametrize("words", ["what", "idk", "can i stay after 18", "del"])
def test_only_a_clear_yes_deletes(start: Start, words: str) -> None:
    talk = start()
    talk.says("delete")

    assert talk.says(words) != ["control.deleted"]


@pytest.mark.parametrize(
    ("words", "reply"),
    [("yes", "control.deleted"), ("Yeah.", "control.deleted"), ("no", "control.delete_kept")],
)
def test_deleting_is_asked_once_and_answered(start: Start, words: str, reply: str) -> None:
    talk = start()
    talk.says("delete")

    assert talk.says(words) == [reply]


def test_an_old_delete_button_deletes_nothing(start: Start) -> None:
    talk = start()
    talk.says("delete")
    keys = talk.practice.keys
    talk.presses("No, keep it")
    talk.practice = replace(talk.practice, keys=keys)

    assert talk.presses("Yes, delete") == ["buttons.old"]


# Answers


def test_an_answer_has_its_source_more_and_a_vote(start: Start) -> None:
    talk = start()

    assert talk.says("can i stay after 18") == [f"article.{STAYING_PUT}"]
    assert talk.labels == ["Tell me more", "Who can help", "👍", "👎", "Out of date"]
    assert talk.last is not None
    [reply] = talk.last.outcome.replies
    assert any(key.url.startswith("https://") for row in reply.keys for key in row)


def test_an_answer_says_when_it_was_checked(start: Start) -> None:
    talk = start()

    talk.says("can i stay after 18")

    assert "Checked 22 November 2026." in talk.words


def test_past_its_review_date_an_answer_says_so(start: Start, engine: Engine) -> None:
    last_day = datetime.combine(engine.library.articles[STAYING_PUT].review_by, NOW.timetz())
    in_date, late = start(now=last_day), start(now=last_day + timedelta(days=1))

    in_date.says("can i stay after 18")
    late.says("can i stay after 18")

    assert "may be out of date" not in in_date.words
    assert "Last checked 22 November 2026. This may be out of date" in late.words


@pytest.mark.parametrize(
    ("age", "said", "not_said"),
    [
        (17, "Talk about it early", "The law on Staying Put stops"),
        (19, "If you are in Staying Put now", "Talk about it early"),
        (22, "The law on Staying Put stops at 21", "Talk about it early"),
        (22, "mostly for people aged 16 to 20", "Talk about it early"),
        (None, "called Staying Put", "Talk about it early"),
    ],
)
def test_an_answer_fits_the_age(start: Start, age: int | None, said: str, not_said: str) -> None:
    talk = start(replace(AMARA, age=age))

    talk.says("can i stay after 18")

    assert said in talk.words
    assert not_said not in talk.words


@pytest.mark.parametrize(
    ("council", "said", "not_said"),
    [
        ("cheshire_east", "in Cheshire East", "Cambridgeshire"),
        ("cambridgeshire", "in Cambridgeshire", "Cheshire East"),
        (None, "called Staying Put", "Cheshire East"),
    ],
)
def test_an_answer_fits_the_council(
    start: Start, council: str | None, said: str, not_said: str
) -> None:
    talk = start(replace(AMARA, council=council))

    talk.says("can i stay after 18")

    assert said in talk.words
    assert not_said not in talk.words


def test_two_close_articles_are_offered_as_buttons(start: Start, rasa: Rasa) -> None:
    rasa.teach("staying on", (STAYING_PUT, 0.46), ("housing.staying_close", 0.44))
    talk = start()

    assert talk.says("staying on") == ["unsure.did_you_mean"]
    assert talk.presses("Staying with my foster carer after 18") == [f"article.{STAYING_PUT}"]


def test_a_sure_answer_with_a_close_rival_is_not_guessed(start: Start, rasa: Rasa) -> None:
    rasa.teach("staying on", (STAYING_PUT, 0.56), ("housing.staying_close", 0.5))

    assert start().says("staying on") == ["unsure.did_you_mean"]


def test_something_else_offers_every_topic_and_a_person(start: Start, rasa: Rasa) -> None:
    rasa.teach("staying on", (STAYING_PUT, 0.46), ("housing.staying_close", 0.44))
    talk = start()
    talk.says("staying on")

    assert talk.presses("Something else") == ["unsure.miss_2"]
    assert {"Somewhere to live", "Talk to a person"} <= set(talk.labels)


def test_the_same_fallback_is_never_said_twice_running(start: Start) -> None:
    talk = start()

    said = [talk.says("blah blah") for _ in range(8)]

    assert [pair for pair in itertools.pairwise(said) if pair[0] == pair[1]] == []
    assert said[0] == ["unsure.first"]


def test_an_unanswered_question_is_kept_for_the_gap_report(start: Start) -> None:
    talk = start()

    talk.says("blah blah")

    assert talk.effects(Vote) == [Vote("unanswered", words="blah blah")]


def test_an_unanswered_question_says_which_article_was_nearest(start: Start, rasa: Rasa) -> None:
    rasa.teach("cooking", ("ask_amount", 0.15), ("money.budgeting", 0.1))
    talk = start()

    talk.says("cooking")

    assert talk.effects(Vote) == [Vote("unanswered", "money.budgeting", words="cooking")]


def test_after_danger_unanswered_words_are_not_kept_for_the_gap_report(
    start: Start, rasa: Rasa
) -> None:
    rasa.teach("cooking", ("ask_amount", 0.9))
    talk = start(memory=STATES["somebody in danger"])

    talk.says("cooking")

    assert talk.effects(Vote) == [Vote("unanswered")]


def test_when_rasa_is_away_the_menu_is_offered(start: Start, rasa: Rasa) -> None:
    rasa.away = True
    talk = start()

    assert talk.says("can i stay after 18") == ["unsure.nlu_away"]
    assert talk.presses("Menu") == ["menu.topics"]
    assert talk.presses("Somewhere to live") == ["menu.articles"]
    assert talk.presses("Staying with my foster carer after 18") == [f"article.{STAYING_PUT}"]


def test_a_follow_up_is_about_the_last_article(start: Start, rasa: Rasa) -> None:
    rasa.teach("who do i ring", ("ask_who", 0.9))
    talk = start()
    talk.says("can i stay after 18")

    assert talk.says("who do i ring") == [f"who.{STAYING_PUT}"]


def test_after_half_an_hour_a_follow_up_is_about_nothing(start: Start, rasa: Rasa) -> None:
    rasa.teach("who do i ring", ("ask_who", 0.9))
    talk = start()
    talk.says("can i stay after 18")
    talk.now += timedelta(minutes=31)

    assert talk.says("who do i ring") == ["unsure.first"]


# First contact, people, and what is not a question


def test_a_stranger_says_age_and_council_and_can_ask_at_once(start: Start) -> None:
    talk = start(Who())

    assert talk.says("/start") == ["welcome.notice", "welcome.ask_age"]
    assert talk.says("im 17") == ["welcome.ask_council"]
    assert talk.presses("Cheshire East") == ["welcome.ready"]
    assert (talk.practice.who.age, talk.practice.who.council) == (17, "cheshire_east")


def test_both_questions_can_be_skipped(start: Start) -> None:
    talk = start(Who())
    talk.says("/start")

    assert talk.presses("Skip") == ["welcome.ask_council"]
    assert talk.presses("Skip") == ["welcome.ready"]
    assert (talk.practice.who.age, talk.practice.who.council) == (None, None)


@pytest.mark.parametrize("memory", [Memory(waiting=Waiting.AGE), Memory(waiting=Waiting.COUNCIL)])
def test_a_question_asked_instead_is_answered(start: Start, memory: Memory) -> None:
    assert start(Who(), memory).says("can i stay after 18") == [f"article.{STAYING_PUT}"]


def test_somebody_we_know_is_asked_nothing(start: Start) -> None:
    talk = start()

    assert talk.says("/start") == ["welcome.notice"]
    assert "Hi Amara." in talk.words


@pytest.mark.parametrize("code", ["x", "../../etc/passwd", "a" * 65, "' or 1=1 --", "A" * 22])
def test_every_code_that_does_not_work_is_refused_in_the_same_words(
    start: Start, code: str
) -> None:
    assert start(Who()).says(f"/start {code}")[0] == "welcome.code_not_used"


def test_words_after_a_request_go_with_it(start: Start) -> None:
    talk = start()
    talk.says("human")

    assert talk.says("it is about my rent") == ["people.words_added"]
    assert talk.effects(AddWords) == [AddWords("it is about my rent")]
    assert talk.presses("That's all") == ["people.words_done"]


def test_while_staff_talk_with_them_the_bot_is_quiet_and_passes_words_on(start: Start) -> None:
    talk = start(replace(AMARA, held_by="Wren"))

    assert talk.says("can i stay after 18") == []
    assert talk.effects(AddWords) == [AddWords("can i stay after 18")]
    assert talk.says("resume") == ["control.resumed"]


def test_while_staff_talk_with_them_a_worry_is_flagged_and_the_bot_stays_quiet(
    start: Start,
) -> None:
    talk = start(replace(AMARA, held_by="Wren"), finds=found(Level.CONCERN))

    assert talk.says("feeling really low") == []
    assert len(talk.effects(Raise)) == 1


def test_a_button_that_means_nothing_gets_a_friendly_line(
    start: Start, engine: Engine, rasa: Rasa
) -> None:
    talk = start()

    for action in (
        "gone",
        "article:no.such",
        "topic:nowhere",
        "vote:x:y",
        "ask:everything",
        "pass_on:x",
        "delete:yes",
    ):
        result = take_turn(engine, rasa, talk.practice, "", NOW, action=action)
        assert [reply.id for reply in result.outcome.replies] == ["buttons.old"], action


def test_nothing_found_means_nothing_is_flagged(start: Start) -> None:
    talk = start(finds=NOTHING)

    talk.says("can i stay after 18")

    assert talk.effects(Raise) == []
