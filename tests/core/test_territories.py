from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.territories import EUROPE, EVERYWHERE, METROPOLE, is_on, kilometres, land_of

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_every_code_exists_once():
    assert len(METROPOLE) == 96
    assert len(EVERYWHERE) == 96 + 5 + 8


@pytest.mark.parametrize(
    ("code", "land"),
    [
        ("93", EUROPE),
        ("2A", EUROPE),
        ("973", "973"),
        ("976", "976"),
        ("988", "988"),
        ("20", None),
        ("96", None),
        ("", None),
    ],
)
def test_land_of_a_code(code, land):
    assert land_of(code) == land


@pytest.mark.parametrize(
    ("point", "land", "lies_there"),
    [
        ((48.9, 2.4), EUROPE, True),
        ((41.9, 8.7), EUROPE, True),
        ((4.9, -52.3), EUROPE, False),
        ((4.9, -52.3), "973", True),
        ((-20.9, 55.4), "974", True),
        ((-12.8, 45.2), "974", False),
        ((48.9, 2.4), "984", False),
    ],
)
def test_point_lies_on_a_land(point, land, lies_there):
    assert is_on(point, land) is lies_there


def test_known_distance():
    assert kilometres((4.938, -52.335), (47.748, -3.370)) == pytest.approx(6646, rel=0.01)


@given(points, points)
def test_distance_is_never_negative_and_the_same_both_ways(a, b):
    assert 0 <= kilometres(a, b) <= 20_100
    assert kilometres(a, b) == pytest.approx(kilometres(b, a))
