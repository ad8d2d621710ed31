"""The parts of a conversation, and the ways to understand: built from the settings."""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from bot import room
from bot.engine import Engine
from bot.practice import ParseNow
from dashboard.practice import Bubble, PracticeKey, Talk
from nlu import evaluation, server, thresholds, training
from nlu.client import Client
from nlu.training import Say
from nlu.understanding import NluError, Understanding
from safeguarding.evaluate import Screen, load_bars
from safeguarding.evaluate import measure as measure_danger
from safeguarding.judgement import Screening
from safeguarding.screening import Screener, with_understanding
from settings import Settings
from wiring import scores
from wiring.base import ROOT, load_library, rasa


def engine(settings: Settings) -> Engine:
    """Return the parts of a conversation."""
    signs = b"".join(path.read_bytes() for path in sorted((ROOT / "safeguarding").rglob("*.yml")))
    return Engine(
        library=load_library(settings),
        screener=Screener.load(),
        thresholds=thresholds.load(),
        default_council=settings.council,
        zone=ZoneInfo(settings.timezone),
        rules_version=hashlib.sha256(signs).hexdigest()[:16],
    )


@contextlib.contextmanager
def understanding(settings: Settings, *, without: bool = False) -> Iterator[ParseNow]:
    """Give a way to understand: a running Rasa, one started for the purpose, or none."""
    if without:
        yield _nothing_understood
        return
    client = rasa(settings)
    if asyncio.run(client.ready()):
        yield client.parse_now
        return
    with server.start(
        train(settings), token=settings.rasa_token(), data_dir=settings.data_dir
    ) as url:
        # The first words after a start are slow; nobody is waiting behind them here.
        yield Client(
            url, settings.rasa_token(), max(settings.nlu_timeout, server.PATIENT)
        ).parse_now


def _nothing_understood(_text: str) -> Understanding:
    raise NluError("Asked to go without Rasa.")


def train(settings: Settings, say: Say = lambda _line: None) -> Path:
    """Train when something changed, and return the model."""
    return training.train(settings.data_dir, say)


def serve_nlu(settings: Settings) -> None:
    """Serve the model until stopped."""
    server.run(
        train(settings),
        url=settings.nlu_url,
        token=settings.rasa_token(),
        data_dir=settings.data_dir,
    )


def measure_understanding(settings: Settings, out: Console, record: Path | None = None) -> bool:
    """Measure the model on unseen messages, print what came of it, and keep it in a file if asked."""
    with server.start(
        train(settings), token=settings.rasa_token(), data_dir=settings.data_dir
    ) as url:
        parse = Client(url, settings.rasa_token(), server.PATIENT).parse_now
        danger = measure_danger(screen_with(parse))
        result = evaluation.evaluate(parse)
    danger_bars = load_bars("with_rasa")
    if record is not None:
        kept = evaluation.record(result, datetime.now(UTC).date())
        record.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    scores.show(result, danger, danger_bars, out)
    return result.passed and not danger.below(danger_bars)


def screen_with(parse: ParseNow) -> Screen:
    """Return screening with Rasa's votes, as the bot does it."""
    screener = Screener.load()

    def screen(text: str, recent: tuple[str, ...]) -> Screening:
        found, said = screener.screen(text, recent=recent), parse(text)
        return with_understanding(found, said.intent, said.confidence)

    return screen


def practice_talk(parts: Engine, parse: ParseNow) -> Talk:
    """Return the conversation as the practice page knows it."""

    def talk(state: object, text: str, pressed: int | None) -> tuple[object, list[Bubble]]:
        after, replies = room.turn(parts, parse, state, text, pressed, datetime.now(UTC))
        return after, [
            Bubble(
                one.text,
                danger=one.danger,
                rows=tuple(tuple(PracticeKey(*key) for key in row) for row in one.rows),
            )
            for one in replies
        ]

    return talk
