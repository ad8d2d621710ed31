"""The examples that the reader of themes is taught with, and the ones it is measured on: files anyone can write."""

from dataclasses import dataclass
from pathlib import Path

from content.articles import ContentError
from content.ids import load_ids, read_yaml

FOLDER = Path(__file__).parent / "examples"
#: What a block of examples sounds like. "both" is good news and a problem in one statement.
TONES = ("good", "problem", "both", "neither")
NOTHING = "-"


@dataclass(frozen=True)
class Example:
    """One statement with what it is about, and how it sounds."""

    text: str
    themes: tuple[str, ...]
    tone: str


def read(folder: Path = FOLDER) -> list[Example]:
    """Return every example of a folder. Raises ContentError listing every fault with file and line."""
    known = {theme for themes in load_ids().themes.values() for theme in themes}
    found: list[Example] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        for tone, block in read_yaml(path).items():
            for number, line in enumerate(str(block).splitlines(), 1):
                about, _, text = line.partition(": ")
                themes = tuple(one.strip() for one in about.split(",") if one.strip() != NOTHING)
                wrong = [one for one in themes if one not in known]
                if tone not in TONES or not text.strip() or wrong:
                    faults.append(f"{path.name}, {tone}, line {number}: {line[:60]!r}")
                found.append(Example(text.strip(), themes, str(tone)))
    if faults:
        raise ContentError("\n".join(faults))
    return found
