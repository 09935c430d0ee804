"""When somebody tried to book, in their words; it is Monday 23 November 2026, 16:00."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from bot.core.moments import read_attempt_day, read_moment
from tests.dates.date_tables import rows

NOW = datetime(2026, 11, 23, 16, 0, 30, tzinfo=timezone(timedelta(hours=1)))

MOMENTS = rows("""
fr: aujourd'hui 14h30 | 2026-11-23T14:30
fr: aujourd'hui à 14h | 2026-11-23T14:00
fr: aujourd'hui à 14 h 30 | 2026-11-23T14:30
fr: aujourd'hui | 2026-11-23
fr: 14h30 | 2026-11-23T14:30
fr: 14:30 | 2026-11-23T14:30
fr: 14:30:12 | 2026-11-23T14:30
fr: midi | 2026-11-23T12:00
fr: hier à minuit | 2026-11-22T00:00
fr: hier | 2026-11-22
fr: hier soir | 2026-11-22
fr: hier soir vers 8h | 2026-11-22T20:00
fr: hier à 23h | 2026-11-22T23:00
fr: hier matin 9h | 2026-11-22T09:00
fr: avant-hier 10h15 | 2026-11-21T10:15
fr: ce matin | 2026-11-23
fr: ce matin à 9h | 2026-11-23T09:00
fr: cet après-midi à 3h | 2026-11-23T15:00
fr: à 3h de l'après-midi | 2026-11-23T15:00
fr: cette nuit à 2h | 2026-11-23T02:00
fr: tout à l'heure | 2026-11-23
fr: à l'instant | 2026-11-23T16:00
fr: maintenant | 2026-11-23T16:00
fr: je viens d'essayer | 2026-11-23T16:00
fr: il y a 2 heures | 2026-11-23T14:00
fr: il y a 10 minutes | 2026-11-23T15:50
fr: il y a une heure et demie | 2026-11-23T14:30
fr: il y a 3 jours | 2026-11-20
fr: lundi 23/11 vers 9h | 2026-11-23T09:00
fr: lundi | 2026-11-23
fr: vendredi | 2026-11-20
fr: vendredi dernier à 10h | 2026-11-20T10:00
fr: dimanche 9h | 2026-11-22T09:00
fr: le 20 novembre | 2026-11-20
fr: le 20 novembre à 8h05 | 2026-11-20T08:05
fr: 12/11/2026 10:35 | 2026-11-12T10:35
fr: 12/11/26 à 10h | 2026-11-12T10:00
fr: 12/11 | 2026-11-12
fr: 20/03 à 10h | 2026-03-20T10:00
fr: le 5 octobre | 2026-10-05
fr: j'ai essayé hier à 9h sur le site | 2026-11-22T09:00
fr: essayé lundi 16 novembre vers 9h30 sur anef | 2026-11-16T09:30
fr: j'ai essayé hier à 9h et à 10h | 2026-11-22
fr: demain 9h | 2026-11-24T09:00
fr: 25/11 | 2026-11-25
fr: 20/01/2027 | 2027-01-20
en: today at 3pm | 2026-11-23T15:00
en: today at 3 pm | 2026-11-23T15:00
en: yesterday at 10:30 am | 2026-11-22T10:30
en: yesterday 2.30pm | 2026-11-22T14:30
en: 12 am yesterday | 2026-11-22T00:00
en: 12pm today | 2026-11-23T12:00
en: at 3 | 2026-11-23T15:00
en: at 10 | 2026-11-23T10:00
en: today at 5 | 2026-11-23
en: yesterday at 3 | 2026-11-22
en: yesterday at 3 in the afternoon | 2026-11-22T15:00
en: this morning | 2026-11-23
en: this morning at 9 | 2026-11-23T09:00
en: last night at 11 | 2026-11-22T11:00
en: yesterday evening around 8 | 2026-11-22T20:00
en: last friday | 2026-11-20
en: just now | 2026-11-23T16:00
en: 2 hours ago | 2026-11-23T14:00
en: half an hour ago | 2026-11-23T15:30
en: 20 November at 9 o'clock | 2026-11-20T09:00
en: 11/25/2026 | 2026-11-25
ar: اليوم على 10 | 2026-11-23T10:00
ar: اليوم على الساعة 10:30 | 2026-11-23T10:30
ar: البارح | 2026-11-22
ar: البارح على 9 | 2026-11-22T09:00
ar: البارح فالليل على 11 | 2026-11-22T23:00
ar: أمس الساعة 3 مساء | 2026-11-22T15:00
ar: هذا الصباح | 2026-11-23
ar: الآن | 2026-11-23T16:00
ar: دابا | 2026-11-23T16:00
ar: قبل ساعتين | 2026-11-23T14:00
ar: lbareh 3la 10 | 2026-11-22T10:00
ar: lyoum f sbah 3la 9 | 2026-11-23T09:00
ar: daba | 2026-11-23T16:00
es: ayer a las 10 | 2026-11-22T10:00
es: hoy por la mañana | 2026-11-23
pt: ontem às 15h | 2026-11-22T15:00
tr: dün saat 10 | 2026-11-22T10:00
ru: вчера в 10 | 2026-11-22T10:00
ru: сегодня утром в 9 часов | 2026-11-23T09:00
uk: вчора о 10 | 2026-11-22T10:00
fa: دیروز ساعت 10 | 2026-11-22T10:00
ur: kal | 2026-11-22
bn: গতকাল | 2026-11-22
zh: 昨天下午3点半 | 2026-11-22T15:30
zh: 今天上午10点 | 2026-11-23T10:00
ht: yè a 10è | 2026-11-22
""")

NOTHING = rows("""
fr: bonjour |
fr: je ne sais plus |
fr: la semaine dernière |
fr: en novembre |
fr: il y a 2 ou 3 jours |
fr: hier ou avant-hier |
fr: 31/11/2026 |
fr: du 1 au 5 novembre 2026 |
fr: entre le 1er et le 5 novembre |
en: 11/09/2026 |
en: 03/04 |
en: last week |
ar: 20/04/1448 |
fr: 0612345678 |
""")


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_moment_of_an_attempt_is_read(words, text, moment):
    language, _colon, said = text.partition(": ")
    assert read_moment(said, language, NOW.date(), NOW, words) == (moment, "T" in moment)


@pytest.mark.parametrize("text", [text for text, _none in NOTHING])
def test_moment_that_is_not_one_day_is_none(words, text):
    language, _colon, said = text.partition(": ")
    assert read_moment(said, language, NOW.date(), NOW, words) is None


def test_tables_of_moments_are_whole():
    assert (len(MOMENTS), len(NOTHING)) == (93, 14)


def test_local_time_keeps_no_offset(words):
    now = datetime(2026, 11, 23, 16, 0, tzinfo=timezone(timedelta(hours=4)))
    assert read_moment("maintenant", "fr", now.date(), now, words) == ("2026-11-23T16:00", True)
    assert read_moment("at 3", "en", now.date(), now, words) == ("2026-11-23T15:00", True)


def test_leap_day_told_without_a_year_stays_a_day(words):
    today = date(2028, 12, 24)
    found = read_moment("le 29 février", "fr", today, NOW.replace(year=2028, month=12, day=24), words)
    assert found == ("2028-02-29", False)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("fr: j'ai essayé hier soir", "2026-11-22"),
        ("fr: le 20 mars", "2026-03-20"),
        ("fr: ce matin", "2026-11-23"),
        ("en: just now", "2026-11-23"),
        ("fr: la semaine dernière", None),
        ("fr: bonjour", None),
        ("en: 03/04", None),
    ],
)
def test_day_of_an_attempt_is_the_last_one_possible(words, text, iso):
    language, _colon, said = text.partition(": ")
    assert read_attempt_day(said, language, NOW.date(), words).iso == iso
