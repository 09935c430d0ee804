"""What the words around a number say: that it is a département, or a day, an age, a price, a house.

Must not know: which numbers are départements.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.place_text import Token
    from bot.core.place_words import PlaceWords

HIGHEST_DAY = 31

_ADDRESS = frozenset({"au", "depuis"})
"""Before a number these lead to a door or a duration."""

_FARTHEST_TRAIL = 3
_ENDING_GAPS = " '\u2019-"
_MONEY = frozenset("€$£%°‰")
_IN_PORTUGUESE = "no"
"""Before a number it is "in the" in Portuguese, and "number" elsewhere."""

_NEXT_TO = frozenset({" ", "", "-", ", "})
_FARTHEST_LEAD = 4
_LONGEST_PHRASE = 3
_FIRST_HAN = "\u3007"


class Strength(IntEnum):
    """How surely a number is a place."""

    BARE = 0
    """Only where the question asked for one, or beside a name it fits."""
    SURE = 1
    """A word beside it says so."""


class NumberContext:
    """The tokens of one text, read by the vocabulary around numbers."""

    def __init__(self, tokens: Sequence[Token], words: PlaceWords) -> None:
        """Read ``tokens`` with the words of words.yml."""
        self._tokens = tokens
        self._words = words

    def is_something_else(self, start: int, end: int) -> bool:
        """True when a unit, a month, money or a word such as "né en" makes the number count something else."""
        gap = self._tokens[start].gap
        if "+" in gap or _MONEY & set(gap.removesuffix("°")):
            return True
        if _MONEY & set(self._tokens[end - 1].tail) or (end < len(self._tokens) and self._is_unit(end)):
            return True
        if not start:
            return False
        before = self._tokens[start - 1]
        if before.word in self._words.not_number_before and "." not in gap:
            return before.word != _IN_PORTUGUESE or not self._is_portuguese(start, end)
        is_year = before.word in {"en", "in", "em"} and start > 1
        return is_year and self._tokens[start - 2].word in self._words.born

    def strength(self, start: int, end: int, value: int) -> Strength:
        """SURE when the words around say that the number is a département; ``value`` 0 leaves the day test out."""
        is_high = value == 0 or value > HIGHEST_DAY
        after = self._tokens[end] if end < len(self._tokens) else None
        is_bracketed = "(" in self._tokens[start].gap and (after is None or ")" in after.gap or after.is_glued)
        if is_high and (is_bracketed or self._follows(start, self._words.high_number_before)):
            return Strength.SURE
        if self._follows(start, self._words.number_before) or (is_high and after is not None and self._names_it(after)):
            return Strength.SURE
        is_told = self._is_led(start, is_high=is_high) or self._is_trailed(end, is_high=is_high)
        return Strength.SURE if is_told else Strength.BARE

    def is_announced(self, start: int, value: int) -> bool:
        """True when "dans le" or "département" stands right before a lone number word, which may be any word."""
        if self._follows(start, self._words.number_before):
            return True
        before = self._tokens[start - 1].word if start else ""
        return before in self._words.departement or (value > HIGHEST_DAY and before in self._words.dwell)

    def _follows(self, start: int, phrases: frozenset[tuple[str, ...]]) -> bool:
        said = tuple(token.word for token in self._tokens[max(0, start - _LONGEST_PHRASE) : start])
        return any(said[at:] in phrases for at in range(len(said)))

    def _names_it(self, after: Token) -> bool:
        """True for "93 préfecture", 93省."""
        if after.is_number or after.gap not in _NEXT_TO:
            return False
        words = self._words
        return after.word in words.departement or after.word in words.office or after.word[0] in words.departement

    def _is_led(self, start: int, *, is_high: bool) -> bool:
        """True when "préfecture", "département" or "j'habite" leads to the number over small words."""
        words = self._words
        said = [token.word for token in self._tokens[max(0, start - _FARTHEST_LEAD) : start]]
        for word in reversed(said):
            if word in words.office or word in words.departement or word in words.dwell:
                return True
            is_day = word == "le" and not is_high and not any(one in words.dwell for one in said)
            is_small = word in words.fillers or word in words.before or word in words.number_links
            if is_day or word in _ADDRESS or not is_small:
                return False
        return False

    def _is_trailed(self, end: int, *, is_high: bool) -> bool:
        """True for "93 mein rehta hun", "93'te oturuyorum", where the verb of living stands after the number."""
        words = self._words
        is_ended = is_postposed = False
        for at in range(end, min(len(self._tokens), end + _FARTHEST_TRAIL)):
            token = self._tokens[at]
            if token.gap.strip(_ENDING_GAPS):
                return False
            if token.word in words.dwell_after:
                return is_high or is_ended
            if token.word in words.being:
                return is_high and (is_ended or is_postposed)
            if token.word in words.departement:
                return is_high
            if token.word not in words.after:
                return False
            is_postposed = True
            is_ended = is_ended or token.gap != " "
        return False

    def _is_portuguese(self, start: int, end: int) -> bool:
        """True when "no" is "in the": in a Portuguese text, or with nothing but the number."""
        is_alone = (start, end) == (1, len(self._tokens))
        return is_alone or any(token.word in self._words.portuguese for token in self._tokens)

    def _is_unit(self, at: int) -> bool:
        """True when the token after a number says what it counts."""
        words = self._words
        after = self._tokens[at]
        if after.is_number or after.gap.strip(" \t\n") not in {"", "-"}:
            return False
        following = self._tokens[at + 1].word if at + 1 < len(self._tokens) else ""
        if after.word == "de" or (after.word in words.ordinals and after.is_glued):
            return following in words.units
        is_han_unit = after.word[0] >= _FIRST_HAN and after.word[0] in words.units and after.is_glued
        return after.word in words.units or is_han_unit
