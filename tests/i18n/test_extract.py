"""French sentences become catalogues; a changed sentence loses its translation until somebody has looked."""

import shutil

import polib
import pytest

from bot.core.errors import DataError
from bot.i18n import extract
from bot.i18n.catalogue import load_catalogue
from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources
from tests.playing import ROOT

DOMAIN = 'version: "3.1"\nresponses:\n  utter_hello:\n  - text: "{text}"\n    buttons:\n    - {{title: "Oui", payload: "a:yes"}}\n'


@pytest.fixture
def project(tmp_path):
    """A copy of the texts with one flow of one sentence."""
    (tmp_path / "bot").mkdir()
    shutil.copytree(ROOT / "bot/data", tmp_path / "bot/data", ignore=shutil.ignore_patterns("places", "organisations"))
    write(tmp_path, "Bonjour.")
    return tmp_path


def write(root, text):
    path = root / "flows/common/domain.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(DOMAIN.format(text=text), encoding="utf-8")


def settle(root):
    for path, text in extract.outdated(root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def translate(root, language="en", **translations):
    path = root / "locales" / language / "LC_MESSAGES" / "messages.po"
    catalogue = polib.pofile(str(path), wrapwidth=0)
    for entry in catalogue:
        if entry.msgctxt in translations:
            entry.msgstr = translations[entry.msgctxt]
            entry.tcomment = "a note"
    catalogue.save()
    settle(root)
    return path


def test_committed_catalogues_are_up_to_date():
    assert extract.outdated(ROOT) == {}


def test_first_run_writes_the_template_and_every_offered_language(project):
    offered = {one.code for one in load_languages(project / "bot/data/languages.yml").offered} - {"fr"}
    assert {"en", "ar"} <= offered
    assert {str(path.relative_to(project)) for path in extract.outdated(project)} == {
        "locales/messages.pot",
        *(f"locales/{code}/LC_MESSAGES/messages.po" for code in offered),
    }


def test_second_run_has_nothing_to_do(project):
    settle(project)
    assert extract.outdated(project) == {}


def test_same_sentences_give_the_same_bytes():
    sentences = extract.french(ROOT)
    assert extract.template(sentences) == extract.template(dict(sentences))
    po = extract.updated(None, "en", sentences)
    assert extract.updated(po, "en", sentences) == po


def test_translation_and_its_note_are_kept(project):
    settle(project)
    path = translate(project, utter_hello="Hello.")
    text = path.read_text(encoding="utf-8")
    assert "# a note" in text
    assert load_catalogue(path).find("utter_hello", "Bonjour.") == "Hello."
    assert extract.outdated(project) == {}


def test_changed_french_sentence_makes_its_translation_fuzzy(project):
    settle(project)
    path = translate(project, utter_hello="Hello.", **{"utter_hello.a:yes": "Yes"})
    write(project, "Bonsoir.")
    assert set(extract.outdated(project)) >= {path}
    settle(project)
    entry = next(entry for entry in polib.pofile(str(path)) if entry.msgctxt == "utter_hello")
    assert (entry.msgid, entry.msgstr, entry.fuzzy) == ("Bonsoir.", "Hello.", True)
    catalogue = load_catalogue(path)
    assert catalogue.find("utter_hello", "Bonsoir.") is None
    assert catalogue.find("utter_hello.a:yes", "Oui") == "Yes"


def test_fuzzy_translation_stays_fuzzy_until_somebody_says_otherwise(project):
    settle(project)
    path = translate(project, utter_hello="Hello.")
    write(project, "Bonsoir.")
    settle(project)
    settle(project)
    assert load_catalogue(path).find("utter_hello", "Bonsoir.") is None
    text = path.read_text(encoding="utf-8").replace("#, fuzzy\n", "")
    path.write_text(text, encoding="utf-8")
    settle(project)
    assert load_catalogue(path).find("utter_hello", "Bonsoir.") == "Hello."


def test_sentence_that_is_gone_leaves_the_catalogue(project):
    settle(project)
    path = translate(project, utter_hello="Hello.")
    (project / "flows/common/domain.yml").write_text('version: "3.1"\n', encoding="utf-8")
    settle(project)
    assert "utter_hello" not in path.read_text(encoding="utf-8")


def test_untranslated_sentence_is_not_fuzzy(project):
    settle(project)
    write(project, "Bonsoir.")
    settle(project)
    path = project / "locales/en/LC_MESSAGES/messages.po"
    assert "fuzzy" not in path.read_text(encoding="utf-8")


def test_catalogue_holds_no_date_that_would_change_it_every_day(project):
    settle(project)
    text = (project / "locales/messages.pot").read_text(encoding="utf-8")
    assert "Date" not in text.partition("msgctxt")[0]


def test_check_names_what_is_out_of_date_and_writes_nothing(project, monkeypatch, capsys):
    monkeypatch.setattr(extract, "ROOT", project)
    assert extract.main(["--check"]) == 1
    assert "locales/messages.pot is out of date" in capsys.readouterr().err
    assert not (project / "locales").exists()
    assert extract.main([]) == 0
    assert extract.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_french_of_the_sources_keeps_its_order():
    assert list(extract.french(ROOT)) == sorted(load_sources(ROOT))


def test_sentence_that_stands_twice_is_named(project):
    (project / "flows/other").mkdir()
    shutil.copy(project / "flows/common/domain.yml", project / "flows/other/domain.yml")
    with pytest.raises(DataError, match="other: utter_hello: stands twice"):
        load_sources(project)


@pytest.mark.parametrize("text", ["", "   "])
def test_empty_sentence_is_named(project, text):
    write(project, text)
    with pytest.raises(DataError, match="common: utter_hello: has no French sentence"):
        load_sources(project)


def test_missing_file_is_named(project):
    (project / "bot/data/doors.yml").unlink()
    with pytest.raises(DataError, match=r"doors.yml: -: cannot be read"):
        load_sources(project)


def test_sources_hold_every_kind_of_sentence():
    sources = load_sources(ROOT)
    prefixes = {key.partition(".")[0] for key in sources if "." in key}
    assert {"webchat", "letter", "title", "procedure", "blockage", "rule", "step", "door", "urgency"} <= prefixes
    assert len(sources) > 600
    assert sources["utter_ask_proof_consent"].buttons == (("proof_consent:yes", "Oui"), ("proof_consent:no", "Non"))
    assert sources["utter_ask_proof_consent.proof_consent:yes"].text == "Oui"
