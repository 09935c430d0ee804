"""Cuts texts where it hurts least: between paragraphs, lines, sentences, words, and never inside what is seen as one sign.

Lengths are UTF-16 units. Must not know: what a text says, which message it becomes.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import regex

from bot.channels.shaping import length
from bot.core.capabilities import TextUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

_BREAKS = (("\n\n",), ("\n",), (". ", "! ", "? ", "… ", "؟ ", "۔ ", "। ", "。", "！", "？"), (" ", "，", "、"))
"""From the best place to the worst; what is found stays with the part before it."""
_SPARE = 16
"""Units of each part that are kept for marks of direction cut in two."""
_SIGN = regex.compile(r"\X")
_OPENERS, _CLOSER = frozenset("\u2066\u2067\u2068"), "\u2069"
ELLIPSIS = "…"


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return length(text, TextUnit.UTF16)


def signs(text: str) -> Iterator[str]:
    """What a reader sees as one sign each: a letter with its accents, an emoji with its parts."""
    return (found.group() for found in _SIGN.finditer(text))


def fitting(text: str, limit: int) -> str:
    """As many whole signs from the beginning as fit; a sign that is too large by itself is cut between characters."""
    kept, size = [], 0
    for sign in signs(text):
        size += units(sign)
        if size > limit:
            break
        kept.append(sign)
    if kept or not text:
        return "".join(kept)
    return text[: limit if units(text[:limit]) <= limit else limit // 2]


def trimmed(text: str, limit: int) -> str:
    """The text in one line, shortened with an ellipsis when it is too long; direction marks go with what they held."""
    line = " ".join(text.split())
    if units(line) <= limit:
        return line
    bare = "".join(c for c in line if c not in _OPENERS and c != _CLOSER)
    if units(bare) <= limit:
        return bare
    short = fitting(bare, limit - 1)
    at_word = short.rpartition(" ")[0]
    return (at_word if units(at_word) >= limit * 2 // 3 else short).rstrip(" ,;:(–-") + ELLIPSIS


def pieces(text: str, limit: int, last: int | None = None) -> list[str]:
    """The text in as few parts as possible, each within ``limit`` and the last one within ``last``.

    Each part is a message that is paid for: a better place to cut never costs one more.
    """
    room, rest = limit - _SPARE, text.strip()
    final = room if last is None else last - _SPARE
    tail = ""
    if units(rest) > min(final, room):
        tail = _tail(rest, room, final)
        rest = rest[: len(rest) - len(tail)]
    found = []
    while units(rest) > room:
        head = _head(rest, room)
        found.append(head)
        rest = rest[len(head) :]
    return [part.strip() for part in _closed([*found, rest, tail]) if part.strip()]


def _tail(text: str, room: int, final: int) -> str:
    """The last part: the shortest end from the best place on that leaves no more parts before it than needed."""
    size = units(text)
    before = math.ceil((size - final) / room)
    least = max(1, size - before * room)
    for marks in _BREAKS:
        starts = _places(text, marks)
        for start in reversed(starts):
            if units(text[start:]) > final:
                break
            if units(text[start:]) >= least and text[start:].strip():
                return text[start:]
    kept, taken = [], 0
    for sign in reversed(list(signs(text[-final:]))):
        taken += units(sign)
        if taken > final:
            break
        kept.append(sign)
    return "".join(reversed(kept)) or text[-(final // 2) :]


def _head(text: str, room: int) -> str:
    """The first part: up to the best place, in the second half if there is one, that leaves no more parts than needed."""
    size = units(text)
    least = max(1, size - (math.ceil(size / room) - 1) * room)
    begin = fitting(text, room)
    for floor in (max(least, room // 2), least):
        for marks in _BREAKS:
            at = max(_places(begin, marks), default=0)
            if at and units(begin[:at]) >= floor:
                return begin[:at]
    return begin


def _places(text: str, marks: tuple[str, ...]) -> list[int]:
    """Where a part may begin, in order."""
    return sorted({found.end() for mark in marks for found in re.finditer(re.escape(mark), text)})


def _closed(parts: list[str]) -> list[str]:
    """An isolate opened in one part is closed there and opened again in the next."""
    closed, carried = [], ""
    for part in parts:
        whole = carried + part
        opened: list[str] = []
        for c in whole:
            if c in _OPENERS:
                opened.append(c)
            elif (c == _CLOSER and opened) or c == "\n":
                opened = [] if c == "\n" else opened[:-1]
        carried = "".join(opened[: _SPARE // 2])
        closed.append(whole + _CLOSER * len(carried))
    return closed
