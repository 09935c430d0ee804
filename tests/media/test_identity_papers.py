"""Identity papers are refused, booking pages never; with words and without."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.core.errors import MediaRefusedError
from bot.media.inspection import Inspector
from bot.media.mrz import has_zone, pitch_of
from bot.media.papers import has_zone_lines, is_identity_paper, is_page
from tests.media.drawings import (
    ENGLISH_PAGE,
    MRZ_TD1,
    MRZ_TD2,
    MRZ_TD3,
    PAGE,
    booking_page,
    card,
    chinese_page,
    console_page,
    jpeg,
    photograph,
    png,
    text_page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SCREENS = ((390, 844), (750, 1334), (1080, 2400), (1366, 768), (1920, 1080))
ZONES = {"card": MRZ_TD1, "older card": MRZ_TD2, "passport": MRZ_TD3}
NO_ZONE: dict[str, Callable[[], Image.Image]] = {
    "card without a zone": lambda: photograph(card(900, mrz=()), angle=3),
    "blank": lambda: Image.new("RGB", (800, 600), "white"),
    "black": lambda: Image.new("RGB", (800, 600), "black"),
    "one pixel": lambda: Image.new("RGB", (1, 1)),
    "a thread": lambda: Image.new("RGB", (2400, 1)),
}
for _size in SCREENS:
    for _dark in (False, True):
        NO_ZONE[f"console {_size} dark={_dark}"] = partial(console_page, *_size, dark=_dark)
        NO_ZONE[f"page {_size} dark={_dark}"] = partial(booking_page, *_size, dark=_dark)
        NO_ZONE[f"english page {_size} dark={_dark}"] = partial(
            booking_page, *_size, dark=_dark, chrome=False, lines=ENGLISH_PAGE
        )
for _number in range(6):
    NO_ZONE[f"text {_number}"] = partial(text_page, 1080, 1920, _number)
for _places in (30, 36, 44):
    NO_ZONE[f"chinese {_places}"] = partial(chinese_page, _places)


@pytest.mark.parametrize("name", sorted(NO_ZONE))
def test_pages_have_no_machine_readable_zone(name: str) -> None:
    """Not one false alarm: refusing a proof would cost somebody an appointment."""
    assert len(NO_ZONE) == 44
    assert not has_zone(NO_ZONE[name]())


@pytest.mark.parametrize("zone", sorted(ZONES))
@pytest.mark.parametrize("angle", [0, 3, -5])
@pytest.mark.parametrize("margin", [0.1, 0.35])
def test_zone_of_a_photographed_card_is_seen(zone: str, angle: float, margin: float) -> None:
    """Turned, on a table, with a camera's light and grain."""
    paper = photograph(card(1200, mrz=ZONES[zone]), angle=angle, margin=margin, tilt=0.01)
    assert has_zone(paper)


@pytest.mark.parametrize("zone", sorted(ZONES))
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_zone_is_seen_whichever_way_the_card_lies(zone: str, turn: int) -> None:
    """A card held sideways is still a card."""
    assert has_zone(photograph(card(1000, mrz=ZONES[zone]), angle=2).rotate(turn, expand=True))


def test_line_of_equal_places_has_that_pitch_and_print_has_none() -> None:
    """The measure behind it all."""
    fixed = ([200] * 12 + [0] * 8) * 35 + [200] * 12
    places, clearness = pitch_of(fixed)
    assert round(places + 0.4) == 36
    assert clearness > 0.95
    assert pitch_of([value for width in range(3, 40) for value in [200] * width + [0] * 3])[0] == 0
    assert pitch_of([0] * 300) == (0.0, 0.0)


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_card_is_refused_without_reading(blind: Inspector, zone: str) -> None:
    """As on a machine without tesseract."""
    assert not blind.can_read
    with pytest.raises(MediaRefusedError, match="identity paper"):
        blind.inspect(jpeg(photograph(card(1200, mrz=ZONES[zone]), angle=2)))


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("dark", [False, True])
def test_booking_page_is_accepted_without_reading(blind: Inspector, size: tuple[int, int], *, dark: bool) -> None:
    """Phone and computer, light and dark."""
    assert blind.inspect(png(booking_page(*size, dark=dark))).width > 0


