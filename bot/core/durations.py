"""How long somebody has tried or waited, out of a text.

Must not know: any language's words (bot/data/lexicon.yml), the date of today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.case import Tried
from bot.core.phrasebook import Hit, Phrasebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.tokens import Said, Spelling, Tokens

NEVER = 0.0
_FIGURES = re.compile(r"\d+(?:[.,]\d)?")
DAYS_IN_MONTH = 30.5
_BOUNDS = (
    (7, Tried.UNDER_WEEK),
    (30, Tried.WEEKS),
    (3 * DAYS_IN_MONTH + 0.75, Tried.MONTHS),
    (120, Tried.LONGER),
)
"""First day that no longer belongs to the bucket; "three months" is still 1 to 3, "more than three months" is not."""
_MORE = 1.0
_LESS = 3.0
"""Days by which "more than" and "almost" move a length out of its bucket."""


def bucket(days: float) -> Tried:
    """The bucket of a length in days; 4 months or more is FOUR_MONTHS (F-19)."""
    if days <= NEVER:
        return Tried.NEVER
    return next((tried for bound, tried in _BOUNDS if days < bound), Tried.FOUR_MONTHS)


@dataclass(frozen=True, slots=True)
class DurationWords:
    """The words of durations; keys of ``units`` and ``amounts`` are days."""

    units: Mapping[float, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[float, tuple[str, ...]] = field(default_factory=dict)
    amounts: Mapping[float, tuple[str, ...]] = field(default_factory=dict)
    """Whole wordings: ``شهرين`` is 61 days, ``un an`` is 365."""
    answers: Mapping[float, tuple[str, ...]] = field(default_factory=dict)
    """The same, but understood only when the question was asked: ``hier``, ``jamais``."""
    halves: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    """Words between a number and its unit that say nothing."""
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    """Before a duration that lies in the future: ``dans``."""
    trying: tuple[str, ...] = ()
    """What a duration must stand beside when nobody asked: ``j'attends``."""
    other: tuple[str, ...] = ()
    """What makes a duration one of something else: ``j'habite``, ``expirée``."""


class _Part(StrEnum):
    UNIT = "unit"
    NUMBER = "number"
    AMOUNT = "amount"
    ANSWER = "answer"
    HALF = "half"
    FILLER = "filler"
    MORE = "more"
    LESS = "less"
    AHEAD = "ahead"
    TRYING = "trying"
    OTHER = "other"


_Key = tuple[_Part, float]


@dataclass(frozen=True, slots=True)
class _Length:
    days: float
    start: int
    end: int


class Durations:
    """Reads durations in every language it was given words for."""

    def __init__(self, words: DurationWords, spelling: Spelling) -> None:
        """Build the matcher. Raises DataError when a wording is not well formed."""
        phrases: list[tuple[_Key, str]] = []
        for part, valued in (
            (_Part.UNIT, words.units),
            (_Part.NUMBER, words.numbers),
            (_Part.AMOUNT, words.amounts),
            (_Part.ANSWER, words.answers),
        ):
            phrases += [((part, value), say) for value, says in valued.items() for say in says]
        for part, plain in (
            (_Part.HALF, words.halves),
            (_Part.FILLER, words.fillers),
            (_Part.MORE, words.more),
            (_Part.LESS, words.less),
            (_Part.AHEAD, words.ahead),
            (_Part.TRYING, words.trying),
            (_Part.OTHER, words.other),
        ):
            phrases += [((part, 0.0), say) for say in plain]
        self._book: Phrasebook[_Key] = Phrasebook(phrases, None, spelling)

    def read(self, text: str | Said, *, is_asked: bool) -> float | None:
        """Days of trying or waiting, 0 for never, None when the text does not tell."""
        tokens = self._book.tokens(text)
        hits = self._book.find(tokens)
        lengths = _longest([*_counted(tokens, hits), *_worded(hits, _Part.AMOUNT)])
        fitting = [length for length in lengths if _is_meant(length, tokens, hits, is_asked=is_asked)]
        if fitting:
            return max(_adjusted(length, hits) for length in fitting)
        answers = _worded(hits, _Part.ANSWER) if is_asked and not lengths else []
        return max((answer.days for answer in answers), default=None)


