"""While Kith is switched off: one honest line and whom to ring. Danger is answered as ever."""

from bot.incoming import Kind
from bot.memory import Waiting
from bot.steps import control, danger, talking
from bot.turn import Outcome, Turn

#: Buttons about safety, and about what is theirs, work whatever is off.
STILL_PRESSED = frozenset({"help_now", "safe_talk", "got_wrong", "delete", "resume"})
#: So do these words: to be left alone, to have one's data, to reach a person.
STILL_OBEYED = frozenset(
    {
        "help_misspelt",
        "stop",
        "pause",
        "resume",
        "talk_to_a_person",
        "delete_my_data",
        "get_my_data",
    }
)


def answer(turn: Turn) -> Outcome | None:
    """Say that nothing is answered now. What they write is kept, screened, and changes nothing.

    Words about danger come before this step. Whoever talks with a member of staff goes on doing so,
    and what software cannot read is still looked at by a person.
    """
    if not turn.off or turn.who.stopped or _still_works(turn):
        return None
    if turn.incoming.kind is Kind.REACTION:
        return turn.say()
    still = (
        talking.slow_down(turn)
        or talking.keep_quiet(turn)
        or talking.say_unreadable(turn)
        or danger.soft_check(turn)
        or danger.stay_with_them(turn)
    )
    return still or turn.say(turn.reply("off.now"))


def _still_works(turn: Turn) -> bool:
    if turn.incoming.kind is Kind.BUTTON:
        return (turn.action or "").partition(":")[0] in STILL_PRESSED
    asked = turn.memory.waiting is Waiting.CONFIRM_DELETE
    return asked or control.command(turn.text) in STILL_OBEYED
