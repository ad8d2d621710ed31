"""Builds one encoder and ends: `python -m meaning.building NAME GRAPH WEIGHTS`, run by `meaning.encoder`."""

import sys
from pathlib import Path

from safetensors.numpy import load

from meaning import graph
from meaning.encoder import PLAIN, adapter, published


def build(name: str, graph_file: Path, weights_file: Path) -> None:
    """Write the graph of that name and its weights. Raise EncoderError if a source is not ours."""
    weights = load(published("model.safetensors"))
    if name == PLAIN:
        made = graph.graph(weights)
    else:
        # Danger is read in the bot, beside everything else it holds (decision 10).
        made = graph.graph(graph.corrected(weights, adapter(name)), tuple(graph.coarse_names()))
    graph.save(made, graph_file, weights_file)


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
