"""The one-time building of the directory's files from the research tables, by a maintainer.

    python -m bot.storage.reference.building_organisations ASSOCIATIONS.csv TRIBUNALS.csv BOT_DATA_DIR

Writes organisations/<id>.yml (one a curated row), organisations/points_justice_2019.csv (the rows of the official
directory of October 2019) and tribunals.csv: the same bytes every time. A file somebody checked later is left alone.
Must not know: who is shown to whom.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.errors import DataError
from bot.core.freshness import read_checked
from bot.core.tribunals import tribunal_key
from bot.storage.reference import building_tables as tables
from bot.storage.reference.entries import read_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = dict[str, str]

OFFICIAL = "points_justice_2019.csv"

EXPECTED = {
    "rows": 386,
    "kept, one file each": 68,
    "to check, one file each": 3,
    f"kept in {OFFICIAL}": 314,
    "dropped": 1,
}
"""What becomes of every row of associations.csv; another count stops the building."""

OFFICIAL_COLUMNS = (
    "id",
    "name",
    "network",
    "kind",
    "address",
    "postcode",
    "city",
    "insee",
    "departement",
    "lat",
    "lon",
    "phone",
    "email",
    "website",
    "topics",
    "areas_served",
    "audience",
    "verified_fields",
)
"""What differs from row to row; the rest stands once in ``_points_justice_2019.yml``."""

_PLAIN = frozenset(
    {
        "id",
        "kind",
        "coord_precision",
        "status",
        "state",
        "lat",
        "lon",
        "verified",
        "topics",
        "access_mode",
        "audience",
        "verified_fields",
    }
)
"""Codes and numbers: written without quotes."""

_TRIBUNAL_COLUMNS = ("name", "city", "address", "postcode", "phone", "source", "as_of")


def main(arguments: list[str]) -> int:
    """0 when all files are written."""
    if len(arguments) != 3:
        sys.stderr.write(
            "usage: python -m bot.storage.reference.building_organisations ASSOCIATIONS TRIBUNALS BOT_DATA\n"
        )
        return 2
    associations, tribunals, out = (Path(argument) for argument in arguments)
    counts = build(_rows(associations), out / "organisations")
    for what, count in counts.items():
        print(f"{count:4}  {what}")
    print(f"{build_tribunals(_rows(tribunals), out / 'tribunals.csv'):4}  tribunals")
    return 0


def build(rows: list[Row], folder: Path) -> Mapping[str, int]:
    """Write all organisations and tell what became of the rows. Raises DataError when a count is not the expected one."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter({"rows": len(rows)})
    official = []
    for row in rows:
        if row["id"] in tables.DROPPED:
            counts["dropped"] += 1
        elif row["id"].startswith("dila-"):
            counts[f"kept in {OFFICIAL}"] += 1
            official.append(official_row(row))
        else:
            entry = organisation(row)
            counts["kept, one file each" if entry["state"] == "kept" else "to check, one file each"] += 1
            write_organisation(folder / f"{row['id']}.yml", entry)
    if counts != EXPECTED:
        raise DataError("associations.csv", "rows", f"became {dict(counts)}, {EXPECTED} expected")
    _write_csv(folder / OFFICIAL, OFFICIAL_COLUMNS, sorted(official, key=lambda row: row["id"]))
    return counts


