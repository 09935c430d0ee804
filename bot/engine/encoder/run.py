"""A text's vector: its pieces, their numbers, six layers in ONNX Runtime, and their mean.

Must not know: what vectors are for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from bot.engine.encoder.layout import numbers
from bot.engine.encoder.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine.encoder.model_file import ModelFile

FOLDER = Path(__file__).resolve().parents[2] / "data" / "encoder"
GRAPH = FOLDER / "graph.onnx"
SMOOTHING = FOLDER / "smoothing.npz"


def read_smoothing(path: Path = SMOOTHING) -> dict[str, Any]:
    """The kept factors by name, float32."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def open_graph(graph: bytes, stored: Mapping[str, Any]) -> onnxruntime.InferenceSession:
    """A session of one thread over a graph whose numbers are given beside it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # turns run side by side, one thread each
    options.log_severity_level = 3
    values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(array) for name, array in stored.items()}
    options.add_external_initializers(list(values), list(values.values()))
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class Encoder:
    """multilingual-e5-small, in one thread."""

    def __init__(self, model: ModelFile, graph: bytes, smoothing: Mapping[str, Any]) -> None:
        self._pieces = Pieces(model.vocabulary, model.normal)
        self._model = model
        self._places = model.floats("emb.pos").reshape(-1, model.width) + model.floats("emb.type")[: model.width]
        self._session = open_graph(graph, dict(numbers(model, smoothing)))
        model.let_go()  # 12 MB of weights that the session holds in its own way

    def entered(self, text: str) -> Any:
        """What goes into the first layer: shape (1, pieces, width), float32.

        Without the "query: " the model was taught with: intents are told apart as well, two pieces sooner (ADR 0031).
        """
        ids = self._pieces.ids(text)[: len(self._places)]
        return (self._model.rows("emb.word", self._model.width, ids) + self._places[: len(ids)])[np.newaxis]

    def vector(self, text: str) -> Any:
        """384 floats of length 1."""
        (mean,) = self._session.run(None, {"entered": self.entered(text)})
        return mean[0] / np.linalg.norm(mean[0])
