"""When a fact was last checked, and what may still be said of it.

Must not know: what the fact is about, any clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.calendar import add_months
from bot.core.reading import Precision

FRESH_MONTHS = 6
"""Up to here opening hours may be shown (directory.md 4, the rule of Soliguide)."""

SHOWN_MONTHS = 12
"""Older than this, a fact is shown only as a name to look up (directory.md 4)."""

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:-(\d\d)(?!\d))?(?:-(\d\d)(?!\d))?")


class Freshness(StrEnum):
    """How far a fact can be relied on today."""

    FRESH = "fresh"
    AGING = "aging"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Checked:
    """A day, a month or a year in which something was checked."""

    on: date
    """The earliest day it can mean: the cautious side."""
    precision: Precision

    @property
    def iso(self) -> str:
        """``2019-10-05``, ``2019-10`` or ``2019``: no more than is known."""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.on.isoformat()[:length]


def read_checked(text: str) -> Checked | None:
    """The earliest date a source's own words tell (``~2016``, ``2016-03``, ``2019-2024``); None when there is none."""
    found = [checked for match in _DATE.finditer(text) if (checked := _checked(*match.groups()))]
    return min(found, key=lambda checked: checked.on, default=None)


def freshness(checked: Checked | None, today: date) -> Freshness:
    """Fresh within 6 months, aging within 12, stale beyond; stale too without a date or with one to come."""
    if checked is None or checked.on > today:
        return Freshness.STALE
    if checked.on >= add_months(today, -FRESH_MONTHS):
        return Freshness.FRESH
    return Freshness.AGING if checked.on >= add_months(today, -SHOWN_MONTHS) else Freshness.STALE


def _checked(year: str, month: str | None, day: str | None) -> Checked | None:
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return Checked(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError:
        return None
