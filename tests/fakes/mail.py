"""A fake mail server: takes what is sent, or refuses."""

from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller


class FakeMail:
    """An SMTP server on a free port, in a thread of its own."""

    def __init__(self) -> None:
        """Start empty."""
        self.messages: list[tuple[str, str]] = []
        self.refusing = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> Self:
        """Start serving."""
        # Port 0 asks for a free one; the controller's own start-up check needs a known one.
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._controller.port = probe.getsockname()[1]
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self._controller.stop()

    @property
    def url(self) -> str:
        """Where it is, as KITH_SMTP_URL."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def refuse(self, times: int) -> None:
        """Refuse the next messages."""
        self.refusing = times

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's names)
        """Take a message or refuse it."""
        del server, session
        if self.refusing > 0:
            self.refusing -= 1
            return "451 Try again later"
        self.messages.append((envelope.rcpt_tos[0], envelope.content.decode("utf-8", "replace")))
        return "250 OK"
