"""Finding phrases in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import phrasebook
from bot.core.errors import DataError
from bot.core.phrasebook import Hit, Phrasebook
from bot.core.tokens import Spelling

CONCEPTS = {"card": ["carte", "titre de séjour", "(permis|carte) de séjour"], "many": ["(a|b|c|d) (e|f|g|h)"]}
BOOK = Phrasebook(
    [
        ("card", "<card> étudiant"),
        ("renew", "renouv*"),
        ("got", "reçu .. oqtf"),
        ("far", "oqtf .... reçu"),
        ("age", "<n> ans"),
        ("alone", "^ rien $"),
        ("many", "<many> x"),
        ("again", "(un|deux|trois|quatre|cinq|six|sept) (jours|mois|ans|heures)"),
        ("again", "(un|deux|trois|quatre|cinq|six|sept) (jours|mois|ans|heures) encore"),
        ("again", "trois jours"),
        ("again", "trois jours"),
    ],
    CONCEPTS,
    Spelling(decoys=frozenset({"renoncer", "etudier"})),
)


def keys(text):
    return {hit.key for hit in BOOK.find(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ma carte étudiante", {"card"}),
        ("titre de séjour étudiant", {"card"}),
        ("permis de séjour etudinat", {"card"}),
        ("carte. étudiant", set()),
        ("renouveler", {"renew"}),
        ("renuoveler", {"renew"}),
        ("renoncer", set()),
        ("renoncers", set()),
        ("reçu hier une oqtf", {"got"}),
        ("reçu a b c d oqtf", set()),
        ("reçu. oqtf", set()),
        ("oqtf ? je l'ai reçu", {"far"}),
        ("16 ans", {"age"}),
        ("rien", {"alone"}),
        ("...rien", {"alone"}),
        ("rien du tout", set()),
        ("b g x", {"many"}),
        ("deux mois", {"again"}),
        ("", set()),
        ("renouvelment", {"renew"}),
    ],
)
def test_the_phrases_of_a_text_are_found(text, expected):
    assert keys(text) == expected


def test_a_hit_tells_where_it_stands():
    (hit,) = BOOK.find("ma carte étudiant")
    assert (hit.start, hit.end) == (2, 4)


def test_words_cut_once_can_be_read_again():
    assert BOOK.find(BOOK.tokens("16 ans")) == BOOK.find("16 ans")


def test_a_concept_that_nobody_defined_is_refused():
    with pytest.raises(DataError, match="<unknown>"):
        Phrasebook([("x", "<unknown> y")])


def test_concepts_do_not_hold_concepts():
    with pytest.raises(DataError):
        Phrasebook([("x", "<b>")], {"a": ["c"], "b": ["<a> d"]})


def test_an_excuse_explains_what_it_runs_into_but_not_what_surrounds_it():
    hit = Hit("x", 3, 6)
    assert Hit("y", 1, 4).explains(hit)
    assert Hit("y", 5, 8).explains(hit)
    assert Hit("y", 2, 7).explains(hit)
    assert not Hit("y", 4, 5).explains(hit)
    assert not Hit("y", 6, 8).explains(hit)
    assert Hit("y", 2, 7).covers(hit)
    assert not Hit("y", 4, 7).covers(hit)


@given(st.text(max_size=80))
def test_any_text_can_be_searched(text):
    assert isinstance(BOOK.find(text), list)


def test_a_book_reads_short_spellings_only_where_its_language_may_be_meant():
    book = Phrasebook(
        [("week", "semaine")],
        None,
        Spelling(short={"sem": ("semaine",)}, local=frozenset({"sem"})),
        frozenset({"fr"}),
    )
    assert [hit.key for hit in book.find_as("2 sem", ())] == ["week"]
    assert [hit.key for hit in book.find_as("2 sem", ("pt", "fr"))] == ["week"]
    assert book.find_as("2 sem resposta", ("pt",)) == []


def test_a_book_of_arabic_strips_prefixes_only_where_the_text_may_be_arabic():
    book = Phrasebook([("want", "اريد")], None, None, frozenset({"fr", "ar"}))
    assert [hit.key for hit in book.find_as("واريد", ("ar",))] == ["want"]
    assert book.find_as("داريد", ("fa",)) == []


def test_what_a_word_stands_for_is_kept_without_the_word(monkeypatch):
    """The second reading finds the same; a name that was typed is nowhere in memory, and no book grows for ever."""
    monkeypatch.setattr(phrasebook, "_KEPT_WORDS", 3)
    book = Phrasebook([("renew", "renouv*"), ("card", "carte")])
    text = "Amadou renouvelle sa cartte"
    assert book.find(text) == book.find(text) != []
    assert not any(isinstance(mark, str) for mark in book._symbols_kept)
    assert {"amadou", "sa"}.isdisjoint(word for words in book._symbols_kept.values() for word in words)
    for number in range(20):
        book.find(f"{'a' * number} {'b' * number}")
        assert len(book._symbols_kept) <= 3
    assert book.find(text)[0].key == "renew"
