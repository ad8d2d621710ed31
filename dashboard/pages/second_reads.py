"""Second reading: conversations drawn at random, whether something was missed, and how much may be."""

from math import ceil, floor
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from dashboard.days import say_day
from dashboard.guard import At, allow
from dashboard.visible import HIDDEN
from dashboard.words import words
from people import replying, sight
from people.access import May
from people.hours import say_time
from safeguarding import second_reading
from safeguarding.estimate import Estimate
from safeguarding.levels import Category, Level
from safeguarding.second_reading import SecondReadError
from storage import second_reads
from storage.tables import Message, SecondRead

pages = Blueprint("second_reads", __name__)
#: What a computer adds to a number by itself.
ROUNDING = 6
LEVELS = (Level.IMMEDIATE, Level.SAME_DAY, Level.CONCERN)


@pages.get("/second-reads")
@allow(May.READ_AGAIN)
def listed(at: At) -> str:
    """List what waits to be read, without whose it is, and say how much may be missed."""
    found = second_reads.waiting(at.session, at.member.council, str(at.parts.zone))
    at.trace("saw_second_reads", str(at.member.id))
    return render_template(
        "second_reads/listed.html",
        rows=[{"reference": one.reference, "day": say_day(one.day)} for one in found],
        estimate=_estimate(second_reading.how_much(at.session, at.member.council, at.now)),
    )


def _estimate(found: Estimate) -> str:
    """Return in words how many were read and missed, and between which shares the truth lies."""
    said = words("second_reads", "estimate" if found.read else "nothing_read")
    values = {
        "read": found.read,
        "missed": found.missed,
        # Outwards, so that the interval said is never narrower than the one found.
        "low": floor(round(found.low * 1000, ROUNDING)),
        "high": ceil(round(found.high * 1000, ROUNDING)),
    }
    for name, value in values.items():
        said = said.replace(f"{{{name}}}", f"{value:,}")
    return said


@pages.get("/second-reads/<reference>")
@allow(May.READ_AGAIN)
def one(at: At, reference: str) -> str:
    """Show what was said that day. That it was read shows in the audit, and to whoever wrote it."""
    return _page(at, _found(at, reference))


def _found(at: At, reference: str) -> SecondRead:
    found = second_reads.one(at.session, reference, at.member.council)
    if found is None:
        abort(404)
    return found


def _said(at: At, read: SecondRead) -> list[Message]:
    """Return what the reader may see of it: nothing that is about them, or told to somebody else."""
    may = sight.visible(read.chat, at.member, (), after=replying.QUIET_FOR)
    return list(second_reads.said(at.session, read, str(at.parts.zone), may))


def _page(at: At, read: SecondRead, problem: str = "") -> str:
    at.trace("second_read", read.reference, person_id=read.chat.person_id)
    lines = [_line(at, each) for each in _said(at, read)]
    return render_template(
        "second_reads/one.html",
        reference=read.reference,
        day=say_day(read.day),
        lines=lines,
        theirs=[each for each in lines if each["who"] == "them"],
        done=words("findings", read.finding) if read.finding else "",
        levels=LEVELS,
        categories=list(Category),
        problem=problem,
        given=request.form,
    )


def _line(at: At, said: Message) -> dict[str, Any]:
    text = (said.text or words("flags", "not_text")).translate(HIDDEN)
    who = "them" if said.direction == "in" else "staff" if said.kind == "staff" else "kith"
    return {
        "id": said.id,
        "when": say_time(said.at, at.now, at.parts.zone),
        "who": who,
        "text": text,
    }


@pages.post("/second-reads/<reference>")
@allow(May.READ_AGAIN)
def judge(at: At, reference: str) -> Any:
    """Keep what the reader found; what was missed becomes a flag."""
    read = _found(at, reference)
    try:
        _judge(at, read)
    except SecondReadError as error:
        return _page(at, read, str(error)), 409
    at.trace("judged_second_read", read.reference, person_id=read.chat.person_id)
    return redirect(url_for("second_reads.listed"), code=303)


def _judge(at: At, read: SecondRead) -> None:
    match request.form.get("finding"):
        case "nothing":
            second_reading.nothing_missed(read, at.member, at.now)
        case "missed":
            wanted = request.form.get("message", "")
            second_reading.missed(
                at.session,
                read,
                at.member,
                next((one for one in _said(at, read) if str(one.id) == wanted), None),
                level=request.form.get("level", ""),
                category=request.form.get("category", ""),
                rota=at.parts.rota(at.member.council),
                now=at.now,
            )
        case _:
            raise SecondReadError("no_finding")
