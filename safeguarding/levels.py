"""How fast a human must read a message, and what the danger is about; never a grade of a person."""

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """How fast a human must read a message. Ids are those of the taxonomy."""

    IMMEDIATE = "immediate"
    SAME_DAY = "same_day"
    CONCERN = "concern"
    NONE = "none"

    @property
    def urgency(self) -> int:
        """Return 3 for immediate down to 0 for none, so that levels can be compared."""
        return _LADDER.index(self)

    def raised(self) -> "Level":
        """Return the level one step more urgent; immediate stays immediate."""
        return _LADDER[min(self.urgency + 1, len(_LADDER) - 1)]

    def lowered(self) -> "Level":
        """Return the level one step less urgent; none stays none."""
        return _LADDER[max(self.urgency - 1, 0)]

    def at_least(self, other: "Level") -> bool:
        """Return whether this is as urgent as the other, or more."""
        return self.urgency >= other.urgency


_LADDER = (Level.NONE, Level.CONCERN, Level.SAME_DAY, Level.IMMEDIATE)


def highest(levels: Iterable[Level]) -> Level:
    """Return the most urgent of the levels, or none when there are none."""
    return max(levels, key=lambda level: level.urgency, default=Level.NONE)


class Category(StrEnum):
    """What the danger is about. Ids are the risk categories of the taxonomy."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    MEDICAL_EMERGENCY = "medical_emergency"
    ABUSE_SEXUAL_VIOLENCE = "abuse_sexual_violence"
    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_EXPLOITATION = "sexual_exploitation"
    CRIMINAL_EXPLOITATION = "criminal_exploitation"
    HOMELESS = "homeless"
    DESTITUTION = "destitution"
    MISSING = "missing"
    PSYCHOSIS = "psychosis"
    HARM_TO_OTHERS = "harm_to_others"
    CHILD_AT_RISK = "child_at_risk"
    PREGNANCY_SEXUAL_HEALTH = "pregnancy_sexual_health"
    SUBSTANCES = "substances"
    EATING = "eating"
    IMMIGRATION_FEAR = "immigration_fear"
    HATE_BULLYING = "hate_bullying"
    LOW_MOOD = "low_mood"
    ALLEGATION_ABOUT_STAFF = "allegation_about_staff"
    HELP_WORD = "help_word"
