"""Limits, steps, the nearest year, and the conversion of Hijri and Jalali dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from convertdate import persian
from hijridate import Hijri
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendars import (
    HIJRI_YEARS,
    JALALI_YEARS,
    Tense,
    Unit,
    beyond,
    from_hijri,
    from_jalali,
    last_of_month,
    month_without_year,
    real,
    shift,
    week_after,
    weekday_after,
    weekday_before,
    without_year,
)

TODAY = date(2026, 11, 23)


def test_every_hijri_day_is_converted_as_umm_al_qura_has_it():
    days = 0
    for year in HIJRI_YEARS:
        for month in range(1, 13):
            length = Hijri(year, month, 1).month_length()
            days += length
            assert from_hijri(year, month, length + 1) is None
            for day in (1, 15, length):
                found = Hijri(year, month, day).to_gregorian()
                assert from_hijri(year, month, day) == date(found.year, found.month, found.day)
    assert days == 12_403


def test_every_jalali_day_is_converted():
    on = date(*persian.to_gregorian(1380, 1, 1))
    days = 0
    for year in JALALI_YEARS:
        for month in range(1, 13):
            for day in range(1, 32):
                found = from_jalali(year, month, day)
                if found is not None:
                    assert found == on
                    on += timedelta(days=1)
                    days += 1
    assert on == date(*persian.to_gregorian(1426, 1, 1))
    assert days == 16_801


@pytest.mark.parametrize("convert", [from_hijri, from_jalali])
@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1300, 1, 1), (1500, 1, 1), (1440, 0, 1), (1440, 13, 1), (1440, 1, 0), (1400, 12, 31), (1400, 13, 1)],
)
def test_days_that_no_calendar_has_are_not_converted(convert, year, month, day):
    assert convert(year, month, day) is None


@pytest.mark.parametrize(
    ("on", "problem"),
    [
        (date(2041, 11, 23), None),
        (date(2041, 11, 24), "too_far"),
        (date(2016, 11, 23), None),
        (date(2016, 11, 22), "too_old"),
        (date.max, "too_far"),
        (date.min, "too_old"),
    ],
)
def test_limits_are_ten_years_back_and_fifteen_ahead(on, problem):
    assert beyond(on, TODAY) == problem


@pytest.mark.parametrize(
    ("on", "count", "unit", "shifted"),
    [
        (date(2026, 1, 31), 1, Unit.MONTH, date(2026, 2, 28)),
        (date(2026, 11, 23), 2, Unit.MONTH, date(2027, 1, 23)),
        (date(2026, 11, 23), -11, Unit.MONTH, date(2025, 12, 23)),
        (date(2028, 2, 29), 1, Unit.YEAR, date(2029, 2, 28)),
        (date(2026, 11, 23), 3, Unit.WEEK, date(2026, 12, 14)),
        (date(2026, 11, 23), -1, Unit.DAY, date(2026, 11, 22)),
        (date(2026, 11, 23), 5, Unit.HOUR, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, Unit.MINUTE, date(2026, 11, 23)),
        (date(2026, 11, 23), 10**6, Unit.YEAR, date(9999, 11, 23)),
        (date(2026, 11, 23), -(10**6), Unit.YEAR, date(1, 11, 23)),
        (date(2026, 11, 23), 10**9, Unit.DAY, date.max),
        (date(2026, 11, 23), -(10**9), Unit.DAY, date.min),
    ],
)
def test_steps_end_within_their_month_and_the_calendar(on, count, unit, shifted):
    assert shift(on, count, unit) == shifted


@pytest.mark.parametrize(
    ("month", "day", "tense", "days"),
    [
        (1, 20, Tense.OPEN, ["2027-01-20", "2026-01-20"]),
        (10, 20, Tense.OPEN, ["2026-10-20", "2027-10-20"]),
        (5, 20, Tense.OPEN, ["2027-05-20", "2026-05-20"]),
        (6, 20, Tense.OPEN, ["2026-06-20", "2027-06-20"]),
        (6, 20, Tense.FUTURE, ["2027-06-20", "2026-06-20"]),
        (5, 20, Tense.FUTURE, ["2027-05-20", "2026-05-20"]),
        (5, 20, Tense.PAST, ["2026-05-20", "2025-05-20"]),
        (9, 3, Tense.PAST, ["2026-09-03", "2025-09-03"]),
        (11, 23, Tense.OPEN, ["2026-11-23", "2027-11-23"]),
        (11, 24, Tense.OPEN, ["2026-11-24", "2025-11-24"]),
        (2, 29, Tense.OPEN, ["2028-02-29", "2024-02-29"]),
        (2, 29, Tense.PAST, ["2024-02-29", "2020-02-29"]),
        (2, 30, Tense.OPEN, []),
        (13, 1, Tense.OPEN, []),
    ],
)
def test_day_without_year_is_one_of_two(month, day, tense, days):
    assert [on.isoformat() for on in without_year(month, day, TODAY, tense)] == days


@pytest.mark.parametrize(
    ("month", "tense", "days"),
    [
        (11, Tense.OPEN, ["2026-11-01", "2027-11-01"]),
        (11, Tense.PAST, ["2026-11-01", "2025-11-01"]),
        (3, Tense.OPEN, ["2027-03-01", "2026-03-01"]),
        (5, Tense.OPEN, ["2027-05-01", "2026-05-01"]),
        (5, Tense.FUTURE, ["2027-05-01", "2026-05-01"]),
        (5, Tense.PAST, ["2026-05-01", "2025-05-01"]),
    ],
)
def test_month_without_year_is_one_of_two(month, tense, days):
    assert [on.isoformat() for on in month_without_year(month, TODAY, tense)] == days


@given(today=st.dates(date(1990, 1, 1), date(2090, 1, 1)), weekday=st.integers(0, 6))
def test_weekdays_lie_within_a_week_and_never_on_today(today, weekday):
    before, after = weekday_before(today, weekday), weekday_after(today, weekday)
    assert before.weekday() == after.weekday() == weekday
    assert timedelta(days=1) <= today - before <= timedelta(days=7)
    assert timedelta(days=1) <= after - today <= timedelta(days=7)


@given(today=st.dates(date(1990, 1, 1), date(2090, 1, 1)), weeks=st.integers(-1, 1))
def test_weeks_run_from_monday_to_sunday(today, weeks):
    days = week_after(today, weeks)
    assert [on.weekday() for on in days] == list(range(7))
    assert today + timedelta(weeks=weeks) in days


def test_last_day_of_month_and_days_that_do_not_exist():
    assert last_of_month(date(2028, 2, 1)) == date(2028, 2, 29)
    assert real(2026, 11, 31) is None
    assert real(2026, 11, 30) == date(2026, 11, 30)
