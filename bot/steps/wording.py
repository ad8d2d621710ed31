"""How a statement is said: its questions with their buttons, the read-back, and who it goes to."""

from collections.abc import Iterable

from bot.steps import people
from bot.turn import Key, Reply, Turn
from content.scenarios import Choice, Kind, Question
from feedback import wizard
from feedback.drafts import Audience, Draft, Stage, allowed, answer_text, feelings
from feedback.keeping import COMPLAINT_DAYS, HARD_COMPLAINT_DAYS
from people.hours import say_date

#: Well below Telegram's 4,096, so that an old phone shows it whole.
LONGEST_PART = 3_400
#: Shorter labels share a row.
SHORT_LABEL, NUMBERS_A_ROW = 14, 6
Rows = tuple[tuple[Key, ...], ...]


def act(draft: Draft, verb: str, rest: str = "") -> str:
    """Return what a button of this very statement does."""
    return f"st:{draft.reference}:{verb}:{rest}"


def scale(turn: Turn) -> tuple[Choice, ...]:
    """Return the scale of feelings."""
    return feelings(turn.library.labels)


def ask(turn: Turn, draft: Draft, before: str = "", *, modes: bool = False) -> Reply:
    """Ask the open question, after a line of ours if there is one, and offer how to be asked."""
    question = draft.current()
    if question is None:
        return check(turn, draft, before)
    if draft.stage is Stage.MORE:
        return more(turn, draft, before)
    prompt = question.easy if draft.easy and question.easy else question.prompt
    asked = draft.asked()
    at = asked.index(question) + 1 if question in asked else 0
    shown = turn.library.say("statement.ask", at=str(at), of=str(len(asked)), prompt=prompt)
    if draft.stage is Stage.CHANGE or not at:
        shown = prompt
    rows = _question_rows(turn, draft, question)
    if modes:
        rows = (*rows[:-1], *_modes(turn, draft), rows[-1])
    return Reply("statement.ask", _joined(before, shown), rows)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _question_rows(turn: Turn, draft: Draft, question: Question) -> Rows:
    picks = wizard.picks(draft, question, scale(turn))
    keys = [Key(one.label, act(draft, "a", f"{question.id}:{one.id}")) for one in picks]
    width = NUMBERS_A_ROW if question.kind is Kind.NUMBER else 2
    rows = list(_rows(keys, width))
    first = draft.asked()[:1] == (question,)
    moves = []
    if not first or draft.stage is Stage.CHANGE:
        moves.append(turn.key("back", act(draft, "back")))
    if question.optional or draft.answer(question.id):
        moves.append(turn.key("skip", act(draft, "skip", question.id)))
    if question.area and draft.stage is Stage.ASK:
        moves.append(turn.key("next_topic", act(draft, "topic", question.id)))
    before = "" if draft.easy else _answered_before(draft, question)
    if before and draft.stage is Stage.ASK:
        rows.append((turn.key("say_more", act(draft, "more", before)),))
    rows += [tuple(moves)] if moves else []
    return (*rows, (turn.key("stop_and_keep", act(draft, "rest")),))


def _rows(keys: list[Key], width: int) -> Iterable[tuple[Key, ...]]:
    """Yield the keys in rows: short ones share a row."""
    row: list[Key] = []
    for key in keys:
        alone = len(key.label) > SHORT_LABEL
        if row and (alone or len(row) == width or len(row[-1].label) > SHORT_LABEL):
            yield tuple(row)
            row = []
        row.append(key)
    if row:
        yield tuple(row)


def _answered_before(draft: Draft, question: Question) -> str:
    """Return the answered question right before this one, to which more could be said."""
    asked = [one.id for one in draft.asked()]
    at = asked.index(question.id) if question.id in asked else 0
    return asked[at - 1] if at and draft.answer(asked[at - 1]) else ""


def _modes(turn: Turn, draft: Draft) -> list[tuple[Key, ...]]:
    length = (
        turn.key("full_version", act(draft, "full"))
        if draft.easy
        else turn.key("easy_version", act(draft, "easy"))
    )
    return [(length, turn.key("with_my_worker", act(draft, "worker")))]


def more(turn: Turn, draft: Draft, before: str = "") -> Reply:
    """Let them write more to an answer."""
    question = draft.current()
    said = turn.library.say("statement.more", label=question.label if question else "")
    rows = (
        (turn.key("done_adding", act(draft, "done")),),
        (turn.key("stop_and_keep", act(draft, "rest")),),
    )
    return Reply("statement.more", _joined(before, said), rows)


