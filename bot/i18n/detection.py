"""Which language a text is in: its script first, then a model of the languages written in it, else unknown (ADR 0019).

Abstaining is the right error: the person can always be asked (i18n.md 3). Must not know: the conversation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SURE = 0.9
"""From here a language counts as known."""

_ALONE = {"BENGALI": "bn", "TAMIL": "ta", "GEORGIAN": "ka", "CJK": "zh", "HANGUL": None, "DEVANAGARI": None}
"""Scripts that one of our languages alone is written in, or none."""

_SHARED = {"ARABIC": ("ar", "fa", "ps", "ur"), "CYRILLIC": ("ru", "uk")}
_SCRIPTS = (*_ALONE, *_SHARED)

_LATIN = "LATIN"
_FEWEST_LETTERS = 2
"""Letters of another script that outweigh any number of Latin ones: French words are mixed into everything."""

_ALONE_SURE = 0.99
_WORD = re.compile(r"[^\W\d_]{2,}")
_SURE_OF_ONE_WORD = 0.97


@dataclass(frozen=True, slots=True)
class Detector:
    """Detects one of the registry's languages."""

    model: Callable[[str, Collection[str]], tuple[str, float]]
    """A text and the codes it may be in, to the likeliest and its probability."""
    latin: frozenset[str]
    """The languages people write in Latin letters, romanised ones included."""

    def __call__(self, text: str) -> tuple[str | None, float]:
        """The code and how sure, or None and 0.0."""
        script = script_of(text)
        if script is None:
            return None, 0.0
        if script in _ALONE:
            code = _ALONE[script]
            return (code, _ALONE_SURE) if code else (None, 0.0)
        among = _SHARED.get(script, self.latin)
        code, sure = self.model(text, among)
        told = len(_WORD.findall(text))
        needed = SURE if told > 1 else _SURE_OF_ONE_WORD
        return (code, sure) if told and sure >= needed else (None, 0.0)


def script_of(text: str) -> str | None:
    """``LATIN``, ``ARABIC``, ``CYRILLIC`` …; None without letters. Two letters of another script outweigh Latin ones."""
    if text.isascii():
        return _LATIN if any(map(str.isalpha, text[:400])) else None
    names = [unicodedata.name(letter, "") for letter in text[:400] if letter.isalpha()]
    counts = {script: sum(name.startswith(script) for name in names) for script in _SCRIPTS}
    best = max(counts, key=lambda script: counts[script])
    if counts[best] >= _FEWEST_LETTERS or (counts[best] and counts[best] == len(names)):
        return best
    return _LATIN if any(name.startswith(_LATIN) for name in names) else None
