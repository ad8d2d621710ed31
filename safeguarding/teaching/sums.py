"""Learns how much each opinion of a message counts, and the bars that the sums must reach.

On messages that no reader was taught; each is judged by weights learnt without it. Two questions are
learnt for danger: is this urgent, and, of what is urgent, does it happen now.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from safeguarding.classifier import LEVELS, Array
from safeguarding.levels import Level
from safeguarding.teaching.examples import Example

#: The share of each kind of harmless message on dev/ whose sum may reach each level; a bar is the
#: highest of what they need.
MAY_REACH: dict[Level, dict[str, float]] = {
    Level.CONCERN: {"look_alike": 0.26, "ordinary": 0.26, "statement": 0.40},
    Level.SAME_DAY: {"look_alike": 0.11, "ordinary": 0.05, "statement": 0.16},
    Level.IMMEDIATE: {"look_alike": 0.045, "ordinary": 0.03, "statement": 0.05},
}
#: How much a concern teaches what is not urgent, beside a harmless message. With none, half of all
#: concerns were read as urgent; with more, urgent ones were missed.
_CONCERN_COUNTS = 0.2
#: The share of same-day messages that may be taken to happen now.
MAY_BE_NOW = 0.2
#: The share of dangerous dev messages with words of a level that may be taken to mean something else.
MEANT_OTHERWISE = {Level.SAME_DAY: 0.02, Level.IMMEDIATE: 0.01}
#: In how many parts dev/ is read, each judged by what the others teach: nothing marks its own work.
_PARTS = 10

Flags = NDArray[np.bool_]


def judge(found: Sequence[Example], opinions: Array, by_rules: Sequence[Level]) -> dict[str, Any]:
    """Return how much each opinion counts for each level with its bar, and what softens words."""
    learnt = {level: _raised(found, opinions, level) for level in LEVELS}
    sums = learnt[Level.SAME_DAY][1]
    below = {
        level: _quantile(sums, _dangerous(found, by_rules, level), share)
        for level, share in MEANT_OTHERWISE.items()
    }
    return {
        "levels": {level: weights for level, (weights, _) in learnt.items()},
        "now": _now(found, opinions),
        "otherwise_below": below,
    }


def _raised(
    found: Sequence[Example], opinions: Array, level: Level
) -> tuple[dict[str, Any], Array]:
    """Return the weights that part a level from harmless, and the sum that each message got."""
    wanted = np.array([each.level.at_least(level) for each in found])
    counts = np.where(wanted | _are(found, Level.NONE), 1.0, 0.0)
    if level is Level.SAME_DAY:
        counts[_are(found, Level.CONCERN)] = _CONCERN_COUNTS
    weights, sums = _learnt(opinions, wanted, counts)
    needs = [
        _quantile(sums, [each.kind == kind for each in found], 1 - share)
        for kind, share in MAY_REACH[level].items()
    ]
    return weights | {"bar": max(needs)}, sums


def _now(found: Sequence[Example], opinions: Array) -> dict[str, Any]:
    """Return the weights that part what happens now from what must be read today."""
    wanted, today = _are(found, Level.IMMEDIATE), _are(found, Level.SAME_DAY)
    weights, sums = _learnt(opinions, wanted, np.where(wanted | today, 1.0, 0.0))
    return weights | {"bar": _quantile(sums, today, 1 - MAY_BE_NOW)}


def _learnt(
    opinions: Array, wanted: Flags, counts: NDArray[np.float64]
) -> tuple[dict[str, Any], Array]:
    """Return the weights that part the wanted from the others, and the sum each message got unseen.

    `counts` is how much each message teaches; those that teach nothing are judged by all that do.
    """
    of = counts > 0
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3))
    taught = {"logisticregression__sample_weight": counts[of]}
    model.fit(opinions[of], wanted[of], **taught)
    sums = model.decision_function(opinions)
    parts = StratifiedKFold(_PARTS, shuffle=True, random_state=1)
    sums[of] = cross_val_predict(
        model, opinions[of], wanted[of], cv=parts, method="decision_function", params=taught
    )
    scaler, regression = model.named_steps.values()
    counts = regression.coef_[0] / scaler.scale_
    always = regression.intercept_[0] - float(counts @ scaler.mean_)
    weights = {
        "counts": [round(float(each), 4) for each in counts],
        "always": round(float(always), 4),
    }
    return weights, sums


def _are(found: Sequence[Example], level: Level) -> Flags:
    return np.array([each.level is level for each in found])


def _dangerous(found: Sequence[Example], by_rules: Sequence[Level], level: Level) -> list[bool]:
    return [
        rule is level and each.level.at_least(Level.SAME_DAY)
        for each, rule in zip(found, by_rules, strict=True)
    ]


def _quantile(sums: Array, chosen: Sequence[bool] | Flags, share: float) -> float:
    return round(float(np.quantile(sums[np.asarray(chosen)], share)), 3)
