"""How words are made to fit a platform: cut where a reader would pause, never inside a letter.

Must not know: which platform it is.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import regex

from bot.core.capabilities import TextUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

RTL = frozenset({"ar", "fa", "ps", "ur"})
"""Languages written from right to left."""

_RLM = "\u200f"
_GRAPHEME = regex.compile(r"\X")
_SENTENCE_ENDS = ".!?…。！？؟۔।"


def length(text: str, unit: TextUnit) -> int:
    """How long a platform finds it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 if unit is TextUnit.UTF16 else len(text)


def split(text: str, limit: int, unit: TextUnit) -> list[str]:
    """The text in as few pieces as fit: cut after a paragraph, else a line, a sentence, a word, a letter."""
    pieces = []
    rest = text.strip()
    while length(rest, unit) > limit:
        head = _fitting(rest, limit, unit)
        cut = _pause(head)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest or not pieces else pieces


def trim(title: str, limit: int, unit: TextUnit = TextUnit.CHARACTERS) -> str:
    """The title, whole or cut with an ellipsis, never inside a letter."""
    if length(title, unit) <= limit:
        return title
    return _fitting(title, limit - 1, unit).rstrip() + "…"


def direct(text: str, language: str) -> str:
    """Each line reads from right to left in such a language, whatever it begins with.

    Platforms take the direction from the first strong character: a line that begins with a digit, a sign or a Latin
    word would be turned round.
    """
    if language not in RTL:
        return text
    return "\n".join(_RLM + line if _begins_otherwise(line) else line for line in text.split("\n"))


def _begins_otherwise(line: str) -> bool:
    """True for a line of such a language that begins with anything else; a line that is all French stays as it is."""
    directions = [unicodedata.bidirectional(character) for character in line]
    strong = next((n for n, direction in enumerate(directions) if direction in {"R", "AL"}), None)
    return strong is not None and strong > 0 and line[0] != _RLM


def _fitting(text: str, limit: int, unit: TextUnit) -> str:
    """The longest beginning of whole letters that fits."""
    taken: list[str] = []
    used = 0
    for letter in _letters(text):
        size = length(letter, unit)
        if used + size > limit:
            break
        taken.append(letter)
        used += size
    # A single letter may be longer than a message: a thousand combining marks. Then marks are cut.
    return "".join(taken) or text[: limit if unit is TextUnit.CHARACTERS else limit // 2]


def _letters(text: str) -> Iterator[str]:
    return (found.group() for found in _GRAPHEME.finditer(text))


def _pause(head: str) -> int:
    """Where the head ends best; at least half of it is kept."""
    least = len(head) // 2
    for mark in ("\n\n", "\n"):
        cut = head.rfind(mark)
        if cut > least:
            return cut + len(mark)
    for cut in range(len(head) - 1, least, -1):
        if head[cut - 1] in _SENTENCE_ENDS and head[cut].isspace():
            return cut
    cut = head.rfind(" ")
    return cut + 1 if cut > least else len(head)
