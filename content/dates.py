"""What in the words is past its date, or still waits for somebody to check it."""

from datetime import date

from content import events, keeping_in_touch, language
from content import library as libraries
from content.ids import FOLDER, read_yaml
from content.library import Library
from content.surveys import SURVEYS
from content.themes import THEMES


def drafts() -> list[str]:
    """Return the lines in other languages that no speaker has checked."""
    listed = [read_yaml(path)["replies"] for path in libraries.reply_files()]
    return [
        f"{reply['id']} ({reply['translated_by']})"
        for replies in listed
        if isinstance(replies, list)
        for reply in replies
        if str(reply.get("translated_by", "")).startswith("draft")
    ]


def overdue_files(library: Library, today: date) -> list[str]:
    """Return what besides articles and scenarios is past its review date."""
    late = [
        f"helpline {name} (by {line['review_by']})"
        for name, line in library.helplines.items()
        if today > line["review_by"]
    ]
    for path in [
        *libraries.reply_files(),
        *keeping_in_touch.files(),
        *sorted((FOLDER / "councils").glob("*.yml")),
        *language.files(),
        THEMES,
        events.FILE,
        SURVEYS,
    ]:
        by = read_yaml(path).get("review_by")
        if by is not None and today > by:
            late.append(f"{path.parent.name}/{path.name} (by {by})")
    return late