def read_back(turn: Turn, draft: Draft) -> tuple[Reply, ...]:
    """Read the whole statement back, in as many messages as it takes."""
    title = turn.library.say("statement.read_back", title=draft.scenario.title)
    return tuple(Reply("statement.read_back", part) for part in parts([title, *_told(turn, draft)]))


def parts(lines: list[str]) -> list[str]:
    """Return the lines as messages that a phone shows whole; a line longer than that is split."""
    found = [""]
    for line in lines:
        for at in range(0, len(line), LONGEST_PART):
            piece = line[at : at + LONGEST_PART]
            if len(found[-1]) + len(piece) + 2 > LONGEST_PART and found[-1]:
                found.append("")
            found[-1] = _joined(found[-1], piece)
    return found


def _told(turn: Turn, draft: Draft) -> list[str]:
    return [
        turn.library.say(
            "statement.line",
            label=question.label if question else turn.label("extra"),
            answer=answer_text(question, given, scale(turn)),
        )
        for question, given in draft.told()
    ]


def check(turn: Turn, draft: Draft, before: str = "") -> Reply:
    """Say who would see it and what happens next, before anything is sent."""
    if not draft.given:
        rows: Rows = (
            (turn.key("back", act(draft, "back")),),
            (turn.key("stop_and_keep", act(draft, "rest")),),
        )
        return Reply(
            "statement.nothing", _joined(before, turn.library.say("statement.nothing")), rows
        )
    send = "keep_for_me" if draft.audience is Audience.ONLY_ME else "send_it"
    send = "how_to_reach" if draft.audience is Audience.ADVOCATE else send
    said = turn.library.say("statement.check", who=who(turn, draft), next=what_next(turn, draft))
    rows = (
        (turn.key(send, act(draft, "send")),),
        (turn.key("change_answer", act(draft, "change")),),
        (turn.key("someone_else", act(draft, "who")),),
        (turn.key("stop_and_keep", act(draft, "rest")),),
    )
    return Reply("statement.check", _joined(before, said), rows)


def who(turn: Turn, draft: Draft, audience: Audience | None = None) -> str:
    """Return who will see it, by name where we know one, else by what they do."""
    audience = audience or draft.audience
    hidden = draft.scenario.hidden
    name = turn.reader_of(audience, hidden) if turn.reader_of else ""
    wanted = f"audience.{audience}" if name else f"audience.{audience}.unknown"
    reply_id = wanted if wanted in turn.library.replies else f"audience.{audience}"
    said = turn.library.say(reply_id, turn.council, name=name)
    apart = hidden and audience not in {Audience.ONLY_ME, Audience.ADVOCATE}
    return f"{said} {turn.library.say('audience.not_your_adviser')}" if apart else said


def what_next(turn: Turn, draft: Draft) -> str:
    """Return what happens once it is sent, with the true time."""
    if draft.audience in {Audience.ONLY_ME, Audience.ADVOCATE}:
        return ""
    if draft.scenario.complaint:
        by, late = (
            say_date(turn.rota.working_days(turn.now, days), turn.rota.zone)
            for days in (COMPLAINT_DAYS, HARD_COMPLAINT_DAYS)
        )
        return turn.library.say(
            "statement.next_complaint", when=people.when(turn), by=by, late=late
        )
    which = "statement.next" if turn.who.known else "statement.next_stranger"
    return turn.library.say(which, when=people.when(turn))


def choose_change(turn: Turn, draft: Draft) -> Reply:
    """Offer every answer to change."""
    rows = tuple(
        (
            Key(
                question.label if question else turn.label("drop_extra"),
                act(draft, "fix", question.id if question else "extra"),
            ),
        )
        for question, _ in draft.told()
    )
    missed = tuple(
        (Key(one.label, act(draft, "fix", one.id)),)
        for one in draft.asked()
        if draft.answer(one.id) is None
    )
    back = ((turn.key("back", act(draft, "review")),),)
    return turn.reply("statement.change", *rows, *missed, *back)


def choose_audience(turn: Turn, draft: Draft) -> Reply:
    """Offer everybody it may go to, saying who each is."""
    open_to = allowed(draft.scenario, known=turn.who.known, age=turn.who.age)
    lines = [
        turn.library.say(
            "statement.line", label=turn.label(f"to_{one}"), answer=who(turn, draft, one)
        )
        for one in open_to
    ]
    rows = tuple((turn.key(f"to_{one}", act(draft, "to", one)),) for one in open_to)
    said = turn.library.say("statement.audience", who="\n\n".join(lines))
    stranger = "" if turn.who.known else turn.library.say("statement.stranger")
    back = ((turn.key("back", act(draft, "review")),),)
    return Reply("statement.audience", _joined(said, stranger), (*rows, *back))
