"""Words and character n-grams of a text as hashed, weighted features; numpy alone.

Must not know: intents, Rasa, any language's words.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING

from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST, LONGEST = 2, 4
"""Characters of an n-gram, within a word and its borders."""

MAX_CHARACTERS = 240
"""A 540-word text took the sentence encoder 1.2 s (engine.md 2.3); the wish stands at the beginning of a message."""

_BUCKETS = 1 << 20
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


def hashed(text: str) -> dict[int, float]:
    """Bucket (0 to 2^20 - 1) to 1 + ln(count) for a text's n-grams."""
    counts = Counter(zlib.crc32(gram.encode("utf-8", "ignore")) % _BUCKETS for gram in ngrams(text))
    return {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}
