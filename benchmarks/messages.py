"""The messages of a run: ordinary questions from the unseen test set, and danger."""

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.figures import Load, Message
from safeguarding.levels import Level
from safeguarding.screening import Screener

ROOT = Path(__file__).parent.parent
_QUESTIONS = ROOT / "tests" / "nlu" / "messages"
_DANGERS = ROOT / "tests" / "safeguarding" / "messages" / "dangerous.yml"
#: The same order in every run, so that runs can be compared.
_SEED = 20_261_122


def questions(screener: Screener) -> list[str]:
    """Return questions about articles, in a fixed mixed order.

    Those in which screening sees anything are left out: they are answered without Rasa, so
    they would flatter us.
    """
    found = [
        case["text"]
        for file in sorted(_QUESTIONS.glob("*.yml"))
        for case in _cases(file)
        if "." in _intent(case) and screener.screen(case["text"]).level is Level.NONE
    ]
    return _mixed(found)


def dangers(screener: Screener) -> list[str]:
    """Return messages of immediate danger that the rules notice, in a fixed mixed order."""
    found = [
        case["text"]
        for case in _cases(_DANGERS)
        if case["level"] == Level.IMMEDIATE
        and screener.screen(case["text"]).level.at_least(Level.SAME_DAY)
    ]
    return _mixed(found)


def ordinary(texts: Sequence[str], chats: Iterator[int], load: Load) -> list[Message]:
    """Return a load of ordinary questions, each from the next chat."""
    turns = itertools.cycle(texts)
    return _each_once([Message(next(chats), next(turns)) for _ in range(load.count)])


def by_turns(
    dangerous: Sequence[str], harmless: Sequence[str], chats: Iterator[int], load: Load
) -> list[Message]:
    """Return a load in which every other message is dangerous, each from the next chat."""
    danger, other = itertools.cycle(dangerous), itertools.cycle(harmless)
    pairs = zip(danger, other, strict=True)
    texts = itertools.chain.from_iterable(((one, True), (two, False)) for one, two in pairs)
    said = itertools.islice(texts, load.count)
    return _each_once([Message(next(chats), text, danger=is_danger) for text, is_danger in said])


def _each_once(said: list[Message]) -> list[Message]:
    # Replies are matched by chat: one that writes twice in a load would get a wrong time.
    if len({one.chat_id for one in said}) < len(said):
        raise ValueError("A chat may write only once in a load.")
    return said


def _cases(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text("utf-8")) or [])


def _intent(case: dict[str, Any]) -> str:
    intent = case["intent"]
    return str(intent[0] if isinstance(intent, list) else intent)


def _mixed(texts: Sequence[str]) -> list[str]:
    shuffled = sorted(set(texts))
    random.Random(_SEED).shuffle(shuffled)  # noqa: S311 (an order, not a secret)
    return shuffled
