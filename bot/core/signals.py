"""What the readers found in a text, as signals for the classifier: that a place is named, that a date is told.

The words of many languages stand behind these few names, so that the classifier learns "a date and a title" once and
not in each language. Must not know: how a text was read, what a classifier makes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.reading import Status

if TYPE_CHECKING:
    from bot.core.reading import CodeReading, Reading

_QUESTION_MARKS = frozenset("?؟？")
_LENGTHS = ((1, "one"), (3, "few"), (8, "some"))


def signals(reading: Reading) -> tuple[str, ...]:
    """The names of what was read in a text, sorted, each once; a pure function of the reading.

    Alarms are left out: their words were chosen over the classifier's own examples, and it would take silence for calm
    (ADR 0030).
    """
    found: set[str] = set()
    if reading.route is not None:
        found |= {"route", f"route:{reading.route}"}
    for name, code in (("title", reading.title), ("procedure", reading.procedure), ("blockage", reading.blockage)):
        found |= _code(name, code)
    told = {
        "youth": reading.is_youth,
        "place": reading.place.status is not Status.NONE,
        "date": reading.date.status is not Status.NONE,
        "bucket": reading.bucket is not None,
        "language": reading.named_language is not None,
        f"reply:{reading.reply}": reading.reply is not None,
        f"command:{reading.command}": reading.command is not None,
        "question": not _QUESTION_MARKS.isdisjoint(reading.text),
        f"length:{_length(reading.text)}": True,
    }
    return tuple(sorted(found | {name for name, holds in told.items() if holds}))


def _code(name: str, reading: CodeReading) -> set[str]:
    if reading.status is Status.NONE:
        return set()
    return {name} if reading.id is None else {name, f"{name}:{reading.id}"}


def _length(text: str) -> str:
    count = len(text.split())
    return next((name for most, name in _LENGTHS if count <= most), "many")
