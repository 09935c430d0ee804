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
from bot.engine import kept_signals
from bot.engine.e5_vectors import is_available, vectors_of
from bot.engine.examples import read_examples
from bot.engine.intent_training import Examples, fit, grams_of
from bot.engine.keep_vectors import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.services.understand import Understand

TODAY = date(2026, 11, 23)
"""Examples are read as of a fixed day, so that the same examples give the same model."""

_CHUNK = 200


@lru_cache(maxsize=1)
def reader(root: Path) -> Understand:
    """What reads a text without a classifier."""
    from bot.i18n.languages import load_languages  # noqa: PLC0415  (each reading process loads the words once)
    from bot.i18n.wording import Wording  # noqa: PLC0415
    from bot.readers import load_reference  # noqa: PLC0415
    from bot.services.understand import Understand  # noqa: PLC0415

    wording = Wording(load_languages(root / "bot/data/languages.yml"), {}, {})
    return Understand(load_reference(root, wording).readers, lambda _text, _signals: (), {})


def _signals_of(job: tuple[Path, Sequence[tuple[str, str]]]) -> list[tuple[str, ...]]:
    root, texts = job
    understand = reader(root)
    return [signals(understand.skim(text, language, TODAY)) for text, language in texts]


def _on_all_cores(root: Path, told: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The signals of texts and their languages."""
    jobs = [(root, told[start : start + _CHUNK]) for start in range(0, len(told), _CHUNK)]
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return [one for chunk in pool.map(_signals_of, jobs) for one in chunk]


def read_signals(root: Path, told: Sequence[tuple[str, str]], kept: Path) -> list[tuple[str, ...]]:
    """The signals of texts and their languages: those in ``kept`` while no reader changed, the others read now."""
    digest = kept_signals.digest_of(root)
    keys = [kept_signals.key(*one) for one in told]
    known = kept_signals.read(kept, digest)
    missing = [(one, at) for one, at in zip(told, keys, strict=True) if at not in known]
    if missing:
        read = _on_all_cores(root, [one for one, _key in missing])
        known |= dict(zip((at for _one, at in missing), read, strict=True))
        kept_signals.write(kept, digest, {at: known[at] for at in keys})
    return [known[at] for at in keys]


def make_examples(root: Path, kept: Path) -> Examples:
    """Every example below ``root`` with its features; signals that were read before lie in ``kept``."""
    examples = list(dict.fromkeys(read_examples(root / "nlu")))
    told = list({example.text: example.language for example in examples}.items())
    signs = dict(zip((text for text, _language in told), read_signals(root, told, kept), strict=True))
    vectors = vectors_of(signs, root / FOLDER) if is_available() else None
    return Examples(
        grams=[grams_of(example.text) for example in examples],
        labels=[example.intent for example in examples],
        vectors=None if vectors is None else np.stack([vectors[example.text] for example in examples]),
        signals=[signs[example.text] for example in examples],
    )


def main(root: Path, target: Path) -> None:
    """Train on the files below ``root`` and put the model at ``target``, whole or not at all."""
    examples = make_examples(root, target.parent / kept_signals.FILE)
    model = fit(examples)
    from bot.engine.trainer import train_model  # noqa: PLC0415  (Rasa and its stand-ins, after scikit-learn)

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "intents.npz"
        model.save(path)
        train_model(root, target, path, set(examples.labels))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
