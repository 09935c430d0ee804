"""Dates with a month's name: 20 janvier 2027, Jan 20th, 2027年1月20日, mars 2027; and a year alone.

Must not know: any language's words, which mention is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.core.calendars import (
    FOREIGN_YEARS,
    HIJRI_YEARS,
    JALALI_YEARS,
    Tense,
    from_hijri,
    from_jalali,
    month_without_year,
    real,
    without_year,
)
from bot.core.date_kinds import Kind
from bot.core.date_lost import loses_day, loses_month, loses_month_before
from bot.core.date_numeric import foreign
from bot.core.date_parts import (
    DAYS,
    YEAR_DIGITS,
    YEARS,
    day_after,
    day_before,
    full_year,
    marked_day,
    worded_year,
    year_after,
    year_before,
)
from bot.core.date_scene import Mention, Need
from bot.core.reading import Precision
from bot.core.spelling import within

if TYPE_CHECKING:
    from bot.core.date_parts import Part
    from bot.core.date_scene import Scene

_MONTHS = range(1, 13)
_SHOWS_MONTH = (Kind.IN, Kind.ENDS, Kind.ENDED, Kind.EDGE, Kind.SINCE, Kind.SINCE_OR_AGO)
_SHOWS_YEAR = (Kind.IN, Kind.YEAR_MARK, Kind.ENDS)
_EDGE_MONTHS = {1: 1, 2: 6, 3: 12}
_STRAY = 3
"""Words within which a year is close by."""
_LONGEST_MISTYPED = 60
"""Words of a text up to which slips are looked for: they cost most, and a story does not need them."""
_SHORTEST_TYPED, _SHORTEST_NAME, _SHORTEST_TWO_SLIPS = 4, 5, 8


@dataclass(frozen=True, slots=True)
class _Month:
    """A month's name and where it stands."""

    start: int
    end: int
    number: int
    kind: Kind = Kind.MONTH
    is_weak: bool = False
    is_typed_wrong: bool = False


def named_mentions(scene: Scene, taken: frozenset[int]) -> list[Mention]:
    """All dates that name a month, in order; ``taken`` are items of other dates."""
    found: list[Mention] = []
    place = 0
    while place < len(scene.line.items):
        month = None if place in taken else _month_at(scene, place)
        mention = _dated(scene, month) if month else None
        overlaps = mention is not None and found and mention.start < found[-1].end
        if mention and not overlaps and not taken.intersection(range(mention.start, mention.end)):
            found.append(mention)
            place = mention.end
        else:
            place += 1
    return found


def _month_at(scene: Scene, place: int) -> _Month | None:
    line = scene.line
    kinds = line.kinds(place)
    if scene.number(place) in _MONTHS and line.has(place + 1, Kind.MONTH_MARK) and line.is_near(place + 1):
        return _Month(place, place + 2, scene.number(place))
    follows = scene.number(place + 1)
    is_numbered = Kind.MONTH_NUMBER in kinds and not line.has(place - 1, Kind.AHEAD)
    if is_numbered and follows in _MONTHS and line.is_near(place + 1):
        return _Month(place, place + 2, follows)
    for kind in (Kind.MONTH, Kind.JALALI, Kind.HIJRI):
        if kind in kinds and not (Kind.NUMBER in kinds and line.has(place + 1, Kind.MONTH)):
            return _Month(place, place + 1, kinds[kind], kind, Kind.WEAK in kinds)
    return None if kinds else _mistyped(scene, place)


def _mistyped(scene: Scene, place: int) -> _Month | None:
    """A month with a slip of the finger, only between a day and a year (i18n.md 4, rule 8)."""
    typed = scene.line.items[place].text
    if len(typed) < _SHORTEST_TYPED or len(scene.line.items) > _LONGEST_MISTYPED:
        return None
    if day_before(scene, place) is None or year_after(scene, place + 1) is None:
        return None
    numbers = {
        number
        for name, number in scene.months
        if len(name) >= _SHORTEST_NAME
        and name[0] == typed[0]
        and within(typed, name, 2 if len(name) >= _SHORTEST_TWO_SLIPS else 1)
    }
    return _Month(place, place + 1, numbers.pop(), is_typed_wrong=True) if len(numbers) == 1 else None


def _dated(scene: Scene, month: _Month) -> Mention | None:
    day = day_before(scene, month.start)
    year = year_after(scene, month.end)
    if month.is_weak and year is not None and _is_of_next(scene, year.edge):
        return None
    if day is None and _is_rather_light(scene, month):
        return None
    if day is None:
        after = day_after(scene, month.end)
        late = year_after(scene, after.edge) if after else None
        early = year_before(scene, month.start)
        if after and (late or early or _is_month_first(scene, month, after, year)):
            day, year = after, late or early
    elif year is None or _is_of_next_day(scene, year.edge):
        year = year_before(scene, day.edge) or year
    if day is None and year is None:
        year = year_before(scene, month.start)
    if day is None and year is not None:
        day = marked_day(scene, year.edge)
    if month.is_weak and year is None and day is not None and not _is_clear(scene, month, day):
        return None
    edges = [month.start, month.end, *(part.edge for part in (day, year) if part)]
    span = (min(edges), max(edges))
    if day is not None:
        return _day(scene, span, month, day, year)
    mention = _month_only(scene, span, month, year)
    is_lost = mention is not None and mention.days and loses_day(scene, month.start, month.end, span)
    return Mention(*span) if is_lost else mention


