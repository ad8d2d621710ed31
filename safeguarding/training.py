"""Trains what reads danger from safeguarding/data and pins the result, in three steps.

    python -m safeguarding.training examples EXAMPLES.jsonl
    nlu/.venv/bin/python -m meaning.tuning EXAMPLES.jsonl meaning/adapters/NAME.npz   (minutes)
    python -m safeguarding.training

The last step trains the letters and the fresh head, learns how much each opinion counts, and
chooses the bars; it is enough by itself when only few examples changed. Needs scikit-learn, which only developers have; nothing that runs imports this
module. The same data give the same weights.
"""

import hashlib
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from safeguarding.classifier import ALWAYS, LEVELS, MODEL, PIN, WEIGHTS, Array, Classifier, weighted
from safeguarding.features import BUCKETS, counted
from safeguarding.levels import Category, Level, highest
from safeguarding.likeness import BARS, opinions
from safeguarding.meaning_reader import LEVELS as ORDER
from safeguarding.meaning_reader import MEMBERS, MeaningReader, Member
from safeguarding.normalise import canonical, views
from safeguarding.rules import SIGNS, RuleBook
from safeguarding.screening import INTENTS

DATA = Path(__file__).parent / "data"
#: What the conversation is trained on: thousands of ordinary messages, by other hands.
CONVERSATION = Path(__file__).parent.parent / "nlu" / "data"
#: Intents between an ordinary question and a call for help: neither teaches the other.
_CLOSE_TO_DANGER = frozenset(
    {"help_now", "struggling", "insult", "housing.unsafe_abuse", "housing.cuckooing"}
    | {"housing.homeless_16_17"}
)
#: Questions about something hard, by somebody who looks for information: worth a person's look,
#: and not an alarm.
_HARD_QUESTIONS = frozenset(
    {"health.crisis", "health.self_harm", "health.eating", "health.sexual_assault"}
    | {"health.bereavement", "health.loneliness", "health.drugs_alcohol", "money.loan_sharks"}
    | {"health.emergency_contraception", "family.domestic_abuse", "family.online_images"}
    | {"family.forced_marriage_hba", "family.healthy_relationships", "justice.county_lines"}
    | {"justice.modern_slavery", "justice.missing_exploited_friend", "justice.victim"}
    | {"housing.rough_sleeping", "money.foodbank", "money.crisis_fund"}
)
DEV = Path(__file__).parent / "dev"
#: Ordinary questions that neither the encoders nor the letters have read.
QUESTIONS = CONVERSATION.parent / "dev"
#: Files that came after the encoders were tuned. An encoder is too sure of what it was tuned on, so only
#: these can teach the fresh head how it fares on what it never read. Empty this when all was read.
UNREAD = ("danger_d", "danger_e", "pairs_d", "ordinary_e", "ordinary_f")
#: The share of the look-alikes in dev/ whose sum may reach each level.
LOOK_ALIKES = {Level.CONCERN: 0.26, Level.SAME_DAY: 0.105, Level.IMMEDIATE: 0.06}
#: The same share for ordinary messages, in dev/ and in the half of the questions that teaches nothing.
#: A bar is the higher of the two.
ORDINARY = {Level.CONCERN: 0.26, Level.SAME_DAY: 0.05, Level.IMMEDIATE: 0.06}
#: How much a harmless question from the conversation teaches the fresh head: there are many, and
#: the encoders have read those of the training data.
_KNOWN_COUNTS = 0.1
#: Which of the conversation's many messages teach the fresh head.
_EVERY = 3
#: The share of dangerous dev messages with words of a level that may be taken to mean something else.
MEANT_OTHERWISE = {Level.SAME_DAY: 0.02, Level.IMMEDIATE: 0.01}
#: In how many parts dev/ is read, each judged by what the others teach: nothing marks its own work.
_PARTS = 10
#: How much a close example may be doubted, and how much more an urgent one counts.
_DOUBT, _URGENT_COUNTS = 0.2, 2.0


@dataclass(frozen=True)
class Example:
    """One message to learn from, as plain words. Ordinary ones have no category."""

    text: str
    level: Level
    category: Category | None
    graded: bool = True
    somebody_else: bool | None = None
    kind: str | None = None


def examples(folder: Path = DATA, only: Sequence[str] = ()) -> list[Example]:
    """Read every example, or those of the files named, in either of the two shapes they have."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        if only and path.stem not in only:
            continue
        loaded = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(loaded, dict):
            ordinary = path.stem.startswith("ordinary")
            category = None if ordinary else Category(path.stem)
            found += [
                Example(canonical(line.strip()), Level(level), category)
                for level, lines in loaded.items()
                for line in lines.splitlines()
                if line.strip()
            ]
        else:
            found += [_example(each) for each in loaded]
    return found


def asked(folder: Path = CONVERSATION) -> list[Example]:
    """Read what people say to the bot about anything else, and its danger intents.

    The danger intents have no level. They are urgent; how urgent is left open.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        for each in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            intent = str(each.get("intent", ""))
            category = INTENTS.get(intent)
            if intent in _CLOSE_TO_DANGER or (path.stem == "danger" and category is None):
                continue
            level = Level.SAME_DAY if category is not None else Level.NONE
            if intent in _HARD_QUESTIONS:
                level = Level.CONCERN
            for line in each.get("examples", "").splitlines():
                if line.strip().startswith("- "):
                    text = canonical(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.strip()[2:]))
                    found.append(Example(text, level, category, graded=category is None))
    return found


