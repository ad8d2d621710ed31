"""The queue of flags and the card of one: what was said, why it was flagged, what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from dashboard.guard import At, allow
from dashboard.pages.replying import preview_or_send
from dashboard.paging import number_given
from dashboard.visible import HIDDEN
from dashboard.words import words
from people import access, replying, routing, sight
from people.access import May
from people.hours import say_time
from people.records import age_on
from safeguarding import casework as work
from storage import casework
from storage.tables import Flag, Message, Staff

pages = Blueprint("flags", __name__)


@dataclass(frozen=True)
class Line:
    """One message on a card."""

    when: str
    who: str
    text: str
    flagged: bool
    arrived: str


def row(at: At, flag: Flag) -> dict[str, Any]:
    """Return a flag as a row: no word of what was said."""
    person = flag.chat.person
    left = flag.due_at - at.now
    return {
        "reference": flag.reference,
        "level": flag.level,
        "about": [words("categories", one) for one in flag.categories[:3]],
        "third_party": flag.third_party,
        "who": person.name if person else words("flags", "stranger"),
        "raised": say_time(flag.raised_at, at.now, at.parts.zone),
        "due": say_time(flag.due_at, at.now, at.parts.zone),
        "overdue": left.total_seconds() < 0 and flag.opened_at is None,
        "opened": flag.opened_at is not None,
        "owner": at.whose(flag.owner),
        "mine": flag.owner_id == at.member.id,
        "closing": flag.closing_id is not None,
        "snoozed": say_time(flag.snoozed_until, at.now, at.parts.zone)
        if flag.snoozed_until and flag.snoozed_until > at.now
        else "",
    }


@pages.get("/flags")
@allow(May.SEE_FLAGS)
def queue(at: At) -> str:
    """List the open flags: most urgent first, then by the time left."""
    visible = access.own_flags(at.member)
    after = number_given(request.args.get("after", ""))
    found = casework.open_flags(at.session, visible, at.now, most=casework.PAGE + 1, after=after)
    rows = [row(at, one) for one in found[: casework.PAGE]]
    later = [row(at, one) for one in casework.snoozed_flags(at.session, visible, at.now)]
    shown = render_template(
        "flags/queue.html",
        rows=rows,
        later=later,
        count=casework.count_open(at.session, visible),
        onward=found[casework.PAGE - 1].id if len(found) > casework.PAGE else None,
    )
    at.trace("saw_flags", str(at.member.id))
    return shown


@pages.get("/flags/<reference>")
@allow(May.SEE_FLAGS)
def card(at: At, reference: str) -> str:
    """Show one flag whole, and note who read it first."""
    flag = _flag(at, reference)
    if flag.closed_at is None:
        work.opened(flag, at.member, at.now)
    _trace_reading(at, flag)
    return _card(at, flag)


def _flag(at: At, reference: str) -> Flag:
    found = casework.flag(at.session, reference, access.own_flags(at.member))
    if found is None:
        abort(404)
    return found


def _trace_reading(at: At, flag: Flag) -> None:
    """Record the reading. Only an immediate card is shown although that failed (SEC-32)."""
    person_id = flag.chat.person_id
    try:
        with at.session.begin_nested():
            at.trace("read_flag", flag.reference, person_id=person_id)
    except SQLAlchemyError:
        if flag.level != "immediate":
            raise


def _card(at: At, flag: Flag, problem: str = "") -> str:
    flagged = casework.flagged_ids(at.session, flag)
    said = casework.around(
        at.session, flag, sight.visible(flag.chat, at.member, flagged, after=replying.QUIET_FOR)
    )
    last = casework.last_word(at.session, flag.chat_id)
    person = flag.chat.person
    return render_template(
        "flags/card.html",
        flag=row(at, flag),
        version=flag.version,
        last_seen=last.id if last else 0,
        lines=[_line(at, one, flagged) for one in said],
        why=_why(flag),
        facts=[words("facts", one["fact"]) for one in flag.why if "fact" in one],
        age=_age(person.born_on, at.now) if person else flag.chat.age,
        known=person is not None,
        unreachable=flag.chat.unreachable_at is not None,
        said_wrong=flag.said_wrong_at is not None,
        told=_told(at, flag),
        notes=[_note(at, one) for one in casework.notes(at.session, flag)],
        closing_by_me=flag.closing_id == at.member.id,
        closing_by=_name(at, flag.closing_id),
        outcome=words("outcomes", flag.outcome) if flag.outcome else "",
        done=flag.done or "",
        closed=say_time(flag.closed_at, at.now, at.parts.zone) if flag.closed_at else "",
        colleagues=_colleagues(at, flag),
        outcomes=list(work.Outcome),
        verdicts=list(work.Verdict),
        problem=problem,
    )


def _line(at: At, one: Message, flagged: set[int]) -> Line:
    arrived = _arrived(at, one) if one.direction == "out" else ""
    who = {"in": "them", "out": "staff" if one.kind == "staff" else "kith"}[one.direction]
    text = (one.text or words("flags", "not_text")).translate(HIDDEN)
    return Line(say_time(one.at, at.now, at.parts.zone), who, text, one.id in flagged, arrived)


def _arrived(at: At, one: Message) -> str:
    """Return what is known of whether a reply reached Telegram: never that it was read."""
    sends = casework.sends_for(at.session, [one])
    states = {
        send.state for send in sends if send.reply_id and send.reply_id in (one.reply_ids or "")
    }
    if not states:
        return ""
    if states == {"sent"}:
        return words("flags", "arrived")
    return words("flags", "failed" if "failed" in states else "on_its_way")


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


def _colleagues(at: At, flag: Flag) -> list[Staff]:
    caseworkers = [
        one
        for one in routing.at_work(at.session, at.member.council)
        if access.allows(one, May.WORK_ON_FLAGS) and one.id != flag.hidden_from_id
    ]
    return [one for one in caseworkers if one.id != flag.owner_id]


# --- Changes ---------------------------------------------------------------------------------


def _change(at: At, reference: str, action: str, do: Callable[[Flag, int], Any]) -> Any:
    """Do something to a flag, and show the card again; what may not be done is said on it."""
    flag = _flag(at, reference)
    try:
        with at.session.begin_nested():
            do(flag, int(request.form.get("version", "0") or 0))
    except work.CaseworkError as error:
        at.session.refresh(flag)
        return _card(at, flag, problem=str(error)), 409
    at.trace(action, flag.reference, person_id=flag.chat.person_id)
    if flag.closed_at is not None:
        return redirect(url_for("flags.queue"), code=303)
    return redirect(url_for("flags.card", reference=flag.reference), code=303)


@pages.post("/flags/<reference>/take")
@allow(May.WORK_ON_FLAGS)
def take(at: At, reference: str) -> Any:
    """Make the reader the owner."""
    return _change(
        at, reference, "took_flag", lambda flag, version: work.take(flag, at.member, version)
    )


@pages.post("/flags/<reference>/hand-over")
@allow(May.WORK_ON_FLAGS)
def hand_over(at: At, reference: str) -> Any:
    """Give a flag to a colleague."""
    flag = _flag(at, reference)
    to = next((one for one in _colleagues(at, flag) if str(one.id) == request.form.get("to")), None)
    if to is None:
        return _card(at, flag, problem="no_colleague"), 409
    return _change(
        at, reference, "handed_flag_over", lambda one, version: work.hand_over(one, to, version)
    )


@pages.post("/flags/<reference>/note")
@allow(May.WORK_ON_FLAGS)
def note(at: At, reference: str) -> Any:
    """Write something down for colleagues."""
    return _change(
        at,
        reference,
        "wrote_note",
        lambda flag, _: work.write_down(
            at.session, flag, at.member, request.form.get("words", ""), at.now
        ),
    )


@pages.post("/flags/<reference>/snooze")
@allow(May.WORK_ON_FLAGS)
def snooze(at: At, reference: str) -> Any:
    """Put a flag off for a while, with a reason."""
    hours = request.form.get("hours", "0")
    return _change(
        at,
        reference,
        "put_flag_off",
        lambda flag, version: work.put_off(
            at.session,
            flag,
            at.member,
            hours=int(hours) if hours.isdecimal() else 0,
            why=request.form.get("why", ""),
            version=version,
            now=at.now,
        ),
    )


@pages.post("/flags/<reference>/close")
@allow(May.WORK_ON_FLAGS)
def close(at: At, reference: str) -> Any:
    """Close a flag with an outcome, or ask a second person to."""
    return _change(
        at,
        reference,
        "closed_flag",
        lambda flag, version: work.close(
            at.session,
            flag,
            at.member,
            outcome=request.form.get("outcome", ""),
            done=request.form.get("done", ""),
            verdict=request.form.get("verdict", ""),
            version=version,
            last_seen=_last_seen(),
            now=at.now,
        ),
    )


@pages.post("/flags/<reference>/agree")
@allow(May.WORK_ON_FLAGS)
def agree(at: At, reference: str) -> Any:
    """Agree, as the second person, that an immediate flag may be closed; or say that it goes on."""
    if request.form.get("agree") != "yes":
        return _change(at, reference, "kept_flag_open", work.reopen_closing)
    return _change(
        at,
        reference,
        "agreed_to_close",
        lambda flag, version: work.agree_to_close(
            at.session, flag, at.member, version=version, last_seen=_last_seen(), now=at.now
        ),
    )


def _last_seen() -> int:
    given = request.form.get("last_seen", "0")
    return int(given) if given.isdecimal() else 0


@pages.route("/flags/<reference>/reply", methods=["POST"])
@allow(May.REPLY)
def reply(at: At, reference: str) -> Any:
    """Preview a reply to the young person, then send it as a named person."""
    flag = _flag(at, reference)
    return _reply(at, flag)


def _reply(at: At, flag: Flag) -> Any:
    return preview_or_send(
        at,
        flag.chat,
        back=url_for("flags.card", reference=flag.reference),
        about=flag.reference,
        action=url_for("flags.reply", reference=flag.reference),
    )
