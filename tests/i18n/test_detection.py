"""A language is told by its script, by tell-tale words, by the classifier when it is sure, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n.detection import SURE, Detector
from tests.playing import reference

TOLD = {"fr": frozenset({"bonjour", "carte"}), "en": frozenset({"hello", "card"}), "ar": frozenset({"salam"})}


def detector(code="de", probability=0.99):
    return Detector(TOLD, lambda _text: (code, probability))


SCRIPTS = [
    ("আমি ফ্রান্সে থাকি", "bn"), ("நான் பிரான்சில்", "ta"), ("მე ვცხოვრობ", "ka"), ("我住在法国", "zh"),
    ("أنا أعيش في فرنسا", "ar"), ("مرحبا", "ar"), ("میں فرانس میں ہوں", "ur"), ("زه په فرانسه کې یم", "ps"),
    ("من در پاریس زندگی می‌کنم گ", "fa"), ("я живу в Париже мы", "ru"), ("я живу у Франції", "uk"), ("да", "ru"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), SCRIPTS, ids=[code + str(i) for i, (_t, code) in enumerate(SCRIPTS)])
def test_script_tells_the_language(text, code):
    assert detector()(text)[0] == code


def test_plain_cyrillic_is_not_sure():
    assert detector()("да нет")[1] < SURE


def test_one_tell_tale_word_is_enough_when_nothing_contradicts():
    assert detector()("Bonjour, xyz") == ("fr", 0.9)
    assert detector()("bonjour ma carte") == ("fr", 0.95)


def test_romanised_arabic_outweighs_french_words():
    assert detector()("salam ma carte")[0] == "ar"


def test_words_of_two_languages_go_to_the_classifier():
    assert detector()("bonjour hello xyz") == ("de", 0.99)
    assert detector(probability=0.5)("bonjour hello xyz") == (None, 0.0)


@pytest.mark.parametrize("text", ["", "93", "?!", "x", "qwerty", "1234 5678 😀"])
def test_too_little_is_no_language(text):
    assert detector()(text) == (None, 0.0)


def test_nothing_told_at_all_is_no_language_either():
    assert Detector({}, lambda _text: ("de", 0.99))("") == (None, 0.0)


def test_one_language_alone_needs_no_rival():
    assert Detector({"fr": frozenset({"bonjour"})}, lambda _text: ("de", 0.1))("bonjour")[0] == "fr"


SENTENCES = [
    ("je n'arrive pas à prendre un rendez-vous", "fr"),
    ("I cannot get an appointment at the prefecture", "en"),
    ("لا أستطيع الحصول على موعد", "ar"),
    ("no puedo conseguir una cita en la prefectura", "es"),
    ("não consigo marcar uma consulta na prefeitura", "pt"),
    ("randevu alamıyorum, kartım bitiyor", "tr"),
]


@pytest.mark.parametrize(("text", "code"), SENTENCES, ids=[code for _text, code in SENTENCES])
def test_shipped_detector_knows_whole_sentences(text, code):
    assert reference().readers.language(text)[0] == code


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_code_of_the_registry_or_nothing(text):
    code, sure = reference().readers.language(text)
    assert (code is None) == (sure == 0.0)
    assert 0.0 <= sure <= 1.0
