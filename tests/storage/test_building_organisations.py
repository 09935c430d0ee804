"""The maintainer's builder: same bytes every time, nothing decided by itself, nothing checked later overwritten."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import DataError
from bot.storage.reference import building_organisations as building
from bot.storage.reference.entries import Entry, read_mapping
from bot.storage.reference.organisation_entries import read_organisation

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = [
    "id",
    "name",
    "network",
    "kind",
    "address",
    "postcode",
    "city",
    "commune_insee",
    "departement",
    "lat",
    "lon",
    "coord_precision",
    "phone",
    "email",
    "website",
    "languages",
    "access_mode",
    "hours",
    "topics",
    "areas_served",
    "audience",
    "status",
    "source",
    "source_url",
    "source_date",
    "verified",
    "verified_fields",
    "note",
]

CURATED = dict.fromkeys(COLUMNS, "") | {
    "id": "asti-exemple",
    "name": "ASTI « Exemple »",
    "kind": "association",
    "city": "Lyon",
    "departement": "69",
    "hours": "Tue and Fri mornings 9:00-12:00",
    "access_mode": "walk-in",
    "topics": "titre_sejour|asile",
    "areas_served": "69",
    "status": "unknown",
    "source": "a page",
    "source_url": "https://example.org/page",
    "source_date": "~2016",
    "verified": "true",
    "verified_fields": "name|city",
    "note": "recalled address (not shown, to check): 1 rue X",
}
OFFICIAL = CURATED | {"id": "dila-mjd-1", "hours": "", "access_mode": "", "status": "stale"}
DROPPED = CURATED | {"id": "cimade-massy"}
RECALLED = CURATED | {"id": "asti-recalled", "verified": "false"}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        building,
        "EXPECTED",
        {
            "rows": 4,
            "kept, one file each": 1,
            "to check, one file each": 1,
            f"kept in {building.OFFICIAL}": 1,
            "dropped": 1,
        },
    )


ROWS = [CURATED, OFFICIAL, DROPPED, RECALLED]


@pytest.mark.usefixtures("small")
def test_every_row_goes_somewhere_and_the_files_can_be_read(tmp_path):
    building.build(ROWS, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "asti-exemple.yml",
        "asti-recalled.yml",
        "points_justice_2019.csv",
    ]
    values = read_mapping(tmp_path / "asti-exemple.yml")
    one = read_organisation(Entry("asti-exemple.yml", "asti-exemple", values), {})
    assert (one.name, one.source_date, one.last_checked and one.last_checked.iso) == (
        "ASTI « Exemple »",
        "~2016",
        "2016",
    )
    assert [opening.weekday for opening in one.hours] == [2, 5]
    assert one.note == "walk-in; Tue and Fri mornings 9:00-12:00; recalled address (not shown, to check): 1 rue X"
    assert read_mapping(tmp_path / "asti-recalled.yml")["state"] == "to_check"


@pytest.mark.usefixtures("small")
def test_same_input_gives_the_same_bytes(tmp_path):
    building.build(ROWS, tmp_path / "a")
    building.build(ROWS, tmp_path / "b")
    building.build(list(reversed(ROWS)), tmp_path / "b")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.usefixtures("small")
def test_file_checked_later_than_its_row_stays_as_it_is(tmp_path, capsys):
    building.build(ROWS, tmp_path)
    path = tmp_path / "asti-exemple.yml"
    text = path.read_text(encoding="utf-8").replace('last_checked: "2016"', "last_checked: 2026-11-20")
    path.write_text(text, encoding="utf-8")
    building.build(ROWS, tmp_path)
    assert path.read_text(encoding="utf-8") == text
    assert "asti-exemple.yml was checked later" in capsys.readouterr().out


def test_rows_that_were_lost_stop_the_building(tmp_path):
    with pytest.raises(DataError, match=r"associations\.csv: rows: became"):
        building.build(ROWS, tmp_path)


@pytest.mark.parametrize("column", ["access_mode", "hours", "audience"])
def test_text_nobody_has_decided_about_stops_the_building(column):
    with pytest.raises(DataError, match=rf"asti-exemple\.{column}: has a text nobody has decided about"):
        building.organisation(CURATED | {column: "on the stairs"})


def test_recalled_tribunal_loses_its_address(tmp_path):
    columns = ("id", "kind", "name", "address", "postcode", "city", "phone", "source", "as_of", "status")
    rows = [
        ("1", "ofii", "OFII", "1 rue X", "69000", "Lyon", "", "DILA", "2019-10", "verified_dila_2019"),
        (
            "2",
            "ta",
            "Tribunal administratif - Amiens",
            "14 rue X",
            "80000",
            "Amiens",
            "03",
            "DILA",
            "2019-10",
            "verified_dila_2019",
        ),
        (
            "3",
            "ta",
            "Tribunal administratif - Montreuil",
            "7 rue X",
            "93100",
            "Montreuil",
            "",
            "recalled",
            "",
            "recalled",
        ),
        ("4", "ta", "Tribunal administratif - Martinique", "", "97233", "Schœlcher", "", "recalled", "", "recalled"),
    ]
    path = tmp_path / "tribunals.csv"
    assert building.build_tribunals([dict(zip(columns, row, strict=True)) for row in rows], path) == 3
    with path.open(encoding="utf-8", newline="") as file:
        found = [(row["name"], row["city"], row["address"]) for row in csv.DictReader(file)]
    assert found == [
        ("Tribunal administratif d'Amiens", "Amiens", "14 rue X"),
        ("Tribunal administratif de la Martinique", "", ""),
        ("Tribunal administratif de Montreuil", "Montreuil", ""),
    ]


def test_command_line_tells_how_it_is_used(capsys):
    assert building.main([]) == 2
    assert "usage: python -m bot.storage.reference.building_organisations" in capsys.readouterr().err


@pytest.mark.usefixtures("small")
def test_command_line_builds_and_counts(tmp_path: Path, capsys):
    for name, columns, rows in (
        ("associations.csv", COLUMNS, ROWS),
        ("tribunals.csv", ["kind"], [{"kind": "ofii"}]),
    ):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    assert (
        building.main([str(tmp_path / "associations.csv"), str(tmp_path / "tribunals.csv"), str(tmp_path / "data")])
        == 0
    )
    assert "   4  rows" in capsys.readouterr().out
    assert (tmp_path / "data" / "organisations" / "asti-exemple.yml").exists()
