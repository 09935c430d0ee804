"""The trained intent classifier: a linear model over n-grams, sentence vector and signals; numpy alone (ADR 0016).

Must not know: how it was trained, Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.ngrams import hashed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SIGNAL_WEIGHT = 0.3
"""What one signal counts against n-grams and vector of length 1; chosen by cross-validation (bot/docs/understanding.md)."""


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Weights of one linear score an intent, and the temperature that makes probabilities of scores."""

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

    @property
    def needs_vector(self) -> bool:
        """True when it was trained on sentence vectors."""
        return bool(self.mean.size)

    def rank(self, text: str, vector: Any | None, signals: Iterable[str]) -> tuple[tuple[str, float], ...]:
        """Every intent and its probability, best first; ``vector`` is (384,) or None."""
        scores = self.bias + self._of_ngrams(text) + self._of_signals(signals)
        if vector is not None and self.needs_vector:
            scores = scores + unit(vector - self.mean) @ self.vector_weights
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

    def _of_signals(self, signals: Iterable[str]) -> Any:
        rows = np.isin(self.signals, list(signals))
        return SIGNAL_WEIGHT * self.signal_weights[rows].sum(axis=0)

    def save(self, path: Path) -> None:
        """Write the arrays, compressed; nothing that runs code when it is read."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """The model of a file. Raises OSError or ValueError when it is none."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(**{field.name: stored[field.name] for field in fields(cls)})


def unit(row: Any) -> Any:
    """The row with length 1; zeros stay zeros."""
    length = np.linalg.norm(row)
    return row / length if length else row
