"""What statements are about: each theme's area, the title young people read, and what staff take it for."""

from dataclasses import dataclass
from functools import cache

from content.articles import ContentError
from content.ids import FOLDER, load_ids, read_yaml

THEMES = FOLDER / "themes.yml"
LONGEST_TITLE = 40


@dataclass(frozen=True)
class Theme:
    """One theme."""

    id: str
    area: str
    title: str
    means: str


@cache
def load_themes() -> dict[str, Theme]:
    """Return every theme by id. Raises ContentError listing every fault."""
    raw = read_yaml(THEMES)["themes"]
    areas = {theme: area for area, themes in load_ids().themes.items() for theme in themes}
    faults = [f"themes.yml: {one} is not in taxonomy.yml" for one in raw if one not in areas]
    faults += [f"themes.yml: {one} of taxonomy.yml is missing" for one in areas if one not in raw]
    faults += [
        f"themes.yml: {one} needs a title of at most {LONGEST_TITLE} characters, and a meaning"
        for one, about in raw.items()
        if not about.get("means") or not 0 < len(about.get("title", "")) <= LONGEST_TITLE
    ]
    if faults:
        raise ContentError("\n".join(faults))
    return {one: Theme(one, areas[one], raw[one]["title"], raw[one]["means"]) for one in areas}
