from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.freshness import Freshness, freshness, read_checked

TODAY = date(2026, 11, 23)

WORDS = [
    ("2025-09-14", "2025-09-14"),
    ("2016-03", "2016-03"),
    ("2019", "2019"),
    ("~2016", "2016"),
    ("~2023-01", "2023-01"),
    ("2019-2024", "2019"),
    ("~2011-2016", "2011"),
    ("2024-2025 season", "2024"),
    ("2008 (address, phone); undated (permanences)", "2008"),
    ("2024 (site); 2015 (address)", "2015"),
    ("2011 (address, phone); 2020 (site)", "2011"),
    ("2023 (dates shown)", "2023"),
    ("2024-05-29 (phone); 2021-07-19 (website)", "2021-07-19"),
    ("undated", None),
    ("", None),
    ("2016-13", None),
    ("2015-02-30", None),
    ("93200", None),
]


def test_table_of_dates_is_whole():
    assert len(WORDS) == 18


@pytest.mark.parametrize(("words", "iso"), WORDS)
def test_words_of_a_source_mean_the_earliest_date_they_can(words, iso):
    checked = read_checked(words)
    assert (checked.iso if checked else None) == iso


def test_month_and_year_begin_on_their_first_day():
    assert [read_checked(words).on for words in ("2016-03", "~2016")] == [date(2016, 3, 1), date(2016, 1, 1)]


@pytest.mark.parametrize(
    ("day", "age"),
    [
        ("2026-11-23", Freshness.FRESH),
        ("2026-05-23", Freshness.FRESH),
        ("2026-05-22", Freshness.AGING),
        ("2025-11-23", Freshness.AGING),
        ("2025-11-22", Freshness.STALE),
        ("2026-11-24", Freshness.STALE),
        ("", Freshness.STALE),
    ],
)
def test_age_of_a_check(day, age):
    assert freshness(read_checked(day), TODAY) is age


@given(st.dates(date(2000, 1, 1), date(2026, 11, 23)), st.dates(date(2000, 1, 1), date(2026, 11, 23)))
def test_older_check_is_never_fresher(one, other):
    order = list(Freshness)
    older, newer = sorted([one, other])
    ages = [order.index(freshness(read_checked(day.isoformat()), TODAY)) for day in (newer, older)]
    assert ages[0] <= ages[1]


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text):
    read_checked(text)
