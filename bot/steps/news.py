"""News and events: asking for them and ending them, and saying whether one is coming."""

from bot.incoming import Kind
from bot.steps import statements
from bot.turn import Coming, Key, Outcome, SetNews, Turn

#: These work at any time; the others only when nothing else waits for words.
ALWAYS = frozenset({"news", "/news", "stop news", "stop the news", "no more news"})
WORDS = ALWAYS | {"events", "news and events", "whats on", "what's on"}
PLACE, ON = "place:", "✓ "
PLACES_A_ROW = 2


def hear(turn: Turn) -> Outcome | None:
    """Open the list for whoever says NEWS, however they mean it: off is one tap away."""
    if turn.incoming.kind not in {Kind.TEXT, Kind.EDIT}:
        return None
    said = " ".join(turn.text.casefold().replace("’", "'").strip(" .!?").split())
    return choose(turn) if said in (ALWAYS if statements.is_for_words(turn) else WORDS) else None


def choose(turn: Turn, news: frozenset[str] | None = None) -> Outcome:
    """Show what there is news about, with a tick at what is on."""
    if not turn.who.known:
        return turn.say(turn.reply("events.only_with_a_code", (turn.key("menu", "menu"),)))
    on = turn.news if news is None else news
    rows: list[tuple[Key, ...]] = [
        (_ticked(turn.label(f"news.{one}"), f"news_flip:{one}", on=one in on),)
        for one in turn.library.events.interests
    ]
    if on:
        rows.append((turn.key("news_places", "news_places"), turn.key("news_stop", "news_stop")))
    reply = turn.reply("events.choose", *rows, (turn.key("menu", "menu"),))
    effects = () if news is None else (SetNews(news),)
    return turn.say(reply, effects=effects)


def flip(turn: Turn, interest: str) -> Outcome:
    """Turn one kind of news on or off."""
    known = interest in turn.library.events.interests
    return choose(turn, turn.news ^ {interest} if known else None)


def stop(turn: Turn, rest: str = "") -> Outcome:
    """End all news at once."""
    del rest
    return turn.say(
        turn.reply("events.all_off", (turn.key("menu", "menu"),)), effects=(SetNews(frozenset()),)
    )


def places(turn: Turn, news: frozenset[str] | None = None) -> Outcome:
    """Show the places of their council, with a tick at those they chose."""
    council = turn.library.councils.get(turn.council or "")
    if council is None or not turn.who.known:
        return choose(turn)
    on = turn.news if news is None else news
    keys = [
        _ticked(place, f"news_place:{number}", on=f"{PLACE}{place}" in on)
        for number, place in enumerate(council.places)
    ]
    rows = [tuple(keys[at : at + PLACES_A_ROW]) for at in range(0, len(keys), PLACES_A_ROW)]
    anywhere = turn.key("news_anywhere", "news_place:any")
    reply = turn.reply(
        "events.places", *rows, (anywhere, turn.key("news", "news")), council=council.name
    )
    return turn.say(reply, effects=() if news is None else (SetNews(news),))


def flip_place(turn: Turn, which: str) -> Outcome:
    """Turn one place on or off; "anywhere" turns all of them off."""
    council = turn.library.councils.get(turn.council or "")
    if which == "any":
        return choose(turn, frozenset(one for one in turn.news if not one.startswith(PLACE)))
    if council is None or not which.isdigit() or int(which) >= len(council.places):
        return choose(turn)
    return places(turn, turn.news ^ {f"{PLACE}{council.places[int(which)]}"})


def coming(turn: Turn, reference: str) -> Outcome:
    """Count them in."""
    return _answer(turn, reference, is_coming=True)


def not_coming(turn: Turn, reference: str) -> Outcome:
    """Count them out."""
    return _answer(turn, reference, is_coming=False)


def _answer(turn: Turn, reference: str, *, is_coming: bool) -> Outcome:
    state = turn.event_state(reference) if turn.event_state else "over"
    if state == "over":
        return turn.say(turn.reply("events.over", (turn.key("menu", "menu"),)))
    reply = "events.not_coming"
    if is_coming:
        reply = "events.coming_soon" if state == "soon" else "events.coming"
    return turn.say(
        turn.reply(reply, (turn.key("menu", "menu"),)),
        effects=(Coming(reference, is_coming=is_coming),),
    )


def _ticked(label: str, action: str, *, on: bool) -> Key:
    return Key(f"{ON}{label}" if on else label, action)
