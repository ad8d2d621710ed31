"""Hearing from somebody: it moves their clock, ends a silence, and may answer what we asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkins import ladder, planning, plans, sending
from checkins.sending import Clock
from content.library import Library
from storage import contacts, counted, due
from storage import plans as stored
from storage.tables import CheckInAnswer, Due, Person
from storage.tables.keeping_in_touch import DueKind

#: Words this long after a face that nobody asked for still belong to it.
SAME_TALK = timedelta(hours=2)


@dataclass(frozen=True)
class Answer:
    """What somebody answered: a face, words, something they tapped, or "not now"."""

    question: str
    due_id: int = 0
    feeling: int | None = None
    words: str = ""
    category_of: str = ""
    category: str = ""
    not_now: bool = False


def heard(
    session: Session, person: Person, library: Library, zone: ZoneInfo, now: datetime
) -> None:
    """Note that somebody wrote or tapped, whatever it was. The caller holds the lane and commits.

    The ledger gets the day and nothing else: what is asked about the local offer stays private.
    """
    plan = planning.ensure(session, person, library, zone, now)
    contacts.heard(session, person.id, plans.local_day(now, zone), now)
    contacts.close_tasks_of_silence(session, person.id, now)
    due.note_heard(session, person.id, now)
    if plan.asking_stopped_at is not None:
        plan.asking_stopped_at = None
        planning.plan_for(session, plan, library, zone, now)


def answered(session: Session, clock: Clock, person: Person, answer: Answer, now: datetime) -> None:
    """Keep an answer to a check-in. The caller has noted that we heard from them, and commits."""
    asked = _asked(session, person, answer.due_id)
    if asked is not None:
        asked.answered_at, asked.answer = now, _how(answer, asked.answer)
    if answer.not_now:
        return
    _keep(session, clock.library, person, answer, asked, now)
    if answer.feeling is not None:
        _tell_if_low(session, clock, person, now)
    if asked is not None and asked.answer == "one_word":
        _tell_if_one_word(session, clock, person, now)


def _asked(session: Session, person: Person, due_id: int) -> Due | None:
    """Return the row that asked, when it is theirs: a nudge answers for its check-in."""
    row = session.get(Due, due_id) if due_id else None
    return row if row is not None and row.person_id == person.id else None


def _how(answer: Answer, before: str | None) -> str:
    if answer.not_now:
        return "not_now"
    if before == "answered":
        return before
    # A face that was tapped is an answer; one that is read from a single word is one word.
    one_word = len(answer.words.split()) == 1 and not answer.category
    return "one_word" if one_word else "answered"


def _keep(
    session: Session,
    library: Library,
    person: Person,
    answer: Answer,
    asked: Due | None,
    now: datetime,
) -> None:
    """Keep what was said; words after a face belong to the same answer."""
    question = library.keeping.questions.get(answer.question)
    row = _open_answer(session, person, answer, asked, now)
    if row is None:
        row = CheckInAnswer(
            person_id=person.id,
            due_id=asked.id if asked else None,
            question=answer.question,
            question_version=question.version if question else 0,
            at=now,
        )
        session.add(row)
    row.feeling = answer.feeling if answer.feeling is not None else row.feeling
    if answer.words:
        _add_words(session, row, answer.words, now)
    if answer.category:
        row.category_of, row.category = answer.category_of, answer.category
    session.flush()


def _add_words(session: Session, row: CheckInAnswer, words: str, now: datetime) -> None:
    """Add words; whoever let us count what stood there was not asked about these."""
    row.words = "\n".join(one for one in (row.words, words) if one)
    row.words_at = now
    session.flush()
    counted.leave_out(session, [row.id])


def _open_answer(
    session: Session, person: Person, answer: Answer, asked: Due | None, now: datetime
) -> CheckInAnswer | None:
    if answer.feeling is not None and asked is None:
        return None
    due_id = asked.id if asked else None
    return session.scalar(
        select(CheckInAnswer)
        .where(
            CheckInAnswer.person_id == person.id,
            CheckInAnswer.question == answer.question,
            CheckInAnswer.due_id == due_id
            if due_id is not None
            else CheckInAnswer.due_id.is_(None) & (CheckInAnswer.at > now - SAME_TALK),
        )
        .order_by(CheckInAnswer.id.desc())
        .limit(1)
    )


def _tell_if_low(session: Session, clock: Clock, person: Person, now: datetime) -> None:
    """Let the adviser know early, without a word of what was said."""
    if ladder.feels_low(stored.feelings(session, person.id)):
        what = [{"at": now.isoformat(), "what": DueKind.CHECK_IN, "came": "low"}]
        sending.tell_adviser(session, clock, person, "low", what, now)


def _tell_if_one_word(session: Session, clock: Clock, person: Person, now: datetime) -> None:
    rules = clock.library.keeping.silence
    session.flush()
    if ladder.only_one_word(due.answers(session, person.id, rules.one_word_in_a_row), rules):
        what = [{"at": now.isoformat(), "what": DueKind.CHECK_IN, "came": "one_word"}]
        sending.tell_adviser(session, clock, person, "one_word", what, now)
