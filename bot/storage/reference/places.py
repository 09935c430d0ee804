"""bot/data/places, read into a Gazetteer.

Must not know: how places are found in a text.
"""

from __future__ import annotations

import csv
import gzip
import io
from typing import TYPE_CHECKING, Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.errors import DataError
from bot.core.place_rows import (
    ArrondissementRow,
    CollectivityRow,
    CommuneRow,
    ExonymRow,
    FormerRow,
    PlaceRows,
    PrefectureRow,
    Rulings,
    SpellingRow,
)
from bot.core.place_text import key_of, word_of
from bot.core.place_words import NumberWords, PlaceWords, WordSet
from bot.core.places import Gazetteer
from bot.core.sounds import is_vowelless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

T = TypeVar("T")

KINDS = {"prefecture", "prefecture_police", "sous_prefecture"}
DEPARTEMENTS = 101


def load_gazetteer(folder: Path) -> Gazetteer:
    """The gazetteer of a folder such as bot/data/places. Raises DataError naming the file and the row or key."""
    return Gazetteer(load_rows(folder), load_words(folder / "words.yml"))


def load_rows(folder: Path, built: Path | None = None) -> PlaceRows:
    """All tables and rulings; those that building.py writes may lie in another folder. Raises DataError."""
    built = built or folder
    rows = PlaceRows(
        prefectures=_rows(folder / "prefectures.csv", _prefecture),
        collectivities=_rows(folder / "collectivities.csv", _collectivity),
        arrondissements=_rows(built / "arrondissements.csv", _arrondissement),
        communes=_communes(built / "communes.csv.gz"),
        former=_rows(built / "former_communes.csv", _former),
        exonyms=_rows(folder / "exonyms.csv", _exonym),
        spellings=_rows(folder / "spellings.csv", _spelling),
        rulings=_rulings(folder / "ambiguities.yml"),
        ordinary=frozenset(_lines(built / "ordinary_words.txt.gz")),
    )
    _check(rows)
    return rows


