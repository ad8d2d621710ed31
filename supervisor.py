"""Runs every process of Kith, and starts again what dies (`kith up`)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import demo as demo_people
from settings import Settings
from wiring import base, conversation

Say = Callable[[str], None]
#: Waits before a process is started again, so that one that cannot start does not spin.
PAUSES = (0.5, 1, 2, 5, 10, 30)
#: A process that ran this long was well; its next fall starts from the shortest pause.
WELL_AFTER_SECONDS = 60
STOP_WITHIN_SECONDS = 15


@dataclass
class Part:
    """One process: how it is started, and how often it fell lately."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    started: float = 0.0
    start_at: float = field(default=0.0)

    def start(self, environment: dict[str, str]) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches us first."""
        self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)  # noqa: S603 (our own program)
        self.started = time.monotonic()

    def fell(self) -> bool:
        """Whether it is not running though it should be; plans the next start."""
        if self.process is None or self.process.poll() is None:
            return False
        well = time.monotonic() - self.started > WELL_AFTER_SECONDS
        self.falls = 1 if well else self.falls + 1
        self.start_at = time.monotonic() + PAUSES[min(self.falls, len(PAUSES)) - 1]
        self.process = None
        return True


def run(settings: Settings, *, demo: bool, say: Say) -> None:
    """Run everything until asked to stop. Rasa first: training may take a few minutes the first time."""
    say("Getting the model ready (trained only when something changed) …")
    conversation.train(settings, say)
    # Many threads, little memory each: the C library's pools would otherwise keep far more than is used.
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ, **({"KITH_DEMO": "1"} if demo else {})}
    names = [
        "nlu serve",
        "scheduler",
        "dashboard",
        *(["bot"] if settings.telegram_token else []),
    ]
    parts = [Part(name, [sys.executable, "-m", "cli", *name.split()]) for name in names]
    stop: list[int] = []
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda number, _frame: stop.append(number))
    with base.opened(settings):
        if demo:
            # In a process of its own: what reads danger and themes is not kept here for ever.
            command = [sys.executable, "-m", "cli", "load-demo"]
            subprocess.run(command, env=environment, check=True)  # noqa: S603 (our own program)
        try:
            for part in parts:
                part.start(environment)
            _announce(settings, say, demo=demo)
            while not stop:
                _watch(parts, environment, say)
                time.sleep(0.3)  # The supervisor only watches; it serves nothing.
        finally:
            say("Stopping …")
            _stop(parts)


def _announce(settings: Settings, say: Say, *, demo: bool) -> None:
    address = settings.dashboard_address()
    say(f"Staff pages:   {address}/sign-in")
    if demo:
        for line in demo_people.sign_ins(settings.keys()[0]):
            say(f"  {line}")
        say("  A code for one of them:  kith staff code EMAIL")
    say(f"Practice chat: {address}/practice   (or: kith chat)")
    say(f"Health:        {address}/readyz")
    if settings.telegram_token:
        say("Telegram:      the bot is running")
    for line in base.warnings(settings):
        say(line)
    say("Stop with Ctrl-C.")


def _watch(parts: list[Part], environment: dict[str, str], say: Say) -> None:
    for part in parts:
        if part.fell():
            say(
                f"{part.name} stopped; starting it again in {part.start_at - time.monotonic():.0f} s"
            )
        elif part.process is None and time.monotonic() >= part.start_at:
            part.start(environment)


def _stop(parts: list[Part]) -> None:
    for part in parts:
        if part.process is not None and part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for part in parts:
        if part.process is not None:
            try:
                part.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.process.kill()
