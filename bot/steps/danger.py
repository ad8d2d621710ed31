"""Danger comes before everything: say who can help now, and raise a flag with staff."""

from dataclasses import replace

from bot import seen
from bot.memory import FOR_WORDS, SOFT_FOR, Waiting, within
from bot.steps import languages, needs, reading
from bot.steps.people import ABOUT_ADVISER
from bot.turn import AddWords, Ask, KeepDraft, Key, Outcome, Raise, Reply, Turn
from safeguarding.judgement import Screening
from safeguarding.levels import Category, Level
from storage.tables.outbox import Lane

#: The same card is not shown again within this many turns (safety.md FT-45).
TURNS_BETWEEN_CARDS = 3
AGAIN = 6
LOW_WORDS = frozenset(
    [
        "no",
        "nah",
        "nope",
        "idk",
        "dunno",
        "ok",
        "okay",
        "k",
        "kk",
        "yes",
        "yeah",
        "yh",
        "ye",
        "fine",
        "whatever",
        "dont",
        "know",
        "i",
        "don't",
        "know",
        "maybe",
        "sure",
        "alright",
    ]
) | {
    "dont know",
    "don't know",
    "i dont know",
    "i don't know",
    "im fine",
    "i'm fine",
    "leave it",
    "doesnt matter",
}


def answer_danger(turn: Turn) -> Outcome | None:
    """Answer what must be read today or sooner, and nothing else (safety.md HZ-08)."""
    if not turn.screening.level.at_least(Level.SAME_DAY):
        return None
    return _with_card(turn)


def _with_card(turn: Turn) -> Outcome:
    """Show the full card, or a shorter follow-up when the same card was just shown."""
    screening, memory = turn.screening, turn.memory
    raised = _kept_from_adviser(turn)
    card = turn.library.safety_reply(
        str(main_category(screening)),
        str(screening.level),
        third_party=screening.third_party,
        age=turn.who.age,
    )
    danger = {
        "danger_at": turn.now.isoformat(),
        "danger_level": str(screening.level),
        "danger_category": str(main_category(screening)),
    }
    lately = memory.soft(turn.now) and memory.turns_since_card <= TURNS_BETWEEN_CARDS
    if lately and card.id in memory.cards:
        reply = again(turn, screening.level, about_staff=raised.about_staff)
        return turn.say(
            reply,
            effects=(Raise(raised),),
            again=memory.again + 1,
            agains=(*memory.agains, reply.id)[-TURNS_BETWEEN_CARDS:],
            **danger,
        )
    said = seen.line(turn, screening.level, about_staff=raised.about_staff)
    text = turn.library.fill(card.text, council=turn.council, values={"seen": said})
    if theirs := languages.below_a_card(turn):
        text = f"{text}\n\n{theirs}"
    reply = Reply(card.id, text, choices(turn), Lane.SAFETY, help_keyboard=True)
    shown = (*(memory.cards[-2:] if lately else ()), card.id)
    return turn.say(reply, effects=(Raise(raised),), cards=shown, turns_since_card=0, **danger)


def _kept_from_adviser(turn: Turn) -> Screening:
    """Return the screening as it is flagged: what is written about an adviser goes to a manager."""
    draft = turn.draft
    about = draft is not None and not draft.rests(turn.now) and draft.scenario.hidden
    return replace(turn.screening, about_staff=True) if about else turn.screening


def main_category(screening: Screening) -> Category:
    """Return what the card is about: the most urgent category; a safe word only when alone."""
    if screening.about_staff:
        return Category.ALLEGATION_ABOUT_STAFF
    real = [category for category in screening.categories if category is not Category.HELP_WORD]
    return real[0] if real else Category.HELP_WORD