def _worded(hits: list[Hit[_Key]], part: _Part) -> list[_Length]:
    return [_Length(hit.key[1], hit.start, hit.end) for hit in hits if hit.key[0] is part]


def _longest(lengths: list[_Length]) -> list[_Length]:
    return [
        one
        for one in lengths
        if not any(
            two.start <= one.start and one.end <= two.end and two.end - two.start > one.end - one.start
            for two in lengths
        )
    ]


def _counted(tokens: Tokens, hits: list[Hit[_Key]]) -> list[_Length]:
    """Numbers with their units: ``3 semaines``, ``four and a half months``, ``四个半月``."""
    found = []
    for unit in hits:
        if unit.key[0] is not _Part.UNIT:
            continue
        half = 0.5 if _after(hits, _Part.HALF, unit.end) else 0.0
        end = _after(hits, _Part.HALF, unit.end) or unit.end
        place = unit.start
        while step := _before(hits, _Part.HALF, place) or _before(hits, _Part.FILLER, place):
            half = 0.5 if _before(hits, _Part.HALF, place) else half
            place = step
        number = _number(tokens, hits, place)
        if number is not None:
            found.append(_Length((number[0] + half) * unit.key[1], number[1], end))
    return found


def _number(tokens: Tokens, hits: list[Hit[_Key]], end: int) -> tuple[float, int] | None:
    """The number that ends before a word, and where it begins."""
    word = tokens.words[end - 1]
    if _FIGURES.fullmatch(word):
        return float(word.replace(",", ".")), end - 1
    numbers = [hit for hit in hits if hit.key[0] is _Part.NUMBER and hit.end == end]
    longest = min(numbers, key=lambda hit: hit.start, default=None)
    return (longest.key[1], longest.start) if longest else None


def _before(hits: list[Hit[_Key]], part: _Part, end: int) -> int | None:
    return min((hit.start for hit in hits if hit.key[0] is part and hit.end == end), default=None)


def _after(hits: list[Hit[_Key]], part: _Part, start: int) -> int | None:
    return max((hit.end for hit in hits if hit.key[0] is part and hit.start == start), default=None)


def _adjusted(length: _Length, hits: list[Hit[_Key]]) -> float:
    if _before(hits, _Part.MORE, length.start):
        return length.days + _MORE
    if _before(hits, _Part.LESS, length.start):
        return length.days - min(_LESS, length.days / 2)
    return length.days


def _is_meant(length: _Length, tokens: Tokens, hits: list[Hit[_Key]], *, is_asked: bool) -> bool:
    """True when the duration is one of trying: the nearest cue of its sentence decides."""
    start = length.start
    for part in (_Part.MORE, _Part.LESS):
        start = _before(hits, part, start) or start
    if _before(hits, _Part.AHEAD, start):
        return False
    first, last = _sentence(tokens, length)
    cues = [hit for hit in hits if hit.key[0] in {_Part.TRYING, _Part.OTHER} and first <= hit.start < last]
    nearest = min(cues, key=lambda cue: _distance(cue, length), default=None)
    return is_asked if nearest is None else nearest.key[0] is _Part.TRYING


def _distance(cue: Hit[_Key], length: _Length) -> tuple[int, int]:
    """Words between a cue and a duration; of two equally near, the one before counts."""
    if cue.start < length.start:
        return max(length.start - cue.end, 0), 0
    return max(cue.start - length.end, 0), 1


def _sentence(tokens: Tokens, length: _Length) -> tuple[int, int]:
    first = length.start
    while first > 1 and tokens.continues[first]:
        first -= 1
    last = length.end
    while last < len(tokens.words) - 1 and tokens.continues[last]:
        last += 1
    return first, last
