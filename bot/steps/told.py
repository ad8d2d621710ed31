"""What they told us, later: list, read, copy, take back, delete, and who may use their words.

A phone may be in somebody else's hand: titles and dates only, until they ask for the words.
"""

from collections.abc import Callable

from bot.steps import counted, statements, wording
from bot.turn import AllowQuote, Key, Outcome, SendCopy, TakeBack, Turn
from feedback.drafts import Told
from people.hours import say_date
from storage.tables.statements import Consent, StatementState

#: More than this make a list that nobody reads; the newest are first.
MOST_LISTED = 10
OPEN_AGAIN = frozenset({StatementState.DRAFT, StatementState.KEPT, StatementState.WITHDRAWN})


def mine(turn: Turn) -> Outcome:
    """List what they told us: titles and dates, no words."""
    found = _told(turn)
    made = ((Key(_title(turn, one), f"own:{one.reference}:open"),) for one in found[:MOST_LISTED])
    rows = (*made, *counted.way_in(turn))
    last = (turn.key("tell_us", "tell"), turn.key("menu", "menu"))
    return turn.say(turn.reply("mine.list" if rows else "mine.none", *rows, last))


def _told(turn: Turn) -> tuple[Told, ...]:
    return turn.told() if turn.told else ()


def _title(turn: Turn, one: Told) -> str:
    at = (one.sent_at or one.began_at).astimezone(turn.rota.zone)
    return f"{one.draft.scenario.title}, {at.day} {at:%b}"


def press(turn: Turn, rest: str) -> Outcome | None:
    """Do what a button about one of their statements does."""
    reference, verb, argument = (*rest.split(":", 2), "", "")[:3]
    one = next((told for told in _told(turn) if told.reference == reference), None)
    act = PRESSES.get(verb)
    return act(turn, one, argument) if one and act else None


def _open(turn: Turn, one: Told, _rest: str) -> Outcome:
    """Say what became of it, and what can be done; still no words."""
    draft, own = one.draft, f"own:{one.reference}"
    rows: list[tuple[Key, ...]] = [(turn.key("show_words", f"{own}:ask"),)]
    if one.state in OPEN_AGAIN:
        rows.append((turn.key("carry_on", f"{own}:go"),))
    if one.can_take_back:
        rows.append((turn.key("take_back", f"{own}:back"),))
    if one.sent_at and draft.quotes():
        rows.append((turn.key("quote_change", f"{own}:quotes"),))
    if one.can_delete:
        rows.append((turn.key("delete_it", f"{own}:delete"),))
    rows.append((turn.key("mine", "mine"), turn.key("menu", "menu")))
    state = turn.library.say(f"mine.state_{one.state}", who=wording.who(turn, draft))
    by = say_date(one.answer_by, turn.rota.zone) if one.answer_by else ""
    due = turn.library.say("mine.answer_by", by=by) if by else ""
    reply = turn.reply(
        "mine.one",
        *rows,
        title=_title(turn, one),
        state=f"{state} {due}".strip(),
        reference=one.reference,
    )
    return turn.say(reply)


def _ask(turn: Turn, one: Told, _rest: str) -> Outcome:
    """Ask before words are shown: anybody who holds the phone can read them."""
    own = f"own:{one.reference}"
    rows = (
        (turn.key("show_here", f"{own}:show"),),
        (turn.key("get_copy", f"{own}:copy"),),
        (turn.key("not_now", f"{own}:open"),),
    )
    return turn.say(turn.reply("mine.ask_show", *rows))


def _show(turn: Turn, one: Told, _rest: str) -> Outcome:
    last = turn.reply("mine.shown", (turn.key("mine", "mine"), turn.key("menu", "menu")))
    return turn.say(*wording.read_back(turn, one.draft), last)


def _copy(turn: Turn, one: Told, _rest: str) -> Outcome:
    row = (turn.key("mine", "mine"), turn.key("menu", "menu"))
    return turn.say(turn.reply("mine.copy", row), effects=(SendCopy(one.reference),))


def _back(turn: Turn, one: Told, _rest: str) -> Outcome:
    """Take it back, while nobody has opened it."""
    if not one.can_take_back:
        return turn.say(turn.reply("mine.too_late", (turn.key("person", "person"),)))
    row = (turn.key("mine", "mine"), turn.key("menu", "menu"))
    return turn.say(turn.reply("mine.taken_back", row), effects=(TakeBack(one.reference),))


def _delete(turn: Turn, one: Told, rest: str) -> Outcome:
    """Delete it for good, once they are sure."""
    own = f"own:{one.reference}"
    if not one.can_delete:
        return turn.say(turn.reply("mine.too_late", (turn.key("person", "person"),)))
    if rest != "yes":
        rows = (
            (turn.key("delete_yes", f"{own}:delete:yes"),),
            (turn.key("delete_no", f"{own}:open"),),
        )
        return turn.say(turn.reply("mine.ask_delete", *rows))
    row = (turn.key("mine", "mine"), turn.key("menu", "menu"))
    effect = TakeBack(one.reference, delete=True)
    return turn.say(turn.reply("mine.deleted", row), effects=(effect,))


def _quotes(turn: Turn, one: Told, _rest: str) -> Outcome:
    """Offer each answer whose words may be used, to change what they said about it."""
    own = f"own:{one.reference}"
    rows = [
        (Key(question.label, f"{own}:quote:{question.id}"),) for question, _ in one.draft.quotes()
    ]
    lines = [
        turn.library.say(
            "statement.line",
            label=question.label,
            answer=turn.label(f"quote_{given.consent}"),
        )
        for question, given in one.draft.quotes()
    ]
    last = (turn.key("mine", "mine"), turn.key("menu", "menu"))
    return turn.say(turn.reply("mine.quotes", *rows, last, now="\n".join(lines)))


def _quote(turn: Turn, one: Told, rest: str) -> Outcome:
    return turn.say(statements.ask_consent(turn, one.draft, rest))


def _allow(turn: Turn, one: Told, rest: str) -> Outcome | None:
    """Keep what they say about using their words."""
    consent, _, question = rest.partition(":")
    if consent not in set(Consent):
        return None
    row = (turn.key("quote_change", f"own:{one.reference}:quotes"), turn.key("menu", "menu"))
    effect = AllowQuote(one.reference, Consent(consent), question)
    said = {
        Consent.YES: "statement.consent_yes",
        Consent.REWORDED: "statement.consent_reworded",
        Consent.NO: "statement.consent_no",
    }
    return turn.say(turn.reply(said[Consent(consent)], row), effects=(effect,))


def _go(turn: Turn, one: Told, _rest: str) -> Outcome | None:
    """Go on with a draft, or send after all what was kept or taken back."""
    if one.state not in OPEN_AGAIN:
        return None
    draft = one.draft
    if one.state is not StatementState.DRAFT:
        draft = statements.at_review(draft)
    return statements.resume(turn, draft)


PRESSES: dict[str, Callable[[Turn, Told, str], Outcome | None]] = {
    "open": _open,
    "ask": _ask,
    "show": _show,
    "copy": _copy,
    "back": _back,
    "delete": _delete,
    "quotes": _quotes,
    "quote": _quote,
    "allow": _allow,
    "go": _go,
}
