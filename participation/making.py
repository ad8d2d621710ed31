"""Makes a report and writes it down: who had it made, and what left. The caller commits before it leaves."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content.participation import load_report_words
from content.themes import load_themes
from participation.periods import Period, moments
from participation.releasing import release
from participation.report import Done, report_of
from participation.writing import FORMATS
from storage import actions, audit
from storage.tables import Action, Staff
from storage.tables.people import Role

#: Who may take figures out of Kith.
MAY_EXPORT = frozenset({Role.PARTICIPATION, Role.MANAGER})


class ExportError(Exception):
    """A report cannot be made as asked; the sentence says why."""


@dataclass(frozen=True)
class Made:
    """One file that may leave: its bytes, their SHA-256, and the release it shows."""

    reference: str
    body: bytes
    digest: str
    period: Period


def make(
    session: Session,
    council: tuple[str, str],
    period: Period,
    kind: str,
    *,
    by: Staff | None,
    zone: ZoneInfo,
    now: datetime,
    request_id: str,
) -> Made:
    """Return the report of a council (id and name) as a file, with a trace of it. Raises ExportError."""
    if kind not in FORMATS:
        message = f"The format must be one of {', '.join(FORMATS)}."
        raise ExportError(message)
    if by is not None and (by.role not in MAY_EXPORT or by.council != council[0]):
        message = "Only the participation team and managers of a council may take its figures out."
        raise ExportError(message)
    released = release(session, council[0], period, zone, now, by)
    maker = f"{by.name}, {by.role}" if by is not None else "whoever runs Kith"
    done = list(_actions(session, council[0], period, zone))
    report = report_of(released, council[1], done, maker, zone)
    body = FORMATS[kind](report)
    digest = hashlib.sha256(body).hexdigest()
    audit.record(
        session,
        staff_id=by.id if by else None,
        action="export_themes",
        about=f"{released.reference} {kind} {digest[:16]}",
        now=now,
        request_id=request_id,
    )
    return Made(released.reference, body, digest, period)


def _actions(session: Session, council: str, period: Period, zone: ZoneInfo) -> Iterator[Done]:
    """Yield what was published by the end of the period and not finished before it began."""
    begin, end = moments(period.first, zone)[0], moments(period.last, zone)[1]
    for one in actions.listed(session, council):
        if one.published_at is None or one.published_at >= end:
            continue
        if one.done_on is None or one.done_on >= begin.date() or one.published_at >= begin:
            yield _done(one, zone)


def _done(action: Action, zone: ZoneInfo) -> Done:
    words = load_report_words()
    return Done(
        reference=action.reference,
        minute=action.minute or "",
        subject=load_themes()[action.theme].title,
        officer=action.owner.name,
        action=action.title,
        did=action.did or "",
        updated_on=_day(action.changed_at, zone),
        status=str(words.raw["actions"]["status"][action.status]),
    )


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
