"""The types of one turn: what comes in, what a step may need, and what it decides.

A step is a plain function from a Turn to an Outcome or None. It decides; the doing (rows, sends,
alerts) is in `bot/effects.py`, so the same conversation runs in practice, where nothing is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.incoming import Incoming
from bot.memory import Memory
from checkins.plans import Agreed
from content.articles import Article
from content.library import Library
from feedback.drafts import Audience, Draft, Told
from feedback.shared import NOTHING, Shared
from nlu.understanding import Understanding
from people import cover
from people.cover import Away
from people.hours import Rota
from safeguarding.judgement import Screening
from storage import sending
from storage.tables.statements import Consent

#: What a turn says is put in the outbox as it is, and so is what the clock says: they live there.
Key = sending.Key
Reply = sending.Reply


@dataclass(frozen=True)
class Who:
    """What we know of who is writing. A stranger has no name and no adviser."""

    known: bool = False
    name: str = ""
    age: int | None = None
    council: str | None = None
    adviser: str = ""
    stopped: bool = False
    held_by: str = ""
    flag_open: bool = False


class Effect:
    """Something to be done in the same transaction as the replies."""


@dataclass(frozen=True)
class Raise(Effect):
    """Raise a flag, or add to the open one."""

    screening: Screening


@dataclass(frozen=True)
class SaidWrong(Effect):
    """They say that we misread danger. It changes our tone, never the flag."""


@dataclass(frozen=True)
class Remember(Effect):
    """Keep something they told us about themselves."""

    age: int | None = None
    council: str | None = None


@dataclass(frozen=True)
class Agree(Effect):
    """They agreed to the notice."""


@dataclass(frozen=True)
class ShowNotice(Effect):
    """They were shown the notice in this version."""

    version: str


@dataclass(frozen=True)
class Vote(Effect):
    """They judged an answer, or nobody could answer. Kept without who they are."""

    outcome: str
    article: str = ""
    offered: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Ask(Effect):
    """They want a person."""

    kind: str
    topic: str = ""
    about_adviser: bool = False
    words: str = ""


@dataclass(frozen=True)
class AddWords(Effect):
    """Words for the request they made last."""

    words: str


@dataclass(frozen=True)
class SetStopped(Effect):
    """They stopped, paused for days, or came back."""

    stopped: bool = False
    pause_days: int = 0


@dataclass(frozen=True)
class SendMyData(Effect):
    """They want a file of all we hold."""


@dataclass(frozen=True)
class Erase(Effect):
    """They confirmed that what may be erased should be."""


@dataclass(frozen=True)
class KeepDraft(Effect):
    """Keep a statement that is being made exactly as it now stands."""

    draft: Draft


@dataclass(frozen=True)
class SendStatement(Effect):
    """They send a statement, as it stands, to whom it says."""

    draft: Draft


@dataclass(frozen=True)
class KeepStatement(Effect):
    """They keep a finished statement for themselves."""

    draft: Draft


@dataclass(frozen=True)
class SendCopy(Effect):
    """They want their own copy of a statement, as a file."""

    reference: str


@dataclass(frozen=True)
class AllowQuote(Effect):
    """They say whether their words may be used: of one answer, or of all when none is named."""

    reference: str
    consent: Consent
    question: str = ""


@dataclass(frozen=True)
class TakeBack(Effect):
    """They take back a statement that nobody has opened; `delete` it, words and all, at once."""

    reference: str
    delete: bool = False


@dataclass(frozen=True)
class Reopen(Effect):
    """They go on with a statement that they had kept, taken back or put aside."""

    reference: str


@dataclass(frozen=True)
class SetSorted(Effect):
    """They say whether what they told us was sorted."""

    reference: str
    is_sorted: bool


@dataclass(frozen=True)
class AddLater(Effect):
    """They say more about something they told us before."""

    reference: str
    words: str


@dataclass(frozen=True)
class SetHearing(Effect):
    """They say whether they want to be told what changes."""

    wanted: bool


@dataclass(frozen=True)
class AskCouncil(Effect):
    """They ask councillors or managers something, without their name."""

    reference: str
    words: str


@dataclass(frozen=True)
class SetNews(Effect):
    """They want news of these kinds and places, and of nothing else."""

    names: frozenset[str]


@dataclass(frozen=True)
class Coming(Effect):
    """They said whether they are coming."""

    reference: str
    is_coming: bool


@dataclass(frozen=True)
class ToldAway(Effect):
    """They were told who looks after their messages while their adviser is away."""

    absence_id: int


@dataclass(frozen=True)
class Outcome:
    """What a step decided: what to say, what to do, and what to remember."""

    replies: tuple[Reply, ...]
    memory: Memory
    effects: tuple[Effect, ...] = ()
    article: str = ""


@dataclass(frozen=True)
class Redemption:
    """What came of a code: whether it joined this chat to a person, and who they are."""

    joined: bool
    who: Who
    already: bool = False
    #: The member of staff whose test messages come to this chat from now on.
    trial_of: str = ""


@dataclass(frozen=True)
class Turn:
    """Everything a step may need to decide. No session: a step cannot write."""

    incoming: Incoming
    screening: Screening
    understanding: Understanding
    memory: Memory
    who: Who
    library: Library
    rota: Rota
    now: datetime
    action: str | None = None
    default_council: str = ""
    thresholds: dict[str, float] = field(default_factory=dict)
    #: Says what is agreed about check-ins; None for whoever has no record with us.
    agreed: Callable[[], Agreed | None] = lambda: None
    redeem: Callable[[str], Redemption] | None = None
    specialist: Callable[[str, str], str] | None = None
    #: What they asked for news about, and whether an event is "open", "soon" or "over".
    news: frozenset[str] = frozenset()
    event_state: Callable[[str], str] | None = None
    nlu_away: bool = False
    #: The statement they are in the middle of, or have put aside.
    draft: Draft | None = None
    #: Returns all they told us, newest first.
    told: Callable[[], tuple[Told, ...]] | None = None
    #: Returns the name of the member of staff a statement would go to; "" when it is duty's.
    reader_of: Callable[[Audience, bool], str] | None = None
    #: What they may look up: what was changed, what was asked, who has what they told us.
    shared: Shared = NOTHING
    #: When it reached us, which may be before we asked what is open now.
    received_at: datetime | None = None
    #: For a statement that this turn begins.
    fresh_reference: str = "S-1"
    #: Staff have switched Kith off: only danger is answered.
    off: bool = False
    #: Their adviser is away: who looks after their messages.
    away: Away | None = None
    #: They write faster than anybody reads: everything is screened and kept, replies wait.
    hurried: bool = False

    @property
    def text(self) -> str:
        """The words they wrote."""
        return self.incoming.text

    @property
    def council(self) -> str | None:
        """The council that looks after them, when known."""
        return self.who.council

    @property
    def reader(self) -> str:
        """Who reads today what is for their adviser, in words; nothing when it is the team."""
        return cover.reader(self.library, self.away) if self.away else self.who.adviser

    def label(self, label_id: str) -> str:
        """Return the words on a button."""
        return self.library.label(label_id)

    def key(self, label_id: str, action: str) -> Key:
        """Return a button that does something of ours."""
        return Key(self.label(label_id), action)

    def reply(self, reply_id: str, *rows: tuple[Key, ...], **values: str) -> Reply:
        """Return a fixed reply, filled in, with rows of buttons."""
        return Reply(reply_id, self.library.say(reply_id, self.council, **values), rows)

    def say(self, *replies: Reply, effects: tuple[Effect, ...] = (), **remember: Any) -> Outcome:
        """Return an outcome that says this, and changes only these things in memory."""
        return Outcome(replies, replace(self.memory, **remember), effects)

    def article(self, article_id: str) -> Article | None:
        """Return an article when there is one for this young person's council."""
        found = self.library.articles.get(article_id)
        return found if found and self.library.shown_in(found, self.council) else None


Step = Callable[[Turn], Outcome | None]
