"""The word files of bot/data: complete, and refused with file and key when they are wrong."""

import re
import shutil

import pytest

from bot.core.alarms import Youth
from bot.core.blockages import Blockage
from bot.core.case import Alert, Route
from bot.core.errors import DataError
from bot.core.procedures import Procedure
from bot.core.titles import FilingChannel, Window
from bot.storage.reference.vocabulary import DATA, load_titles, load_vocabularies

FILES = ("titles.yml", "procedures.yml", "blockages.yml", "alarms.yml", "lexicon.yml")
TITLES = [
    "ts.vpf_fr",
    "ts.vpf_liens",
    "ts.vpf_vuln",
    "ts.vpf_rf",
    "ts.malade",
    "ts.sal",
    "ts.tt",
    "ts.ent",
    "ts.tension",
    "ts.sais",
    "ts.talent",
    "ts.ict",
    "ts.etu",
    "ts.rece",
    "ts.stag",
    "ts.aupair",
    "ts.visit",
    "ts.retr",
    "ts.plur",
    "ts.res10",
    "ts.resld",
    "ts.resperm",
    "ts.cra1",
    "ts.cra10",
    "ts.craret",
    "ts.bpi",
    "ts.ue",
    "ts.fue",
    "ts.uk",
    "ts.aes",
    "ts.ase",
    "ts.aps",
    "ts.aps_pt",
    "ts.vls",
    "ts.dcem",
    "ts.tir",
    "ts.tve",
    "doc.recep",
    "doc.dep",
    "doc.api",
    "doc.adf",
    "doc.conv",
    "doc.none",
]
LANGUAGES = {"fr", "en", "ar", "es", "pt", "tr", "ru", "uk", "fa", "ps", "ur", "bn", "ta", "zh", "ka", "ht"}


SIGNS = "".join(f"- sign: {sign.value}\n" for sign in (*Alert, *Youth))
DOORS = "".join(f"- sign: {route.value}\n" for route in Route)
EMPTY = {
    "titles.yml": "titles: []\n",
    "procedures.yml": "procedures: []\n",
    "blockages.yml": "blockages: []\n",
    "alarms.yml": f"alerts:\n{SIGNS}routes:\n{DOORS}",
}
"""The least that loads: the other files of a case are not what it is about."""


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def load_everything(folder):
    load_titles(folder)
    load_vocabularies(folder)


def test_every_title_of_the_domain_is_there():
    titles = load_titles()
    assert set(titles) == set(TITLES)
    assert len(TITLES) == 43


def test_a_title_carries_its_channel_window_and_sheet():
    titles = load_titles()
    assert titles["ts.cra10"].renewal_channel is FilingChannel.ANEF
    assert titles["ts.sal"].window is Window.W60
    assert titles["ts.etu"].fiche == "F2231"
    assert titles["ts.aes"].fiche is None
    assert [title.id for title in titles.values() if title.is_document] == [t for t in TITLES if t.startswith("doc.")]


def test_every_title_procedure_and_blockage_can_be_said():
    loaded = load_vocabularies()
    for vocabulary, ids in (
        (loaded.titles, TITLES),
        (loaded.procedures, set(Procedure) - {Procedure.UNKNOWN}),
        (loaded.blockages, set(Blockage)),
    ):
        said = {code for entry in vocabulary.entries if entry.says or entry.hints for code in entry.ids}
        assert said == set(ids)


def test_commands_and_bare_answers_are_known_in_every_language():
    text = (DATA / "lexicon.yml").read_text(encoding="utf-8")
    for section, names in (
        ("replies", ("yes", '"no"', "dont_know", "decline")),
        ("commands", ("stop", "erase", "human", "language", "summary", "correct", "urgent", "help")),
    ):
        start = text.index(f"\n{section}:\n")
        for name in names:
            block = re.search(rf"\n  {name}:\n((?:    .*\n)+)", text[start:])
            assert block
            assert set(re.findall(r"^    ([a-z]{2}):", block[1], re.MULTILINE)) == LANGUAGES, (section, name)


