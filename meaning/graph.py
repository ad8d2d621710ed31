"""Builds a sentence encoder: all-MiniLM-L6-v2 as one ONNX graph, with corrections of our own added.

Weights and tokenizer are refused unless both are, byte for byte, what sentence-transformers
published (Apache-2.0). The corrections come from `meaning.tuning`. Imported only to build.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, WIDTH, OPSET = 6, 12, 384, 17
#: The largest whole number a weight becomes. Seven bits, not eight: with eight, processors that lack
#: the newest instructions clip sums, and would read danger differently from those that have them.
_LARGEST = 64


def tuned_names() -> Iterator[str]:
    """Yield the layers that corrections are learnt for."""
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            yield f"{name}.attention.self.{part}"
        yield f"{name}.attention.output.dense"
        yield f"{name}.intermediate.dense"
        yield f"{name}.output.dense"


def coarse_names() -> Iterator[str]:
    """Yield the layers that bear being kept as whole numbers (decision 10)."""
    for name in tuned_names():
        # What a layer gives out at its end has a few very large values, which leave no room for the rest.
        if "attention" in name or "intermediate" in name:
            yield name


def corrected(
    weights: dict[str, np.ndarray], adapter: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the published weights with the corrections of an adapter added."""
    whole = dict(weights)
    for name in tuned_names():
        down, up = (adapter[f"{name}.{part}"].astype(np.float32) for part in ("down", "up"))
        whole[f"{name}.weight"] = weights[f"{name}.weight"] + (down @ up).T
    return whole


class _Graph:
    """A graph under construction. It has a lifetime, hence a class: each node names the next."""

    def __init__(self, weights: dict[str, np.ndarray], coarse: Collection[str]) -> None:
        self.weights, self.coarse = weights, coarse
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, value: object, name: str) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(self, x: str, name: str) -> str:
        weight = self.weights[f"{name}.weight"].T.copy()
        bias = self.constant(self.weights[f"{name}.bias"], f"{name}.bias")
        if name in self.coarse:
            return self.node("Add", self._coarse_product(x, weight, name), bias)
        product = self.node("MatMul", x, self.constant(weight, f"{name}.weight"))
        return self.node("Add", product, bias)

    def _coarse_product(self, x: str, weight: np.ndarray, name: str) -> str:
        steps = np.abs(weight).max(axis=0) / _LARGEST
        whole = self.constant(np.rint(weight / steps).astype(np.int8), f"{name}.whole")
        step = self.constant(steps.astype(np.float32), f"{name}.step")
        rounded, scale, zero = (f"{name}.{part}" for part in ("rounded", "scale", "zero"))
        self.nodes.append(
            helper.make_node("DynamicQuantizeLinear", [x], [rounded, scale, zero], name=rounded)
        )
        sums = self.node(
            "Cast", self.node("MatMulInteger", rounded, whole, zero), to=TensorProto.FLOAT
        )
        return self.node("Mul", sums, self.node("Mul", scale, step))

    def words(self, table: np.ndarray) -> str:
        if not self.coarse:
            return self.node("Gather", self.constant(table, "words"), "input_ids")
        # A step for each word: the system maps a part of this table for every word that is said.
        steps = np.abs(table).max(axis=1, keepdims=True) / 127
        whole = self.constant(np.rint(table / np.maximum(steps, 1e-12)).astype(np.int8), "words")
        step = self.constant(steps.astype(np.float32), "word_steps")
        found = self.node("Cast", self.node("Gather", whole, "input_ids"), to=TensorProto.FLOAT)
        return self.node("Mul", found, self.node("Gather", step, "input_ids"))

    def norm(self, x: str, name: str) -> str:
        scale = self.constant(self.weights[f"{name}.weight"], f"{name}.weight")
        bias = self.constant(self.weights[f"{name}.bias"], f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def heads(self, x: str, order: list[int]) -> str:
        shape = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS]), "heads")
        return self.node("Transpose", self.node("Reshape", x, shape), perm=order)


def graph(weights: dict[str, np.ndarray], coarse: Collection[str] = ()) -> onnx.ModelProto:
    """Return the encoder: token ids and their mask in, unit-length sentence vectors out.

    The weights of `coarse` layers are kept as whole numbers: a quarter of the room, and faster.
    """
    g = _Graph(weights, coarse)
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
    words = g.words(g.weights[name.format("word")])
    length = g.node("Shape", "input_ids", start=1, end=2)
    zero, axis = g.constant(np.array([0]), "zero"), g.constant(np.array([0]), "axis")
    here = g.node("Slice", g.constant(places, "places"), zero, length, axis)
    return g.norm(g.node("Add", words, here), "embeddings.LayerNorm")


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


def save(model: onnx.ModelProto, graph_file: Path, weights_file: Path) -> None:
    """Write the graph, and its weights beside it. What was there before is replaced."""
    weights_file.unlink(missing_ok=True)
    onnx.save_model(
        model,
        str(graph_file),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=weights_file.name,
        size_threshold=1024,
    )
