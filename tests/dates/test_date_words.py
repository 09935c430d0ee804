"""The files of words, the mistakes they may hold, and the finding of words in a text."""

from __future__ import annotations

from datetime import date
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from bot.core.date_kinds import Entry, Kind, Tongue
from bot.core.date_text import normal, pieces
from bot.core.date_words import DateWords
from bot.core.dates import read_date
from bot.core.errors import DataError
from bot.i18n.cldr_dates import lines, main
from bot.i18n.languages import load_languages
from bot.storage.reference.dates import DATA, NAMES, WORDS, load_date_words
from tests.dates.test_french_dates import FRENCH
from tests.dates.test_other_languages import OTHERS

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 23)


def _folder(folder: Path, words: str, names: str = "fr: {}\n") -> Path:
    (folder / WORDS).write_text(words, encoding="utf-8")
    (folder / NAMES).write_text(names, encoding="utf-8")
    return folder


def test_shipped_names_are_those_of_cldr():
    assert "".join(lines(DATA / "languages.yml")) == (DATA / NAMES).read_text(encoding="utf-8")


def test_maintainers_command_prints_the_names_or_its_usage(capsys):
    assert main([str(DATA / "languages.yml")]) == 0
    assert capsys.readouterr().out == (DATA / NAMES).read_text(encoding="utf-8")
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


ROMANISED = {f"{code}-Latn" for code in ("ar", "ur", "ru", "uk", "ka", "fa", "ps")}


def test_every_language_of_the_registry_has_the_words_it_needs(words):
    codes = {tongue.code for tongue in words.tongues}
    for language in load_languages(DATA / "languages.yml").all:
        assert language.code in codes
        for month in range(1, 13):
            text = next(name for name, number in words.months if number == month)
            assert text
    assert codes - {language.code for language in load_languages(DATA / "languages.yml").all} == ROMANISED


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("fr: 3\n", "fr"),
        ("fr: {reads: {loud: true}}\n", "fr.reads.loud"),
        ("fr: {sings: la}\n", "fr.sings"),
        ("fr: {months: janvier}\n", "fr.months"),
        ("fr: {of: {1: de}}\n", "fr.of"),
        ("fr: {of: 3}\n", "fr.of"),
        ("fr: {months: {13: treizième}}\n", "fr.months.13"),
        ("fr: {months: {mars: mars}}\n", "fr.months.mars"),
        ("fr: {months: {3: [mars]}}\n", "fr.months.3"),
        ("fr: {units: {moon: lune}}\n", "fr.units.moon"),
        ("fr: {amounts: {month: mois}}\n", "fr.amounts.month"),
        ("fr: {amounts: {2 moons: lunes}}\n", "fr.amounts.2 moons"),
        ("fr: {days: {9: neuvaine}}\n", "fr.days.9"),
        ('fr: {of: "!!"}\n', "fr.of"),
        ("fr: {months: {3: mars, 4: mars}}\n", "fr.months"),
        ("- fr\n", "file"),
        ("fr: [\n", "file"),
    ],
)
def test_mistake_in_the_file_names_its_place(tmp_path, content, named):
    with pytest.raises(DataError) as error:
        load_date_words(_folder(tmp_path, content))
    assert (error.value.file, error.value.key) == (WORDS, named)


def test_mistake_in_the_generated_names_is_found_too(tmp_path):
    with pytest.raises(DataError) as error:
        load_date_words(_folder(tmp_path, "fr: {of: de}\n", "fr: {months: {0: zéro}}\n"))
    assert (error.value.file, error.value.key) == (NAMES, "fr.months.0")


def test_same_wording_in_the_same_sense_may_stand_twice(tmp_path):
    found = load_date_words(_folder(tmp_path, "fr: {months: {3: mars}}\n", "fr: {months: {3: 'mars, mars'}}\n"))
    assert found.months == (("mars", 3),)


def _words(*entries: Entry) -> DateWords:
    return DateWords([Tongue("fr", is_always_read=True), Tongue("tr"), Tongue("ru", letters="абв")], entries)


def _kinds(words: DateWords, text: str, language: str | None) -> list[dict[Kind, int]]:
    folded = normal(text, words.respelled)
    return [dict(item.kinds) for item in words.items(folded, text, language)]