def _is_of_next(scene: Scene, place: int) -> bool:
    """True when a year belongs to the month behind it: ``کارت مې د ۲۰۲۷ د مې په ۹``."""
    return scene.line.has(place, Kind.OF) and scene.line.has(place + 1, Kind.MONTH)


def _is_rather_light(scene: Scene, month: _Month) -> bool:
    """True for a little word spelt like a month: ``کارت مې ۲۰۲۶ کې``, my card, where May is ``د مې``."""
    before = month.start - 1
    is_shown = before < 0 or scene.line.has(before, Kind.OF, Kind.IN, Kind.EDGE) or scene.digits(before) == YEAR_DIGITS
    return month.is_weak and scene.line.has(month.start, Kind.LIGHT) and not is_shown


def _is_of_next_day(scene: Scene, place: int) -> bool:
    """True when a year belongs to the day behind it: ``2025 წლის 1 აპრილიდან 2026 წლის 31 მარტამდე``."""
    place += scene.line.has(place, Kind.OF, Kind.YEAR_MARK) and not scene.digits(place)
    return scene.number(place) in DAYS and scene.line.has(place + 1, Kind.MONTH)


def _is_clear(scene: Scene, month: _Month, day: Part) -> bool:
    """True unless two ordinary words look like a month and its day: ``مه ده نانت``, I am in Nantes."""
    start, end = min(month.start, day.edge - 1), max(month.end, day.edge)
    return day.digits > 0 or day.edge < month.start or scene.is_whole(start, end, spare=0)


def _is_month_first(scene: Scene, month: _Month, after: Part, year: Part | None) -> bool:
    """True when the number after a month is its day, not a year of two digits: ``March 27``."""
    if month.kind is not Kind.MONTH or scene.is_english or scene.tongue.is_month_first:
        return True
    return year is None or after.digits != 2 or full_year(year.value) < scene.today.year - 1


def _day(scene: Scene, span: tuple[int, int], month: _Month, day: Part, year: Part | None) -> Mention | None:
    if month.kind is not Kind.MONTH:
        return _foreign_day(scene, span, month, day, year)
    if year and year.value in FOREIGN_YEARS:
        return Mention(*span, problem="foreign_calendar")
    if day.value not in DAYS:
        is_shown = scene.line.has(day.edge - 1, Kind.ON)
        return Mention(*span, problem="impossible") if is_shown else _month_only(scene, span, month, year)
    if year is None:
        days = _days_of_no_year(scene, span, month.number, day.value)
        stray = [on for value in _stray_years(scene, *span) if (on := real(value, month.number, day.value))]
        days = tuple(dict.fromkeys([*days[:1], *stray])) if stray else days
        return Mention(*span, days, has_year=False, problem=None if days else "impossible")
    on = real(full_year(year.value), month.number, day.value)
    if on is None:
        return Mention(*span, problem="impossible")
    return Mention(*span, (on,), is_explicit=year.digits >= YEAR_DIGITS and not month.is_typed_wrong)


def _days_of_no_year(scene: Scene, span: tuple[int, int], month: int, day: int) -> tuple[date, ...]:
    """The last and the coming day, or the one that ``prochain`` or ``dernier`` points to."""
    told = _told_tense(scene, *span)
    days = without_year(month, day, scene.today, told or scene.tense(*span))
    return days[:1] if told else days


def _told_tense(scene: Scene, start: int, end: int) -> Tense | None:
    before = start - 2 if scene.line.has(start - 1, Kind.ON) and not scene.line.is_break(start - 1) else start - 1
    for place in (end, before):
        if scene.line.has(place, Kind.NEXT, Kind.LAST) and not scene.line.is_break(max(place, start)):
            return Tense.FUTURE if scene.line.has(place, Kind.NEXT) else Tense.PAST
    return None


def _stray_years(scene: Scene, start: int, end: int) -> list[int]:
    """Years close by that nothing joins to a date without one: they may be its own, so the person is asked."""
    places = [*range(start - _STRAY, start), *range(end, end + _STRAY)]
    return [scene.number(place) for place in places if scene.digits(place) == 4 and scene.number(place) in YEARS]


def _foreign_day(scene: Scene, span: tuple[int, int], month: _Month, day: Part, year: Part | None) -> Mention | None:
    if year is not None:
        return foreign(*span, year.value, month.number, day.value)
    convert, years = (from_jalali, JALALI_YEARS) if month.kind is Kind.JALALI else (from_hijri, HIJRI_YEARS)
    days = [on for number in years if (on := convert(number, month.number, day.value))]
    near = min(days, key=lambda on: abs((on - scene.today).days), default=None)
    return Mention(*span, (near,), has_year=False, problem="foreign_calendar") if near else None


