"""Answering from the local offer: the article, a follow-up about it, or an honest "not sure"."""

import re
from dataclasses import replace

from bot.memory import CONTEXT_LASTS, within
from bot.steps import meant, reading, topics
from bot.turn import Key, Outcome, Reply, Turn, Vote
from content import shown
from content.articles import Article

#: Telegram's longest message is 4,096; ours stay well below, so that an old phone shows them whole.
LONGEST_MESSAGE = 3_500
MARGIN = 0.12
#: How many articles back somebody may still go in words.
LONGEST_TRAIL = 6
#: How many ways there are of saying that we still cannot find it.
MISSES = 4
MONEY = re.compile(r"[^.\n]*£[^.\n]*(?:\.\d\d[^.\n]*)*\.?")
WHEN = re.compile(
    r"[^.\n]*\b(?:days?|weeks?|months?|years?|until|before|after|deadline|birthday)\b[^.\n]*\.?"
)
CORRECTION = re.compile(
    r"^(?:nah|no|nope|not that|i meant?|na)\b[ ,]*(?:i mean[t]?|the|not that)?[ ,]*",
    re.IGNORECASE,
)
AGE_ONLY = re.compile(r"\b(?:if|and|what about|im|i'm|was|when|for)\b", re.IGNORECASE)


def show(turn: Turn, article_id: str, *, age: int | None = None) -> Outcome:
    """Answer with an article: its first paragraph, dates, source, and what to do next."""
    article = turn.library.articles[article_id]
    other = meant.somebody_else(turn)
    text = shown.answer(
        turn.library,
        article,
        age=age or meant.age(turn, other),
        council=turn.council,
        today=turn.now.date(),
    )
    reply = Reply(f"article.{article_id}", meant.told(turn, other, text), _rows(turn, article))
    memory = replace(
        turn.memory,
        article=article_id,
        asked_at=turn.now.isoformat(),
        offered=(),
        missed=0,
        trail=_trail(turn, article_id),
        told="",
        asked_for=str(other.asker) if other else "",
        their_age=(other.age or 0) if other else 0,
    )
    return Outcome((reply,), memory, article=article_id)


def _trail(turn: Turn, article_id: str) -> tuple[str, ...]:
    """Return the articles of this talk, with the one that is shown now at the end."""
    before = turn.memory.trail if turn.memory.context(turn.now) else ()
    return (*(one for one in before if one != article_id), article_id)[-LONGEST_TRAIL:]


def _rows(turn: Turn, article: Article) -> tuple[tuple[Key, ...], ...]:
    return (
        (turn.key("more", f"more:{article.id}"), turn.key("who", f"who:{article.id}")),
        (Key(turn.label("official"), url=article.link),),
        (
            turn.key("vote_up", f"vote:up:{article.id}"),
            turn.key("vote_down", f"vote:down:{article.id}"),
            turn.key("vote_old", f"vote:old:{article.id}"),
        ),
    )


def more(turn: Turn, article_id: str) -> Outcome:
    """Tell the rest of an article."""
    article = turn.library.articles[article_id]
    related = [one for one in article.related if turn.article(one)]
    rows = tuple((Key(turn.library.articles[one].title, f"article:{one}"),) for one in related)
    text = turn.library.more(article, council=turn.council)[:LONGEST_MESSAGE]
    reply = Reply(
        f"more.{article_id}",
        named(turn, article, text),
        ((turn.key("who", f"who:{article_id}"),), *rows, (turn.key("menu", "menu"),)),
    )
    return turn.say(reply, article=article_id, asked_at=turn.now.isoformat(), told="more")


def who_can_help(turn: Turn, article_id: str) -> Outcome:
    """Say who can help, and offer to ask them."""
    article = turn.library.articles[article_id]
    text = shown.who(turn.library, article, council=turn.council)
    reply = Reply(
        f"who.{article_id}",
        named(turn, article, text),
        ((turn.key("person", "person"),), (turn.key("menu", "menu"),)),
    )
    return turn.say(reply, article=article_id, asked_at=turn.now.isoformat(), told="who")


