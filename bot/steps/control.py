"""Words that always work, in any state and misspelt: STOP, PAUSE, RESUME, HUMAN, DELETE, MY DATA."""

from dataclasses import replace

from bot.incoming import Kind
from bot.memory import Memory, Waiting
from bot.steps import danger, opened, people, reading, statements
from bot.turn import Erase, Outcome, SendMyData, SetStopped, Turn
from safeguarding.judgement import Layer, Screening, Sign
from safeguarding.levels import Category, Level

WORDS = {
    "help_misspelt": (
        "hlep",
        "helpp",
        "hepl",
        "halp",
        "hlp",
        "hellp",
        "heelp",
        "helo me",
        "hlep me",
    ),
    "stop": (
        "stop",
        "/stop",
        "unsubscribe",
        "stop messaging me",
        "stop texting me",
        "leave me alone",
    ),
    "pause": ("pause", "/pause", "pause for a week", "not this week"),
    "resume": (
        "resume",
        "/resume",
        "unpause",
        "carry on",
        "start again",
        "restart",
        "unstop",
    ),
    "talk_to_a_person": (
        "human",
        "/human",
        "person",
        "real person",
        "talk to a human",
        "talk to a person",
    ),
    "delete_my_data": (
        "delete",
        "/delete",
        "delete me",
        "delete my data",
        "delete everything",
        "erase",
    ),
    "get_my_data": (
        "my data",
        "mydata",
        "/mydata",
        "/my_data",
        "show my data",
        "see my data",
    ),
    "menu": ("menu", "/menu", "main menu", "home"),
    "mine": (
        "/mine",
        "what i told you",
        "what have i told you",
        "what did i tell you",
        "my statements",
    ),
    "seen": (
        "/seen",
        "who has seen this",
        "who's seen this",
        "whos seen this",
        "who has seen my messages",
        "who's seen my messages",
        "whos seen my messages",
        "who has read this",
        "who read this",
        "who has read my messages",
        "who read my messages",
        "who has opened my messages",
        "who opened my messages",
        "who has looked at my messages",
        "who looked at my messages",
        "who has seen what i wrote",
        "who has seen what i told you",
    ),
    "tell": ("/tell", "tell us something"),
    "what_can_you_do": ("/help", "/about"),
}
#: One-word commands that are also understood one letter out.
SPELT_LOOSELY = {
    word: name
    for name, words in WORDS.items()
    for word in words
    if word.isalpha() and len(word) > 3 and name != "help_misspelt"
}
#: Real words that are one letter away from a command.
NOT_COMMANDS = frozenset(
    {"deleted", "deletes", "ment", "mend", "stopp", "resumed", "resumes", "paused", "pauses"}
) - {"stopp"} | frozenset(
    {
        "shop",
        "stops",
        "step",
        "atop",
        "stow",
        "stoop",
        "men",
        "paused",
        "cause",
        "parson",
        "prison",
        "persons",
        "hum",
        "dome",
        "hone",
        "come",
        "some",
        "hope",
        "homes",
        "hole",
        "phase",
        "pulse",
        "house",
        "mend",
    }
)
#: Where their own words are waited for, these are answers like any other ("where was it?" "home").
ANSWERS_TOO = frozenset({"home", "person", "start again", "restart"})
CARRY_ON = frozenset({"carry on", "carry on with it"})
PAUSE_DAYS = 7


def command(text: str) -> str | None:
    """Return the command that a whole message is, allowing for one slip in a single word."""
    said = " ".join(text.casefold().replace("’", "'").strip(" .!?\n\t\"'").split())
    for name, words in WORDS.items():
        if said in words:
            return name
    joined = said.replace(" ", "")
    if joined != "mydata" and len(said.split()) == 2 and one_slip(joined, "mydata"):
        return "get_my_data"
    if said in NOT_COMMANDS or not said.isalpha():
        return None
    return next((name for word, name in SPELT_LOOSELY.items() if one_slip(said, word)), None)


