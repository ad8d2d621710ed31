"""The tables, one module a noun. Importing this package makes them all known to the metadata."""

from storage.tables.answers import Question
from storage.tables.base import Base
from storage.tables.chats import Button, Chat, Notice
from storage.tables.events import Event, Interest, TrialChat
from storage.tables.flags import Alert, Flag, FlagMessage
from storage.tables.inbox import Update
from storage.tables.keeping_in_touch import (
    CheckInAnswer,
    Circumstance,
    Contact,
    Due,
    InTouch,
    Plan,
    Task,
)
from storage.tables.messages import Message
from storage.tables.outbox import Send
from storage.tables.people import Invitation, Person, Staff
from storage.tables.requests import Request
from storage.tables.system import Heartbeat, Secret

__all__ = [
    "Alert",
    "Base",
    "Button",
    "Chat",
    "CheckInAnswer",
    "Circumstance",
    "Contact",
    "Due",
    "Event",
    "Flag",
    "FlagMessage",
    "Heartbeat",
    "InTouch",
    "Interest",
    "Invitation",
    "Message",
    "Notice",
    "Person",
    "Plan",
    "Question",
    "Request",
    "Secret",
    "Send",
    "Staff",
    "Task",
    "TrialChat",
    "Update",
]
