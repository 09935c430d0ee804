"""Numbers of départements said in words: "neuf-trois", "quatre-vingt-treize", "ثلاثة وتسعون", "九十三".

Must not know: which numbers are départements, what the words stand beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.place_words import NumberWords


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A run of number words."""

    start: int
    end: int
    """Index after its last word."""
    digits: str


def spoken_numbers(words: Sequence[str], languages: Mapping[str, NumberWords]) -> list[SpokenNumber]:
    """Every number said in words, the longest run of each language, in order of their start."""
    found: list[SpokenNumber] = []
    for language in languages.values():
        if language.values.keys().isdisjoint(words):
            continue
        at = 0
        while at < len(words):
            if words[at] not in language.values:
                at += 1
                continue
            run, end = _run(words, at, language)
            digits = digits_said(run, is_units_first=language.is_units_first)
            if digits is not None:
                found.append(SpokenNumber(start=at, end=end, digits=digits))
            at = max(end, at + 1)
    longest = sorted(found, key=lambda number: (number.start, number.start - number.end))
    kept: list[SpokenNumber] = []
    for number in longest:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def digits_said(values: Sequence[int], *, is_units_first: bool) -> str | None:
    """The digits of a said number, or None: 9, 3 is "93", and so is 4, 20, 13; one lone unit is no number here."""
    if not values or (len(values) == 1 and values[0] < 10):
        return None
    if all(value < 10 for value in values):
        return "".join(str(value) for value in values) if len(values) <= 5 else None
    prefix = ""
    total = values[0]
    for value in values[1:]:
        tens = total % 100
        if value == 100 and total < 10:
            total *= 100
        elif value == 20 and tens == 4 and not is_units_first:
            total += 76
        elif (
            (tens == 0 and total >= 100 and value < 100)
            or (tens >= 20 and tens % 10 == 0 and value < (20 if tens in {60, 80} else 10))
            or (tens == 10 and total < 100 and 6 < value < 10)
            or (is_units_first and tens < 10 and value >= 20 and value % 10 == 0)
        ):
            total += value
        elif total < 10 and value >= 60 and not prefix:
            prefix, total = str(total), value
        else:
            return None
    return prefix + str(total)


def _run(words: Sequence[str], at: int, language: NumberWords) -> tuple[list[int], int]:
    """Values of the number words from ``at`` on, and the index after the last of them."""
    values: list[int] = []
    end = at
    while at < len(words):
        word = words[at]
        value = language.values.get(word)
        joined = language.glued_join
        if value is None and values and joined and word.startswith(joined):
            value = language.values.get(word.removeprefix(joined))
        if value is not None:
            values.append(value)
            end = at + 1
        elif not values or word not in language.joins:
            break
        at += 1
    return values, end


def chinese_number(letters: str, values: Mapping[str, int]) -> str | None:
    """The digits of a run of Chinese numerals, or None: 九十三 is "93", 七五 is "75"."""
    numbers = [values[letter] for letter in letters]
    if 10 not in numbers and 100 not in numbers:
        return "".join(map(str, numbers)) if len(numbers) > 1 else None
    total, unit = 0, 0
    for number in numbers:
        if number >= 10:
            total += max(unit, 1) * number
            unit = 0
        else:
            unit = number
    return str(total + unit)
