"""When a person tried to book, out of their words: a local day, and its hour when it was told.

Must not know: any language's words (bot/data/dates.yml), the clock (the local time is passed in).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.calendars import Unit
from bot.core.date_kinds import Kind
from bot.core.date_mentions import mentions
from bot.core.date_relative import length_at
from bot.core.date_scene import scene
from bot.core.reading import DateReading, Precision, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.core.date_numbers import Time
    from bot.core.date_scene import Mention, Scene
    from bot.core.date_words import DateWords

_NEAR_AHEAD = timedelta(days=60)
"""A day without a year this soon ahead is meant as written, and refused by whoever asked."""
_NOON = 12
_EARLIEST = 7
"""Hours before this one are as likely after noon, when nothing tells."""
_AFTERNOON, _EVENING, _NIGHT = 3, 4, 5
"""Values of date_words, PART."""
_SHORT_UNITS = {Unit.HOUR: 60, Unit.MINUTE: 1}


def read_moment(
    text: str, language: str | None, today: date, now_local: datetime, words: DateWords
) -> tuple[str, bool] | None:
    """``("2026-11-23T14:30", True)``, or ``("2026-11-23", False)`` without an hour; None when no single day is told.

    Attempts lie in the past, so a weekday or a day without a year is the last one; a future moment is returned
    as said, for the caller to refuse. The result is local time without an offset.
    """
    laid = scene(text, language, today, words)
    ago = _short_while_ago(laid, now_local)
    if ago is not None:
        return _iso(ago), True
    days = _days(laid)
    if days is None or len(days) > 1:
        return None
    if not days and not laid.times:
        if _says(laid, Kind.NOW):
            return _iso(now_local), True
        return (today.isoformat(), False) if _says(laid, Kind.TODAY) else None
    day = days[0] if days else today
    hours = {_hour(laid, told, day, now_local) for told in laid.times}
    hour = hours.pop() if len(hours) == 1 else None
    return (day.isoformat(), False) if hour is None else (_iso(datetime.combine(day, hour)), True)


def read_attempt_day(text: str, language: str | None, today: date, words: DateWords) -> DateReading:
    """The day of an attempt, whose year is the last one possible; nothing when no single day is told."""
    laid = scene(text, language, today, words)
    days = _days(laid)
    if not days and days is not None and _says(laid, Kind.TODAY, Kind.NOW):
        days = [today]
    if days is None or len(days) != 1:
        return DateReading()
    return DateReading(Status.FOUND, days[0].isoformat(), Precision.DAY)


def _iso(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _says(laid: Scene, *kinds: Kind) -> bool:
    return any(item.has(*kinds) for item in laid.line.items)


def _short_while_ago(laid: Scene, now_local: datetime) -> datetime | None:
    """``il y a 2 heures``, ``ten minutes ago``."""
    line = laid.line
    for place in range(len(line.items)):
        length = length_at(laid, place)
        if length is None or length.unit not in _SHORT_UNITS:
            continue
        start = length.start - 1 if line.has(length.start - 1, Kind.ABOUT) else length.start
        if line.has(start - 1, Kind.AGO, Kind.SINCE_OR_AGO) or line.has(length.end, Kind.AGO_AFTER):
            minutes = length.counts[0] * _SHORT_UNITS[length.unit] + (30 if length.half else 0)
            return now_local - timedelta(minutes=minutes)
    return None


def _days(laid: Scene) -> list[date] | None:
    """The days that are told, each chosen on the past side; None when one of them may be several."""
    found = [mention for mention in mentions(laid) if mention.precision is Precision.DAY and mention.days]
    written = [mention for mention in found if not mention.is_relative] or found
    chosen = [_past(mention, laid.today) for mention in written]
    return None if None in chosen else list(dict.fromkeys(day for day in chosen if day is not None))


def _past(mention: Mention, today: date) -> date | None:
    """The only day of a mention that can be an attempt's; None when several can, or when it must be asked about."""
    behind = [day for day in mention.days if day <= today]
    if mention.problem is not None:
        return None
    if not mention.has_year:
        if today < mention.days[0] <= today + _NEAR_AHEAD:
            return mention.days[0]
        is_one = len({(day.month, day.day) for day in mention.days}) == 1
        return max(behind) if behind and is_one else None
    if len(behind) > 1:
        return None
    if behind:
        return behind[0]
    return mention.days[0]


def _hour(laid: Scene, told: Time, day: date, now_local: datetime) -> time | None:
    """The hour, moved past noon by "afternoon"; None when it may be either side of it."""
    part = max((_part(item.kinds) for item in laid.line.items), default=0)
    later = time(told.hour % _NOON + _NOON, told.minute)
    is_afternoon = part in {_AFTERNOON, _EVENING} or (part == _NIGHT and told.hour >= _EARLIEST)
    if is_afternoon and told.hour < _NOON:
        return later
    if told.is_sure or part or told.hour >= _EARLIEST:
        return time(told.hour, told.minute)
    return later if day == laid.today and later <= now_local.time() else None


def _part(kinds: Mapping[Kind, int]) -> int:
    return max(kinds.get(Kind.PART, 0), kinds.get(Kind.TODAY, 0))
