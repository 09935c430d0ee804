from __future__ import annotations

import gzip
import shutil
import sys
from time import process_time
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import DataError
from bot.storage.reference.places import load_gazetteer, load_rows, load_words
from tests.gazetteer import PLACES

if TYPE_CHECKING:
    from pathlib import Path

BROKEN_LINES = (
    ("prefectures.csv", "pref-93,prefecture", "pref-93,circle", "pref-93"),
    ("prefectures.csv", ",93008,", ",99999,", "pref-93"),
    ("prefectures.csv", "pref-93,prefecture,,93,", "pref-93,prefecture,,96,", "spref-93-le-raincy"),
    ("prefectures.csv", "pref-93,prefecture,", "pref-93,sous_prefecture,", "departement"),
    ("prefectures.csv", "pref-93,prefecture,,93,", "pref-93,prefecture,,92,", "departement"),
    ("prefectures.csv", "id,kind,", "name,kind,", "line 2, id"),
    ("collectivities.csv", "46.78", "north", "line 2, ValueError"),
    ("former_communes.csv", ",93066", ",00000", "Pierrefitte-sur-Seine"),
    ("exonyms.csv", "75056,Paris", "00000,Paris", "00000"),
    ("spellings.csv", "Bobigny,", "Bobignyx,", "bobignyx"),
    ("ambiguities.yml", 'noisy: "93"', 'noisy: "96"', "96"),
    ("ambiguities.yml", "ask:", "asks:", "ask"),
    ("ambiguities.yml", "ask:", "ask: [", "yaml"),
    ("words.yml", "clitics:", "clitic:", "clitics"),
    ("words.yml", "zero: 0", "zero: none", "ValueError"),
    ("words.yml", "english: [", "english: 1 #[", "TypeError"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places")
    shutil.copytree(PLACES, folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize(("file", "old", "new", "key"), BROKEN_LINES)
def test_broken_table_stops_the_start_and_names_file_and_key(whole: Path, file: str, old: str, new: str, key: str):
    text = (whole / file).read_text(encoding="utf-8")
    assert old in text
    try:
        (whole / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataError) as raised:
            load_gazetteer(whole)
    finally:
        (whole / file).write_text(text, encoding="utf-8")
    assert raised.value.file == file
    assert raised.value.key == key
    assert len(BROKEN_LINES) == 16


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        ("communes.csv.gz", b"not gzip"),
        ("communes.csv.gz", gzip.compress(b"insee,name\n", mtime=0)),
        ("ordinary_words.txt.gz", gzip.compress(b"\xff\xfe", mtime=0)),
        ("prefectures.csv", b"\xff\xfe"),
        ("ambiguities.yml", b"[]"),
    ],
)
def test_unreadable_file_is_named(whole: Path, file: str, broken: bytes):
    content = (whole / file).read_bytes()
    try:
        (whole / file).write_bytes(broken)
        with pytest.raises(DataError, match=file):
            load_rows(whole)
    finally:
        (whole / file).write_bytes(content)


def test_wrong_commune_is_named_by_its_line(whole: Path):
    content = (whole / "communes.csv.gz").read_bytes()
    lines = gzip.decompress(content).decode().split("\n")
    lines[2] = lines[2].replace(",270,", ",many,")
    try:
        (whole / "communes.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
        with pytest.raises(DataError, match="line 3"):
            load_rows(whole)
    finally:
        (whole / "communes.csv.gz").write_bytes(content)


@pytest.mark.parametrize("file", ["exonyms.csv", "communes.csv.gz", "ambiguities.yml"])
def test_missing_file_is_named(whole: Path, file: str):
    content = (whole / file).read_bytes()
    (whole / file).unlink()
    try:
        with pytest.raises(DataError, match=file):
            load_rows(whole)
    finally:
        (whole / file).write_bytes(content)


def test_missing_vocabulary_is_named(tmp_path: Path):
    with pytest.raises(DataError, match=r"words\.yml: file"):
        load_words(tmp_path / "words.yml")


def test_tables_hold_what_their_sources_hold():
    rows = load_rows(PLACES)
    assert len(rows.communes) == 35_014
    assert len(rows.arrondissements) == 333
    assert len(rows.prefectures) == 155
    assert len(rows.collectivities) == 8
    assert len(rows.exonyms) > 800
    assert len(rows.former) == 2_498
    assert sum(row.lat is not None for row in rows.communes) == 34_915
    assert {row.foreigners_service for row in rows.prefectures} == {"yes", "recalled", "unknown"}


def test_table_of_prefectures_says_where_each_address_was_read():
    rows = load_rows(PLACES)
    assert all(not row.address_as_of or row.address for row in rows.prefectures)
    assert {row.address_as_of for row in rows.prefectures} == {"", "2019-10"}


@pytest.mark.timing
def test_gazetteer_is_loaded_in_a_moment(capsys: pytest.CaptureFixture[str]):
    start = process_time()
    load_gazetteer(PLACES)
    took = process_time() - start
    with capsys.disabled():
        sys.stdout.write(f"\nplaces: loaded in {took:.2f} s\n")
    assert took < (1.0 if sys.gettrace() is None else 3.0)
