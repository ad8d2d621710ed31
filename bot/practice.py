"""The same conversation for practice: nothing is sent to anyone, and nothing is stored.

Used by `kith ask`, `kith chat` and the practice page. Effects that would change who we think
is writing (an age, a council, STOP) are followed in memory; the rest are dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import conversation, keeping, practised
from bot.engine import Background, Engine
from bot.incoming import Incoming, Kind
from bot.memory import Memory
from bot.turn import (
    Agree,
    Effect,
    Key,
    Outcome,
    Raise,
    Redemption,
    Remember,
    Reply,
    SetStopped,
    ShowNotice,
    Turn,
    Who,
)
from feedback.drafts import Audience
from feedback.shared import NOTHING as NOTHING_SHARED
from nlu import parts
from nlu.understanding import NOT_UNDERSTOOD, NluError, Understanding
from safeguarding.judgement import NOTHING, Screening
from safeguarding.levels import Level
from safeguarding.screening import with_understanding

ParseNow = Callable[[str], Understanding]
WINDOW = timedelta(minutes=10)
MOST_RECENT = 5


@dataclass(frozen=True)
class Practice:
    """One practice conversation. Every turn returns a new one."""

    who: Who = field(default_factory=Who)
    memory: Memory = field(default_factory=Memory)
    said: tuple[tuple[datetime, str], ...] = ()
    level: Level = Level.NONE
    keys: tuple[Key, ...] = ()
    told: practised.Statements = ()
    notes: practised.Notes = ()

    def pressed(self, number: int) -> str | None:
        """Return what the numbered button of the last replies does."""
        return self.keys[number].action if 0 <= number < len(self.keys) else None


@dataclass(frozen=True)
class Result:
    """What one practice turn made of a message."""

    practice: Practice
    outcome: Outcome
    screening: Screening
    understanding: Understanding


def take_turn(
    engine: Engine,
    parse: ParseNow,
    practice: Practice,
    text: str,
    now: datetime,
    *,
    action: str | None = None,
) -> Result:
    """Take one turn with words, or with a button's action."""
    recent = tuple(words for at, words in practice.said if now - at <= WINDOW)[-MOST_RECENT:]
    screening = NOTHING
    understanding, away = NOT_UNDERSTOOD, False
    if action is None:
        words = text.removeprefix("/start").strip() if text.startswith("/start") else text
        screening = engine.screen(words, Background(recent, practice.level, practice.who.age))
        understanding, away = _understand(parse, text)
        understanding = understanding.without(engine.library.only_elsewhere(practice.who.council))
        screening = with_understanding(screening, understanding.intent, understanding.confidence)
    turn = Turn(
        incoming=Incoming(Kind.TEXT if action is None else Kind.BUTTON, 0, text, 1, button=action),
        screening=screening,
        understanding=understanding,
        memory=practice.memory,
        who=practice.who,
        library=engine.library,
        rota=engine.rota(practice.who.council),
        now=now,
        action=action,
        default_council=engine.default_council,
        thresholds=engine.thresholds,
        agreed=lambda: keeping.in_practice(engine, practice.who.age, practice.who.council, now),
        redeem=lambda _code: Redemption(joined=False, who=practice.who),
        nlu_away=away,
        draft=practised.draft_in(practice.told),
        told=lambda: practice.told,
        reader_of=lambda audience, hidden: (
            practice.who.adviser if audience is Audience.ADVISER and not hidden else ""
        ),
        fresh_reference=practised.fresh_reference(practice.told),
        shared=replace(NOTHING_SHARED, notes=lambda: practice.notes),
    )
    outcome = conversation.respond(turn)
    keys = tuple(
        key for reply in outcome.replies for row in reply.keys for key in row if not key.url
    )
    after = Practice(
        who=_followed(practice.who, outcome.effects),
        memory=outcome.memory,
        said=(*practice.said, (now, text))[-MOST_RECENT:] if action is None else practice.said,
        level=max(practice.level, screening.level, key=lambda level: level.urgency),
        keys=keys,
        told=_told(practice.told, outcome.effects, now),
        notes=_notes(practice.notes, outcome.effects, now),
    )
    return Result(after, outcome, screening, understanding)


def _understand(parse: ParseNow, text: str) -> tuple[Understanding, bool]:
    try:
        return parts.hear_now(parse, text), False
    except NluError:
        return NOT_UNDERSTOOD, True


def _told(
    told: practised.Statements, effects: tuple[Effect, ...], now: datetime
) -> practised.Statements:
    for effect in effects:
        told = practised.follow(told, effect, now)
    return told


def _notes(notes: practised.Notes, effects: tuple[Effect, ...], now: datetime) -> practised.Notes:
    for effect in effects:
        notes = practised.follow_note(notes, effect, now)
    return notes


def _followed(who: Who, effects: tuple[Effect, ...]) -> Who:
    for effect in effects:
        match effect:
            case Remember(age, council):
                who = replace(who, age=age or who.age, council=council or who.council)
            case SetStopped(stopped, _):
                who = replace(who, stopped=stopped)
            case Raise():
                who = replace(who, flag_open=True)
            case Agree() | ShowNotice():
                continue
    return who


def shown(reply: Reply) -> str:
    """Return a reply as plain lines, its buttons in brackets, for a terminal."""
    rows = ["  ".join(f"[{key.label}]" for key in row) for row in reply.keys if row]
    return "\n".join([reply.text, *rows])
