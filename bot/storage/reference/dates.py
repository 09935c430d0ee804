"""The words of bot/data/dates.yml and dates_cldr.yml, checked and built into core.date_words.DateWords.

A wording list is one text, wordings between commas; a kind that counts something maps its values to such texts.
Must not know: how dates are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.calendars import Unit
from bot.core.date_kinds import Entry, Kind, Tongue
from bot.core.date_words import DateWords
from bot.core.errors import DataError
from bot.storage.reference.entries import read_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATA = Path(__file__).resolve().parents[2] / "data"
WORDS = "dates.yml"
NAMES = "dates_cldr.yml"

_RESPELLED = "respelled"
_READS = {
    "letters": "letters",
    "always": "is_always_read",
    "month_first": "is_month_first",
    "behind": "has_cues_behind",
    "endings": "endings",
}
_TWELVE = range(1, 13)
_COUNTED: Mapping[Kind, range] = {
    Kind.MONTH: _TWELVE,
    Kind.HIJRI: _TWELVE,
    Kind.JALALI: _TWELVE,
    Kind.WEEKDAY: range(7),
    Kind.DAY: range(-3, 4),
    Kind.EITHER: range(1, 4),
    Kind.NUMBER: range(1, 100),
    Kind.THOUSANDS: range(2000, 2001),
    Kind.WEEK: range(-1, 2),
    Kind.MONTHS: range(-1, 2),
    Kind.YEARS: range(-1, 3),
    Kind.MONTH_END: range(-1, 2),
    Kind.YEAR_END: range(-1, 2),
    Kind.EDGE: range(1, 4),
    Kind.PART: range(1, 6),
    Kind.TODAY: range(6),
    Kind.CLOCK: range(1440),
}
"""Kinds whose values are numbers, and which ones."""
_UNITS = {unit.name.lower(): unit for unit in Unit}


def load_date_words(folder: Path = DATA) -> DateWords:
    """The words of every language. Raises DataError naming the file and the key."""
    found = read_mapping(folder / WORDS)
    names = read_mapping(folder / NAMES)
    respelled = found.pop(_RESPELLED, {})
    tongues: list[Tongue] = []
    entries: list[Entry] = []
    for code, parts in found.items():
        if not isinstance(parts, dict):
            raise DataError(WORDS, code, "must be a mapping")
        tongues.append(_tongue(code, parts.pop("reads", {})))
        entries += _entries(WORDS, code, parts)
    for code, parts in names.items():
        entries += _entries(NAMES, code, parts)
    return DateWords(tongues, entries, {str(typed): str(meant) for typed, meant in respelled.items()})


def _tongue(code: str, reads: Mapping[str, Any]) -> Tongue:
    for name in reads:
        if name not in _READS:
            raise DataError(WORDS, f"{code}.reads.{name}", "unknown name")
    told = {_READS[name]: value for name, value in reads.items()}
    if "endings" in told:
        told["endings"] = tuple(word.strip() for word in str(told["endings"]).split(","))
    return Tongue(code, **told)


def _entries(file: str, code: str, parts: Mapping[str, Any]) -> Iterator[Entry]:
    for name, found in parts.items():
        key = f"{code}.{name}"
        try:
            kind = Kind(name)
        except ValueError as error:
            raise DataError(file, key, "unknown kind of word") from error
        for value, wordings in _valued(file, key, kind, found):
            for wording in filter(None, (word.strip() for word in wordings.split(","))):
                yield Entry(code, kind, value, wording)


def _valued(file: str, key: str, kind: Kind, found: object) -> Iterator[tuple[int, str]]:
    is_counted = kind in _COUNTED or kind in {Kind.UNIT, Kind.UNIT_AHEAD, Kind.AMOUNT}
    if is_counted != isinstance(found, dict):
        raise DataError(file, key, "must map values to wordings" if is_counted else "must be one text of wordings")
    said = (
        {f"{key}.{value}": (value, text) for value, text in found.items()}
        if isinstance(found, dict)
        else {key: (0, found)}
    )
    for place, (value, wordings) in said.items():
        if not isinstance(wordings, str):
            raise DataError(file, place, "must be one text of wordings")
        yield _value(file, place, kind, value), wordings


def _value(file: str, key: str, kind: Kind, value: object) -> int:
    """A number as it stands, a unit by its name, an amount such as ``2 month`` as 23."""
    if kind in {Kind.UNIT, Kind.UNIT_AHEAD, Kind.AMOUNT}:
        count, _space, name = f"{'' if kind is Kind.AMOUNT else '0 '}{value}".partition(" ")
        if name not in _UNITS or not count.isdigit():
            raise DataError(file, key, "must be a unit, or for an amount a count and a unit")
        return 10 * int(count) + _UNITS[name]
    if kind in _COUNTED and (not isinstance(value, int) or value not in _COUNTED[kind]):
        raise DataError(file, key, "is no value of this kind")
    return value if isinstance(value, int) else 0
