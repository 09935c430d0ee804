"""Texts about places in sixteen languages and in Latin letters, as people type them on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.core.reading import PlaceReading, Status
from bot.storage.reference.places import load_rows
from tests.gazetteer import PLACES, gazetteer, read

FILES = sorted((Path(__file__).parent / "places_as_written").glob("*.yml"))

LANGUAGES = {"ar", "bn", "en", "es", "fa", "fr", "ht", "ka", "ps", "pt", "ru", "ta", "tr", "uk", "ur", "zh"}

AROUND_PARIS = (
    "près de Paris",
    "paris ke paas rehta hun",
    "парижские пригороды, под Парижем",
    "parise yakın",
    "巴黎附近",
    "پیرس کے قریب",
    "পারিসের কাছে",
    "პარიზთან ახლოს",
    "saken 7da paris",
    "pa lwen pari",
)

NO_PLACE = (
    "my friend Nancy helped me",
    "mon avocat s'appelle maître Laval",
    "madame Rennes m'a répondu",
    "me llamo Paris",
    "моя жена ждёт",
    "আমি পারি না",
    "پرون ورغلم",
    "څلور کاله",
    "доброе утро",
    "me gusta la lila",
    "il garde mon passeport",
    "rani f garde à vue",
    "شهر ستة",
)


def said(reading: PlaceReading) -> str:
    """The département, or ask, or none."""
    return reading.found.departement if reading.found else {"ambiguous": "ask", "none": "none"}[reading.status.value]


def test_every_language_has_its_texts():
    stems = {file.stem for file in FILES}
    assert stems >= LANGUAGES
    assert {f"{code}_latin" for code in ("ar", "bn", "fa", "ru", "ur")} <= stems


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_text_is_read_as_it_is_meant(file: Path):
    cases = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    texts = [(str(expected), text) for expected, texts in cases.items() for text in texts]
    wrong = [(expected, text, said(read(text))) for expected, text in texts if said(read(text)) != expected]
    assert wrong == []
    assert len(texts) >= 75


@pytest.mark.parametrize("text", AROUND_PARIS)
def test_near_paris_is_asked_about(text: str):
    reading = read(text)
    assert reading.status is Status.AMBIGUOUS
    assert {"75", "92", "93", "94"} <= {candidate.departement for candidate in reading.candidates}


@pytest.mark.parametrize("text", ["под Парижем, Эври", "Évry, près de Paris", "巴黎附近, 埃夫里"])
def test_town_near_paris_is_that_town(text: str):
    assert said(read(text)) == "91"


@pytest.mark.parametrize("text", NO_PLACE)
def test_word_or_person_that_looks_like_a_town_is_none(text: str):
    assert said(read(text)) == "none"


def test_homonym_of_the_region_named_contradicts_the_other():
    text = "Saint-Denis de la Réunion? non, Saint-Denis, en Île-de-France"
    assert {one.departement for one in read(text).candidates} == {"93", "974"}


@pytest.mark.parametrize(
    ("text", "departement"),
    [
        ("lyondayım", "69"),
        ("nicete oturuyorum", "06"),
        ("seine saint denisde oturuyorum", "93"),
        ("zhivu v marsele", "13"),
        ("в Меце", "57"),
        ("moro no 78", "78"),
        ("93 mein rehta hun", "93"),
        ("93'te oturuyorum", "93"),
        ("93ல் இருக்கிறேன்", "93"),
    ],
)
def test_ending_and_verb_after_a_name_tell_that_it_is_a_place(text: str, departement: str):
    assert said(read(text)) == departement


@pytest.mark.parametrize("text", ["kızım 13 yaşında", "n 78", "le n° 78 de la liste", "13'te bitiyor", "au no 78"])
def test_number_that_counts_something_else_is_no_place(text: str):
    assert said(read(text)) == "none"


def test_every_spelling_is_heard_as_an_answer_and_means_its_place():
    index = gazetteer()._index
    missed = []
    for row in load_rows(PLACES).spellings:
        place = index.name(row.place)
        assert place is not None
        meant = {one.departement for one in (*place.places, *place.asked)}
        for name in row.names:
            reading = read(f"?{name}")
            heard = {one.departement for one in ((reading.found,) if reading.found else reading.candidates)}
            if not heard & meant:
                missed.append((row.place, name))
    assert missed == []
