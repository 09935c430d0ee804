"""STOP is understood in every language and in Latin letters, whatever the channel: platforms ask for it, and so do people."""

import pytest

from bot.core.intents import Intent
from bot.core.interpretation import interpret
from bot.core.reading import Reading

STOPS = {
    "fr": ["STOP", "Stop.", "arrêter", "Désabonner", "ne m'écrivez plus"],
    "en": ["stop", "STOP!", "unsubscribe", "Cancel", "no more messages"],
    "ar": ["توقف", "قف", "الغاء الاشتراك", "wa9ef", "ستوب"],
    "es": ["parar", "Alto", "basta"],
    "pt": ["parar", "pare", "Sair"],
    "tr": ["dur", "Durdur", "iptal"],
    "ru": ["стоп", "Хватит", "отписаться", "hvatit"],
    "uk": ["стоп", "Досить", "dosyt"],
    "fa": ["توقف", "بس است", "bas ast"],
    "ps": ["ودرېږه", "بس", "wadrega"],
    "ur": ["رکو", "بند کرو", "band karo"],
    "bn": ["থামুন", "বন্ধ করুন", "thamun"],
    "ta": ["நிறுத்து", "போதும்", "niruthu"],
    "zh": ["停止", "退订", "tingzhi"],
    "ka": ["სტოპ", "საკმარისია", "gacherdi"],
    "ht": ["rete", "Kanpe", "sispann"],
}
CASES = [(language, said) for language, all_said in STOPS.items() for said in all_said]


def test_every_language_is_asked():
    assert len(STOPS) == 16


@pytest.mark.parametrize(("language", "said"), CASES)
def test_word_is_the_intent_to_stop(vocabularies, language, said):
    command = vocabularies.lexicon.read_command(said)
    assert command == "stop"
    intent = interpret(
        Reading(command=command, text=said), (), asked=None, choice=None, is_picture=False, known_alerts=frozenset()
    )
    assert intent is Intent.STOP


@pytest.mark.parametrize(
    "said", ["stop aux rendez-vous payants", "I stopped at the desk", "bus stop", "arrêt de travail"]
)
def test_sentence_that_holds_the_word_is_no_wish_to_stop(vocabularies, said):
    assert vocabularies.lexicon.read_command(said) is None
