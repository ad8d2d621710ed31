"""The encoder kept in coarse numbers means what the exact one means, and only our own files are read."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import load

from meaning import graph
from meaning.encoder import Encoder, EncoderError, Vectors, adapter, built, published

NAME = "danger_a"
SAID = ["ive got nowhere to sleep tonight", "cheers that sorted it", "Wie geht es dir? \N{SNOWMAN}"]


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the same encoder with every number as it was learnt."""
    folder = tmp_path_factory.mktemp("exact")
    weights = graph.corrected(load(published("model.safetensors")), adapter(NAME))
    graph.save(graph.graph(weights), folder / "exact.onnx", folder / "exact.weights")
    return folder / "exact.onnx"


def vectors(file: Path, encoder: Encoder, texts: list[str]) -> Vectors:
    """Return what another graph makes of texts that an encoder has split into pieces."""
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return np.vstack([session.run(None, encoder.pieces([text]))[0] for text in texts])


def test_coarse_numbers_mean_what_exact_ones_mean(exact: Path) -> None:
    encoder = Encoder(NAME)

    alike = (encoder.vectors(SAID) * vectors(exact, encoder, SAID)).sum(axis=1)

    assert alike.min() > 0.97
    assert alike.max() < 1 - 1e-6  # or else nothing was made coarse


def test_coarse_numbers_take_less_than_half_the_room(exact: Path) -> None:
    coarse = built(NAME).with_suffix(".weights").stat().st_size

    assert coarse < exact.with_suffix(".weights").stat().st_size / 2


def test_a_message_means_the_same_alone_and_among_others() -> None:
    encoder = Encoder(NAME)

    together = encoder.vectors([*SAID, "a much longer message " * 20])

    assert np.array_equal(together[0], encoder.vectors(SAID[:1])[0])


def test_a_built_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    weights = built(NAME, tmp_path).with_suffix(".weights")
    with weights.open("r+b") as held:
        held.seek(1000)
        held.write(b"\0\1\2\3")

    with pytest.raises(EncoderError, match="not the one that was built here"):
        built(NAME, tmp_path)
