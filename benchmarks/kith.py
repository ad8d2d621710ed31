"""The whole of Kith, started for a run: bot, Rasa, database, dashboard and clock."""

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from benchmarks import machine
from benchmarks.figures import Memory, ProcessCost
from benchmarks.processes import Started, free_port, postgres_pid, stop_postgres
from tests.fakes.telegram import FakeTelegram

#: What a data folder must hold for Rasa to start without training.
_TRAINED = ("models", "encoder")
_PROGRAM = Path(sys.executable).with_name("kith")
_STARTS_WITHIN = 90.0
_TRAINS_WITHIN = 240.0
_OK = 200

RASA, BOT, DATABASE, DASHBOARD, CLOCK = (
    "Rasa (`kith nlu serve`)",
    "Bot (`kith bot`)",
    "PostgreSQL (embedded)",
    "Dashboard (`kith dashboard`)",
    "Scheduler (`kith scheduler`)",
)
#: Everything but Rasa.
OTHERS = (BOT, DATABASE, DASHBOARD, CLOCK)


class Kith:
    """A Kith with a data folder of its own. Use with `with`: it ends all that it started."""

    def __init__(self, folder: Path, trained: Path, telegram: FakeTelegram) -> None:
        """Copy the trained model, if there is one; nothing runs yet."""
        self.folder, self.data_dir = folder, folder / "data"
        self._telegram = telegram
        self._ports = {"nlu": free_port(), "dashboard": free_port()}
        self._token = secrets.token_urlsafe(32)
        self._running: dict[str, Started] = {}
        self.costs: dict[str, ProcessCost] = {}
        self._ends = ExitStack()
        self.data_dir.mkdir()
        for part in _TRAINED:
            if (trained / part).exists():
                shutil.copytree(trained / part, self.data_dir / part)

    def __enter__(self) -> Self:
        """Give it, not started."""
        self._ends.callback(stop_postgres, self.data_dir)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process, the database last."""
        self._ends.close()

    def train(self) -> None:
        """Train if anything changed since the model was made, so that no start pays for it."""
        with self._started("training", ["nlu", "train"]) as training:
            training.finish(within=_TRAINS_WITHIN)

    def start_rasa(self) -> None:
        """Start Rasa and wait until it has its model."""
        url, token = f"http://127.0.0.1:{self._ports['nlu']}/status", self._token
        self._start(RASA, ["nlu", "serve"], lambda: "model_file" in _page(url, token=token))

    def start_bot(self) -> None:
        """Start the bot, and with it the database, and wait until it asks for messages."""
        asked = self._polls()
        self._start(BOT, ["bot"], lambda: self._polls() > asked)
        self.costs[DATABASE] = ProcessCost(DATABASE, None, self._memory(DATABASE), None)

    def restart_bot(self) -> float:
        """Stop the bot, start it on the data it made, and return how many seconds that took."""
        self._running[BOT].stop()
        asked = self._polls()
        again = self._ends.enter_context(self._started("bot again", ["bot"]))
        return again.ready_after(lambda: self._polls() > asked, within=_STARTS_WITHIN)

    def start_the_rest(self) -> None:
        """Start what does not answer young people: the dashboard and the scheduler."""
        # The scheduler has no way to say that it is up; the dashboard's start is time enough.
        self._running[CLOCK] = self._ends.enter_context(self._started("scheduler", ["scheduler"]))
        self.costs[CLOCK] = ProcessCost(CLOCK, None, None, None)
        url = f"http://127.0.0.1:{self._ports['dashboard']}/healthz"
        self._start(DASHBOARD, ["dashboard"], lambda: bool(_page(url)))

    def freeze_rasa(self) -> None:
        """Let Rasa take calls and answer none."""
        self._running[RASA].freeze()

    def stop_rasa(self) -> None:
        """End Rasa."""
        self._running[RASA].stop()

    def measure(self, *names: str) -> None:
        """Note what these processes hold now, after their load."""
        for name in names:
            self.costs[name] = replace(self.costs[name], after=self._memory(name))

    def note_time(self, per_reply: Mapping[str, float]) -> None:
        """Note the processor time that one reply took of each process."""
        for name, seconds in per_reply.items():
            self.costs[name] = replace(self.costs[name], cpu=seconds)

    def processor_times(self) -> dict[str, float]:
        """Return the processor time used so far by what answers young people."""
        pid = postgres_pid(self.data_dir)
        return {
            RASA: self._running[RASA].processor_time(),
            BOT: self._running[BOT].processor_time(),
            DATABASE: machine.processor_time(pid) if pid else 0.0,
        }

    def _start(self, name: str, command: list[str], ready: Callable[[], bool]) -> None:
        process = self._ends.enter_context(self._started(command[0], command))
        self._running[name] = process
        seconds = process.ready_after(ready, within=_STARTS_WITHIN)
        self.costs[name] = ProcessCost(name, seconds, self._memory(name), None)

    def _started(self, name: str, command: list[str]) -> Started:
        # In a folder of its own: a council's `.env` beside the code must not reach a benchmark.
        return Started(
            name,
            [_PROGRAM, *command],
            folder=self.folder,
            environment=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
        return kept | {
            "KITH_TELEGRAM_TOKEN": self._telegram.token,
            "KITH_TELEGRAM_API_URL": self._telegram.url,
            "KITH_DATA_DIR": str(self.data_dir),
            "KITH_NLU_URL": f"http://127.0.0.1:{self._ports['nlu']}",
            "KITH_NLU_TOKEN": self._token,
            "KITH_DASHBOARD_PORT": str(self._ports["dashboard"]),
        }

    def _polls(self) -> int:
        return int(self._telegram.state()["calls"].get("getUpdates", 0))

    def _memory(self, name: str) -> Memory | None:
        if name != DATABASE:
            return self._running[name].memory()
        pid = postgres_pid(self.data_dir)
        return machine.memory(pid) if pid else None


def _page(url: str, **params: str) -> str:
    try:
        answer = httpx.get(url, params=params, timeout=2, trust_env=False)
    except httpx.HTTPError:
        return ""
    return answer.text if answer.status_code == _OK else ""
