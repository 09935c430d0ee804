"""Which language a text in a given script is in: a linear model over its letters, learnt from our own examples (ADR 0019).

Must not know: the conversation, which languages are on offer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.errors import DataError
from bot.core.ngrams import spelt, weighed

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Weights of one linear score a language, and the temperature that makes probabilities of scores."""

    codes: Any
    """(K,) language codes."""
    buckets: Any
    """(N,) hashed n-grams, ascending."""
    weights: Any
    """(N, K) float16."""
    bias: Any
    """(K,)."""
    temperature: Any
    """() scores are divided by it before the softmax."""

    def __call__(self, text: str, among: Collection[str]) -> tuple[str, float]:
        """The likeliest of some codes and its probability among them; a text without letters gives 1 / their number."""
        values = weighed(spelt(text))
        wanted = np.fromiter(values, dtype=np.uint32, count=len(values))
        at = np.minimum(np.searchsorted(self.buckets, wanted), len(self.buckets) - 1)
        is_known = self.buckets[at] == wanted
        told = np.fromiter(values.values(), dtype=np.float32, count=len(values))
        length = np.linalg.norm(told)
        scores = (
            self.bias + (told[is_known] / length) @ self.weights[at[is_known]].astype(np.float32)
            if length
            else self.bias
        )
        places = [index for index, code in enumerate(self.codes) if code in among]
        chances = np.exp((scores[places] - scores[places].max()) / self.temperature)
        best = int(chances.argmax())
        return str(self.codes[places[best]]), float(chances[best] / chances.sum())

    def save(self, path: Path) -> None:
        """Write the arrays, compressed."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})


def load_language_model(path: Path) -> LanguageModel:
    """The model of a file. Raises DataError when it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return LanguageModel(**{field.name: stored[field.name] for field in fields(LanguageModel)})
    except (OSError, ValueError, KeyError) as error:
        raise DataError(path.name, "file", "is no language model") from error
