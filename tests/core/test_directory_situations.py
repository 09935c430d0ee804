"""Who is shown on 2026-11-23 to people in forty and more situations, on the real files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.core.needs import topics_named
from bot.storage.reference.organisations import load_directory

if TYPE_CHECKING:
    from bot.core.directory import Directory

TODAY = date(2026, 11, 23)
DATA = Path(__file__).resolve().parents[2] / "bot" / "data"

BOBIGNY = (48.90618, 2.44504)
PARIS = (48.8551, 2.3458)
CERGY = (49.05216, 2.03639)
LYON = (45.7640, 4.8357)
BRON = (45.7337, 4.9092)
GRENOBLE = (45.18663, 5.73631)
STRASBOURG = (48.57358, 7.75321)
CAYENNE = (4.93804, -52.33502)

USUAL = ("cimade-national", "gisti", "point-justice")
ASYLUM = ("cimade-national", "comede", "point-justice")

SITUATIONS = [
    ("93", BOBIGNY, "letter", None, ("cimade-idf-fessart", "cimade-idf-batignolles", "sc-93"), "departement", USUAL),
    ("93", None, "letter", "ar", ("sc-93", "cimade-idf-batignolles", "cimade-idf-fessart"), "departement", USUAL),
    (
        "93",
        BOBIGNY,
        "asylum",
        None,
        ("cimade-idf-batignolles", "ffhumanite", "cimade-ile-de-france"),
        "departement",
        ASYLUM,
    ),
    (
        "93",
        BOBIGNY,
        "O-SAFE",
        None,
        ("cimade-ile-de-france", "rajfire", "dila-cidf-93027-01"),
        "departement",
        ("point-justice",),
    ),
    (
        "93",
        BOBIGNY,
        "O-ANEF",
        None,
        ("cimade-idf-fessart", "cimade-idf-batignolles", "sc-93"),
        "departement",
        ("anef-centre-de-contact", "cimade-national", "point-justice"),
    ),
    (
        "93",
        BOBIGNY,
        "O-DDD",
        None,
        ("cimade-idf-fessart", "cimade-idf-batignolles", "sc-93"),
        "departement",
        ("defenseur-des-droits", "cimade-national", "point-justice"),
    ),
    ("75", PARIS, "letter", None, ("cimade-idf-batignolles", "cimade-idf-fessart", "bps-bus"), "10", USUAL),
    ("75", None, "letter", "ar", ("cimade-idf-batignolles", "cimade-idf-fessart", "bps-bus"), "departement", USUAL),
    ("75", PARIS, "asylum", None, ("cimade-idf-batignolles", "ffhumanite", "bps-bus"), "departement", ASYLUM),
    (
        "92",
        (48.89222, 2.20694),
        "letter",
        None,
        ("cimade-idf-batignolles", "asti-issy", "cimade-ile-de-france"),
        "departement",
        USUAL,
    ),
    (
        "94",
        (48.77779, 2.45316),
        "letter",
        None,
        ("cimade-idf-batignolles", "cimade-ile-de-france", "rajfire"),
        "departement",
        USUAL,
    ),
    # No desk of their own is known in the Val-d'Oise: those that serve the whole region, then generalists.
    ("95", CERGY, "letter", None, ("cimade-idf-batignolles", "cimade-ile-de-france", "rajfire"), "departement", USUAL),
    (
        "95",
        CERGY,
        "law",
        None,
        ("dila-mjd-95127-01", "dila-mjd-95219-01", "dila-mjd-95018-01"),
        "30",
        ("point-justice",),
    ),
    (
        "77",
        (48.53998, 2.66085),
        "letter",
        None,
        ("cimade-idf-batignolles", "turbulences-77", "cimade-ile-de-france"),
        "departement",
        USUAL,
    ),
    (
        "78",
        (48.80052, 2.13038),
        "letter",
        None,
        ("asti-sartrouville", "cimade-idf-batignolles", "asti-chanteloup"),
        "30",
        USUAL,
    ),
    # sc-91 and maison-monde-evry must be checked first, cimade-massy is no desk.
    (
        "91",
        (48.62374, 2.42946),
        "letter",
        None,
        ("asti-ulis", "cimade-idf-batignolles", "cimade-ile-de-france"),
        "departement",
        USUAL,
    ),
    ("69", LYON, "letter", None, ("cimade-lyon", "cimade-lyon-duchere", "cimade-lyon-villeurbanne"), "10", USUAL),
    (
        "69",
        BRON,
        "letter",
        "ar",
        ("cimade-lyon-bron", "cimade-lyon-villeurbanne", "cimade-lyon-venissieux"),
        "10",
        USUAL,
    ),
    ("69", LYON, "asylum", None, ("cimade-lyon", "dila-mjd-69388-01", "dila-mjd-69259-01"), "10", ASYLUM),
    # A desk for asylum seekers is no fallback for a residence permit.
    ("38", GRENOBLE, "letter", None, ("adate-grenoble", "cimade-aura", "dila-mjd-38185-01"), "departement", USUAL),
    ("38", GRENOBLE, "asylum", None, ("ada-grenoble", "adate-grenoble", "dila-mjd-38185-01"), "10", ASYLUM),
    ("67", STRASBOURG, "letter", None, ("cimade-strasbourg", "dila-mjd-67482-01", "dila-cidf-67180-01"), "30", USUAL),
    ("67", STRASBOURG, "asylum", None, ("casas-strasbourg", "cimade-strasbourg", "dila-mjd-67482-01"), "10", ASYLUM),
    (
        "68",
        (48.07914, 7.3577),
        "letter",
        None,
        ("cimade-strasbourg", "asti-colmar", "dila-mjd-68066-01"),
        "departement",
        USUAL,
    ),
    ("08", (49.77304, 4.71933), "letter", None, ("cimade-strasbourg", "dila-cidf-08105-01"), "departement", USUAL),
    (
        "57",
        (49.11972, 6.17626),
        "letter",
        None,
        ("cimade-strasbourg", "dila-mjd-57751-01", "dila-mjd-57306-01"),
        "departement",
        USUAL,
    ),
    # Nothing but a page of 2015 is known in Rennes: a name and the network's site, and generalists.
    ("35", (48.09307, -1.67494), "letter", None, ("cimade-rennes", "dila-cidf-35238-01"), "10", USUAL),
    ("22", (48.51387, -2.76438), "letter", None, ("cimade-saint-brieuc", "dila-cidf-22278-01"), "10", USUAL),
    (
        "29",
        (48.39, -4.486),
        "letter",
        None,
        ("cimade-brest", "cimade-quimper", "dila-cidf-29019-01"),
        "departement",
        USUAL,
    ),
    ("44", (47.21863, -1.55377), "letter", None, ("cimade-nantes", "gasprom", "dila-mjd-44109-01"), "10", USUAL),
    (
        "49",
        (47.47109, -0.54731),
        "letter",
        None,
        ("cimade-anjou", "dila-mjd-49007-01", "dila-cidf-49007-01"),
        "departement",
        USUAL,
    ),
    (
        "13",
        (43.2976, 5.36943),
        "letter",
        None,
        ("cimade-marseille", "espace-marseille", "dila-mjd-13005-01"),
        "departement",
        USUAL,
    ),
    (
        "31",
        (43.60405, 1.44305),
        "letter",
        None,
        ("cimade-toulouse", "pj-grand-ramier", "toulouse-integration"),
        "10",
        USUAL,
    ),
    (
        "31",
        (43.60405, 1.44305),
        "O-STOP",
        None,
        ("cimade-toulouse", "pj-grand-ramier", "toulouse-integration"),
        "10",
        USUAL,
    ),
    ("33", (44.83802, -0.57964), "letter", None, ("asti-bordeaux", "dila-cidf-33063-01"), "10", USUAL),
    (
        "34",
        (43.59945, 3.89609),
        "letter",
        None,
        ("mb34", "dila-mjd-34172-01", "dila-permanence-juridique-34172-04"),
        "departement",
        USUAL,
    ),
    (
        "06",
        (43.69611, 7.27178),
        "letter",
        None,
        ("adn-nice", "dila-mjd-06088-01", "dila-mjd-06083-01"),
        "departement",
        USUAL,
    ),
    ("09", (42.96375, 1.60548), "letter", None, ("perm-foix", "dila-cidf-09122-01"), "10", USUAL),
    (
        "59",
        (50.63089, 3.07086),
        "letter",
        None,
        ("cimade-lille", "cimade-valenciennes", "bus-droit-lille"),
        "departement",
        USUAL,
    ),
    (
        "76",
        (49.44327, 1.09982),
        "letter",
        None,
        ("cimade-lehavre", "ahseti-lehavre", "dila-mjd-76540-01"),
        "departement",
        USUAL,
    ),
    ("76", (49.494, 0.108), "letter", None, ("cimade-lehavre", "ahseti-lehavre", "dila-mjd-76351-01"), "10", USUAL),
    ("05", (44.55877, 6.0798), "letter", None, ("dila-permanence-juridique-05061-01",), "10", USUAL),
    (
        "05",
        (44.55877, 6.0798),
        "asylum",
        None,
        ("cimade-05", "dila-permanence-juridique-05061-01"),
        "departement",
        ASYLUM,
    ),
    (
        "28",
        (48.44355, 1.48828),
        "letter",
        None,
        ("collectif28", "dila-mjd-28134-01", "dila-permanence-juridique-28088-01"),
        "50",
        USUAL,
    ),
    ("48", (44.51782, 3.50117), "letter", None, ("dila-cidf-48095-01",), "10", USUAL),
    ("2A", (41.91865, 8.73688), "letter", None, ("ava-basta", "ldh-corse", "dila-cidf-2a004-01"), "departement", USUAL),
    ("2B", None, "letter", None, ("ldh-corse", "ava-basta", "dila-cidf-2b033-01"), "departement", USUAL),
    ("971", (15.99718, -61.73226), "letter", None, ("cimade-guadeloupe", "dila-cidf-97120-01"), "departement", USUAL),
    ("972", (14.60737, -61.06944), "letter", None, (), "national", USUAL),
    # La Cimade Guyane has cancelled its sessions: never shown.
    ("973", CAYENNE, "letter", "pt", ("dila-cidf-97302-01",), "10", USUAL),
    ("973", CAYENNE, "asylum", None, ("dila-cidf-97302-01",), "10", ASYLUM),
    ("973", CAYENNE, "removal", None, ("dila-cidf-97302-01",), "10", USUAL),
    ("974", (-20.87897, 55.44863), "letter", None, ("cimade-reunion",), "departement", USUAL),
    ("976", (-12.78058, 45.23257), "letter", None, ("cimade-mayotte", "ldh-mayotte"), "departement", USUAL),
    ("975", None, "letter", None, (), "national", USUAL),
    ("977", None, "asylum", None, (), "national", ASYLUM),
    ("988", None, "letter", None, (), "national", USUAL),
    ("99", None, "letter", None, (), "national", USUAL),
]


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(DATA)


def test_table_holds_more_than_forty_situations():
    assert len(SITUATIONS) == 58
    assert len({(departement, at, word, language) for departement, at, word, language, *_ in SITUATIONS}) == 58


@pytest.mark.parametrize(("departement", "at", "word", "language", "local", "reach", "national"), SITUATIONS)
def test_person_is_shown_these_organisations(  # noqa: PLR0917  (a row of the table)
    directory, departement, at, word, language, local, reach, national
):
    topics = topics_named(word)
    assert topics is not None
    match = directory.match(departement, at, topics, TODAY, language)
    assert tuple(shown.id for shown in match.local) == local
    assert match.reach == reach
    assert tuple(shown.id for shown in match.national) == national


def test_every_card_of_today_is_a_stale_one(directory):
    for departement, at, word, language, *_ in SITUATIONS:
        match = directory.match(departement, at, topics_named(word), TODAY, language)
        assert all(shown.is_stale for shown in (*match.local, *match.national))


def test_recalled_town_gives_neither_a_town_nor_a_distance(directory):
    mayotte = directory.match("976", (-12.78, 45.23), topics_named("letter"), TODAY).local[0]
    assert (mayotte.id, mayotte.town, mayotte.distance_km) == ("cimade-mayotte", None, None)


def test_headquarters_of_la_cimade_are_shown_without_town_phone_or_address(directory):
    door = directory.match("93", BOBIGNY, topics_named("letter"), TODAY).national[0]
    assert (door.name, door.town, door.phone, door.address) == ("La Cimade – siège national", None, None, None)
    assert door.website == "https://www.lacimade.org"
    assert door.checked is not None
    assert door.checked.iso == "2016-03"


def test_card_of_the_day_after_the_check_would_be_a_full_one(directory):
    grenoble = directory.match("38", GRENOBLE, frozenset({"asile"}), date(2025, 10, 1)).local[0]
    assert (grenoble.id, grenoble.freshness) == ("ada-grenoble", "fresh")
    assert grenoble.phone == "04 76 50 24 06"
    assert [opening.weekday for opening in grenoble.hours] == [2, 5]


def test_no_note_and_nothing_recalled_can_be_read_from_a_card(directory):
    for organisation in directory.organisations:
        match = directory.match(
            organisation.departement or "75", organisation.position, frozenset(organisation.topics), TODAY, limit=400
        )
        for shown in (*match.local, *match.national):
            assert "recalled" not in repr(shown)
            assert "oberkampf" not in repr(shown).lower()
