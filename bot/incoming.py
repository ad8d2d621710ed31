"""A raw Telegram update, read into what the conversation needs. Pure; never raises.

Telegram adds kinds of update without asking; whatever we do not know becomes OTHER and is
answered as something we cannot read, because silence could hide a cry for help.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What kind of thing was sent."""

    TEXT = "text"
    EDIT = "edit"
    BUTTON = "button"
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    REACTION = "reaction"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GROUP = "group"
    OTHER = "other"


#: Telegram's names of what a message can carry, and what we call them. Order matters: an
#: animation also comes as a document, a venue also as a location.
CARRIED = {
    "animation": Kind.STICKER,
    "photo": Kind.PHOTO,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "video_note": Kind.VIDEO,
    "video": Kind.VIDEO,
    "document": Kind.DOCUMENT,
    "sticker": Kind.STICKER,
    "dice": Kind.STICKER,
    "venue": Kind.LOCATION,
    "location": Kind.LOCATION,
    "contact": Kind.CONTACT,
    "poll": Kind.POLL,
}
UNSCREENED = frozenset(
    {
        Kind.PHOTO,
        Kind.VOICE,
        Kind.VIDEO,
        Kind.DOCUMENT,
        Kind.LOCATION,
        Kind.CONTACT,
        Kind.POLL,
        Kind.OTHER,
    }
)
BLOCKING = frozenset({"kicked", "left"})


@dataclass(frozen=True)
class Incoming:
    """One thing a young person did. `text` holds every word in it, whatever carried them."""

    kind: Kind
    chat_id: int
    text: str = ""
    message_id: int | None = None
    button: str | None = None
    callback_id: str | None = None
    sent_at: datetime | None = None
    edited: bool = False

    @property
    def unread(self) -> bool:
        """Whether it holds something that software cannot screen."""
        return self.kind in UNSCREENED


def read(raw: dict[str, Any]) -> Incoming | None:
    """Return what an update says, or None when it comes from no chat we could answer."""
    for key in ("message", "edited_message"):
        if isinstance(raw.get(key), dict):
            return _message(raw[key], edited=key == "edited_message")
    if isinstance(raw.get("callback_query"), dict):
        return _button(raw["callback_query"])
    if isinstance(raw.get("my_chat_member"), dict):
        return _membership(raw["my_chat_member"])
    if isinstance(raw.get("message_reaction"), dict):
        reaction = raw["message_reaction"]
        return _in_chat(reaction, Kind.REACTION, text=_emoji(reaction.get("new_reaction")))
    for value in raw.values():
        if isinstance(value, dict):
            found = _in_chat(value, Kind.OTHER, text=_words(value))
            if found is not None:
                return found
    return None


def _message(message: dict[str, Any], *, edited: bool) -> Incoming | None:
    carried = next((kind for name, kind in CARRIED.items() if name in message), None)
    if carried is None:
        carried = Kind.TEXT if isinstance(message.get("text"), str) else Kind.OTHER
    kind = Kind.EDIT if edited and carried is Kind.TEXT else carried
    found = _in_chat(message, kind, text=_words(message))
    return replace(found, edited=edited) if found else None


def _words(message: dict[str, Any]) -> str:
    """Return every word a person may have put in: text, caption, sticker's emoji, poll, quote."""
    found = [message.get("text"), message.get("caption")]
    if isinstance(quote := message.get("quote"), dict):
        found.append(quote.get("text"))
    if isinstance(sticker := message.get("sticker"), dict):
        found.append(sticker.get("emoji"))
    if isinstance(poll := message.get("poll"), dict):
        found.append(poll.get("question"))
        options = poll.get("options")
        found += (
            [option.get("text") for option in options if isinstance(option, dict)]
            if isinstance(options, list)
            else []
        )
    return "\n".join(part for part in found if isinstance(part, str) and part.strip())


def _number(value: object) -> int | None:
    """Return a whole number that the database can hold: a forged one must not stop a lane."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        return None
    return value


def _in_chat(holder: dict[str, Any], kind: Kind, *, text: str = "") -> Incoming | None:
    chat = holder.get("chat")
    chat_id = _number(chat.get("id")) if isinstance(chat, dict) else None
    if not isinstance(chat, dict) or chat_id is None:
        return None
    private = chat.get("type", "private") == "private"
    return Incoming(
        kind=kind if private else Kind.GROUP,
        chat_id=chat_id,
        # What is said in a group is not for us: it is neither kept nor answered.
        text=text if private else "",
        message_id=_number(holder.get("message_id")),
        sent_at=_moment(holder.get("edit_date") or holder.get("date")),
    )


def _button(query: dict[str, Any]) -> Incoming | None:
    message = query.get("message")
    base = _in_chat(message, Kind.BUTTON) if isinstance(message, dict) else None
    if base is None:
        sender = query.get("from")
        sender_id = _number(sender.get("id")) if isinstance(sender, dict) else None
        if sender_id is None:
            return None
        base = Incoming(Kind.BUTTON, sender_id)
    data = query.get("data")
    return Incoming(
        kind=base.kind,
        chat_id=base.chat_id,
        message_id=base.message_id,
        button=data if isinstance(data, str) else "",
        callback_id=str(query.get("id", "")),
    )


def _membership(change: dict[str, Any]) -> Incoming | None:
    new = change.get("new_chat_member")
    status = str(new.get("status")) if isinstance(new, dict) else ""
    return _in_chat(change, Kind.BLOCKED if status in BLOCKING else Kind.UNBLOCKED)


def _emoji(reactions: object) -> str:
    if not isinstance(reactions, list):
        return ""
    return "".join(str(one.get("emoji", "")) for one in reactions if isinstance(one, dict))


def _moment(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
    except (OverflowError, OSError, ValueError):
        return None
