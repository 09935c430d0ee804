"""Which département a point on the map lies in, by the nearest town halls.

Near a border the nearest town hall may be on its other side: then both are told, and the person chooses.
Must not know: where the point came from, what is said about it.
"""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

from bot.core.territories import kilometres

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.place_rows import CommuneRow
    from bot.core.territories import Point

FARTHEST_KM = 20.0
"""From a town hall; farther is abroad or at sea. The largest commune of Europe's France reaches about so far."""

_FARTHEST_IN = {"973": 120.0}
"""Guyane's communes are as large as départements."""

NEAR_BORDER = 1.5
"""A town hall of another département up to so many times as far counts too…"""

_BESIDE_KM = 1.0
"""…and a little farther in towns, whose town halls stand close together."""

MOST = 4
"""Départements told at once."""

_KM_OF_DEGREE = 111.2


def communes_near(point: Point, communes: Iterable[CommuneRow]) -> Sequence[CommuneRow]:
    """The nearest commune of each département that the point may lie in, nearest first; none outside France."""
    latitude, longitude = point
    reach = max(FARTHEST_KM, *_FARTHEST_IN.values()) / _KM_OF_DEGREE
    width = reach / max(cos(radians(latitude)), 0.1)
    nearest: dict[str, tuple[float, CommuneRow]] = {}
    for row in communes:
        if row.lat is None or row.lon is None or abs(row.lat - latitude) > reach or abs(row.lon - longitude) > width:
            continue
        far = kilometres(point, (row.lat, row.lon))
        known = nearest.get(row.departement)
        if far <= _FARTHEST_IN.get(row.departement, FARTHEST_KM) and (known is None or far < known[0]):
            nearest[row.departement] = (far, row)
    found = sorted(nearest.values(), key=lambda each: each[0])
    limit = found[0][0] * NEAR_BORDER + _BESIDE_KM if found else 0.0
    return [row for far, row in found if far <= limit][:MOST]
