"""Sentences as runs, the smallest pieces a template sets: words, kept-together runs, and lines to fill in by hand.

Must not know: the sentences, the template.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from bot.core.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

Run = dict[str, str]
"""One of ``{"text": …}``, ``{"iso": …}`` (left to right, never broken), ``{"ltr": …}`` (left to right, may break),
``{"blank": "number" | "short" | "medium" | "line" | "long"}``."""

LONGEST_BOX = 28
"""Characters; a longer run must be able to break across lines of a half page."""

_LATIN = re.compile(
    r"[.#]?[0-9A-Za-z\u00c0-\u024f](?:[0-9A-Za-z\u00c0-\u024f.,'\u2019\u00b0/:@+\u00b7-]*[0-9A-Za-z\u00c0-\u024f\u00b0])?"
    r"(?: [0-9A-Za-z\u00c0-\u024f](?:[0-9A-Za-z\u00c0-\u024f.,'\u2019\u00b0/:@+\u00b7-]*[0-9A-Za-z\u00c0-\u024f\u00b0])?)*"
)


def words(text: str) -> Run:
    """Plain text in the direction of its paragraph."""
    return {"text": text}


def kept(value: str) -> Run:
    """A name, a number or an address: left to right whatever surrounds it; control characters are taken out."""
    value = clean(value)
    return {"iso" if len(value) <= LONGEST_BOX else "ltr": value}


def blank(size: str) -> Run:
    """A ruled line to fill in by hand."""
    return {"blank": size}


def placeholders(sentence: str) -> frozenset[str]:
    """The names between braces. Raises ValueError when the braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def fill(sentence: str, values: Mapping[str, list[Run]], *, is_rtl: bool = False) -> list[Run]:
    """The sentence with its placeholders replaced. Raises KeyError for an unknown one, ValueError for odd braces."""
    runs: list[Run] = []
    for literal, name, _, _ in Formatter().parse(sentence):
        if literal:
            runs += isolate(literal) if is_rtl else [words(literal)]
        if name is not None:
            runs += values[name]
    return runs


def isolate(text: str) -> list[Run]:
    """Right-to-left text with its Latin words and numbers as runs of their own (i18n.md 5)."""
    runs: list[Run] = []
    end = 0
    for match in _LATIN.finditer(text):
        if match.start() > end:
            runs.append(words(text[end : match.start()]))
        runs.append(kept(match.group()))
        end = match.end()
    if end < len(text):
        runs.append(words(text[end:]))
    return runs
