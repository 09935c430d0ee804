"""Numbers that are no part of a date: hours, prices, telephones, articles, file numbers.

Must not know: any language's words (bot/data/dates.yml), how dates are built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.date_kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.date_line import Line

_SPELLED = {" ", ".", "-"}
_CHAINED = {".", "-", "/"}
_LABEL = re.compile(r"[ .:°#]{0,3}")
_SIGN_BEFORE = re.compile(r"[€$£+@#]\s?$")
_SIGN_AFTER = re.compile(r"\s?[€$£%@]")
_LATIN = re.compile(r"[a-z]")

_LONGEST_YEAR = 4
_GLUED_DATE = 8
"""Digits of a date written without separators."""
_LONGEST_DATE_RUN = 3
_ARTICLE_DIGITS = 3
_ALWAYS_OPEN = {(24, 7), (7, 7)}
"""``24/7`` and ``7/7`` say all the time."""
_NOON = 12
_HOURS = 24
_MINUTES = 60
_DURATION_BEFORE = (Kind.AGO, Kind.AHEAD, Kind.SINCE, Kind.SINCE_OR_AGO)
_DURATION_AFTER = (Kind.AGO_AFTER, Kind.AHEAD_AFTER, Kind.SINCE_AFTER)
_NO_HOUR_BEFORE = (Kind.UNIT, Kind.MONTH, Kind.OF, Kind.MONEY, Kind.TO, Kind.OR, Kind.AND, Kind.THOUSANDS)


@dataclass(frozen=True, slots=True)
class Time:
    """An hour of the day, by the items that say it."""

    start: int
    end: int
    hour: int
    minute: int
    is_sure: bool
    """False when morning or afternoon was not told: ``at 3``."""


def times(line: Line) -> tuple[Time, ...]:
    """The hours of the day: ``14h30``, ``3 pm``, ``10:30``, ``vers 9h``, ``midi``."""
    found: list[Time] = []
    for place, item in enumerate(line.items):
        if found and place < found[-1].end:
            continue
        clock = item.kinds.get(Kind.CLOCK)
        if clock is not None:
            found.append(Time(place, place + 1, clock // _MINUTES, clock % _MINUTES, is_sure=True))
            continue
        time = _time(line, place)
        if time is not None:
            found.append(_half_day(line, time))
    return tuple(found)


def _time(line: Line, place: int) -> Time | None:
    hour = line.number(place)
    if not 0 <= hour <= _HOURS or line.digits(place) > 2:
        return None
    hour %= _HOURS
    if line.has(place + 1, Kind.HOUR) and line.is_near(place + 1):
        return None if _is_duration(line, place) else _marked(line, place, hour)
    if _has_half(line, place + 1) and not _is_length(line, place):
        return Time(place, place + 1, hour, 0, is_sure=True)
    if line.has(place - 1, Kind.AT) and _stands_alone(line, place):
        return _pointed(line, place, hour) or Time(place, place + 1, hour, 0, is_sure=not 0 < hour <= _NOON)
    return _pointed(line, place, hour)


def _pointed(line: Line, place: int, hour: int) -> Time | None:
    """``14:30``, ``14:30:10``, and ``2.30 pm``."""
    gap, minutes = line.gap(place + 1), _minutes(line, place + 1)
    is_pointed = gap == ":" or (gap == "." and _has_half(line, place + 2))
    if minutes is None or not is_pointed or not line.digits(place):
        return None
    end = place + 3 if gap == line.gap(place + 2) else place + 2
    return Time(place, end, hour, minutes, is_sure=True)


def _marked(line: Line, place: int, hour: int) -> Time:
    """``14h``, ``14 h 30``, ``10点半``."""
    if line.is_near(place + 2):
        if line.has(place + 2, Kind.HALF):
            return Time(place, place + 3, hour, _MINUTES // 2, is_sure=True)
        minutes = _minutes(line, place + 2)
        if minutes is not None:
            return Time(place, place + 3, hour, minutes, is_sure=True)
    return Time(place, place + 2, hour, 0, is_sure=True)


def _minutes(line: Line, place: int) -> int | None:
    return line.number(place) if line.digits(place) == 2 and line.number(place) < _MINUTES else None


def _has_half(line: Line, place: int) -> bool:
    return line.has(place, Kind.AM, Kind.PM) and line.is_near(place)


def _half_day(line: Line, time: Time) -> Time:
    """The same time moved by the a.m. or p.m. that follows it."""
    if time.hour > _NOON or not _has_half(line, time.end):
        return time
    hour = time.hour % _NOON + (_NOON if line.has(time.end, Kind.PM) else 0)
    return replace(time, end=time.end + 1, hour=hour, is_sure=True)


def _stands_alone(line: Line, place: int) -> bool:
    if line.is_near(place + 1) and line.has(place + 1, *_NO_HOUR_BEFORE):
        return False
    return not (line.digits(place + 1) and line.gap(place + 1) in _CHAINED)


def _is_length(line: Line, place: int) -> bool:
    """True for ``3 дня назад``, where ``3 дня`` alone is 3 p.m."""
    return line.has(place + 1, Kind.UNIT) and _is_duration(line, place)


def _is_duration(line: Line, place: int) -> bool:
    before = place - 2 if line.has(place - 1, Kind.ABOUT) else place - 1
    return line.has(before, *_DURATION_BEFORE) or line.has(place + 2, *_DURATION_AFTER)


def dead_numbers(line: Line, hours: Sequence[Time]) -> frozenset[int]:
    """The places of the items that are no part of a date."""
    dead = {place for time in hours for place in range(time.start, time.end)}
    dead.update(place for place in range(len(line.items)) if _is_dead(line, place))
    for run in _runs(line, _SPELLED):
        if len(run) > _LONGEST_DATE_RUN and all(line.digits(place) != _LONGEST_YEAR for place in run):
            dead.update(run)
    for run in _runs(line, _CHAINED):
        if _is_labelled(line, run[0]):
            dead.update(run)
    return frozenset(dead)


def _is_dead(line: Line, place: int) -> bool:
    digits = line.digits(place)
    if not digits:
        return False
    if digits > _LONGEST_YEAR and digits != _GLUED_DATE:
        return True
    is_counted = line.has(place + 1, Kind.MONEY) and line.is_near(place + 1) and not _ends_date(line, place)
    return (
        is_counted
        or _has_sign(line, place)
        or _is_glued_to_letters(line, place)
        or _is_always(line, place)
        or _is_always(line, place - 1)
    )


def _ends_date(line: Line, place: int) -> bool:
    """True for the year in ``28.02.2026 da bitti``: "da" is dinars only after a number of its own."""
    if line.digits(place) != _LONGEST_YEAR:
        return False
    return line.has(place - 1, Kind.MONTH) or (line.digits(place - 1) > 0 and line.gap(place) in _CHAINED)


def _has_sign(line: Line, place: int) -> bool:
    item = line.items[place]
    return bool(
        _SIGN_BEFORE.search(line.text[max(0, item.start - 2) : item.start]) or _SIGN_AFTER.match(line.text, item.end)
    )


def _is_always(line: Line, place: int) -> bool:
    pair = (line.number(place), line.number(place + 1))
    return pair in _ALWAYS_OPEN and line.gap(place + 1) == "/" and line.digits(place + 1) == 1


def _is_glued_to_letters(line: Line, place: int) -> bool:
    """True inside ``A1234`` and ``93bis``; other scripts glue endings to their numbers."""
    for gap, other in ((place, place - 1), (place + 1, place + 1)):
        if line.gap(gap) == "" and not line.kinds(other) and _LATIN.match(line.items[other].text):
            return True
    return False


def _is_labelled(line: Line, place: int) -> bool:
    """True after ``article``, ``n°`` or the letter of a code's article."""
    gap = line.gap(place)
    if not _LABEL.fullmatch(gap):
        return False
    if line.has(place - 1, Kind.NUMBERED):
        return True
    return line.has(place - 1, Kind.ARTICLE) and line.digits(place) == _ARTICLE_DIGITS


def _runs(line: Line, joints: set[str]) -> Iterator[list[int]]:
    """Numbers in digits that follow each other with one of these signs between."""
    run: list[int] = []
    for place in range(len(line.items)):
        if not line.digits(place):
            continue
        if run and run[-1] == place - 1 and line.gap(place) in joints:
            run.append(place)
            continue
        if run:
            yield run
        run = [place]
    if run:
        yield run
