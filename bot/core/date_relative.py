"""Dates counted from today: demain, dans 3 semaines, il y a deux mois, vendredi, fin du mois.

Must not know: any language's words, which mention is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.calendars import Unit, last_of_month, shift, week_after, weekday_after, weekday_before
from bot.core.date_kinds import Kind
from bot.core.date_parts import day_after
from bot.core.date_scene import Mention, Need
from bot.core.reading import Precision

if TYPE_CHECKING:
    from datetime import date

    from bot.core.date_parts import Part
    from bot.core.date_scene import Scene

_CALENDAR_UNITS = {Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR}
_PERIODS = {Kind.WEEK: Unit.WEEK, Kind.MONTHS: Unit.MONTH, Kind.YEARS: Unit.YEAR}
_HALVES = {Unit.WEEK: (3, Unit.DAY), Unit.MONTH: (15, Unit.DAY), Unit.YEAR: (6, Unit.MONTH)}
_HOURS = 24
_MONTHS_OF_YEAR = 12
_LARGE = 10
"""A smaller number behind a month may be the beginning of something else."""
_MOST = 400
"""A larger count is no distance anybody tells."""
_END = 3
"""Value of date_kinds, EDGE."""
_SHORTEST_WEEKDAY = 4
"""Letters of a weekday that stands alone: ``mar`` is too little."""
_JUST_GONE = 2
"""Days within which "last Friday" may also be the one before."""
_BEFORE = {
    Kind.AHEAD: (1, Need.CUE),
    Kind.AGO: (-1, Need.CUE),
    Kind.SINCE_OR_AGO: (-1, Need.ENDED_OR_ALONE),
    Kind.SINCE: (-1, Need.ENDED),
}
_AFTER = {
    Kind.AGO_AFTER: (-1, Need.CUE),
    Kind.AHEAD_AFTER: (1, Need.CUE),
    Kind.SINCE_AFTER: (-1, Need.ENDED),
}
"""Which way a word moves the length beside it, and what must stand around the two."""


@dataclass(frozen=True, slots=True)
class Length:
    """A count of units and the items that say it; two counts for "2 or 3"."""

    start: int
    end: int
    counts: tuple[int, ...]
    unit: Unit
    is_ahead: bool = False
    half: bool = False


def relative_mentions(scene: Scene, taken: frozenset[int]) -> list[Mention]:
    """All dates counted from today, in order; ``taken`` are items of other dates."""
    found: list[Mention] = []
    place = 0
    while place < len(scene.line.items):
        mention = None if place in taken else _at(scene, place)
        if mention and not taken.intersection(range(mention.start, mention.end)):
            found.append(mention)
            place = mention.end
        else:
            place += 1
    return found


def length_at(scene: Scene, place: int) -> Length | None:
    """The count of units that begins at this item: ``3 semaines``, ``شهرين``, ``2 ou 3 mois``."""
    line = scene.line
    kinds = line.kinds(place)
    if Kind.AMOUNT in kinds:
        count, unit = divmod(kinds[Kind.AMOUNT], 10)
        other = _count(scene, place + 2) if line.has(place + 1, Kind.OR) else -1
        if other == count + 1 and not line.has(place + 3, Kind.UNIT, Kind.UNIT_AHEAD):
            return Length(place, place + 3, (count, other), Unit(unit))
        is_doubled = count == 1 and line.number(place + 1) == 1 and not line.digits(place + 1)
        return _with_half(scene, Length(place, place + 2 if is_doubled else place + 1, (count,), Unit(unit)))
    if Kind.UNIT_AHEAD in kinds and Kind.WEEK not in kinds:
        return _united(scene, place, place, (1,))
    number = _count(scene, place)
    if number < 0:
        return None
    second = place + 1 if line.gap(place + 1) == "-" else place + 2
    if second == place + 1 or line.has(place + 1, Kind.OR, Kind.TO):
        other = _count(scene, second)
        if other > 0:
            return _united(scene, place, second + 1, (number, other))
    is_spoken = not line.digits(place) and not line.digits(place + 1) and line.is_near(place + 1)
    if is_spoken and _count(scene, place + 1) == number + 1:
        return _united(scene, place, place + 2, (number, number + 1))
    return _united(scene, place, place + 1, (number,))


def _at(scene: Scene, place: int) -> Mention | None:
    for read in (_distance, _named_day, _counted_period, _day_of_month, _month_or_week, _end_or_year, _weekday):
        mention = read(scene, place)
        if mention is not None:
            return mention
    return None


def _relative(
    start: int, end: int, days: tuple[date, ...], need: Need = Need.CUE, precision: Precision = Precision.DAY
) -> Mention:
    return Mention(start, end, tuple(dict.fromkeys(days)), precision, is_relative=True, need=need)


def _named_day(scene: Scene, place: int) -> Mention | None:
    """``demain``; ``kal`` is either side of today (i18n.md 4, rule 7); ``பத்து நாளைக்கு`` is ten days, not tomorrow."""
    kinds = scene.line.kinds(place)
    if Kind.EITHER in kinds:
        step = timedelta(days=kinds[Kind.EITHER])
        return _relative(place, place + 1, (scene.today + step, scene.today - step))
    is_counted = Kind.UNIT in kinds and _count(scene, place - 1) > 0 and scene.line.is_near(place)
    if Kind.DAY in kinds and not is_counted:
        return _relative(place, place + 1, (scene.today + timedelta(days=kinds[Kind.DAY]),))
    return None


def _counted_period(scene: Scene, place: int) -> Mention | None:
    """``دو ماه دیگر``: what is "next month" alone is "in two months" after a number that is no day of that month."""
    count = _count(scene, place - 1)
    is_dated = scene.line.has(place - 2, Kind.ON) and not scene.line.has(place - 2, Kind.AHEAD)
    if Kind.MONTHS in scene.line.kinds(place) and (is_dated or count > _MONTHS_OF_YEAR):
        return None
    is_rank = scene.line.has(place - 1, Kind.RANK)
    if count < 1 or is_rank or not scene.line.is_near(place) or scene.line.items[place].text.isascii():
        return None
    fewer = _count(scene, place - 3) if scene.line.has(place - 2, Kind.OR) else -1
    counts = (fewer, count) if 0 < fewer < count else (count,)
    for kind, unit in _PERIODS.items():
        offset = scene.line.kinds(place).get(kind, 0)
        if offset:
            days = tuple(shift(scene.today, offset * number, unit) for number in counts)
            return _relative(place + 1 - 2 * len(counts), place + 1, days)
    return None


def _day_of_month(scene: Scene, place: int) -> Mention | None:
    """``le 15 du mois``, and nothing that would make it another month."""
    line = scene.line
    is_month = line.kinds(place).get(Kind.UNIT) == Unit.MONTH and line.has(place - 1, Kind.OF)
    day = scene.number(place - 2)
    if not is_month or not line.has(place - 3, Kind.ON) or not 1 <= day <= last_of_month(scene.today).day:
        return None
    if line.has(place + 1, Kind.OF, Kind.NUMBER, Kind.MONTH, Kind.NEXT, Kind.LAST) and line.is_near(place + 1):
        return None
    return _relative(place - 2, place + 1, (scene.today.replace(day=day),))


def _month_or_week(scene: Scene, place: int) -> Mention | None:
    """``la semaine prochaine`` is asked about; ``le mois prochain`` is a month, ``le 20 du mois prochain`` a day."""
    line = scene.line
    kinds = line.kinds(place)
    if Kind.WEEK in kinds:
        return _relative(place, place + 1, week_after(scene.today, kinds[Kind.WEEK]))
    if Kind.MONTHS not in kinds:
        return None
    first = shift(scene.today.replace(day=1), kinds[Kind.MONTHS], Unit.MONTH)
    if line.kinds(place - 1).get(Kind.EDGE) == _END and not line.is_break(place):
        return _relative(place - 1, place + 1, (last_of_month(first),))
    back = place
    while back > 0 and line.has(back - 1, Kind.OF, Kind.ORDINAL) and not line.digits(back - 1):
        back -= 1
    day = scene.number(back - 1)
    if 1 <= day <= last_of_month(first).day and line.is_near(back):
        return _relative(back - 1, place + 1, (first.replace(day=day),))
    after = day_after(scene, place + 1)
    is_day = after is not None and after.value <= last_of_month(first).day
    if after is not None and is_day and _is_marked_day(scene, after):
        return _relative(place, after.edge, (first.replace(day=after.value),))
    return _relative(place, place + 1, (first,), precision=Precision.MONTH)


def _is_marked_day(scene: Scene, after: Part) -> bool:
    """True for ``下个月5号``, ``gelecek ayın 5'inde``: the number is a day of that month and counts nothing else."""
    last = after.edge - 1
    is_marked = not scene.line.digits(last) or scene.line.has(last + 1, Kind.ON, Kind.DAY_MARK, Kind.ORDINAL)
    line = scene.line
    is_last = last + 1 >= len(line.items) or line.is_break(last + 1) or line.has(last + 1, Kind.ENDS, Kind.ENDED)
    if is_last and scene.tongue.has_cues_behind and after.value >= _LARGE:
        return True
    if after.digits:
        return is_marked or scene.line.has(last - 1, Kind.ON)
    is_said = scene.line.has(last, Kind.DAY_MARK, Kind.ORDINAL) or scene.line.has(last + 1, Kind.ON, Kind.DAY_MARK)
    return is_said or scene.line.has(last, Kind.RANK)


