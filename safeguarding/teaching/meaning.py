"""Teaches the fresh head: a level from both encoders' vectors, by examples that they never read."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from safeguarding.classifier import Array
from safeguarding.meaning_reader import LEVELS, Member
from safeguarding.teaching.examples import Example

#: How much a harmless question from the conversation teaches: there are many, and the encoders have
#: read those of the training data.
_KNOWN_COUNTS = 0.1
#: How freely the head follows the examples. Flat between 1 and 10 on `dev/`.
_FREELY = 3.0


def learn(
    unread: Sequence[Example], known: Sequence[Example], members: Sequence[Member]
) -> dict[str, Array]:
    """Return a head over all members' vectors that has learnt the level of these examples.

    `known` are harmless messages that the encoders have read; they count less.
    """
    found = [*unread, *known]
    vectors = [member.encoder.vectors([each.text for each in found]) for member in members]
    counts = [1.0] * len(unread) + [_KNOWN_COUNTS] * len(known)
    learnt = LogisticRegression(C=_FREELY, max_iter=800)
    levels = [LEVELS.index(each.level) for each in found]
    learnt.fit(np.concatenate(vectors, axis=1), levels, sample_weight=counts)
    return {
        "fresh_weight": learnt.coef_.T.astype(np.float32),
        "fresh_bias": learnt.intercept_.astype(np.float32),
    }
