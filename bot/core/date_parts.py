"""The day and the year beside a month's name, whichever order a language puts them in.

Must not know: any language's words, what becomes of the parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.calendars import FOREIGN_YEARS, beyond, real
from bot.core.date_kinds import Kind

if TYPE_CHECKING:
    from bot.core.date_scene import Scene

DAYS = range(1, 32)
YEARS = range(1900, 2200)
YEAR_DIGITS = 4

_NEAR = re.compile(r"[ .,/\-']{0,3}")
_LAST_CENTURY = 70
"""Two digits from here on were a year of the 1900s: a birth, not the end of a card."""
_SKIPPED_BEFORE_MONTH = (Kind.OF, Kind.ORDINAL, Kind.DAY_MARK)
_SKIPPED_BEFORE_YEAR = (Kind.OF, Kind.YEAR_MARK, Kind.IN, Kind.ON)
_SKIPPED_BEFORE_DAY = (Kind.OF, Kind.ON)
_NO_YEAR_BEFORE = (Kind.UNIT, Kind.HOUR, Kind.MONEY, Kind.MONTH, Kind.MONTH_MARK)
_LONGEST_PARTICLE = 3
_MOST_JOINING = 3
"""As in "le 15 du mois de mars"."""
_TWENTY = 20
"""As in "twenty twenty-seven"."""


@dataclass(frozen=True, slots=True)
class Part:
    """A day or a year beside a month; ``edge`` is the outer end of its items."""

    value: int
    edge: int
    digits: int


def full_year(value: int) -> int:
    """The year that one of two digits stands for; a longer one is itself."""
    if value >= 100:
        return value
    return value + (1900 if value >= _LAST_CENTURY else 2000)


def day_before(scene: Scene, month: int) -> Part | None:
    """The number before a month that may be its day: ``20 janvier``, ``1er``, ``20th of``."""
    place = _skip_back(scene, month, _SKIPPED_BEFORE_MONTH)
    value = scene.number(place - 1)
    if place == 0 or value < 0 or scene.digits(place - 1) > 2 or not _is_near(scene, place):
        return None
    if scene.line.has(place - 2, Kind.THOUSANDS):
        return None
    return Part(value, place - 1, scene.digits(place - 1))


def day_after(scene: Scene, month_end: int) -> Part | None:
    """The number after a month that may be its day: ``Jan 20th``, ``1月20日``."""
    line = scene.line
    since = (Kind.FROM,) if scene.tongue.has_cues_behind else ()
    place = _skip_on(scene, month_end, (*_SKIPPED_BEFORE_DAY, *since))
    value = scene.number(place)
    if value not in DAYS or scene.digits(place) > 2 or not _is_near(scene, place):
        return None
    is_counted = line.has(place + 1, *_NO_YEAR_BEFORE) and not line.has(place + 1, Kind.WEAK)
    if is_counted and line.is_near(place + 1):
        return None
    is_marked = line.has(place + 1, Kind.ORDINAL, Kind.DAY_MARK) and line.is_near(place + 1)
    return Part(value, place + 2 if is_marked else place + 1, scene.digits(place))


def marked_day(scene: Scene, place: int) -> Part | None:
    """The day behind a month and its year, where a word says that it is one: ``மே 2027 பதினைந்தாம் திகதி``."""
    day = day_after(scene, place)
    if day is None or scene.line.is_break(place):
        return None
    edge = day.edge + scene.line.has(day.edge, Kind.DAY_MARK)
    is_marked = scene.line.has(edge - 1, Kind.DAY_MARK, Kind.ORDINAL) and not scene.digits(edge - 1)
    return Part(day.value, edge, day.digits) if is_marked else None


def year_after(scene: Scene, place: int) -> Part | None:
    """The year that begins here, joining words passed over; two digits only for a year within the limits."""
    line = scene.line
    edge = (Kind.EDGE,) if scene.tongue.has_cues_behind else ()
    first = _skip_on(scene, place, (*_SKIPPED_BEFORE_YEAR, *edge))
    if not _is_near(scene, first) or _is_of_next_date(scene, place, first):
        return None
    if _is_particle(scene, first) and scene.digits(first + 1) == YEAR_DIGITS:
        first += 1
    worded = worded_year(scene, first) or _told_year(scene, first)
    if worded is not None:
        return worded
    value, digits = scene.number(first), scene.digits(first)
    is_marked = line.has(first + 1, Kind.YEAR_MARK) and line.is_near(first + 1)
    is_counted = line.has(first + 1, *_NO_YEAR_BEFORE) and line.is_near(first + 1) and not is_marked
    is_day = line.has(first + 1, Kind.ORDINAL) and _is_near(scene, first + 1) and not is_marked
    is_short = digits == 2 and not is_counted and not is_day and _is_recent(scene, full_year(value))
    is_spoken = digits == 0 and is_marked and value >= _TWENTY and _is_recent(scene, full_year(value))
    if digits != YEAR_DIGITS and not is_short and not is_spoken:
        return None
    return Part(value, first + 2 if is_marked else first + 1, digits)


def year_before(scene: Scene, start: int) -> Part | None:
    """The year before a month or a day: ``2027年1月``, ``د 2027 د جنوري``."""
    place = _skip_back(scene, start, _SKIPPED_BEFORE_YEAR)
    if _is_particle(scene, place - 1) and scene.digits(place - 2) == YEAR_DIGITS:
        place -= 1
    if place == 0 or not _is_near(scene, place):
        return None
    if scene.line.has(place - 2, Kind.THOUSANDS):
        return worded_year(scene, place - 2)
    told = _told_year(scene, place - 1)
    if told is not None:
        return Part(told.value, place - 1, 0)
    value, digits = scene.number(place - 1), scene.digits(place - 1)
    is_marked = digits == 2 and scene.line.has(place, Kind.YEAR_MARK)
    is_full = digits == YEAR_DIGITS and (value in YEARS or value in FOREIGN_YEARS)
    return Part(value, place - 1, digits) if is_full or is_marked else None


def worded_year(scene: Scene, place: int) -> Part | None:
    """``deux mille vingt-sept``, ``twenty twenty-seven``."""
    line = scene.line
    rest = -1 if line.digits(place + 1) or not _is_near(scene, place + 1) else line.number(place + 1)
    if not 0 < rest < 100:
        return None
    if line.has(place, Kind.THOUSANDS):
        return Part(line.kinds(place)[Kind.THOUSANDS] + rest, place + 2, YEAR_DIGITS)
    if line.number(place) == _TWENTY and not line.digits(place) and rest >= 10:
        return Part(2000 + rest, place + 2, YEAR_DIGITS)
    return None


def _is_of_next_date(scene: Scene, place: int, first: int) -> bool:
    """True when a range goes on to a date that begins with its year: ``2月2日到2027年2月1日``."""
    line = scene.line
    is_range = any(line.has(joint, Kind.TO) for joint in range(place, first))
    if not is_range or not line.has(first + 1, Kind.YEAR_MARK, Kind.OF):
        return False
    return line.has(first + 2, Kind.MONTH) or line.has(first + 3, Kind.MONTH_MARK)


def _told_year(scene: Scene, place: int) -> Part | None:
    """``mars de l'année prochaine``."""
    offset = scene.line.kinds(place).get(Kind.YEARS)
    return None if offset is None else Part(scene.today.year + offset, place + 1, 0)


