"""The conversation over lines: JSON for programs (`kith ask`) and a terminal for people (`kith chat`)."""

import json
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from bot.engine import Engine
from bot.practice import ParseNow, Practice, Result, take_turn
from bot.turn import Who

LEAST_RANKED = 5


def answer_line(engine: Engine, parse: ParseNow, line: str, now: datetime) -> Any:
    """Return the answer to one line of JSON; a bad line gets an answer that says what is wrong."""
    try:
        asked = json.loads(line)
    except ValueError:
        return {"error": "This line is not JSON."}
    if not isinstance(asked, dict) or not ("text" in asked or "turns" in asked):
        return {"error": 'Each line is an object with "text" or "turns".'}
    practice = Practice(who=_who(engine, asked))
    if "turns" not in asked:
        return _said(
            engine,
            take_turn(engine, parse, practice, str(asked["text"]), now),
            str(asked["text"]),
        )
    if not isinstance(asked["turns"], list):
        return {"error": '"turns" is a list of texts.'}
    answers = []
    for text in asked["turns"]:
        result = take_turn(engine, parse, practice, str(text), now)
        practice = result.practice
        answers.append(_said(engine, result, str(text)))
    return answers


def _who(engine: Engine, asked: dict[str, Any]) -> Who:
    age, council = asked.get("age"), asked.get("council")
    return Who(
        age=age if isinstance(age, int) and not isinstance(age, bool) else None,
        council=council if council in engine.library.councils else None,
    )


def _said(engine: Engine, result: Result, text: str) -> dict[str, Any]:
    understanding, screening = result.understanding, result.screening
    articles = [
        {"article": one.intent, "confidence": round(one.confidence, 4)}
        for one in understanding.ranking
        if one.intent in engine.library.ids.articles
    ]
    return {
        "text": text,
        "intent": understanding.intent,
        "confidence": round(understanding.confidence, 4),
        "article": result.outcome.article or None,
        "ranking": articles[: max(LEAST_RANKED, 10)],
        "risk": {
            "level": str(screening.level),
            "categories": [str(one) for one in screening.categories],
            "third_party": screening.third_party,
            "matched": list(screening.matched),
        },
        "reply": [reply.text for reply in result.outcome.replies],
    }


def chat_in_terminal(
    engine: Engine,
    parse: ParseNow,
    out: Console,
    *,
    age: int | None,
    council: str | None,
) -> None:
    """Chat until end of file. A number in square brackets, such as [2], presses that button."""
    practice = Practice(who=_who(engine, {"age": age, "council": council}))
    result = take_turn(engine, parse, practice, "/start", datetime.now(UTC))
    while True:
        practice = result.practice
        _show(out, result)
        try:
            text = input("> ").strip()
        except EOFError:
            return
        if not text:
            continue
        number = text.strip("[]")
        if text.startswith("[") and number.isdigit():
            action = practice.pressed(int(number) - 1)
            result = take_turn(engine, parse, practice, "", datetime.now(UTC), action=action or "?")
        else:
            result = take_turn(engine, parse, practice, text, datetime.now(UTC))


def _show(out: Console, result: Result) -> None:
    for reply in result.outcome.replies:
        out.print(
            reply.text,
            markup=False,
            style="bold red" if reply.lane.startswith("1") else "",
        )
        out.print()
    for number, key in enumerate(result.practice.keys, 1):
        out.print(f"  [{number}] {key.label}", markup=False, style="cyan")
