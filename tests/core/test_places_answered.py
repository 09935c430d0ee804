"""Answers to "which département?" in every language: regions, spoken numbers, cases, Latin letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.reading import PlaceReading, Status
from tests.gazetteer import read

LINES = (Path(__file__).parent / "places_answered.txt").read_text(encoding="utf-8").splitlines()[1:]
CASES = [tuple(line.split(" | ", 1)) for line in LINES]


def is_as_meant(reading: PlaceReading, meant: str) -> bool:
    if meant == "open":
        return reading.status is not Status.FOUND
    if meant == "none":
        return reading.status is Status.NONE
    return reading.found is not None and reading.found.departement == meant


def test_answers_are_read_as_they_are_meant():
    assert len(CASES) > 400
    assert [(meant, text) for meant, text in CASES if not is_as_meant(read(f"?{text}"), meant)] == []


@pytest.mark.parametrize("text", ["occitanie", "en auvergne-rhône-alpes", "Occitanie, près de Toulouse", "grand est"])
def test_the_largest_regions_are_offered_whole_unless_a_town_is_named(text: str):
    reading = read(text)
    if "Toulouse" in text:
        assert reading.found.departement == "31"
    else:
        assert reading.status is Status.AMBIGUOUS
        assert len(reading.candidates) in {10, 12, 13}


@pytest.mark.parametrize(
    ("text", "departement"),
    [
        ("ma pref c celle de nanterre", "92"),
        ("Lyonun yanı Vénissieux", "69"),
        ("Ренн і околиці, тобто Ілль і Вілен", "35"),
        ("porte de versailles", "75"),
    ],
)
def test_guess_beside_a_name_that_stands_is_dropped(text: str, departement: str):
    reading = read(f"?{text}")
    assert reading.found is not None
    assert reading.found.departement == departement


@pytest.mark.parametrize(
    "text", ["یک اتاق ده هوتل داریم از طرف ۱۱۵", "on est dix dans un hotel", "vivimos once en una casa", "doksan"]
)
def test_lone_number_word_in_a_sentence_is_no_departement(text: str):
    assert read(text).status is Status.NONE