def load_words(path: Path) -> PlaceWords:
    """The vocabulary around places. Raises DataError."""
    data = _yaml(path)
    try:
        clitics = tuple(sorted({word_of(clitic) for clitic in data["clitics"]}, key=lambda one: (-len(one), one)))
        sets = {name: _word_set(data[name]) for name in _WORD_SETS}
        sets |= {name: _with_clitics(sets[name], clitics) for name in ("office", "nearby", "departement")}
        numbers = {language: _number_words(entry) for language, entry in data["numbers"].items()}
        return PlaceWords(
            **sets,
            number_before=_phrases(data["number_before"]),
            high_number_before=_phrases(data["high_number_before"]),
            roman={str(word): int(value) for word, value in data["roman"].items()},
            endings=_endings(data["endings"]),
            told_endings=_endings(data["told_endings"]),
            finals={script: tuple(map(word_of, finals)) for script, finals in data["finals"].items()},
            clitics=clitics,
            numbers=numbers,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(path.name, _key_of_error(error), "is missing or is not what it should be") from error


_WORD_SETS = (
    "before",
    "after",
    "fillers",
    "dwell",
    "dwell_after",
    "being",
    "office",
    "nearby",
    "departement",
    "number_links",
    "units",
    "not_number_before",
    "streets",
    "court",
    "born",
    "around",
    "around_after",
    "formerly",
    "case_before",
    "persons",
    "titles",
    "kin",
    "first_names",
    "negations",
    "has",
    "small_talk",
    "portuguese",
    "english",
    "ordinals",
    "arrondissement",
)


def _check(rows: PlaceRows) -> None:
    """Nothing when the tables fit each other. Raises DataError otherwise."""
    counters = [row for row in rows.prefectures if row.kind != "sous_prefecture"]
    if len({row.departement for row in counters}) != DEPARTEMENTS or len(counters) != DEPARTEMENTS:
        raise DataError("prefectures.csv", "departement", f"{DEPARTEMENTS} prefectures expected, one a departement")
    codes = {row.departement for row in counters} | {row.code for row in rows.collectivities}
    communes = {row.insee for row in rows.communes}
    for row in rows.prefectures:
        if row.kind not in KINDS:
            raise DataError("prefectures.csv", row.id, f"kind {row.kind!r} is unknown")
        if row.insee not in communes or row.departement not in codes:
            raise DataError("prefectures.csv", row.id, "commune or departement is unknown")
    for former in rows.former:
        if former.current_insee not in communes:
            raise DataError("former_communes.csv", former.name, "current commune is unknown")
    for exonym in rows.exonyms:
        if exonym.insee not in communes:
            raise DataError("exonyms.csv", exonym.insee, "commune is unknown")
    _check_spellings(rows)
    ruled = {code for offered in rows.rulings.ask.values() for code in offered}
    ruled |= {*rows.rulings.found.values(), *rows.rulings.also.values()}
    ruled |= {code for kind in (rows.rulings.regions, rows.rulings.around) for codes in kind.values() for code in codes}
    if unknown := sorted(ruled - codes):
        raise DataError("ambiguities.yml", unknown[0], "is no departement")


def _check_spellings(rows: PlaceRows) -> None:
    """Nothing when every spelling is one of a place there is. Raises DataError."""
    known = {row.key for row in rows.communes} | {key_of(row.departement_name) for row in rows.prefectures}
    known |= {row.key for row in rows.former}
    known |= rows.rulings.ask.keys() | rows.rulings.also.keys()
    for spelling in rows.spellings:
        if spelling.place not in known:
            raise DataError("spellings.csv", spelling.place, "place is unknown")


def _prefecture(row: dict[str, str]) -> PrefectureRow:
    return PrefectureRow(
        id=row["id"],
        kind=row["kind"],
        departement=row["departement"],
        departement_name=row["departement_name"],
        insee=row["insee"],
        official_name=row["official_name"],
        city=row["city"],
        address=row["address"],
        address_as_of=row["address_as_of"],
        website=row["website"],
        foreigners_service=row["foreigners_service"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        ta_name=row["ta_name"],
        ta_city=row["ta_city"],
        timezone=row["timezone"],
        city_names=_names(row["city_names"]),
        departement_names=_names(row["departement_names"]),
    )


def _collectivity(row: dict[str, str]) -> CollectivityRow:
    return CollectivityRow(
        code=row["code"],
        name=row["name"],
        timezone=row["timezone"],
        ta_name=row["ta_name"],
        ta_city=row["ta_city"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        names=_names(row["aliases"]),
    )


def _arrondissement(row: dict[str, str]) -> ArrondissementRow:
    return ArrondissementRow(
        code=row["code"],
        name=row["name"],
        departement=row["departement"],
        seat_insee=row["seat_insee"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
    )


def _former(row: dict[str, str]) -> FormerRow:
    return FormerRow(
        name=row["name"], key=row["key"], departement=row["departement"], current_insee=row["current_insee"]
    )


def _exonym(row: dict[str, str]) -> ExonymRow:
    columns = ("arabic", "cyrillic", "han", "other", "latin")
    return ExonymRow(insee=row["insee"], names=tuple(name for column in columns for name in _names(row[column])))


def _spelling(row: dict[str, str]) -> SpellingRow:
    return SpellingRow(place=key_of(row["place"]), names=_names(row["names"]))


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name for name in cell.split("|") if name)


def _communes(path: Path) -> tuple[CommuneRow, ...]:
    """35,000 rows: read by position, not by column name, for speed."""
    reader = csv.reader(io.StringIO(_unpacked(path)))
    header = next(reader, [])
    if tuple(header) != CommuneRow._fields:
        raise DataError(path.name, "header", "columns are not those of a commune")
    communes: list[CommuneRow] = []
    try:
        for row in reader:
            *texts, population, lat, lon = row
            position = (float(lat), float(lon)) if lat else (None, None)
            communes.append(CommuneRow._make((*texts, int(population), *position)))
    except (ValueError, TypeError) as error:
        raise DataError(path.name, f"line {reader.line_num}", "is not a commune") from error
    return tuple(communes)


def _rows(path: Path, make: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path.name, "file", "cannot be read") from error
    reader = csv.DictReader(io.StringIO(text))
    try:
        return tuple(make(row) for row in reader)
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise DataError(path.name, f"line {reader.line_num}, {_key_of_error(error)}", "is missing or wrong") from error


def _unpacked(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(path.name, "file", "cannot be read") from error


def _lines(path: Path) -> Iterable[str]:
    return _unpacked(path).split("\n")


def _yaml(path: Path) -> dict[str, Any]:
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(path.name, "file", "cannot be read") from error
    except YAMLError as error:
        raise DataError(path.name, "yaml", "cannot be parsed") from error
    if not isinstance(data, dict):
        raise DataError(path.name, "yaml", "is not a mapping")
    return data


def _rulings(path: Path) -> Rulings:
    data = _yaml(path)
    try:
        return Rulings(
            ask={key_of(name): dict(offered) for name, offered in data["ask"].items()},
            found={key_of(name): code for name, code in data["found"].items()},
            also={key_of(name): code for name, code in data["also"].items()},
            regions=_regions(data),
            around={key_of(name): tuple(codes) for name, codes in data["around"].items()},
            faint=frozenset(map(key_of, data["faint"])),
            weak=frozenset(map(key_of, data["weak"])),
            silent=frozenset(map(key_of, data["silent"])),
            never=frozenset(map(key_of, data["never"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(path.name, _key_of_error(error), "is missing or is not what it should be") from error


def _regions(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Each region by its name, and by the other names that refer to it."""
    regions = {key_of(name): tuple(codes) for name, codes in data["regions"].items()}
    for name, others in data["region_names"].items():
        regions |= {key_of(other): regions[key_of(name)] for other in others}
    return regions


def _flat(entry: Any) -> list[str]:
    """Words by language, or one list of words."""
    if not isinstance(entry, dict | list):
        raise TypeError(type(entry).__name__)
    lists = entry.values() if isinstance(entry, dict) else [entry]
    return [str(word) for words in lists for word in words]


def _word_set(entry: Any) -> WordSet:
    words = _flat(entry)
    stems = (word_of(word.removesuffix("*")) for word in words if word.endswith("*"))
    exact = (word_of(word) for word in words if not word.endswith("*"))
    return WordSet(exact=frozenset(exact), stems=tuple(sorted(stems)))


def _with_clitics(words: WordSet, clitics: tuple[str, ...]) -> WordSet:
    """The same words, those in Arabic script also with what is glued before them."""
    glued = {clitic + word for word in words.exact if is_vowelless(word) for clitic in clitics}
    return WordSet(exact=words.exact | glued, stems=words.stems)


def _endings(entry: Any) -> dict[str, tuple[str, ...]]:
    """By script, the longest first."""
    return {
        script: tuple(sorted({word_of(ending) for ending in endings}, key=lambda ending: (-len(ending), ending)))
        for script, endings in entry.items()
    }


def _phrases(entry: Any) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(key_of(phrase).split()) for phrase in _flat(entry))


def _number_forms(word: str, entry: dict[str, Any]) -> Iterator[str]:
    """A number word, also with each article before it and each ending on it, the vowel the ending takes left out."""
    yield word_of(word)
    for article in entry.get("articles", ()):
        yield word_of(article + word)
    for ending in entry.get("endings", ()):
        yield word_of(word.removesuffix(entry.get("dropped", "")) + ending)


def _number_words(entry: dict[str, Any]) -> NumberWords:
    return NumberWords(
        values={
            form: int(value) for word, value in entry["values"].items() for form in _number_forms(str(word), entry)
        },
        joins=frozenset(map(word_of, entry["joins"])),
        is_units_first=bool(entry.get("units_first", False)),
        glued_join=str(entry.get("glued_join", "")),
    )


def _key_of_error(error: Exception) -> str:
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else type(error).__name__
