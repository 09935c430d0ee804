"""When to try next: days and hours that vary (domain.md 3.5, POLICY).

Never many tries: one or two a day, made by the person. Must not know: what a try is, the clock, any wording.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

HOURS = (8, 12, 19, 10, 17, 14)
"""Local hours proposed in turn; none is known to be better, different ones show more."""

_OFFSETS = (1, 4, 6, 3, 5, 2, 7)
"""Days from today, the widest spread first."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A day and a local hour to try."""

    on: date
    hour: int


def suggest(tried: Sequence[tuple[datetime, bool]], per_week: int, per_day: int, today: date) -> tuple[Suggestion, ...]:
    """The tries of the next seven days, today left out: the least used weekdays, the least used hours.

    ``tried`` are local moments, with False where only the day is known.
    """
    weekdays = [at.weekday() for at, _has_hour in tried]
    days = sorted((today + timedelta(offset) for offset in _OFFSETS), key=lambda day: weekdays.count(day.weekday()))
    told = [at.hour for at, has_hour in tried if has_hour]
    hours = sorted(HOURS, key=lambda hour: sum(1 for used in told if abs(used - hour) <= 1))
    tries = [day for day in sorted(days[:per_week]) for _ in range(per_day)]
    found = (Suggestion(day, hours[index % len(hours)]) for index, day in enumerate(tries))
    return tuple(sorted(found, key=lambda suggestion: (suggestion.on, suggestion.hour)))
