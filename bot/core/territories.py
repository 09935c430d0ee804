"""Which département codes exist, on which land each lies, and how far two points are.

Nobody is sent across an ocean: every overseas code is a land of its own (directory.md 3).
Must not know: any organisation, any commune.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from bot.core.outcomes import COLLECTIVITIES, OVERSEAS

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

METROPOLE = frozenset({f"{number:02}" for number in range(1, 96) if number != 20} | {"2A", "2B"})
"""The 96 départements of Europe, Corsica with them."""

EVERYWHERE = METROPOLE | OVERSEAS | COLLECTIVITIES
"""Every code a person can be in."""

EUROPE = "europe"

_EARTH_DIAMETER_KM = 12_742.0

_BOXES = {
    EUROPE: (41.2, -5.6, 51.3, 9.8),
    "971": (15.7, -61.9, 16.6, -60.9),
    "972": (14.3, -61.3, 15.0, -60.7),
    "973": (2.0, -54.7, 5.9, -51.5),
    "974": (-21.5, 55.1, -20.8, 55.9),
    "975": (46.7, -56.6, 47.2, -56.0),
    "976": (-13.1, 44.9, -12.5, 45.4),
    "977": (17.8, -63.0, 18.0, -62.7),
    "978": (18.0, -63.2, 18.2, -62.9),
}
"""South, west, north and east edge of each land where organisations may stand, in degrees."""


def land_of(departement: str) -> str | None:
    """``europe``, or the code itself overseas; None for a code that does not exist."""
    if departement in METROPOLE:
        return EUROPE
    return departement if departement in EVERYWHERE else None


def is_on(point: Point, land: str) -> bool:
    """True when the point lies in the rectangle around a land; False for a land without one."""
    box = _BOXES.get(land)
    if box is None:
        return False
    south, west, north, east = box
    return south <= point[0] <= north and west <= point[1] <= east


def kilometres(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres, never negative."""
    lat_a, lon_a, lat_b, lon_b = (radians(degrees) for degrees in (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return _EARTH_DIAMETER_KM * asin(sqrt(min(half, 1.0)))
