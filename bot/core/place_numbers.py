"""Numbers that are départements or postcodes, and the many that are not.

Must not know: names of places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.number_context import HIGHEST_DAY, NumberContext, Strength
from bot.core.numbers_spoken import chinese_number, spoken_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

POSTCODE = 5
"""Digits."""

_TOGETHER = frozenset({" ", ".", "-", "/", ":", ",", ", ", "\u2013", " - ", " / ", ""})
_DIGIT_GAPS = frozenset({"-", " ", ".", "/", "\u2013", " - "})
"""Between the digits of 9-3."""

_WHOLE_GAPS = frozenset({"-", "\u2013"})
_LIST_GAPS = frozenset({", ", ",", " / ", "/", " - ", "-", " "})
_HOUR = "h"


@dataclass(frozen=True, slots=True)
class NumberSeen:
    """A number that may be a département or a postcode."""

    start: int
    end: int
    """Index after its last token."""
    digits: str
    strength: Strength
    is_postcode: bool = False
    is_spoken: bool = False


def departements_of_postcode(postcode: str) -> tuple[str, ...]:
    """Départements that a postcode in no list may lie in (CEDEX): by its first digits (domain.md 2.4)."""
    if postcode[:2] in {"97", "98"}:
        return (postcode[:3],)
    if postcode[:2] == "20":
        return {"200": ("2A",), "201": ("2A",), "202": ("2B",), "206": ("2B",)}.get(postcode[:3], ("2A", "2B"))
    return (postcode[:2],)


def departements_of_number(digits: str, codes: Collection[str]) -> tuple[str, ...]:
    """Départements that a number means: 93, 6 for 06, 2a, 20 for both of Corsica; none for any other number."""
    if digits == "20":
        return ("2A", "2B")
    code = digits.zfill(2).upper()
    return (code,) if code in codes else ()


class NumberReader:
    """Reads the numbers of one text."""

    def __init__(self, tokens: Sequence[Token], words: PlaceWords, codes: Collection[str]) -> None:
        """Read ``tokens``; ``codes`` are the départements there are."""
        self._tokens = tokens
        self._words = words
        self._codes = codes
        self._context = NumberContext(tokens, words)

    def numbers(self) -> list[NumberSeen]:
        """All numbers that may be a département or a postcode, in order."""
        found = [*self._written(), *self._spoken()]
        return sorted(found, key=lambda number: number.start)

    def _written(self) -> Iterator[NumberSeen]:
        at = 0
        while at < len(self._tokens):
            if not self._tokens[at].is_number:
                yield from self._chinese(at)
                at += 1
                continue
            end = self._cluster_end(at)
            if not self._context.is_something_else(at, end):
                yield from self._cluster(at, end)
            at = end

    def _spoken(self) -> Iterator[NumberSeen]:
        for number in spoken_numbers([token.word for token in self._tokens], self._words.numbers):
            start, end = number.start, number.end
            if not departements_of_number(number.digits, self._codes) or self._context.is_something_else(start, end):
                continue
            strength = self._context.strength(start, end, int(number.digits))
            if end - start == 1 and not self._context.is_announced(start, int(number.digits)):
                strength = Strength.BARE
            yield NumberSeen(start, end, number.digits, strength, is_spoken=True)

    def _cluster_end(self, at: int) -> int:
        """Index after the numbers that belong together: a telephone number, a date, a time, 9-3."""
        tokens = self._tokens
        end = at + 1
        while end < len(tokens):
            is_hour = tokens[end].word == _HOUR and tokens[end].is_glued
            if tokens[end].is_number and tokens[end].gap in _TOGETHER:
                end += 1
            elif is_hour and end + 1 < len(tokens) and tokens[end + 1].is_number:
                end += 2
            else:
                break
        return end

    def _cluster(self, start: int, end: int) -> list[NumberSeen]:
        """The départements in numbers that stand together: one alone, a pair, a list; none in dates and telephones."""
        parts = [token.word for token in self._tokens[start:end]]
        gaps = [token.gap for token in self._tokens[start + 1 : end]]
        if len(parts) == 1:
            return self._single(start)
        if _HOUR in parts:
            return []
        if len(parts) == 2 and (pair := self._pair(start, parts, gaps[0])) is not None:
            return pair
        if not all(gap in _LIST_GAPS for gap in gaps) or not all(map(self._is_high_code, parts)):
            return []
        seen = [one for at in range(start, end) for one in self._single(at)]
        strongest = max(one.strength for one in seen)
        return [replace(one, strength=strongest) for one in seen]

    def _pair(self, start: int, parts: list[str], gap: str) -> list[NumberSeen] | None:
        """9-3 and 93 200 as one number, a number beside a postcode or a door; None when it is nothing of these."""
        first, second = parts
        if len(first) == len(second) == 1 and gap in _DIGIT_GAPS:
            if not self._is_high_code(first + second):
                return []
            value = int(first + second) if gap in _WHOLE_GAPS else 0
            return [NumberSeen(start, start + 2, first + second, self._context.strength(start, start + 2, value))]
        if len(first) == 2 and len(second) == 3 and gap in {" ", "."}:
            return [NumberSeen(start, start + 2, first + second, Strength.BARE, is_postcode=True)]
        if gap == " " and len(first) < POSTCODE and (len(second) == POSTCODE or self._is_high_code(second)):
            return self._single(start + 1)
        if gap in {" ", ", "} and len(first) == POSTCODE and len(second) < 3:
            return self._single(start)
        return None

    def _is_high_code(self, digits: str) -> bool:
        """True for the number of a département that can be no day."""
        return digits in self._codes and int(digits) > HIGHEST_DAY

    def _single(self, at: int) -> list[NumberSeen]:
        digits = self._tokens[at].word
        if len(digits) == POSTCODE:
            return [NumberSeen(at, at + 1, digits, self._context.strength(at, at + 1, 0), is_postcode=True)]
        end = at + 1
        following = self._tokens[end] if end < len(self._tokens) else None
        if following is not None:
            if digits == "2" and following.word in {"a", "b"} and following.gap in {"", " ", "-"}:
                is_code = following.is_glued and following.raw.isupper()
                strength = Strength.SURE if is_code else self._context.strength(at, end + 1, 0)
                return [NumberSeen(at, end + 1, digits + following.word, strength)]
            if following.is_glued and following.word in self._words.ordinals:
                end += 1
            elif following.is_glued and len(digits) == 1:
                return []
        if not departements_of_number(digits, self._codes):
            return []
        return [NumberSeen(at, end, digits, self._context.strength(at, end, int(digits)))]

    def _chinese(self, at: int) -> Iterator[NumberSeen]:
        """Numerals inside a run of Han: 九十三省, 九十三."""
        chinese = self._words.numbers.get("zh")
        word = self._tokens[at].word
        if chinese is None or not any(letter in chinese.values for letter in word):
            return
        start = 0
        while start < len(word):
            end = start
            while end < len(word) and word[end] in chinese.values:
                end += 1
            digits = chinese_number(word[start:end], chinese.values) if end > start + 1 else None
            if digits and departements_of_number(digits, self._codes):
                if word[end : end + 1] in self._words.departement:
                    yield NumberSeen(at, at + 1, digits, Strength.SURE)
                elif (start, end) == (0, len(word)) and not self._context.is_something_else(at, at + 1):
                    yield NumberSeen(at, at + 1, digits, Strength.BARE)
            start = max(end, start + 1)