def named(turn: Turn, article: Article, text: str) -> str:
    """Return a text with the name of its article below, when it answers words and not a button.

    A follow-up is then never answered from the wrong article in silence; and below, since a lock
    screen shows what is above.
    """
    if not turn.text:
        return text
    return f"{text}\n\n{turn.library.say('follow_up.about', title=article.title)}"


def follow_up(turn: Turn) -> Outcome | None:
    """Answer a message that only makes sense after the last article."""
    article_id = turn.memory.context(turn.now)
    intent = turn.understanding.intent
    if not article_id or turn.article(article_id) is None:
        return None
    if corrected := _correction(turn, article_id):
        return corrected
    age = meant.said(turn)
    if age is not None and (intent == "ask_if_age" or _short_age_question(turn)):
        return show(turn, article_id, age=age)
    if reading.certain_intent(turn) not in FOLLOW_UPS:
        return None
    return FOLLOW_UPS[intent](turn, article_id)


def _short_age_question(turn: Turn) -> bool:
    """Whether this is only an age with small words round it: "and if im 17?"."""
    sure = reading.certain_intent(turn)
    other_article = sure is not None and turn.article(sure) is not None
    return len(turn.text.split()) <= 6 and bool(AGE_ONLY.search(turn.text)) and not other_article


def _correction(turn: Turn, article_id: str) -> Outcome | None:
    """Take "nah the uni one": the best other article, those just offered or related first."""
    if not CORRECTION.match(turn.text) and turn.understanding.intent != "not_that_one":
        return None
    ranked = [
        one
        for one in turn.understanding.ranking
        if turn.article(one.intent) and one.intent != article_id
    ]
    near = [
        one.intent
        for one in ranked
        if one.intent in turn.memory.offered or _named(turn, one.intent)
    ]
    if near:
        # The sort keeps the ranking among equals: what the last article points at comes first.
        related = turn.library.articles[article_id].related
        return show(
            turn, min(near, key=lambda one: (one not in turn.memory.offered, one not in related))
        )
    if turn.understanding.intent != "not_that_one":
        return None
    options = tuple(one.intent for one in ranked[: reading.MOST_CHOICES])
    return ask_which(turn, options) if options else None


def _named(turn: Turn, article_id: str) -> bool:
    """Whether a word they used is in the article's title or id."""
    said = set(re.findall(r"[a-z]{3,}", CORRECTION.sub("", turn.text.casefold())))
    title = (
        turn.library.articles[article_id].title.casefold()
        + " "
        + article_id.replace(".", " ").replace("_", " ")
    )
    return any(
        word in SYNONYMS.get(one, {one})
        for one in said
        for word in re.findall(r"[a-z]{3,}", title)
        if one not in COMMON
    )


COMMON = frozenset(
    {
        "one",
        "the",
        "that",
        "this",
        "bit",
        "thing",
        "for",
        "about",
        "and",
        "you",
        "not",
        "mean",
        "meant",
    }
)
SYNONYMS = {
    "uni": {"uni", "university", "students"},
    "university": {"uni", "university"},
}


def _amount(turn: Turn, article_id: str) -> Outcome:
    """Say what the article says about money, with its year; or that it gives no sum."""
    article = turn.library.articles[article_id]
    whole = "\n".join(
        [
            turn.library.answer(article, age=meant.age_now(turn), council=turn.council),
            turn.library.more(article, council=turn.council),
        ]
    )
    found = [sentence.strip(" -") for sentence in MONEY.findall(whole)]
    return say_found(turn, article, found, "follow_up.amount", "follow_up.no_amount")


def _when(turn: Turn, article_id: str) -> Outcome:
    article = turn.library.articles[article_id]
    whole = "\n".join(
        [
            turn.library.answer(article, age=meant.age_now(turn), council=turn.council),
            turn.library.more(article, council=turn.council),
        ]
    )
    found = [sentence.strip(" -") for sentence in WHEN.findall(whole)]
    return say_found(turn, article, found, "follow_up.when", "follow_up.no_when")


