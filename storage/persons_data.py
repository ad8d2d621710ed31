"""Everything held about whoever is in a chat, as a file they can read (UK GDPR article 15)."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import hearing_back, keeping_data, seen, statements
from storage.events import ANNOUNCE
from storage.tables import (
    Answer,
    Asked,
    Chat,
    Due,
    Event,
    Flag,
    HearBack,
    Interest,
    Message,
    Notice,
    Raised,
    Request,
    Statement,
)
from storage.tables.keeping_in_touch import DueKind


class Say(Protocol):
    """Returns a line of content by its id, filled in: the words of the file are not ours."""

    def __call__(self, reply_id: str, /, **values: str) -> str:
        """Return the line."""


def as_text(session: Session, chat: Chat, say: Say) -> str:
    """Return a readable file of what is held here. Notes that staff make are not in the bot."""
    parts = (
        _about,
        _notices,
        _messages,
        _requests,
        _statements,
        _asked,
        _raised,
        _looks,
        _opened,
        _news,
        _flags,
    )
    said = [part(session, chat, say) for part in parts]
    if chat.person is not None:
        said += keeping_data.as_text(session, chat.person, say)
    return "\n\n".join(said) + "\n"


def _at(moment: datetime) -> str:
    return moment.strftime("%d %B %Y %H:%M UTC")


def _listed(title: str, rows: Iterable[str]) -> str:
    return "\n".join([title, *(f"- {row}" for row in rows)])


def _about(_session: Session, chat: Chat, say: Say) -> str:
    lines = [say("my_data.title"), ""]
    if chat.person is not None:
        adviser = chat.person.adviser
        lines += [
            say("my_data.name", name=chat.person.name),
            say("my_data.born_on", date=str(chat.person.born_on)),
            say("my_data.council", council=chat.person.council),
            say("my_data.adviser", adviser=adviser.name if adviser else say("my_data.not_known")),
        ]
    else:
        not_given = say("my_data.not_given")
        lines += [
            say("my_data.age", age=str(chat.age or not_given)),
            say("my_data.council", council=chat.council or not_given),
        ]
    lines += [
        say("my_data.telegram", number=str(chat.telegram_id)),
        say("my_data.first", when=_at(chat.began_at)),
        say("my_data.last", when=_at(chat.heard_at)),
    ]
    return "\n".join(lines)


def _notices(session: Session, chat: Chat, say: Say) -> str:
    rows = session.scalars(select(Notice).where(Notice.chat_id == chat.id).order_by(Notice.id))
    return _listed(say("my_data.notices"), (_notice(row, say) for row in rows))


def _notice(row: Notice, say: Say) -> str:
    when, version = _at(row.shown_at), str(row.version)
    if row.agreed_at is None:
        return say("my_data.notice", when=when, version=version)
    return say("my_data.agreed", when=when, version=version, agreed=_at(row.agreed_at))


def _messages(session: Session, chat: Chat, say: Say) -> str:
    rows = session.scalars(
        select(Message).where(Message.chat_id == chat.id).order_by(Message.at, Message.id)
    )
    return _listed(
        say("my_data.messages"),
        (
            say(
                "my_data.message",
                when=_at(row.at),
                who=say("my_data.you" if row.direction == "in" else "my_data.kith"),
                kind=row.kind,
                words=row.text or say("my_data.no_words"),
            )
            for row in rows
        ),
    )


def _requests(session: Session, chat: Chat, say: Say) -> str:
    rows = session.scalars(select(Request).where(Request.chat_id == chat.id).order_by(Request.id))
    return _listed(
        say("my_data.requests"),
        (
            say(
                "my_data.request",
                when=_at(row.asked_at),
                kind=row.kind.replace("_", " "),
                reference=row.reference,
                words=row.words or "",
            )
            for row in rows
        ),
    )


def _statements(session: Session, chat: Chat, say: Say) -> str:
    query = select(Statement).where(Statement.chat_id == chat.id).order_by(Statement.id)
    return _listed(
        say("my_data.statements"),
        (line for row in session.scalars(query) for line in _statement(session, row, say)),
    )


def _statement(session: Session, row: Statement, say: Say) -> Iterable[str]:
    title = str(row.copy.body["title"])
    yield say(
        "my_data.statement",
        when=_at(row.began_at),
        title=title,
        reference=row.reference,
        state=str(row.state),
    )
    questions = {one["id"]: one for one in row.copy.body["questions"]}
    for answer in statements.answers_ever(session, row):
        question = questions.get(answer.question, {})
        yield say(
            "my_data.answer" if answer.replaced_at is None else "my_data.former",
            when=_at(answer.given_at),
            label=str(question.get("label", answer.question)),
            words=_answered(question, answer),
            consent=str(answer.consent),
        )
    for event in statements.events(session, row):
        note = event.note or ""
        yield say("my_data.event", when=_at(event.at), state=str(event.state), note=note)


def _answered(question: dict[str, Any], answer: Answer) -> str:
    """Return an answer in words: what was picked as its button said, and what was written."""
    labels = {**(question.get("choices") or {}), **(question.get("easy_choices") or {})}
    said = answer.value
    picked = said.get("picked", said.get("feeling", said.get("number")))
    shown = "" if picked is None else str(labels.get(picked, picked))
    return ". ".join(part for part in (shown, str(said.get("words", ""))) if part)


def _asked(session: Session, chat: Chat, say: Say) -> str:
    query = select(Asked).where(Asked.chat_id == chat.id).order_by(Asked.id)
    return _listed(
        say("my_data.asked"),
        (
            say(
                "my_data.question",
                when=_at(row.asked_at),
                reference=row.reference,
                words=row.words or "",
                state=str(row.state),
                put=row.put or "",
                answer=row.answer or row.why or "",
            )
            for row in session.scalars(query)
        ),
    )


def _raised(session: Session, chat: Chat, say: Say) -> str:
    rows = session.scalars(select(Raised).where(Raised.chat_id == chat.id).order_by(Raised.at))
    told = [
        say("my_data.theme", theme=row.theme.replace("_", " "), when=_at(row.at)) for row in rows
    ]
    choice = session.get(HearBack, chat.id)
    if choice is not None:
        wants = say("my_data.yes" if choice.wanted else "my_data.no")
        told.append(say("my_data.hear_back", wants=wants, when=_at(choice.at)))
    return _listed(say("my_data.raised"), told)


def _looks(session: Session, chat: Chat, say: Say) -> str:
    return _listed(
        say("my_data.looks"),
        (
            say(
                "my_data.look",
                when=_at(row.at),
                reference=row.reference,
                who=seen.Seen(row.at, "told", row.staff_id, name, role).who(_adviser(chat), say),
            )
            for row, name, role in hearing_back.looks_at(session, chat)
        ),
    )


def _adviser(chat: Chat) -> uuid.UUID | None:
    return chat.person.adviser_id if chat.person else None


def _opened(session: Session, chat: Chat, say: Say) -> str:
    return _listed(
        say("my_data.opened"),
        (
            say(
                "my_data.opened_one",
                when=_at(one.at),
                who=one.who(_adviser(chat), say),
                what=say(f"seen_by.{one.what}"),
            )
            for one in reversed(seen.of(session, chat))
            if one.what != "told"
        ),
    )


def _news(session: Session, chat: Chat, say: Say) -> str:
    if chat.person_id is None:
        return _listed(say("my_data.news"), ())
    asked = session.scalars(
        select(Interest).where(Interest.person_id == chat.person_id).order_by(Interest.name)
    )
    told = session.execute(
        select(Due, Event)
        .join(Event, Due.what == ANNOUNCE + Event.reference)
        .where(Due.person_id == chat.person_id, Due.kind == DueKind.EVENT)
        .order_by(Due.due_at)
    )
    lines = [say("my_data.interest", what=one.name, when=_at(one.since)) for one in asked]
    lines += [
        say(
            "my_data.news_event",
            title=event.title,
            when=_at(due.due_at),
            state=due.state,
            answer=(due.answer or "").replace("_", " "),
        )
        for due, event in told
    ]
    return _listed(say("my_data.news"), lines)


def _flags(session: Session, chat: Chat, say: Say) -> str:
    rows = session.scalars(select(Flag).where(Flag.chat_id == chat.id).order_by(Flag.id))
    return _listed(say("my_data.flags"), (_flag(row, say) for row in rows))


def _flag(row: Flag, say: Say) -> str:
    when = _at(row.raised_at)
    if row.opened_at is None:
        return say("my_data.flag", when=when, reference=row.reference)
    return say("my_data.flag_read", when=when, reference=row.reference, read=_at(row.opened_at))
