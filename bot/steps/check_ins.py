"""A check-in in the conversation: the face, one more thing if they like, and help when it is hard."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.incoming import Kind
from bot.keeping import Answered, OfferedLess
from bot.memory import Memory, Waiting
from bot.steps import counted, danger, people, reading
from bot.turn import Key, Outcome, Reply, Turn
from checkins import asking, rhythm, wishes
from checkins.hearing import SAME_TALK, Answer
from content.keeping_in_touch import Category, Question
from safeguarding.judgement import Layer, Screening, Sign
from safeguarding.levels import Category as Danger
from safeguarding.levels import Level
from storage.tables.outbox import Lane

LOW = 2
LONGEST_WORDS = 1_000
#: What a few words without a face amount to, as the understanding reads them.
FEELINGS = {"doing_well": 4, "doing_ok": 3, "struggling": 2}
#: Said after a face, these end the talk or begin another one.
SMALL_TALK = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "menu", "help_now"})
#: We offer to ask less once in so long.
OFFER_AGAIN = timedelta(days=60)


def press(turn: Turn, rest: str) -> Outcome:
    """Do what a button of a check-in does."""
    verb, _, where = rest.partition(":")
    question_id, _, more = where.partition(":")
    due, _, value = more.partition(":")
    question = turn.library.keeping.questions.get(question_id)
    if question is None or not due.isdigit():
        return turn.say(turn.reply("buttons.old", (turn.key("menu", "menu"),)))
    match verb:
        case "face" if value.isdigit() and 1 <= int(value) <= 5:
            return _face(turn, question, int(due), int(value))
        case "not_now":
            return _not_now(turn, question, int(due))
        case "pick":
            return _pick(turn, question, int(due), value)
        case "words":
            return _ask_for_words(turn, question, int(due))
    return turn.say(turn.reply("buttons.old", (turn.key("menu", "menu"),)))


def _face(turn: Turn, question: Question, due: int, feeling: int, words: str = "") -> Outcome:
    """Take a face that was tapped, or one that is read from words."""
    answered = Answered(Answer(question.id, due, feeling=feeling, words=words))
    reply = _low(turn, question) if feeling <= LOW else _then(turn, question, due)
    outcome = turn.say(
        reply,
        effects=(answered,),
        waiting=Waiting.CHECK_IN,
        waiting_for=f"{question.id}:{due}",
        check_in_at=turn.now.isoformat(),
    )
    if words and (asked := counted.ask(turn)):
        return replace(outcome, replies=(*outcome.replies, *asked))
    return outcome if feeling <= LOW else _with_offer(turn, outcome, feeling)


def _low(turn: Turn, question: Question) -> Reply:
    """Ask one gentle thing, and offer the adviser, a statement, the article and the helplines."""
    article = turn.library.articles[question.helps]
    return turn.reply(
        "check_in.low",
        (turn.key("person", "person"),),
        (turn.key("tell_in_full", "start:wellbeing:check_in"),),
        (Key(article.title, f"article:{article.id}"),),
        (Key(turn.label("help_now"), "help_now"),),
        who=who(turn),
    )


def _then(turn: Turn, question: Question, due: int) -> Reply:
    categories = turn.library.keeping.categories.get(question.options, {})
    rows = tuple(
        (turn.key(f"check_in.{question.options}.{one}", f"checkin:pick:{question.id}:{due}:{one}"),)
        for one in categories
    )
    return turn.reply(f"check_in.then.{question.id}", *rows, who=who(turn))


def _with_offer(turn: Turn, outcome: Outcome, feeling: int) -> Outcome:
    """Offer to ask less after three good ones, and do it only when they say so."""
    agreed = turn.agreed()
    if agreed is None:
        return outcome
    less = rhythm.may_ask_less(agreed.every, (feeling, *agreed.feelings))
    lately = agreed.offered_less_at is not None and turn.now - agreed.offered_less_at < OFFER_AGAIN
    if less is None or lately:
        return outcome
    offer = turn.reply(
        "check_in.offer_less",
        (turn.key("ask_less_yes", f"rhythm:every:{less}"), turn.key("ask_less_no", "rhythm:keep")),
        every=asking.every(turn.library, less),
    )
    return replace(
        outcome,
        replies=(*outcome.replies, offer),
        effects=(*outcome.effects, OfferedLess()),
    )


def _not_now(turn: Turn, question: Question, due: int) -> Outcome:
    row = tuple(turn.key(f"snooze_{days}", f"rhythm:snooze:{days}") for days in asking.SNOOZES)
    return turn.say(
        turn.reply("check_in.again_later", row),
        effects=(Answered(Answer(question.id, due, not_now=True)),),
        check_in="",
    )


def _pick(turn: Turn, question: Question, due: int, value: str) -> Outcome:
    """Keep what they tapped; what is danger is answered as danger, whoever tapped it."""
    picked = turn.library.keeping.categories.get(question.options, {}).get(value)
    if picked is None:
        return turn.say(turn.reply("buttons.old", (turn.key("menu", "menu"),)))
    answered = Answered(_picked(turn, question, due, picked))
    if picked.danger:
        card = danger.answer_danger(replace(turn, screening=_tapped(picked)))
        if card is not None:
            return replace(card, effects=(*card.effects, answered))
    reply = turn.reply("check_in.thanks", (turn.key("menu", "menu"),), who=who(turn))
    if question.options == "plan" and picked.id != "seen":
        article = turn.library.articles[question.helps]
        reply = turn.reply(
            "check_in.plan_not_seen",
            (Key(article.title, f"article:{article.id}"),),
            (turn.key("person", "person"),),
            who=who(turn),
        )
    return turn.say(
        reply, effects=(answered,), waiting=Waiting.NOTHING, waiting_for="", check_in=""
    )


def _picked(turn: Turn, question: Question, due: int, picked: Category) -> Answer:
    if question.options in {"living", "activity"}:
        return Answer(question.id, due, category_of=question.options, category=picked.id)
    return Answer(question.id, due, words=turn.label(f"check_in.{question.options}.{picked.id}"))


def _tapped(picked: Category) -> Screening:
    """Return what a tap on something dangerous amounts to: a person reads it the same day."""
    category = Danger(picked.danger)
    sign = Sign(category, Level.SAME_DAY, f"{category}.tapped", Layer.ENGINE)
    return Screening(Level.SAME_DAY, (category,), signs=(sign,))


def _ask_for_words(turn: Turn, question: Question, due: int) -> Outcome:
    return turn.say(
        turn.reply(f"check_in.then.{question.id}", who=who(turn)),
        waiting=Waiting.CHECK_IN,
        waiting_for=f"{question.id}:{due}",
        check_in_at=turn.now.isoformat(),
    )


def take_answer(turn: Turn) -> Outcome | None:
    """Take words as the answer to a check-in, when they fit; begin one when they ask for it.

    What is about their adviser does not go where the adviser reads: the steps below have it.
    """
    if not for_us(turn) or turn.screening.about_staff:
        return None
    if wishes.read(turn.text).ask_now and turn.agreed() is not None:
        return begin(turn)
    if turn.memory.waiting is Waiting.CHECK_IN and _asked_within(turn, SAME_TALK):
        return _take_words(turn)
    return _take_mood(turn) if _open(turn.memory, turn) else None


def for_us(turn: Turn) -> bool:
    """Whether this is plain text that nothing else waits for."""
    free = turn.memory.waiting in {Waiting.NOTHING, Waiting.CHECK_IN, Waiting.RHYTHM}
    return (
        free
        and not _telling(turn)
        and turn.incoming.kind is Kind.TEXT
        and not turn.text.startswith("/")
    )


def _telling(turn: Turn) -> bool:
    """Whether they are in the middle of a statement, and nothing was asked since its open question."""
    draft = turn.draft
    if draft is None or draft.rests(turn.now):
        return False
    asked = turn.memory.check_in_at
    return not asked or draft.asked_at is None or datetime.fromisoformat(asked) < draft.asked_at


def begin(turn: Turn) -> Outcome:
    """Check in now, because they asked."""
    agreed = turn.agreed()
    questions = turn.library.keeping.questions
    chosen = rhythm.choose(list(questions), agreed.asked if agreed else ())
    question = questions[chosen or next(iter(questions))]
    reply = asking.question(
        turn.library, question, name=turn.who.name, who=who(turn), lane=Lane.REPLY
    )
    return turn.say(
        reply,
        check_in=question.id,
        check_in_due=asking.NO_DUE,
        check_in_at=turn.now.isoformat(),
    )


def _take_words(turn: Turn) -> Outcome | None:
    question_id, _, due = turn.memory.waiting_for.partition(":")
    elsewhere = reading.certain_intent(turn) in SMALL_TALK | people.ABOUT_ADVISER
    if reading.is_question(turn) or wishes.read(turn.text).sure or elsewhere:
        return None  # it has an answer of its own; the face stands as it is
    answer = Answer(question_id, int(due or 0), words=turn.text[:LONGEST_WORDS])
    kept = turn.reply(
        "check_in.words_kept", (Key(turn.label("help_now"), "help_now"),), who=who(turn)
    )
    return turn.say(
        counted.asked_beside(turn, kept),
        effects=(Answered(answer),),
        waiting=Waiting.NOTHING,
        waiting_for="",
        check_in="",
    )


def _open(memory: Memory, turn: Turn) -> bool:
    """Whether a check-in is still waiting for its answer; after danger nothing cheerful is read into words."""
    if not memory.check_in or memory.soft(turn.now):
        return False
    return _asked_within(turn, timedelta(hours=turn.library.keeping.silence.answer_open_hours))


def _asked_within(turn: Turn, span: timedelta) -> bool:
    """Whether we asked so lately. A clock that runs ahead of ours does no harm."""
    asked_at = turn.memory.check_in_at
    return bool(asked_at) and turn.now - datetime.fromisoformat(asked_at) <= span


def _take_mood(turn: Turn) -> Outcome | None:
    """Take "im good thanks" as the answer; anything else is what it is."""
    intent = reading.certain_intent(turn)
    question = turn.library.keeping.questions.get(turn.memory.check_in)
    if question is None:
        return None
    if intent == "not_now":
        return _not_now(turn, question, turn.memory.check_in_due)
    if intent not in FEELINGS:
        return None
    return _face(
        turn, question, turn.memory.check_in_due, FEELINGS[intent], turn.text[:LONGEST_WORDS]
    )


def who(turn: Turn) -> str:
    """Return who sees the answer, in words."""
    return turn.reader or turn.library.say("check_in.team")
