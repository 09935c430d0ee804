"""The registry of languages says what is wrong by entry."""

import pytest

from bot.core.errors import DataError
from bot.i18n.languages import Language, load_languages
from tests.playing import ROOT

REGISTRY = ROOT / "bot/data/languages.yml"
LINE = "- {{code: {code}, name: N, name_fr: n, direction: {direction}, locale: fr_FR, font: F, state: {state}{more}}}\n"


def write(tmp_path, *entries):
    path = tmp_path / "languages.yml"
    lines = [
        LINE.format(**{"code": "xx", "direction": "ltr", "state": "draft", "more": "", **entry}) for entry in entries
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_shipped_registry_begins_with_french_the_source():
    languages = load_languages(REGISTRY)
    assert (languages.all[0].code, languages.all[0].state) == ("fr", "source")
    assert {"fr", "en", "ar"} <= {language.code for language in languages.offered}
    assert len(languages.all) == 16


def test_nobody_has_reviewed_a_language_without_saying_so():
    for language in load_languages(REGISTRY).all:
        assert language.state != "reviewed" or (language.reviewed_by and language.reviewed_on)


def test_every_language_has_a_babel_locale_of_its_direction():
    from babel import Locale

    for language in load_languages(REGISTRY).all:
        found = Locale.parse(language.locale)
        if language.code != "ht":
            assert found.text_direction == language.direction, language.code


def test_planned_language_is_known_and_not_offered(tmp_path):
    languages = load_languages(write(tmp_path, {"state": "planned"}, {"code": "yy"}))
    assert languages["xx"].is_offered is False
    assert languages.is_offered("yy") is True
    assert [languages.is_offered(code) for code in ("xx", None, "zz")] == [False] * 3


def test_unknown_code_is_a_key_error():
    with pytest.raises(KeyError):
        load_languages(REGISTRY)["zz"]


FAULTS = [
    ("unknown state", [{"state": "perfect"}], "xx: unknown state"),
    ("unknown direction", [{"direction": "up"}], "xx: unknown state or direction"),
    ("unknown key", [{"more": ", colour: red"}], "xx: keys missing or unknown"),
    ("reviewed by nobody", [{"state": "reviewed"}], "xx: reviewed needs"),
    ("reviewed on no day", [{"state": "reviewed", "more": ", reviewed_by: J"}], "xx: reviewed needs"),
    ("a code twice", [{}, {}], "code: used twice"),
]


@pytest.mark.parametrize(("name", "entries", "problem"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_fault_names_the_entry(tmp_path, name, entries, problem):
    with pytest.raises(DataError, match=f"languages.yml: {problem}"):
        load_languages(write(tmp_path, *entries))


def test_missing_key_names_the_entry(tmp_path):
    path = tmp_path / "languages.yml"
    path.write_text("- {name: N}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"\?: keys missing"):
        load_languages(path)


def test_reviewed_language_is_offered(tmp_path):
    more = ", reviewed_by: J. D., reviewed_on: '2026-11-01'"
    (language,) = load_languages(write(tmp_path, {"state": "reviewed", "more": more})).all
    assert isinstance(language, Language)
    assert language.is_offered
