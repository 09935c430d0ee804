"""Dates in digits: 20/01/2027, 2027-01-20, 20012027, 01/2027, 20/1.

Day first unless that is impossible; in English 03/04 is two dates (i18n.md 4, rule 2; domain.md 7, n° 4).
Must not know: any language's words, which mention is meant.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.calendars import (
    FOREIGN_YEARS,
    HIJRI_YEARS,
    JALALI_YEARS,
    beyond,
    from_hijri,
    from_jalali,
    real,
    without_year,
)
from bot.core.date_kinds import Kind
from bot.core.date_parts import YEAR_DIGITS, full_year
from bot.core.date_scene import Mention
from bot.core.reading import Precision

if TYPE_CHECKING:
    from datetime import date

    from bot.core.date_scene import Scene

_SEPARATOR = re.compile(r"\s?[./\-]\s?")
_LOOSE = re.compile(r"\s?[./\-, ]\s?")
_GLUED_DIGITS = 8
_TIGHT = {"/", ".", "-"}
_MONTHS = range(1, 13)
_SHOWS_DAY = (
    Kind.ON, Kind.ENDS, Kind.ENDED, Kind.WEEKDAY, Kind.FROM, Kind.TO, Kind.BETWEEN, Kind.EXPIRED, Kind.OTHER,
)  # fmt: skip


def numeric_mentions(scene: Scene) -> list[Mention]:
    """All dates in digits, in order, none sharing a number."""
    found: list[Mention] = []
    place = 0
    while place < len(scene.line.items):
        mention = _at(scene, place) if scene.digits(place) else None
        if mention is not None:
            found.append(mention)
        place = mention.end if mention else place + 1
    return found


def foreign(start: int, end: int, year: int, month: int, day: int) -> Mention:
    """A Hijri or Jalali date as its Gregorian day, always to be confirmed (i18n.md 4, rule 5)."""
    on: date | None = None
    if year in JALALI_YEARS:
        on = from_jalali(year, month, day)
    elif year in HIJRI_YEARS:
        on = from_hijri(year, month, day)
    return Mention(start, end, () if on is None else (on,), problem="foreign_calendar")


def _at(scene: Scene, place: int) -> Mention | None:
    if scene.digits(place) == _GLUED_DIGITS:
        return _glued(scene, place)
    if scene.digits(place + 1) == 0:
        return None
    triple = _triple(scene, place) if scene.digits(place + 2) else None
    return triple or _pair(scene, place)


def _glued(scene: Scene, place: int) -> Mention | None:
    """DDMMYYYY, and nothing else of digits alone: it could be a file number (i18n.md 4, rule 4)."""
    digits = scene.line.items[place].text
    mention = _ordered(scene, place, int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    days = tuple(on for on in mention.days if beyond(on, scene.today) is None)
    return Mention(place, place + 1, days) if days else None


def _triple(scene: Scene, place: int) -> Mention | None:
    """Three numbers: a day, a month and a year in one of the usual orders."""
    widths = tuple(scene.digits(place + i) for i in range(3))
    gaps = (scene.line.gap(place + 1), scene.line.gap(place + 2))
    is_firm = all(_SEPARATOR.fullmatch(gap) for gap in gaps)
    if widths[0] == YEAR_DIGITS and max(widths[1:]) <= 2 and (is_firm or len(scene.line.items) == 3):
        return _year_first(scene, place)
    if max(widths[:2]) > 2 or not all(_LOOSE.fullmatch(gap) for gap in gaps):
        return None
    if widths[2] != YEAR_DIGITS and not _is_short_date(scene, place, is_firm=is_firm):
        return None
    mention = _year_last(scene, place)
    return mention if is_firm or mention.days else None


def _is_short_date(scene: Scene, place: int, *, is_firm: bool) -> bool:
    """True for ``20/01/27``; spaces alone join one only when nothing else was typed."""
    line = scene.line
    is_alike = line.gap(place + 1).strip() == line.gap(place + 2).strip()
    if scene.digits(place + 2) != 2 or not is_alike or _is_in_run(scene, place, place + 3):
        return False
    return is_firm or scene.is_whole(place, place + 3)


def _year_first(scene: Scene, place: int) -> Mention:
    year, month, day = (scene.number(place + i) for i in range(3))
    if year in FOREIGN_YEARS:
        return foreign(place, place + 3, year, month, day)
    on = real(year, month, day)
    if on is None:
        return Mention(place, place + 3, problem="impossible")
    return Mention(place, place + 3, (on,), is_explicit=True)


def _year_last(scene: Scene, place: int) -> Mention:
    first, second, year = (scene.number(place + i) for i in range(3))
    if year in FOREIGN_YEARS:
        return foreign(place, place + 3, year, second, first)
    digits = scene.digits(place + 2)
    mention = _ordered(scene, place, first, second, full_year(year))
    is_explicit = mention.is_explicit and digits == YEAR_DIGITS
    return replace(mention, end=place + 3, is_explicit=is_explicit)


def _is_in_run(scene: Scene, start: int, end: int) -> bool:
    """True when another number is joined to these in the same way: no date is so long."""
    inner = scene.line.gap(start + 1)
    joined_before = scene.line.gap(start) == inner and scene.line.digits(start - 1) > 0
    return joined_before or (scene.line.gap(end) == inner and scene.line.digits(end) > 0)


def _ordered(scene: Scene, place: int, first: int, second: int, year: int) -> Mention:
    """Day first; both orders in English; month first only where there is no such day."""
    day_first, month_first = real(year, second, first), real(year, first, second)
    if day_first and month_first and scene.is_english and day_first != month_first:
        return Mention(place, place + 1, (day_first, month_first))
    on = day_first or month_first
    if on is None:
        return Mention(place, place + 1, problem="impossible")
    return Mention(place, place + 1, (on,), is_explicit=on == day_first or scene.is_english)


def _pair(scene: Scene, place: int) -> Mention | None:
    widths = (scene.digits(place), scene.digits(place + 1))
    first, second = scene.number(place), scene.number(place + 1)
    gap, span = scene.line.gap(place + 1), (place, place + 2)
    is_firm = _SEPARATOR.fullmatch(gap) is not None
    if not is_firm and not (gap == " " and len(scene.line.items) == 2):
        return None
    if _is_in_run(scene, *span) or scene.line.gap(place) in _TIGHT:
        return None
    if widths[0] == YEAR_DIGITS and widths[1] == 2 and is_firm:
        return _month(span, first, second)
    if widths[0] <= 2 and widths[1] == YEAR_DIGITS:
        return _month(span, second, first)
    is_clear = "/" in gap or widths[1] == 2
    if is_firm and is_clear and max(widths) <= 2 and _is_shown(scene, *span):
        return _without_year(scene, span, first, second)
    return None


def _month(span: tuple[int, int], year: int, month: int) -> Mention | None:
    if month not in _MONTHS:
        return None
    if year in FOREIGN_YEARS:
        return foreign(*span, year, month, 1)
    on = real(year, month, 1)
    return Mention(*span, (on,), Precision.MONTH) if on else None


def _is_shown(scene: Scene, start: int, end: int) -> bool:
    """True when two short numbers are a date: announced as one, or nothing else was typed."""
    line = scene.line
    if line.has(end, Kind.UNIT, Kind.MONEY) and line.is_near(end):
        return False
    if scene.is_whole(start, end):
        return True
    return line.has(start - 1, *_SHOWS_DAY) and not line.is_break(start)


def _without_year(scene: Scene, span: tuple[int, int], first: int, second: int) -> Mention | None:
    tense = scene.tense(*span)
    day_first = without_year(second, first, scene.today, tense) if second in _MONTHS else ()
    month_first = without_year(first, second, scene.today, tense) if first in _MONTHS else ()
    as_year = real(full_year(second), first, 1) if first in _MONTHS and second not in _MONTHS else None
    is_card_end = as_year is not None and beyond(as_year, scene.today) is None
    if day_first:
        other = month_first if scene.is_english and first != second else ()
        return Mention(*span, tuple(dict.fromkeys((*day_first, *other))), has_year=False)
    if is_card_end and as_year is not None:
        if scene.is_english and month_first:
            return Mention(*span, (month_first[0], as_year), has_year=False)
        return Mention(*span, (as_year,), Precision.MONTH)
    if month_first:
        return Mention(*span, month_first, has_year=False)
    return Mention(*span, problem="impossible") if second in _MONTHS else None