@pytest.mark.parametrize("zone", ["none", *sorted(ZONES)])
@pytest.mark.parametrize("angle", [0, -5])
def test_card_is_refused_by_its_words(reading: Inspector, zone: str, angle: float) -> None:
    """The front of a card has no zone."""
    with pytest.raises(MediaRefusedError):
        reading.inspect(jpeg(photograph(card(1200, mrz=ZONES.get(zone, ())), angle=angle)))


@pytest.mark.parametrize("lines", [PAGE, ENGLISH_PAGE])
@pytest.mark.parametrize("chrome", [True, False])
@pytest.mark.parametrize("dark", [True, False])
def test_booking_page_is_accepted_although_it_names_cards(
    reading: Inspector, lines: tuple[str, ...], *, chrome: bool, dark: bool
) -> None:
    """Titles, passports, names and birth dates are words of booking pages too."""
    assert reading.inspect(png(booking_page(1080, 1920, lines=lines, chrome=chrome, dark=dark))).width == 1080


@pytest.mark.parametrize("size", [(390, 844), (1920, 1080)])
def test_error_page_is_accepted_by_a_reader(reading: Inspector, size: tuple[int, int]) -> None:
    """A proof of a fault is a proof."""
    assert reading.inspect(png(console_page(*size))).width > 0


@pytest.mark.parametrize("program", ["/nowhere/tesseract", "false", "true", "echo"])
def test_program_that_is_no_tesseract_reads_nothing(program: str) -> None:
    """Said at construction, so that the start can say it."""
    assert not Inspector(program).can_read


CARD = """TITRE DE SÉJOUR RESIDENCE PERMIT
NOM / SURNAME
SPECIMEN
PRÉNOMS / GIVEN NAMES
NATIONALITÉ / NATIONALITY SEXE / SEX"""
PAPERS = (
    CARD,
    "PASSEPORT PASSPORT RÉPUBLIQUE FRANÇAISE Nom/Surname SPECIMEN Date de naissance/Date of birth",
    "CARTE NATIONALE D'IDENTITÉ / IDENTITY CARD\nNOM / Surname SPECIMEN",
    "RÉPUBLIQUE FRANÇAISE RÉCÉPISSÉ DE DEMANDE DE CARTE DE SÉJOUR valable jusqu'au 01/01/2030 Il autorise son titulaire à travailler",
    "IRFRASPE0000017<<<<<<<<<<<<<<<\n9001014F3001012XXX<<<<<<<<<<<6",
    "bruit\nP<FRASPECIMEN<<MARIE<LOUISE << << «<<<<<<<<\nbruit",
)
PAGES = (
    "\n".join(PAGE),
    "\n".join(ENGLISH_PAGE),
    "Titre de séjour Nom Prénom Date de naissance Nationalité Date d'expiration",
    "Renouvellement de carte de résident, passeport talent, récépissé de demande",
    "<< Précédent   Suivant >>",
    "<<<<<<<<<<<<<< maintenance >>>>>>>>>>>>>>>>>",
    "https://www.rdv-prefecture.interieur.gouv.fr " + CARD,
    "Residence permit - first application. Surname Given names Date of birth",
    "RÉPUBLIQUE FRANÇAISE Liberté Égalité Fraternité",
    "",
)


@pytest.mark.parametrize("text", PAPERS)
def test_words_of_papers_are_known(text: str) -> None:
    """Two languages side by side, or a zone."""
    assert len(PAPERS) == 6
    assert is_identity_paper(text)


@pytest.mark.parametrize("text", PAGES)
def test_words_of_pages_are_not_those_of_papers(text: str) -> None:
    """Booking pages name every card there is."""
    assert len(PAGES) == 10
    assert not is_identity_paper(text)


def test_long_text_is_no_card() -> None:
    """A page of explanations may quote a card."""
    assert not is_identity_paper(CARD + " mot" * 200)


def test_address_makes_a_page_and_chevrons_make_a_zone() -> None:
    """The two signs that decide alone."""
    assert is_page("www.prefecture.fr")
    assert is_page("prochain créneau")
    assert not is_page(CARD)
    assert has_zone_lines(PAPERS[4])
    assert not has_zone_lines(PAGES[5])
