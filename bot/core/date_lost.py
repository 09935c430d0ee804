"""Whether a day was told beside a month or a year that nobody understood: then the rest of the date is no answer.

Must not know: any language's words, what becomes of the date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.date_kinds import Kind
from bot.core.date_parts import DAYS, YEAR_DIGITS
from bot.core.date_text import HAN_NUMERALS
from bot.core.spelling import within

if TYPE_CHECKING:
    from bot.core.date_scene import Scene

_JOINING = (Kind.OF, Kind.ON, Kind.ORDINAL, Kind.DAY_MARK)
_MOST_JOINING = 3
_TENS = {10, 20, 30}
_SHORTEST_MONTH, _LONG_MONTH = 4, 7
"""Letters of a month's name in which one slip, or two, are looked for."""
_LONGEST_ENDING = 4
"""Letters of an unknown ending after a number: ``15th``, ``15-е``."""
_COUNTED = (Kind.UNIT, Kind.UNIT_AHEAD, Kind.HOUR, Kind.MONEY)


def loses_day(scene: Scene, start: int, end: int, span: tuple[int, int]) -> bool:
    """True when the words beside a month, or beside it and its year (``span``), may be its day."""
    return (
        _may_be_day(scene, _before(scene, start), span)
        or _may_be_day(scene, _behind(scene, end), span)
        or _may_be_day(scene, _before(scene, span[0]), span)
        or _is_last_number(scene, span[1])
    )


def loses_month(scene: Scene, start: int, end: int) -> bool:
    """True when a number and an unknown word stand beside a year: ``05 ekm 2025``, a slip in a month's name."""
    if _is_like_month(scene, start - 1) or _is_like_month(scene, end):
        return True
    return any(
        _is_unknown(scene, word) and _is_short_number(scene, number)
        for word, number in ((start - 1, start - 2), (start - 2, start - 1), (end, end + 1))
        if not any(scene.line.is_break(place) for place in range(max(min(word, number, start), 1), max(word, end)))
    )


def loses_month_before(scene: Scene, edge: int) -> bool:
    """True when "the end of" may be of a month that nobody understood: ``sektembris bolos 2026``."""
    place = _before(scene, edge)
    is_behind = scene.tongue.has_cues_behind and place == edge - 1
    return _is_like_month(scene, place) or (is_behind and _is_unknown(scene, place))


def _is_like_month(scene: Scene, place: int) -> bool:
    if not _is_unknown(scene, place):
        return False
    typed = scene.line.items[place].text
    return len(typed) >= _SHORTEST_MONTH and any(
        len(name) >= _SHORTEST_MONTH and name[0] == typed[0] and within(typed, name, 1 + (len(name) >= _LONG_MONTH))
        for name, _number in scene.months
    )


def _before(scene: Scene, start: int) -> int:
    return _beside(scene, start - 1, -1)


def _behind(scene: Scene, end: int) -> int:
    return _beside(scene, end, 1)


def _beside(scene: Scene, first: int, step: int) -> int:
    """The nearest item that joins nothing, from ``first`` on in one direction; -1 beyond a break."""
    place = first
    for _ in range(_MOST_JOINING):
        if not scene.line.has(place, *_JOINING) or scene.digits(place) or scene.line.has(place, Kind.NUMBER):
            break
        place += step
    low, high = (place + 1, first + 1) if step < 0 else (first, place)
    return place if not any(scene.line.is_break(other) for other in range(max(low, 1), high + 1)) else -1


def _may_be_day(scene: Scene, place: int, span: tuple[int, int]) -> bool:
    if not 0 <= place < len(scene.line.items) or span[0] <= place < span[1]:
        return False
    if _is_unknown(scene, place):
        word = scene.line.items[place].text
        return _ends_number(scene, place) or word in HAN_NUMERALS or any(word[:size] in scene.heads for size in (3, 4))
    is_counted = scene.line.has(place + 1, *_COUNTED) and place >= span[1]
    return place < span[0] and _is_short_number(scene, place) and not is_counted


def _ends_number(scene: Scene, place: int) -> bool:
    """True for an unknown word that goes on with a number: ``15th`` misspelt, ``vingt-cinkième``."""
    if not _is_short_number(scene, place - 1) or not scene.line.is_near(place):
        return scene.line.gap(place) == "-" and _is_short_number(scene, place - 1)
    is_ending = scene.digits(place - 1) > 0 and len(scene.line.items[place].text) <= _LONGEST_ENDING
    return is_ending or (not scene.digits(place - 1) and scene.number(place - 1) in _TENS)


def _is_last_number(scene: Scene, place: int) -> bool:
    """True for a number behind all: ``mai 2027, 15`` is no month alone."""
    place = _behind(scene, place)
    is_last = place + 1 >= len(scene.line.items) or scene.line.is_break(place + 1)
    is_marked = scene.line.has(place + 1, Kind.DAY_MARK, Kind.ORDINAL)
    return place >= 0 and _is_short_number(scene, place) and (is_last or is_marked)


def _is_unknown(scene: Scene, place: int) -> bool:
    line = scene.line
    return 0 <= place < len(line.items) and not line.digits(place) and not line.kinds(place)


def _is_short_number(scene: Scene, place: int) -> bool:
    if scene.digits(place) >= YEAR_DIGITS - 1 or scene.line.has(place - 1, Kind.THOUSANDS):
        return False
    is_little = not scene.digits(place) and scene.line.has(place, Kind.LIGHT, Kind.IN)
    is_of = scene.line.has(place, Kind.OF) and scene.line.has(place - 1, Kind.UNIT, Kind.OF, Kind.IN)
    return scene.number(place) in DAYS and not is_little and not (is_of and not scene.digits(place))
