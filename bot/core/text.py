"""Cleaning and folding of what people type.

Must not know: any language's words.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 4000
"""Longer texts are cut: enough for a story, little enough for a phone and for the features (engine.md 2.3)."""

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2000-\u200a\u3000]+")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_FIRST_MARK = "\u0300"
"""No character before it is an accent of its own."""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u00b4": "'", "`": "'"})


def clean(raw: str, limit: int = MAX_CHARACTERS) -> str:
    """Text safe to store and to show: NFC, no control characters, no bidi overrides, no lone surrogates, cut."""
    text = raw[: limit * 4].encode("utf-8", "ignore").decode("utf-8", "ignore")
    text = unicodedata.normalize("NFC", text).translate(_BIDI)
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    return _SPACES.sub(" ", text)[:limit].strip()


def fold_digits(text: str) -> str:
    """The same text with every decimal digit of any script as an ASCII digit."""
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.digit(found.group())), text)


def fold(text: str) -> str:
    """Lower case, no accents, ASCII digits and apostrophes, single spaces: for comparing, never for showing."""
    if text.isascii():  # a third of all texts, and every step but these does nothing to them
        return _SPACES.sub(" ", text.replace("`", "'").lower()).strip()
    text = fold_digits(unicodedata.normalize("NFKC", text)).translate(_APOSTROPHES).casefold()
    text = unicodedata.normalize("NFD", text)
    text = "".join(c for c in text if c < _FIRST_MARK or unicodedata.category(c) != "Mn" or "\u0900" <= c <= "\u0dff")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def words(text: str) -> list[str]:
    """The words of a folded text, apostrophes and hyphens separating."""
    return re.findall(r"[\w]+", fold(text).replace("_", " "))
