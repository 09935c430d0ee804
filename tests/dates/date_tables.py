"""Tables of what people type and what must be read in it.

A line is ``text | reading``. A reading is ``2027-01-20!`` (found, explicit), ``2027-01-20`` (found, to be checked),
``2027-03`` or ``2027`` (found, month or year), ``? 2027-04-03 2027-03-04`` (ambiguous, candidates in order),
``~range 2027-01-20`` (ambiguous with a problem), ``x impossible`` (none, with a problem) or ``-`` (none).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dates import agree, read_date
from bot.core.reading import Status
from bot.i18n.second_reading import second_reading

if TYPE_CHECKING:
    from datetime import date

    from bot.core.date_words import DateWords
    from bot.core.reading import DateReading


def rows(table: str) -> list[tuple[str, str]]:
    """The lines of a table as pairs; blank lines and those that begin with # separate."""
    lines = [line.strip() for line in table.splitlines()]
    pairs = [line.rpartition("|") for line in lines if line and not line.startswith("#")]
    return [(text.strip(), reading.strip()) for text, _bar, reading in pairs]


def written(reading: DateReading) -> str:
    """A reading in the words of a table."""
    if reading.status is Status.FOUND:
        return f"{reading.iso}{'!' if reading.is_explicit else ''}"
    if reading.status is Status.AMBIGUOUS:
        days = " ".join(on.isoformat() for on in reading.candidates)
        return f"~{reading.problem} {days}" if reading.problem else f"? {days}"
    return f"x {reading.problem}" if reading.problem else "-"


def told(reading: DateReading) -> str:
    """A reading as a person meets it: the date that was found, ``?`` asked about, ``-`` no end."""
    if reading.status is Status.FOUND:
        return str(reading.iso)
    return "?" if reading.status is Status.AMBIGUOUS or reading.problem else "-"


def read_twice(words: DateWords, text: str, language: str, today: date, *, is_asked: bool = False) -> DateReading:
    """Our reading, checked by the second one where it is found and not explicit, as in a turn."""
    first = read_date(text, language, today, words, is_asked=is_asked)
    if first.status is not Status.FOUND or first.is_explicit:
        return first
    return agree(first, second_reading(text, language, today))
