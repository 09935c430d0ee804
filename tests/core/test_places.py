from __future__ import annotations

import csv
import sys
from statistics import median, quantiles
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.reading import PlaceReading, Status
from tests.core.place_cases import AMBIGUOUS, FOUND, NOWHERE
from tests.gazetteer import PLACES, gazetteer, read

COLLECTIVITIES = {"975", "977", "978", "984", "986", "987", "988", "989"}
WITH_PREFECTURE = [row.code for row in gazetteer().departements if row.prefecture]
SEATS = {row.code: row.city for row in gazetteer().departements if row.city}

ARRONDISSEMENTS = (
    ("Bobigny", "Bobigny"),
    ("Le Raincy", "Le Raincy"),
    ("sous-préfecture du Raincy", "Le Raincy"),
    ("Aulnay-sous-Bois", "Le Raincy"),
    ("Antony", "Antony"),
    ("93200", "Saint-Denis"),
    ("Saint-Denis 93", "Saint-Denis"),
    ("بوبيني", "Bobigny"),
    ("Pierrefitte-sur-Seine", "Saint-Denis"),
    ("Paris 18", "Paris"),
    ("Le Havre", "Le Havre"),
    ("?93", None),
    ("Seine-Saint-Denis", None),
    ("Mamoudzou", None),
    ("noisy le sec et bobigny", "Bobigny"),
    ("Bobigny et Le Raincy", None),
    ("je suis à Bobigny, avant au Raincy", "Bobigny"),
    ("94390", "Palaiseau"),
)

TRIBUNALS = (
    ("93", "Montreuil"),
    ("94", "Melun"),
    ("77", "Melun"),
    ("92", "Cergy-Pontoise"),
    ("95", "Cergy-Pontoise"),
    ("78", "Versailles"),
    ("91", "Versailles"),
    ("30", "Nîmes"),
    ("48", "Nîmes"),
    ("84", "Nîmes"),
    ("83", "Toulon"),
    ("06", "Nice"),
    ("974", "La Réunion"),
    ("75", "Paris"),
    ("2A", "Bastia"),
    ("984", "La Réunion"),
)

TIMEZONES = (
    ("93", "Europe/Paris"),
    ("2B", "Europe/Paris"),
    ("971", "America/Guadeloupe"),
    ("972", "America/Martinique"),
    ("973", "America/Cayenne"),
    ("974", "Indian/Reunion"),
    ("975", "America/Miquelon"),
    ("976", "Indian/Mayotte"),
    ("988", "Pacific/Noumea"),
)

_WORDS = st.sampled_from(
    [word for text, _code in FOUND for word in text.removeprefix("?").split()]
    + [word for text in NOWHERE for word in text.removeprefix("?").split()]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=9).map(" ".join))


def test_tables_are_as_long_as_they_should_be():
    assert len(FOUND) >= 600
    assert len(NOWHERE) >= 300
    assert len(AMBIGUOUS) >= 60
    assert len({text for text, _code in FOUND}) > 0.97 * len(FOUND)
    assert len(WITH_PREFECTURE) == 101


@pytest.mark.parametrize(("text", "departement"), FOUND)
def test_place_that_people_write_is_found(text: str, departement: str):
    reading = read(text)
    assert reading.status is Status.FOUND
    assert reading.found is not None
    assert reading.found.departement == departement
    assert reading.found.prefecture == (None if departement in COLLECTIVITIES else f"pref-{departement}")
    assert reading.found.label.endswith(f"({departement})")
    assert reading.candidates == ()


@pytest.mark.parametrize("text", NOWHERE)
def test_text_without_a_place_names_none(text: str):
    assert read(text) == PlaceReading()


@pytest.mark.parametrize(("text", "departements"), AMBIGUOUS)
def test_name_of_several_places_is_asked_about(text: str, departements: tuple[str, ...]):
    reading = read(text)
    assert reading.status is Status.AMBIGUOUS
    assert reading.found is None
    offered = [candidate.departement for candidate in reading.candidates]
    assert set(departements) <= set(offered)
    assert len(offered) == len(set(offered))
    assert 2 <= len(offered) <= 8


@pytest.mark.parametrize(("text", "arrondissement"), ARRONDISSEMENTS)
def test_arrondissement_is_told_when_the_text_tells_it(text: str, arrondissement: str | None):
    reading = read(text)
    assert reading.found is not None
    assert reading.found.arrondissement == arrondissement


@pytest.mark.parametrize("code", WITH_PREFECTURE)
def test_every_departement_is_found_by_its_number(code: str):
    for text in (f"?{code}", f"? {code.lower()} ", f"j'habite dans le {code}", f"département {code}"):
        reading = read(text)
        assert reading.found is not None, text
        assert (reading.found.departement, reading.found.prefecture) == (code, f"pref-{code}")


@pytest.mark.parametrize("code", sorted(set(WITH_PREFECTURE) - {"86"}))
def test_every_departement_is_found_by_its_name(code: str):
    name = gazetteer().departement(code).name
    for text in (f"?{name}", f"?{name.lower().replace('-', ' ')}", f"préfecture {name}", f"département: {name}"):
        reading = read(text)
        assert reading.found is not None, text
        assert reading.found.departement == code


def test_vienne_is_asked_about_unless_called_a_departement():
    assert read("?Vienne").status is Status.AMBIGUOUS
    assert read("Vienne (86)").found is not None
    assert read("Vienne 38").found is not None


