"""The rows of bot/data/places, as plain values; sources in bot/data/places/SOURCES.md.

Must not know: where they are kept, how they are searched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class PrefectureRow:
    """A préfecture, the Préfecture de police, or a sous-préfecture."""

    id: str
    """``pref-93``, ``spref-93-le-raincy``."""
    kind: str
    """``prefecture``, ``prefecture_police`` or ``sous_prefecture``."""
    departement: str
    departement_name: str
    insee: str
    official_name: str
    """``Préfecture de la Seine-Saint-Denis``: stays French in every language."""
    city: str
    address: str
    address_as_of: str
    website: str
    foreigners_service: str
    """``yes``, ``recalled`` or ``unknown``: anything but yes must be checked with the prefecture."""
    lat: float
    lon: float
    ta_name: str
    ta_city: str
    timezone: str
    city_names: tuple[str, ...]
    """Other names and spellings of the seat, in any script."""
    departement_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectivityRow:
    """A collectivity overseas that has no prefecture row (975, 977, 978, 984, 986 to 989)."""

    code: str
    name: str
    timezone: str
    ta_name: str
    ta_city: str
    lat: float
    lon: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrondissementRow:
    """An arrondissement of a département and its seat."""

    code: str
    name: str
    departement: str
    seat_insee: str
    lat: float | None
    lon: float | None


class CommuneRow(NamedTuple):
    """A commune of today, or a municipal arrondissement of Paris, Lyon or Marseille.

    A tuple, because 35,000 are made at every start and a dataclass takes ten times longer.
    """

    insee: str
    name: str
    key: str
    """``place_text.key_of(name)``, made when the file was built."""
    departement: str
    arrondissement: str
    """Code of the arrondissement; empty in Mayotte and the collectivities."""
    postcodes: str
    """Separated by spaces."""
    population: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class FormerRow:
    """A commune that merged into another and whose name is still said."""

    name: str
    key: str
    departement: str
    current_insee: str


@dataclass(frozen=True, slots=True)
class ExonymRow:
    """Names of a commune in other scripts and languages."""

    insee: str
    names: tuple[str, ...]


class SpellingRow(NamedTuple):
    """How people of one language write the name of a place."""

    place: str
    """The key of its French name, or of a name that a ruling explains."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rulings:
    """Decisions of ambiguities.yml, by folded name."""

    ask: dict[str, dict[str, str]] = field(default_factory=dict)
    """Always ask: département code to the name to offer."""
    found: dict[str, str] = field(default_factory=dict)
    """Never ask: the département."""
    also: dict[str, str] = field(default_factory=dict)
    """Names of no commune (quarters, short names), and their département."""
    regions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    around: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Towns whose surroundings are no single département: the name, and where "near it" may be."""
    weak: frozenset[str] = frozenset()
    """A place only beside a word that says so."""
    faint: frozenset[str] = frozenset()
    """A place only beside a word of living there or of the prefecture, or when asked for."""
    silent: frozenset[str] = frozenset()
    """A place only when asked for, or when a département confirms it."""
    never: frozenset[str] = frozenset()
    """Phrases that hold a place name and are none."""


@dataclass(frozen=True, slots=True)
class PlaceRows:
    """All rows together."""

    prefectures: tuple[PrefectureRow, ...]
    collectivities: tuple[CollectivityRow, ...]
    arrondissements: tuple[ArrondissementRow, ...]
    communes: tuple[CommuneRow, ...]
    former: tuple[FormerRow, ...]
    exonyms: tuple[ExonymRow, ...]
    spellings: tuple[SpellingRow, ...]
    rulings: Rulings
    ordinary: frozenset[str]
    """Folded words of everyday language that are, or are spelled nearly as, a place."""
