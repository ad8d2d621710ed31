"""What writers look after: every answer with its dates and votes, how each one reads, and what is missing."""

from collections import Counter
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request

from content import shown
from content.articles import AGE_HEADINGS, Article
from content.library import expired
from dashboard.guard import At, allow
from dashboard.words import words
from people.access import May
from storage import office
from storage.tables.people import Role

pages = Blueprint("content", __name__)
#: A number below this is not said: it could point at somebody.
FEWEST = 5
VOTES = ("helped", "wrong", "out_of_date")
#: What can be asked for, and which answers it is about.
SHOWN = ("all", "late", "unconfirmed", "not_read")


@pages.get("/content")
@allow(May.SEE_CONTENT)
def listed(at: At) -> str:
    """List the answers by the date they are to be reviewed, with what young people said of them."""
    wanted = request.args.get("show", "all")
    if wanted not in SHOWN:
        abort(404)
    votes = office.votes(at.session, _council(at))
    found = sorted(at.parts.library.articles.values(), key=lambda one: (one.review_by, one.id))
    rows = [_row(one, votes, at.now.date()) for one in found]
    at.trace("saw_content", str(at.member.id))
    return render_template(
        "content/listed.html",
        rows=[one for one in rows if wanted == "all" or one[wanted]],
        counts={name: sum(1 for one in rows if name == "all" or one[name]) for name in SHOWN},
        wanted=wanted,
    )


def _council(at: At) -> str | None:
    """Return whose votes and questions a reader sees; an administrator sees every council's."""
    return None if at.member.role == Role.ADMIN else at.member.council


def _row(one: Article, votes: Counter[tuple[str, str]], today: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "owner": one.owner,
        "review_by": f"{one.review_by.day} {one.review_by:%B %Y}",
        "late": expired(one, today),
        "unconfirmed": bool(one.unconfirmed),
        "not_read": one.youth_proofed_on is None,
        "votes": [(words("votes", name), few(votes[one.id, name])) for name in VOTES],
    }


def few(count: int) -> str:
    """Return a count; one so small that it could point at somebody is not said."""
    return str(count) if count == 0 or count >= FEWEST else words("content", "few")


@pages.get("/content/<article_id>")
@allow(May.SEE_CONTENT)
def preview(at: At, article_id: str) -> str:
    """Show an answer as a young person of an age and a council reads it: every message, its links dead."""
    library = at.parts.library
    article = library.articles.get(article_id)
    bands = {f"{low}-{high}": low for low, high in AGE_HEADINGS.values()}
    here = at.member.council
    first = here if here in library.councils else next(iter(library.councils))
    band, council = request.args.get("age", next(iter(bands))), request.args.get("council", first)
    if article is None or band not in bands or council not in library.councils:
        abort(404)
    at.trace("saw_answer", article_id)
    return render_template(
        "content/preview.html",
        article=article,
        there=library.shown_in(article, council),
        messages=_messages(at, article, bands[band], council),
        bands=list(bands),
        band=band,
        councils={one.id: one.name for one in library.councils.values()},
        council=council,
        facts=[
            (one.name, f"{one.fact_on.day} {one.fact_on:%B %Y}", one.certainty)
            for one in article.sources
        ],
    )


def _messages(at: At, article: Article, age: int, council: str) -> list[dict[str, Any]]:
    """Return each message with the words on its buttons, as the chat would send them."""
    library, label = at.parts.library, at.parts.library.label
    today = at.now.date()
    reply = shown.answer(library, article, age=age, council=council, today=today)
    keys = [label(one) for one in ("more", "who", "official", "vote_up", "vote_down", "vote_old")]
    return [
        {"text": reply, "keys": keys},
        {"text": library.more(article, council=council), "keys": [label("who"), label("menu")]},
        {
            "text": shown.who(library, article, council=council),
            "keys": [label("person"), label("menu")],
        },
    ]


@pages.get("/gaps")
@allow(May.SEE_GAPS)
def gaps(at: At) -> str:
    """Show what nobody could answer and what was called wrong, by month and topic. It names nobody."""
    articles, topics = at.parts.library.articles, at.parts.library.topics
    at.trace("saw_gaps", str(at.member.id))
    rows = [
        {
            "month": f"{one.month:%B %Y}",
            "outcome": words("votes", one.outcome),
            "topic": topics.get(one.about.split(".")[0], words("gaps", "no_topic")),
            "article": articles[one.about].title if one.about in articles else "",
            "count": one.count,
        }
        for one in office.gaps(at.session, _council(at))
    ]
    return render_template("content/gaps.html", rows=rows)
