"""Dates are said in words, in French and in digits; inserted values keep their own direction."""

from datetime import date

import pytest

from bot.i18n import formats
from tests.playing import wording

DAY = date(2027, 1, 20)
LRI, PDI = "\u2066", "\u2069"


def language(code):
    return wording().languages[code]


def test_french_day_has_words_weekday_and_digits():
    assert formats.day(DAY, language("fr")) == "mercredi 20 janvier 2027 (20/01/2027)"


def test_english_day_is_followed_by_the_french():
    assert formats.day(DAY, language("en")) == "Wednesday 20 January 2027 – mercredi 20 janvier 2027 (20/01/2027)"


def test_arabic_day_keeps_the_french_together():
    said = formats.day(DAY, language("ar"))
    words, _dash, rest = said.partition(" – ")
    assert "2027" in words
    assert "الأربعاء" in words
    assert rest == f"{LRI}mercredi 20 janvier 2027 (20/01/2027){PDI}"


MONTHS = [("fr", "janvier 2027 (01/2027)"), ("en", "January 2027 – janvier 2027 (01/2027)")]


@pytest.mark.parametrize(("code", "wanted"), MONTHS)
def test_month_has_no_day(code, wanted):
    assert formats.month(DAY, language(code)) == wanted


def test_arabic_month_keeps_the_french_together():
    assert formats.month(DAY, language("ar")).endswith(f"– {LRI}janvier 2027 (01/2027){PDI}")


def test_moment_has_its_hour_when_it_was_told():
    assert formats.moment("2027-01-20T14:05", language("fr")) == "mercredi 20 janvier 2027 (20/01/2027), 14:05"
    assert formats.moment("2027-01-20T14:05+01:00", language("fr")).endswith(", 14:05")
    assert formats.moment("2027-01-20", language("fr")) == formats.day(DAY, language("fr"))
    assert formats.moment("2027-01-20T14:05", language("ar")).endswith(f", {LRI}14:05{PDI}")


def test_only_right_to_left_text_isolates():
    assert formats.isolate("93-A", language("ar")) == f"{LRI}93-A{PDI}"
    assert formats.isolate("93-A", language("en")) == "93-A"
    assert formats.isolate("", language("ar")) == ""


def test_every_language_of_the_registry_says_every_day():
    count = 0
    for one in wording().languages.all:
        for month in range(1, 13):
            said = formats.day(date(2027, month, 28), one)
            assert f"28/{month:02d}/2027" in said
            count += 1
    assert count == 192