def one_slip(said: str, meant: str) -> bool:
    """Whether one letter is missing, extra, wrong or swapped with its neighbour."""
    # A wrong first letter is rare, and makes other words: "top" is not STOP.
    if abs(len(said) - len(meant)) > 1 or said[0] != meant[0]:
        return False
    if len(said) == len(meant):
        wrong = [at for at, (a, b) in enumerate(zip(said, meant, strict=True)) if a != b]
        swapped = (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and said[wrong[0]] == meant[wrong[1]]
            and said[wrong[1]] == meant[wrong[0]]
        )
        return len(wrong) == 1 or swapped
    short, long = sorted((said, meant), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def obey(turn: Turn) -> Outcome | None:
    """Do what a control word says."""
    if turn.incoming.kind not in {Kind.TEXT, Kind.EDIT}:
        return None
    name = command(turn.text)
    said = turn.text.casefold().strip(" .!?")
    if said in CARRY_ON and turn.draft is not None and not turn.who.stopped:
        return statements.press(turn, f"{turn.draft.reference}:go")
    if said in ANSWERS_TOO and statements.is_for_words(turn):
        return None
    said_again = turn.text.casefold().strip(" .!") == "delete"
    if said_again and turn.memory.waiting is Waiting.CONFIRM_DELETE:
        return None  # it is the answer to our question: `confirm_delete` takes it
    return ACTIONS[name](turn) if name in ACTIONS else None


def obey_meaning(turn: Turn) -> Outcome | None:
    """Do what a longer message surely means, such as "please delete all my stuff"."""
    intent = reading.certain_intent(turn)
    return ACTIONS[intent](turn) if intent in reading.RASA_CONTROL else None


def help_misspelt(turn: Turn) -> Outcome:
    """Take a slip in HELP as HELP: the card of help lines, and a person is asked to look."""
    sign = Sign(Category.HELP_WORD, Level.SAME_DAY, "help_word.misspelt", Layer.HELP_WORD)
    asked = Screening(Level.SAME_DAY, (Category.HELP_WORD,), signs=(sign,))
    return danger.answer_danger(replace(turn, screening=asked)) or turn.say()


def stop(turn: Turn) -> Outcome:
    """Stop: nothing is sent until they write again."""
    return turn.say(
        turn.reply("control.stopped", (turn.key("resume", "resume"),)),
        effects=(SetStopped(stopped=True),),
        waiting=Waiting.NOTHING,
        waiting_for="",
    )


def pause(turn: Turn) -> Outcome:
    """Send nothing of our own accord for a week."""
    return turn.say(
        turn.reply("control.paused", (turn.key("resume", "resume"),)),
        effects=(SetStopped(pause_days=PAUSE_DAYS),),
    )


def resume(turn: Turn) -> Outcome:
    """Start again, also after a member of staff took over."""
    return turn.say(
        turn.reply("control.resumed", (turn.key("menu", "menu"),)),
        effects=(SetStopped(),),
    )


def ask_before_deleting(turn: Turn) -> Outcome:
    """Say what goes, what cannot, and ask once."""
    which = "control.delete_ask" if turn.who.known else "control.delete_ask_stranger"
    rows = (
        (turn.key("delete_yes", "delete:yes"),),
        (turn.key("delete_no", "delete:no"),),
    )
    return turn.say(turn.reply(which, *rows), waiting=Waiting.CONFIRM_DELETE)


def delete(turn: Turn) -> Outcome:
    """Erase what may be erased, and open a request for the rest."""
    which = "control.deleted" if turn.who.known else "control.deleted_stranger"
    return Outcome(
        (turn.reply(which),),
        Memory(notice=turn.memory.notice if turn.who.known else ""),
        (Erase(),),
    )


def confirm_delete(turn: Turn) -> Outcome | None:
    """Take the answer to "delete?": only a clear yes deletes."""
    if turn.memory.waiting is not Waiting.CONFIRM_DELETE or turn.incoming.kind is not Kind.TEXT:
        return None
    if turn.text.casefold().strip(" .!") in {
        "yes",
        "y",
        "yeah",
        "yes delete",
        "delete",
        "yep",
        "ye",
    }:
        return delete(turn)
    if turn.text.casefold().strip(" .!") in {"no", "n", "nah", "nope", "cancel"}:
        return keep(turn)
    return None


def keep(turn: Turn) -> Outcome:
    """Delete nothing after all."""
    return turn.say(turn.reply("control.delete_kept"), waiting=Waiting.NOTHING)


def send_my_data(turn: Turn) -> Outcome:
    """Send a file of all that is held."""
    return turn.say(turn.reply("control.my_data"), effects=(SendMyData(),))


def show_menu(turn: Turn) -> Outcome:
    """Open the menu of topics."""
    from bot.steps import browsing  # noqa: PLC0415 (browsing offers a person, as control does)

    return browsing.menu(turn)


def show_mine(turn: Turn) -> Outcome:
    """List what they told us."""
    from bot.steps import told  # noqa: PLC0415 (as above)

    return told.mine(turn)


def tell(turn: Turn) -> Outcome:
    """Offer every kind of statement."""
    return statements.menu(turn)


def what_can_you_do(turn: Turn) -> Outcome:
    """Say what Kith is for."""
    return turn.say(
        turn.reply(
            "bot.what_can_you_do",
            (turn.key("menu", "menu"),),
            (turn.key("help_now", "help_now"),),
        )
    )


def stay_stopped(turn: Turn) -> Outcome | None:
    """After STOP, say only how to start again."""
    if (
        not turn.who.stopped
        or turn.incoming.kind is not Kind.TEXT
        or turn.text.startswith("/start")
    ):
        return None
    return turn.say(turn.reply("control.still_stopped", (turn.key("resume", "resume"),)))


ACTIONS = {
    "help_misspelt": help_misspelt,
    "stop": stop,
    "pause": pause,
    "resume": resume,
    "talk_to_a_person": people.talk_to_a_person,
    "delete_my_data": ask_before_deleting,
    "get_my_data": send_my_data,
    "menu": show_menu,
    "mine": show_mine,
    "seen": opened.show,
    "tell": tell,
    "what_can_you_do": what_can_you_do,
}
