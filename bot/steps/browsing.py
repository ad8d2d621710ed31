"""Finding things by buttons: the menu, topics, articles, and what each button does."""

from collections.abc import Callable

from bot.incoming import Kind
from bot.memory import Waiting
from bot.steps import (
    answering,
    check_ins,
    control,
    counted,
    hearing,
    news,
    people,
    rhythm,
    statements,
    told,
    topics,
    welcome,
)
from bot.steps.danger import choices
from bot.turn import Key, Outcome, Reply, SaidWrong, Turn, Vote
from storage.tables.outbox import Lane

ARTICLES_A_PAGE = 10
VOTES = {"up": "helped", "down": "wrong", "old": "out_of_date"}


def menu(turn: Turn) -> Outcome:
    """Offer every topic that has something for this council."""
    with_a_record = ((turn.key("check_ins", "rhythm:show"), turn.key("news", "news")),)
    reply = turn.reply(
        "menu.topics",
        *topics.rows(turn),
        (turn.key("tell_us", "tell"), turn.key("mine", "mine")),
        *(with_a_record if turn.who.known else ()),
        hearing.menu_row(turn),
        (turn.key("person", "person"), Key(turn.label("help_now"), "help_now")),
    )
    return turn.say(reply)


def show_topic(turn: Turn, rest: str) -> Outcome:
    """Offer the articles of a topic, as many at a time as fit a screen."""
    topic, _, page = rest.partition(":")
    at = int(page) * ARTICLES_A_PAGE if page.isdigit() else 0
    found = topics.articles_in(turn, topic)
    shown = found[at : at + ARTICLES_A_PAGE]
    if not shown:
        return expired(turn)
    rows = ((Key(turn.library.articles[one].title, f"article:{one}"),) for one in shown)
    more = turn.key("more_to_read", f"topic:{topic}:{at // ARTICLES_A_PAGE + 1}")
    rest_left = (more,) if len(found) > at + ARTICLES_A_PAGE else ()
    reply = turn.reply(
        "menu.articles",
        *rows,
        (*rest_left, turn.key("menu", "menu")),
        topic=turn.library.topics[topic],
    )
    return turn.say(reply)


def press(turn: Turn) -> Outcome | None:
    """Do what a button does. An old, used or forged one gets a friendly line."""
    if turn.incoming.kind is not Kind.BUTTON:
        return None
    if turn.action is None:
        return expired(turn)
    verb, _, rest = turn.action.partition(":")
    act = PRESSES.get(verb)
    return (act(turn, rest) if act else None) or expired(turn)


def expired(turn: Turn) -> Outcome:
    """Say that the button is over, and offer a fresh menu."""
    return turn.say(turn.reply("buttons.old", (turn.key("menu", "menu"),)))


def _vote(turn: Turn, rest: str) -> Outcome:
    vote, _, article_id = rest.partition(":")
    if vote not in VOTES:
        return expired(turn)
    rows = () if vote == "up" else ((turn.key("person", "person"),),)
    return turn.say(turn.reply(f"vote.{vote}", *rows), effects=(Vote(VOTES[vote], article_id),))


def press_help(turn: Turn, rest: str = "") -> Outcome:
    """Show the card of help lines, which needs no understanding."""
    del rest
    text = turn.library.say("static.help_now", turn.council)
    return turn.say(Reply("static.help_now", text, (), Lane.SAFETY, help_keyboard=True))


def _got_wrong(turn: Turn, rest: str) -> Outcome:
    """Change the tone, never the flag (safety.md 3.2 rule 5)."""
    del rest
    reply = turn.reply("safety.button.got_wrong", (turn.key("menu", "menu"),))
    return turn.say(
        reply, effects=(SaidWrong(),), danger_at="", danger_level="", turns_since_card=9, cards=()
    )


def _safe_talk(turn: Turn, rest: str) -> Outcome:
    del rest
    reached = people.talk_to_a_person(turn)
    first = turn.reply("safety.button.safe_want_to_talk", choices(turn)[0])
    return Outcome((first, *reached.replies), reached.memory, reached.effects)


def _something_else(turn: Turn, rest: str) -> Outcome:
    del rest
    return answering.second_miss(turn)


def _delete(turn: Turn, rest: str) -> Outcome:
    if turn.memory.waiting is not Waiting.CONFIRM_DELETE:
        return expired(turn)
    return control.delete(turn) if rest == "yes" else control.keep(turn)


def _skip_or_set(set_it: Callable[[Turn], Outcome]) -> Callable[[Turn, str], Outcome]:
    return lambda turn, _rest: set_it(turn)


def _words(turn: Turn, rest: str) -> Outcome:
    del rest
    return people.no_more_words(turn)


PRESSES: dict[str, Callable[[Turn, str], Outcome | None]] = {
    "menu": lambda turn, _: menu(turn),
    "topic": show_topic,
    "article": lambda turn, rest: (
        answering.show(turn, rest) if turn.article(rest) else expired(turn)
    ),
    "more": lambda turn, rest: answering.more(turn, rest) if turn.article(rest) else expired(turn),
    "who": lambda turn, rest: (
        answering.who_can_help(turn, rest) if turn.article(rest) else expired(turn)
    ),
    "vote": _vote,
    "else": _something_else,
    "person": _skip_or_set(people.talk_to_a_person),
    "ask": lambda turn, rest: (
        people.open_request(turn, rest) if rest in people.REQUESTS else expired(turn)
    ),
    "agree": _skip_or_set(welcome.agree),
    "age": _skip_or_set(welcome.skip_age),
    "council": welcome.set_council,
    "help_now": press_help,
    "safe_talk": _safe_talk,
    "got_wrong": _got_wrong,
    "delete": _delete,
    "resume": _skip_or_set(control.resume),
    "tell": _skip_or_set(statements.menu),
    "start": statements.start,
    "st": statements.press,
    "mine": _skip_or_set(told.mine),
    "own": told.press,
    "sorted": hearing.press_sorted,
    "hear": hearing.press_hear,
    "wedid": hearing.we_did,
    "ask_council": hearing.press_ask,
    "asked": hearing.asked,
    "survey": hearing.press_survey,
    "words": _words,
    "checkin": check_ins.press,
    "note": counted.press,
    "rhythm": rhythm.press,
    "news": _skip_or_set(news.choose),
    "news_flip": news.flip,
    "news_places": _skip_or_set(news.places),
    "news_place": news.flip_place,
    "news_stop": news.stop,
    "coming": news.coming,
    "not_coming": news.not_coming,
}
