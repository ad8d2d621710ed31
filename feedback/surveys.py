"""Sending a scenario to a group: by council, by age, or to who had a review. Each who gets none has a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from feedback import pushing
from people.hours import LONDON
from people.records import age_on
from storage import actions
from storage.tables import Chat, Person, Push, Staff, Survey
from storage.tables.hearing_back import PushState
from storage.tables.people import Role

SENDERS = frozenset({Role.PARTICIPATION, Role.MANAGER})


class SurveyError(Exception):
    """A survey cannot be sent as asked; the sentence says why."""


@dataclass(frozen=True)
class Group:
    """Who a survey is for."""

    council: str
    youngest: int | None = None
    oldest: int | None = None
    had_review_since: date | None = None

    def holds(self, person: Person, today: date) -> bool:
        """Whether somebody is in the group."""
        age = age_on(date.fromisoformat(person.born_on), today)
        return (
            (self.youngest is None or age >= self.youngest)
            and (self.oldest is None or age <= self.oldest)
            and actions.reviewed_since(person, self.had_review_since)
        )


def ages(text: str | None) -> tuple[int | None, int | None]:
    """Return the youngest and oldest of `18-20`, or of a single age. Raises SurveyError."""
    if not text:
        return None, None
    low, _, high = text.replace("–", "-").partition("-")
    if not low.isdigit() or (high and not high.isdigit()):
        raise SurveyError("Write ages as 18-20, or as one age.")
    return int(low), int(high or low)


def send(
    session: Session,
    member: Staff,
    scenario: str,
    intervals: dict[str, timedelta],
    group: Group,
    now: datetime,
    zone: ZoneInfo = LONDON,
) -> tuple[Survey, list[Push]]:
    """Write down who is sent a survey and who is not and why. It leaves by day. The caller commits.

    Raises SurveyError for a scenario that is no survey, or staff who may not send one.
    """
    if scenario not in intervals:
        message = f"{scenario} is not a survey. There are: {', '.join(sorted(intervals))}."
        raise SurveyError(message)
    if member.role not in SENDERS or member.council != group.council:
        raise SurveyError("Only the participation team and managers of that council may do that.")
    survey = Survey(
        scenario=scenario,
        council=group.council,
        youngest=group.youngest,
        oldest=group.oldest,
        had_review_since=group.had_review_since,
        sent_by_id=member.id,
        made_at=now,
    )
    session.add(survey)
    session.flush()
    since, due_at = now - intervals[scenario], pushing.by_day(now, zone)
    pushes = [
        _push(session, survey, person, chat, since, now, due_at)
        for person, chat in actions.people_in(session, group.council)
        if group.holds(person, now.date())
    ]
    session.add_all(pushes)
    session.flush()
    return survey, pushes


def _push(
    session: Session,
    survey: Survey,
    person: Person,
    chat: Chat | None,
    since: datetime,
    now: datetime,
    due_at: datetime,
) -> Push:
    reason = pushing.why_not(session, chat, now)
    if reason is None and chat and actions.asked_since(session, chat, survey.scenario, since):
        reason = "asked_lately"
    return Push(
        survey_id=survey.id,
        chat_id=chat.id if chat else None,
        person_id=person.id,
        state=PushState.NOT_SENT if reason else PushState.WAITING,
        reason=reason,
        made_at=now,
        due_at=due_at,
        settled_at=now if reason else None,
    )
