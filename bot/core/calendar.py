"""Dates of residence documents: when to file, how long is left, what cannot be a date, what time it is there.

Must not know: the clock (today is passed in), what people call their documents, any wording.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.case import ExpiryBucket
from bot.core.titles import Window

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.case import Expiry

W120_OPENS = 120
W120_CLOSES = 60
"""Days before expiry between which a title of the ANEF list is asked for (R.431-5, F-10)."""

W60_MONTHS = 2
"""Months before expiry in which any other title is asked for (R.431-5, F-10)."""

MAX_YEARS_AHEAD = 15
MAX_YEARS_PAST = 10

_MONTHS_A_YEAR = 12

_BUCKET_DAYS = {
    ExpiryBucket.EXPIRED: -1,
    ExpiryBucket.WITHIN_MONTH: 0,
    ExpiryBucket.ONE_TO_THREE_MONTHS: 30,
    ExpiryBucket.BEYOND_THREE_MONTHS: 90,
}
"""Fewest days a bucket may mean: the cautious side."""

_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


class DateProblem(StrEnum):
    """Why a date cannot be the end of a document (domain.md 3.4, date guards)."""

    IMPOSSIBLE = "impossible"
    TOO_FAR = "too_far"
    TOO_OLD = "too_old"


class WindowState(StrEnum):
    """Where today stands in a filing window."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"
    """Past the last day to file in time, before expiry."""
    ENDED = "ended"
    """The document is over."""


@dataclass(frozen=True, slots=True)
class FilingWindow:
    """The days between which an application is in time; both included."""

    opens: date
    closes: date
    state: WindowState
    days_left: int
    """Days until the document ends; negative when it is over."""
    days_to_open: int
    """0 once the window has opened."""


def make_date(year: int, month: int, day: int) -> date | DateProblem:
    """The date of these numbers, or IMPOSSIBLE (31/11)."""
    try:
        return date(year, month, day)
    except ValueError:
        return DateProblem.IMPOSSIBLE


def date_problem(on: date, today: date) -> DateProblem | None:
    """Why ``on`` cannot be an expiry date: more than 15 years ahead, more than 10 years past; None when it can."""
    if on > add_months(today, MAX_YEARS_AHEAD * _MONTHS_A_YEAR):
        return DateProblem.TOO_FAR
    if on < add_months(today, -MAX_YEARS_PAST * _MONTHS_A_YEAR):
        return DateProblem.TOO_OLD
    return None


def add_months(on: date, months: int) -> date:
    """The same day some months later or earlier; the month's last day where that day does not exist."""
    index = on.year * _MONTHS_A_YEAR + on.month - 1 + months
    year, month = index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def days_left(on: date, today: date) -> int:
    """Days from today until ``on``; 0 on the day itself, negative when it is over."""
    return (on - today).days


def days_to_end(expiry: Expiry, today: date) -> int | None:
    """Fewest days until the document may end; None when it has no date.

    A month counts from its first day and a bucket from its shortest meaning (i18n.md 4, rule 6).
    """
    if expiry.on is not None:
        return days_left(expiry.on, today)
    return None if expiry.bucket is None else _BUCKET_DAYS.get(expiry.bucket)


def has_ended(expiry: Expiry, today: date) -> bool:
    """True only when the document is over without any doubt: of a month, its last day counts."""
    if expiry.on is None:
        return expiry.bucket is ExpiryBucket.EXPIRED
    last = expiry.on
    if expiry.is_month_only:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return last < today


def filing_window(window: Window, expires_on: date, today: date) -> FilingWindow | None:
    """When a title that ends on ``expires_on`` is asked for again (R.431-5, F-10); None where no window is known."""
    if window is Window.W120:
        opens, closes = expires_on - timedelta(W120_OPENS), expires_on - timedelta(W120_CLOSES)
    elif window is Window.W60:
        opens, closes = add_months(expires_on, -W60_MONTHS), expires_on
    else:
        return None
    if today > expires_on:
        state = WindowState.ENDED
    elif today < opens:
        state = WindowState.EARLY
    else:
        state = WindowState.OPEN if today <= closes else WindowState.LATE
    return FilingWindow(opens, closes, state, days_left(expires_on, today), max(0, days_left(opens, today)))


def zone_name(departement: str | None) -> str:
    """The time zone of a département or collectivity; Paris when unknown or in Europe."""
    return _ZONES.get(departement or "", "Europe/Paris")


def local_time(at: datetime, departement: str | None) -> datetime:
    """An aware moment as read on a clock of that département, with its offset."""
    return at.astimezone(ZoneInfo(zone_name(departement)))


def local_day(at: datetime, departement: str | None = None) -> date:
    """The day an aware moment falls on there; in Paris when no département is given."""
    return local_time(at, departement).date()
