"""What staff do with a flag: take it, hand it over, escalate, note, put off, answer, close."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for

from dashboard.guard import At, allow
from dashboard.pages.flag_card import colleagues, show
from dashboard.pages.flags import found, pages
from dashboard.pages.replying import preview_or_send
from people.access import May
from safeguarding import casework as work
from safeguarding import marking
from storage.tables import Flag

#: The routes of the queue and the card are made when their modules are imported: all of them, here.
__all__ = ["pages"]


def _change(at: At, reference: str, action: str, do: Callable[[Flag, int], Any]) -> Any:
    """Do something to a flag, and show the card again; what may not be done is said on it."""
    flag = found(at, reference)
    try:
        with at.session.begin_nested():
            do(flag, int(request.form.get("version", "0") or 0))
    except work.CaseworkError as error:
        at.session.refresh(flag)
        return show(at, flag, problem=str(error)), 409
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
    flag = found(at, reference)
    to = next((one for one in colleagues(at, flag) if str(one.id) == request.form.get("to")), None)
    if to is None:
        return show(at, flag, problem="no_colleague"), 409
    return _change(
        at,
        reference,
        "handed_flag_over",
        lambda one, version: work.hand_over(at.session, one, to, version, at.now),
    )


@pages.post("/flags/<reference>/escalate")
@allow(May.WORK_ON_FLAGS)
def escalate(at: At, reference: str) -> Any:
    """Ask managers for help with a flag, at its level or a more urgent one."""
    return _change(
        at,
        reference,
        "escalated_flag",
        lambda flag, version: work.escalate(
            at.session,
            flag,
            at.member,
            level=request.form.get("level", ""),
            why=request.form.get("why_escalate", ""),
            rota=at.parts.rota(at.member.council),
            version=version,
            now=at.now,
        ),
    )


@pages.post("/flags/<reference>/safely")
@allow(May.WORK_ON_FLAGS)
def safely(at: At, reference: str) -> Any:
    """Note how this young person can be reached without putting them at risk."""
    return _change(
        at,
        reference,
        "noted_safely",
        lambda flag, version: work.note_safely(flag, request.form.get("safely", ""), version),
    )


@pages.post("/flags/<reference>/release")
@allow(May.REPLY)
def release(at: At, reference: str) -> Any:
    """Let Kith talk with them again before its quiet time is over."""
    flag = found(at, reference)
    flag.chat.held_until = None
    at.trace("released_chat", flag.reference, person_id=flag.chat.person_id)
    return redirect(url_for("flags.card", reference=flag.reference), code=303)


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
            right_level=request.form.get("right_level", ""),
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
    flag = found(at, reference)
    return _reply(at, flag)


def _reply(at: At, flag: Flag) -> Any:
    return preview_or_send(
        at,
        flag.chat,
        back=url_for("flags.card", reference=flag.reference),
        about=flag.reference,
        action=url_for("flags.reply", reference=flag.reference),
    )


@pages.post("/flags/<reference>/second-look")
@allow(May.LOOK_AGAIN)
def look_again(at: At, reference: str) -> Any:
    """Say, as a second person, whether what was made of a closed flag is right."""
    flag = found(at, reference)
    try:
        marking.look_again(
            at.session, flag, at.member, agrees=request.form.get("agrees") == "yes", now=at.now
        )
    except marking.MarkingError as error:
        return show(at, flag, problem=str(error)), 409
    at.trace("looked_again", flag.reference, person_id=flag.chat.person_id)
    return redirect(url_for("second_look.waiting"), code=303)
