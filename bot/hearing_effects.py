"""Doing what a turn decided about hearing back and asking the council, in its transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import turn as decided
from bot.engine import Engine
from bot.turn import Effect
from feedback import asking, hearing
from people import records
from storage import hearing_back, statements
from storage.tables import Chat, Message


def do(
    session: Session,
    engine: Engine,
    chat: Chat,
    message: Message,
    effect: Effect,
    now: datetime,
) -> None:
    """Do one effect. The caller commits."""
    council = records.council_of(chat) or engine.default_council
    rota = engine.rota(council, session)
    match effect:
        case decided.SetHearing(wanted):
            hearing_back.set_hearing(session, chat, now, wanted=wanted)
        case decided.AskCouncil(reference, words):
            asking.ask(session, chat, reference, words, council=council, rota=rota, now=now)
        case decided.SetSorted(reference, is_sorted):
            if (row := statements.by_reference(session, chat, reference)) is not None:
                hearing.set_sorted(session, row, rota, now, is_sorted=is_sorted)
        case decided.AddLater(reference, words):
            row = statements.by_reference(session, chat, reference)
            if row is not None and hearing.can_say(row, now):
                hearing.add_words(session, row, words, message.update_id, now)
