"""The language files: read beside the vocabularies, for texts in that language only."""

import shutil

import pytest

from bot.core.case import Alert
from bot.core.errors import DataError
from bot.core.reading import Status
from bot.storage.reference.language_words import FOLDER
from bot.storage.reference.vocabulary import DATA, load_vocabularies

FILES = ("titles.yml", "procedures.yml", "blockages.yml", "alarms.yml", "lexicon.yml")
WORDS = """
titles:
  words: {card: "kaart, verblijfskaart"}
  turns: {negations: "geen"}
  titles:
    ts.etu: {says: "<card> voor studie, studentenkaart", unless: "studentenkaart van de bibliotheek"}
  shared:
    ts.cra1 ts.cra10: {says: "algerijnse kaart"}
procedures:
  procedures:
    proc.renew: {says: "verleng*"}
blockages:
  blockages:
    blk.noslot: {says: "geen <rdv>"}
alarms:
  words: {oqtf: "uitzettingsbevel"}
  alerts:
    removal: {says: "<oqtf>", unless: "bang voor .. <oqtf>"}
  routes:
    asylum: {says: "asiel"}
"""


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(DATA / name, tmp_path / name)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "nl.yml").write_text(WORDS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def dutch(folder):
    loaded = load_vocabularies(folder)
    (books,) = loaded.shelf.books(("nl", "xx"))
    return loaded, books


READ = [
    ("mijn studentenkaart", "ts.etu"),
    ("een carte voor studie", "ts.etu"),
    ("ma carte étudiant", "ts.etu"),
    ("geen studentenkaart", None),
    ("studentenkaart van de bibliotheek", None),
]


@pytest.mark.parametrize(("text", "title"), READ)
def test_words_of_a_language_are_read_with_those_of_the_vocabulary(dutch, text, title):
    loaded, books = dutch
    assert loaded.titles.read(text, [books.titles]).id == title


def test_words_of_a_language_are_not_read_for_another(dutch):
    loaded, _books = dutch
    assert loaded.titles.read("mijn studentenkaart").status is Status.NONE
    assert loaded.alarms.read("uitzettingsbevel").alerts == ()


def test_ids_that_share_a_wording_stay_candidates(dutch):
    loaded, books = dutch
    assert loaded.titles.read("algerijnse kaart", [books.titles]).candidates == ("ts.cra1", "ts.cra10")


def test_alarms_ring_and_are_explained_away_in_the_language(dutch):
    loaded, books = dutch
    assert loaded.alarms.read("uitzettingsbevel gekregen", [books.alarms]).alerts == (Alert.REMOVAL,)
    assert loaded.alarms.read("bang voor een oqtf", [books.alarms]).alerts == ()
    assert loaded.alarms.read("asiel", [books.alarms]).route == "asylum"


def test_procedures_and_blockages_use_the_concepts_of_all_languages(dutch):
    loaded, books = dutch
    assert loaded.procedures.read("verlenging", [books.procedures]).id == "proc.renew"
    assert loaded.blockages.read("geen créneau", [books.blockages]).id == "blk.noslot"


def test_a_file_is_built_once(folder):
    shelf = load_vocabularies(folder).shelf
    assert shelf.codes == ("nl",)
    shelf.load_all()
    assert shelf.books(["nl"])[0] is shelf.books(["nl"])[0]
    assert shelf.books(["fr"]) == []


WRONG = [
    ("titles:\n  titles:\n    ts.nothing: {says: x}\n", "titles"),
    ("titles:\n  titles:\n    ts.etu: {shouts: x}\n", "titles.ts.etu"),
    ("titles:\n  titles:\n    ts.etu: {says: 'a,,b'}\n", "titles.ts.etu.says"),
    ("titles:\n  titles:\n    ts.etu: {says: '<nothing>'}\n", "nothing"),
    ("titles:\n  turns: {left: x}\n", "titles.turns"),
    ("alarms:\n  alerts:\n    fire: {says: x}\n", "alarms"),
    ("alarms:\n  alerts:\n    removal: {hints: x}\n", "alarms.removal"),
    ("weather: {}\n", "file"),
    ("titles: 3\n", "titles"),
]


@pytest.mark.parametrize(("text", "named"), WRONG)
def test_a_wrong_file_is_refused_with_its_name_and_key(folder, text, named):
    assert len(WRONG) == 9
    (folder / FOLDER / "nl.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="nl.yml") as caught:
        load_vocabularies(folder).shelf.load_all()
    assert named in str(caught.value)


def test_the_files_that_ship_load():
    load_vocabularies().shelf.load_all()