def test_words_of_the_conversation_come_before_those_of_french():
    words = _words(Entry("fr", Kind.MONTH, 3, "mar"), Entry("tr", Kind.MONTH, 4, "mar"))
    assert _kinds(words, "mar", "tr") == [{Kind.MONTH: 4}]
    assert _kinds(words, "mar", "fr") == [{Kind.MONTH: 3}]
    assert _kinds(words, "mar", None) == [{Kind.MONTH: 3}]


def test_numbers_of_a_language_that_is_only_guessed_do_not_count():
    words = _words(Entry("tr", Kind.NUMBER, 10, "on"), Entry("fr", Kind.ON, 0, "on"))
    assert _kinds(words, "on", None) == [{Kind.ON: 0}]
    assert _kinds(words, "on", "tr") == [{Kind.NUMBER: 10, Kind.ON: 0}]


def test_long_names_of_months_count_in_every_conversation():
    words = _words(
        Entry("tr", Kind.MONTH, 1, "ocak"), Entry("tr", Kind.MONTH, 4, "nis"), Entry("tr", Kind.OF, 0, "nin")
    )
    assert _kinds(words, "ocak nis nin", "fr") == [{Kind.MONTH: 1}, {}, {}]


def test_letters_point_to_a_language():
    words = _words(Entry("ru", Kind.DAY, 1, "ава"))
    assert _kinds(words, "ава", "fr") == [{Kind.DAY: 1}]
    assert _kinds(words, "ава", None) == [{Kind.DAY: 1}]


def test_wording_without_spaces_is_not_found_with_spaces():
    words = _words(Entry("fr", Kind.AT, 0, "3la"), Entry("fr", Kind.DAY, 2, "apres demain"))
    assert _kinds(words, "3la", None) == [{Kind.AT: 0}]
    assert _kinds(words, "3 la", None) == [{Kind.NUMBER: 3}, {}]
    assert _kinds(words, "apres-demain", None) == _kinds(words, "Après Demain", None) == [{Kind.DAY: 2}]
    assert _kinds(words, "apres, demain", None) == [{}, {}]


def test_arabic_prefixes_are_taken_off_unknown_words():
    words = _words(Entry("fr", Kind.MONTH, 1, "يناير"))
    assert _kinds(words, "وفيناير ويناير بيناير", None) == [{}, {Kind.MONTH: 1}, {Kind.MONTH: 1}]


def test_unknown_language_is_a_plain_one(words):
    assert words.tongue("xx") == Tongue("xx")
    assert words.tongue(None) == Tongue("")
    assert words.tongue("en").is_month_first


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("二〇二七年十一月二十三日", "2027年11月23日"),
        ("四个半月", "4个半月"),
        ("两个月", "2个月"),
        ("廿三日", "23日"),
        ("三十号", "30号"),
        ("一下", "一下"),
        ("２０／０１／２０２７", "20/01/2027"),
        ("Le 1ᵉʳ Août", "le 1er aout"),
        ("20//01//2027", "20/01/2027"),
        ("2O/O1/2027", "20/01/2027"),
        ("expiré expirée expire", "expiree expiree expire"),
        ("كتاب ة ى ک", "كتاب ه ي ك"),
        ("می‌شود", "ميشود"),
        ("a@b.fr", "\x1a" * 6),
    ],
)
def test_text_is_folded_to_what_can_be_compared(words, typed, read):
    assert normal(typed, words.respelled) == read


def test_pieces_know_their_place():
    text = "20janv 2027年"
    assert [(piece.text, text[piece.start : piece.end]) for piece in pieces(text)] == [
        (word, word) for word in ("20", "janv", "2027", "年")
    ]


@pytest.mark.timing
def test_reading_takes_less_than_a_millisecond(words):
    spent = []
    for language, text in [
        *(("fr", text) for text, _reading in FRENCH),
        *((code, text) for code, text, _reading in OTHERS),
    ]:
        start = perf_counter()
        read_date(text, language, TODAY, words)
        spent.append(perf_counter() - start)
    assert median(spent) < 0.001


@pytest.mark.timing
def test_longest_text_is_read_in_time(words):
    start = perf_counter()
    read_date("ma carte expire le 20 janvier 2027 et il y a 3 semaines " * 80, "fr", TODAY, words)
    assert perf_counter() - start < 1.0
