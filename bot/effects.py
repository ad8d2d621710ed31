"""Doing what a turn decided, in its transaction: rows now, sends and alerts after the commit."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import counting, hearing_effects, keeping, statement_effects
from bot import turn as decided
from bot.engine import Engine
from bot.incoming import Incoming
from bot.turn import Effect, Outcome, Reply
from checkins import inviting
from people import data_requests, records, routing
from safeguarding.flags import raise_flag
from safeguarding.judgement import Layer, Screening, Sign
from safeguarding.levels import Category, Level
from storage import absences, also, chats, events, hearing_back, outbox, persons_data
from storage.sending import send_reply
from storage.tables import (
    Alert,
    Chat,
    Flag,
    Message,
    Notice,
    Question,
    Request,
    Update,
)
from storage.tables.base import new_reference
from storage.tables.outbox import Lane


def apply(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    update: Update,
    outcome: Outcome,
    now: datetime,
) -> None:
    """Write everything an outcome asks for. The caller commits."""
    for effect in outcome.effects:
        _do(session, engine, chat, message, effect, now)
    for number, reply in enumerate(outcome.replies):
        send_reply(
            session,
            chat,
            reply,
            once_key=f"u{update.id}.{number}",
            now=now,
            update_id=update.id,
        )
    counting.count(session, outcome, records.council_of(chat), now)


def _do(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    effect: Effect,
    now: datetime,
) -> None:
    match effect:
        case decided.Raise(screening):
            flag(session, engine, chat, message, screening, now)
        case decided.SaidWrong():
            for one in session.scalars(
                select(Flag).where(Flag.chat_id == chat.id, Flag.closed_at.is_(None))
            ):
                one.said_wrong_at = now
        case decided.Remember(age, council):
            chat.age = chat.age if age is None else age
            chat.council = chat.council if council is None else council
        case decided.ShowNotice(version):
            session.add(
                Notice(
                    chat_id=chat.id,
                    person_id=chat.person_id,
                    version=version,
                    shown_at=now,
                )
            )
        case decided.Agree():
            if (notice := chats.newest_notice(session, chat)) is not None:
                notice.agreed_at = notice.agreed_at or now
        case decided.Vote(outcome, article, offered, words):
            session.add(
                Question(
                    month=now.date().replace(day=1),
                    council=records.council_of(chat),
                    outcome=outcome,
                    article=article or None,
                    offered=list(offered),
                    words=words or None,
                )
            )
        case decided.Ask():
            _request(session, engine, chat, effect, now).update_id = message.update_id
        case decided.AddWords(words):
            _add_words(session, chat, words, now)
        case decided.SetStopped(stopped, pause_days):
            chat.stopped_at = now if stopped else None
            chat.paused_until = now + timedelta(days=pause_days) if pause_days else None
            if not stopped and not pause_days:
                chat.held_until = None
        case decided.SetNews(names):
            if chat.person_id is not None:
                events.ask_for(session, chat.person_id, names, now)
        case decided.Coming(reference, is_coming):
            if chat.person_id is not None:
                inviting.note_answer(
                    session,
                    chat.person_id,
                    reference,
                    coming=is_coming,
                    said=engine.library.events,
                    zone=engine.zone,
                    now=now,
                )
        case decided.SendMyData():
            outbox.put(
                session,
                chat_id=chat.id,
                lane=Lane.REPLY,
                once_key=f"data{message.id}",
                method="sendDocument",
                body={
                    "caption": engine.library.say("control.my_data_caption"),
                    "name": "my-data.txt",
                    "text": persons_data.as_text(session, chat, engine.library.say),
                },
                now=now,
                reply_id="control.my_data",
            )
        case decided.ToldAway(absence_id):
            absences.note_told(session, absence_id, chat.id, now)
        case decided.Erase():
            _erase(session, engine, chat, now)
        case keeping.KeepInTouch():
            keeping.do(session, engine, chat, effect, now)
        case decided.SetSorted() | decided.AddLater() | decided.SetHearing() | decided.AskCouncil():
            hearing_effects.do(session, engine, chat, message, effect, now)
        case _:
            statement_effects.do(session, engine, chat, message, effect, now)


def flag(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    screening: Screening,
    now: datetime,
) -> None:
    """Raise a flag for the chat's council, or add to the open one. The caller commits."""
    council = records.council_of(chat) or engine.default_council
    raise_flag(
        session,
        chat,
        message,
        screening,
        rota=engine.rota(council, session),
        council=council,
        rules_version=engine.rules_version,
        now=now,
    )


