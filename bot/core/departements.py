"""The départements and collectivities: prefecture, administrative court, position, time zone.

Must not know: how a text names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.place_rows import PlaceRows


@dataclass(frozen=True, slots=True)
class Departement:
    """A département or a collectivity overseas, its prefecture and its administrative court (domain.md 5.3)."""

    code: str
    name: str
    prefecture: str | None
    """None in the collectivities: 975, 977, 978, 984 and 986 to 989."""
    prefecture_name: str | None
    """``Préfecture de la Seine-Saint-Denis``: stays French in every language."""
    city: str | None
    address: str | None
    """None when nobody read it in a source: an address from memory is never shown (SOURCES.md of places)."""
    address_as_of: str | None
    """The address is a fact of that month, ``2019-10``, to be shown with it."""
    website: str | None
    is_police_prefect: bool
    """Paris: letters go to the prefect of police."""
    tribunal: str
    tribunal_city: str
    lat: float
    lon: float
    timezone: str
    """IANA name (domain.md 3.4)."""


def departements_of(rows: PlaceRows) -> Iterator[Departement]:
    """One for each prefecture and each collectivity of the tables."""
    for row in rows.prefectures:
        if row.kind != "sous_prefecture":
            yield Departement(
                code=row.departement,
                name=row.departement_name,
                prefecture=row.id,
                prefecture_name=row.official_name,
                city=row.city,
                address=row.address if row.address_as_of else None,
                address_as_of=row.address_as_of or None,
                website=row.website or None,
                is_police_prefect=row.kind == "prefecture_police",
                tribunal=row.ta_name,
                tribunal_city=row.ta_city,
                lat=row.lat,
                lon=row.lon,
                timezone=row.timezone,
            )
    for collectivity in rows.collectivities:
        yield Departement(
            code=collectivity.code,
            name=collectivity.name,
            prefecture=None,
            prefecture_name=None,
            city=None,
            address=None,
            address_as_of=None,
            website=None,
            is_police_prefect=False,
            tribunal=collectivity.ta_name,
            tribunal_city=collectivity.ta_city,
            lat=collectivity.lat,
            lon=collectivity.lon,
            timezone=collectivity.timezone,
        )
