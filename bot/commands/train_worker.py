"""The training process: ``python -m bot.commands.train_worker ROOT TARGET``.

Makes the features of every example, then trains. A process of its own, because training leaves 200 MB behind.
Must not know: when to train.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.signals import signals
from bot.engine.e5_vectors import is_available, vectors_of
from bot.engine.examples import read_examples
from bot.engine.keep_vectors import FOLDER
from bot.engine.training_features import TrainingFeatures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.services.understand import Understand

TODAY = date(2026, 11, 23)
"""Examples are read as of a fixed day, so that the same examples give the same model."""

_CHUNK = 200


@lru_cache(maxsize=1)
def _understand(root: Path) -> Understand:
    from bot.i18n.languages import load_languages  # noqa: PLC0415  (each reading process loads the words once)
    from bot.i18n.wording import Wording  # noqa: PLC0415
    from bot.readers import load_reference  # noqa: PLC0415
    from bot.services.understand import Understand  # noqa: PLC0415

    wording = Wording(load_languages(root / "bot/data/languages.yml"), {}, {})
    return Understand(load_reference(root, wording).readers, lambda _text, _signals: (), {})


def _signals_of(job: tuple[Path, Sequence[tuple[str, str]]]) -> list[tuple[str, ...]]:
    root, texts = job
    understand = _understand(root)
    return [signals(understand.skim(text, language, TODAY)) for text, language in texts]


def make_features(root: Path) -> TrainingFeatures:
    """Vectors and signals of every example below ``root``, on all cores."""
    examples = read_examples(root / "nlu")
    told = list({example.text: example.language for example in examples}.items())
    jobs = [(root, told[start : start + _CHUNK]) for start in range(0, len(told), _CHUNK)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        read = [one for chunk in pool.map(_signals_of, jobs) for one in chunk]
    vectors = vectors_of((text for text, _language in told), root / FOLDER) if is_available() else None
    return TrainingFeatures({text: found for (text, _language), found in zip(told, read, strict=True)}, vectors)


def main(root: Path, target: Path) -> None:
    """Train on the files below ``root`` and put the model at ``target``, whole or not at all."""
    features = make_features(root)
    from bot.engine.trainer import train_model  # noqa: PLC0415  (Rasa, after the pools are closed)

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "features.npz"
        features.save(path)
        train_model(root, target, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
