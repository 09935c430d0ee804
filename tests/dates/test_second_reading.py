"""The independent reading by dateparser, and what it is not allowed to say."""

from __future__ import annotations

from datetime import date
from statistics import median
from time import perf_counter

import pytest

from bot.core.dates import agree, read_date
from bot.core.reading import DateReading, Status
from bot.i18n.languages import load_languages
from bot.i18n.second_reading import LANGUAGES, LONGEST, second_reading, warm_up
from bot.storage.reference.dates import DATA
from tests.dates.date_tables import rows, written
from tests.dates.test_arabic_dates import ARABIC
from tests.dates.test_english_dates import ENGLISH
from tests.dates.test_french_dates import FRENCH
from tests.dates.test_other_languages import OTHERS

TODAY = date(2026, 11, 23)

READ = rows("""
fr: 20/01/27 | 2027-01-20
fr: 03/04/2027 | 2027-04-03
fr: 20 janvier | 2027-01-20
fr: le 20 mars | 2027-03-20
fr: 20 janv 27 | 2027-01-20
fr: dans 3 semaines | 2026-12-14
fr: dans un mois | 2026-12
fr: mars 2027 | 2027-03
en: two weeks ago | 2026-11-09
en: 03/04/2027 | 2027-04-03
en: January 20, 2027 | 2027-01-20
ar: ٢٠ يناير ٢٠٢٧ | 2027-01-20
ru: 20 января 2027 | 2027-01-20
zh: 2027年1月20日 | 2027-01-20
""")

REFUSED = rows("""
fr: 12h30 | -
fr: 20 janvier 14h30 | -
fr: 0612345678 | -
fr: 93 | -
fr: 2027 | -
fr: apres demain | -
fr: mars | -
fr: 31/02/2027 | -
fr: 12/03/1990 | -
fr: 20/01/2050 | -
fr: 20/09/1447 | -
fr: bonjour | -
fr: | -
ht: 20/01/2027 | -
xx: 20/01/2027 | -
""")


@pytest.mark.parametrize(("text", "reading"), [*READ, *REFUSED])
def test_second_reading_is_a_day_within_the_limits_or_nothing(text, reading):
    language, _colon, said = text.partition(":")
    assert written(second_reading(said, language, TODAY)) == reading


def test_tables_of_second_readings_are_whole():
    assert (len(READ), len(REFUSED)) == (14, 15)


def test_nothing_is_read_without_a_language():
    assert second_reading("20/01/2027", None, TODAY) == DateReading()


def test_long_text_is_not_read_at_all():
    assert second_reading("20/01/2027" + " " * 5, "fr", TODAY).status is Status.FOUND
    assert second_reading("20/01/2027 " + "x" * LONGEST, "fr", TODAY) == DateReading()


def test_only_creole_among_our_languages_has_no_second_reader():
    codes = {language.code for language in load_languages(DATA / "languages.yml").all}
    assert codes - LANGUAGES == {"ht"}


DISPUTED = ["07/28", "mars 26", "27年1月20日"]


def test_our_tables_and_the_second_reader_differ_where_a_person_may_too(words):
    table = [(language, *row) for language, lines in (("fr", FRENCH), ("en", ENGLISH), ("ar", ARABIC)) for row in lines]
    checked, disputed = 0, []
    for language, text, _reading in [*table, *OTHERS]:
        first = read_date(text, language, TODAY, words)
        if first.status is Status.FOUND and not first.is_explicit:
            checked += 1
            if agree(first, second_reading(text, language, TODAY)) != first:
                disputed.append(text)
    assert checked > 290
    assert disputed == DISPUTED


@pytest.mark.timing
def test_second_reading_takes_less_than_ten_milliseconds():
    warm_up(["fr", "en", "ar"], TODAY)
    spent = []
    for language, text in [
        ("fr", "le 20 janvier"),
        ("fr", "20 janv 27"),
        ("en", "two weeks ago"),
        ("ar", "20 يناير 27"),
    ] * 5:
        start = perf_counter()
        second_reading(text, language, TODAY)
        spent.append(perf_counter() - start)
    assert median(spent) < 0.010
