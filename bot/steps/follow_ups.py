"""Follow-ups told by their words: how to start, a no, what next, is it true, elsewhere, and back."""

import re
from dataclasses import replace

from bot.steps import answering, meant, reading
from bot.turn import Key, Outcome, Turn
from content.articles import Article
from content.library import expired
from nlu import follow_ups
from nlu.follow_ups import FollowUp

#: Sentences that say how to begin, and what to do about a no.
HOW = re.compile(
    r"[^.\n?]*\b(?:apply|claim|ask|ring|call|fill|form|sign up|register|book|online|bring|join)\b[^.\n]*\.?",
    re.IGNORECASE,
)
NO = re.compile(
    r"[^.\n]*\b(?:says? no|said no|refuses?d?|turned down|turns? you down|appeal|reconsider\w*|review|"
    r"challenge|complain|ombudsman|tribunal|disagree|think it is wrong)\b[^.\n]*[.?]?",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"^\W*(?:(?:ok|and|n|but|so)\s+)*(?:(?:what|how|wot|wat)\s+(?:about|abt|bout)|if\s+(?:im|i'm|i|u|you)|in|is it the same|same|does it)\b",
    re.IGNORECASE,
)
SHORT = 9
#: What is shorter ("Ask.") is a piece of a sentence, and says nothing alone.
FEWEST_WORDS = 4


def by_words(turn: Turn) -> Outcome | None:
    """Answer a short message that only makes sense after the last article."""
    article_id = turn.memory.context(turn.now)
    article = turn.article(article_id) if article_id else None
    if article is None:
        return None
    if (elsewhere := _elsewhere(turn, article)) is not None:
        return elsewhere
    asked = follow_ups.kind(turn.text)
    return ANSWERS[asked](turn, article) if asked else None


def _apply(turn: Turn, article: Article) -> Outcome:
    return answering.say_found(
        turn, article, _sentences(turn, article, HOW), "follow_up.apply", "follow_up.no_apply"
    )


def _refused(turn: Turn, article: Article) -> Outcome:
    found = _sentences(turn, article, NO)
    outcome = answering.say_found(turn, article, found, "follow_up.refused", "follow_up.no_refused")
    keys = tuple(
        (Key(turn.library.articles[one].title, f"article:{one}"),)
        for one in ("rights.complaint", "rights.advocacy")
        if turn.article(one) and one != article.id
    )
    first = outcome.replies[0]
    return replace(outcome, replies=(replace(first, keys=(*keys, *first.keys)),))


def _sentences(turn: Turn, article: Article, pattern: re.Pattern[str]) -> list[str]:
    """Return what the article says of it: the longer part first, since it holds the steps."""
    whole = "\n".join(
        [
            turn.library.more(article, council=turn.council),
            turn.library.answer(article, age=meant.age_now(turn), council=turn.council),
        ]
    )
    found = (sentence.strip(" -") for sentence in pattern.findall(whole))
    return [sentence for sentence in found if len(sentence.split()) >= FEWEST_WORDS]


def _next(turn: Turn, article: Article) -> Outcome:
    """Tell the rest, then who can help, then that this is all."""
    if not turn.memory.told:
        return answering.more(turn, article.id)
    if turn.memory.told == "more":
        return answering.who_can_help(turn, article.id)
    rows = ((turn.key("person", "person"), turn.key("menu", "menu")),)
    reply = turn.reply("follow_up.end", *rows)
    return turn.say(replace(reply, text=answering.named(turn, article, reply.text)))


def _sure(turn: Turn, article: Article) -> Outcome:
    """Say where the answer comes from, when it was checked, and what of it is not sure."""
    on = f"{article.reviewed_on.day} {article.reviewed_on:%B %Y}"
    open_still = article.unconfirmed or expired(article, turn.now.date())
    certain = turn.library.say("follow_up.not_certain" if open_still else "follow_up.certain")
    rows = (
        (Key(turn.label("official"), url=article.link),),
        (turn.key("who", f"who:{article.id}"),),
    )
    source, *others = [one.name for one in article.sources]
    if others:
        reply = turn.reply(
            "follow_up.sure_two", *rows, on=on, certain=certain, source=source, second=others[0]
        )
    else:
        reply = turn.reply("follow_up.sure", *rows, on=on, certain=certain, source=source)
    told = replace(reply, text=answering.named(turn, article, reply.text))
    return turn.say(told, asked_at=turn.now.isoformat())


def _first(turn: Turn, article: Article) -> Outcome:
    return _back_to(turn, turn.memory.trail[0] if turn.memory.trail else article.id)


def _before(turn: Turn, article: Article) -> Outcome:
    """Go back one article; where there is none, say so."""
    trail = turn.memory.trail
    earlier = trail[: trail.index(article.id)] if article.id in trail else trail
    if not earlier:
        return turn.say(turn.reply("follow_up.nothing_before", (turn.key("menu", "menu"),)))
    return _back_to(turn, earlier[-1])


def _back_to(turn: Turn, article_id: str) -> Outcome:
    """Show an article again, for whoever it was asked for, and keep the order they were shown in."""
    if turn.article(article_id) is None:
        return turn.say(turn.reply("follow_up.nothing_before", (turn.key("menu", "menu"),)))
    outcome = answering.show(turn, article_id)
    return replace(outcome, memory=replace(outcome.memory, trail=turn.memory.trail))


def _elsewhere(turn: Turn, article: Article) -> Outcome | None:
    """Answer "what about in cambridge?": the same article for that council, which is not remembered."""
    places = [one.value for one in turn.understanding.entities if one.kind == "place"]
    short = len(turn.text.split()) <= SHORT and ELSEWHERE.search(turn.text)
    sure = reading.certain_intent(turn)
    other_article = sure is not None and sure != article.id and turn.article(sure) is not None
    if not places or not short or other_article or places[0] not in turn.library.councils:
        return None
    council = turn.library.councils[places[0]].name
    if not turn.library.shown_in(article, places[0]):
        reply = turn.reply("follow_up.not_elsewhere", (turn.key("menu", "menu"),), council=council)
        return turn.say(replace(reply, text=answering.named(turn, article, reply.text)))
    there = replace(turn, who=replace(turn.who, council=places[0]))
    outcome = answering.show(there, article.id, age=meant.age_now(turn))
    first = outcome.replies[0]
    said = turn.library.say("follow_up.elsewhere", council=council)
    return replace(outcome, replies=(replace(first, text=f"{said}\n\n{first.text}"),))


ANSWERS = {
    FollowUp.APPLY: _apply,
    FollowUp.REFUSED: _refused,
    FollowUp.NEXT: _next,
    FollowUp.SURE: _sure,
    FollowUp.FIRST: _first,
    FollowUp.BEFORE: _before,
}
