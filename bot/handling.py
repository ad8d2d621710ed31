"""One update, handled in one transaction: read, decide, and write everything it causes.

Called in a worker thread, with the chat's lane held, so that messages of one chat are handled in
order and different chats do not wait for each other.
"""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot import conversation, effects, keeping, reaching
from bot.engine import Background, Engine, Heard
from bot.incoming import Incoming, Kind, read
from bot.memory import Memory
from bot.turn import Outcome, Raise, Redemption, Turn, Who
from checkins import inviting
from content.library import Library
from feedback import keeping as statements
from feedback.drafts import Audience
from feedback.shared import shared
from nlu.understanding import NOT_UNDERSTOOD
from people import cover, records, routing
from safeguarding.judgement import NOTHING
from safeguarding.levels import Level
from storage import chats, events, inbox, switch, trials
from storage.tables import Chat, Message, Update
from storage.tables.base import new_reference
from storage.tables.inbox import UpdateOutcome

logger = structlog.get_logger()
#: safety.md 4.2 V11 and 3.1: how far back words are joined, and how long danger keeps us alert.
WINDOW = timedelta(minutes=10)
WINDOW_MESSAGES = 5
ALERT_FOR = timedelta(days=14)
#: safety.md SEC-56: above this, replies pause; keeping and screening never do.
A_MINUTE, MOST_A_MINUTE = timedelta(minutes=1), 30
#: After this many failures an update is put aside, answered with an apology, and flagged.
MOST_TRIES = 5


NOT_KEPT = frozenset({Kind.CONTACT, Kind.LOCATION})
#: Our own commands are not words to screen: "/help" asks what the bot can do.
CODE = re.compile(r"/start(@\w+)?\s+(\S{16,}|\S*[^A-Za-z\s]\S*)")
COMMAND = re.compile(r"^/[a-z_]+(@\w+)?")


def incoming_of(update: Update) -> Incoming | None:
    """Return what a saved update says."""
    return read(json.loads(update.raw)) if update.raw else None


def words_to_screen(incoming: Incoming) -> str:
    """Return every word to screen. A payload that is not one of ours may hold words too."""
    if incoming.kind is Kind.BUTTON:
        data = incoming.button or ""
        return "" if data.startswith(chats.BUTTON_PREFIX) or data == "help_now" else data
    return _own_words(incoming.text)


def _own_words(text: str) -> str:
    """Return what of a text somebody thought of: no command, and no code."""
    if CODE.fullmatch(text.strip()):
        return ""  # a one-time code is random letters, and random letters may look like anything
    return COMMAND.sub("", text).strip()


def background(session: Session, index: bytes, now: datetime) -> Background:
    """Return what was said lately and how serious the last two weeks were."""
    chat = chats.find(session, index)
    if chat is None:
        return Background()
    levels = [Level(level) for level in chats.levels_since(session, chat, now - ALERT_FOR)]
    texts = chats.recent_texts(session, chat, now - WINDOW, WINDOW_MESSAGES)
    return Background(
        # Read with a code, "stop" may look like danger.
        recent=tuple(words for text in texts if (words := _own_words(text))),
        recent_level=max(levels, key=lambda level: level.urgency, default=Level.NONE),
        age=records.age_of(chat, now),
    )


def handle(session: Session, engine: Engine, update: Update, heard: Heard, now: datetime) -> None:
    """Handle one update. The caller holds the chat's lane and commits."""
    incoming = incoming_of(update)
    if incoming is None or incoming.kind is Kind.GROUP:
        if incoming is not None:
            effects.leave_group(session, update, incoming, now)
        _done(update, UpdateOutcome.NOTHING_TO_SAY, now)
        return
    chat = chats.meet(session, incoming.chat_id, now)
    if incoming.kind in {Kind.BLOCKED, Kind.UNBLOCKED}:
        if incoming.kind is Kind.BLOCKED:
            reaching.note_unreachable(session, engine, chat, "blocked", now)
        else:
            reaching.note_reachable(session, chat, now)
        _done(update, UpdateOutcome.NOTHING_TO_SAY, now)
        return
    reaching.note_reachable(session, chat, now)
    if incoming.kind in NOT_KEPT:
        update.raw = None  # a number, a name or a place that we said we do not keep (FT-28)
    message = _keep(session, chat, update, incoming, heard, now)
    keeping.heard(session, engine, chat, now)
    if incoming.kind is Kind.EDIT:
        statements.follow_edit(session, chat, message, now)
    turn = replace(
        _turn(session, engine, chat, incoming, heard, now), received_at=update.received_at
    )
    outcome = conversation.respond(turn)
    if incoming.edited and not _worth_answering(outcome, heard):
        outcome = Outcome((), turn.memory)
    effects.apply(session, engine, chat, message, update, outcome, now)
    chat.memory = outcome.memory.to_json()
    message.reply_ids = ",".join(reply.id for reply in outcome.replies)[:400] or None
    _done(
        update,
        UpdateOutcome.ANSWERED if outcome.replies else UpdateOutcome.NOTHING_TO_SAY,
        now,
    )
    logger.info(
        "turn handled",
        chat=chat.id,
        update=update.id,
        replies=[reply.id for reply in outcome.replies],
    )


def _done(update: Update, outcome: UpdateOutcome, now: datetime) -> None:
    update.handled_at, update.outcome = now, outcome


