"""Measures screening on messages that nobody who wrote its rules has seen, at both ends at once.

Recall by level and category, and false alarms: `python -m safeguarding.evaluate` prints them, and
the gates in `bars.yml` (which only go up) fail the build. What is measured here on invented
messages is an upper bound on what happens with real ones.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from safeguarding.judgement import Screening
from safeguarding.levels import Level
from safeguarding.screening import Screener

MESSAGES = Path(__file__).parent.parent / "tests" / "safeguarding" / "messages"
BARS = Path(__file__).parent / "bars.yml"
URGENT = Level.SAME_DAY
#: Harmless messages, by the hands that wrote them.
HARMLESS = {"first": "harmless", "second": "harmless_second", "statements": "statements"}

#: Screens words, given what was said just before.
Screen = Callable[[str, tuple[str, ...]], Screening]


@dataclass
class Share:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def count(self, *, hit: bool) -> None:
        """Count one more."""
        self.hits += hit
        self.of += 1

    @property
    def value(self) -> float:
        """The share, 1 when there was nothing to count."""
        return self.hits / self.of if self.of else 1.0


@dataclass
class Measured:
    """Every measure by name, and the messages that went wrong."""

    shares: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    missed: list[str] = field(default_factory=list)

    def below(self, bars: dict[str, float]) -> list[str]:
        """Return the measures on the wrong side of their bar, or not measured at all."""
        return [name for name, bar in bars.items() if not self._met(name, bar)]

    def _met(self, name: str, bar: float) -> bool:
        share = self.shares.get(name)
        if share is None:
            return False
        # Alarms may not go over theirs.
        return share.value <= bar if name.startswith("alarms") else share.value >= bar

    def report(self, bars: dict[str, float]) -> Iterator[str]:
        """Yield a line for each measure."""
        for name in sorted(self.shares):
            share, bar = self.shares[name], bars.get(name)
            against = "" if bar is None else f"  (bar {bar:.3f})"
            yield f"{name:42} {share.value:.3f}  {share.hits}/{share.of}{against}"


def load_bars(name: str) -> dict[str, float]:
    """Return the bars by measure: `alone`, or `with_rasa` and its votes."""
    found: dict[str, dict[str, float]] = yaml.safe_load(BARS.read_text("utf-8"))
    return found[name]


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((MESSAGES / f"{name}.yml").read_text("utf-8"))
    return found


def measure(screen: Screen) -> Measured:
    """Screen every held-out message and return the measures.

    Recall of a level counts a message that got at least that level; a category is recalled
    when the message was raised to same day or sooner (or to its own level, when that is
    concern).
    """
    found = Measured()
    for kind in ("dangerous", "obfuscated", "others", "split"):
        for item in _read(kind):
            _danger(found, screen, kind, item)
    for item in _read("languages"):
        level = screen(item["text"], ()).level
        _count(found, "recall.languages", item["text"], hit=level.at_least(Level(item["at_least"])))
    for part, name in HARMLESS.items():
        for item in _read(name):
            _harmless(found, screen, part, item)
    return found


def _harmless(found: Measured, screen: Screen, part: str, item: dict[str, Any]) -> None:
    """Count one harmless message; look-alikes also by the part, each by other hands."""
    level = screen(item["text"], ()).level
    alarm = level.at_least(URGENT)
    found.shares[f"alarms.{item['kind']}"].count(hit=alarm)
    if item["kind"] == "look_alike":
        found.shares[f"alarms.look_alike.{part}_part"].count(hit=alarm)
    if alarm:
        found.missed.append(f"alarm {level}: {item['text']}")


def _danger(found: Measured, screen: Screen, kind: str, item: dict[str, Any]) -> None:
    *before, text = item.get("parts") or [item["text"]]
    screening, wanted = screen(text, tuple(before)), Level(item["level"])
    hit = screening.level.at_least(wanted)
    raised = screening.level.at_least(min(wanted, URGENT, key=lambda level: level.urgency))
    _count(found, f"recall.{wanted}", text, hit=hit)
    _count(
        found, f"recall.{wanted}.any_level", text, hit=screening.level is not Level.NONE, note=False
    )
    if wanted is Level.IMMEDIATE:
        _count(found, "recall.immediate.raised", text, hit=raised, note=False)
    _count(found, f"recall.{kind}", text, hit=hit, note=False)
    for category in item["categories"][:1]:
        _count(found, f"recall.category.{category}", text, hit=raised, note=False)
    if item.get("third_party") and hit:
        _count(found, "third_party", text, hit=screening.third_party, note=False)


def _count(found: Measured, name: str, text: str, *, hit: bool, note: bool = True) -> None:
    found.shares[name].count(hit=hit)
    if note and not hit:
        found.missed.append(f"{name}: {text}")


def main() -> int:
    """Print the measures; `-v` also prints what was missed (invented messages only)."""
    screener = Screener.load()
    bars = load_bars("alone")
    found = measure(lambda text, recent: screener.screen(text, recent=recent))
    lines = [*found.report(bars), *(found.missed if "-v" in sys.argv else ())]
    lines += [f"BELOW ITS BAR: {name}" for name in found.below(bars)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.below(bars) else 0


if __name__ == "__main__":
    sys.exit(main())
