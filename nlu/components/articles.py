"""The articles' own sentences, as further examples of what people ask about.

A young person may use a word that only the article uses. Measured on the development messages,
titles, replies and what follows them raised right-first from .852 to .865. Only text is read here;
what an article is and says is the business of `content/`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

ARTICLES = Path(__file__).parent.parent.parent / "content" / "articles"
_FEWEST_WORDS = 4
_PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")
_ENDS = re.compile(r"(?<=[.?!:])\s+|\n- |\n\n")


def sentences(folder: Path = ARTICLES) -> list[tuple[str, str]]:
    """Return each title and each sentence of the reply and of *More*, with the article's id."""
    return [pair for path in sorted(folder.rglob("*.md")) for pair in _of(path)]


def _of(path: Path) -> Iterator[tuple[str, str]]:
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    about = dict(re.findall(r"^(id|title): (.+)$", front, flags=re.MULTILINE))
    said = _PLACEHOLDER.sub(" ", body.split("## Who can help")[0])
    first, _, more = said.partition("## More")
    yield about["title"], about["id"]
    for piece in _ENDS.split(first.split("\n## ")[0].strip() + "\n\n" + more):
        if len(piece.split()) >= _FEWEST_WORDS:
            yield piece, about["id"]
