"""Doing what a turn decided about statements, in its transaction: rows, alerts, and copies."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import turn as decided
from bot.engine import Engine
from bot.turn import Effect
from content.library import Library
from content.scenarios import Kind
from feedback import keeping
from feedback.drafts import Draft, feelings
from people import records
from people.hours import say_date
from storage import outbox, statements
from storage.tables import Chat, Message, Statement
from storage.tables.outbox import Lane


def do(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    effect: Effect,
    now: datetime,
) -> None:
    """Do one effect about a statement. The caller commits."""
    council, age = records.council_of(chat), records.age_of(chat, now)

    def kept(draft: Draft) -> Statement:
        return keeping.keep(
            session, chat, draft, council=council, age=age, update_id=message.update_id, now=now
        )

    match effect:
        case decided.KeepDraft(draft):
            kept(draft)
        case decided.SendStatement(draft):
            to = council or engine.default_council
            rota = engine.rota(to, session)
            keeping.send(session, chat, kept(draft), rota=rota, council=to, now=now)
        case decided.KeepStatement(draft):
            keeping.keep_for_them(session, kept(draft), now)
        case _:
            _later(session, engine, chat, message, effect, now)


def _later(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    effect: Effect,
    now: datetime,
) -> None:
    """Do what they want with a statement that is there already."""
    reference = getattr(effect, "reference", "")
    row = statements.by_reference(session, chat, reference)
    if row is None:
        return
    match effect:
        case decided.AllowQuote(_, consent, question):
            statements.allow(session, row, consent, question, now)
        case decided.TakeBack(_, delete):
            keeping.take_back(session, row, delete=delete, now=now)
        case decided.Reopen(_):
            keeping.reopen(session, chat, row, now)
        case decided.SendCopy(_):
            _send_copy(session, engine, chat, message, row, now)


def _send_copy(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    row: Statement,
    now: datetime,
) -> None:
    outbox.put(
        session,
        chat_id=chat.id,
        lane=Lane.REPLY,
        once_key=f"copy{message.id}",
        method="sendDocument",
        body={
            "caption": engine.library.say("mine.copy_caption"),
            "name": "my-words.txt",
            "text": copy_text(engine.library, session, row),
        },
        now=now,
        reply_id="mine.copy",
    )


def copy_text(library: Library, session: Session, row: Statement) -> str:
    """Return a statement as a file that somebody can keep."""
    draft = keeping.told(session, row).draft
    faces = {one.id: one.label for one in feelings(library.labels)}
    lines = [
        draft.scenario.title,
        library.say("mine.copy_about", on=say_date(row.began_at), reference=row.reference),
    ]
    for question, given in draft.told():
        choice = question.choice(given.picked) if question else None
        shown = [choice.label if choice else "", given.words]
        if question and question.kind is Kind.FEELING:
            shown[0] = faces.get(given.picked, "")
        if given.number is not None:
            shown[0] = str(given.number)
        label = question.label if question else library.label("extra")
        lines.append("\n".join([f"{label}:", *(part for part in shown if part)]))
    return "\n\n".join(lines) + "\n"
