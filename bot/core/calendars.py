"""Days of three calendars: limits, steps, the nearest year, and Hijri and Jalali days as Gregorian ones.

Must not know: any language's words, the date of today (it is passed in).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import IntEnum, StrEnum

YEARS_AHEAD = 15
YEARS_BACK = 10
"""A document's end lies within these limits of today (domain.md 3.4, date guards)."""

HIJRI_YEARS = range(1436, 1471)
"""Umm al-Qura years 2014 to 2048; local calendars may differ by a day (i18n.md 4, rule 5)."""
JALALI_YEARS = range(1380, 1426)
"""Jalali years 2001 to 2047."""
FOREIGN_YEARS = range(1300, 1500)
"""Year numbers no Gregorian document of today bears."""

_HIJRI_EPOCH = date(2014, 10, 25)
_HIJRI_LONG_MONTHS = (
    0x555, 0xB29, 0xB92, 0xBA9, 0x5D4, 0xADA, 0x55A, 0xAAB, 0x595, 0x749, 0x764, 0xBAA,
    0x5B5, 0x2B6, 0xA56, 0xD2A, 0xE95, 0x72A, 0x755, 0x35A, 0x95D, 0x49B, 0xA4D, 0xD26,
    0xD53, 0x5AA, 0xAAD, 0x4B6, 0xA57, 0x527, 0xA95, 0xB4A, 0xB55, 0x36C, 0x9AE,
)  # fmt: skip
"""One number a year from 1436 on; the highest of its twelve bits is Muharram, a set bit a month of 30 days."""

_JALALI_EPOCH = date(2001, 3, 21)
_JALALI_CYCLE = 33
_JALALI_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})


class Unit(IntEnum):
    """A step of time."""

    DAY = 1
    WEEK = 2
    MONTH = 3
    YEAR = 4
    HOUR = 5
    MINUTE = 6


class Tense(StrEnum):
    """Which side of today the words around a date point to."""

    PAST = "past"
    FUTURE = "future"
    OPEN = "open"


def real(year: int, month: int, day: int) -> date | None:
    """The Gregorian day, or None when there is none: 31/11, 30/02."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def beyond(on: date, today: date) -> str | None:
    """``too_far`` over 15 years ahead, ``too_old`` over 10 years back, else None (domain.md 3.4)."""
    if on > shift(today, YEARS_AHEAD, Unit.YEAR):
        return "too_far"
    if on < shift(today, -YEARS_BACK, Unit.YEAR):
        return "too_old"
    return None


def shift(on: date, count: int, unit: Unit) -> date:
    """The day that many units later, or the last day of its month; hours and minutes do not move a day."""
    if unit in {Unit.DAY, Unit.WEEK}:
        return _moved(on, count * (7 if unit is Unit.WEEK else 1))
    if unit in {Unit.MONTH, Unit.YEAR}:
        months = on.year * 12 + on.month - 1 + count * (12 if unit is Unit.YEAR else 1)
        year, month = min(max(months // 12, MINYEAR), MAXYEAR), months % 12 + 1
        return date(year, month, min(on.day, monthrange(year, month)[1]))
    return on


def _moved(on: date, days: int) -> date:
    return date.fromordinal(min(max(on.toordinal() + days, 1), date.max.toordinal()))


def last_of_month(on: date) -> date:
    """The last day of the month."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def without_year(month: int, day: int, today: date, tense: Tense = Tense.OPEN) -> tuple[date, ...]:
    """The two days of that name that may be meant, likeliest first; none if impossible.

    They are the last and the coming one; of what is over, the last two. Whoever leaves the year out is asked for it
    (i18n.md 4, rule 6), so a verb only chooses which comes first.
    """
    reach = 8 if (month, day) == (2, 29) else 2
    days = [on for year in range(today.year - reach, today.year + reach + 1) if (on := real(year, month, day))]
    behind, ahead = [on for on in days if on <= today], [on for on in days if on > today]
    if not behind or not ahead:
        return ()
    past, future = behind[-1], ahead[0]
    if tense is Tense.PAST:
        return tuple(reversed(behind[-2:]))
    return (past, future) if tense is Tense.OPEN and today - past <= future - today else (future, past)


def month_without_year(month: int, today: date, tense: Tense = Tense.OPEN) -> tuple[date, ...]:
    """The same for a month alone, as first days of months; the month we are in comes before any other."""
    if month == today.month:
        year = today.year - 1 if tense is Tense.PAST else today.year + 1
        return (today.replace(day=1), date(year, month, 1))
    return tuple(on.replace(day=1) for on in without_year(month, 15, today, tense))


def week_after(today: date, weeks: int) -> tuple[date, ...]:
    """The seven days of the week that many weeks from this one, Monday first."""
    monday = _moved(today, 7 * weeks - today.weekday())
    return tuple(_moved(monday, i) for i in range(7))


def weekday_before(today: date, weekday: int) -> date:
    """The last such weekday before today."""
    return _moved(today, -((today.weekday() - weekday - 1) % 7 + 1))


def weekday_after(today: date, weekday: int) -> date:
    """The first such weekday after today."""
    return _moved(today, (weekday - today.weekday() - 1) % 7 + 1)


def from_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of an Umm al-Qura date of 1436 to 1470; None when there is no such day."""
    if year not in HIJRI_YEARS or not 1 <= month <= 12:
        return None
    lengths = [_hijri_length(y, m) for y in range(HIJRI_YEARS.start, year) for m in range(1, 13)]
    lengths += [_hijri_length(year, m) for m in range(1, month)]
    if not 1 <= day <= _hijri_length(year, month):
        return None
    return _HIJRI_EPOCH + timedelta(days=sum(lengths) + day - 1)


def _hijri_length(year: int, month: int) -> int:
    return 30 if _HIJRI_LONG_MONTHS[year - HIJRI_YEARS.start] >> (12 - month) & 1 else 29


def from_jalali(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Jalali date of 1380 to 1425; None when there is no such day."""
    if year not in JALALI_YEARS or not 1 <= month <= 12:
        return None
    if not 1 <= day <= _jalali_length(year, month):
        return None
    days = sum(366 if _is_jalali_leap(y) else 365 for y in range(JALALI_YEARS.start, year))
    days += sum(_jalali_length(year, m) for m in range(1, month))
    return _JALALI_EPOCH + timedelta(days=days + day - 1)


def _jalali_length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or _is_jalali_leap(year) else 29


def _is_jalali_leap(year: int) -> bool:
    return year % _JALALI_CYCLE in _JALALI_LEAP
