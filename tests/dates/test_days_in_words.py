"""Days of a month said in words: every wording that counts one, beside a month, with its year written or said.

A day that is not understood must not leave the month as an answer. No native speaker has written the wordings.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.core.dates import read_date
from bot.core.reading import Status
from bot.storage.reference.dates import DATA, WORDS
from bot.storage.reference.entries import read_mapping

if TYPE_CHECKING:
    from bot.core.date_words import DateWords
    from bot.core.reading import DateReading

TODAY = date(2026, 3, 10)
LAST = 31
UNREAD = {("tr", "on"), ("ht", "de")}
"""Numbers that are little words of another kind beside a month; the person is asked."""
PATTERNS = {
    "fr": ("{} mai 2027", "{} mai deux mille vingt-sept"),
    "en": ("{} of May 2027", "May {} 2027", "{} may two thousand twenty seven", "May {} twenty twenty-seven"),
    "ar": ("{} ماي 2027", "{} مايو ألفين وسبعة وعشرين", "{} من شهر ماي 2027"),
    "ar-Latn": ("{} may 2027",),
    "es": ("{} de mayo de 2027", "{} de mayo de dos mil veintisiete"),
    "pt": ("{} de maio de 2027", "{} de maio de dois mil e vinte e sete"),
    "tr": ("{} mayıs 2027", "{} mayıs iki bin yirmi yedi", "2027 mayısın {}"),
    "ru": ("{} мая 2027", "{} мая две тысячи двадцать седьмого года"),
    "uk": ("{} травня 2027", "{} травня дві тисячі двадцять сьомого року"),
    "fa": ("{} می ۲۰۲۷", "{} مه دو هزار و بیست و هفت", "{} ماه می ۲۰۲۷"),
    "ps": ("د ۲۰۲۷ د مې {}", "د ۲۰۲۷ کال د مې په {}", "{} مې ۲۰۲۷"),
    "ur": ("{} مئی 2027", "{} مئی دو ہزار ستائیس"),
    "bn": ("{} মে ২০২৭", "২০২৭ সালের {} মে", "{} মে দুই হাজার সাতাশ"),
    "ta": ("{} மே 2027", "2027 மே {} திகதி", "இரண்டாயிரத்து இருபத்தேழு மே {}", "மே மாதம் {} 2027"),
    "ka": ("{} მაისი 2027", "2027 წლის {} მაისი", "{} მაისი ორი ათას ოცდაშვიდი"),
    "ht": ("{} me 2027", "{} me de mil vennsèt"),
    "ru-Latn": ("{} maya 2027",),
    "uk-Latn": ("{} travnya 2027",),
    "ka-Latn": ("{} maisi 2027",),
    "fa-Latn": ("{} mey 2027",),
    "ps-Latn": ("{} may 2027",),
}
SPOKEN = ("zh", "明年五月{}", "2027年五月{}", "二零二七年五月{}到期")
SIGNS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十五 十九 二十 二十一 二十九 三十 三十一"


def _read(words: DateWords, text: str, code: str) -> DateReading:
    return read_date(text, code.partition("-")[0], TODAY, words, is_asked=True)


@pytest.mark.parametrize("code", sorted(PATTERNS))
def test_every_wording_of_a_day_is_read_beside_a_month(words, code):
    said = read_mapping(DATA / WORDS)[code]["numbers"]
    pairs = [
        (day, wording.strip(' "')) for day, wordings in said.items() if day <= LAST for wording in wordings.split(",")
    ]
    told = [
        (text, f"2027-05-{day:02}", _read(words, text, code).iso)
        for day, wording in pairs
        for pattern in PATTERNS[code]
        if (code, wording) not in UNREAD and (text := pattern.format(wording))
    ]
    assert told
    assert [line for line in told if line[1] != line[2]] == []


def test_every_language_with_words_that_count_has_a_day_in_words():
    counting = {code for code, parts in read_mapping(DATA / WORDS).items() if "numbers" in parts}
    assert counting == set(PATTERNS)


def test_a_chinese_day_needs_no_sign(words):
    code, *patterns = SPOKEN
    days = [*range(1, 13), 15, 19, 20, 21, 29, 30, 31]
    said = list(zip(days, SIGNS.split(), strict=True))
    read = {
        (day, pattern): _read(words, pattern.format(signs), code).iso for day, signs in said for pattern in patterns
    }
    assert {key: iso for key, iso in read.items() if iso != f"2027-05-{key[0]:02}"} == {}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "elle expire le vingt-cinkième mai 2027"),
        ("fr", "quinzieme mai 2027"),
        ("bn", "চৌদ্দয় মে ২০২৭"),
        ("ht", "de me 2027"),
        ("ta", "பதினைந்தாவது மே 2027"),
        ("ka", "სექტემბრში თხუთმეტამდის 2026"),
        ("ru", "пятнадцатово мая 2027"),
        ("uk", "п'ятнадцятово травня 2027"),
        ("es", "quinceavo de mayo de 2027"),
        ("pt", "quinzimo de maio de 2027"),
        ("ps", "پنځلسمم مې ۲۰۲۷"),
        ("ur", "پندرھواں مئی 2027"),
        ("fa", "پانزدهوم می ۲۰۲۷"),
        ("tr", "onbeşlik mayıs 2027"),
        ("zh", "2027年五月一直"),
        ("en", "fifteinth may 2027"),
        ("tr", "05 ekmm 2025 bitiyor"),
        ("tr", "eylüül 2026 bitiyor"),
        ("ka", "zektembriss bolos 2026"),
    ],
)
def test_what_may_be_a_day_or_a_month_does_not_leave_the_rest_of_the_date(words, code, text):
    reading = _read(words, text, code)
    assert reading.status is not Status.FOUND


@pytest.mark.parametrize(
    ("code", "text", "iso"),
    [
        ("fr", "elle expire en mai 2027", "2027-05"),
        ("fr", "ma carte finit mai 2027", "2027-05"),
        ("en", "my card is good until may 2027", "2027-05"),
        ("ru", "карта до мая 2027", "2027-05"),
        ("fa", "کارتم تا می ۲۰۲۷", "2027-05"),
        ("bn", "মে ২০২৭ পর্যন্ত", "2027-05"),
        ("ta", "மே 2027 வரைக்கும்", "2027-05"),
        ("tr", "mayıs 2027'de bitiyor", "2027-05"),
        ("zh", "2027年五月到期", "2027-05"),
        ("tr", "2031'de bitiyor", "2031"),
    ],
)
def test_a_month_or_a_year_alone_is_still_read(words, code, text, iso):
    assert _read(words, text, code).iso == iso
