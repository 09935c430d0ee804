"""Words and character n-grams of a text as hashed, weighted features.

Must not know: intents, any language's words.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter
from typing import TYPE_CHECKING

from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST, LONGEST = 2, 4
"""Characters of an n-gram, within a word and its borders."""

MAX_CHARACTERS = 240
"""A 540-word text took the sentence encoder 1.2 s (engine.md 2.3); the wish stands at the beginning of a message."""

_BUCKETS = 1 << 20
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\w+|[^\w\s]")


def ngrams(text: str) -> Iterator[str]:
    """Every n-gram of 2 to 4 characters, every word, and every two words that follow one another."""
    folded = fold(text[:MAX_CHARACTERS])
    for word in folded.split():
        padded = f" {word} "
        for size in range(SHORTEST, LONGEST + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]
    tokens = _TOKEN.findall(folded)
    yield from (f"w:{token}" for token in tokens)
    yield from (f"b:{first} {second}" for first, second in zip(("^", *tokens), (*tokens, "$"), strict=True))


def spelt(text: str) -> Iterator[str]:
    """Every word and every n-gram of 1 to 4 characters within a word, with its accents: they tell languages apart."""
    for word in _WORD.findall(unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).casefold()):
        yield f"w:{word}"
        padded = f" {word} "
        for size in range(1, LONGEST + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def weighed(grams: Iterable[str]) -> dict[int, float]:
    """Bucket (0 to 2^20 - 1) to 1 + ln(count)."""
    counts = Counter(zlib.crc32(gram.encode("utf-8", "ignore")) % _BUCKETS for gram in grams)
    return {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}


def hashed(text: str) -> dict[int, float]:
    """Bucket (0 to 2^20 - 1) to 1 + ln(count) for a text's n-grams."""
    return weighed(ngrams(text))