def _worth_answering(outcome: Outcome, heard: Heard) -> bool:
    """Return whether an edit says something that staff must see: only then is it answered."""
    raised = any(isinstance(effect, Raise) for effect in outcome.effects)
    return raised and heard.screening.level is not Level.NONE


def _keep(
    session: Session,
    chat: Chat,
    update: Update,
    incoming: Incoming,
    heard: Heard,
    now: datetime,
) -> Message:
    message = Message(
        chat_id=chat.id,
        update_id=update.id,
        direction="in",
        kind=incoming.kind,
        text=incoming.text or None,
        telegram_message_id=incoming.message_id,
        level=heard.screening.level,
        degraded=heard.screening.degraded,
        edit_of_id=effects.first_wording(session, chat, incoming),
        at=now,
    )
    session.add(message)
    session.flush()
    return message


def _turn(
    session: Session,
    engine: Engine,
    chat: Chat,
    incoming: Incoming,
    heard: Heard,
    now: datetime,
) -> Turn:
    action, is_off = None, switch.is_off(session)
    if incoming.kind is Kind.BUTTON and incoming.button:
        action = (
            incoming.button
            if incoming.button == "help_now"
            # What a button would have done while we are off it does when we are on again.
            else chats.press(
                session, chat, incoming.button, incoming.message_id, now, use_up=not is_off
            )
        )
    who = who_is(chat, engine.library, now, flag_open=chats.has_open_flag(session, chat))

    def redeem(code: str) -> Redemption:
        member = trials.join(session, chat, code, now)
        if member is not None:
            return Redemption(joined=False, who=who, trial_of=member.name)
        already = chat.person_id is not None
        farewell = engine.library.say("welcome.moved")
        person = records.redeem(session, chat, code, now, farewell=farewell)
        return Redemption(person is not None, who_is(chat, engine.library, now), already)

    def specialist(kind: str, topic: str) -> str:
        council = records.council_of(chat) or engine.default_council
        where = routing.route(
            session, chat, kind, topic, about_adviser=False, council=council, now=now
        )
        special = where.staff if where.name == "specialist" else where.also
        return special.name if special else ""

    def reader_of(audience: Audience, hidden: bool) -> str:  # noqa: FBT001 (the type of Turn's)
        council = records.council_of(chat) or engine.default_council
        where = routing.statement_route(
            session, chat, audience, hidden=hidden, council=council, now=now
        )
        if where.name == "adviser" and away is not None:
            return cover.reader(engine.library, away)
        return where.staff.name if where.staff else ""

    away = cover.away_for(session, chat, now)
    memory = Memory.from_json(chat.memory)
    return Turn(
        incoming=incoming,
        screening=heard.screening,
        understanding=heard.understanding.without(engine.library.only_elsewhere(who.council)),
        memory=memory,
        who=who,
        library=engine.library,
        rota=engine.rota(who.council, session),
        now=now,
        action=action,
        default_council=engine.default_council,
        thresholds=engine.thresholds,
        agreed=lambda: keeping.agreed(session, engine, chat, now),
        redeem=redeem,
        specialist=specialist,
        news=events.interests(session, chat.person_id) if chat.person_id else frozenset(),
        event_state=lambda reference: inviting.state(
            session, engine.library, reference, engine.zone, now
        ),
        nlu_away=heard.nlu_away,
        draft=statements.draft_of(session, chat),
        told=lambda: statements.told_in(session, chat),
        reader_of=reader_of,
        fresh_reference=new_reference("S"),
        away=away,
        off=is_off,
        shared=shared(session, chat, records.council_of(chat) or engine.default_council, now),
        hurried=chats.heard_since(session, chat, now - A_MINUTE) > MOST_A_MINUTE,
    )


def who_is(chat: Chat, library: Library, now: datetime, *, flag_open: bool = False) -> Who:
    """Return what we know of who is at the other end."""
    person = chat.person
    adviser = (
        person.adviser if person and person.adviser and person.adviser.left_at is None else None
    )
    council = person.council if person else chat.council
    held = chat.held_by is not None and chat.held_until is not None and chat.held_until > now
    return Who(
        known=person is not None,
        name=person.name if person else "",
        age=records.age_of(chat, now),
        council=council if council in library.councils else None,
        adviser=adviser.name if adviser else "",
        stopped=chat.stopped_at is not None,
        held_by=chat.held_by.name if held and chat.held_by else "",
        flag_open=flag_open,
    )


def put_aside(session: Session, engine: Engine, index: bytes, now: datetime) -> None:
    """Set aside an update that keeps failing: apologise, flag it for staff, and go on.

    Nothing is lost: the raw update stays in the inbox and a person is asked to look.
    """
    update = inbox.next_for(session, index)
    if update is None:
        return
    update.tries += 1
    if update.tries < MOST_TRIES:
        return
    incoming = incoming_of(update)
    if incoming is not None and incoming.kind is not Kind.GROUP:
        chat = chats.meet(session, incoming.chat_id, now)
        heard = Heard(NOTHING, NOT_UNDERSTOOD)
        message = _keep(session, chat, update, incoming, heard, now)
        effects.apologise(session, engine, chat, message, update, now)
    _done(update, UpdateOutcome.FAILED, now)
    logger.error("update put aside", update=update.id)
