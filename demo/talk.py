"""Made-up young people talking to the bot: every word goes the way a real one goes, with the clock set back.

Rasa does not run here: the file says what it would make of a message. Danger is read as always.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import handling
from bot.engine import Engine, Heard
from feedback import keeping as statements
from nlu.understanding import NOT_UNDERSTOOD, Ranked, Understanding
from storage import chats, inbox
from storage.tables import Alert, Button, Chat, Person, Send
from storage.tables.outbox import SendState

#: Beyond what Telegram gives out, so that none of these can be anybody's.
FIRST_CHAT = 9_007_199_254_740_992
BOT = 1
SURE = 0.95
#: How long somebody takes for an answer.
A_STEP = timedelta(seconds=15)


class DemoError(Exception):
    """The file of the fortnight asks for something that is not there; the sentence says what."""


@dataclass(frozen=True)
class Telling:
    """A statement that somebody makes: its kind, their words, how they feel, and who should get it."""

    scenario: str
    words: str
    feels: str = "ok"
    to: str = ""


@dataclass
class Room:
    """Everybody who talks, and the parts they talk to."""

    session: Session
    engine: Engine
    #: What they say to a question that wants words and may not be passed over.
    wish: str = ""
    chats: dict[str, int] = field(default_factory=dict)
    updates: int = 0

    def meet(self, person: Person) -> None:
        """Give a young person a chat of their own."""
        self.chats[person.name.split()[0]] = FIRST_CHAT + len(self.chats)

    def chat(self, who: str) -> Chat:
        """Return somebody's chat. Raises DemoError for nobody's."""
        found = chats.find(self.session, chats.index_of(self.chats.get(who, 0)))
        if found is None:
            message = f"{who} has no chat in the demonstration."
            raise DemoError(message)
        return found

    def says(self, who: str, text: str, now: datetime, means: str = "") -> None:
        """Let somebody write something."""
        meant = Understanding(means, SURE, (Ranked(means, SURE),)) if means else NOT_UNDERSTOOD
        self._hear(who, {"message": {**self._message(who), "text": text}}, meant, now)

    def presses(self, who: str, label: str, now: datetime) -> None:
        """Let somebody press the newest button with these words. Raises DemoError without one."""
        for send in self._sends(who):
            for token in (key.get("data") for key in _keys(send) if key["text"] == label):
                if token and self._unused(token):
                    return self._tap(who, send, token, now)
        message = f"{who} has no button {label}."
        raise DemoError(message)

    def labels(self, who: str) -> list[str]:
        """Return the words on the buttons of the last message with any."""
        return next(([key["text"] for key in _keys(one)] for one in self._sends(who)), [])

    def tells(self, who: str, one: Telling, now: datetime) -> None:
        """Let somebody make a statement and send it: their words to the first question that takes any."""
        self.says(who, "/tell", now)
        self.presses(who, self.engine.library.scenarios[one.scenario].title, now)
        left, before = one.words, ""
        while draft := statements.draft_of(self.session, self.chat(who)):
            question, now = draft.current(), now + A_STEP
            if question is None:
                break
            if question.id == before:
                message = f"{who} gets no further than {before}: were their words read as danger?"
                raise DemoError(message)
            before = question.id
            if left and question.kind == "words":
                self.says(who, left, now)
                left = ""
            else:
                answers = f"st:{draft.reference}:a:{question.id}:"
                feeling = one.feels if question.kind == "feeling" else ""
                self._passes(who, f"{answers}{feeling}", now)
        self._sends_it(who, one.to, now)

    def _passes(self, who: str, answer: str, now: datetime) -> None:
        """Take the first thing there is to pick, or the feeling they have, or pass the question over."""
        picks = select(Button).where(
            Button.chat_id == self.chat(who).id,
            Button.used_at.is_(None),
            Button.action.startswith(answer, autoescape=True),
        )
        first = self.session.scalar(picks.order_by(Button.id).limit(1))
        if first is None:
            skip = self.engine.library.label("skip")
            if skip in self.labels(who):
                self.presses(who, skip, now)
            else:
                self.says(who, self.wish, now)
        else:
            self._tap(who, self.session.get_one(Send, first.send_id), first.token, now)

    def _sends_it(self, who: str, to: str, now: datetime) -> None:
        say = self.engine.library.label
        if to:
            self.presses(who, say("someone_else"), now)
            self.presses(who, to, now)
        self.presses(who, say("send_it"), now)
        if say("quote_yes") in self.labels(who):
            self.presses(who, say("quote_yes"), now)

    def deliver(self, now: datetime) -> list[Send]:
        """Let everything that is due arrive, and every alert be taken; return what arrived."""
        due = Send.state == SendState.WAITING, Send.due_at <= now
        found = list(self.session.scalars(select(Send).where(*due).order_by(Send.id)))
        for one in found:
            one.state, one.sent_at, one.telegram_message_id = SendState.SENT, now, one.id
        taken = update(Alert).where(Alert.accepted_at.is_(None), Alert.due_at <= now)
        self.session.execute(taken.values(accepted_at=now, channel="demo"))
        self.session.flush()
        return found

    def _hear(self, who: str, raw: dict[str, Any], meant: Understanding, now: datetime) -> None:
        self.updates += 1
        index = chats.index_of(self.chats[who])
        inbox.save(self.session, BOT, [(index, {"update_id": self.updates, **raw})], now)
        found = inbox.next_for(self.session, index)
        incoming = handling.incoming_of(found) if found else None
        if found is None or incoming is None:
            return
        known = handling.background(self.session, index, now)
        screening = self.engine.screen(handling.words_to_screen(incoming), known)
        handling.handle(self.session, self.engine, found, Heard(screening, meant), now)
        self.session.flush()
        self.deliver(now)

    def _tap(self, who: str, send: Send, token: str, now: datetime) -> None:
        message = {**self._message(who), "message_id": send.telegram_message_id}
        query = {"id": token, "from": message["from"], "data": token, "message": message}
        self._hear(who, {"callback_query": query}, NOT_UNDERSTOOD, now)

    def _message(self, who: str) -> dict[str, Any]:
        chat_id = self.chats[who]
        return {
            "message_id": self.updates + 1,
            "chat": {"id": chat_id, "type": "private"},
            "from": {"id": chat_id, "is_bot": False},
        }

    def _sends(self, who: str) -> list[Send]:
        """Return what was sent to somebody lately with buttons, newest first."""
        query = select(Send).where(Send.chat_id == self.chat(who).id)
        newest = self.session.scalars(query.order_by(Send.id.desc()).limit(30))
        return [one for one in newest if (one.body or {}).get("rows")]

    def _unused(self, token: str) -> bool:
        query = select(Button.id).where(Button.token == token, Button.used_at.is_(None))
        return token == "help_now" or self.session.scalar(query) is not None


def _keys(send: Send) -> list[dict[str, str]]:
    return [key for row in (send.body or {}).get("rows", ()) for key in row]
