"""A language is told by its script, by the model when it is sure, or not at all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import DataError
from bot.i18n.detection import SURE, Detector, script_of
from bot.i18n.language_model import LanguageModel, load_language_model
from tests.playing import ROOT, reference

LATIN = frozenset({"fr", "en", "es"})


def detector(sure=0.95):
    """Takes the first of the codes that may be, as sure as told; notes what it was asked."""
    asked = []

    def model(text, among):
        asked.append(set(among))
        return min(among), sure

    return Detector(model, LATIN), asked


SCRIPTS = [
    ("আমি ফ্রান্সে থাকি", "bn"), ("நான் பிரான்சில்", "ta"), ("მე ვცხოვრობ", "ka"), ("我住在法国", "zh"), ("是", "zh"),
    ("ja préfecture-ში ვარ", "ka"), ("한국어", None), ("मैं फ्रांस में हूँ", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), SCRIPTS)
def test_a_script_of_one_language_tells_it(text, code):
    assert detector()[0](text)[0] == code


def test_the_model_is_asked_among_the_languages_of_the_script():
    detect, asked = detector()
    detect("لا أعرف")
    detect("не знаю")
    detect("ne sais pas")
    assert asked == [{"ar", "fa", "ps", "ur"}, {"ru", "uk"}, {"fr", "en", "es"}]


MIXED = [
    ("معي récépissé بس", "ARABIC"), ("carte de séjour étudiant مع", "ARABIC"), ("récépissé", "LATIN"), ("ok да", "CYRILLIC"),
    ("da é", "LATIN"), ("93 ?", None), ("", None), ("😀😀", None), ("carte ا", "LATIN"), ("ا", "ARABIC"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "script"), MIXED)
def test_french_words_do_not_hide_another_script(text, script):
    assert script_of(text) == script


def test_an_unsure_model_is_no_language():
    assert detector(SURE - 0.01)[0]("je ne sais pas") == (None, 0.0)
    assert detector(SURE)[0]("je ne sais pas") == ("en", SURE)


def test_one_word_has_to_be_surer():
    assert detector(0.96)[0]("bonjour") == (None, 0.0)
    assert detector(0.98)[0]("bonjour")[0] == "en"


@pytest.mark.parametrize("text", ["", "93", "?!", "x", "1234 5678 😀", "a b c"])
def test_too_little_is_no_language(text):
    assert detector()[0](text) == (None, 0.0)


SENTENCES = [
    ("je n'arrive pas à prendre un rendez-vous", "fr"),
    ("I cannot get an appointment at the prefecture", "en"),
    ("لا أستطيع الحصول على موعد", "ar"),
    ("no puedo conseguir una cita en la prefectura", "es"),
    ("não consigo marcar um horário na prefeitura", "pt"),
    ("randevu alamıyorum, kartım bitiyor", "tr"),
    ("salam 3andi mochkil f rendez-vous dyal préfecture", "ar"),
    ("mujhe prefecture ka rdv nahi mil raha", "ur"),
    ("не могу записаться в префектуру", "ru"),
    ("не можу записатися до префектури", "uk"),
    ("نمی‌توانم از پرفکتور وقت بگیرم", "fa"),
    ("مجھے پریفیکچر کا وقت نہیں مل رہا", "ur"),
    ("زه د پریفیکچر وخت نشم اخیستلی", "ps"),
]


@pytest.mark.parametrize(("text", "code"), SENTENCES)
def test_shipped_detector_knows_whole_sentences(text, code):
    assert reference().readers.language(text)[0] == code


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_code_of_the_registry_or_nothing(text):
    code, sure = reference().readers.language(text)
    assert (code is None) == (sure == 0.0)
    assert 0.0 <= sure <= 1.0


def test_a_model_survives_its_file_and_a_broken_file_is_named(tmp_path):
    made = LanguageModel(
        np.array(["en", "fr"]),
        np.array([1, 2], np.uint32),
        np.zeros((2, 2), np.float16),
        np.array([0.0, 1.0]),
        np.float32(1),
    )
    made.save(tmp_path / "model.npz")
    code, sure = load_language_model(tmp_path / "model.npz")("bonjour", {"en", "fr"})
    assert code == "fr"
    assert sure == pytest.approx(np.e / (1 + np.e))
    assert made("", {"en"}) == ("en", 1.0)
    (tmp_path / "broken.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match="broken.npz"):
        load_language_model(tmp_path / "broken.npz")


def test_examples_that_are_french_words_alone_teach_no_other_language():
    from bot.commands.build_detection import texts
    from bot.engine.examples import Example

    told = [Example("ma carte récépissé", "x", "fr")] * 60
    told += [Example("récépissé", "x", "tr")] * 60 + [Example("kartım récépissé", "x", "tr")] * 60
    told += [Example("carte ma prefecture yok", "x", "es")] * 3
    learnt = list(texts(told))
    assert {code for _text, code in learnt} == {"fr", "tr"}
    assert ("récépissé", "tr") not in learnt
    assert ("kartim recepisse", "tr") in learnt


def test_the_model_that_ships_knows_the_languages_with_examples():
    model = load_language_model(ROOT / "bot/data/detection.npz")
    assert {"fr", "en", "ar", "es", "pt", "tr", "ru", "uk", "fa", "ps", "ur"} <= set(model.codes.tolist())
