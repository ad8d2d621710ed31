"""The card of one flag: what was said, why it was flagged, what was done, and what may be done now."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from flask import render_template
from sqlalchemy.exc import SQLAlchemyError

from dashboard.guard import At, allow
from dashboard.pages import second_look, statements
from dashboard.pages.flags import found, pages, row
from dashboard.pages.replying import ready_made
from dashboard.visible import HIDDEN
from dashboard.words import words
from people import access, replying, routing, sight
from people.access import May
from people.hours import say_time
from people.records import age_on
from safeguarding import casework as work
from safeguarding.levels import Level
from safeguarding.marking import Verdict
from storage import casework, hearing_back, marks
from storage.tables import Flag, Message, Send, Staff

logger = structlog.get_logger()
#: What a flag may be escalated to, as far as it is not that urgent already.
LEVELS = ("concern", "same_day", "immediate")


@dataclass(frozen=True)
class Line:
    """One message on a card."""

    when: str
    who: str
    text: str
    flagged: bool
    arrived: str


@pages.get("/flags/<reference>")
@allow(May.SEE_FLAGS)
def card(at: At, reference: str) -> str:
    """Show one flag whole, and note who read it first."""
    flag = found(at, reference)
    if flag.closed_at is None:
        work.opened(flag, at.member, at.now)
    _trace_reading(at, flag)
    return show(at, flag)


def _trace_reading(at: At, flag: Flag) -> None:
    """Record the reading. Only an immediate card is shown although that failed (SEC-32).

    That it failed is logged, and the trace is kept apart until the audit can take it.
    """
    person_id = flag.chat.person_id
    try:
        with at.session.begin_nested():
            at.trace("read_flag", flag.reference, person_id=person_id)
    except SQLAlchemyError as error:
        if flag.level != "immediate":
            raise
        logger.error(  # noqa: TRY400 (a traceback may hold what people wrote)
            "audit not written",
            about=flag.reference,
            staff_id=str(at.member.id),
            failure=type(error).__name__,
        )
        with suppress(SQLAlchemyError), at.session.begin_nested():
            at.trace_later("read_flag", flag.reference, person_id=person_id)


def show(at: At, flag: Flag, problem: str = "") -> str:
    flagged = casework.flagged_ids(at.session, flag)
    said = casework.around(
        at.session, flag, sight.visible(flag.chat, at.member, flagged, after=replying.QUIET_FOR)
    )
    wrote = _wrote(at, flag, flagged)
    sends = casework.sends_for(at.session, said)
    last = casework.last_word(at.session, flag.chat_id)
    person = flag.chat.person
    return render_template(
        "flags/card.html",
        flag=row(at, flag),
        version=flag.version,
        last_seen=last.id if last else 0,
        lines=[_line(at, one, flagged, sends) for one in said if one.kind != "staff"],
        why=_why(flag),
        facts=[words("facts", one["fact"]) for one in flag.why if "fact" in one],
        age=_age(person.born_on, at.now) if person else flag.chat.age,
        known=person is not None,
        said_wrong=flag.said_wrong_at is not None,
        told=_told(at, flag),
        reachable=_reach(at, flag),
        wrote=wrote,
        lost=any(one["lost"] for one in wrote[-1:]),
        statements=_statements(at, flag),
        levels=[one for one in LEVELS if Level(one).at_least(Level(flag.level))],
        ready=ready_made(at.parts.library),
        about_whom=_name(at, flag.hidden_from_id),
        mark=_mark(at, flag),
        other_levels=[one for one in LEVELS if one != flag.level],
        notes=[_note(at, one) for one in casework.notes(at.session, flag)],
        closing_by_me=flag.closing_id == at.member.id,
        closing_by=_name(at, flag.closing_id),
        outcome=words("outcomes", flag.outcome) if flag.outcome else "",
        done=flag.done or "",
        closed=say_time(flag.closed_at, at.now, at.parts.zone) if flag.closed_at else "",
        colleagues=colleagues(at, flag),
        outcomes=list(work.Outcome),
        verdicts=list(Verdict),
        problem=problem,
    )


def _line(at: At, one: Message, flagged: set[int], sends: list[Send]) -> Line:
    arrived = _arrived(one, sends) if one.direction == "out" else ""
    who = {"in": "them", "out": "kith"}[one.direction]
    text = (one.text or words("flags", "not_text")).translate(HIDDEN)
    return Line(say_time(one.at, at.now, at.parts.zone), who, text, one.id in flagged, arrived)


def _arrived(one: Message, sends: list[Send]) -> str:
    """Return what is known of whether a reply reached Telegram: never that it was read."""
    states = {
        send.state
        for send in sends
        if send.update_id == one.update_id
        and send.reply_id
        and send.reply_id in (one.reply_ids or "")
    }
    if not states:
        return ""
    if states == {"sent"}:
        return words("flags", "arrived")
    return words("flags", "failed" if states & set(casework.LOST) else "on_its_way")


def _wrote(at: At, flag: Flag, flagged: set[int]) -> list[dict[str, Any]]:
    """Return what staff wrote to them since the flag was raised, and whether it reached Telegram."""
    may = sight.visible(flag.chat, at.member, flagged, after=replying.QUIET_FOR)
    return [
        {
            "when": say_time(said.at, at.now, at.parts.zone),
            "text": (said.text or "").translate(HIDDEN),
            "state": words("sends", send.state if send else "unknown"),
            "lost": send is not None and send.state in casework.LOST,
        }
        for said, send in casework.staff_wrote(at.session, flag.chat_id, flag.raised_at, may)
    ]


def _reach(at: At, flag: Flag) -> dict[str, Any]:
    """Return how they can be reached: safely, at all, and whether Kith keeps quiet for a colleague."""
    chat = flag.chat
    held = chat.held_by is not None and chat.held_until is not None and chat.held_until > at.now
    return {
        "safely": ((chat.person.contact_safely if chat.person else None) or "").translate(HIDDEN),
        "unreachable": chat.unreachable_at is not None,
        "held_by": chat.held_by.name if held and chat.held_by else "",
        "held_until": say_time(chat.held_until, at.now, at.parts.zone)
        if held and chat.held_until
        else "",
    }


def _mark(at: At, flag: Flag) -> dict[str, Any]:
    """Return what was made of a closed flag, and whether the reader is asked for the second look."""
    found = marks.of(at.session, flag)
    if found is None or flag.closed_at is None:
        return {}
    return {
        **second_look.said(found),
        "by": found.by.name,
        "agreed": found.agreed,
        "asked": found.agreed is None
        and found.by_id != at.member.id
        and access.allows(at.member, May.LOOK_AGAIN),
    }


def _statements(at: At, flag: Flag) -> list[dict[str, Any]]:
    """Return their open statements that the reader may read."""
    person = flag.chat.person
    if person is None:
        return []
    visible = access.own_statements_of(person, at.member)
    return [statements.row(at, one) for one in hearing_back.open_ones(at.session, visible)]


def _why(flag: Flag) -> list[str]:
    """Return in plain words what raised a flag: which rule or layer, and the words that matched."""
    lines = []
    for one in flag.why:
        if "matched" in one:
            lines.append(
                words("flags", "matched").replace("{words}", one["matched"].translate(HIDDEN))
            )
        elif "demoted_by" in one:
            lines.append(words("flags", "softened").replace("{rule}", one["demoted_by"]))
        elif "rule" in one:
            layer = words("layers", one["layer"])
            lines.append(f"{layer}: {words('categories', one['category'])} ({one['rule']})")
    return list(dict.fromkeys(lines))


def _age(born_on: str, now: datetime) -> int:
    return age_on(date.fromisoformat(born_on), now.date())


def _told(at: At, flag: Flag) -> list[dict[str, str]]:
    return [
        {
            "who": _name(at, one.staff_id) or words("flags", "duty"),
            "when": say_time(one.accepted_at, at.now, at.parts.zone)
            if one.accepted_at
            else words("flags", "not_accepted"),
        }
        for one in casework.alerts(at.session, flag)
    ]


def _note(at: At, one: Any) -> dict[str, str]:
    return {
        "who": _name(at, one.staff_id),
        "when": say_time(one.at, at.now, at.parts.zone),
        "words": one.words.translate(HIDDEN),
    }


def _name(at: At, staff_id: Any) -> str:
    member = at.session.get(Staff, staff_id) if staff_id else None
    return member.name if member else ""


def colleagues(at: At, flag: Flag) -> list[Staff]:
    caseworkers = [
        one
        for one in routing.at_work(at.session, at.member.council)
        if access.allows(one, May.WORK_ON_FLAGS) and one.id != flag.hidden_from_id
    ]
    return [one for one in caseworkers if one.id != flag.owner_id]
