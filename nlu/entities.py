"""Finds an age, a place, a length of time or a sum of money in what somebody wrote.

Pure and import-light on purpose: Rasa's Python 3.10 runs it as a pipeline component and the
application's Python runs it when Rasa is away. It knows nothing of Rasa.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Kind(str, Enum):
    """What an entity is about."""

    AGE = "age"
    PLACE = "place"
    DURATION = "duration"
    MONEY = "money"


@dataclass(frozen=True)
class Entity:
    """One thing named in a message.

    The value is plain text whatever the kind: an age in years ("17"), a council's id
    ("cheshire_east"), an ISO 8601 length of time from now ("P14D", "P0D" for today) or
    pounds ("12.50"). `text` is the words it came from and `start` where they begin.
    """

    kind: Kind
    value: str
    text: str
    start: int = 0


# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)
# fmt: on
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: number for number, word in enumerate(_UNITS)}
_NUMBERS |= {word: 10 * ten for ten, word in enumerate(_TENS, 3)}
_NUMBERS |= {f"twenty{join}{_UNITS[n]}": 20 + n for n in range(1, 10) for join in ("-", " ", "")}
_NUMBERS |= {
    "a couple of": 2,
    "couple of": 2,
    "a couple": 2,
    "hundred": 100,
    "a hundred": 100,
}
# Longest first, or "seven" would win over "seventeen".
_WORD = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))

_YEARS = rf"(?P<age>1[1-9]|2\d|30|{_WORD})"
_I_AM = r"(?:i\s?['\u2019]?\s?a?m|imm+|am|me\s+being|i\s+turned|i(?:['\u2019]?ve)?\s+just\s+turned)"
_THEY_ARE = (
    r"(?:young\s+person|yp|care\s+leaver)\s*(?:['\u2019]?s|is|who\s+is|who['\u2019]?s)?(?:\s+aged)?"
)
# "im 17 quid short", "im 20 weeks pregnant", "im 18 in june": a number, but not an age today.
_NOT_AN_AGE = (
    r"(?![\d%/:,.]*\d)(?!\s*(?:%|quid|pounds?|squid|p\b|k\b|grand|weeks?|wks?|days?|months?|mths?|"
    r"hours?|hrs?|h\b|min(?:ute)?s?\b|miles?|km|kg|st\b|stone|lbs?|years?\s+(?:in|sober|clean|with)|"
    r"next|tomorrow|soon|tmrw|tmoz|nearly|or\b|to\b|"
    r"in\s+(?:\d|a\b|an\b|two|three|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"on\s+(?:mon|tue|wed|thu|fri|sat|sun|the|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d)))"
)
_YEARS_OLD = r"(?:\s*-?\s*(?:y(?:ea)?rs?[\s-]*olds?|y\s?/?\s?o\b|yrs?\b|years?\s+of\s+age))"
_SOMEBODY_ELSE = (
    r"(?!\s+(?:brother|sister|bro|sis|sibling|mate|friend|son|daughter|kid|child|boy|girl|"
    r"girlfriend|boyfriend|cousin|nephew|niece|partner|bf|gf|mum|dad)s?\b)"
)
_LATER = r"(?<!when\s)(?<!until\s)(?<!till\s)(?<!before\s)(?<!after\s)(?<!once\s)(?<!wen\s)"
_AGES = (
    re.compile(rf"\b{_LATER}{_I_AM}\s+(?:only\s+|just\s+|still\s+|now\s+)?{_YEARS}\b{_NOT_AN_AGE}"),
    re.compile(rf"\b{_LATER}{_I_AM}\s+(?:only\s+|just\s+|now\s+)?{_YEARS}(?=[mf]\b)"),
    re.compile(rf"\b{_THEY_ARE}\s+{_YEARS}\b{_NOT_AN_AGE}"),
    re.compile(rf"(?<!my\s)\b{_YEARS}{_YEARS_OLD}{_SOMEBODY_ELSE}"),
    re.compile(rf"\baged?\s+(?:is\s+|of\s+)?{_YEARS}\b{_NOT_AN_AGE}(?!\s*(?:-|to|and)\s*\d)"),
    # A follow-up of a few words: "and at 17?", "what about 19", "17", "if 16".
    re.compile(
        rf"^(?:(?:and|but|ok|so|what|how|wot|wat)\s+)*(?:(?:at|if|about|abt|for)\s+)*{_YEARS}\s*\??$"
    ),
)

#: Where each council is. Peterborough and Cheshire West are other councils, so are not here.
TOWNS = {
    "cheshire_east": (
        "cheshire east, east cheshire, cheshire east council, crewe, macclesfield, macc, "
        "congleton, wilmslow, sandbach, nantwich, alsager, middlewich, poynton, knutsford, "
        "handforth, bollington, holmes chapel, disley, alderley edge, haslington, shavington, "
        "audlem, prestbury, goostrey, bunbury, wistaston, wheelock, rode heath, mobberley, "
        "chelford, willaston, high legh"
    ),
    "cambridgeshire": (
        "cambridgeshire, cambs, cambridgeshire county council, cambridge, huntingdon, wisbech, "
        "ely, st ives, st. ives, saint ives, st neots, st. neots, saint neots, soham, "
        "chatteris, whittlesey, ramsey, littleport, cambourne, sawston, godmanchester, "
        "northstowe, waterbeach, histon, impington, cottenham, burwell, fulbourn, sawtry, "
        "yaxley, melbourn, linton, fenland, huntingdonshire, south cambs, east cambs, papworth, "
        "gamlingay, trumpington, cherry hinton, arbury, willingham"
    ),
}
_COUNCIL = {town: council for council, towns in TOWNS.items() for town in towns.split(", ")}
_PLACES = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _COUNCIL), key=len, reverse=True)) + r")\b"
)
# March is a month nearly always; it is the town after words for living or travelling there.
_MARCH = re.compile(
    r"\b(?:liv(?:e|es|ing)|flat|house|place|hostel|moved?|moving|stay(?:ing)?|housed|born)\s+"
    r"(?:in|to|near|at)\s+(?P<place>march)\b(?!\s+(?:\d|next|this|last|or\b))"
)
_UNIT = {
    "hour": "PT{}H", "hr": "PT{}H", "day": "P{}D", "night": "P{}D", "week": "W", "wk": "W",
    "fortnight": "F", "month": "P{}M", "mth": "P{}M", "year": "P{}Y", "yr": "P{}Y",
}  # fmt: skip
_LENGTHS = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{_WORD})\s*-?\s*(?P<unit>{'|'.join(_UNIT)})s?\b"
    r"(?!['\u2019]?\s*-?\s*old)"
)
_ONE = re.compile(
    r"\b(?:in|for|within|got|have|only|just|about|next|nxt|another)\s+"
    r"(?:(?:like|about|only|just)\s+)?(?P<span>(?:(?:a|an|one|half\s+a)\s+)?"
    r"(?P<unit>hour|day|week|wk|fortnight|month|mth|year|yr))\b"
)
_SOON = re.compile(
    r"\b(?:(?P<today>tonight|2nite|2night|tonite|tnight|today|2day|right\s+now)"
    r"|(?P<tomorrow>tomorrow|tommorow|tomorow|tommorrow|2moro|2morrow|tmrw|tmoz|tomoz|tmo))\b"
)
_SUM = r"(?P<sum>\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{1,7}(?:\.\d{1,2})?)"
_MONEY = (
    re.compile(rf"(?:£|gbp\s?){_SUM}\s?(?P<k>k\b)?"),
    re.compile(rf"\b{_SUM}\s?(?P<k>k)?\s?(?:quid|squid|pounds?|gbp|£)(?!\w)"),
    re.compile(rf"\b(?P<word>{_WORD})\s+(?:quid|squid|pounds?)\b"),
    re.compile(r"\b(?P<sum>\d{1,3}|a)\s+(?P<k>grand)\b"),
    re.compile(r"\b(?P<pence>\d{1,2})p\b"),
)
_NOTES = re.compile(r"\b(?:a\s+)?(?P<note>fiver|tenner)\b")


def find(text: str) -> tuple[Entity, ...]:
    """Return what is named in the text, in the order it was written.

    An age counts only when it is the writer's own (or a worker's "young person"), and only if it
    is true today: "when i'm 18" is not an age. Nothing found is an empty tuple.
    """
    low = _fold(text)
    found = [
        Entity(kind, value, text[start:end].rstrip(), start)
        for kind, finder in _FINDERS.items()
        for value, start, end in finder(low)
    ]
    return tuple(sorted(_without_overlaps(found), key=lambda entity: entity.start))


def _fold(text: str) -> str:
    # A letter whose lower case is longer (the Turkish dotted I) would shift every offset.
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _without_overlaps(found: list[Entity]) -> Iterator[Entity]:
    """Drop what lies inside a longer find of the same kind ("east cheshire" over "cheshire")."""
    taken: list[tuple[Kind, int, int]] = []
    for entity in sorted(found, key=lambda entity: -len(entity.text)):
        start, end = entity.start, entity.start + len(entity.text)
        if not any(k is entity.kind and start < e and s < end for k, s, e in taken):
            taken.append((entity.kind, start, end))
            yield entity


def _ages(low: str) -> Iterator[tuple[str, int, int]]:
    for pattern in _AGES:
        for match in pattern.finditer(low):
            years = int(_number(match["age"]))
            if 11 <= years <= 30:
                yield str(years), *match.span()


def _places(low: str) -> Iterator[tuple[str, int, int]]:
    for match in _PLACES.finditer(low):
        yield _COUNCIL[match[0]], *match.span()
    for match in _MARCH.finditer(low):
        yield "cambridgeshire", *match.span("place")


def _durations(low: str) -> Iterator[tuple[str, int, int]]:
    for match in _SOON.finditer(low):
        yield "P0D" if match["today"] else "P1D", *match.span()
    for match in _LENGTHS.finditer(low):
        yield _length(int(_number(match["count"])), match["unit"]), *match.span()
    for match in _ONE.finditer(low):
        yield _length(1, match["unit"]), *match.span("span")


def _length(count: int, unit: str) -> str:
    form = _UNIT[unit]
    weeks = {"W": 7, "F": 14}
    return f"P{count * weeks[form]}D" if form in weeks else form.format(count)


def _money(low: str) -> Iterator[tuple[str, int, int]]:
    for pattern in _MONEY:
        for match in pattern.finditer(low):
            yield _pounds(match.groupdict()), *match.span()
    for match in _NOTES.finditer(low):
        yield "5" if match["note"] == "fiver" else "10", *match.span()


def _pounds(part: dict[str, str | None]) -> str:
    if pence := part.get("pence"):
        return f"{Decimal(pence) / 100:.2f}"
    if word := part.get("word"):
        return _number(word)
    plain = (part.get("sum") or "0").replace(",", "")
    total = Decimal(1 if plain == "a" else plain) * (1000 if part.get("k") else 1)
    return f"{total:.0f}" if total == total.to_integral_value() else f"{total:.2f}"


def _number(text: str) -> str:
    return text if text.isdigit() else str(_NUMBERS[text])


_FINDERS: dict[Kind, Callable[[str], Iterator[tuple[str, int, int]]]] = {
    Kind.AGE: _ages,
    Kind.PLACE: _places,
    Kind.DURATION: _durations,
    Kind.MONEY: _money,
}
