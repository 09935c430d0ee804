"""The trained intent classifier: a linear model of the words, and a network over the sentence vector beside it (ADR 0033).

numpy alone. Must not know: how it was trained, how a vector is made, Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.intents import ALERTS, Intent
from bot.core.ngrams import hashed
from bot.engine.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SIGNAL_WEIGHT = 0.3
"""What one signal counts against n-grams of length 1; chosen by cross-validation (bot/docs/understanding.md)."""

NETWORK_SHARE = 0.24
"""What a score of the network counts against a linear one; chosen by cross-validation (tests/cross_validate.py)."""

TEMPERATURE, TEMPERATURE_ALONE = 0.33, 0.18
"""Of linear model and network together, and of the linear model alone: the ones under which held-out examples are least
surprising. They hardly move with the examples (tests/cross_validate.py), and the thresholds of core.interpretation are
tuned to them; fitting one anew would take a second training."""

LEAN = 0.15
"""Added to the score of OUT_OF_SCOPE beside the network: 2.6 points more of what is out of scope are caught, for 0.8 points
of the requests (cross-validated)."""

SETTLED, CALM = 0.98, 0.002
"""The words alone decide from SETTLED on, where they give all alarms together less than CALM: the network would change one in
two thousand of such texts, and making its vector takes half of a text's time (ADR 0033)."""

_NETWORK = "network_"
_PLAIN = (
    "labels", "buckets", "idf", "ngram_weights", "mean", "signals", "signal_weights", "bias",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Weights of one linear score an intent, and the network."""

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
    signals: Any
    """(M,) known signals, ascending."""
    signal_weights: Any
    """(M, K)."""
    bias: Any
    """(K,)."""
    network: Network | None = None
    """None when trained without vectors."""

    def rank(self, text: str, encode: Callable[[str], Any], signals: Iterable[str]) -> tuple[tuple[str, float], ...]:
        """Every intent and its probability, best first; ``encode`` makes the (384,) vector of the text where it is needed."""
        told = set(signals)
        rows = np.array([row for row, name in enumerate(self.signals.tolist()) if name in told], dtype=np.intp)
        scores = self.bias + self._of_ngrams(text) + SIGNAL_WEIGHT * self.signal_weights[rows].sum(axis=0)
        chances = _chances(scores, TEMPERATURE_ALONE)
        if self.network is not None and not self._is_settled(chances):
            heard = self.network.scores(unit(encode(text) - self.mean), rows)
            lean = LEAN * (self.labels == Intent.OUT_OF_SCOPE)
            chances = _chances(scores + NETWORK_SHARE * heard + lean, TEMPERATURE)
        order = np.argsort(-chances, kind="stable")
        return tuple((str(self.labels[i]), float(chances[i])) for i in order)

    def _is_settled(self, chances: Any) -> bool:
        """True where the words alone leave no doubt, and no alarm is thinkable."""
        alarm = chances[np.isin(self.labels, list(ALERTS))].sum()
        is_doubtful = self.labels[chances.argmax()] == Intent.OUT_OF_SCOPE
        return bool(chances.max() >= SETTLED and alarm < CALM and not is_doubtful)

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


def _chances(scores: Any, temperature: float) -> Any:
    chances = np.exp((scores - scores.max()) / temperature)
    return chances / chances.sum()


def unit(row: Any) -> Any:
    """The row with length 1; zeros stay zeros."""
    length = np.linalg.norm(row)
    return row / length if length else row
