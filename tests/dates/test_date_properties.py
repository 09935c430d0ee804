"""What holds of every text and every day, not only of those somebody thought of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from babel.dates import format_date
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.buckets import read_bucket
from bot.core.calendars import beyond
from bot.core.case import ExpiryBucket
from bot.core.dates import read_date
from bot.core.moments import read_moment
from bot.core.reading import Precision, Status
from bot.i18n.languages import load_languages
from bot.storage.reference.dates import DATA

if TYPE_CHECKING:
    from bot.core.date_words import DateWords
    from bot.core.reading import DateReading

TODAYS = (date(2026, 11, 23), date(2026, 3, 10))
LOCALES = {language.code: language.locale for language in load_languages(DATA / "languages.yml").all}
NOW = datetime(2026, 11, 23, 16, 0)  # noqa: DTZ001  (local time, as the reader takes it)
LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
DIGITS = {
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Persian and Urdu": "۰۱۲۳۴۵۶۷۸۹",
    "Bengali": "০১২৩৪৫৬৭৮৯",
    "Devanagari": "०१२३४५६७८९",
    "Tamil": "௦௧௨௩௪௫௬௭௮௯",
    "Gujarati": "૦૧૨૩૪૫૬૭૮૯",
    "Burmese": "၀၁၂၃၄၅၆၇၈၉",
    "Khmer": "០១២៣៤៥៦៧៨៩",
    "Thai": "๐๑๒๓๔๕๖๗๘๙",
    "full width": "０１２３４５６７８９",
}
MARKS = ("\u200e", "\u200f", "\u061c", "\u2066", "\u2069", "\u202b", "\u202c", "\u200b", "\ufeff")

languages = st.sampled_from([None, *LOCALES])
days = st.dates(date(2016, 11, 24), date(2041, 3, 10))
relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)

PIECES = st.sampled_from(
    "le du au de la dans il y a depuis jusqu'au en fin mars mai janvier expire expirée 3 12 20 31 99 2026 2027 2045 1448 "  # noqa: SIM905
    "1405 20/01/2027 03/04 12h30 € rdv vendredi prochain demain hier mois semaine ou et entre - / . , : n° L 521 may next "
    "ago 20th شهر بعد من يناير إلى 20 ١٥ 月 年 日 ba3d chhar kal คำ 𝟚𝟘 ½ \u200f passeport carte pas".split()
)
texts = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=6).map("".join)
)


def _is_sound(reading: DateReading, today: date) -> bool:
    if reading.status is Status.FOUND:
        on = date.fromisoformat((str(reading.iso) + "-01-01")[:10])
        size = LENGTHS[reading.precision] if reading.precision else 0
        return len(str(reading.iso)) == size and beyond(on, today) is None and not reading.candidates
    if reading.status is Status.AMBIGUOUS:
        within = all(beyond(on, today) is None for on in reading.candidates)
        is_asked = len(reading.candidates) > 1 or reading.problem in {"range", "foreign_calendar"}
        return reading.iso is None and within and is_asked and not reading.is_explicit
    return reading.iso is None and not reading.candidates and not reading.is_explicit


@relaxed
@given(text=texts, language=languages, today=st.sampled_from(TODAYS))
@example(text="31/12/9999", language="fr", today=TODAYS[0])
@example(text="dans 400 ans", language="fr", today=TODAYS[0])
@example(text="il y a 400 ans", language="fr", today=TODAYS[0])
@example(text="²⁰/⁰¹/²⁰²⁷", language=None, today=TODAYS[0])
@example(text="0 janvier 0000", language="fr", today=TODAYS[0])
def test_no_text_breaks_the_reader_or_yields_a_date_beyond_the_limits(
    words: DateWords, text: str, language: str | None, today: date
) -> None:
    assert _is_sound(read_date(text, language, today, words), today)


@relaxed
@given(text=texts, language=languages)
def test_no_text_breaks_the_readers_of_moments_and_buckets(words: DateWords, text: str, language: str | None) -> None:
    moment = read_moment(text, language, TODAYS[0], NOW, words)
    if moment is not None:
        assert (datetime.fromisoformat(moment[0]).isoformat(timespec="minutes") == moment[0]) is moment[1]
    assert read_bucket(text, words) in {None, *ExpiryBucket}


@relaxed
@given(on=days, language=st.sampled_from(sorted(LOCALES)), length=st.sampled_from(["long", "medium"]))
@pytest.mark.parametrize("today", TODAYS)
def test_date_as_we_write_it_is_read_back(words: DateWords, today: date, on: date, language: str, length: str) -> None:
    reading = read_date(format_date(on, length, locale=LOCALES[language]), language, today, words)
    assert (reading.status, reading.iso, reading.is_explicit) == (Status.FOUND, on.isoformat(), True)


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_every_day_of_a_year_is_read_back_in_every_language(words: DateWords, language: str) -> None:
    year = [date(2028, 1, 1) + timedelta(days=i) for i in range(366)]
    wrong = [
        on
        for on in year
        for length in ("long", "medium")
        if read_date(format_date(on, length, locale=LOCALES[language]), language, TODAYS[0], words).iso
        != on.isoformat()
    ]
    assert wrong == []


@relaxed
@given(on=days)
def test_day_first_digits_are_read_in_every_language_but_english(words: DateWords, on: date) -> None:
    for language in LOCALES:
        if language != "en":
            assert read_date(f"{on:%d/%m/%Y}", language, TODAYS[0], words).iso == on.isoformat()


@relaxed
@given(on=days)
def test_english_digits_are_asked_about_exactly_when_two_days_fit(words: DateWords, on: date) -> None:
    reading = read_date(f"{on:%d/%m/%Y}", "en", TODAYS[0], words)
    if on.day > 12 or on.day == on.month:
        assert reading.iso == on.isoformat()
    elif reading.status is Status.AMBIGUOUS:
        assert reading.candidates == (on, on.replace(month=on.day, day=on.month))
    else:
        assert beyond(on.replace(month=on.day, day=on.month), TODAYS[0]) is not None


@relaxed
@given(on=days)
def test_iso_dates_are_never_swapped(words: DateWords, on: date) -> None:
    for language in ("fr", "en", "ar", None):
        assert read_date(on.isoformat(), language, TODAYS[0], words).iso == on.isoformat()


@relaxed
@given(on=days, text=st.sampled_from(["dans {} jours", "in {} days", "بعد {} أيام", "через {} дней", "{}天后"]))
def test_days_ahead_are_counted_from_today(words: DateWords, on: date, text: str) -> None:
    for today in TODAYS:
        count = abs((on - today).days) % 400
        reading = read_date(text.format(count), None, today, words)
        assert reading.iso == (today + timedelta(days=count)).isoformat()


@pytest.mark.parametrize("script", sorted(DIGITS))
def test_digits_of_every_script_are_digits(words: DateWords, script: str) -> None:
    assert len(DIGITS) == 10
    text = "20/01/2027".translate(str.maketrans("0123456789", DIGITS[script]))
    assert read_date(text, "fr", TODAYS[0], words).iso == "2027-01-20"


@relaxed
@given(place=st.integers(0, 10), mark=st.sampled_from(MARKS))
def test_invisible_marks_change_nothing(words: DateWords, place: int, mark: str) -> None:
    text = "20/01/2027"
    assert read_date(text[:place] + mark + text[place:], "ar", TODAYS[0], words).iso == "2027-01-20"


@relaxed
@given(digits=st.text("0123456789", min_size=1, max_size=16))
def test_digits_alone_are_no_day_but_for_a_valid_ddmmyyyy(words: DateWords, digits: str) -> None:
    reading = read_date(digits, "fr", TODAYS[0], words)
    if reading.status is Status.FOUND and reading.precision is Precision.DAY:
        assert len(digits) == 8
        assert reading.iso == f"{digits[4:]}-{digits[2:4]}-{digits[:2]}" or int(digits[2:4]) > 12


def test_long_texts_are_cut_and_still_read(words: DateWords) -> None:
    assert read_date("ma carte expire le 20/01/2027. " + "bla " * 5000, "fr", TODAYS[0], words).iso == "2027-01-20"
    assert read_date("bla " * 5000 + "20/01/2027", "fr", TODAYS[0], words).status is Status.NONE
