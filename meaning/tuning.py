"""Teaches the sentence encoder our subject: small corrections to its weights, learnt from examples.

The published encoder knows English; it does not know that "got the lot lined up on my bed" is an
emergency. This learns low-rank corrections (LoRA) to its six layers from examples with labels, and
writes them as an array file, which `meaning.graph` adds to the published weights. Only developers
run it, in Rasa's environment, which has TensorFlow; nothing that serves imports it:

    python -m meaning.tuning EXAMPLES.jsonl OUT.npz [--epochs 4] [--seed 1]

A line of EXAMPLES is `{"text": …, "labels": {HEAD: CLASS, …}}`; a head that is left out teaches
nothing. What is learnt for one head (a level) helps the others (a category). The same seed draws
the same start, order, slips and dropout.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from safetensors.numpy import load
from tokenizers import Tokenizer

from meaning.encoder import published
from meaning.graph import HEADS, LAYERS, WIDTH, tuned_names

RANK, SCALE = 16, 2.0
BATCH, LONGEST = 48, 64
RATE, DROPOUT = 1.2e-3, 0.1
#: The share of examples that get a slip of the finger, afresh in each epoch.
SLIPS = 0.25


def encoder_weights() -> dict[str, np.ndarray]:
    """Return the published weights."""
    return load(published("model.safetensors"))


class Tuned(tf.Module):
    """The encoder with corrections that can be learnt; everything else stays as published."""

    def __init__(
        self, weights: dict[str, np.ndarray], classes: dict[str, int], *, seed: int
    ) -> None:
        """Start with corrections of zero."""
        super().__init__()
        self.fixed = {name: tf.constant(value) for name, value in weights.items()}
        start = tf.random_normal_initializer(stddev=0.02, seed=seed)
        self.down, self.up = {}, {}
        for name in tuned_names():
            to, of = weights[f"{name}.weight"].shape
            key = name.replace(".", "_")
            self.down[key] = tf.Variable(start((of, RANK)), name=f"{key}_down")
            self.up[key] = tf.Variable(tf.zeros((RANK, to)), name=f"{key}_up")
        self.heads = {
            name: (tf.Variable(start((WIDTH, count))), tf.Variable(tf.zeros(count)))
            for name, count in classes.items()
        }

    def dense(self, x: tf.Tensor, name: str, *, learning: bool) -> tf.Tensor:
        """Return a layer's output, correction included."""
        key = name.replace(".", "_")
        plain = x @ tf.transpose(self.fixed[f"{name}.weight"]) + self.fixed[f"{name}.bias"]
        seen = tf.nn.dropout(x, DROPOUT) if learning else x
        return plain + SCALE * ((seen @ self.down[key]) @ self.up[key])

    def norm(self, x: tf.Tensor, name: str) -> tf.Tensor:
        """Return the values, centred and scaled."""
        mean, spread = tf.nn.moments(x, [-1], keepdims=True)
        plain = (x - mean) * tf.math.rsqrt(spread + 1e-12)
        return plain * self.fixed[f"{name}.weight"] + self.fixed[f"{name}.bias"]

    def vectors(self, ids: tf.Tensor, mask: tf.Tensor, *, learning: bool) -> tf.Tensor:
        """Return unit-length vectors, as the built graph does."""
        real = tf.cast(mask, tf.float32)
        place = "embeddings.{}_embeddings.weight"
        places = self.fixed[place.format("position")][: tf.shape(ids)[1]]
        kind = self.fixed[place.format("token_type")][0]
        x = tf.gather(self.fixed[place.format("word")], ids) + places + kind
        x = self.norm(x, "embeddings.LayerNorm")
        bias = (real[:, None, None, :] - 1) * 1e9
        for layer in range(LAYERS):
            x = self.layer(x, bias, f"encoder.layer.{layer}", learning=learning)
        mean = tf.reduce_sum(x * real[:, :, None], 1) / tf.reduce_sum(real, 1, keepdims=True)
        return tf.math.l2_normalize(mean, -1)

    def layer(self, x: tf.Tensor, bias: tf.Tensor, name: str, *, learning: bool) -> tf.Tensor:
        """Return what one of the six layers makes of its input."""

        def heads(part: str) -> tf.Tensor:
            whole = self.dense(x, f"{name}.attention.self.{part}", learning=learning)
            shape = tf.concat([tf.shape(whole)[:2], [HEADS, WIDTH // HEADS]], 0)
            return tf.transpose(tf.reshape(whole, shape), [0, 2, 1, 3])

        scores = tf.matmul(heads("query"), heads("key"), transpose_b=True)
        shares = tf.nn.softmax(scores * (WIDTH / HEADS) ** -0.5 + bias)
        mixed = tf.transpose(shares @ heads("value"), [0, 2, 1, 3])
        flat = tf.reshape(mixed, tf.shape(x))
        out = self.dense(flat, f"{name}.attention.output.dense", learning=learning)
        x = self.norm(out + x, f"{name}.attention.output.LayerNorm")
        inner = tf.nn.gelu(self.dense(x, f"{name}.intermediate.dense", learning=learning))
        out = self.dense(inner, f"{name}.output.dense", learning=learning)
        return self.norm(out + x, f"{name}.output.LayerNorm")

    def loss(self, vectors: tf.Tensor, labels: dict[str, tf.Tensor]) -> tf.Tensor:
        """Return how wrong the heads are; a label of -1 is one that nobody gave."""
        total = tf.constant(0.0)
        for name, (weight, bias) in self.heads.items():
            given = labels[name] >= 0
            # Unit vectors are short: without the factor the heads could never be sure.
            scores = 12.0 * (vectors @ weight) + bias
            wrong = tf.nn.sparse_softmax_cross_entropy_with_logits(
                tf.maximum(labels[name], 0), scores
            )
            counted = tf.reduce_sum(tf.where(given, wrong, 0.0))
            total += counted / (tf.reduce_sum(tf.cast(given, tf.float32)) + 1e-6)
        return total


def slipped(text: str, chance: random.Random) -> str:
    """Return the text with one letter lost, doubled, or swapped with the next."""
    if len(text) < 6:
        return text
    at = chance.randrange(1, len(text) - 2)
    kinds = (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )
    return chance.choice(kinds)


def batches(
    texts: Sequence[str], tokenizer: Tokenizer, chance: random.Random
) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
    """Yield the places, token ids and masks of each batch, like lengths together, in random order."""
    said = [slipped(text, chance) if chance.random() < SLIPS else text for text in texts]
    tokens = [each.ids for each in tokenizer.encode_batch(said)]
    order = sorted(range(len(texts)), key=lambda at: len(tokens[at]) + chance.random() * 6)
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    chance.shuffle(groups)
    for group in groups:
        longest = max(len(tokens[at]) for at in group)
        # Few shapes, so that the compiled step is compiled rarely.
        longest = min(LONGEST, -(-longest // 8) * 8)
        ids = np.zeros((len(group), longest), dtype=np.int32)
        for row, at in enumerate(group):
            ids[row, : len(tokens[at])] = tokens[at]
        yield group, ids, (ids > 0).astype(np.int32)


def tune(rows: Sequence[dict[str, object]], out: Path, *, epochs: int, seed: int) -> None:
    """Learn from the rows and write the corrections."""
    names = sorted({name for row in rows for name in row["labels"]})
    classes = {
        name: sorted({str(row["labels"][name]) for row in rows if name in row["labels"]})
        for name in names
    }
    known = {
        name: np.array(
            [
                classes[name].index(str(row["labels"][name])) if name in row["labels"] else -1
                for row in rows
            ],
            dtype=np.int32,
        )
        for name in names
    }
    texts = [str(row["text"]) for row in rows]
    tokenizer = Tokenizer.from_str(published("tokenizer.json").decode("utf-8"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    tf.keras.utils.set_random_seed(seed)
    counts = {name: len(kinds) for name, kinds in classes.items()}
    model = Tuned(encoder_weights(), counts, seed=seed)
    steps = epochs * -(-len(texts) // BATCH)
    rate = tf.keras.optimizers.schedules.CosineDecay(RATE, steps, 0.05)
    optimizer = tf.keras.optimizers.Adam(rate)
    learnt = list(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(ids: tf.Tensor, mask: tf.Tensor, labels: dict[str, tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape() as tape:
            wrong = model.loss(model.vectors(ids, mask, learning=True), labels)
        slopes, _ = tf.clip_by_global_norm(tape.gradient(wrong, learnt), 1.0)
        optimizer.apply_gradients(zip(slopes, learnt))
        return wrong

    chance = random.Random(seed)
    for epoch in range(epochs):
        began, wrong = time.monotonic(), []
        for group, ids, mask in batches(texts, tokenizer, chance):
            labels = {name: tf.constant(given[group]) for name, given in known.items()}
            wrong.append(float(step(tf.constant(ids), tf.constant(mask), labels)))
        sys.stdout.write(
            f"epoch {epoch + 1}: loss {np.mean(wrong):.3f}, {time.monotonic() - began:.0f} s\n"
        )
        sys.stdout.flush()
        save(model, classes, out)


def save(model: Tuned, classes: dict[str, list[str]], out: Path) -> None:
    """Write the corrections and the heads, in half precision, as plain arrays."""
    held: dict[str, np.ndarray] = {"classes": np.array(json.dumps(classes))}
    for name in tuned_names():
        key = name.replace(".", "_")
        held[f"{name}.down"] = model.down[key].numpy().astype(np.float16)
        held[f"{name}.up"] = (SCALE * model.up[key].numpy()).astype(np.float16)
    for name, (weight, bias) in model.heads.items():
        held[f"head.{name}.weight"] = (12.0 * weight.numpy()).astype(np.float16)
        held[f"head.{name}.bias"] = bias.numpy().astype(np.float16)
    np.savez_compressed(out, **held)


def main() -> None:
    """Tune from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("examples", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    rows = [json.loads(line) for line in given.examples.read_text("utf-8").splitlines()]
    tune(rows, given.out, epochs=given.epochs, seed=given.seed)


if __name__ == "__main__":
    main()
