"""The tables, one module a noun. Importing this package makes them all known to the metadata."""

from storage.tables.access import Door, Note, Trace, Visit
from storage.tables.answers import Question, Shown
from storage.tables.base import Base
from storage.tables.chats import Button, Chat, Notice
from storage.tables.events import Event, Interest, TrialChat
from storage.tables.flags import Alert, Flag, FlagMessage
from storage.tables.hearing_back import (
    Action,
    Asked,
    HearBack,
    Look,
    Push,
    Raised,
    Survey,
)
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
from storage.tables.late import LateTrace
from storage.tables.marks import Mark
from storage.tables.messages import Message
from storage.tables.openings import Opening
from storage.tables.outbox import Send
from storage.tables.people import Invitation, Person, Staff
from storage.tables.requests import Request
from storage.tables.second_reads import Draw, SecondRead
from storage.tables.statements import (
    Answer,
    ScenarioCopy,
    Statement,
    StatementEvent,
    StatementTheme,
)
from storage.tables.system import Heartbeat, Secret

__all__ = [
    "Action",
    "Alert",
    "Answer",
    "Asked",
    "Base",
    "Button",
    "Chat",
    "CheckInAnswer",
    "Circumstance",
    "Contact",
    "Door",
    "Draw",
    "Due",
    "Event",
    "Flag",
    "FlagMessage",
    "HearBack",
    "Heartbeat",
    "InTouch",
    "Interest",
    "Invitation",
    "LateTrace",
    "Look",
    "Mark",
    "Message",
    "Note",
    "Notice",
    "Opening",
    "Person",
    "Plan",
    "Push",
    "Question",
    "Raised",
    "Request",
    "ScenarioCopy",
    "SecondRead",
    "Secret",
    "Send",
    "Shown",
    "Staff",
    "Statement",
    "StatementEvent",
    "StatementTheme",
    "Survey",
    "Task",
    "Trace",
    "TrialChat",
    "Update",
    "Visit",
]
