"""Writing to a young person: first shown as they will read it, then sent by a second click."""

from typing import Any

from flask import redirect, render_template, request

from content.library import Library
from dashboard.guard import At
from dashboard.words import words
from people import replying
from storage.tables import Chat, Request

#: The replies that staff may start from have ids that begin like this.
READY = "ready."


def ready_made(library: Library) -> list[tuple[str, str]]:
    """Return the replies that staff may start from, by id."""
    return [(one, text.strip()) for one, text in library.replies.items() if one.startswith(READY)]


def _written(library: Library) -> str:
    """Return what the form holds: a ready-made reply, if one was chosen, and then their own words."""
    own = request.form.get("text", "").replace("\r\n", "\n")
    chosen = dict(ready_made(library)).get(request.form.get("ready", ""), "")
    return "\n\n".join(part for part in (chosen, own) if part.strip()) if chosen else own


def preview_or_send(
    at: At, chat: Chat, *, back: str, about: str, action: str, answers: Request | None = None
) -> Any:
    """Show what would be sent, or send it when that was seen and wanted."""
    text = _written(at.parts.library)
    problem, shown = "", ""
    try:
        shown = replying.wording(at.parts.library, at.member, text)
    except replying.ReplyError as error:
        problem = str(error)
    if request.form.get("send") == "yes" and not problem:
        replying.send(
            at.session, at.parts.library, chat, at.member, text, request=answers, now=at.now
        )
        at.trace("replied", about, person_id=chat.person_id)
        return redirect(back, code=303)
    page = render_template(
        "reply.html",
        shown=shown,
        text=text,
        problem=words("problems", problem) if problem else "",
        back=back,
        action=action,
        safely=(chat.person.contact_safely if chat.person else None) or "",
        unreachable=chat.unreachable_at is not None,
        stopped=chat.stopped_at is not None,
        held_by=chat.held_by.name
        if chat.held_by and chat.held_until and chat.held_until > at.now
        else "",
        name=chat.person.name if chat.person else words("flags", "stranger"),
    )
    return page, (422 if problem and request.form.get("send") else 200)
