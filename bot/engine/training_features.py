"""The features of all training examples in one file, made before Rasa begins (ADR 0016).

Must not know: Rasa, how a text is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.errors import ModelMissingError
from bot.engine.intent_training import Examples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class TrainingFeatures:
    """Vectors and signals by text."""

    signals: Mapping[str, tuple[str, ...]]
    vectors: Mapping[str, Any] | None
    """(384,) by text, or None without the encoder."""

    def save(self, path: Path) -> None:
        """Write them; the file lives as long as the training."""
        texts = list(self.signals)
        rows = np.zeros((0, 0)) if self.vectors is None else np.stack([self.vectors[text] for text in texts])
        told = [_BETWEEN.join(self.signals[text]) for text in texts]
        np.savez(path, texts=np.array(texts), signals=np.array(told), vectors=rows)

    @classmethod
    def load(cls, path: Path) -> TrainingFeatures:
        """The features of a file."""
        with np.load(path, allow_pickle=False) as stored:
            texts = stored["texts"].tolist()
            signals = {
                text: tuple(told.split(_BETWEEN)) if told else ()
                for text, told in zip(texts, stored["signals"].tolist(), strict=True)
            }
            rows = stored["vectors"]
        return cls(signals, dict(zip(texts, rows, strict=True)) if rows.size else None)

    def examples(self, told: Sequence[tuple[str, str]]) -> Examples:
        """The examples (text, intent) with their features. Raises ModelMissingError naming how many have none."""
        missing = sum(text not in self.signals for text, _label in told)
        if missing:
            message = f"{missing} examples have no features"
            raise ModelMissingError(message)
        vectors = None if self.vectors is None else np.stack([self.vectors[text] for text, _label in told])
        return Examples(
            texts=[text for text, _label in told],
            labels=[label for _text, label in told],
            vectors=vectors,
            signals=[self.signals[text] for text, _label in told],
        )
