"""The few words around a message exist in every language and fit where they stand."""

import pytest

from bot.channels.whatsapp.cutting import units
from bot.i18n.catalogue import load_catalogue
from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources
from tests.playing import ROOT

LIMITS = {"whatsapp.choose": 20, "whatsapp.more": 24, "whatsapp.numbered": 200, "whatsapp.document_failed": 120}
SOURCES = load_sources(ROOT)
CODES = [language.code for language in load_languages(ROOT / "bot/data/languages.yml").all]


def test_all_languages_are_asked():
    assert len(CODES) == 16


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("key", LIMITS)
def test_word_fits(code, key):
    french = SOURCES[key].text
    word = (
        french
        if code == "fr"
        else load_catalogue(ROOT / "locales" / code / "LC_MESSAGES/messages.po").find(key, french)
    )
    assert word
    assert units(word) <= LIMITS[key]
    assert ("{name}" in word) == (key == "whatsapp.document_failed")