def _end_or_year(scene: Scene, place: int) -> Mention | None:
    """``fin du mois`` is its last day, ``fin de l'année`` its last month."""
    kinds = scene.line.kinds(place)
    today = scene.today
    if Kind.MONTH_END in kinds:
        on = last_of_month(shift(today.replace(day=1), kinds[Kind.MONTH_END], Unit.MONTH))
        return _relative(place, place + 1, (on,))
    if Kind.YEAR_END in kinds:
        on = today.replace(year=today.year + kinds[Kind.YEAR_END], month=12, day=1)
        return _relative(place, place + 1, (on,), precision=Precision.MONTH)
    if Kind.YEARS in kinds:
        on = today.replace(year=today.year + kinds[Kind.YEARS], month=1, day=1)
        return _relative(place, place + 1, (on,), precision=Precision.YEAR)
    return None


def _weekday(scene: Scene, place: int) -> Mention | None:
    """``vendredi`` alone and ``vendredi prochain`` are asked about; ``vendredi dernier`` is one day."""
    line = scene.line
    weekday = line.kinds(place).get(Kind.WEEKDAY)
    if weekday is None:
        return None
    last, coming = weekday_before(scene.today, weekday), weekday_after(scene.today, weekday)
    for side in (place, place + 1, place - 1):
        if (side != place and line.is_break(max(side, place))) or not line.has(side, Kind.NEXT, Kind.LAST):
            continue
        start, end = min(side, place), max(side, place) + 1
        if line.has(side, Kind.NEXT):
            return _relative(start, end, (coming, coming + timedelta(days=7)))
        is_fresh = (scene.today - last).days <= _JUST_GONE
        return _relative(start, end, (last, last - timedelta(days=7)) if is_fresh else (last,))
    typed = line.items[place].text
    if len(typed) < _SHORTEST_WEEKDAY and typed.isascii():
        return None
    days = (coming, last) if scene.today.weekday() != weekday else (scene.today, coming)
    return _relative(place, place + 1, days)


