"""The training process: ``python -m bot.commands.train_worker ROOT TARGET``.

Makes the features of every example, fits the classifier, then lets Rasa train around it. A process of its own, because
training leaves 200 MB behind. Must not know: when to train.
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

import numpy as np

from bot.core.signals import signals
from bot.engine.e5_vectors import is_available, vectors_of
from bot.engine.examples import read_examples
from bot.engine.intent_training import Examples, fit, grams_of
from bot.engine.keep_vectors import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.engine.intent_training import Grams
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


def _read(job: tuple[Path, Sequence[tuple[str, str]]]) -> list[tuple[tuple[str, ...], Grams]]:
    """Signals and n-grams of some texts."""
    root, texts = job
    understand = _understand(root)
    return [(signals(understand.skim(text, language, TODAY)), grams_of(text)) for text, language in texts]


def make_examples(root: Path) -> Examples:
    """Every example below ``root`` with its features, made on all cores."""
    examples = list(dict.fromkeys(read_examples(root / "nlu")))
    told = list({example.text: example.language for example in examples}.items())
    jobs = [(root, told[start : start + _CHUNK]) for start in range(0, len(told), _CHUNK)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        found = [one for chunk in pool.map(_read, jobs) for one in chunk]
    read = dict(zip((text for text, _language in told), found, strict=True))
    vectors = vectors_of(read, root / FOLDER) if is_available() else None
    return Examples(
        grams=[read[example.text][1] for example in examples],
        labels=[example.intent for example in examples],
        vectors=None if vectors is None else np.stack([vectors[example.text] for example in examples]),
        signals=[read[example.text][0] for example in examples],
    )


def main(root: Path, target: Path) -> None:
    """Train on the files below ``root`` and put the model at ``target``, whole or not at all."""
    examples = make_examples(root)
    model = fit(examples)
    from bot.engine.trainer import train_model  # noqa: PLC0415  (Rasa and its stand-ins, after scikit-learn)

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "intents.npz"
        model.save(path)
        train_model(root, target, path, set(examples.labels))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
