"""Agreeing on check-ins: how often, which day, what time, about what, and when not. By button or in words."""

from datetime import time

from bot.keeping import ChangePlan
from bot.memory import Waiting
from bot.steps import check_ins, reading
from bot.turn import Key, Outcome, Reply, Turn
from checkins import asking, plans, wishes
from checkins.holds import TOPICS
from checkins.plans import Agreed, Change
from checkins.rhythm import less_often
from checkins.wishes import Wish
from people.hours import say_time
from storage.tables.keeping_in_touch import DueKind, Every

QUIET = {
    "21_09": (time(21), time(9)),
    "20_10": (time(20), time(10)),
    "18_12": (time(18), time(12)),
}
INTENT = "change_checkins"


def press(turn: Turn, rest: str) -> Outcome:
    """Do what a button about check-ins does."""
    verb, _, value = rest.partition(":")
    agreed = turn.agreed()
    if agreed is None:
        return _stranger(turn)
    if verb == "ask" and value in ASKS:
        return ASKS[value](turn, agreed)
    if verb == "keep":
        return turn.say(turn.reply("check_in.kept_as_is", (turn.key("menu", "menu"),)))
    wanted = _wanted(agreed, verb, value)
    return _settings(turn, agreed) if wanted is None else _change(turn, agreed, wanted)


def _wanted(agreed: Agreed, verb: str, value: str) -> Change | None:
    """Return the change that a button means; None when it means none."""
    match verb:
        case "every" if value in set(Every):
            return Change(every=Every(value))
        case "day" if value in set("0123456"):
            return Change(weekday=int(value))
        case "time" if value in asking.TIMES:
            return Change(at=time.fromisoformat(value.replace("_", ":")))
        case "quiet" if value in QUIET:
            return Change(quiet=QUIET[value])
        case "snooze" if value.isdigit() and int(value) in asking.SNOOZES:
            return Change(snooze_days=int(value))
        case "off":
            return Change(topic_off=DueKind.CHECK_IN)
        case "on":
            return Change(topic_on=DueKind.CHECK_IN)
        case "topic" if value in set(TOPICS):
            off = value in agreed.topics_off
            return Change(topic_on=value) if off else Change(topic_off=value)
    return None


def take_wish(turn: Turn) -> Outcome | None:
    """Change check-ins as they say it: "can you check in less", "once a month is enough"."""
    if not check_ins.for_us(turn):
        return None
    wish = wishes.read(turn.text)
    asked = reading.certain_intent(turn) == INTENT or _answers(turn, wish)
    if not asked and (wish.empty or not wish.sure or reading.is_question(turn)):
        return None
    agreed = turn.agreed()
    if agreed is None:
        return _stranger(turn) if asked else None
    if wish.less and (longer := less_often(agreed.every)) is not None:
        return _change(turn, agreed, Change(every=longer))
    if wish.less or wish.more or wish.change == Change():
        return _ask_every(turn, agreed) if wish.more or wish.less else _settings(turn, agreed)
    return _change(turn, agreed, wish.change)


def _answers(turn: Turn, wish: Wish) -> bool:
    """Whether it answers what was just asked about check-ins: "every month"."""
    return (
        turn.memory.waiting is Waiting.RHYTHM and not wish.empty and not reading.is_question(turn)
    )


def asks(turn: Turn, reply: Reply) -> Outcome:
    """Ask something about check-ins, to be answered by button or in words."""
    return turn.say(reply, waiting=Waiting.RHYTHM, waiting_for="")


def _change(turn: Turn, agreed: Agreed, wanted: Change) -> Outcome:
    after = plans.as_changed(agreed, wanted, turn.now)
    if not plans.possible(after):
        return turn.say(turn.reply("check_in.time_is_quiet", *_time_rows(turn)))
    return turn.say(
        _said(turn, after, wanted)
        or turn.reply("check_in.changed", _menu(turn), **values(turn, after)),
        effects=(ChangePlan(wanted),),
        check_in="",
    )


def _said(turn: Turn, after: Agreed, wanted: Change) -> Reply | None:
    """Return what is said of a change that has words of its own; None for the usual ones."""
    if wanted.topic_off == DueKind.CHECK_IN:
        return turn.reply("check_in.off", (turn.key("check_ins_on", "rhythm:on"),))
    if wanted.topic_off:
        return turn.reply("check_in.topic_is_off", _menu(turn))
    if wanted.topic_on and wanted.topic_on != DueKind.CHECK_IN:
        return turn.reply("check_in.topic_is_on", _menu(turn))
    if wanted.snooze_days is not None and after.snoozed_until is not None:
        until = say_time(after.snoozed_until, turn.now, turn.rota.zone)
        return turn.reply("check_in.snoozed", _menu(turn), until=until)
    return None