@pytest.mark.parametrize(("code", "city"), sorted((code, city) for code, city in SEATS.items() if code != "974"))
def test_every_departement_is_found_by_its_seat(code: str, city: str):
    for text in (f"?{city}", f"j'habite à {city}", f"préfecture de {city}", f"{city} {code}"):
        reading = read(text)
        assert reading.found is not None, text
        assert reading.found.departement == code


def test_every_postcode_of_the_tables_leads_to_a_departement_of_its_communes():
    departements: dict[str, set[str]] = {}
    for row in gazetteer()._index._rows.communes:
        for postcode in row.postcodes.split():
            departements.setdefault(postcode, set()).add(row.departement)
    assert len(departements) == 6310
    for postcode in sorted(departements)[::7]:
        reading = read(f"?{postcode}")
        found = {reading.found.departement} if reading.found else {one.departement for one in reading.candidates}
        assert found == departements[postcode], postcode


@pytest.mark.parametrize(
    ("postcode", "departements"),
    [("93007", "93"), ("95010", "95"), ("97499", "974"), ("20179", "2A"), ("20699", "2B"), ("98899", "988")],
)
def test_cedex_code_falls_back_on_its_first_digits(postcode: str, departements: str):
    reading = read(f"?{postcode}")
    assert reading.found is not None
    assert reading.found.departement == departements


@pytest.mark.parametrize("postcode", ["00123", "99123", "96100"])
def test_code_of_no_departement_is_no_place(postcode: str):
    assert read(f"?{postcode}").status is Status.NONE


@pytest.mark.parametrize(("code", "tribunal"), TRIBUNALS)
def test_departement_has_the_tribunal_of_the_law(code: str, tribunal: str):
    assert gazetteer().departement(code).tribunal.endswith(tribunal)


def test_every_tribunal_is_one_that_the_table_of_tribunals_knows():
    with (PLACES.parent / "tribunals.csv").open(encoding="utf-8", newline="") as file:
        known = {row["name"] for row in csv.DictReader(file)}
    assert {gazetteer().departement(code).tribunal for code in WITH_PREFECTURE} <= known


@pytest.mark.parametrize(("code", "timezone"), TIMEZONES)
def test_departement_keeps_its_own_time(code: str, timezone: str):
    assert gazetteer().departement(code).timezone == timezone


def test_paris_alone_has_a_prefect_of_police():
    assert [row.code for row in gazetteer().departements if row.is_police_prefect] == ["75"]


def test_address_always_carries_the_month_it_was_true():
    with_address = [row for row in gazetteer().departements if row.address]
    assert len(with_address) == 88
    assert all(row.address_as_of for row in with_address)


def test_collectivities_have_a_court_and_no_prefecture():
    without = {row.code for row in gazetteer().departements if row.prefecture is None}
    assert without == COLLECTIVITIES
    assert all(gazetteer().departement(code).tribunal for code in COLLECTIVITIES)


def test_label_names_the_departement_and_its_number():
    assert gazetteer().label("93") == "Seine-Saint-Denis (93)"
    assert gazetteer().label("2A") == "Corse-du-Sud (2A)"


def test_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        gazetteer().departement("96")
    with pytest.raises(KeyError):
        gazetteer().label("")


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("Bobigny", 48.91, 2.44),
        ("Le Raincy", 48.90, 2.52),
        ("?93", 48.91, 2.44),
        ("Paris 18", 48.86, 2.35),
        ("Pierrefitte-sur-Seine", 48.94, 2.36),
        ("tahiti", -17.54, -149.57),
        ("98800 Nouméa", -22.27, 166.44),
    ],
)
def test_near_is_the_town_or_its_seat_or_the_prefecture(text: str, lat: float, lon: float):
    found = read(text).found
    assert found is not None
    assert gazetteer().near(found) == pytest.approx((lat, lon), abs=0.02)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.booleans())
def test_any_text_is_read_and_prefecture_and_departement_always_agree(text: str, is_asked: bool):
    reading = gazetteer().resolve(text, is_asked)
    candidates = [*reading.candidates, *([reading.found] if reading.found else [])]
    for candidate in candidates:
        expected = None if candidate.departement in COLLECTIVITIES else f"pref-{candidate.departement}"
        assert candidate.prefecture == expected
        assert gazetteer().near(candidate)
    assert (reading.found is not None) is (reading.status is Status.FOUND)
    assert (len(reading.candidates) > 1) is (reading.status is Status.AMBIGUOUS)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(FOUND), st.sampled_from([" ", "  ", "\t", "\u00a0"]), st.sampled_from([str.upper, str.title, str])
)
def test_case_and_spaces_change_nothing(case: tuple[str, str], space: str, recase):
    text, departement = case
    if not text.isascii():
        return
    found = gazetteer().resolve(recase(text.removeprefix("?").replace(" ", space)), text.startswith("?")).found
    assert found is not None
    assert found.departement == departement


@pytest.mark.timing
def test_lookup_takes_less_than_a_millisecond(capsys: pytest.CaptureFixture[str]):
    texts = [text for text, _code in FOUND] + list(NOWHERE)
    read("je suis à bobini 93200")
    took = []
    for text in texts:
        start = process_time()
        read(text)
        took.append(process_time() - start)
    with capsys.disabled():
        sys.stdout.write(
            f"\nplaces: median {1000 * median(took):.2f} ms, 95th {1000 * quantiles(took, n=20)[-1]:.2f} ms\n"
        )
    assert median(took) < (0.001 if sys.gettrace() is None else 0.005)
