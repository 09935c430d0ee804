"""The data behind the letters: sentences, translations, legal grounds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.documents import LetterKind
from bot.core.errors import DataError, DocumentError
from bot.core.outcomes import COLLECTIVITIES
from bot.core.urgency import WITHOUT_TITLE
from bot.documents.grounds import UNKNOWN_CHANNEL, load_law
from bot.documents.letters import DATA, LetterRenderer
from bot.documents.runs import placeholders
from bot.documents.texts import load_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bot.core.documents import LetterFacts
    from bot.i18n.languages import Languages

LAW = load_law(DATA / "grounds.yml")
SENTENCES = load_sentences(DATA / "letter.yml")

GROUND = """
grounds:
  - rule_id: ground.x
    fact: F-04
    text_fr: "Un texte."
    source: "s"
    status: READ-P
    as_of: 2026-11-23
    verified_by: null
    verified_on: null
    expires_on: 2027-05-23
    applies_to: [a1]
    channels: [PREF]
"""


def test_grounds_come_from_primary_sources_and_expire_within_six_months() -> None:
    """domain.md 0: nothing RECALLED, an expiry for each (POLICY: 6 months)."""
    assert len(LAW.grounds) == 4
    for ground in LAW.grounds:
        assert ground.status == "READ-P"
        assert ground.fact in {"F-04", "F-08", "F-09"}
        assert ground.expires_on - ground.as_of <= timedelta(days=184)
        assert placeholders(ground.text_fr) == frozenset()


def test_printer_locks_what_the_triage_locks() -> None:
    """The two locks hold the same doors, so that no letter is promised and then refused."""
    assert set(LAW.locked_titles) == WITHOUT_TITLE
    assert set(LAW.locked_departements) == COLLECTIVITIES


@pytest.mark.parametrize("channel", ["ANEF", "PREF", "MIX", "OTHER", UNKNOWN_CHANNEL])
def test_reasonable_time_is_stated_however_the_title_is_filed(channel: str) -> None:
    """F-04 holds for every complete application."""
    for kind in LetterKind:
        stated = [ground.rule_id for ground in LAW.stated(kind, channel, date(2026, 11, 23))]
        assert "ground.reasonable_time" in stated


@pytest.mark.parametrize(
    ("status", "signed", "may"),
    [("READ-P", False, True), ("READ-S", False, False), ("RECALLED", False, False), ("RECALLED", True, True)],
)
def test_only_primary_or_signed_grounds_are_stated(tmp_path: Path, status: str, signed: bool, may: bool) -> None:
    """design.md 3.2."""
    raw = GROUND.replace("READ-P", status)
    if signed:
        raw = raw.replace("verified_by: null", "verified_by: a jurist").replace(
            "verified_on: null", "verified_on: 2026-12-01"
        )
    file = tmp_path / "grounds.yml"
    file.write_text(raw, encoding="utf-8")
    assert bool(load_law(file).stated(LetterKind.RENEWAL, "PREF", date(2027, 5, 23))) is may
    assert load_law(file).stated(LetterKind.RENEWAL, "PREF", date(2027, 5, 24)) == ()
    assert load_law(file).stated(LetterKind.FIRST, "PREF", date(2026, 11, 23)) == ()


FAULTS = (
    ("grounds:", "rules:", "grounds"),
    ("rule_id: ground.x", "rule: ground.x", "rule_id"),
    ('text_fr: "Un texte."', "text_fr: 7", "text_fr"),
    ('source: "s"', 'source: ""', "source"),
    ("as_of: 2026-11-23", "as_of: soon", "as_of"),
    ("expires_on: 2027-05-23", "expires_on: null", "expires_on"),
    ("verified_by: null", "verified_by: somebody", "verified_by"),
    ("applies_to: [a1]", "applies_to: []", "applies_to"),
    ("applies_to: [a1]", "applies_to: [a9]", "applies_to"),
    ("channels: [PREF]", "channels: PREF", "channels"),
    ("channels: [PREF]", "channels: [PRÉF]", "channels"),
    ("rule_id: ground.x", "rule_id: [", "-"),
)


@pytest.mark.parametrize(("good", "bad", "key"), FAULTS)
def test_fault_in_the_grounds_is_named(tmp_path: Path, good: str, bad: str, key: str) -> None:
    """A jurist can mend what is named."""
    assert len(FAULTS) == 12
    file = tmp_path / "grounds.yml"
    file.write_text(GROUND.replace(good, bad), encoding="utf-8")
    with pytest.raises(DataError, match=r"grounds\.yml") as caught:
        load_law(file)
    assert key in caught.value.key


def test_ground_listed_twice_is_refused(tmp_path: Path) -> None:
    """Two texts for one rule would be two laws."""
    file = tmp_path / "grounds.yml"
    file.write_text(GROUND + GROUND.replace("\ngrounds:\n", ""), encoding="utf-8")
    with pytest.raises(DataError, match="twice"):
        load_law(file)


@pytest.mark.parametrize("raw", ["- a\n- b\n", 'key: "{"\n', "key: 3\n", "key: ''\n", "key: ["])
def test_fault_in_the_sentences_is_named(tmp_path: Path, raw: str) -> None:
    """Start stops on it."""
    file = tmp_path / "letter.yml"
    file.write_text(raw, encoding="utf-8")
    with pytest.raises(DataError, match=r"letter\.yml"):
        load_sentences(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Not a bare FileNotFoundError."""
    for load in (load_sentences, load_law):
        with pytest.raises(DataError, match=r"none\.yml"):
            load(tmp_path / "none.yml")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_draft_translates_every_sentence_with_its_placeholders(
    drafts: Mapping[str, Mapping[str, str]], language: str
) -> None:
    """A draft is complete or it is not handed over."""
    french = dict(SENTENCES)
    french.update({ground.rule_id: ground.text_fr for ground in LAW.grounds})
    draft = drafts[language]
    assert set(draft) == set(french)
    assert [key for key in french if placeholders(draft[key]) != placeholders(french[key])] == []
    assert [key for key in french if draft[key] == french[key] and key != "column_date"] == []


def test_sentence_taken_out_of_the_data_is_named(
    tmp_path: Path, languages: Languages, facts: Callable[..., LetterFacts]
) -> None:
    """A letter is refused by the key of what is missing."""
    (tmp_path / "grounds.yml").write_text(GROUND, encoding="utf-8")
    (tmp_path / "letter.yml").write_text("guide_title: Titre\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="is missing"):
        LetterRenderer(lambda _key, french, _language: french, languages.all, data=tmp_path).letter(facts())


def test_placeholder_nobody_fills_in_is_named(
    tmp_path: Path, languages: Languages, facts: Callable[..., LetterFacts]
) -> None:
    """An edit of the data cannot print braces."""
    (tmp_path / "grounds.yml").write_text(GROUND, encoding="utf-8")
    source = (DATA / "letter.yml").read_text(encoding="utf-8")
    (tmp_path / "letter.yml").write_text(
        source.replace("Lisez chaque phrase", "Lisez {chaque} phrase"), encoding="utf-8"
    )
    with pytest.raises(DocumentError, match="guide_check"):
        LetterRenderer(lambda _key, french, _language: french, languages.all, data=tmp_path).letter(facts())
