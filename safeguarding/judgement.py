"""What screening found in a message, as data."""

from dataclasses import dataclass
from enum import StrEnum

from safeguarding.levels import Category, Level


class Layer(StrEnum):
    """Which part of screening saw a sign. They are independent: any of them can raise."""

    RULES = "rules"
    CLASSIFIER = "classifier"
    WINDOW = "window"
    HELP_WORD = "help_word"
    LANGUAGE = "language"
    INTENT = "intent"
    ENGINE = "engine"
    #: A second reader, of a conversation that none of the others raised.
    PERSON = "person"


@dataclass(frozen=True)
class Sign:
    """One reason to think that somebody may be in danger.

    `plain` is false for words that had to be put together again from signs or spaces.
    """

    category: Category
    level: Level
    rule: str
    layer: Layer
    plain: bool = True


@dataclass(frozen=True)
class Screening:
    """What was found in one message.

    `categories` come most urgent first. `matched` holds the words that matched: they are a
    young person's words, so they are kept with the flag and never logged. `facts` are those of
    desire, plan, means and time that were stated. `degraded` means that a layer failed, and the
    level was raised for that.
    """

    level: Level
    categories: tuple[Category, ...] = ()
    third_party: bool = False
    about_staff: bool = False
    signs: tuple[Sign, ...] = ()
    matched: tuple[str, ...] = ()
    demoted_by: tuple[str, ...] = ()
    degraded: bool = False
    facts: tuple[str, ...] = ()
    joke: bool = False


#: Nothing was found. It does not mean that somebody is safe.
NOTHING = Screening(level=Level.NONE)
