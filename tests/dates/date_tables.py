"""Tables of what people type and what must be read in it.

A line is ``text | reading``. A reading is ``2027-01-20!`` (found, explicit), ``2027-01-20`` (found, to be checked),
``2027-03`` or ``2027`` (found, month or year), ``? 2027-04-03 2027-03-04`` (ambiguous, candidates in order),
``~range 2027-01-20`` (ambiguous with a problem), ``x impossible`` (none, with a problem) or ``-`` (none).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.reading import Status

if TYPE_CHECKING:
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
