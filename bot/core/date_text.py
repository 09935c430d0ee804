"""A message as numbers and comparable words with what stands between them.

Must not know: any language's words; digits and letters of scripts are orthography, not words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 4000
"""Characters that are looked at (core.text, MAX_CHARACTERS)."""
HIDDEN = "\x1a"
"""Stands for a character of an address, where no date is."""

_SAME_LETTERS = str.maketrans(
    {
        **dict.fromkeys("ةۀہھۃە", "ه"),
        **dict.fromkeys("ىیےېۍئ", "ي"),
        **dict.fromkeys("کګڭگ", "ك"),
        **dict.fromkeys("ټ", "ت"),
        **dict.fromkeys("ں", "ن"),
        "ı": "i",
        "œ": "oe",
        "æ": "ae",
        "’": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "‑": "-",
        "‐": "-",
        "⁄": "/",
        "|": "/",
        "\\": "/",
        "_": "/",
        "؍": "/",
        "،": ",",
        "؛": ";",
        "؟": "?",
        "۔": ".",
        "。": ".",
        "、": ",",
        "।": ".",
    }
)
_SILENT = dict.fromkeys(
    [0x00AD, 0x0640, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0x1A]
)
"""Joiners, stretches, bidi controls: they say nothing and stand anywhere."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\u3007"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.\w+")
_PIECE = re.compile(rf"\d+|[{_HAN}]|(?:(?![\d{_HAN}])[^\W_]|[\u0900-\u0963\u0966-\u0dff])+")
_DOUBLED = re.compile(r"(?<=\d)\s?([/.\-])\1+\s?(?=\d)")
_LETTER_O = re.compile(r"(?<=\d)o(?=[/.\-][\do])|(?<=[/.\-])o(?=\d[/.\-])")
"""A zero typed as a letter, which only the separators of a date betray."""
_HAN_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十廿卅两兩]+(?=[年月日号號天个個周週星点點])"
    r"|(?<=月)[一二三四五六七八九十廿卅]+(?=[到过過就之前结結截为為止的吧左才呢失那]|$|[^\u3400-\u9fff])"
)
"""The day of a month may be told without its sign: ``一月十五``."""
HAN_NUMERALS = frozenset("一二三四五六七八九十廿卅")
_HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HAN_TENS = {"十": 1, "廿": 2, "卅": 3}


@dataclass(frozen=True, slots=True)
class Piece:
    """A number, a word, or one Chinese sign, by its place in the normal text."""

    text: str
    start: int
    end: int


def normal(text: str, respelled: Mapping[str, str]) -> str:
    """Folded text with letters that keyboards exchange made one, Chinese numbers as digits, addresses hidden.

    ``respelled`` holds words that mean something else once their accents are gone: ``expiré``.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST]).casefold()
    for typed, meant in respelled.items():
        if typed in text:
            text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", meant, text)
    text = fold(text.translate(_SILENT)).translate(_SAME_LETTERS)
    text = _LETTER_O.sub("0", _DOUBLED.sub("/", _HAN_NUMBER.sub(_han_number, text)))
    return _ADDRESS.sub(lambda found: HIDDEN * len(found.group()), text)


def pieces(text: str) -> list[Piece]:
    """The numbers and words of a normal text, in order."""
    return [Piece(found.group(), found.start(), found.end()) for found in _PIECE.finditer(text)]


def _han_number(found: re.Match[str]) -> str:
    signs = found.group()
    if not any(sign in _HAN_TENS for sign in signs):
        digits = [_HAN_DIGITS[sign] for sign in signs]
        is_year = found.string.startswith("年", found.end())
        return "".join(map(str, digits)) if is_year or not _is_two_or_three(digits) else f"{digits[0]}-{digits[1]}"
    total, units = 0, 0
    for sign in signs:
        if sign in _HAN_TENS:
            total += 10 * (units or 1) * _HAN_TENS[sign]
            units = 0
        else:
            units = _HAN_DIGITS[sign]
    return str(total + units)


def _is_two_or_three(digits: list[int]) -> bool:
    """True for ``两三个月``."""
    return len(digits) == 2 and digits[1] == digits[0] + 1