def questions(folder: Path = QUESTIONS) -> list[Example]:
    """Read ordinary questions that no encoder was taught. Nobody graded them for danger one by one."""
    return [
        Example(canonical(str(each["text"])), Level.NONE, None, graded=False, kind="ordinary")
        for path in sorted(folder.glob("*.yml"))
        for each in yaml.safe_load(path.read_text("utf-8"))
        if not _is_hard(str(each.get("intent", "")))
    ]


def halves(found: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return those that may teach the fresh head and those that the bars are chosen on, by their words."""
    teach = [int(hashlib.sha256(each.text.encode()).hexdigest(), 16) % 2 == 0 for each in found]
    return (
        [each for each, is_taught in zip(found, teach, strict=True) if is_taught],
        [each for each, is_taught in zip(found, teach, strict=True) if not is_taught],
    )


def _is_hard(intent: str) -> bool:
    return intent in INTENTS or intent in _CLOSE_TO_DANGER or intent in _HARD_QUESTIONS


def _example(each: dict[str, Any]) -> Example:
    named = each.get("category") or ""
    level = Level(each.get("level") or each["at_most"])
    return Example(
        canonical(str(each["text"])),
        level,
        Category(named) if named else None,
        somebody_else=each.get("third_party") if named else None,
        kind=each.get("kind"),
    )


def train(found: Sequence[Example]) -> dict[str, Array]:
    """Return the arrays of a classifier that has learnt the examples by ridge regression."""
    texts = [each.text for each in found]
    rarity = _rarity(texts)
    always = np.full((len(texts), 1), ALWAYS**0.5, dtype=np.float32)
    rows = sparse.hstack([_table(texts, rarity), always], format="csr")
    wanted = np.array([[each.level.at_least(level) for level in LEVELS] for each in found])
    urgent = np.array([each.level.at_least(Level.SAME_DAY) for each in found])
    ridge = Ridge(alpha=_DOUBT, fit_intercept=False, solver="sparse_cg", tol=1e-5)
    ridge.fit(rows, wanted * 2.0 - 1.0, sample_weight=np.where(urgent, _URGENT_COUNTS, 1.0))
    return {
        "rarity": rarity,
        "level_weights": ridge.coef_[:, :-1].astype(np.float32),
        "level_bias": (ALWAYS**0.5 * ridge.coef_[:, -1]).astype(np.float32),
    }


def _rarity(texts: Sequence[str]) -> Array:
    seen = np.zeros(BUCKETS)
    for text in texts:
        for places, _ in counted(text):
            seen[places] += 1
    # What only one message has says nothing about another, and takes room in the file.
    rare: Array = np.where(seen > 1, np.log((1 + len(texts)) / (1 + seen)) + 1, 0).astype(
        np.float32
    )
    return rare


def _table(texts: Sequence[str], rarity: Array) -> sparse.csr_matrix:
    pieces = [weighted(text, rarity) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in pieces)])
    places = np.concatenate([each for each, _ in pieces])
    amounts = np.concatenate([each for _, each in pieces])
    return sparse.csr_matrix((amounts, places, ends), shape=(len(texts), BUCKETS))


def fresh(
    unread: Sequence[Example], known: Sequence[Example], members: Sequence[Member]
) -> dict[str, Array]:
    """Return a head over all members' vectors that has learnt the level of these examples.

    `known` are harmless messages that the encoders have read; they count less.
    """
    found = [*unread, *known]
    vectors = [member.encoder.vectors([each.text for each in found]) for member in members]
    counts = [1.0] * len(unread) + [_KNOWN_COUNTS] * len(known)
    learnt = LogisticRegression(C=1.0, max_iter=500)
    levels = [ORDER.index(each.level) for each in found]
    learnt.fit(np.concatenate(vectors, axis=1), levels, sample_weight=counts)
    return {
        "fresh_weight": learnt.coef_.T.astype(np.float32),
        "fresh_bias": learnt.intercept_.astype(np.float32),
    }


def judge(found: Sequence[Example], opinion: Array, rules: Sequence[Level]) -> dict[str, Any]:
    """Return how much each opinion counts, for each level, and the bars.

    The bars are chosen on sums that messages got from weights learnt without them.
    """
    kept: dict[str, Any] = {}
    sums: dict[Level, Array] = {}
    for level in LEVELS:
        kept[level], sums[level] = _learnt(found, opinion, level)
    below = {
        level: _quantile(
            sums[Level.SAME_DAY],
            [
                rule is level and each.level.at_least(Level.SAME_DAY)
                for each, rule in zip(found, rules, strict=True)
            ],
            share,
        )
        for level, share in MEANT_OTHERWISE.items()
    }
    return {"levels": kept, "otherwise_below": below}


def _learnt(found: Sequence[Example], opinion: Array, level: Level) -> tuple[dict[str, Any], Array]:
    """Return the weights of one level with its bar, and the sum that each message got unseen."""
    wanted = np.array([each.level.at_least(level) for each in found])
    taught = np.array(
        [each.level in (Level.NONE, *LEVELS[LEVELS.index(level) :]) for each in found]
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3))
    parts = StratifiedKFold(_PARTS, shuffle=True, random_state=1)
    # What lies between harmless and wanted teaches nothing; it is judged by all the rest.
    model.fit(opinion[taught], wanted[taught])
    sums = model.decision_function(opinion)
    sums[taught] = cross_val_predict(
        model, opinion[taught], wanted[taught], cv=parts, method="decision_function"
    )
    scaler, regression = model.named_steps.values()
    counts = regression.coef_[0] / scaler.scale_
    always = regression.intercept_[0] - float(counts @ scaler.mean_)
    weights = {
        "counts": [round(float(each), 4) for each in counts],
        "always": round(float(always), 4),
        "bar": max(
            _quantile(sums, [each.kind == kind for each in found], 1 - share[level])
            for kind, share in (("look_alike", LOOK_ALIKES), ("ordinary", ORDINARY))
        ),
    }
    return weights, sums


def _quantile(sums: Array, chosen: Sequence[bool] | Array, share: float) -> float:
    return round(float(np.quantile(sums[np.asarray(chosen)], share)), 3)


def words_say(found: Sequence[Example]) -> list[Level]:
    """Return the level that the rules alone give each message."""
    rules = RuleBook.load()
    return [highest(hit.level for hit in rules.read(views(each.text)).hits) for each in found]


def as_rows(found: Sequence[Example]) -> list[dict[str, Any]]:
    """Return each example once, with the labels that `meaning.tuning` learns from."""
    rows: dict[str, dict[str, Any]] = {}
    for each in found:
        labels = {"level": str(each.level)} if each.graded else {}
        if each.category is not None:
            labels["category"] = str(each.category)
        if each.somebody_else is not None:
            labels["whose"] = "other" if each.somebody_else else "self"
        rows.setdefault(each.text, {"text": each.text, "labels": labels})
    return list(rows.values())


def save(arrays: dict[str, Array], folder: Path = MODEL) -> int:
    """Write the weights as half-precision arrays, pin their hash, and return their size in bytes."""
    buffer = io.BytesIO()
    halved = {name: array.astype(np.float16) for name, array in arrays.items()}
    np.savez_compressed(buffer, allow_pickle=False, **halved)
    raw = buffer.getvalue()
    folder.mkdir(exist_ok=True)
    (folder / WEIGHTS).write_bytes(raw)
    pin = {"file": WEIGHTS, "sha256": hashlib.sha256(raw).hexdigest()}
    (folder / PIN).write_text(json.dumps(pin, indent=2) + "\n", "utf-8")
    return len(raw)


def english(folders: Sequence[Path] = (DATA, CONVERSATION)) -> list[str]:
    """Return what counts as English: easy words, and those that examples have more than once."""
    counts: Counter[str] = Counter()
    for path in sorted(path for folder in folders for path in folder.glob("*.yml")):
        counts.update(re.findall(r"[a-z]{2,}", path.read_text("utf-8").casefold()))
    easy = files("textstat").joinpath("resources/en/easy_words.txt").read_text("utf-8")
    often = {word for word, count in counts.items() if count > 1}
    return sorted(often | set(re.findall(r"[a-z]{2,}", easy.casefold())))


def main() -> None:
    """Write the examples for the encoder, or train the rest on an encoder that has read them."""
    if sys.argv[1:2] == ["examples"]:
        lines = [json.dumps(row) for row in as_rows([*examples(), *asked()])]
        Path(sys.argv[2]).write_text("\n".join(lines) + "\n", "utf-8")
        sys.stdout.write(f"{len(lines)} examples\n")
        return
    (SIGNS / "english.txt").write_text("\n".join(english()) + "\n", "utf-8")
    # The letters learn from a few questions only: thousands drown what is said in letters.
    members = tuple(Member.load(name) for name in MEMBERS)
    teach, choose = halves(questions())
    harmless = [each for each in asked()[::_EVERY] if each.level is Level.NONE]
    head = fresh([*examples(only=UNREAD), *teach], harmless, members)
    size = save(train([*examples(), *teach]) | head)
    dev = [*examples(DEV), *choose]
    texts = [each.text for each in dev]
    letters = Classifier.load()
    meanings = MeaningReader.load().read(texts)
    opinion = np.array(
        [opinions(letters, *pair) for pair in zip(texts, meanings, strict=True)], dtype=np.float32
    )
    judged = judge(dev, opinion, words_say(dev))
    BARS.write_text(json.dumps(judged, indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{size} bytes of weights\n")


if __name__ == "__main__":
    main()
