"""What Rasa said, checked field by field before anybody believes it.

Rasa is next door but not trusted: a reply of the wrong shape is an error here, never a guess.
"""

import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NoReturn

from nlu.entities import Entity, Kind

_INTENT = re.compile(r"[a-z0-9_]{1,60}(?:\.[a-z0-9_]{1,60})?")
_MOST_RANKED = 400
_MOST_ENTITIES = 200
_LONGEST_VALUE = 200


class NluError(Exception):
    """Rasa did not answer in time, or not sensibly. Not worth trying again: go on without it."""


@dataclass(frozen=True)
class Ranked:
    """An intent, and how likely it is to be the one meant (0 to 1)."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Understanding:
    """What a message seems to mean: the likeliest intent, the others, and things named.

    The confidence is calibrated: of messages given 0.7, about seven in ten are right.
    """

    intent: str
    confidence: float
    ranking: tuple[Ranked, ...] = ()
    entities: tuple[Entity, ...] = ()
    parts: "tuple[Part, ...]" = ()

    def without(self, ruled_out: Collection[str]) -> "Understanding":
        """Return this with some intents ruled out, and their share given to the others.

        Whoever lives in one council cannot mean what only another council has.
        """
        parts = tuple(replace(part, meaning=part.meaning.without(ruled_out)) for part in self.parts)
        return replace(self._without(ruled_out), parts=parts)

    def _without(self, ruled_out: Collection[str]) -> "Understanding":
        gone = sum(one.confidence for one in self.ranking if one.intent in ruled_out)
        if not gone or gone >= 1:
            return self
        left = tuple(
            Ranked(one.intent, min(1.0, one.confidence / (1 - gone)))
            for one in self.ranking
            if one.intent not in ruled_out
        )
        if not left:
            return self
        return replace(self, intent=left[0].intent, confidence=left[0].confidence, ranking=left)


@dataclass(frozen=True)
class Part:
    """One clause of a message that may hold two needs, and what it means on its own."""

    text: str
    meaning: Understanding
    sure: float

    @property
    def certain(self) -> bool:
        """Whether it is sure enough to be a need of its own."""
        return self.meaning.confidence >= self.sure


#: For when there is no understanding to be had. Its intent is one that people do have, so
#: whoever handles "unclear" handles this.
NOT_UNDERSTOOD = Understanding(intent="unclear", confidence=0.0)


def read(body: bytes) -> Understanding:
    """Return what a parse reply says. Raise NluError if it is not exactly of the right shape."""
    reply = _object(_json(body), "reply")
    ranking = tuple(_ranked(item) for item in _items(reply, "intent_ranking", _MOST_RANKED))
    entities = tuple(_entity(item) for item in _items(reply, "entities", _MOST_ENTITIES))
    top = _object(reply.get("intent"), "intent")
    if top.get("name") is None:
        # Rasa says so for a message with nothing in it.
        return Understanding(NOT_UNDERSTOOD.intent, NOT_UNDERSTOOD.confidence, (), entities)
    best = _ranked(top)
    if any(after.confidence > before.confidence for before, after in pairwise(ranking)):
        _refuse("ranking out of order")
    if ranking and ranking[0].intent != best.intent:
        _refuse("ranking does not start with the intent")
    return Understanding(best.intent, best.confidence, ranking, entities)


def _json(body: bytes) -> object:
    try:
        parsed: object = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NluError("Rasa's reply is not JSON") from error
    return parsed


def _object(value: object, name: str) -> dict[str, object]:
    return value if isinstance(value, dict) else _refuse(f"{name} is not an object")


def _items(reply: dict[str, object], name: str, most: int) -> list[dict[str, object]]:
    value = reply.get(name)
    if not isinstance(value, list) or len(value) > most:
        _refuse(f"{name} is not a list of at most {most}")
    return [_object(item, name) for item in value]


def _ranked(item: dict[str, object]) -> Ranked:
    name, confidence = item.get("name"), item.get("confidence")
    if not isinstance(name, str) or not _INTENT.fullmatch(name):
        _refuse("intent name")
    # True is an int to Python, and NaN a float.
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        _refuse("confidence is not a number")
    if not math.isfinite(confidence) or not 0 <= confidence <= 1:
        _refuse("confidence is not between 0 and 1")
    return Ranked(name, float(confidence))


def _entity(item: dict[str, object]) -> Entity:
    kind, value, text, start = (item.get(key) for key in ("entity", "value", "text", "start"))
    if not isinstance(kind, str) or kind not in set(Kind):
        _refuse("entity of an unknown kind")
    if not isinstance(value, str) or not isinstance(text, str):
        _refuse("entity without words")
    if max(len(value), len(text)) > _LONGEST_VALUE:
        _refuse("entity too long")
    if isinstance(start, bool) or not isinstance(start, int) or start < 0:
        _refuse("entity nowhere")
    return Entity(Kind(kind), value, text, start)


def _refuse(why: str) -> NoReturn:
    raise NluError(f"Rasa's reply is not as it should be: {why}")
