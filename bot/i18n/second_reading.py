"""A second, independent reading of a date, by dateparser: two readings that agree may be trusted (i18n.md 4).

Must not know: our own words and rules, which reading is kept (core.dates.agree).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from dateparser.date import DateDataParser

from bot.core.calendars import FOREIGN_YEARS, beyond, without_year
from bot.core.reading import DateReading, Precision, Status
from bot.core.text import clean, fold_digits

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 80
"""Characters of a text that is read at all: dateparser's time grows with it, and it reads no date in a sentence."""

LANGUAGES = frozenset({"fr", "en", "ar", "es", "pt", "tr", "ru", "uk", "fa", "ps", "ur", "bn", "ta", "zh", "ka"})
"""Those of our codes that dateparser 1.5 has; Haitian Creole is missing."""

_ONLY_DIGITS = re.compile(r"\d+")
_GLUED_DATE = re.compile(r"\d{8}")
_DATE = re.compile(r"\d{4}|\d[./\-]\d")
_DIGIT = re.compile(r"\d")
_ALL_PARTS = ("day", "month", "year")
_PRECISIONS = {"day": Precision.DAY, "week": Precision.DAY, "month": Precision.MONTH, "year": Precision.YEAR}
_LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def second_reading(text: str, language: str | None, today: date) -> DateReading:
    """What dateparser reads: FOUND, or nothing at all; day first, in this language only, within the limits.

    Nothing for an unknown language, for hours, for numbers alone other than DDMMYYYY (i18n.md 4, rules 3 and 4),
    for years of other calendars and for texts over 80 characters.
    A day without a year is put into the nearest one, as ours is: dateparser would take the current year.
    """
    typed = fold_digits(clean(text))
    if language not in LANGUAGES or not typed or len(typed) > LONGEST:
        return DateReading()
    if _ONLY_DIGITS.fullmatch(typed) and not _GLUED_DATE.fullmatch(typed):
        return DateReading()
    found = _parse(typed, language, today)
    if found is None or found[0].year in FOREIGN_YEARS or _skips_a_word(typed, language, today, found):
        return DateReading()
    if found[0] < today and _skips_the_end(typed, language, today, found):
        return DateReading()
    on, precision = found
    if _parse(typed, language, today, _ALL_PARTS) is None and str(on.year) not in typed:
        if precision is not Precision.DAY:
            return DateReading()
        on = without_year(on.month, on.day, today)[0]
    if beyond(on, today) is not None:
        return DateReading()
    return DateReading(Status.FOUND, on.isoformat()[: _LENGTHS[precision]], precision)


def warm_up(languages: Iterable[str], today: date) -> None:
    """Load these languages now: the first reading of each costs a tenth of a second, the later ones two milliseconds."""
    for language in languages:
        second_reading("01/01/2027", language, today)


def _parse(text: str, language: str, today: date, parts: tuple[str, ...] = ()) -> tuple[date, Precision] | None:
    """The day dateparser reads; None when it reads none, an hour, or not all the required parts."""
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "current_period",
        "RELATIVE_BASE": datetime.combine(today, time()),
        "RETURN_TIME_AS_PERIOD": True,
        "REQUIRE_PARTS": list(parts),
    }
    found = DateDataParser(languages=[language], settings=settings).get_date_data(text)
    if found.date_obj is None or found.period not in _PRECISIONS:
        return None
    return found.date_obj.date(), _PRECISIONS[found.period]


def _skips_a_word(text: str, language: str, today: date, found: tuple[date, Precision]) -> bool:
    """True when words alone give the same date without the first of them: "apres demain" is read as "demain"."""
    _first, _space, rest = text.partition(" ")
    return bool(rest) and not _DIGIT.search(text) and _parse(rest, language, today) == found


def _skips_the_end(text: str, language: str, today: date, found: tuple[date, Precision]) -> bool:
    """True for "three weeks from today", read as the length alone, which dateparser takes for past."""
    rest, _space, last = text.rpartition(" ")
    if not rest or _DATE.search(text):
        return False
    alone = _parse(rest, language, today)
    return alone is not None and alone[0] == found[0] and _parse(last, language, today) is not None