def _month_only(scene: Scene, span: tuple[int, int], month: _Month, year: Part | None) -> Mention | None:
    if year is None:
        return _month_without_year(scene, month)
    if month.kind is not Kind.MONTH:
        return foreign(*span, year.value, month.number, 1) if year.value in FOREIGN_YEARS else None
    on = real(full_year(year.value), month.number, 1)
    if on is None or year.value in FOREIGN_YEARS:
        return Mention(*span, problem="foreign_calendar")
    return Mention(*span, (on,), Precision.MONTH)


def _month_without_year(scene: Scene, month: _Month) -> Mention | None:
    """A month alone, where it is announced as one, or is all that was typed and no other word."""
    start, end = month.start, month.end
    told = _told_tense(scene, start, end)
    is_shown = told is not None or (scene.line.has(start - 1, *_SHOWS_MONTH) and not scene.line.is_break(start))
    is_shown = is_shown or _edges_behind(scene, end)
    is_alone = not month.is_weak and scene.is_whole(start, end)
    is_shown = is_shown and not (month.is_weak and scene.tongue.has_cues_behind and told is None)
    is_paired = _is_paired(scene, start, end)
    if month.kind is not Kind.MONTH or not (is_shown or is_alone or is_paired):
        return None
    days = month_without_year(month.number, scene.today, told or scene.tense(start, end))
    days = days[:1] if told and month.number != scene.today.month else days
    return Mention(start, end, days, Precision.MONTH, has_year=False, need=Need.CUE)


def year_mentions(scene: Scene, taken: frozenset[int]) -> list[Mention]:
    """Years that stand alone: ``2027``, ``en 2027``, ``fin 2026`` as its last month."""
    places = (place for place in range(len(scene.line.items)) if place not in taken)
    return [mention for place in places if (mention := _year_alone(scene, place)) is not None]


def _year_alone(scene: Scene, place: int) -> Mention | None:
    line = scene.line
    worded = worded_year(scene, place) if line.has(place, Kind.THOUSANDS) else None
    value, end = (worded.value, worded.edge) if worded else (scene.number(place), place + 1)
    if not worded and scene.digits(place) != YEAR_DIGITS:
        return None
    is_marked = line.has(end, Kind.YEAR_MARK) and line.is_near(end) and not line.digits(end)
    end += is_marked
    is_whole = scene.is_whole(place, end, spare=0)
    if value in FOREIGN_YEARS and is_whole:
        return Mention(place, end, problem="foreign_calendar")
    if value not in YEARS:
        return None
    before = line.kinds(place - 1) if not line.is_break(place) else {}
    if Kind.EDGE in before:
        first = date(value, _EDGE_MONTHS[before[Kind.EDGE]], 1)
        need = Need.NOTHING if Kind.ENDS in before else Need.CUE
        if loses_month_before(scene, place - 1):
            return None
        return Mention(place - 1, end, (first,), Precision.MONTH, need=need)
    if scene.tongue.has_cues_behind and line.has(end, Kind.EDGE) and not line.is_break(end):
        first = date(value, _EDGE_MONTHS[line.kinds(end)[Kind.EDGE]], 1)
        return Mention(place, end + 1, (first,), Precision.MONTH, need=Need.CUE)
    is_told = is_marked or any(kind in before for kind in _SHOWS_YEAR) or _ends_behind(scene, end)
    if (is_whole or is_told) and not loses_month(scene, place, end):
        return Mention(place, end, (date(value, 1, 1),), Precision.YEAR, need=Need.CUE)
    return None


def _ends_behind(scene: Scene, place: int) -> bool:
    """True for ``2031'de bitiyor``: where verbs stand last, one closely behind says that the year is an end."""
    line = scene.line
    reach = range(place, place + _STRAY)
    return scene.tongue.has_cues_behind and any(line.has(other, Kind.ENDS, Kind.ENDED) for other in reach)


def _edges_behind(scene: Scene, place: int) -> bool:
    """True for ``eylül sonunda``: where verbs stand last, so do "the beginning" and "the end" of a month."""
    joint = place + 1 if scene.line.has(place, Kind.OF) and not scene.line.has(place, Kind.EDGE) else place
    return scene.tongue.has_cues_behind and scene.line.has(joint, Kind.EDGE)


def _is_paired(scene: Scene, start: int, end: int) -> bool:
    """True for the months of ``entre janvier et mars 2027``."""
    line = scene.line
    joints = (Kind.OR, Kind.TO, Kind.AND)
    is_first = line.has(end, *joints) and (line.has(end + 1, Kind.MONTH) or line.has(end + 2, Kind.MONTH_MARK))
    return (
        is_first
        or line.has(start - 1, Kind.BETWEEN)
        or (line.has(start - 1, *joints) and line.has(start - 2, Kind.MONTH, Kind.MONTH_MARK))
    )