def _menu(turn: Turn) -> tuple[Key, ...]:
    return (turn.key("check_ins", "rhythm:show"), turn.key("menu", "menu"))


def _stranger(turn: Turn) -> Outcome:
    return turn.say(turn.reply(f"control.{INTENT}", (turn.key("person", "person"),)))


def _settings(turn: Turn, agreed: Agreed) -> Outcome:
    """Say what is agreed, and offer to change it."""
    if DueKind.CHECK_IN in agreed.topics_off:
        on = (turn.key("check_ins_on", "rhythm:on"),)
        topics = (turn.key("change_topics", "rhythm:ask:topics"),)
        return turn.say(turn.reply("check_in.settings_off", on, topics))
    rows = (
        (
            turn.key("change_every", "rhythm:ask:every"),
            turn.key("change_day", "rhythm:ask:day"),
        ),
        (
            turn.key("change_time", "rhythm:ask:time"),
            turn.key("change_quiet", "rhythm:ask:quiet"),
        ),
        (turn.key("change_topics", "rhythm:ask:topics"),),
        (turn.key("check_ins_off", "rhythm:off"), turn.key("menu", "menu")),
    )
    return asks(turn, turn.reply("check_in.settings", *rows, **values(turn, agreed)))


def values(turn: Turn, agreed: Agreed) -> dict[str, str]:
    """Return what is agreed, in words."""
    coming = plans.next_of(agreed, turn.rota.zone, turn.now)
    return {
        "every": asking.every(turn.library, agreed.every),
        "day": turn.library.say(f"check_in.day_{agreed.weekday}"),
        "at": clock(agreed.at),
        "next": say_time(coming, turn.now, turn.rota.zone)
        if coming
        else turn.library.say("check_in.soon"),
        "quiet_from": clock(agreed.hours.quiet_from),
        "quiet_to": clock(agreed.hours.quiet_to),
    }


def clock(at: time) -> str:
    """Return a time of day as people say it: `9pm`, `4.30pm`."""
    return at.strftime("%I.%M%p").lstrip("0").replace(".00", "").lower()


def _ask_every(turn: Turn, agreed: Agreed) -> Outcome:
    del agreed
    rows = tuple((turn.key(f"every_{one}", f"rhythm:every:{one}"),) for one in Every)
    return asks(turn, turn.reply("check_in.ask_every", *rows))


def _ask_day(turn: Turn, agreed: Agreed) -> Outcome:
    del agreed
    days = [turn.key(f"day_{day}", f"rhythm:day:{day}") for day in range(7)]
    rows = (tuple(days[:2]), tuple(days[2:4]), tuple(days[4:]))
    return asks(turn, turn.reply("check_in.ask_day", *rows))


def _ask_time(turn: Turn, agreed: Agreed) -> Outcome:
    del agreed
    return asks(turn, turn.reply("check_in.ask_time", *_time_rows(turn)))


def _time_rows(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    return tuple((turn.key(f"time_{one}", f"rhythm:time:{one}"),) for one in asking.TIMES)


def _ask_quiet(turn: Turn, agreed: Agreed) -> Outcome:
    del agreed
    rows = tuple((turn.key(f"quiet_{one}", f"rhythm:quiet:{one}"),) for one in QUIET)
    return turn.say(turn.reply("check_in.ask_quiet", *rows))


def _ask_topics(turn: Turn, agreed: Agreed) -> Outcome:
    rows = tuple((_topic(turn, agreed, one),) for one in TOPICS)
    return turn.say(turn.reply("check_in.ask_topics", *rows, (turn.key("menu", "menu"),)))


def _topic(turn: Turn, agreed: Agreed, topic: DueKind) -> Key:
    words = turn.label("topic_off") if topic in agreed.topics_off else turn.label("topic_on")
    said = turn.library.fill(words, values={"topic": turn.label(f"topic_{topic}")})
    return Key(said, f"rhythm:topic:{topic}")


ASKS = {
    "every": _ask_every,
    "day": _ask_day,
    "time": _ask_time,
    "quiet": _ask_quiet,
    "topics": _ask_topics,
}
