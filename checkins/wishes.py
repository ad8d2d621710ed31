"""Reading a wish about check-ins in somebody's own words: how often, which day, what time. Pure."""

import re
from dataclasses import dataclass
from datetime import time

from checkins.plans import Change
from storage.tables.keeping_in_touch import DueKind, Every

#: Longer than this it is a story, and a story is for a person.
MOST_WORDS = 45


@dataclass(frozen=True)
class Wish:
    """What somebody wants different, and whether they plainly speak of check-ins."""

    change: Change = Change()  # noqa: RUF009 (frozen)
    less: bool = False
    more: bool = False
    ask_now: bool = False
    sure: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was found that could be done."""
        return self.change == Change() and not (self.less or self.more or self.ask_now)


A, EACH = r"(?:a|an|the|one|per|each|every|in)", r"(?:every|each|once (?:a|every|per)|per)"
INTERVALS: tuple[tuple[re.Pattern[str], Every], ...] = tuple(
    (re.compile(pattern), every)
    for pattern, every in (
        (
            r"\b(?:fortnight(?:ly)?|every (?:two|2|other|second) weeks?|biweekly)\b",
            Every.FORTNIGHTLY,
        ),
        (r"\b(?:quarterly|(?:every|each) (?:three|3) months?)\b", Every.QUARTERLY),
        (r"\b(?:twice a year|(?:every|each) (?:six|6) months?|half.?yearly)\b", Every.HALF_YEARLY),
        (rf"\b(?:weekly|{EACH} week)\b", Every.WEEKLY),
        (rf"\b(?:monthly|{EACH} month|one time (?:in|a) (?:the )?month)\b", Every.MONTHLY),
        (rf"\b(?:yearly|annually|{EACH} year)\b", Every.YEARLY),
    )
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = re.compile(
    r"\b(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?s?\b"
)
CHECK_INS = re.compile(r"\bcheck(?:ing)?[ -]?ins?\b|\bcheck(?:ing)? (?:up )?(?:on|in with) me\b")
MESSAGES = re.compile(
    r"\b(?:messag\w*|texts?|texting|msg\w*|write to me|ask(?:ing)? me|contact me)\b"
)
WANTS_CHANGE = re.compile(
    r"\b(?:don'?t|dont|do not|stop|less|fewer|more often|not so|too (?:much|many|often)|never|instead|only|can you|could you|pls|please)\b"
)
LESS = re.compile(r"\b(?:less|fewer|too (?:much|many|often)|not so (?:much|often|many))\b")
TOO_MUCH = re.compile(r"\b(?:is|was|are|it'?s) (?:a bit |way |just )?too\b")
MORE = re.compile(r"\bmore (?:often|check)|\bcheck in more\b")
NOT_AT_NIGHT = re.compile(
    r"\b(?:don'?t|dont|do not|not|never|stop)\b.{0,40}\b(?:(?:at|in the|late at) night|after (?:9|10)|late)\b"
)
OFF = re.compile(
    r"\b(?:no more|stop(?: the| these| my)?|turn off|switch off|don'?t want(?: any)?|dont want(?: any)?) check[ -]?ins?\b"
)
ON = re.compile(r"\b(?:turn on|switch on|start|want|have) (?:my |the |some )?check[ -]?ins?\b")
ASK_NOW = re.compile(
    r"^(?:hey |hi |pls |please |can you |could you )*(?:check in with me|do a check[ -]?in|ask me how i(?:'?m| am)(?: doing| feeling)?)(?: now| please| pls)*$"
)
SNOOZE = re.compile(
    r"\b(?:leave me|not|ask(?: me)?(?: again)?|snooze|wait|again|back)\b.{0,30}\b(?:(?:for|in|until|till|next) (?:a |one |the )?(day|tomorrow|week|month)|tomorrow)\b"
)
DAYS_OFF = {"day": 1, "tomorrow": 1, "week": 7, "month": 30}
PARTS = {
    "morning": time(10),
    "midday": time(12, 30),
    "lunch": time(12, 30),
    "noon": time(12, 30),
    "afternoon": time(16, 30),
    "evening": time(18, 30),
    "after tea": time(18, 30),
    "after college": time(16, 30),
    "after school": time(16, 30),
    "after work": time(18, 30),
}
CLOCK = re.compile(r"\b(?:at|after|from|about|around) (\d{1,2})(?:[:.](\d\d))? ?(am|pm)?\b")
QUIET_AT_NIGHT = (time(21), time(9))


def read(text: str) -> Wish:
    """Return what a message wants changed; an empty wish when it says nothing of the kind."""
    said = " ".join(text.casefold().replace("’", "'").split()).strip(" .!?")
    if len(said.split()) > MOST_WORDS:
        return Wish()
    if ASK_NOW.match(said):
        return Wish(ask_now=True, sure=True)
    change = Change(
        every=_every(said),
        weekday=_weekday(said),
        at=_at(said),
        quiet=QUIET_AT_NIGHT if NOT_AT_NIGHT.search(said) else None,
        topic_off=DueKind.CHECK_IN if OFF.search(said) else "",
        topic_on=DueKind.CHECK_IN if ON.search(said) and not OFF.search(said) else "",
        snooze_days=_snooze(said),
    )
    vague = change == Change()
    less = vague and bool(LESS.search(said) or _is_too_much(said))
    more = vague and not less and bool(MORE.search(said))
    return Wish(change, less=less, more=more, sure=_sure(said))


def _sure(said: str) -> bool:
    """Whether it is plainly about when or how often we write, and not about somebody else."""
    wanted = bool(WANTS_CHANGE.search(said)) or any(one.search(said) for one, _ in INTERVALS)
    return bool(CHECK_INS.search(said)) or (bool(MESSAGES.search(said)) and wanted)


def _every(said: str) -> Every | None:
    """Return the interval they want: the last one said, unless it is what is too much."""
    found = _intervals(said)
    return found[-1][1] if found and not _is_too_much(said) else None


def _intervals(said: str) -> list[tuple[int, Every]]:
    return sorted(
        (match.start(), every) for pattern, every in INTERVALS for match in pattern.finditer(said)
    )


def _is_too_much(said: str) -> bool:
    """Whether the only interval they name is the one that is too much."""
    found, too_much = _intervals(said), TOO_MUCH.search(said)
    return len(found) == 1 and too_much is not None and found[0][0] < too_much.start()


def _weekday(said: str) -> int | None:
    found = [match[1][:3] for match in DAY.finditer(said) if match[0] not in {"sun", "sat", "wed"}]
    return DAYS.index(found[-1]) if found else None


def _at(said: str) -> time | None:
    if clock := CLOCK.search(said):
        hour, minute = int(clock[1]), int(clock[2] or 0)
        if (clock[3] == "pm" and hour < 12) or (clock[3] is None and 1 <= hour <= 8):
            hour += 12
        return time(hour % 24, minute) if minute < 60 and hour <= 24 else None
    for part, at in PARTS.items():
        if re.search(rf"\b(?:no|not|never)(?: in)?(?: the)? {part}s?\b", said):
            return time(16, 30) if part == "morning" else time(10)
        if re.search(rf"\b{part}s?\b", said):
            return at
    return None


def _snooze(said: str) -> int | None:
    found = SNOOZE.search(said)
    return DAYS_OFF[found[1] or "tomorrow"] if found else None