def _request(
    session: Session, engine: Engine, chat: Chat, ask: decided.Ask, now: datetime
) -> Request:
    council = records.council_of(chat) or engine.default_council
    where = routing.route(
        session,
        chat,
        ask.kind,
        ask.topic,
        about_adviser=ask.about_adviser,
        council=council,
        now=now,
    )
    request = Request(
        reference=new_reference("R"),
        chat_id=chat.id,
        kind=ask.kind,
        topic=ask.topic or None,
        route=where.name,
        staff_id=where.staff.id if where.staff else None,
        hidden_from_id=where.hidden_from,
        words=ask.words or None,
        asked_at=now,
        due_at=routing.due(engine.rota(council, session), now),
    )
    session.add(request)
    session.flush()
    session.add(
        Alert(
            request_id=request.id,
            staff_id=request.staff_id,
            urgent=False,
            made_at=now,
            due_at=now,
        )
    )
    if where.also is not None:
        also.give(session, request, where.also.id, ask.topic or ask.kind, now)
    return request


def _add_words(session: Session, chat: Chat, words: str, now: datetime) -> None:
    """Add words to the newest open request; while somebody talks with them, to one of theirs."""
    open_ones = select(Request).where(Request.chat_id == chat.id, Request.closed_at.is_(None))
    if held := chat.held_until is not None and chat.held_until > now:
        # Words for a manager must not land with the adviser, nor the other way round.
        open_ones = open_ones.where(Request.staff_id == chat.held_by_id)
    newest = session.scalar(open_ones.order_by(Request.id.desc()).limit(1))
    if newest is None and held:
        newest = _written_back(session, chat, now)
    if newest is None:
        return
    newest.words = f"{newest.words}\n{words}" if newest.words else words
    session.add(
        Alert(
            request_id=newest.id,
            staff_id=newest.staff_id,
            urgent=False,
            made_at=now,
            due_at=now,
        )
    )


def _written_back(session: Session, chat: Chat, now: datetime) -> Request:
    """Return a request for whoever is talking with them: what is written back must reach somebody."""
    request = Request(
        reference=new_reference("R"),
        chat_id=chat.id,
        kind="written_back",
        route="adviser",
        staff_id=chat.held_by_id,
        asked_at=now,
        due_at=chat.held_until,
    )
    session.add(request)
    session.flush()
    return request


def _erase(session: Session, engine: Engine, chat: Chat, now: datetime) -> None:
    """Erase what may be erased now, and open a request for a person to decide on the rest.

    UK GDPR articles 12(3) and 17: an answer within one month.
    """
    chats.forget_words(session, chat)
    hearing_back.forget(session, chat)
    chat.age = chat.council = None
    if chat.person_id is None and not chats.has_open_flag(session, chat):
        return
    request = _request(session, engine, chat, decided.Ask("erase_my_data"), now)
    request.due_at = data_requests.one_month_after(now, engine.zone)


def first_wording(session: Session, chat: Chat, incoming: Incoming) -> int | None:
    """Return the message that an edit changes, when we have it: nothing is overwritten."""
    if not incoming.edited or incoming.message_id is None:
        return None
    return session.scalar(
        select(Message.id)
        .where(
            Message.chat_id == chat.id,
            Message.telegram_message_id == incoming.message_id,
            Message.direction == "in",
            Message.edit_of_id.is_(None),
        )
        .order_by(Message.id)
        .limit(1)
    )


def unscreened(rule: str, level: Level) -> Screening:
    """Return a screening that asks a person to look, because software could not."""
    sign = Sign(Category.HELP_WORD, level, rule, Layer.ENGINE)
    return Screening(level=level, categories=(Category.HELP_WORD,), signs=(sign,), degraded=True)


def apologise(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    update: Update,
    now: datetime,
) -> None:
    """Say that something broke, show who can help, and have a person look the same day."""
    text = engine.library.say("static.fault", records.council_of(chat))
    send_reply(
        session,
        chat,
        Reply("static.fault", text, (), Lane.SAFETY),
        once_key=f"u{update.id}.0",
        now=now,
        update_id=update.id,
    )
    flag(
        session,
        engine,
        chat,
        message,
        unscreened("handling_failed", Level.SAME_DAY),
        now,
    )


def leave_group(session: Session, update: Update, incoming: Incoming, now: datetime) -> None:
    """Ask to leave a group or channel. Nothing of what was said there is kept (FT-30)."""
    chat = chats.meet(session, incoming.chat_id, now)
    update.raw = None
    outbox.put(
        session,
        chat_id=chat.id,
        lane=Lane.STAFF,
        once_key=f"u{update.id}.leave",
        method="leaveChat",
        body={},
        now=now,
        update_id=update.id,
    )
