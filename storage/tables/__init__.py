"""The tables, one module a noun. Importing this package makes them all known to the metadata."""

from storage.tables.access import Door, Note, RecoveryCode, Trace, Visit
from storage.tables.answers import Question, Shown
from storage.tables.base import Base
from storage.tables.chats import Button, Chat, Notice
from storage.tables.counted import CountedNote, NoteTheme
from storage.tables.cover import (
    Absence,
    AlsoFor,
    Duty,
    OpeningHours,
    SwitchedOff,
    ToldAway,
)
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
from storage.tables.messages import Message
from storage.tables.outbox import Send
from storage.tables.participation import Count, Release
from storage.tables.people import Invitation, Person, Staff
from storage.tables.requests import Request
from storage.tables.statements import (
    Answer,
    ScenarioCopy,
    Statement,
    StatementEvent,
    StatementTheme,
)
from storage.tables.system import Heartbeat, Secret

__all__ = [
    "Absence",
    "Action",
    "Alert",
    "AlsoFor",
    "Answer",
    "Asked",
    "Base",
    "Button",
    "Chat",
    "CheckInAnswer",
    "Circumstance",
    "Contact",
    "Count",
    "CountedNote",
    "Door",
    "Due",
    "Duty",
    "Event",
    "Flag",
    "FlagMessage",
    "HearBack",
    "Heartbeat",
    "InTouch",
    "Interest",
    "Invitation",
    "Look",
    "Message",
    "Note",
    "NoteTheme",
    "Notice",
    "OpeningHours",
    "Person",
    "Plan",
    "Push",
    "Question",
    "Raised",
    "RecoveryCode",
    "Release",
    "Request",
    "ScenarioCopy",
    "Secret",
    "Send",
    "Shown",
    "Staff",
    "Statement",
    "StatementEvent",
    "StatementTheme",
    "Survey",
    "SwitchedOff",
    "Task",
    "ToldAway",
    "Trace",
    "TrialChat",
    "Update",
    "Visit",
]
