"""Filing windows, days left, date guards and local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import (
    DateProblem,
    WindowState,
    add_months,
    date_problem,
    days_left,
    days_to_end,
    filing_window,
    has_ended,
    local_day,
    local_time,
    make_date,
    zone_name,
)
from bot.core.case import Expiry, ExpiryBucket
from bot.core.titles import Window
from tests.situations import TODAY

DAYS = st.dates(date(2018, 1, 1), date(2040, 12, 31))

MONTHS = [
    (date(2027, 1, 20), -2, date(2026, 11, 20)),
    (date(2026, 4, 30), -2, date(2026, 2, 28)),
    (date(2028, 4, 30), -2, date(2028, 2, 29)),
    (date(2027, 1, 31), -2, date(2026, 11, 30)),
    (date(2027, 2, 28), -2, date(2026, 12, 28)),
    (date(2026, 11, 30), 3, date(2027, 2, 28)),
    (date(2026, 12, 1), 1, date(2027, 1, 1)),
    (date(2026, 12, 31), 0, date(2026, 12, 31)),
    (date(2026, 11, 23), -12, date(2025, 11, 23)),
]


@pytest.mark.parametrize(("on", "months", "wanted"), MONTHS)
def test_months_are_counted_to_the_same_day_or_the_last_of_the_month(on: date, months: int, wanted: date) -> None:
    assert len(MONTHS) == 9
    assert add_months(on, months) == wanted


WINDOWS = [
    (Window.W60, date(2027, 1, 20), date(2026, 11, 20), date(2027, 1, 20), WindowState.OPEN),
    (Window.W60, date(2027, 1, 23), date(2026, 11, 23), date(2027, 1, 23), WindowState.OPEN),
    (Window.W60, date(2027, 1, 24), date(2026, 11, 24), date(2027, 1, 24), WindowState.EARLY),
    (Window.W60, date(2026, 11, 23), date(2026, 9, 23), date(2026, 11, 23), WindowState.OPEN),
    (Window.W60, date(2026, 11, 22), date(2026, 9, 22), date(2026, 11, 22), WindowState.ENDED),
    (Window.W120, date(2027, 3, 23), date(2026, 11, 23), date(2027, 1, 22), WindowState.OPEN),
    (Window.W120, date(2027, 3, 24), date(2026, 11, 24), date(2027, 1, 23), WindowState.EARLY),
    (Window.W120, date(2027, 1, 22), date(2026, 9, 24), date(2026, 11, 23), WindowState.OPEN),
    (Window.W120, date(2027, 1, 21), date(2026, 9, 23), date(2026, 11, 22), WindowState.LATE),
    (Window.W120, date(2026, 11, 22), date(2026, 7, 25), date(2026, 9, 23), WindowState.ENDED),
]


@pytest.mark.parametrize(("window", "ends", "opens", "closes", "state"), WINDOWS)
def test_filing_window_opens_and_closes_on_the_days_of_the_code(window, ends, opens, closes, state) -> None:
    assert len(WINDOWS) == 10
    found = filing_window(window, ends, TODAY)
    assert found is not None
    assert (found.opens, found.closes, found.state) == (opens, closes, state)
    assert found.days_left == (ends - TODAY).days
    assert found.days_to_open == max(0, (opens - TODAY).days)


@pytest.mark.parametrize("window", [Window.NONE, Window.VERIFY])
def test_a_title_without_a_known_window_has_none(window: Window) -> None:
    assert filing_window(window, date(2027, 1, 20), TODAY) is None


@given(st.sampled_from([Window.W60, Window.W120]), DAYS, DAYS)
def test_today_is_before_in_or_after_a_window_and_nothing_else(window: Window, ends: date, today: date) -> None:
    found = filing_window(window, ends, today)
    assert found is not None
    assert found.opens < found.closes <= ends
    wanted = {
        WindowState.EARLY: today < found.opens,
        WindowState.OPEN: found.opens <= today <= found.closes,
        WindowState.LATE: found.closes < today <= ends,
        WindowState.ENDED: today > ends,
    }
    assert [state for state, holds in wanted.items() if holds] == [found.state]


def test_a_day_that_does_not_exist_is_impossible() -> None:
    assert make_date(2026, 11, 31) is DateProblem.IMPOSSIBLE
    assert make_date(2027, 2, 29) is DateProblem.IMPOSSIBLE
    assert make_date(2028, 2, 29) == date(2028, 2, 29)


GUARDS = [
    (date(2041, 11, 23), None),
    (date(2041, 11, 24), DateProblem.TOO_FAR),
    (date(2016, 11, 23), None),
    (date(2016, 11, 22), DateProblem.TOO_OLD),
    (date(2027, 1, 20), None),
]


@pytest.mark.parametrize(("on", "wanted"), GUARDS)
def test_an_end_lies_at_most_15_years_ahead_and_10_years_past(on: date, wanted: DateProblem | None) -> None:
    assert len(GUARDS) == 5
    assert date_problem(on, TODAY) is wanted


ENDS = [
    (Expiry(on=date(2026, 11, 22)), -1, True),
    (Expiry(on=date(2026, 11, 23)), 0, False),
    (Expiry(on=date(2026, 11, 1), is_month_only=True), -22, False),
    (Expiry(on=date(2026, 10, 1), is_month_only=True), -53, True),
    (Expiry(bucket=ExpiryBucket.EXPIRED), -1, True),
    (Expiry(bucket=ExpiryBucket.WITHIN_MONTH), 0, False),
    (Expiry(bucket=ExpiryBucket.ONE_TO_THREE_MONTHS), 30, False),
    (Expiry(bucket=ExpiryBucket.BEYOND_THREE_MONTHS), 90, False),
    (Expiry(bucket=ExpiryBucket.NO_DATE), None, False),
    (Expiry(), None, False),
]


@pytest.mark.parametrize(("expiry", "days", "is_over"), ENDS)
def test_an_end_counts_on_the_cautious_side_and_is_over_only_for_certain(expiry, days, is_over) -> None:
    assert len(ENDS) == 10
    assert days_to_end(expiry, TODAY) == days
    assert has_ended(expiry, TODAY) is is_over


def test_the_last_day_counts_as_a_day_left() -> None:
    assert days_left(TODAY, TODAY) == 0
    assert days_left(date(2027, 1, 20), TODAY) == 58


ZONES = [
    (None, "+01:00"),
    ("93", "+01:00"),
    ("2A", "+01:00"),
    ("971", "-04:00"),
    ("972", "-04:00"),
    ("973", "-03:00"),
    ("974", "+04:00"),
    ("975", "-03:00"),
    ("976", "+03:00"),
    ("977", "-04:00"),
    ("978", "-04:00"),
    ("984", "+05:00"),
    ("986", "+12:00"),
    ("987", "-10:00"),
    ("988", "+11:00"),
]


@pytest.mark.parametrize(("departement", "offset"), ZONES)
def test_an_attempt_is_told_on_the_clock_of_its_prefecture(departement: str | None, offset: str) -> None:
    assert len(ZONES) == 15
    at = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    local = local_time(at, departement)
    assert local.isoformat().endswith(offset)
    assert local == at


def test_paris_keeps_summer_time() -> None:
    assert local_time(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "75").hour == 0
    assert zone_name("75") == "Europe/Paris"


def test_the_day_is_that_of_paris_unless_a_departement_is_given() -> None:
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert local_day(at) == TODAY
    assert local_day(at, "972") == TODAY - timedelta(days=1)
