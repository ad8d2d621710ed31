"""What we write first, as messages with buttons: the same from the clock and in the conversation."""

from content.keeping_in_touch import Line, Question
from content.library import Library
from storage.sending import Key, Reply
from storage.tables.keeping_in_touch import Every
from storage.tables.outbox import Lane

#: Two faces a row, best first, so that each has room for its word.
FACES = ((5, 4), (3, 2), (1,))
TIMES = ("10_00", "12_30", "16_30", "18_30")
SNOOZES = (1, 7, 30)
#: In practice, and when somebody asks to be asked, no row stands behind the question.
NO_DUE = 0


def called(name: str) -> str:
    """Return how somebody is greeted, with the space before it; in practice nobody has a name."""
    return f" {name.split(maxsplit=1)[0]}" if name.split() else ""


def question(
    library: Library, asked: Question, *, name: str, who: str, due_id: int = NO_DUE, lane: Lane
) -> Reply:
    """Return a check-in: one warm message, five faces and "not now"."""
    text = library.say(f"check_in.ask.{asked.id}", name=called(name), who=who)
    return Reply(f"check_in.ask.{asked.id}", text, faces(library, asked.id, due_id), lane)


def faces(library: Library, question_id: str, due_id: int) -> tuple[tuple[Key, ...], ...]:
    """Return the five faces and "not now"."""
    where = f"{question_id}:{due_id}"
    rows = [
        tuple(Key(library.label(f"feeling_{face}"), f"checkin:face:{where}:{face}") for face in row)
        for row in FACES
    ]
    rows[-1] = (*rows[-1], Key(library.label("not_now"), f"checkin:not_now:{where}"))
    return tuple(rows)


def nudge(library: Library, asked: Question, *, name: str, who: str, due_id: int) -> Reply:
    """Return the one reminder, with the faces of the check-in it is about."""
    text = library.say("check_in.nudge", name=called(name), who=who)
    return Reply("check_in.nudge", text, faces(library, asked.id, due_id), Lane.BULK)


def other_time(library: Library, *, name: str) -> Reply:
    """Return the offer of another time, or of being asked less."""
    times = tuple(Key(library.label(f"time_{one}"), f"rhythm:time:{one}") for one in TIMES)
    rows = (
        *((one,) for one in times),
        (
            Key(library.label("change_every"), "rhythm:ask:every"),
            Key(library.label("check_ins_off"), "rhythm:off"),
        ),
    )
    return Reply(
        "check_in.other_time",
        library.say("check_in.other_time", name=called(name)),
        rows,
        Lane.BULK,
    )


def line(library: Library, one: Line, *, name: str, who: str) -> Reply:
    """Return a line of the rights calendar, with its article and a way to a person."""
    text = library.say(f"calendar.{one.id}", name=called(name), who=who)
    rows: list[tuple[Key, ...]] = []
    if one.id == library.keeping.in_touch.id:
        return Reply(f"calendar.{one.id}", text, faces(library, "how_are_you", NO_DUE), Lane.BULK)
    if one.article:
        rows.append((Key(library.articles[one.article].title, f"article:{one.article}"),))
        rows.append((Key(library.label("person"), "person"),))
    return Reply(f"calendar.{one.id}", text, tuple(rows), Lane.BULK)


def every(library: Library, interval: Every) -> str:
    """Return an interval as people say it, after "every"."""
    return library.say(f"check_in.{interval}")
