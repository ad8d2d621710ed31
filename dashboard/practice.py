"""The practice page: the same conversation as on Telegram; nothing is sent and nothing is stored."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from content.library import Library

COOKIE = "practice"
MOST_ROOMS = 200
LONGEST = 4096
AGES = (16, 17, 18, 19, 20, 21, 22, 23, 24, 25)


@dataclass(frozen=True)
class PracticeKey:
    """A button on the page: its words, its number among the live ones, or a link."""

    label: str
    number: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Bubble:
    """One message on the page."""

    text: str
    mine: bool = False
    danger: bool = False
    rows: tuple[tuple[PracticeKey, ...], ...] = ()


#: Takes a state (None at first), words, and a button's number, and returns the next state and replies.
Talk = Callable[[Any, str, int | None], tuple[Any, list[Bubble]]]


@dataclass
class Room:
    """One browser's conversation, in memory only."""

    state: Any = None
    bubbles: list[Bubble] = field(default_factory=list)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    lock: threading.Lock = field(default_factory=threading.Lock)


class Rooms:
    """The conversations of this process; the oldest make room for new ones."""

    def __init__(self) -> None:
        """Start empty."""
        self._rooms: OrderedDict[str, Room] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, key: str) -> Room:
        """Return the room of a browser, made when it is new."""
        with self._lock:
            room = self._rooms.setdefault(key, Room())
            self._rooms.move_to_end(key)
            while len(self._rooms) > MOST_ROOMS:
                self._rooms.popitem(last=False)
            return room

    def leave(self, key: str) -> None:
        """Forget a conversation."""
        with self._lock:
            self._rooms.pop(key, None)


def practice_pages(talk: Talk, library: Library) -> Blueprint:
    """Return the practice page and what its form does."""
    pages = Blueprint("practice", __name__)
    rooms = Rooms()

    @pages.get("/practice")
    def page() -> Response:
        """Show the conversation."""
        key = request.cookies.get(COOKIE) or secrets.token_urlsafe(16)
        room = rooms.enter(key)
        if not room.bubbles:
            room.state, said = talk(None, "/start", None)
            room.bubbles = list(said)
        response = make_response(
            render_template(
                "practice.html",
                room=room,
                last=len(room.bubbles) - 1,
                ages=AGES,
                councils=library.councils,
            )
        )
        response.set_cookie(COOKIE, key, httponly=True, samesite="Strict", path="/")
        return response

    @pages.post("/practice")
    def say() -> Any:
        """Take what was written or pressed, and show the page again."""
        room = rooms.enter(request.cookies.get(COOKIE, ""))
        if not _same(request.form.get("token", ""), room.token):
            abort(400)
        pressed = request.form.get("press", "")
        with room.lock:
            if pressed.isdecimal() and len(pressed) < 5:
                _press(room, talk, int(pressed))
            elif text := request.form.get("text", "").strip()[:LONGEST]:
                _say(room, talk, text)
        return redirect(url_for("practice.page", _anchor="latest"), code=303)

    @pages.post("/practice/again")
    def again() -> Any:
        """Forget the conversation and begin a new one."""
        key = request.cookies.get(COOKIE, "")
        if not _same(request.form.get("token", ""), rooms.enter(key).token):
            abort(400)
        rooms.leave(key)
        return redirect(url_for("practice.page"), code=303)

    return pages


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _say(room: Room, talk: Talk, text: str) -> None:
    room.bubbles.append(Bubble(text, mine=True))
    room.state, said = talk(room.state, text, None)
    room.bubbles += said


def _press(room: Room, talk: Talk, number: int) -> None:
    labels = [
        key.label
        for bubble in room.bubbles
        for row in bubble.rows
        for key in row
        if key.number == number
    ]
    room.bubbles.append(Bubble(labels[-1] if labels else "?", mine=True))
    room.state, said = talk(room.state, "", number)
    room.bubbles += said
