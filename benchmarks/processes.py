"""Processes that a run starts, waits for and ends: only its own, each in a group of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks import machine
from benchmarks.figures import Memory

_LOOK_EVERY = 0.05
_ENDS_WITHIN = 15.0
_LAST_LINES, _LAST_LETTERS = 12, 400
_WATCH_EVERY = 30.0

#: Is told what a process has said last.
Watch = Callable[[str], None]


class BenchmarkError(Exception):
    """Something could not be measured. The sentence says what; a second run may go better."""


class Started:
    """A process of ours. Use with `with`: it and its children are ended at the end."""

    def __init__(
        self,
        name: str,
        command: Sequence[object],
        *,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        """Start it, with what it says kept in a file."""
        self.name = name
        self._log = folder / f"{name.replace(' ', '-')}.log"
        self._at = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        """Give the process."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.stop()

    def ready_after(self, ready: Callable[[], bool], *, within: float) -> float:
        """Wait until it serves, and return how many seconds it took from its start."""
        while not ready():
            if self._process.poll() is not None:
                raise BenchmarkError(f"{self.name} ended at its start.{self._last_words()}")
            if time.monotonic() - self._at > within:
                raise BenchmarkError(f"{self.name} was not ready in {within:.0f} seconds.")
            time.sleep(_LOOK_EVERY)
        return time.monotonic() - self._at

    def finish(self, *, within: float, watch: Watch = lambda _said: None) -> float:
        """Wait until it ends well, and return how many seconds it took.

        `watch` is told every half a minute what it has said last, to show that it goes on.
        """
        late = time.monotonic() + within
        while (status := self._ended(late)) is None:
            if time.monotonic() >= late:
                raise BenchmarkError(f"{self.name} took over {within:.0f} seconds.")
            watch(self._log.read_text("utf-8", "replace")[-_LAST_LETTERS:])
        if status:
            raise BenchmarkError(f"{self.name} failed.{self._last_words()}")
        return time.monotonic() - self._at

    def _ended(self, late: float) -> int | None:
        """Return its status when it has ended, waiting until it is time to look again."""
        try:
            return self._process.wait(max(0.0, min(_WATCH_EVERY, late - time.monotonic())))
        except subprocess.TimeoutExpired:
            return None

    def memory(self) -> Memory | None:
        """Return what it and its children hold."""
        return machine.memory(self._process.pid)

    def processor_time(self) -> float:
        """Return the seconds of processor time that it and its children have used."""
        return machine.processor_time(self._process.pid)

    def freeze(self) -> None:
        """Stop the clock for it: it takes connections and answers none."""
        self._signal(signal.SIGSTOP)

    def stop(self) -> None:
        """End it and its children."""
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDS_WITHIN)
        self._signal(signal.SIGKILL)
        self._process.wait(_ENDS_WITHIN)

    def _signal(self, number: signal.Signals) -> None:
        # The group is ours alone: it was made with the process and bears its number.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
        return "".join(f"\n  {line}" for line in lines)


def free_port() -> int:
    """Return a port of this machine's loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop_postgres(data_dir: Path) -> None:
    """End the database server of this data folder if it outlived whoever started it."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        if (pid := postgres_pid(data_dir)) is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        late = time.monotonic() + _ENDS_WITHIN
        while postgres_pid(data_dir) == pid and time.monotonic() < late:
            time.sleep(_LOOK_EVERY)


def postgres_pid(data_dir: Path) -> int | None:
    """Return the number of the database server of this data folder, or None when none runs."""
    try:
        return int((data_dir / "postgres" / "postmaster.pid").read_text("utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        return None
