"""The table of approved texts: complete, word for word the project's own, and every mistake is named."""

import pytest

from bot.core.effects import ReminderKind
from bot.core.errors import DataError
from bot.core.templates import TemplateState
from bot.i18n.catalogue import load_catalogue
from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources
from bot.storage.reference.templates import FILE, load_templates
from tests.playing import ROOT

PATH = ROOT / "bot/data" / FILE
LANGUAGES = [language.code for language in load_languages(ROOT / "bot/data/languages.yml").offered]
SHIPPED = load_templates(PATH, LANGUAGES)


def test_fifteen_languages_are_offered_and_haitian_creole_is_not():
    assert len(SHIPPED.all) == 15
    assert set(LANGUAGES) - {template.language for template in SHIPPED.all} == {"ht"}


@pytest.mark.parametrize("template", SHIPPED.all, ids=lambda template: template.language)
def test_text_is_the_projects_own_sentence(template):
    sources = load_sources(ROOT)
    for kind in template.kinds:
        key = f"utter_reminder_{kind}"
        said = sources[key].text
        if template.language != "fr":
            said = load_catalogue(ROOT / "locales" / template.language / "LC_MESSAGES/messages.po").find(key, said)
        assert template.body == said
    assert template.kinds == frozenset(ReminderKind)


def test_nothing_is_sent_that_was_not_approved():
    assert {template.state for template in SHIPPED.all} == {TemplateState.DRAFT}
    assert SHIPPED.choose(ReminderKind.TRY_AGAIN, "fr") is None


FAULTS = [
    (('state: draft, body: "Bonjour', 'state: perfect, body: "Bonjour'), "templates.guichet_reminder.texts.fr.state"),
    (("  pt: pt_BR", "  pt: pt-BR"), "languages.pt"),
    (("  pt: pt_BR\n", ""), "templates.guichet_reminder.texts.pt.body"),
    (("not_offered: [ht]", "not_offered: []"), "ht"),
    (("not_offered: [ht]", "not_offered: [ht, fr]"), "fr"),
    (("not_offered: [ht]", "not_offered: ht"), "not_offered"),
    (("kinds: [try_again, window_opens]", "kinds: [try_again]"), "fr"),
    (("kinds: [try_again, window_opens]", "kinds: [lunch]"), "templates.guichet_reminder.kinds"),
    (("  guichet_reminder:", "  Guichet-Reminder:"), "templates.Guichet-Reminder.name"),
    (("Bonjour, c'est", "Bonjour {name}, c'est"), "templates.guichet_reminder.texts.fr.body"),
    (("languages:\n  fr: fr\n", "languages:\n"), "templates.guichet_reminder.texts.fr.body"),
    (("templates:\n", "templates: []\nothers:\n"), "templates"),
    (("languages:\n  fr: fr", "languages: []\nothers:\n  fr: fr"), "languages"),
]


@pytest.mark.parametrize(("change", "key"), FAULTS, ids=range(len(FAULTS)))
def test_mistake_is_named(tmp_path, change, key):
    text = PATH.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / FILE
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_templates(path, LANGUAGES)
    assert (error.value.file, error.value.key) == (FILE, key)


def test_text_that_would_be_submitted_twice_is_a_mistake(tmp_path):
    text = PATH.read_text(encoding="utf-8").replace("kinds: [try_again, window_opens]", "kinds: [try_again]")
    entry = text[text.index("  guichet_reminder:") :]
    path = tmp_path / FILE
    path.write_text(
        text + entry.replace("guichet_reminder", "other").replace("try_again", "window_opens"), encoding="utf-8"
    )
    with pytest.raises(DataError, match="stands twice"):
        load_templates(path)


def test_french_is_there_for_everybody_else(tmp_path):
    path = tmp_path / FILE
    path.write_text("languages: {en: en}\nnot_offered: []\ntemplates: {}\n", encoding="utf-8")
    with pytest.raises(DataError, match="everybody else falls back"):
        load_templates(path)
