"""The rules of i18n.md 4 and the cases of domain.md 7, one by one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.core.dates import agree, read_date
from bot.core.reading import DateReading, Precision, Status
from tests.dates.date_tables import rows, written

TODAY = date(2026, 11, 23)
MARCH = date(2026, 3, 10)

IN_MARCH = rows("""
fr: demain | 2026-03-11
fr: apres demain | 2026-03-12
fr: dans un mois | 2026-04-10
fr: dans 3 semaines | 2026-03-31
fr: fin du mois | 2026-03-31
fr: vendredi dernier | 2026-03-06
fr: le 20 janvier | ? 2026-01-20 2027-01-20
fr: le 3 avril | ? 2026-04-03 2025-04-03
fr: le 20 septembre | ? 2025-09-20 2026-09-20
fr: expire en septembre | ? 2026-09-01 2025-09-01
fr: vendredi 3 avril | 2026-04-03
fr: vendredi 20 septembre | ? 2025-09-20 2026-09-20
fr: samedi 20 septembre | 2025-09-20
fr: dimanche 20 septembre | 2026-09-20
fr: le mois prochain | 2026-04
fr: mardi | ? 2026-03-10 2026-03-17
fr: entre le 1 et le 5 avril 2026 | ~range 2026-04-05
en: two days ago | 2026-03-08
en: 04/03/2026 | ? 2026-03-04 2026-04-03
en: Tuesday 03/04/2026 | ? 2026-04-03 2026-03-04
en: Friday 03/04/2026 | 2026-04-03
en: Wednesday 03/04/2026 | 2026-03-04
ar: بعد شهرين | 2026-05-10
ar: 20/09/1447 | ~foreign_calendar 2026-03-09
fa: 1404/12/24 | ~foreign_calendar 2026-03-15
pt: há três dias | 2026-03-07
""")


@pytest.mark.parametrize(("text", "reading"), IN_MARCH)
def test_everything_counts_from_the_day_passed_in(words, text, reading):
    language, _colon, said = text.partition(": ")
    assert written(read_date(said, language, MARCH, words)) == reading


def test_table_of_march_is_whole():
    assert len(IN_MARCH) == 26


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("03/04/2027", "en"),
        ("permit expires 03/04/2027", None),
        ("my card is valid until 03/04/2027", "fr"),
    ],
)
def test_english_words_make_short_numbers_two_dates(words, text, language):
    assert written(read_date(text, language, TODAY, words)) == "? 2027-04-03 2027-03-04"


@pytest.mark.parametrize("language", ["fr", "ar", "es", "tr", "zh", "xx", None])
def test_other_languages_write_the_day_first(words, language):
    assert written(read_date("03/04/2027", language, TODAY, words)) == "2027-04-03!"


def test_year_that_nothing_joins_to_a_day_is_asked_about(words):
    assert written(read_date("20 janvier, disons 2029", "fr", TODAY, words)) == "? 2027-01-20 2029-01-20"


def test_mistyped_month_needs_a_day_and_a_year(words):
    assert written(read_date("20 janveir 2027", "fr", TODAY, words)) == "2027-01-20"
    assert written(read_date("janveir 2027", "fr", TODAY, words)) == "-"
    assert written(read_date("20 janveir", "fr", TODAY, words)) == "-"


def test_word_near_two_months_is_none_of_them(words):
    assert written(read_date("20 juinn 2027", "fr", TODAY, words)) == "2027-06-20"
    assert written(read_date("20 jxxx 2027", "fr", TODAY, words)) == "-"


ODD = rows("""
fr: en janvier, le 20/01/2027 | 2027-01-20!
fr: janvier 2027, en 2027 | 2027-01
fr: en mars ou le 20/01/2027 | ? 2027-03-01 2026-03-01 2027-01-20
fr: 2026 ou 2027 | -
fr: ma carte finit en 2026 ou en 2027 | -
fr: 09/1448 | ~foreign_calendar 2027-02-08
fr: 01/0000 | -
fr: 00/2027 | -
fr: le 03/14 | ? 2027-03-14 2026-03-14
fr: le 3/4 mois | -
fr: 31/11 | x impossible
fr: 20/27 | -
fr: 45/12 | x impossible
en: 11/24 | ? 2026-11-24 2024-11-01
en: 01/27 | ? 2027-01-27 2027-01-01
fr: mars 20 jours | -
fr: le 15 du mois de mars 2027 | 2027-03-15!
fr: le 15 du mois de la rentrée | -
fr: sept janvier 2027 | 2027-01-07!
fr: janvier 1448 | x foreign_calendar
fr: 20 janvier 2027 février | 2027-01-20!
fr: 20 janvier 2027 février 2027 | ? 2027-01-20 2027-02-01
fr: رمضان 1448 | ~foreign_calendar 2027-02-08
ar: رمضان | -
ar: 32 رمضان | -
fr: Bobigny 93 janvier 2027 | 2027-01
fr: 20 janvier 15 fois | ? 2027-01-20 2026-01-20
fr: 20 janvier 93 | ? 2027-01-20 2026-01-20
fr: 20-01-27-93 | -
fr: 2027 | 2027
zh: 2027年01月20日 | 2027-01-20!
ka: თვეში | 2026-12-23
fr: le 15 du mois prochaine | -
fr: du 5 au sept janvier 2027 | ~range 2027-01-07
fr: en avril prochain | 2027-04
fr: en avril dernier | 2026-04
ar: سنة ألفين وسبعة وعشرين شهر أربعة | 2027-04
ar: بقي شهر واحد | 2026-12-23
""")


@pytest.mark.parametrize(("text", "reading"), ODD)
def test_odd_writing_is_read_with_care(words, text, reading):
    language, _colon, said = text.partition(": ")
    assert written(read_date(said, language, TODAY, words)) == reading


def test_table_of_odd_writings_is_whole():
    assert len(ODD) == 38


AFTERWARDS = rows("""
fr: Elle s'arrête le 2 mai 2027 | 2027-05-02!
fr: Le 07-08-26 | 2026-08-07
fr: dernier jour le 31 décembre | ? 2026-12-31 2025-12-31
fr: 15/ 02 /2027 | 2027-02-15!
fr: 1 février 2027 | 2027-02-01!
fr: 9 fevr. 2027 | 2027-02-09!
fr: 22 avrl 2027 | 2027-04-22!
fr: fin de validité 08.09.2027 | 2027-09-08!
fr: ds 2 mois et demi | 2027-02-07
fr: d'ici un mois | 2026-12-23
fr: dans moins de trois semaines | -
fr: ma carte expire samedi | ? 2026-11-28 2026-11-21
fr: c'était le 3 mars dernier | 2026-03-03
fr: ça va finir le 6 juin de l'année prochaine | 2027-06-06
fr: 12 juillet ou 12 août 2027 | ? 2027-07-12 2027-08-12
fr: expire en 2028 | 2028
fr: pas avant juin 2027 | -
fr: je l'ai eue le 12 mars 2024 elle dure 4 ans | -
fr: elle dure 10 ans | -
fr: j'ai 45 ans et ma carte finit le 4 mai 2027 | 2027-05-04!
fr: 3 mois | -
fr: réunion lundi 30 novembre | -
fr: 27 rue de la paix 75002 paris | -
fr: bus 2027 | -
fr: loi du 26 janvier 2024 | -
fr: article 7 de l'accord du 27 décembre 1968 | -
fr: circulaire du 23 janvier 2025 | -
fr: covid 2020 | -
fr: 2026 2027 | -
en: my card runs until 1st August 2027 | 2027-08-01!
en: Expiration: Feb 3, 2027 | 2027-02-03!
en: 3rd Feb 27 | 2027-02-03
en: 07/08/2026 | ? 2026-08-07 2026-07-08
en: five weeks from now | 2026-12-28
en: in a couple of weeks | -
en: nxt month | -
en: by end of march | ? 2027-03-01 2026-03-01
en: a fortnight ago | 2026-11-09
en: the 1st | -
en: on the 31st of june 2027 | x impossible
en: I got my visa on 3 march 2025 | -
en: 6 months ago I applied | -
en: flat 12, 3 Park Road | -
en: law of 26 january 2024 | -
ar: تنتهي في الثالث من مارس 2027 | 2027-03-03!
ar: 3 اذار | ? 2027-03-03 2026-03-03
ar: بعد اسبوع | 2026-11-30
ar: من 3 أيام انتهت | 2026-11-20
ar: قبل يومين | 2026-11-21
ar: تنتهي الجمعة | ? 2026-11-27 2026-11-20
ar: نهاية شهر مارس 2027 | 2027-03
ar: 5/6/27 | 2027-06-05
ar: قانون 26 يناير 2024 | -
ar: من 2020 وانا هنا | -
ar: 12 hit 20 février 2027 | 2027-02-20!
ar: ba9i 2 semanat | 2026-12-07
ar: sala f 15 mai 2026 | 2026-05-15!
ar: ghadi ysali nhar 3/2/2027 | 2027-02-03!
es: 3 de feb de 2027 | 2027-02-03!
es: hace un mes | 2026-10-23
pt: 3 de fev de 2027 | 2027-02-03!
tr: 3 Mayıs 2027'ye kadar | 2027-05-03!
tr: bir hafta sonra | 2026-11-30
ru: через две недели | 2026-12-07
ru: действует до 3 мая 2027 | 2027-05-03!
uk: за два тижні | 2026-12-07
fa: ۳ می ۲۰۲۷ | 2027-05-03!
ur: 3 مئی 2027 تک | 2027-05-03!
bn: ৩ মে ২০২৭ | 2027-05-03!
ta: மே 3, 2027 | 2027-05-03!
zh: 2027年5月3号到期 | 2027-05-03!
ka: 3 მაისს 2027 | 2027-05-03!
ht: li ekspire nan 2 semèn | 2026-12-07
""")


@pytest.mark.parametrize(("text", "reading"), AFTERWARDS)
def test_what_was_written_after_the_rules_is_read_too(words, text, reading):
    language, _colon, said = text.partition(": ")
    assert written(read_date(said, language, TODAY, words)) == reading


def test_table_written_afterwards_is_whole():
    assert len(AFTERWARDS) == 73


FOUND = DateReading(Status.FOUND, "2027-01-20", Precision.DAY)
OTHER = DateReading(Status.FOUND, "2027-01-21", Precision.DAY)
EXPLICIT = DateReading(Status.FOUND, "2027-01-20", Precision.DAY, is_explicit=True)
MONTH = DateReading(Status.FOUND, "2027-01", Precision.MONTH)
YEAR = DateReading(Status.FOUND, "2027", Precision.YEAR)
NONE = DateReading()
TWO = DateReading(Status.AMBIGUOUS, None, Precision.DAY, (date(2027, 1, 20), date(2027, 1, 21)))


@pytest.mark.parametrize(
    ("first", "second", "agreed"),
    [
        (EXPLICIT, OTHER, EXPLICIT),
        (FOUND, FOUND, FOUND),
        (FOUND, EXPLICIT, FOUND),
        (FOUND, NONE, FOUND),
        (FOUND, TWO, FOUND),
        (FOUND, MONTH, FOUND),
        (FOUND, YEAR, FOUND),
        (MONTH, FOUND, MONTH),
        (FOUND, OTHER, TWO),
        (NONE, FOUND, NONE),
        (TWO, OTHER, TWO),
        (
            MONTH,
            DateReading(Status.FOUND, "2027-02", Precision.MONTH),
            DateReading(Status.AMBIGUOUS, None, Precision.MONTH, (date(2027, 1, 1), date(2027, 2, 1))),
        ),
        (
            YEAR,
            DateReading(Status.FOUND, "2028", Precision.YEAR),
            DateReading(Status.AMBIGUOUS, None, Precision.YEAR, (date(2027, 1, 1), date(2028, 1, 1))),
        ),
    ],
)
def test_two_readings_that_differ_are_two_candidates(first, second, agreed):
    assert agree(first, second) == agreed


def test_reading_is_never_explicit_when_its_weekday_is_wrong(words):
    assert read_date("lundi 20 janvier 2027", "fr", TODAY, words).is_explicit is False
    assert read_date("mercredi 20 janvier 2027", "fr", TODAY, words).is_explicit is True
