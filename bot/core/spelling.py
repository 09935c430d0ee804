"""Forms of a word: plurals, clitics, repeated letters, a slip of the finger.

Must not know: any language's words, what a word means.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST_FUZZY = 6
"""Letters a word needs before one slip is forgiven."""
SHORTEST_TWO_SLIPS = 10
_MARK_BITS = 32

_ARABIC = re.compile(r"[\u0621-\u06ff]+")
_DOUBLED = re.compile(r"([^\W\d])\1")
_PREFIXES = ("وبال", "وال", "فال", "بال", "كال", "هال", "عال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ك", "ه", "د")
_SUFFIXES = ("تها", "هم", "ها", "كم", "نا", "ني", "ات", "ين", "ون", "ي", "ك", "ه", "و")
_SHORTEST_STEM = 3


def forms(word: str, *, has_prefixes: bool = True) -> tuple[str, ...]:
    """The word itself first, then the bare words it may be a plural, a feminine or a clitic form of.

    ``has_prefixes`` is false where Arabic letters write another language: Persian «دارید» is no «د» before «ارید».
    """
    if _ARABIC.fullmatch(word):
        return tuple(dict.fromkeys(_arabic_forms(word, _PREFIXES if has_prefixes else ())))
    found = dict.fromkeys(_latin_forms(word))
    if _DOUBLED.search(word):
        found.update(dict.fromkeys(_latin_forms(_DOUBLED.sub(r"\1", word))))
    return tuple(found)


def _latin_forms(word: str) -> Iterator[str]:
    yield word
    stem = word
    if len(stem) > 3 and stem[-1] in "sx":
        stem = stem[:-1]
        yield stem
    if len(stem) > 5 and stem[-1] == "e":
        yield stem[:-1]


def _arabic_forms(word: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    yield word
    starts = [word]
    starts += [word[len(p) :] for p in prefixes if word.startswith(p) and len(word) - len(p) >= _SHORTEST_STEM]
    for start in starts:
        yield start
        for suffix in _SUFFIXES:
            stem = start[: -len(suffix)]
            if start.endswith(suffix) and len(stem) >= _SHORTEST_STEM:
                yield stem
                yield f"{stem[:-1]}ه" if stem[-1] == "ت" else f"{stem}ه"


def within(first: str, second: str, most: int) -> bool:
    """True when at most ``most`` slips (a letter more, less, other, or two swapped) separate the words."""
    if abs(len(first) - len(second)) > most:
        return False
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1] <= most


class Marks:
    """The marks of one text's mistyped words: many books look for the same ones. Forgotten with the text."""

    def __init__(self) -> None:
        """Nothing was looked for."""
        self._marks: dict[str, tuple[int, ...]] = {}

    def of(self, typed: str) -> tuple[int, ...]:
        """Those of the word, and of what is left of it without one letter; without two where it is long."""
        marks = self._marks.get(typed)
        if marks is None:
            most = 2 if len(typed) >= SHORTEST_TWO_SLIPS - 1 else 1
            marks = self._marks[typed] = tuple(_mark(shorter) for shorter in _shortened(typed, most))
        return marks


class Typos:
    """Known words that a mistyped one may stand for; the first letter must be right."""

    def __init__(self, words: Iterable[str]) -> None:
        """Index the words of six letters or more."""
        self._words = tuple(word for word in sorted(set(words)) if len(word) >= SHORTEST_FUZZY)
        pairs = sorted(
            (_mark(shorter), number)
            for number, word in enumerate(self._words)
            for shorter in _shortened(word, _slips(word))
        )
        # Arrays of numbers: as a dictionary of texts the index takes ten times the memory.
        self._marks = array("I", (mark for mark, _number in pairs))
        self._numbers = array("I", (number for _mark, number in pairs))
        self._shift = max(0, _MARK_BITS - len(pairs).bit_length())
        self._starts = array("I", [0])
        for bucket in range(1, (1 << (_MARK_BITS - self._shift)) + 1):
            self._starts.append(bisect_left(self._marks, bucket << self._shift, self._starts[-1]))

    def near(self, typed: str, known: Marks | None = None) -> tuple[str, ...]:
        """The known words within one slip of the typed one, two for words of ten letters or more."""
        if len(typed) < SHORTEST_FUZZY - 1:
            return ()
        numbers: set[int] = set()
        marks, starts, shift = self._marks, self._starts, self._shift
        for mark in (known or Marks()).of(typed):
            bucket = mark >> shift
            for at in range(starts[bucket], starts[bucket + 1]):
                if marks[at] == mark:
                    numbers.add(self._numbers[at])
        candidates = (self._words[number] for number in sorted(numbers))
        return tuple(word for word in candidates if word[0] == typed[0] and within(typed, word, _slips(word)))


def _mark(word: str) -> int:
    """32 bits of a word; two words may share them, so what is found is compared letter by letter."""
    return crc32(word.encode())


def _slips(word: str) -> int:
    return 2 if len(word) >= SHORTEST_TWO_SLIPS else 1


def _shortened(word: str, most: int) -> set[str]:
    found = {word}
    last = found
    for _ in range(most):
        last = {w[:i] + w[i + 1 :] for w in last for i in range(1, len(w))}
        found = found | last
    return found
