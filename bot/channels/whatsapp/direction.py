"""Keeps numbers and Latin beginnings where they belong in a text that runs from right to left.

Inserted names and dates come isolated already (i18n.formats); here are the telephone numbers inside sentences and the
lines that begin with a digit, a symbol or a Latin word. Must not know: any language's words.
"""

from __future__ import annotations

import re
import unicodedata

RTL = frozenset({"ar", "fa", "ps", "ur"})
_LRI, _PDI, _RLM = "\u2066", "\u2069", "\u200f"
_ISOLATED = re.compile(r"(\u2066[^\u2066\u2069\n]*\u2069)")
_NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[\d .\u00a0\u202f()-]{4,22})\d(?!\w)", re.ASCII)
_STRONG_RIGHT = frozenset({"R", "AL"})


def directed(text: str, language: str) -> str:
    """The text as it must be sent; unchanged in languages that run from left to right."""
    if language not in RTL:
        return text
    return "\n".join(_led(_numbers_kept(line)) for line in text.split("\n"))


def _numbers_kept(line: str) -> str:
    """Groups of digits parted by spaces would be read from right to left: the number is isolated as a whole."""
    parts = _ISOLATED.split(line)
    return "".join(
        part if _ISOLATED.fullmatch(part) else _NUMBER.sub(lambda found: f"{_LRI}{found[0]}{_PDI}", part)
        for part in parts
    )


def _led(line: str) -> str:
    """A line takes the direction of its first letter: a mark leads when that is not its own."""
    bare = _ISOLATED.sub("", line)
    letters = [unicodedata.bidirectional(c) for c in bare]
    first = next((kind for kind in letters if kind in {"L", "R", "AL"}), None)
    is_foreign_whole = not any(kind in _STRONG_RIGHT for kind in letters)
    return line if first in _STRONG_RIGHT or is_foreign_whole else f"{_RLM}{line}"
