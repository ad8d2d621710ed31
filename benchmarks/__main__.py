"""`python -m benchmarks [bot|understanding]`: measures, prints the tables and writes its page in `docs/`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from benchmarks import machine, report, understanding, understanding_report
from benchmarks.figures import Results, System
from benchmarks.run import run
from benchmarks.stock import EPOCHS
from benchmarks.understanding import Findings, Plan, Say
from nlu import examples

ROOT = Path(__file__).parent.parent
PAGES = {"bot": "benchmarks.md", "understanding": "benchmarks-understanding.md"}
#: Writes a page, told the day, what the machine is, and how many seconds it all took.
Page = Callable[[date, list[str], float], str]
#: The run of the bot, ending its processes included, stays under twelve minutes.
LONGEST_SECONDS = 690


class OutOfTimeError(Exception):
    """The run took too long; what was measured so far is reported."""


def main() -> int:
    """Measure, print and write. The status says whether there was anything to report."""
    options = _options()
    out = Console(stderr=True, highlight=False, soft_wrap=True)
    busy, started = machine.busy(), time.monotonic()

    def say(line: str) -> None:
        out.print(f"{time.monotonic() - started:4.0f} s  {line}", markup=False)

    measure = _bot if options.what == "bot" else _understanding
    # Embedded PostgreSQL keeps its socket there, and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="kith-bench-", ignore_cleanup_errors=True) as folder:
        page = measure(Path(folder), options, say, started)
    facts = [*machine.facts(), report.business(busy)]
    text = page(options.on, facts, time.monotonic() - started)
    where = options.out or ROOT / "docs" / PAGES[options.what]
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


def _bot(folder: Path, options: argparse.Namespace, say: Say, started: float) -> Page:
    """Measure the whole bot, for twelve minutes at most."""
    results = Results(System("Kith", "the whole bot"))
    _end_well_when_told_to(LONGEST_SECONDS)
    try:
        run(folder, options.trained, results, say, ends_at=started + LONGEST_SECONDS)
    except OutOfTimeError:
        results.not_measured.append("What is missing above: the run took too long.")
    finally:
        signal.alarm(0)
    if not results.kith.timings:
        raise SystemExit(f"Nothing was measured: {'; '.join(results.not_measured)}")
    return lambda on, facts, took: report.written(results, on=on, machine=facts, took=took)


def _understanding(folder: Path, options: argparse.Namespace, say: Say, _started: float) -> Page:
    """Measure the understanding, for as long as stock Rasa's training takes."""
    found = Findings(taught=len(examples.read()))
    _end_well_when_told_to(0)
    plan = Plan(folder, None if options.without_stock else options.epochs, options.within * 60)
    understanding.run(plan, found, say)
    return lambda on, facts, took: understanding_report.written(
        found, on=on, machine=facts, took=took
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=sorted(PAGES), default="bot")
    trained = ROOT / os.environ.get("KITH_DATA_DIR", "var")
    parser.add_argument("--trained", type=Path, default=trained, help="the trained data folder")
    parser.add_argument("--out", type=Path, help="where the page goes, if not in docs/")
    parser.add_argument(
        "--without-stock", action="store_true", help="leave stock Rasa's hours of training out"
    )
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, help="train stock Rasa for fewer than its own epochs"
    )
    parser.add_argument(
        "--within",
        type=float,
        default=720,
        help="give a training up after so many minutes",
    )
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        help="the day to note",
    )
    return parser.parse_args()


def _end_well_when_told_to(seconds: int) -> None:
    """Turn the alarm and a polite kill into exceptions, so that every process of ours is ended."""

    def too_late(_number: int, _frame: object) -> None:
        raise OutOfTimeError

    signal.signal(signal.SIGALRM, too_late)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    signal.alarm(seconds)


if __name__ == "__main__":
    sys.exit(main())
