"""What there is to read about: the topics and articles of a council, and the buttons to them."""

from bot.turn import Key, Turn

#: In one column the menu would be longer than a screen.
A_ROW = 2


def articles_in(turn: Turn, topic: str) -> list[str]:
    """Return the articles of a topic that are for this council, in the taxonomy's order."""
    names = turn.library.ids.topics.get(topic, ())
    return [f"{topic}.{name}" for name in names if turn.article(f"{topic}.{name}")]


def rows(turn: Turn) -> tuple[tuple[Key, ...], ...]:
    """Return a button for each topic that has something for this council."""
    keys = tuple(
        Key(title, f"topic:{topic}")
        for topic, title in turn.library.topics.items()
        if articles_in(turn, topic)
    )
    return side_by_side(keys)


def side_by_side(keys: tuple[Key, ...]) -> tuple[tuple[Key, ...], ...]:
    """Return buttons two a row, so that a long list fits a screen."""
    return tuple(keys[at : at + A_ROW] for at in range(0, len(keys), A_ROW))
