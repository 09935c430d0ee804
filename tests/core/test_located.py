"""Which département a point on the map lies in."""

import pytest

from bot.core.located import communes_near
from bot.core.place_rows import CommuneRow
from tests.playing import reference


def at(latitude, longitude):
    return [
        (place.departement, place.arrondissement) for place in reference().readers.gazetteer.at(latitude, longitude)
    ]


@pytest.mark.parametrize(
    ("where", "point", "departement"),
    [
        ("Bobigny", (48.908, 2.439), "93"),
        ("Lyon, Part-Dieu", (45.760, 4.861), "69"),
        ("Marseille, Vieux-Port", (43.295, 5.374), "13"),
        ("Ajaccio", (41.919, 8.738), "2A"),
        ("Cayenne", (4.937, -52.326), "973"),
        ("Maripasoula, forest", (3.3, -53.9), "973"),
        ("Mamoudzou", (-12.780, 45.228), "976"),
        ("Saint-Denis de La Réunion", (-20.882, 55.450), "974"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_point_lies_in_its_departement(where, point, departement):
    assert [code for code, _ in at(*point)] == [departement]


def test_arrondissement_is_told_with_it():
    assert at(48.897, 2.502)[0] == ("93", "Le Raincy")


@pytest.mark.parametrize(
    ("where", "point", "both"),
    [("Porte de Pantin", (48.889, 2.394), {"75", "93"}), ("Porte d'Orléans", (48.823, 2.325), {"75", "92"})],
)
def test_near_a_border_both_are_told(where, point, both):
    assert both <= {code for code, _ in at(*point)}


@pytest.mark.parametrize(
    "point",
    [(51.507, -0.128), (50.85, 4.35), (36.75, 3.06), (40.417, -3.703), (0.0, 0.0), (46.0, -5.5), (90.0, 0.0),
     (-90.0, 180.0), (5.852, -55.204)],
    ids=["London", "Bruxelles", "Alger", "Madrid", "nowhere", "ocean", "pole", "south pole", "Paramaribo"],
)  # fmt: skip
def test_point_abroad_or_at_sea_is_nowhere(point):
    assert at(*point) == []


def test_every_commune_lies_in_its_own_departement():
    gazetteer = reference().readers.gazetteer
    rows = [row for row in gazetteer._communes if row.lat is not None][::350]
    assert len(rows) > 90
    assert [row for row in rows if gazetteer.at(row.lat, row.lon)[0].departement != row.departement] == []


def test_communes_without_a_position_are_passed_over():
    row = CommuneRow("98735", "Papeete", "papeete", "987", "", "98713", 26_000, None, None)
    assert communes_near((-17.5, -149.6), [row]) == []
