"""Letters as a person and a prefect read them."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from bot.core.case import AttemptResult
from bot.core.documents import LetterKind
from bot.core.errors import DocumentError
from bot.core.ids import AttemptId
from bot.documents.letters import LetterRenderer
from tests.playing import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.documents import LetterFacts
    from bot.i18n.languages import Languages

    Build = Callable[..., LetterFacts]

OFFERED = [language.code for language in wording().languages.offered]

FORBIDDEN = (
    "suffisant",
    "gagn",
    "tribunal",
    "juge",
    "référé",
    "recours",
    "astreinte",
    "mise en demeure",
    "avez le droit",
)
"""No promise and no threat (domain.md 3.5, S-INFO)."""


def pages(pdf: bytes) -> list[str]:
    """The text of each page on one line."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    """The whole text on one line."""
    return " ".join(pages(pdf))


def test_renewal_in_french_reads_from_addressee_to_signature(renderer: LetterRenderer, facts: Build) -> None:
    """Field by field of domain.md 4.2, in the order of the letter."""
    printed = text(renderer.letter(facts(count=3)))
    wanted = [
        "Que faire de cette lettre",
        "Vous avez reçu un refus, ou une lettre qui dit de quitter la France ? N'envoyez pas cette lettre.",
        "liste datée de 2019-10",
        "Ce modèle est gratuit.",
        "Nom",
        "Date et lieu de naissance",
        "Nationalité",
        "Adresse",
        "Téléphone ou courriel",
        "Numéro étranger",
        "Madame la préfète ou Monsieur le préfet",
        "Préfecture de la Seine-Saint-Denis",
        "Service des étrangers",
        "1 esplanade Jean-Moulin, 93007",
        "Bobigny",
        "Lettre recommandée avec accusé de réception n°",
        "Fait à",
        "Objet : demande de rendez-vous pour renouveler un titre de séjour",
        "Carte de séjour « salarié »",
        "20 janvier 2027 (20/01/2027)",
        "la préfecture indique seulement ce moyen",
        "Nombre de tentatives effectuées : 3, du 1er octobre 2026 (01/10/2026) au 3 octobre 2026 (03/10/2026).",
        "Courriels déjà envoyés",
        "Je vous demande un rendez-vous dans un délai de",
        "jours, pour déposer ma demande.",
        "un autre moyen de déposer ma demande",
        "récépissé ou attestation",
        "R.431-3",
        "R.431-2, alinéa 3",
        "n° 436288",
        "n° 461694",
        "Conséquences de ce blocage pour moi",
        "Pièces jointes, en copie",
        "considération distinguée",
        "Signature :",
        "Annexe : relevé des tentatives",
        "Relevé établi par l'intéressé(e), certifié sincère",
    ]
    place = 0
    for words in wanted:
        found = printed.find(words, place)
        assert found >= 0, words
        place = found


@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("count", [0, 1, 40])
def test_letter_promises_nothing_and_threatens_nobody(
    renderer: LetterRenderer, facts: Build, kind: LetterKind, count: int
) -> None:
    """Words of courts and of sure success stand in no letter."""
    printed = text(renderer.letter(facts(kind=kind, count=count))).casefold()
    assert [word for word in FORBIDDEN if word in printed] == []


def test_every_page_says_it_is_a_model_to_be_read_by_somebody(renderer: LetterRenderer, facts: Build) -> None:
    """The footer carries the warning, the reference and the day."""
    for page in pages(renderer.letter(facts(count=40))):
        assert "Modèle d'information, à relire avec une association ou un juriste avant envoi" in page
        assert "Réf. K7QX-29 · préparé le 23 novembre 2026" in page


def test_paris_letter_goes_to_the_prefect_of_police(renderer: LetterRenderer, facts: Build) -> None:
    """The addressee in Paris is not "préfet de Paris"."""
    paris = facts(departement="75", prefecture_name="Préfecture de police", is_police_prefect=True)
    printed = text(renderer.letter(paris))
    assert "Madame la préfète de police ou Monsieur le préfet de police Préfecture de police" in printed


def test_unknown_prefecture_leaves_lines_to_fill_in(renderer: LetterRenderer, facts: Build) -> None:
    """What is not known is never invented."""
    unknown = facts(
        prefecture_name=None, departement_name=None, prefecture_city=None, prefecture_address=None, title_name=None
    )
    printed = text(renderer.letter(unknown))
    assert "Préfecture du département : 93" in printed
    assert "Cherchez l'adresse de la préfecture sur son site officiel" in printed
    assert "None" not in printed


def test_address_without_a_date_is_not_printed(renderer: LetterRenderer, facts: Build) -> None:
    """An address nobody dated may be wrong."""
    printed = text(renderer.letter(facts(prefecture_address_as_of=None)))
    assert "Jean-Moulin" not in printed
    assert "Cherchez l'adresse" in printed


def test_town_is_printed_once(renderer: LetterRenderer, facts: Build) -> None:
    """An address that already names it does not get it twice."""
    printed = text(renderer.letter(facts(prefecture_address="1 esplanade Jean-Moulin\n93007 Bobigny")))
    assert "1 esplanade Jean-Moulin 93007 Bobigny Lettre" in printed


def test_first_application_asks_for_the_title_and_names_the_document_held(
    renderer: LetterRenderer, facts: Build
) -> None:
    """Letter a2 differs from a1 where the situation does."""
    printed = text(renderer.letter(facts(kind=LetterKind.FIRST, procedure="proc.first")))
    assert "Objet : demande de rendez-vous pour une première demande de titre de séjour" in printed
    assert "Titre de séjour demandé : Carte de séjour « salarié »" in printed
    assert "Document en ma possession (visa, titre de séjour, récépissé), le cas échéant" in printed


def test_change_of_status_is_not_called_a_first_application(renderer: LetterRenderer, facts: Build) -> None:
    """A letter a2 for proc.change says so."""
    printed = text(renderer.letter(facts(kind=LetterKind.FIRST, procedure="proc.change")))
    assert "changement de statut" in printed
    assert "première demande" not in printed


def test_receipt_is_renewed_by_its_own_name(renderer: LetterRenderer, facts: Build) -> None:
    """proc.recep is no first application, whatever the kind of letter."""
    printed = text(renderer.letter(facts(kind=LetterKind.FIRST, procedure="proc.recep")))
    assert "renouveler un récépissé" in printed
    assert "première demande" not in printed


def test_any_other_procedure_is_left_to_be_named(renderer: LetterRenderer, facts: Build) -> None:
    """A lost card is no first application either."""
    printed = text(renderer.letter(facts(kind=LetterKind.FIRST, procedure="proc.dup")))
    assert "Objet : demande de rendez-vous au service des étrangers" in printed
    assert "Je souhaite faire cette démarche :" in printed
    assert "première demande" not in printed


@pytest.mark.parametrize("procedure", [None, "proc.unknown"])
def test_kind_decides_when_the_procedure_is_unknown(
    renderer: LetterRenderer, facts: Build, procedure: str | None
) -> None:
    """a1 is a renewal."""
    assert "renouvellement de mon titre" in text(renderer.letter(facts(procedure=procedure)))


def test_record_counts_what_the_log_counts(renderer: LetterRenderer, facts: Build) -> None:
    """Twice the same minute is once; an obtained slot and a date to come are no failed attempts (domain.md 4.3)."""
    three = facts(count=3).attempts
    again = replace(three[0], id=AttemptId("again"))
    slot = replace(three[1], id=AttemptId("slot"), result=AttemptResult.SLOT, at=three[1].at + timedelta(days=20))
    later = replace(three[1], id=AttemptId("later"), at=three[1].at + timedelta(days=200))
    printed = text(renderer.letter(facts(attempts=(*three, again, slot, later))))
    assert "Nombre de tentatives effectuées : 3, du 1er octobre 2026 (01/10/2026) au 3 octobre 2026" in printed
    assert "22/10/2026" not in printed
    assert "20/04/2027" not in printed


def test_hour_is_printed_with_its_offset(renderer: LetterRenderer, facts: Build) -> None:
    """An hour in La Réunion is not one in Paris."""
    (one,) = facts(count=1).attempts
    zones = (timezone(timedelta(hours=4)), timezone(timedelta(hours=-3, minutes=-30)), UTC)
    made = tuple(replace(one, id=AttemptId(str(zone)), at=one.at.replace(tzinfo=zone)) for zone in zones)
    printed = text(renderer.letter(facts(attempts=made)))
    for shown in ("09:05 (UTC+4)", "09:05 (UTC-3:30)", "09:05 (UTC+0)"):
        assert shown in printed


def test_month_alone_leaves_the_day_to_fill_in(renderer: LetterRenderer, facts: Build) -> None:
    """The first of the month is ours, not what the document says."""
    printed = text(renderer.letter(facts(expires_on=date(2027, 1, 1), is_month_only=True)))
    assert "Mois de fin de validité de ce document : janvier 2027 (01/2027). Jour :" in printed
    assert "01/01/2027" not in printed


def test_without_attempts_the_record_is_a_form_to_fill_in(renderer: LetterRenderer, facts: Build) -> None:
    """Nothing is claimed that the person has not done."""
    printed = text(renderer.letter(facts()))
    assert "Nombre de tentatives effectuées" not in printed
    assert "écrivez une ligne par tentative, avec la vraie date et la vraie heure" in printed
    assert "Preuves : empreintes" not in printed


def test_single_attempt_has_one_date(renderer: LetterRenderer, facts: Build) -> None:
    """No period is made of one day."""
    printed = text(renderer.letter(facts(count=1)))
    assert "Nombre de tentatives effectuées : 1, le 1er octobre 2026 (01/10/2026)." in printed


def test_forty_attempts_fill_several_pages_with_a_repeated_header(renderer: LetterRenderer, facts: Build) -> None:
    """Every attempt and every full digest is there."""
    letter = facts(count=40)
    printed = pages(renderer.letter(letter))
    assert sum("SHA-256 (début)" in page for page in printed) > 1
    whole = " ".join(printed)
    for attempt in letter.attempts:
        assert f"{attempt.at:%d/%m/%Y}" in whole
        for shown in attempt.proofs:
            assert shown.sha256[:16] in whole
            assert shown.sha256[:32] in whole
            assert shown.sha256[32:] in whole
    assert "Nombre de jours entre la première et la dernière tentative : 39" in whole
    assert "avec au moins une tentative : 6" in whole


@pytest.mark.parametrize("language", ["fr", "en"])
def test_annex_says_which_pictures_were_forwarded(renderer: LetterRenderer, facts: Build, language: str) -> None:
    """They are listed like the others, and said not to be first-hand."""
    letter = facts(count=3, language=language)
    last = letter.attempts[-1]
    forwarded = replace(last, proofs=tuple(replace(shown, is_forwarded=True) for shown in last.proofs))
    printed = text(renderer.letter(replace(letter, attempts=(*letter.attempts[:-1], forwarded))))
    assert "Images transférées depuis un autre message : n° 2, 3." in printed
    assert ("Pictures forwarded from another message: no. 2, 3." in printed) is (language == "en")
    assert "transférées" not in text(renderer.letter(letter))


@pytest.mark.parametrize("language", OFFERED[1:])
def test_translated_letter_keeps_the_whole_french_text(
    renderer: LetterRenderer, facts: Build, drafts: dict[str, dict[str, str]], language: str
) -> None:
    """The French stands complete beside the translation, and the guide says which counts."""
    printed = text(renderer.letter(facts(count=3, language=language)))
    assert "La traduction vous aide à lire" in printed
    assert "Objet : demande de rendez-vous" in printed
    assert language in drafts
    if language == "en":
        assert "Subject: request for an appointment to renew a residence permit" in printed
        assert "1 October 2026" in printed


def test_arabic_letter_holds_joined_arabic_and_whole_file_numbers(renderer: LetterRenderer, facts: Build) -> None:
    """Text extraction of Arabic is lossy: presence of the script and of unbroken numbers is what can be held."""
    printed = text(renderer.letter(facts(count=3, language="ar")))
    assert sum(unicodedata.normalize("NFKC", c) != c or "\u0600" <= c <= "\u06ff" for c in printed) > 1000
    for number in ("R.431-3", "436288", "461694", "20/01/2027"):
        assert printed.count(number) >= 2, number


@pytest.mark.parametrize("language", OFFERED)
def test_guide_is_one_page_to_keep(renderer: LetterRenderer, facts: Build, language: str) -> None:
    """The letter begins on a page of its own, which can be sent without the guide."""
    first, second, *_ = pages(renderer.letter(facts(language=language)))
    assert "Cette page est pour vous" in first
    assert "Ceci est une information générale" in first
    assert "Prénoms" in second
    assert "Objet :" in second


def test_language_without_translation_gives_french_alone(
    languages: Languages, facts: Build, renderer: LetterRenderer
) -> None:
    """A missing catalogue is not an error, and languages are not mixed."""
    silent = LetterRenderer(lambda _key, _french, _language: "", languages.all)
    printed = text(silent.letter(facts(language="ru")))
    assert "La traduction vous aide" not in printed
    assert printed == text(renderer.letter(facts(language="fr")))


@pytest.mark.parametrize("broken", ["{unknown}", "{", "no placeholder"])
def test_translation_that_lost_its_placeholders_is_not_printed(languages: Languages, facts: Build, broken: str) -> None:
    """A count or a date must never go missing in one language only."""
    renderer = LetterRenderer(lambda _key, _french, _language: broken, languages.all)
    printed = text(renderer.letter(facts(language="en", count=2)))
    assert "{" not in printed
    assert "Nombre de tentatives effectuées : 2" in printed


@pytest.mark.parametrize("language", ["xx", "", "FR", "hy", "../fr"])
def test_unknown_language_is_refused(renderer: LetterRenderer, facts: Build, language: str) -> None:
    """No letter rather than a letter in a wrong script."""
    with pytest.raises(DocumentError):
        renderer.letter(facts(language=language))


def test_every_language_of_the_registry_makes_a_letter(
    renderer: LetterRenderer, facts: Build, languages: Languages
) -> None:
    """The date words of each language have glyphs: PDF/A refuses a missing one."""
    spoken = LetterRenderer(
        lambda _key, french, _language: f"{french} {'…'}",
        [each for each in languages.all if each.code != "fr"] + [languages["fr"]],
    )
    assert len(languages.all) == 16
    for language in languages.all:
        assert spoken.letter(facts(language=language.code, count=1)).startswith(b"%PDF-")
    renderer.check_fonts()


HOSTILE = (
    "#set page(width: 1cm)",
    "<b>gras</b> & <x>",
    "$x^2$ @ref *gras* _it_",
    "« \"guillemets\" » 'apostrophe' \\u{41}",
    '#read("/etc/passwd")',
    "a // b /* c */ = titre",
)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_markup_in_a_name_prints_as_it_is(renderer: LetterRenderer, facts: Build, hostile: str, language: str) -> None:
    """Data is never read as a template."""
    letter = facts(title_name=hostile, prefecture_name=hostile, language=language)
    loose = str.maketrans("", "", " ()")  # pypdf turns brackets round beside Arabic
    printed = text(renderer.letter(letter)).translate(loose)
    assert printed.count(hostile.translate(loose)) >= 2
    assert len(HOSTILE) == 6


def test_direction_controls_in_a_name_are_taken_out(renderer: LetterRenderer, facts: Build) -> None:
    """A name cannot turn the rest of a sentence round."""
    letter = facts(prefecture_name="Préfecture \u202egnorw\u202c \u2066du\u2069 Nord\x00\x1b")
    assert "Préfecture gnorw du Nord" in text(renderer.letter(letter))


def test_long_names_stay_on_the_page(renderer: LetterRenderer, facts: Build) -> None:
    """A name of many words breaks; nothing is cut."""
    name = " ".join(["Préfecture de Saint-Quelque-Chose-sur-Rivière"] * 6)
    printed = text(renderer.letter(facts(prefecture_name=name, title_name=name, language="ar"))).replace("- ", "-")
    assert printed.replace(" ", "").count(name.replace(" ", "")) >= 2


def test_same_facts_give_the_same_bytes(renderer: LetterRenderer, facts: Build) -> None:
    """The digest of a letter can be written down."""
    letter = facts(count=5, language="ar")
    assert renderer.letter(letter) == renderer.letter(letter)
    assert renderer.letter(letter) != renderer.letter(facts(count=5, language="ar", written_on=date(2026, 11, 24)))


def test_pdf_is_tagged_archival_accessible_and_dated(renderer: LetterRenderer, facts: Build) -> None:
    """PDF/A-2a, PDF/UA-1, French as its language, the day it was written as its date."""
    reader = PdfReader(io.BytesIO(renderer.letter(facts(count=1, language="ar"))))
    catalogue: Any = reader.trailer["/Root"]
    metadata = catalogue["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2" in metadata
    assert "<pdfaid:conformance>A" in metadata
    assert "<pdfuaid:part>1" in metadata
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "fr"
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2026, 11, 23)
    assert reader.metadata.author is None