WRONG = [
    ("titles.yml", "- id: ts.vpf_liens", "- id: ts.vpf_fr", "titles"),
    ("titles.yml", "  channel: ANEF", "  channel: SOMEWHERE", "ts.vpf_fr"),
    ("titles.yml", "  window: W120", "  window: 120", "ts.vpf_fr.window"),
    ("titles.yml", "  says:\n", "  sais:\n", "ts.vpf_fr"),
    ("titles.yml", "    fr: carte, cartes,", "    fra: carte, cartes,", "words.card"),
    ("titles.yml", "    fr: carte, cartes,", "    fr: carte,, cartes,", "words.card.fr"),
    ("titles.yml", "au pair, jeune fille au pair", "au pair, jeune fille (au pair", "jeune fille (au pair"),
    ("titles.yml", "au pair, jeune fille au pair", "au pair, <nobody> au pair", "<nobody> au pair"),
    ("titles.yml", "au pair, jeune fille au pair", "au pair, passeport talent", "ts.aupair"),
    ("titles.yml", "- ids: [ts.cra1, ts.cra10]", "- ids: [ts.cra1]", "shared.2"),
    ("titles.yml", "- ids: [ts.cra1, ts.cra10]", "- ids: [ts.cra1, ts.cra99]", "shared.2"),
    ("titles.yml", "  yields_to: [ts.tension]", "  yields_to: [nothing]", "ts.aes"),
    ("titles.yml", "  targets:\n", "  aims:\n", "turns"),
    ("procedures.yml", "procedures:\n", "actions:\n", "file"),
    ("procedures.yml", "words:\n", "words: none\nother:\n", "file"),
    ("blockages.yml", "- id: blk.noslot\n", "- name: blk.noslot\n", "blockages"),
    ("alarms.yml", "- sign: removal\n", "- sign: departure\n", "alerts.0"),
    ("alarms.yml", "- sign: driving\n", "- sign: eu\n", "eu"),
    ("alarms.yml", "  never:\n", "  nevermore:\n", "alerts.0"),
    ("lexicon.yml", "  fr: sui = suis", "  fr: sui suis", "short"),
    ("lexicon.yml", "units:\n  fr: ans, an", "units:\n  fr: ans de, an", "units"),
    ("lexicon.yml", "  stop:\n    any", "  halt:\n    any", "commands"),
    ("lexicon.yml", "    fr: non, nan,", "    fr: non, oui,", "replies.no"),
    ("lexicon.yml", "    30.5:\n", "    month:\n", "durations.units"),
    ("lexicon.yml", "durations:\n", "durations: long\nspan:\n", "file"),
    (
        "lexicon.yml",
        "  halves:\n    fr: et demi, et demie, demi, et demis, et dmi\n",
        "  halves:\n    fr: 5\n",
        "durations.halves.fr",
    ),
    ("lexicon.yml", "  halves:\n", "  halves: half\n  thirds:\n", "durations"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "key"), WRONG)
def test_a_wrong_file_is_refused_by_name_and_key(folder, name, right, wrong, key):
    text = (folder / name).read_text(encoding="utf-8")
    assert right in text
    for other in EMPTY.keys() - {name}:
        (folder / other).write_text(EMPTY[other], encoding="utf-8")
    (folder / name).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_everything(folder)
    assert (refused.value.file, refused.value.key) == (name, key)


def test_a_missing_file_is_refused(folder):
    (folder / "alarms.yml").unlink()
    with pytest.raises(DataError, match=r"alarms\.yml"):
        load_vocabularies(folder)


def test_a_list_that_is_none_is_refused(folder):
    (folder / "titles.yml").write_text("titles: none\n", encoding="utf-8")
    with pytest.raises(DataError, match="titles: is not a list of entries"):
        load_titles(folder)


def test_a_section_that_is_no_mapping_is_refused(folder):
    (folder / "procedures.yml").write_text("words: none\nprocedures: []\n", encoding="utf-8")
    with pytest.raises(DataError, match="words: is not a mapping"):
        load_vocabularies(folder)


def test_another_language_is_added_as_data_alone(folder):
    text = (folder / "titles.yml").read_text(encoding="utf-8")
    line = "    fr: <card> (de)? visiteur, <card> visiteuse\n"
    assert line in text
    (folder / "titles.yml").write_text(text.replace(line, f"{line}    es: tarjeta de visitante\n"), encoding="utf-8")
    assert load_vocabularies(folder).titles.read("tengo una tarjeta de visitante").id == "ts.visit"
