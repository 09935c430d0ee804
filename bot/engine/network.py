"""A small network over the sentence vector and the signals, that scores the intents; numpy alone (ADR 0021).

It hears what a linear model cannot: that a signal means one thing beside one wish and another beside the next.
Must not know: how it was trained, words, Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

VECTOR_SCALE = 20.0
SIGNAL_SCALE = 3.0
"""What a vector of length 1 and a signal enter the network with; chosen by cross-validation (tests/cross_validate.py)."""


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer of rectified units."""

    hidden_weights: Any
    """(D, H): the vector's 384 rows, then one for each signal."""
    hidden_bias: Any
    """(H,)."""
    weights: Any
    """(H, K)."""
    bias: Any
    """(K,)."""

    def scores(self, vector: Any, signal_rows: Any) -> Any:
        """(K,) for a centred vector of length 1 and the indexes of the signals that were told."""
        size = len(vector)
        hidden = (VECTOR_SCALE * vector) @ self.hidden_weights[:size] + self.hidden_bias
        hidden = hidden + SIGNAL_SCALE * self.hidden_weights[size + signal_rows].sum(axis=0)
        return np.maximum(hidden, 0) @ self.weights + self.bias


def inputs(vectors: Any, signals: Any) -> Any:
    """(n, D) rows as the network is trained on: centred vectors of length 1, and signals of 0 and 1."""
    return np.hstack([VECTOR_SCALE * vectors, SIGNAL_SCALE * signals]).astype(np.float32)
