"""Splits a message into the parts that may each be a need of its own. Words in, words out; it knows no intents."""

import re
from dataclasses import dataclass
from itertools import pairwise

MOST = 3
#: Two needs take some words to say; shorter messages are left whole, and cost no further question.
FEWEST_WORDS = 6
#: A part of fewer words says too little: it stays with its neighbour.
FEWEST_IN_PART = 3
_WORD = re.compile(r"[\w£']+")
#: The plainest joints first. A plainer one that parts the message leaves the weaker ones alone.


@dataclass(frozen=True)
class Joint:
    """What joins two needs, and how sure we must be that it does.

    A part counts from `sure` on, and only while the whole message stays below `doubt`. Chosen on
    `nlu/dev`, where a message has one need, so that fewer than one in a hundred is taken for two.
    """

    pattern: re.Pattern[str]
    sure: float
    doubt: float


@dataclass(frozen=True)
class Clauses:
    """The parts of a message, in its order, and the joint between them."""

    parts: tuple[str, ...]
    joint: Joint


#: The plainest first. A plainer joint that parts the message leaves the weaker ones alone; a comma
#: is none, since it parts one need ("skint, landlord wants me out") as often as it joins two.
JOINTS = (
    Joint(
        re.compile(
            r"[\s,.;!?-]*(?:\b(?:and|but|oh|n|&)\s+)*"
            r"(?:\b(?:also|plus|secondly|(?:an)?other thing(?: is)?|as well as|on top of that)\b"
            r"|\+(?=\s))[\s,:-]*"
            # "… and … as well" is as plain as "also", and so is "…, … also".
            r"|[\s,]*(?:\b(?:and|nd|n)\b|&|,)\s+(?=.*\b(?:as well|aswell|too|also)\W*$)",
            re.IGNORECASE,
        ),
        sure=0.45,
        doubt=1.01,
    ),
    Joint(re.compile(r"(?<!\d)[.;](?:\s+|$)|[!?\n]+\s*|\s+-+\s+"), sure=0.9, doubt=0.97),
    Joint(re.compile(r"[\s,]*(?:\b(?:and|nd|n)\b|&)\s+", re.IGNORECASE), sure=0.85, doubt=0.985),
)


def split(text: str) -> Clauses | None:
    """Return the two or three parts of a message, or None when it is one."""
    if len(_WORD.findall(text)) < FEWEST_WORDS:
        return None
    for joint in JOINTS:
        parts = _whole_parts(joint.pattern.split(text))
        if len(parts) > 1:
            return Clauses(tuple(_at_most(parts)), joint)
    return None


def _whole_parts(pieces: list[str]) -> list[str]:
    """Return the pieces, each too short one put back to the one before it, or after it."""
    parts: list[str] = []
    for piece in (piece.strip() for piece in pieces):
        if parts and (_short(piece) or _short(parts[-1])):
            parts[-1] = f"{parts[-1]} {piece}".strip()
        elif piece:
            parts.append(piece)
    return parts


def _at_most(parts: list[str]) -> list[str]:
    """Return no more than three parts, the shortest neighbours joined."""
    while len(parts) > MOST:
        lengths = [len(one) + len(two) for one, two in pairwise(parts)]
        at = lengths.index(min(lengths))
        parts = [*parts[:at], f"{parts[at]}. {parts[at + 1]}", *parts[at + 2 :]]
    return parts


def _short(piece: str) -> bool:
    return len(_WORD.findall(piece)) < FEWEST_IN_PART