def _is_recent(scene: Scene, year: int) -> bool:
    middle = real(year, 6, 1)
    return middle is not None and beyond(middle, scene.today) is None


def _is_near(scene: Scene, place: int) -> bool:
    return _NEAR.fullmatch(scene.line.gap(place)) is not None


def _is_particle(scene: Scene, place: int) -> bool:
    """True for an unknown word of a few letters: another language's "of"."""
    line = scene.line
    if not 0 <= place < len(line.items) or line.digits(place):
        return False
    return not line.kinds(place) and len(line.items[place].text) <= _LONGEST_PARTICLE


def _skip_back(scene: Scene, place: int, kinds: tuple[Kind, ...]) -> int:
    """The place before which joining words were passed, going back."""
    for _ in range(_MOST_JOINING):
        if place > 0 and _is_near(scene, place) and _joins(scene, place - 1, kinds):
            place -= 1
    return place


def _skip_on(scene: Scene, place: int, kinds: tuple[Kind, ...]) -> int:
    for _ in range(_MOST_JOINING):
        if _is_near(scene, place) and _joins(scene, place, kinds):
            place += 1
    return place


def _joins(scene: Scene, place: int, kinds: tuple[Kind, ...]) -> bool:
    return scene.line.has(place, *kinds) and not scene.line.digits(place)
