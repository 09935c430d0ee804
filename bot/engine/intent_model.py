"""The trained intent classifier: a linear model and a small network heard together; numpy alone (ADR 0016, 0021).

Must not know: how it was trained, Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.ngrams import hashed
from bot.engine.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SIGNAL_WEIGHT = 0.3
"""What one signal counts against n-grams and vector of length 1; chosen by cross-validation (bot/docs/understanding.md)."""


NETWORK_SHARE = 0.26
"""What a score of the network counts against a linear one; chosen by cross-validation (tests/cross_validate.py)."""

_NETWORK = "network_"
_PLAIN = (
    "labels", "buckets", "idf", "ngram_weights", "mean", "vector_weights", "signals", "signal_weights", "bias",
    "temperature",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Weights of one linear score an intent, the network, and the temperature that makes probabilities of scores."""

    labels: Any
    """(K,) names of the intents."""
    buckets: Any
    """(N,) the hashed n-grams that training saw twice or more, ascending."""
    idf: Any
    """(N,) inverse document frequency of each."""
    ngram_weights: Any
    """(N, K) float16."""
    mean: Any
    """(384,) mean vector of the training texts; (0,) when trained without vectors."""
    vector_weights: Any
    """(384, K), or (0, K)."""
    signals: Any
    """(M,) known signals, ascending."""
    signal_weights: Any
    """(M, K)."""
    bias: Any
    """(K,)."""
    temperature: Any
    """() scores are divided by it before the softmax."""
    network: Network | None = None
    """None when trained without vectors."""

    @property
    def needs_vector(self) -> bool:
        """True when it was trained on sentence vectors."""
        return bool(self.mean.size)

    def rank(self, text: str, vector: Any | None, signals: Iterable[str]) -> tuple[tuple[str, float], ...]:
        """Every intent and its probability, best first; ``vector`` is (384,) or None."""
        told = set(signals)
        rows = np.array([row for row, name in enumerate(self.signals.tolist()) if name in told], dtype=np.intp)
        scores = self.bias + self._of_ngrams(text) + SIGNAL_WEIGHT * self.signal_weights[rows].sum(axis=0)
        if vector is not None and self.needs_vector:
            centred = unit(vector - self.mean)
            scores = scores + centred @ self.vector_weights
            if self.network is not None:
                scores = scores + NETWORK_SHARE * self.network.scores(centred, rows)
        chances = np.exp((scores - scores.max()) / self.temperature)
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        return tuple((str(self.labels[i]), float(chances[i])) for i in order)

    def _of_ngrams(self, text: str) -> Any:
        values = hashed(text)
        wanted = np.fromiter(values, dtype=np.uint32, count=len(values))
        at = np.searchsorted(self.buckets, wanted)
        at[at == len(self.buckets)] = 0
        is_known = self.buckets[at] == wanted if len(self.buckets) else np.zeros(len(wanted), bool)
        rows = at[is_known]
        weights = np.fromiter(values.values(), dtype=np.float32, count=len(values))[is_known] * self.idf[rows]
        return unit(weights) @ self.ngram_weights[rows].astype(np.float32)

    def save(self, path: Path) -> None:
        """Write the arrays, compressed; nothing that runs code when it is read."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        network = {} if self.network is None else {f.name: getattr(self.network, f.name) for f in fields(Network)}
        np.savez_compressed(
            path, **plain, **{_NETWORK + name: array.astype(np.float16) for name, array in network.items()}
        )

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """The model of a file. Raises OSError or ValueError when it is none."""
        with np.load(path, allow_pickle=False) as stored:
            plain = {name: stored[name] for name in _PLAIN}
            names = [field.name for field in fields(Network)]
            told = {name: stored[_NETWORK + name].astype(np.float32) for name in names if _NETWORK + name in stored}
        return cls(**plain, network=Network(**told) if told else None)


def unit(row: Any) -> Any:
    """The row with length 1; zeros stay zeros."""
    length = np.linalg.norm(row)
    return row / length if length else row
