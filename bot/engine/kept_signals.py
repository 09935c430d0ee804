"""The signals of the training examples, kept beside the models while nothing that reads them changes (ADR 0021).

Reading is half of a training's time. The file holds digests of texts, no text; it may be deleted at any time.
Must not know: how a text is read, what is learnt from it.
"""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from bot.engine.e5_vectors import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "signals.npz"

_READERS = (
    "bot/core/*.py",
    "bot/data/*.yml",
    "bot/data/*.npz",
    "bot/data/places/*",
    "bot/data/words/*.yml",
    "bot/i18n/*.py",
    "bot/readers.py",
    "bot/services/understand.py",
    "bot/storage/reference/*.py",
)
"""All that may change what is read in a text; rather a file too many than stale signals."""


def digest_of(root: Path) -> str:
    """What the readers are, code and data: signals are kept for exactly this."""
    sha = hashlib.sha256()
    for pattern in _READERS:
        for path in sorted(root.glob(pattern)):
            sha.update(path.relative_to(root).as_posix().encode() + b"\0")
            sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


def key(text: str, language: str) -> int:
    """What a text read for a language is known by."""
    return key_of(f"{language}\n{text}")


def read(path: Path, digest: str) -> dict[int, tuple[str, ...]]:
    """The kept signals by ``key``; none when they were kept for other readers, or are not readable."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if str(stored["digest"]) != digest:
                return {}
            names, told, ends = stored["names"].tolist(), stored["told"].tolist(), stored["ends"].tolist()
            starts = [0, *ends[:-1]]
            return {
                one: tuple(names[at] for at in told[start:end])
                for one, start, end in zip(stored["keys"].tolist(), starts, ends, strict=True)
            }
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def write(path: Path, digest: str, signals: Mapping[int, tuple[str, ...]]) -> None:
    """Keep these and no others."""
    names = sorted({name for told in signals.values() for name in told})
    column = {name: at for at, name in enumerate(names)}
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(
        partial,
        digest=np.array(digest),
        names=np.array(names, dtype=str),
        keys=np.array(list(signals), dtype=np.uint64),
        told=np.array([column[name] for told in signals.values() for name in told], dtype=np.uint16),
        ends=np.cumsum([len(told) for told in signals.values()], dtype=np.int64),
    )
    partial.replace(path)
