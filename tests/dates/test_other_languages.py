"""Dates in the thirteen other languages; today is Monday 23 November 2026. No native speaker has reviewed them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.core.dates import read_date
from tests.dates.date_tables import rows, written

if TYPE_CHECKING:
    from bot.core.date_words import DateWords

TODAY = date(2026, 11, 23)

_TABLE = """
# Spanish
es: 20 de enero de 2027 | 2027-01-20!
es: el 20 de enero del 2027 | 2027-01-20!
es: 20 ene 2027 | 2027-01-20!
es: 15 setiembre 2027 | 2027-09-15!
es: 15 dicienbre 2026 | 2026-12-15!
es: caduca el 20/01/2027 | 2027-01-20!
es: 03/04/2027 | 2027-04-03!
es: en marzo de 2027 | 2027-03
es: mañana | 2026-11-24
es: pasado mañana | 2026-11-25
es: ayer | 2026-11-22
es: dentro de 3 semanas | 2026-12-14
es: dentro de tres semanas | 2026-12-14
es: en dos meses | 2027-01-23
es: hace dos meses | 2026-09-23
es: fin de mes | 2026-11-30
es: el mes que viene | 2026-12
es: caducó hace 3 días | 2026-11-20
es: el viernes que viene | ? 2026-11-27 2026-12-04
# Portuguese
pt: 20 de janeiro de 2027 | 2027-01-20!
pt: 20 jan 2027 | 2027-01-20!
pt: 15 de março de 2027 | 2027-03-15!
pt: vence em 20/01/2027 | 2027-01-20!
pt: amanhã | 2026-11-24
pt: depois de amanhã | 2026-11-25
pt: ontem | 2026-11-22
pt: há três dias | 2026-11-20
pt: daqui a 3 semanas | 2026-12-14
pt: daqui a dois meses | 2027-01-23
pt: faz um mês | 2026-10-23
pt: fim do mês | 2026-11-30
pt: válido até 15 de dezembro de 2026 | 2026-12-15!
# Turkish
tr: 20 Ocak 2027 | 2027-01-20!
tr: 20 ocak 2027'de bitiyor | 2027-01-20!
tr: 15 Şubat 2027 | 2027-02-15!
tr: 15 subat 2027 | 2027-02-15!
tr: 15 AĞUSTOS 2027 | 2027-08-15!
tr: 20.01.2027 | 2027-01-20!
tr: yarın | 2026-11-24
tr: dün | 2026-11-22
tr: 2 ay sonra | 2027-01-23
tr: iki ay sonra | 2027-01-23
tr: üç hafta önce | 2026-11-02
tr: gelecek ay | 2026-12
tr: ay sonu | 2026-11-30
tr: on gün sonra | 2026-12-03
# Russian
ru: 20 января 2027 | 2027-01-20!
ru: 20 января 2027 г. | 2027-01-20!
ru: 20 янв 2027 | 2027-01-20!
ru: 20-го января 2027 года | 2027-01-20!
ru: двадцатого января 2027 | 2027-01-20!
ru: до 15 декабря 2026 | 2026-12-15!
ru: 20.01.2027 | 2027-01-20!
ru: завтра | 2026-11-24
ru: послезавтра | 2026-11-25
ru: вчера | 2026-11-22
ru: позавчера | 2026-11-21
ru: через 3 недели | 2026-12-14
ru: через три недели | 2026-12-14
ru: через месяц | 2026-12-23
ru: два месяца назад | 2026-09-23
ru: истекла неделю назад | 2026-11-16
ru: в марте 2027 | 2027-03
ru: в конце месяца | 2026-11-30
ru: в следующем месяце | 2026-12
ru: карта действительна до 20 января 2027 | 2027-01-20!
# Ukrainian
uk: 20 січня 2027 | 2027-01-20!
uk: 20 січня 2027 р. | 2027-01-20!
uk: 15 лютого 2027 | 2027-02-15!
uk: завтра | 2026-11-24
uk: вчора | 2026-11-22
uk: через два місяці | 2027-01-23
uk: два тижні тому | 2026-11-09
uk: через тиждень | 2026-11-30
uk: у березні 2027 | 2027-03
# Persian and Dari
fa: ۲۰ ژانویه ۲۰۲۷ | 2027-01-20!
fa: 20 جنوری 2027 | 2027-01-20!
fa: ۱۵ فوریه ۲۰۲۷ | 2027-02-15!
fa: ۱۴۰۵/۱۰/۳۰ | ~foreign_calendar 2027-01-20
fa: ۳۰ دی ۱۴۰۵ | ~foreign_calendar 2027-01-20
fa: ۳۰ جدی ۱۴۰۵ | ~foreign_calendar 2027-01-20
fa: ۳۰ دی | ~foreign_calendar 2027-01-20
fa: فردا | 2026-11-24
fa: پس فردا | 2026-11-25
fa: دیروز | 2026-11-22
fa: دو ماه دیگر | 2027-01-23
fa: سه هفته پیش | 2026-11-02
fa: آخر ماه | 2026-11-30
fa: ماه آینده | 2026-12
# Pashto
ps: 20 جنوري 2027 | 2027-01-20!
ps: د ۲۰۲۷ د جنوري ۲۰ | 2027-01-20!
ps: نن | 2026-11-23
ps: سبا | 2026-11-24
ps: پرون | 2026-11-22
ps: دوه میاشتې وروسته | 2027-01-23
ps: درې اونۍ مخکې | 2026-11-02
# Urdu
ur: 20 جنوری 2027 | 2027-01-20!
ur: ۲۰ جنوری ۲۰۲۷ | 2027-01-20!
ur: 15 دسمبر 2026 کو ختم ہو رہا ہے | 2026-12-15!
ur: آج | 2026-11-23
ur: کل | ? 2026-11-24 2026-11-22
ur: پرسوں | ? 2026-11-25 2026-11-21
ur: دو مہینے بعد | 2027-01-23
ur: تین ہفتے پہلے | 2026-11-02
ur: اگلے مہینے | 2026-12
ur: kal | ? 2026-11-24 2026-11-22
ur: 2 hafte baad | 2026-12-07
# Bengali
bn: ২০ জানুয়ারি ২০২৭ | 2027-01-20!
bn: ২০শে জানুয়ারি ২০২৭ | 2027-01-20!
bn: ২০/০১/২০২৭ | 2027-01-20!
bn: ১৫ ডিসেম্বর ২০২৬ পর্যন্ত | 2026-12-15!
bn: আজ | 2026-11-23
bn: কাল | ? 2026-11-24 2026-11-22
bn: আগামীকাল | 2026-11-24
bn: গতকাল | 2026-11-22
bn: দুই মাস পরে | 2027-01-23
bn: তিন সপ্তাহ আগে | 2026-11-02
bn: আগামী মাসে | 2026-12
# Tamil
ta: 20 ஜனவரி 2027 | 2027-01-20!
ta: ஜனவரி 20, 2027 | 2027-01-20!
ta: 20 ஜனவரி 2027 வரை | 2027-01-20!
ta: நாளை | 2026-11-24
ta: நேற்று | 2026-11-22
ta: இன்று | 2026-11-23
ta: இரண்டு மாதங்களில் | 2027-01-23
ta: மூன்று வாரங்களுக்கு முன் | 2026-11-02
ta: அடுத்த மாதம் | 2026-12
# Chinese
zh: 2027年1月20日 | 2027-01-20!
zh: 2027年1月20号 | 2027-01-20!
zh: 二〇二七年一月二十日 | 2027-01-20!
zh: 27年1月20日 | 2027-01-20
zh: 2027.1.20 | 2027-01-20!
zh: 2027-01-20 | 2027-01-20!
zh: 1月20日 | ? 2027-01-20 2026-01-20
zh: 2027年1月20日星期三 | 2027-01-20!
zh: 居留2027年1月20日到期 | 2027-01-20!
zh: 2027年3月 | 2027-03
zh: 今天 | 2026-11-23
zh: 明天 | 2026-11-24
zh: 后天 | 2026-11-25
zh: 昨天 | 2026-11-22
zh: 三个星期后 | 2026-12-14
zh: 两个月后 | 2027-01-23
zh: 还有三周 | 2026-12-14
zh: 三天前 | 2026-11-20
zh: 两个月前过期了 | 2026-09-23
zh: 下个月 | 2026-12
zh: 月底 | 2026-11-30
zh: 年底 | 2026-12
# Georgian
ka: 20 იანვარი 2027 | 2027-01-20!
ka: 20 იანვარი, 2027 | 2027-01-20!
ka: 2027 წლის 20 იანვარი | 2027-01-20!
ka: 20 იანვარს 2027 | 2027-01-20!
ka: დღეს | 2026-11-23
ka: ხვალ | 2026-11-24
ka: გუშინ | 2026-11-22
ka: ორ თვეში | 2027-01-23
ka: სამი კვირის წინ | 2026-11-02
ka: მომავალ თვეს | 2026-12
# Haitian Creole
ht: 20 janvye 2027 | 2027-01-20!
ht: 20 janvier 2027 | 2027-01-20!
ht: 15 desanm 2026 | 2026-12-15!
ht: li fini 20/01/2027 | 2027-01-20!
ht: jodi a | 2026-11-23
ht: demen | 2026-11-24
ht: apre demen | 2026-11-25
ht: yè | 2026-11-22
ht: nan 3 semèn | 2026-12-14
ht: nan de mwa | 2027-01-23
ht: sa gen 3 jou | 2026-11-20
ht: mwa pwochen | 2026-12
"""

OTHERS = [(text.partition(": ")[0], text.partition(": ")[2], reading) for text, reading in rows(_TABLE)]
IN_FRENCH = [(text, reading) for language, text, reading in OTHERS if reading.endswith("!") and " ene " not in text]


@pytest.mark.parametrize(("language", "text", "reading"), OTHERS)
def test_date_of_another_language_is_read(words: DateWords, language: str, text: str, reading: str) -> None:
    assert written(read_date(text, language, TODAY, words)) == reading


@pytest.mark.parametrize(("language", "text", "reading"), OTHERS)
def test_date_is_read_the_same_when_the_language_is_unknown(
    words: DateWords, language: str, text: str, reading: str
) -> None:
    found = written(read_date(text, None, TODAY, words))
    assert found == reading or (found == "-" and language not in {"zh", "ru", "bn", "ta"} and "!" not in reading)


@pytest.mark.parametrize(("text", "reading"), IN_FRENCH)
def test_written_out_date_is_read_in_a_french_conversation(words: DateWords, text: str, reading: str) -> None:
    assert written(read_date(text, "fr", TODAY, words)) == reading


def test_tables_of_other_languages_are_whole() -> None:
    counts = Counter(language for language, _text, _reading in OTHERS)
    assert len(OTHERS) == 171
    assert len(counts) == 13
    assert min(counts.values()) >= 7
    assert len(IN_FRENCH) == 58
