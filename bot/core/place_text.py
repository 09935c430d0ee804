"""The words and numbers of a text, as the rules for places look at them.

Must not know: any place, any language's words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.core.text import fold_digits

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03"
    "\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7"
    "\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3e-\u0d4d\u0d57\u0dca-\u0ddf"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0f18-\u0f3f\u0f71-\u0fbc\u102b-\u103e\u1056-\u1059"
    "\u135d-\u135f\u17b4-\u17d3\u200c\u200d"
)
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_TOKEN = re.compile(rf"\d+|{_WORD.pattern}")
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u135d-\u135f\u20d0-\u20ff\u3099\u309a]+"
)
"""Marks that a comparison leaves out; the vowel signs of Indic scripts stay, as in text.fold."""

_UNSEEN = dict.fromkeys([0xFE0F, 0x20E3])
"""The two marks that make a digit a key-cap emoji."""

_HAN_MEETS_LATIN = re.compile(
    "(?<=[\u3400-\u9fff])(?=[A-Za-z\u00c0-\u017f])|(?<=[A-Za-z\u00c0-\u017f])(?=[\u3400-\u9fff])"
)
"""Chinese writes no space around a French name: 我住在Bobigny."""

_CYRILLIC_APOSTROPHE = re.compile("(?<=[\u0400-\u04ff])['\u2019\u02bc](?=[\u0400-\u04ff])")
"""Inside a Ukrainian word: дев'яносто."""

_ARABIZI_NEAR = re.compile(r"\b(?:7da|9rib|9rb|9orb)\b", re.IGNORECASE)
"""The one word of place that Arabic in Latin letters begins with a digit: near."""

_SPACES = re.compile(r"[^\S\n]+")
_SLASHED = re.compile(r"\bs/s(?=[\s-])|\bs/(?=[\s-]?\w)", re.IGNORECASE)

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("\u0640\u200c\u200d\u0621\u00b7", None),
        "œ": "oe", "æ": "ae", "ı": "i", "ł": "l", "ø": "o", "đ": "d",
        "ی": "ي", "ى": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ێ": "ي",
        "ک": "ك", "گ": "ك", "ڭ": "ك", "ګ": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه",
        "پ": "ب", "ڤ": "ف", "ۋ": "ف", "چ": "ش", "ژ": "ج", "ٹ": "ت", "ټ": "ت", "ڈ": "د", "ډ": "د", "ڑ": "ر",
        "ړ": "ر", "ں": "ن", "ڼ": "ن", "ٱ": "ا", "ۆ": "و", "ۇ": "و",
    }
)  # fmt: skip
"""Letters that people use for one another, and marks that say nothing about a name."""

_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number of a text."""

    word: str
    """Folded, for comparing; ASCII digits."""
    raw: str
    gap: str
    """What stands between it and the token before."""
    is_number: bool
    tail: str = ""
    """What stands between it and the next token, or the end."""

    @property
    def is_glued(self) -> bool:
        """True when nothing separates it from the token before."""
        return not self.gap


def word_of(raw: str) -> str:
    """One folded word: no case, no accents, one letter for the variants of Arabic-script keyboards."""
    if raw.isascii():
        return raw.lower()
    if raw[0].isdecimal():
        return fold_digits(raw)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", raw).casefold()))
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


def tokens(text: str) -> list[Token]:
    """Words and numbers in order; "s/" is "sur" and "st" is "saint"."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", text.translate(_UNSEEN)))
    text = _CYRILLIC_APOSTROPHE.sub("", text)
    text = _ARABIZI_NEAR.sub("hda", text)
    text = _HAN_MEETS_LATIN.sub(" ", text)
    text = _SLASHED.sub(lambda match: "sous" if len(match[0]) == 3 else "sur ", text)
    matches = [(match, word) for match in _TOKEN.finditer(text) if (word := word_of(match[0]))]
    starts = [match.start() for match, _word in matches[1:]] + [len(text)]
    found: list[Token] = []
    end = 0
    for (match, word), next_start in zip(matches, starts, strict=False):
        raw = match[0]
        gap = text[end : match.start()]
        end = match.end()
        is_nth = bool(found) and found[-1].is_number and not gap
        said = word if is_nth else _SAINTS.get(word, word)
        is_number = raw[0].isdecimal()
        tail = text[end:next_start]
        found.append(Token(word=said, raw=raw, gap=gap if found or gap else "^", is_number=is_number, tail=tail))
    return found


def key_of(name: str) -> str:
    """How a name is kept in the indexes: its folded words with single spaces between."""
    words = name.split(" ")
    if unicodedata.is_normalized("NFKC", name) and all(map(_WORD.fullmatch, words)):
        folded = map(word_of, words)
        return " ".join(_SAINTS.get(word, word) for word in folded if word)
    return " ".join(token.word for token in tokens(name))
