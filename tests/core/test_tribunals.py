from __future__ import annotations

from datetime import date

import pytest

from bot.core.directory import Directory
from bot.core.freshness import read_checked
from bot.core.tribunals import Tribunal, tribunal_key


@pytest.mark.parametrize(
    "name",
    [
        "Tribunal administratif de la Guyane",
        "tribunal administratif - Guyane",
        "TRIBUNAL ADMINISTRATIF DE LA GUYANE",
        "La Guyane",
        "guyane",
    ],
)
def test_names_of_one_tribunal_have_one_key(name):
    assert tribunal_key(name) == "guyane"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Tribunal administratif d'Amiens", "amiens"),
        ("Tribunal administratif d’Orléans", "orleans"),
        ("Tribunal administratif de Châlons-en-Champagne", "chalons en champagne"),
        ("Tribunal administratif de Dijon", "dijon"),
        ("Tribunal administratif de La Réunion", "reunion"),
    ],
)
def test_key_is_the_place_alone(name, key):
    assert tribunal_key(name) == key


def test_tribunal_is_found_by_any_of_its_names():
    lyon = Tribunal("Tribunal administratif de Lyon", "Lyon", "184 rue Duguesclin, 69003 Lyon", None, "DILA", None)
    directory = Directory([], [lyon])
    assert directory.tribunal("Lyon") is directory.tribunal("Tribunal administratif de Lyon") is lyon
    assert directory.tribunal("Papeete") is None


@pytest.mark.parametrize(("as_of", "is_stale"), [("2019-10", True), ("", True), ("2026-03", False)])
def test_address_goes_stale_after_a_year(as_of, is_stale):
    tribunal = Tribunal("Tribunal administratif de Lyon", "Lyon", None, None, "DILA", read_checked(as_of))
    assert tribunal.is_stale(date(2026, 11, 23)) is is_stale
