"""Two needs in one message: the more urgent is answered, and the other is never lost."""

from dataclasses import dataclass, replace

from bot.steps import answering, people, reading, statements
from bot.turn import Key, Outcome, Raise, Reply, Turn
from content.library import Library
from content.urgency import load_urgency
from nlu.understanding import Understanding
from storage.tables.outbox import Lane

#: A message has at most three parts, so this many others can be left.
MOST_OTHERS = 2


@dataclass(frozen=True)
class Need:
    """One thing that somebody surely wants."""

    intent: str
    meaning: Understanding
    text: str


def answer_both(turn: Turn) -> Outcome | None:
    """Answer the most urgent of two or more needs, and offer the others as buttons."""
    found = _needs(turn)
    if len(found) < 2 and not _is_only_one_clear(turn, found):
        return None
    first, *others = found
    outcome = _answered(turn, first)
    said = [one for one in others if _is_told(turn, one.intent) and outcome.article]
    left = [one for one in others if not _is_told(turn, one.intent)][:MOST_OTHERS]
    outcome = _offering(turn, outcome, left)
    return _and_listening(turn, outcome, said[0]) if said else outcome


def _is_told(turn: Turn, intent: str) -> bool:
    """Whether an intent is something they tell us, which begins a statement."""
    return statements.by_intent(turn, intent) is not None


def _is_only_one_clear(turn: Turn, found: list[Need]) -> bool:
    """Whether one of two needs is sure, where the whole would be answered with "I am not sure"."""
    return len(found) == 1 and _is_plain(turn) and reading.certain_intent(turn) is None


def _is_plain(turn: Turn) -> bool:
    return any(one.sure <= turn.thresholds["answer"] for one in turn.understanding.parts)


def are_two(turn: Turn) -> bool:
    """Whether `answer_both` has something to answer."""
    return len(_needs(turn)) > 1


def _needs(turn: Turn) -> list[Need]:
    """Return the different needs, the most urgent first; nothing when none is sure enough to answer.

    After a plain joint a need may be offered that is not sure enough to be answered.
    """
    needs = sorted(_each_once(turn), key=lambda need: _place(turn, need))
    sure = [need for need in needs if _sure(turn, need)]
    return [*sure, *(need for need in needs if need not in sure)] if sure else []


def _each_once(turn: Turn) -> list[Need]:
    """Return each need once, in the order they were written, with its surest meaning."""
    wanted: dict[str, Need] = {}
    for need in (one for one in _stated(turn) if _is_need(turn, one.intent)):
        known = wanted.setdefault(need.intent, need)
        if need.meaning.confidence > known.meaning.confidence:
            wanted[need.intent] = replace(known, meaning=need.meaning)
    return list(wanted.values())


def _stated(turn: Turn) -> list[Need]:
    """Return what the parts mean, and after a plain joint what the whole surely means.

    "… and my uc got stopped as well": the end alone may say too little, the whole enough. Elsewhere
    the whole means what its main part means.
    """
    whole = turn.understanding
    parts = [one for one in whole.parts if one.certain]
    stated = [Need(one.meaning.intent, one.meaning, one.text) for one in parts]
    if _is_plain(turn) and reading.certain_intent(turn):
        stated.append(Need(whole.intent, whole, turn.text))
    return stated


def _sure(turn: Turn, need: Need) -> bool:
    return need.meaning.confidence >= turn.thresholds["answer"]


def _is_need(turn: Turn, intent: str) -> bool:
    return (
        turn.article(intent) is not None
        or _is_told(turn, intent)
        or (intent in people.REQUESTS and intent in turn.library.ids.intents["people"])
    )


def _place(turn: Turn, need: Need) -> int:
    urgency = load_urgency()
    if turn.article(need.intent):
        return urgency.of(need.intent)
    return urgency.last + 1 if _is_told(turn, need.intent) else urgency.person


def _answered(turn: Turn, need: Need) -> Outcome:
    if turn.article(need.intent):
        return answering.show(turn, need.intent)
    told = statements.by_intent(turn, need.intent)
    if told is not None:
        return statements.begin(turn, told, words=need.text)
    return people.open_request(turn, need.intent)


def _offering(turn: Turn, outcome: Outcome, others: list[Need]) -> Outcome:
    """Name the others below the answer, past what a lock screen shows, each with its button."""
    if not others:
        return outcome
    keys = [_key(turn, one) for one in others]
    said = turn.library.say("needs.also_two" if len(keys) > 1 else "needs.also", **_named(keys))
    first, *rest = outcome.replies
    told = replace(
        first, text=f"{first.text}\n\n{said}", keys=(*((key,) for key in keys), *first.keys)
    )
    offered = tuple(one.intent for one in others if turn.article(one.intent))
    return replace(outcome, replies=(told, *rest), memory=replace(outcome.memory, offered=offered))


def _key(turn: Turn, need: Need) -> Key:
    article = turn.article(need.intent)
    if article:
        return Key(article.title, f"article:{need.intent}")
    return turn.key(f"ask_{need.intent}", f"ask:{need.intent}")


def _and_listening(turn: Turn, outcome: Outcome, need: Need) -> Outcome:
    """Begin, below an article, the statement that they also wanted to make: nobody sees it yet."""
    told = statements.by_intent(turn, need.intent)
    if told is None:
        return outcome
    begun = statements.begin(turn, told, words=need.text)
    memory = replace(outcome.memory, waiting=begun.memory.waiting, waiting_for="")
    return replace(
        outcome,
        replies=(*outcome.replies, *begun.replies),
        effects=(*outcome.effects, *begun.effects),
        memory=memory,
    )


def with_offer(turn: Turn, outcome: Outcome) -> Outcome:
    """Add what else they asked about to a card: danger comes first, and the rest is not lost."""
    is_card = any(isinstance(effect, Raise) for effect in outcome.effects) and any(
        reply.lane is Lane.SAFETY for reply in outcome.replies
    )
    if not is_card:
        return outcome
    offer = beside_danger(turn.library, turn.council, turn.understanding)
    return replace(outcome, replies=(*outcome.replies, offer)) if offer else outcome


def beside_danger(
    library: Library, council: str | None, understanding: Understanding
) -> Reply | None:
    """Return the offer of the practical need that stood beside danger in a message, if one is sure."""
    urgency = load_urgency()
    ruled_out = urgency.never_beside_danger | library.only_elsewhere(council)
    found = [
        part.meaning.intent
        for part in understanding.without(library.only_elsewhere(council)).parts
        if part.certain and part.meaning.intent in library.articles.keys() - ruled_out
    ]
    first = sorted(dict.fromkeys(found), key=urgency.of)[:MOST_OTHERS]
    if not first:
        return None
    keys = [Key(library.articles[one].title, f"article:{one}") for one in first]
    reply_id = "needs.beside_danger_two" if len(keys) > 1 else "needs.beside_danger"
    text = library.say(reply_id, council, **_named(keys))
    return Reply(reply_id, text, tuple((key,) for key in keys))


def _named(keys: list[Key]) -> dict[str, str]:
    return {name: key.label for name, key in zip(("other", "another"), keys, strict=False)}
