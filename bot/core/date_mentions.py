"""All dates a text says, with weekdays, ranges and lent years worked in.

Must not know: any language's words, which mention is meant.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.calendars import real
from bot.core.date_kinds import Kind
from bot.core.date_named import named_mentions, year_mentions
from bot.core.date_numeric import numeric_mentions
from bot.core.date_relative import relative_mentions
from bot.core.date_scene import Mention, Need, limited
from bot.core.reading import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.date_scene import Scene

_HYPHEN = re.compile(r"\s?-\s?")
_BESIDE = re.compile(r"[ ,.(\-]{0,3}")
_DAYS = range(1, 32)
_JOINING = (Kind.FROM, Kind.TO, Kind.ON, Kind.OF, Kind.IN, Kind.AND, Kind.WEEKDAY, Kind.ENDS)


def mentions(scene: Scene) -> list[Mention]:
    """The dates of a text in its order, none sharing a word with another, each within the limits or with a problem."""
    written = numeric_mentions(scene)
    written += named_mentions(scene, _places(written))
    written += year_mentions(scene, _places(written))
    worked = [_with_lone_day(scene, _with_weekday(scene, mention)) for mention in written]
    found = [*worked, *relative_mentions(scene, _places(worked))]
    ordered = sorted(found, key=lambda mention: mention.start)
    return [limited(mention, scene.today) for mention in _joined(scene, ordered)]


def _places(found: Sequence[Mention]) -> frozenset[int]:
    return frozenset(place for mention in found for place in range(mention.start, mention.end))


def _with_weekday(scene: Scene, mention: Mention) -> Mention:
    """The weekday beside a date chooses between its days; one that fits none takes the certainty away."""
    line = scene.line
    if mention.precision is not Precision.DAY:
        return mention
    before = mention.start - 1
    if line.has(before, Kind.ON, Kind.OF) and not line.has(before, Kind.WEEKDAY):
        before -= 1
    for place, gap, start, end in (
        (before, before + 1, before, mention.end),
        (mention.end, mention.end, mention.start, mention.end + 1),
    ):
        if not line.has(place, Kind.WEEKDAY) or not _BESIDE.fullmatch(line.gap(gap)):
            continue
        weekday = line.kinds(place)[Kind.WEEKDAY]
        fitting = tuple(on for on in mention.days if on.weekday() == weekday)
        is_explicit = mention.is_explicit and bool(fitting)
        return replace(mention, start=start, end=end, days=fitting or mention.days, is_explicit=is_explicit)
    return mention


def _with_lone_day(scene: Scene, mention: Mention) -> Mention:
    """``du 1 au 5 avril``, ``le 5 ou le 6 avril``: a day that borrows the month of the next one."""
    if mention.precision is not Precision.DAY or not mention.days:
        return mention
    line = scene.line
    mention = _with_day_behind(scene, mention)
    joint = _back_over(scene, mention.start, Kind.ON)
    is_hyphen = joint == mention.start and _HYPHEN.fullmatch(line.gap(joint)) is not None
    place = joint if is_hyphen else _back_over(scene, joint - 1, Kind.ON)
    if not is_hyphen and not line.has(joint - 1, Kind.TO, Kind.AND, Kind.OR):
        return mention
    day = scene.number(place - 1)
    if day not in _DAYS or scene.digits(place - 1) > 2 or line.is_break(place):
        return mention
    opening = _back_over(scene, place - 1, Kind.ON) - 1
    is_range = is_hyphen or line.has(joint - 1, Kind.TO) or line.has(opening, Kind.BETWEEN)
    if is_range:
        return replace(mention, start=place - 1, problem="range", is_explicit=False)
    others = tuple(on for first in mention.days if (on := real(first.year, first.month, day)))
    return replace(mention, start=place - 1, days=(*others, *mention.days), is_explicit=False)


def _with_day_behind(scene: Scene, mention: Mention) -> Mention:
    """``12月5号或6号``: a day that borrows the month of the one before it."""
    line = scene.line
    place = mention.end + 2 if line.has(mention.end + 1, Kind.ON) else mention.end + 1
    day = scene.number(place)
    if not line.has(mention.end, Kind.OR) or day not in _DAYS or not 0 < scene.digits(place) <= 2:
        return mention
    is_marked = line.has(place + 1, Kind.DAY_MARK, Kind.ORDINAL)
    if not is_marked and (line.is_near(place + 1) or line.has(place + 1, Kind.MONTH)):
        return mention
    others = tuple(on for first in mention.days if (on := real(first.year, first.month, day)))
    return replace(mention, end=place + 2 if is_marked else place + 1, days=(*mention.days, *others), is_explicit=False)


def _back_over(scene: Scene, place: int, kind: Kind) -> int:
    return place - 1 if scene.line.has(place - 1, kind) and not scene.line.has(place - 1, Kind.TO) else place


def _joined(scene: Scene, ordered: Sequence[Mention]) -> list[Mention]:
    """Ranges as their end, and days without a year in the year of the date they are joined to."""
    found: list[Mention] = []
    for mention in ordered:
        last = found[-1] if found else None
        if last is None or last.is_relative != mention.is_relative:
            found.append(mention)
        elif _is_range(scene, last, mention):
            is_full = last.is_explicit and mention.is_explicit and last.days < mention.days
            end = _in_year_before(last, mention)
            found[-1] = replace(end, start=last.start, problem="range", is_explicit=is_full)
        else:
            if _is_joined(scene, last, mention):
                found[-1] = _in_year_of(last, mention)
            found.append(mention)
    return found


def _in_year_before(first: Mention, second: Mention) -> Mention:
    """The end of a range in the year of its beginning: ``2027年一月到三月``."""
    if second.has_year or not first.has_year or not first.days:
        return second
    fitting = tuple(on for on in second.days if on.year == first.days[0].year and on >= first.days[0])
    return replace(second, days=fitting, has_year=True, need=first.need) if fitting else second


def _is_range(scene: Scene, first: Mention, second: Mention) -> bool:
    """``du 20/01/2023 au 19/01/2027``, ``entre … et …``, ``… - …``."""
    line = scene.line
    gap = range(first.end, second.start)
    if not gap:
        is_between = line.has(first.start - 1, Kind.BETWEEN)
        return is_between or (_HYPHEN.fullmatch(line.gap(second.start)) is not None and second.need is Need.NOTHING)
    if any(line.is_break(place) for place in (*gap, second.start)):
        return False
    if not all(line.has(place, *_JOINING) for place in gap):
        return False
    opening = first.start - 2 if line.has(first.start - 1, Kind.ON) else first.start - 1
    joints = (Kind.TO, Kind.FROM) if scene.tongue.has_cues_behind else (Kind.TO,)
    return any(line.has(place, *joints) for place in gap) or line.has(opening, Kind.BETWEEN)


def _is_joined(scene: Scene, first: Mention, second: Mention) -> bool:
    gap = range(first.end, second.start)
    return all(scene.line.has(place, Kind.OR, Kind.AND, Kind.ON, Kind.EDGE) for place in gap)


def _in_year_of(first: Mention, second: Mention) -> Mention:
    if first.has_year or not second.has_year or not first.days or not second.days:
        return first
    on = real(second.days[0].year, first.days[0].month, first.days[0].day)
    return replace(first, days=(on,), has_year=True) if on and on <= second.days[0] else first
