"""What everybody may read, and what one turn may look up about hearing back: functions handed to the talk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from content.themes import load_themes
from feedback import asking, counted, hearing
from feedback.counted import Note
from people import sight
from storage import actions, asked, hearing_back, statements
from storage.tables import Chat

PAGE = 3


@dataclass(frozen=True)
class WeDid:
    """One thing that was done: what was said, and what was done about it."""

    theme: str
    title: str
    did: str


@dataclass(frozen=True)
class Answered:
    """One question to the council with its answer."""

    words: str
    by: str
    answer: str


@dataclass(frozen=True)
class Whose:
    """Who has a statement: a name, or a team whose name is in the replies; and whether more may be said."""

    name: str
    team: str
    open: bool


@dataclass(frozen=True)
class Shared:
    """What a step may look up: pages of what was done and asked, who has a statement, and their notes."""

    we_did: Callable[[int], tuple[WeDid, ...]]
    answered: Callable[[int], tuple[Answered, ...]]
    whose: Callable[[str], Whose | None]
    may_ask: Callable[[], bool]
    notes: Callable[[], tuple[Note, ...]]


#: In practice nothing is kept, so there is nothing to look up.
NOTHING = Shared(lambda _: (), lambda _: (), lambda _: None, lambda: True, tuple)


def shared(session: Session, chat: Chat, council: str, now: datetime) -> Shared:
    """Return what a turn in this chat may look up. One more than a page says that there are older ones."""

    def we_did(page: int) -> tuple[WeDid, ...]:
        rows = actions.published(session, council, PAGE + 1, page * PAGE)
        titles = load_themes()
        return tuple(WeDid(titles[one.theme].title, one.title, one.did or "") for one in rows)

    def answered(page: int) -> tuple[Answered, ...]:
        rows = asked.answered(session, council, PAGE + 1, page * PAGE)
        return tuple(
            Answered(one.put or "", one.answered_by or "", one.answer or "") for one in rows
        )

    def whose(reference: str) -> Whose | None:
        found = statements.by_reference(session, chat, reference)
        if found is None or found.state not in hearing_back.WITH_STAFF:
            return None
        named = found.owner is not None and sight.may_see_name(found)
        team = "hearing.somebody" if sight.may_see_name(found) else "hearing.participation"
        name = found.owner.name if named and found.owner else ""
        return Whose(name, team, hearing.can_say(found, now))

    return Shared(
        we_did,
        answered,
        whose,
        may_ask=lambda: asking.may_ask(session, chat, now),
        notes=lambda: counted.notes(session, chat),
    )
