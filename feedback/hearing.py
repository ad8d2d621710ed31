"""Hearing back: each step of staff on a statement, and the short message it sends. The caller commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from content.library import Library
from people import routing, sight
from people.hours import Rota, say_date
from storage import hearing_back, saying
from storage.saying import Press, Saying
from storage.tables import Alert, Answer, Chat, Staff, Statement
from storage.tables.outbox import Lane
from storage.tables.statements import Consent, StatementState

#: What a statement may come into next. What is done or cannot be done is only opened again by its author.
NEXT = {
    StatementState.SENT: {
        StatementState.OPENED,
        StatementState.IN_HAND,
        StatementState.DONE,
        StatementState.CANNOT,
    },
    StatementState.OPENED: {
        StatementState.IN_HAND,
        StatementState.DONE,
        StatementState.CANNOT,
    },
    StatementState.IN_HAND: {StatementState.DONE, StatementState.CANNOT},
}
#: How long after it was closed somebody may still say that it was not sorted: then its name is cut off.
ANSWERABLE_FOR = timedelta(days=30)
LONGEST_NOTE = 500
#: Five working days to follow up what is not well, in working time of eight hours a day.
FOLLOW_UP_WITHIN = timedelta(hours=40)


class HearingError(Exception):
    """A step cannot be taken; the sentence says why, and `problem` is what the pages call it."""

    def __init__(self, sentence: str, problem: str) -> None:
        """Say why, and what the pages call it."""
        super().__init__(sentence)
        self.problem = problem


@dataclass(frozen=True)
class Step:
    """What a member of staff wants to say: the state, and their own words about it."""

    state: StatementState
    words: str = ""


def take(
    session: Session,
    library: Library,
    statement: Statement,
    member: Staff,
    step: Step,
    now: datetime,
) -> bool:
    """Bring a statement into a state and tell its author; return whether they are told.

    Raises HearingError when the step does not follow from where it stands.
    """
    words = step.words.strip()
    allowed = NEXT.get(StatementState(statement.state), set())
    if step.state not in allowed:
        message = f"{statement.reference} is {statement.state} already."
        raise HearingError(message, "moved_on")
    if step.state is StatementState.CANNOT and not words:
        raise HearingError("Say why it cannot be done: --why. They read it.", "no_why")
    if len(words) > LONGEST_NOTE:
        message = f"Keep it under {LONGEST_NOTE} characters: they read it on a phone."
        raise HearingError(message, "why_too_long")
    hearing_back.into_state(session, statement, step.state, now, by=member, note=words)
    _move(statement, member, step.state, now)
    return _tell(session, library, statement, member, Step(step.state, words), now)


def _move(statement: Statement, member: Staff, state: StatementState, now: datetime) -> None:
    """Set what follows from a state: who has it, when it was opened, whether it waits."""
    if statement.opened_at is None:
        statement.opened_at = now
    if statement.owner_id is None:
        statement.owner_id = member.id
    reading_was_all = state is StatementState.OPENED and not needs_follow_up(statement)
    if state in hearing_back.CLOSING or reading_was_all:
        statement.closed_at, statement.due_at = now, None
    else:
        statement.closed_at = None


def needs_follow_up(statement: Statement) -> bool:
    """Whether somebody must do more than read it: it is a problem, a complaint, or about staff.

    What the machine has not read yet counts as a problem.
    """
    bad = {"not_good", "awful"} & set(statement.feelings)
    return bool(
        bad
        or statement.complaint
        or statement.hidden_from_id
        or statement.scenario == "problem"
        or statement.tone in {None, "problem", "both"}
    )


def open_follow_up(session: Session, statement: Statement, rota: Rota, now: datetime) -> None:
    """Give what is not well an owner and a day by which it is followed up. The caller commits."""
    if statement.closed_at is not None or not needs_follow_up(statement):
        return
    if statement.owner_id is None:
        managers = [
            one
            for one in routing.at_work(session, statement.council)
            if one.role == "manager" and one.id != statement.hidden_from_id
        ]
        statement.owner_id = managers[0].id if managers else None
    due = rota.after(statement.sent_at or now, FOLLOW_UP_WITHIN)
    statement.due_at = min(due, statement.answer_by) if statement.answer_by else due


def who_says(library: Library, statement: Statement, member: Staff) -> str:
    """Return who did it, as the young person knows them."""
    if not sight.may_see_name(statement):
        return library.say("hearing.participation")
    return member.name


def _tell(
    session: Session,
    library: Library,
    statement: Statement,
    member: Staff,
    step: Step,
    now: datetime,
) -> bool:
    chat = statement.chat
    if chat is None or chat.stopped_at is not None or chat.unreachable_at is not None:
        return False
    said = library.say("hearing.said", words=step.words) if step.words else ""
    text = library.say(
        f"hearing.{step.state}",
        statement.council,
        who=who_says(library, statement, member),
        on=say_date(statement.sent_at or statement.touched_at),
        said=f"\n\n{said.strip()}" if said else "",
    )
    again = hearing_back.times_reopened(session, statement)
    return saying.say(
        session,
        chat,
        Saying(f"hearing.{step.state}", text, keys(library, statement)),
        lane=Lane.STAFF,
        once_key=f"st{statement.id}.{step.state}.{again}",
        now=now,
    )


def keys(library: Library, statement: Statement) -> tuple[tuple[Press, ...], ...]:
    """Return the buttons under a message: after the end they may say that it was not sorted."""
    more = Press(library.label("sorted_more"), f"sorted:{statement.reference}:more")
    if statement.state == StatementState.DONE:
        yes = Press(library.label("sorted_yes"), f"sorted:{statement.reference}:yes")
        no = Press(library.label("sorted_not_yet"), f"sorted:{statement.reference}:no")
        return ((yes, no), (more,))
    return ((more,),)


def can_say(statement: Statement, now: datetime) -> bool:
    """Whether its author may still say more about it, or that it was not sorted."""
    closed = statement.closed_at
    return statement.state in hearing_back.WITH_STAFF and (
        closed is None or now - closed < ANSWERABLE_FOR
    )


def set_sorted(
    session: Session, statement: Statement, rota: Rota, now: datetime, *, is_sorted: bool
) -> None:
    """Keep whether it was sorted; what was not is opened again, with an owner and a day."""
    statement.sorted = is_sorted
    if is_sorted or not can_say(statement, now):
        return
    hearing_back.into_state(session, statement, StatementState.IN_HAND, now)
    statement.closed_at = None
    statement.due_at = rota.after(now, FOLLOW_UP_WITHIN)
    _alert(session, statement, now)


def add_words(
    session: Session, statement: Statement, words: str, update_id: int | None, now: datetime
) -> None:
    """Add what they say later: it goes to whoever has the statement, and nobody else."""
    count = sum(1 for _ in hearing_back.words_of(session, statement))
    session.add(
        Answer(
            statement_id=statement.id,
            question=f"later_{count}_{update_id or 0}"[:40],
            kind="words",
            value={"words": words},
            consent=Consent.NO,
            update_id=update_id,
            given_at=now,
        )
    )
    statement.touched_at = now
    _alert(session, statement, now)


def _alert(session: Session, statement: Statement, now: datetime) -> None:
    session.add(
        Alert(
            statement_id=statement.id,
            staff_id=statement.owner_id,
            urgent=False,
            made_at=now,
            due_at=now,
        )
    )


def ask_about_hearing(session: Session, library: Library, chat: Chat, now: datetime) -> bool:
    """Ask once whether somebody wants to be told what changes; return whether they are asked now."""
    if hearing_back.wants_to_hear(session, chat.id) is not None:
        return False
    row = (
        Press(library.label("hear_yes"), "hear:yes"),
        Press(library.label("hear_no"), "hear:no"),
    )
    asked = Saying("hearing.ask", library.say("hearing.ask"), (row,))
    return saying.say(session, chat, asked, lane=Lane.STAFF, once_key=f"hear{chat.id}", now=now)