def organisation(row: Row) -> dict[str, Any]:
    """The entry of a curated row. Raises DataError for a text nobody has decided about."""
    ident = row["id"]
    is_verified = row["verified"] == "true"
    checked = read_checked(row["source_date"])
    read = row["verified_fields"].split("|")
    if ident in tables.READ_WEBSITES:
        read.append("website")
    note = "; ".join(
        part for part in (tables.TO_CHECK.get(ident), row["access_mode"], row["hours"], row["note"]) if part
    )
    return {
        "id": ident,
        "name": row["name"],
        "network": row["network"],
        "kind": tables.OTHER_KIND.get(ident, row["kind"]),
        "address": row["address"],
        "postcode": row["postcode"],
        "city": row["city"],
        "insee": row["commune_insee"],
        "departement": row["departement"],
        "lat": row["lat"],
        "lon": row["lon"],
        "coord_precision": row["coord_precision"],
        "phone": row["phone"],
        "email": row["email"],
        "website": row["website"],
        "languages": _list(row["languages"]),
        "access_mode": _decided(tables.ACCESS, row, "access_mode"),
        "hours": _decided(tables.HOURS, row, "hours"),
        "topics": _list(row["topics"]),
        "areas_served": _list(row["areas_served"]),
        "audience": tables.OTHER_AUDIENCE.get(ident) or _decided(tables.AUDIENCE, row, "audience"),
        "status": row["status"],
        "accepts_referrals": None,
        "source": row["source"],
        "source_url": row["source_url"],
        "source_date": row["source_date"],
        "verified": "true" if is_verified else "false",
        "verified_fields": tuple(read),
        "last_checked": checked.iso if checked else None,
        "state": "kept" if is_verified and ident not in tables.TO_CHECK else "to_check",
        "note": note,
    }


def official_row(row: Row) -> Row:
    """The row of the official directory, in our columns and codes."""
    changed = {**row, "insee": row["commune_insee"], "audience": "|".join(_decided(tables.AUDIENCE, row, "audience"))}
    return {column: changed[column] for column in OFFICIAL_COLUMNS}


def write_organisation(path: Path, entry: Mapping[str, Any]) -> None:
    """Write one file, unless the one that stands there was checked later than the row."""
    if path.exists():
        there = read_checked(str(read_mapping(path).get("last_checked") or ""))
        row = read_checked(str(entry["last_checked"] or ""))
        if there and (row is None or there.on > row.on):
            print(f"{path.name} was checked later and stays as it is")
            return
    path.write_text("".join(_lines(entry)), encoding="utf-8")


def build_tribunals(rows: Iterable[Row], path: Path) -> int:
    """Write the tribunals by name; what was only recalled loses its address and a town its name does not tell."""
    found = []
    for row in rows:
        if row["kind"] != "ta":
            continue
        is_read = row["status"] == "verified_dila_2019"
        city = row["city"] if row["city"] in row["name"] else ""
        kept = row if is_read else {**row, "address": "", "postcode": "", "phone": "", "city": city}
        found.append({column: kept.get(column, "") for column in _TRIBUNAL_COLUMNS} | {"name": _court(row["name"])})
    _write_csv(path, _TRIBUNAL_COLUMNS, sorted(found, key=lambda row: tribunal_key(row["name"])))
    return len(found)


def _court(name: str) -> str:
    """``Tribunal administratif de Lyon`` for ``Tribunal administratif - Lyon``, as R. 221-3 CJA writes it."""
    title, _, place = name.partition(" - ")
    if place in {"Guadeloupe", "Guyane", "Martinique"}:
        return f"{title} de la {place}"
    return f"{title} d'{place}" if place[0] in "AEIOU" else f"{title} de {place}"


def _decided(table: Mapping[str, tuple[str, ...]], row: Row, column: str) -> tuple[str, ...]:
    try:
        return table[row[column]]
    except KeyError:
        raise DataError("associations.csv", f"{row['id']}.{column}", "has a text nobody has decided about") from None


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _lines(entry: Mapping[str, Any]) -> Iterable[str]:
    """YAML, one key a line; what is empty is left out."""
    for key, value in entry.items():
        if key == "accepts_referrals":
            yield f"{key}: null\n"
        elif isinstance(value, tuple) and value:
            yield f"{key}: [{', '.join(_scalar(key, item) for item in value)}]\n"
        elif value:
            yield f"{key}: {_scalar(key, value)}\n"


def _scalar(key: str, value: str) -> str:
    return value if key in _PLAIN else json.dumps(value, ensure_ascii=False)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