def _distance(scene: Scene, place: int) -> Mention | None:
    """``dans 3 semaines``, ``two days ago``, ``من شهرين``."""
    length = length_at(scene, place) or _turned(scene, place)
    if length is not None and length.unit is Unit.HOUR and length.counts[0] % _HOURS == 0:
        length = replace(length, counts=(length.counts[0] // _HOURS,), unit=Unit.DAY)
    if length is None or length.unit not in _CALENDAR_UNITS or max(length.counts) > _MOST:
        return None
    line = scene.line
    start, end = length.start, length.end
    while line.has(start - 1, Kind.ABOUT) and not line.is_break(start):
        start -= 1
    if length.is_ahead or line.has(end - 1, Kind.AHEAD_AFTER):
        return _moved(scene, replace(length, start=start), 1, Need.CUE)
    if line.has(end, Kind.ABOUT) and line.has(end + 1, *_AFTER) and not line.is_break(end):
        end += 1
    after = line.kinds(end) if not line.is_break(end) else {}
    if line.has(end - 1, Kind.SINCE_AFTER):
        return _moved(scene, replace(length, start=start), -1, Need.ENDED)
    for kind, (sign, need) in _BEFORE.items():
        if line.has(start - 1, kind) and not line.is_break(start):
            if kind is Kind.AHEAD and Kind.AGO_AFTER in after and Kind.AHEAD_AFTER not in after:
                continue
            needed = Need.ENDED if kind is Kind.AGO and Kind.THAT in after else need
            return _moved(scene, replace(length, start=start - 1), sign, needed)
    for kind, (sign, need) in _AFTER.items():
        if kind in after:
            return _moved(scene, replace(length, start=start, end=end + 1), sign, need)
    return None


def _turned(scene: Scene, place: int) -> Length | None:
    """``дней через десять``: a unit before its count says "about"."""
    line = scene.line
    unit, count = line.kinds(place).get(Kind.UNIT), _count(scene, place + 2)
    is_other = count < 1 or not line.has(place + 1, Kind.AHEAD) or line.number(place - 1) > 0
    if unit is None or is_other or line.has(place + 3, Kind.UNIT, Kind.MONTH, Kind.HOUR):
        return None
    if any(line.is_break(other) for other in (place + 1, place + 2)):
        return None
    return Length(place, place + 3, (count,), Unit(unit), is_ahead=True)


def _moved(scene: Scene, length: Length, sign: int, need: Need) -> Mention:
    days = tuple(_step(scene.today, sign * count, length.unit, half=length.half) for count in length.counts)
    return _relative(length.start, length.end, days, need)


def _step(today: date, count: int, unit: Unit, *, half: bool) -> date:
    on = shift(today, count, unit)
    if not half or unit not in _HALVES:
        return on
    more, smaller = _HALVES[unit]
    return shift(on, more if count > 0 else -more, smaller)


def _count(scene: Scene, place: int) -> int:
    if scene.line.has(place, Kind.ONE):
        return 1
    return scene.number(place) if scene.digits(place) <= 3 else -1


def _united(scene: Scene, start: int, place: int, counts: tuple[int, ...]) -> Length | None:
    """The length whose count was read and whose unit stands at this item, a half between them allowed."""
    line = scene.line
    half = place > start and line.has(place, Kind.HALF) and line.is_near(place)
    unit_place = place + 1 if half else place
    if unit_place > start and line.is_break(unit_place):
        return None
    kinds = line.kinds(unit_place)
    unit = kinds.get(Kind.UNIT_AHEAD, kinds.get(Kind.UNIT))
    if unit is None:
        return None
    length = Length(start, unit_place + 1, counts, Unit(unit), is_ahead=Kind.UNIT_AHEAD in kinds, half=half)
    return _with_half(scene, length)


def _with_half(scene: Scene, length: Length) -> Length:
    if not scene.line.has(length.end, Kind.HALF) or scene.line.is_break(length.end):
        return length
    return replace(length, end=length.end + 1, half=True)