def say_found(turn: Turn, article: Article, found: list[str], known: str, unknown: str) -> Outcome:
    rows = ((turn.key("more", f"more:{article.id}"), turn.key("who", f"who:{article.id}")),)
    unique = list(dict.fromkeys(found))[:3]
    if unique:
        reply = turn.reply(known, *rows, found="\n\n".join(unique))
    else:
        reply = turn.reply(unknown, *rows)
    named_reply = replace(reply, text=named(turn, article, reply.text))
    return turn.say(named_reply, asked_at=turn.now.isoformat())


def _again_with_age(turn: Turn, article_id: str) -> Outcome:
    return show(turn, article_id)


FOLLOW_UPS = {
    "ask_amount": _amount,
    "ask_when": _when,
    "ask_who": who_can_help,
    "ask_more": more,
    "ask_if_age": _again_with_age,
}


def answer(turn: Turn) -> Outcome | None:
    """Answer with the article that was surely meant."""
    intent = reading.certain_intent(turn)
    if intent is None or turn.article(intent) is None:
        return None
    others = [
        one.confidence
        for one in turn.understanding.ranking
        if one.intent != intent and turn.article(one.intent)
    ]
    if others and turn.understanding.confidence - max(others) < MARGIN:
        return None
    return show(turn, intent)


def ask_which(turn: Turn, options: tuple[str, ...]) -> Outcome:
    """Offer two or three articles, and "something else"."""
    rows = tuple((Key(turn.library.articles[one].title, f"article:{one}"),) for one in options)
    reply = turn.reply("unsure.did_you_mean", *rows, (turn.key("something_else", "else"),))
    vote = Vote("asked_which", offered=options, words=turn.text)
    return turn.say(
        reply,
        effects=(vote,),
        offered=options,
        missed=1,
        missed_at=turn.now.isoformat(),
    )


def not_sure(turn: Turn) -> Outcome:
    """Say honestly that we are not sure; the second time offer the menu and a person."""
    if turn.memory.missed and within(turn.memory.missed_at, CONTEXT_LASTS, turn.now):
        return second_miss(turn)
    options = reading.likely_articles(turn)
    if len(options) == 1:
        options = tuple(dict.fromkeys((*options, *_neighbours(turn, options[0]))))[
            : reading.MOST_CHOICES
        ]
    if len(options) > 1:
        return ask_which(turn, options)
    which = "unsure.nlu_away" if turn.nlu_away else "unsure.first"
    reply = turn.reply(
        which,
        (turn.key("menu", "menu"), turn.key("person", "person")),
        (Key(turn.label("help_now"), "help_now"),),
    )
    return turn.say(reply, effects=_unanswered(turn), missed=1, missed_at=turn.now.isoformat())


def _neighbours(turn: Turn, article_id: str) -> list[str]:
    return [one for one in turn.library.articles[article_id].related if turn.article(one)]


def second_miss(turn: Turn) -> Outcome:
    """Offer every topic and a person; never the same words twice running."""
    number = 2 + max(0, turn.memory.missed - 1) % MISSES
    last = (turn.key("person", "person"), Key(turn.label("help_now"), "help_now"))
    reply = turn.reply(f"unsure.miss_{number}", *topics.rows(turn), last)
    return turn.say(
        reply,
        effects=_unanswered(turn),
        missed=turn.memory.missed + 1,
        missed_at=turn.now.isoformat(),
        offered=(),
    )


def _unanswered(turn: Turn) -> tuple[Vote, ...]:
    if turn.memory.soft(turn.now):
        return (Vote("unanswered", offered=turn.memory.offered),)
    return (Vote("unanswered", _closest(turn), offered=turn.memory.offered, words=turn.text),)


def _closest(turn: Turn) -> str:
    """Return the article that a question without an answer is nearest to: it tells the topic."""
    near = (one.intent for one in turn.understanding.ranking if turn.article(one.intent))
    return next(near, "")
