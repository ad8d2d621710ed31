"""A Rasa that we own: a real socket on this machine that says whatever a test tells it to."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

Behaviour = Callable[[socket.socket, Event], None]


def parse_reply(**changes: object) -> dict[str, object]:
    """Return what Rasa says for a question it understood, with changes."""
    best = {"name": "housing.staying_put", "confidence": 0.9}
    reply: dict[str, object] = {
        "text": "can i stay",
        "intent": best,
        "intent_ranking": [best, {"name": "greet", "confidence": 0.1}],
        "entities": [{"entity": "age", "value": "17", "text": "im 17", "start": 0, "end": 5}],
    }
    return reply | changes


def says(body: bytes | object, status: int = 200) -> Behaviour:
    """Answer at once with these bytes, or this as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n\r\n"

    def behave(connection: socket.socket, _done: Event) -> None:
        connection.sendall(head.encode() + raw)

    return behave


def is_silent(_connection: socket.socket, done: Event) -> None:
    """Take the question and never answer."""
    done.wait(10)


def drips(connection: socket.socket, done: Event) -> None:
    """Send a header and then a byte every so often, so that no single read takes long."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not done.wait(0.02):
        connection.sendall(b" ")


def drips_headers(connection: socket.socket, done: Event) -> None:
    """Do the same before the headers are over."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not done.wait(0.02):
        connection.sendall(b"x")


class FakeRasa:
    """Behaves as told, and remembers what it was asked."""

    def __init__(self, listener: socket.socket) -> None:
        """Listen. `fake_rasa` makes and ends one."""
        self.behave: Behaviour = says(parse_reply())
        self.asked: list[bytes] = []
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.done = Event()
        self._listener = listener

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        while not self.done.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.asked.append(_whole_request(connection))
                self.behave(connection, self.done)
            except OSError:
                return  # The client gave up, which is what some tests are about.


def _whole_request(connection: socket.socket) -> bytes:
    held = b""
    while not _complete(held):
        more = connection.recv(65536)
        if not more:
            raise ConnectionResetError("gone before the end of the question")
        held += more
    return held


def _complete(request: bytes) -> bool:
    head, blank, body = request.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    return bool(blank) and len(body) >= sum(int(line.split(b":")[1]) for line in lengths)


@contextmanager
def fake_rasa() -> Iterator[FakeRasa]:
    """Give a Rasa that answers sensibly until told otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        rasa = FakeRasa(listener)
        thread = Thread(target=rasa.serve, daemon=True)
        thread.start()
        yield rasa
        rasa.done.set()
        # Closing a listener does not wake one that is accepting; a connection does.
        socket.create_connection(listener.getsockname()).close()
        thread.join(5)
