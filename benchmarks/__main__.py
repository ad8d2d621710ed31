"""`python -m benchmarks`: measures, prints the table and writes `docs/benchmarks.md`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from benchmarks import machine, report
from benchmarks.figures import Results, System
from benchmarks.run import run

ROOT = Path(__file__).parent.parent
#: The whole run, ending its processes included, stays under twelve minutes.
LONGEST_SECONDS = 690


class OutOfTimeError(Exception):
    """The run took too long; what was measured so far is reported."""


def main() -> int:
    """Measure, print and write. The status says whether there was anything to report."""
    options = _options()
    out = Console(stderr=True, highlight=False, soft_wrap=True)
    _end_well_when_told_to()
    results = Results(System("Kith", "the whole bot"))
    busy, started = machine.busy(), time.monotonic()
    # Embedded PostgreSQL keeps its socket there, and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="kith-bench-", ignore_cleanup_errors=True) as folder:
        try:
            run(
                Path(folder),
                options.trained,
                results,
                lambda line: out.print(
                    f"{time.monotonic() - started:4.0f} s  {line}", markup=False
                ),
                ends_at=started + LONGEST_SECONDS,
            )
        except OutOfTimeError:
            results.not_measured.append("What is missing above: the run took too long.")
        finally:
            signal.alarm(0)
    text = report.written(
        results,
        on=options.on,
        machine=[*machine.facts(), report.business(busy)],
        took=time.monotonic() - started,
    )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0 if results.kith.timings else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    trained = ROOT / os.environ.get("KITH_DATA_DIR", "var")
    parser.add_argument("--trained", type=Path, default=trained, help="the trained data folder")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        help="the day to note",
    )
    return parser.parse_args()


def _end_well_when_told_to() -> None:
    """Turn the alarm and a polite kill into exceptions, so that every process of ours is ended."""

    def too_late(_number: int, _frame: object) -> None:
        raise OutOfTimeError

    signal.signal(signal.SIGALRM, too_late)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    signal.alarm(LONGEST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
