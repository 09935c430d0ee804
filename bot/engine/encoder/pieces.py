"""A text cut into the encoder's pieces: the likeliest way to write it with them (SentencePiece's unigram model).

The 250,000 pieces are known by a 64-bit hash of their characters: 3 MB instead of the 50 MB of a dictionary of strings, and
every part of a text is looked up at once. Must not know: what a piece means to the encoder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine.encoder.model_file import Vocabulary

_BORDER = "\u2581"
"""Stands for a space."""

_UNKNOWN_COST = 10.0
"""How much less likely than the rarest piece an unknown character is (SentencePiece's own figure)."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SPACES = re.compile(" {2,}")
_CONTINUES = 0x80
_BYTE_KIND = 0xC0
"""A byte of UTF-8 whose two high bits are 10 continues a character."""


def _points(text: str) -> Any:
    """The code points of a text, uint64."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)


def _grown(hashes: Any, points: Any) -> Any:
    """The hashes of texts that got one more character."""
    grown = (hashes ^ (points + np.uint64(1))) * _FACTOR
    return grown ^ (grown >> np.uint64(29))


def _hashes(text: bytes, starts: Any) -> tuple[Any, int]:
    """The hash of every piece in a text of all pieces, given the bytes they start at; and the characters of the longest."""
    is_first = (np.frombuffer(text, np.uint8) & _BYTE_KIND) != _CONTINUES
    before = np.concatenate([[0], np.cumsum(is_first)])
    borders = before[starts]
    lengths, points = np.diff(borders), _points(text.decode())
    found = np.zeros(len(lengths), np.uint64)
    for at in range(int(lengths.max())):
        rows = np.flatnonzero(lengths > at)
        found[rows] = _grown(found[rows], points[borders[rows] + at])
    return found, int(lengths.max())


class Pieces:
    """The vocabulary of one encoder."""

    def __init__(self, told: Vocabulary, normal: Mapping[int, str]) -> None:
        hashes, self._longest = _hashes(told.text, told.starts)
        order = np.argsort(hashes)
        self._begin, self._end, self._unknown = told.begin, told.end, told.unknown
        self._hashes, self._order, self._scores = hashes[order], order.astype(np.int32), told.scores
        self._unknown_score = float(told.scores.min()) - _UNKNOWN_COST
        self._normal = dict(normal)

    def ids(self, text: str) -> list[int]:
        """The numbers of the text's pieces, between those of begin and end."""
        spaced = _SPACES.sub(" ", text.translate(self._normal))
        marked = (spaced if spaced.startswith(" ") else f" {spaced}").replace(" ", _BORDER)
        return [self._begin, *self._cut(marked), self._end]

    def _known(self, text: str) -> list[tuple[int, int, int]]:
        """Every known piece in a text, by where it starts: start, stop, number."""
        points = _points(text)
        size = len(points)
        parts = [np.zeros(size, np.uint64)]
        for length in range(1, min(self._longest, size) + 1):
            parts.append(_grown(parts[-1][: size - length + 1], points[length - 1 :]))
        hashes = np.concatenate(parts[1:])
        starts = np.concatenate([np.arange(len(part)) for part in parts[1:]])
        stops = starts + np.repeat(np.arange(1, len(parts)), [len(part) for part in parts[1:]])
        places = np.searchsorted(self._hashes, hashes).clip(max=len(self._hashes) - 1)
        (hits,) = np.nonzero(self._hashes[places] == hashes)
        pieces = self._order[places[hits]]
        found = zip(starts[hits].tolist(), stops[hits].tolist(), pieces.tolist(), strict=True)
        return sorted(found)

    def _cut(self, text: str) -> list[int]:
        """The likeliest pieces, found from left to right (Viterbi)."""
        size = len(text)
        best = [0.0] + [float("-inf")] * size
        came = [(0, 0)] * (size + 1)
        known = iter([*self._known(text), (size, size, self._unknown)])
        start, stop, piece = next(known)
        for at in range(size):
            if best[at] + self._unknown_score > best[at + 1]:
                best[at + 1], came[at + 1] = best[at] + self._unknown_score, (at, self._unknown)
            while start == at:
                score = best[at] + float(self._scores[piece])
                if piece != self._unknown and score > best[stop]:
                    best[stop], came[stop] = score, (at, piece)
                start, stop, piece = next(known)
        found: list[int] = []
        at = size
        while at:
            at, piece = came[at]
            found.append(piece)
        return found[::-1]