def choices(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return the three choices under every danger reply (safety.md 3.2)."""
    return (
        (Key(turn.label("help_now"), "help_now"),),
        (turn.key("safe_want_to_talk", "safe_talk"),),
        (turn.key("got_wrong", "got_wrong"),),
    )


def again(turn: Turn, level: Level, kind: str = "", *, about_staff: bool = False) -> Reply:
    """Return a short, varied follow-up for somebody who goes on talking after a card."""
    numbered = [f"safety.again.{number + 1}" for number in range(AGAIN)]
    first = turn.memory.again % AGAIN
    wanted = [f"safety.again.{kind}"] if kind else []
    options = [*wanted, *numbered[first:], *numbered[:first]]
    reply_id = next(one for one in options if one not in turn.memory.agains)
    about_staff |= turn.memory.danger_category == Category.ALLEGATION_ABOUT_STAFF
    text = turn.library.say(
        reply_id, turn.council, seen=seen.line(turn, level, about_staff=about_staff)
    )
    return Reply(reply_id, text, choices(turn)[:2], Lane.SAFETY)


def stay_with_them(turn: Turn) -> Outcome | None:
    """After danger, never shrug: small words, insults and what we cannot place get a warm reply.

    A real question is still answered; only what would end in "I don't understand" lands here.
    """
    if not turn.memory.soft(turn.now) or not turn.text:
        return None
    kind = _low_kind(turn)
    if kind is None:
        return None
    level = Level(turn.memory.danger_level or Level.SAME_DAY)
    effects = (Raise(turn.screening),) if turn.screening.level is not Level.NONE else ()
    reply = again(turn, level, kind)
    return turn.say(
        reply,
        effects=effects,
        again=turn.memory.again + 1,
        agains=(*turn.memory.agains, reply.id)[-TURNS_BETWEEN_CARDS:],
    )


def _low_kind(turn: Turn) -> str | None:
    words = " ".join(turn.text.casefold().replace(".", " ").split())
    if words in LOW_WORDS:
        return "low_words"
    intent = reading.certain_intent(turn)
    if intent == "are_you_human":
        return "human"
    if intent == "insult":
        return "angry"
    if intent in {"deny", "affirm"}:
        return "low_words"
    # Low confidence, nonsense, small talk: a follow-up, in turn. A clear question goes on.
    return (
        ""
        if intent in {None, "unclear", "chitchat", "out_of_scope"} or intent.startswith("danger_")
        else None
    )


def soft_check(turn: Turn) -> Outcome | None:
    """Answer a worry that needs a person soon: warmly, and with the answer if they asked one."""
    screening = turn.screening
    if screening.level is not Level.CONCERN:
        return None
    if turn.draft and not turn.draft.rests(turn.now):
        return None  # it is an answer: kept first, and `with_soft_check` adds the gentle line
    if screening.joke and within(turn.memory.soft_check_at, SOFT_FOR, turn.now):
        return None
    if screening.joke:
        return turn.say(
            _gentle(turn, 1),
            effects=(Raise(screening),),
            soft_check_at=turn.now.isoformat(),
        )
    if reading.is_question(turn) or needs.are_two(turn):
        return None  # the answer comes first; `with_soft_check` adds the gentle line
    if turn.memory.waiting in FOR_WORDS and not _for_the_wrong_reader(turn):
        return None  # the same
    if languages.is_all(turn):
        return None  # not "you asked for help": it is answered in their language, and read
    return _with_card(turn)


def with_soft_check(turn: Turn, outcome: Outcome) -> Outcome:
    """Add the flag and one gentle line to an ordinary answer to somebody we worry about."""
    if turn.screening.level is not Level.CONCERN or any(
        isinstance(e, Raise) for e in outcome.effects
    ):
        return outcome
    if _is_about_adviser(turn, outcome):
        # The flag holds the same words as the request, so it is kept from the adviser too.
        turn = replace(turn, screening=replace(turn.screening, about_staff=True))
    effects = (*outcome.effects, Raise(turn.screening))
    # Where nothing is said, somebody is talking with them or they were asked to slow down.
    quiet = not outcome.replies
    lately = within(turn.memory.soft_check_at, SOFT_FOR, turn.now)
    lately |= languages.is_all(turn) and languages.said_lately(turn)
    if quiet or lately or _is_complaint_taken(turn, outcome):
        return replace(outcome, effects=effects)
    # The open question comes last: it is what they go on with.
    *first, last = outcome.replies
    open_question = any(isinstance(effect, KeepDraft) for effect in outcome.effects)
    gentle = languages.beside(turn) if languages.is_all(turn) else _gentle(turn, 2)
    replies = (*first, gentle, last) if open_question else (*first, last, gentle)
    memory = replace(outcome.memory, soft_check_at=turn.now.isoformat())
    return replace(outcome, replies=replies, memory=memory, effects=effects)


def _for_the_wrong_reader(turn: Turn) -> bool:
    """Whether words about staff would be added to a request that they may go to."""
    if turn.memory.waiting is Waiting.COUNCIL_QUESTION:
        return False  # no adviser reads that
    return turn.screening.about_staff and turn.memory.waiting_for not in ABOUT_ADVISER


def _is_about_adviser(turn: Turn, outcome: Outcome) -> bool:
    """Whether these words are a request that is kept from the adviser, or are added to one."""
    added = any(isinstance(effect, AddWords) for effect in outcome.effects)
    asked = any(isinstance(effect, Ask) and effect.about_adviser for effect in outcome.effects)
    told = any(isinstance(one, KeepDraft) and one.draft.scenario.hidden for one in outcome.effects)
    return asked or told or (added and turn.memory.waiting_for in ABOUT_ADVISER)


def _is_complaint_taken(turn: Turn, outcome: Outcome) -> bool:
    """Return whether the only worry is about staff, and a person has just been asked to see to it."""
    about_staff = set(turn.screening.categories) == {Category.ALLEGATION_ABOUT_STAFF}
    told = any(isinstance(one, KeepDraft) and one.draft.scenario.hidden for one in outcome.effects)
    return about_staff and (told or any(isinstance(one, Ask) for one in outcome.effects))


def _gentle(turn: Turn, number: int) -> Reply:
    said = seen.line(turn, Level.CONCERN, about_staff=turn.screening.about_staff)
    text = turn.library.say(f"safety.soft_check.{number}", turn.council, seen=said)
    return Reply(
        f"safety.soft_check.{number}",
        text,
        ((Key(turn.label("help_now"), "help_now"),),),
    )
