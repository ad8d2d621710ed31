"""Writes the training messages as lines for `meaning.tuning`, in Rasa's Python.

nlu/.venv/bin/python -m nlu.examples EXAMPLES.jsonl
"""

import json
import re
import sys
from pathlib import Path

import yaml

from meaning.encoder import everyday_words
from nlu import normaliser

DATA = Path(__file__).parent / "data"
_MARKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def read(folder: Path = DATA) -> list[tuple[str, str]]:
    """Return every training message as it was written, with its intent."""
    return [
        (_MARKED.sub(r"\1", line.strip()[2:]), str(each["intent"]))
        for path in sorted(folder.glob("*.yml"))
        for each in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        for line in each.get("examples", "").splitlines()
        if line.strip().startswith("- ")
    ]


def main() -> None:
    """Write them, normalised as the pipeline does it."""
    found = read(Path(sys.argv[2]) if len(sys.argv) > 2 else DATA)
    counts = normaliser.count(text for text, _ in found)
    vocabulary = normaliser.Vocabulary.of(counts, everyday_words())
    lines = [
        json.dumps({"text": normaliser.normalise(text, vocabulary), "labels": {"intent": intent}})
        for text, intent in found
    ]
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{len(lines)} examples\n")


if __name__ == "__main__":
    main()
