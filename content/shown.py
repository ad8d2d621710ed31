"""An article as a young person reads it, message by message: in the chat, and for whoever looks it over."""

from datetime import date

from content.articles import Article
from content.library import Library, expired


def answer(
    library: Library, article: Article, *, age: int | None, council: str | None, today: date
) -> str:
    """Return the reply: the answer, who it is for if not them, and when it was checked."""
    parts = [library.answer(article, age=age, council=council)]
    low, high = article.ages
    if age is not None and not low <= age <= high:
        parts.append(library.say("answer.not_your_age", low=str(low), high=str(high)))
    return "\n\n".join((*parts, _checked(library, article, today)))


def who(library: Library, article: Article, *, council: str | None) -> str:
    """Return who can help with it."""
    return library.say("answer.who", who=library.who(article, council=council))


def _checked(library: Library, article: Article, today: date) -> str:
    on = f"{article.reviewed_on.day} {article.reviewed_on:%B %Y}"
    if expired(article, today):
        return library.say("answer.past_review", on=on)
    return library.say("answer.unconfirmed" if article.unconfirmed else "answer.checked", on=on)
