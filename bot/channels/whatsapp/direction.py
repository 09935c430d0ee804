"""Keeps numbers and Latin beginnings where they belong in a text that runs from right to left.

Inserted names and dates come isolated already (i18n.formats); here are the telephone numbers inside sentences and the
lines that begin with a digit, a symbol or a Latin word. Must not know: any language's words.
"""

from __future__ import annotations

import re

from bot.channels.shaping import RTL, direct

_LRI, _PDI = "\u2066", "\u2069"
_ISOLATED = re.compile(r"(\u2066[^\u2066\u2069\n]*\u2069)")
_NUMBER = re.compile(r"(?<![\w+])\+?\d(?:[\d .\u00a0\u202f()-]{4,22})\d(?!\w)", re.ASCII)


def directed(text: str, language: str) -> str:
    """The text as it must be sent; unchanged in languages that run from left to right."""
    if language not in RTL:
        return text
    return direct("\n".join(map(_numbers_kept, text.split("\n"))), language)


def _numbers_kept(line: str) -> str:
    """Groups of digits parted by spaces would be read from right to left: the number is isolated as a whole."""
    parts = _ISOLATED.split(line)
    return "".join(
        part if _ISOLATED.fullmatch(part) else _NUMBER.sub(lambda found: f"{_LRI}{found[0]}{_PDI}", part)
        for part in parts
    )
