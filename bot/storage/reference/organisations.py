"""bot/data/organisations and bot/data/tribunals.csv, read into a Directory.

One YAML file an organisation; a CSV for many rows of one source, whose common values stand in ``_<name>.yml``.
Files whose name starts with an underscore are no organisations. Must not know: who is shown to whom.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.directory import Directory
from bot.core.errors import DataError
from bot.core.freshness import read_checked
from bot.core.tribunals import Tribunal
from bot.storage.reference.entries import Entry, read_mapping
from bot.storage.reference.organisation_entries import FIELDS, read_organisation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from bot.core.organisations import Organisation

_LISTS = frozenset(
    {"languages", "access_mode", "hours", "topics", "areas_served", "audience", "verified_fields"},
)
_NUMBERS = frozenset({"lat", "lon"})
_NETWORK_FIELDS = ("website", "source", "source_url", "source_date")
_TRIBUNAL_FIELDS = ("name", "city", "address", "postcode", "phone", "source", "as_of")


def load_directory(data: Path) -> Directory:
    """The directory of a folder such as bot/data. Raises DataError naming file and key."""
    found = []
    for _file, one in _organisations(data / "organisations"):
        if isinstance(one, DataError):
            raise one
        found.append(one)
    for problem in _repeated(found):
        raise problem
    if not found:
        raise DataError("organisations", "id", "no organisation at all")
    return Directory(found, load_tribunals(data / "tribunals.csv"))


def directory_problems(data: Path, today: date | None = None) -> list[DataError]:
    """Everything that is wrong in the directory's files, entry by entry; with ``today``, checks to come as well."""
    problems = []
    found = []
    try:
        for file, one in _organisations(data / "organisations"):
            if isinstance(one, DataError):
                problems.append(one)
                continue
            found.append(one)
            if today and one.last_checked and one.last_checked.on > today:
                problems.append(DataError(file, f"{one.id}.last_checked", "lies in the future"))
    except DataError as error:
        problems.append(error)
    problems += _repeated(found)
    try:
        load_tribunals(data / "tribunals.csv")
    except DataError as error:
        problems.append(error)
    return problems


def load_tribunals(path: Path) -> tuple[Tribunal, ...]:
    """The tribunals of tribunals.csv. Raises DataError naming the row."""
    tribunals = tuple(_tribunal(Entry(path.name, row.get("name") or "name", row)) for row in _csv_rows(path))
    if len({tribunal.name for tribunal in tribunals}) != len(tribunals):
        raise DataError(path.name, "name", "is used twice")
    return tribunals


def load_network_websites(path: Path) -> dict[str, str]:
    """The website of each network by its name. Raises DataError."""
    websites = {}
    for name, values in read_mapping(path).items():
        entry = Entry.of(path.name, name, values)
        entry.only(*_NETWORK_FIELDS)
        for field in _NETWORK_FIELDS:
            entry.text(field)
        websites[name] = entry.text("website")
    return websites


def _organisations(folder: Path) -> Iterator[tuple[str, Organisation | DataError]]:
    """Every entry of the folder, or what is wrong with it. Raises DataError when a whole file cannot be read."""
    websites = load_network_websites(folder / "_networks.yml")
    for file, key, values in _entries(folder):
        try:
            yield file, read_organisation(Entry(file, key, values), websites)
        except DataError as error:
            yield file, error


def _entries(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yaml = YAML(typ="safe")
    for path in sorted(folder.glob("[!_]*.yml")):
        values = _mapping(yaml, path)
        if values.get("id") != path.stem:
            raise DataError(path.name, "id", f"must be {path.stem}, as the file is called")
        yield path.name, path.stem, values
    for path in sorted(folder.glob("*.csv")):
        common = read_mapping(folder / f"_{path.stem}.yml")
        for row in _csv_rows(path):
            yield path.name, row.get("id") or "id", common | _values(path.name, row)


def _mapping(yaml: YAML, path: Path) -> dict[str, Any]:
    """The mapping of one file; one parser for all files takes half the time of one each."""
    try:
        found = yaml.load(path.read_bytes())
    except (OSError, YAMLError) as error:
        raise DataError(path.name, "file", "cannot be read as YAML") from error
    if not isinstance(found, dict):
        raise DataError(path.name, "file", "must be a mapping of names")
    return found


def _values(file: str, row: Mapping[str, str]) -> dict[str, Any]:
    """The cells of a row as YAML would give them; empty ones left out."""
    values: dict[str, Any] = {}
    for name, cell in row.items():
        if name not in FIELDS:
            raise DataError(file, name or "header", "unknown column")
        if not cell:
            continue
        if name in _LISTS:
            values[name] = cell.split("|")
        elif name in _NUMBERS:
            values[name] = _number(file, row, name)
        else:
            values[name] = cell
    return values


def _number(file: str, row: Mapping[str, str], name: str) -> float:
    try:
        return float(row[name])
    except ValueError:
        raise DataError(file, f"{row.get('id')}.{name}", "must be a number") from None


def _csv_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path.name, "file", "cannot be read as CSV") from error


def _tribunal(entry: Entry) -> Tribunal:
    entry.only(*_TRIBUNAL_FIELDS)
    given = {name: entry.values.get(name) or None for name in _TRIBUNAL_FIELDS}
    as_of = read_checked(str(given["as_of"] or ""))
    if given["address"] and (as_of is None or not given["postcode"]):
        entry.fail("as_of", "an address needs the date it was read, and its postcode")
    if given["phone"] and as_of is None:
        entry.fail("as_of", "a phone number needs the date it was read")
    city = given["city"]
    address = f"{given['address']}, {given['postcode']} {city}" if given["address"] else None
    return Tribunal(entry.text("name"), city, address, given["phone"], entry.text("source"), as_of)


def _repeated(found: list[Organisation]) -> list[DataError]:
    seen: set[str] = set()
    repeated = []
    for one in found:
        if one.id in seen:
            repeated.append(DataError("organisations", one.id, "stands twice"))
        seen.add(one.id)
    return repeated
