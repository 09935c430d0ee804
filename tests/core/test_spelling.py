"""Forms of words and slips of the finger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.spelling import Typos, forms, within

TYPOS = Typos(["etudiant", "prison", "renouvellement", "carte"])


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("etudiantes", "etudiant"),
        ("salariees", "salarie"),
        ("cartes", "carte"),
        ("creneaux", "creneau"),
        ("ouii", "oui"),
        ("والطالب", "طالب"),
        ("للطالب", "طالب"),
        ("اقامتي", "اقامه"),
        ("بطاقتها", "بطاقه"),
        ("طالبه", "طالب"),
    ],
)
def test_a_word_is_known_by_its_bare_form(word, form):
    assert form in forms(word)


@pytest.mark.parametrize("word", ["mes", "as", "e", "و", "من"])
def test_a_short_word_is_left_whole(word):
    assert forms(word) == (word,)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("etudinat", ("etudiant",)),
        ("etudian", ("etudiant",)),
        ("priosn", ("prison",)),
        ("renouvelment", ("renouvellement",)),
        ("renouvellement", ("renouvellement",)),
        ("oriosn", ()),
        ("crate", ()),
        ("pr", ()),
        ("bibliotheque", ()),
    ],
)
def test_a_slip_in_a_long_word_is_forgiven_once_and_twice_in_a_longer_one(typed, known):
    assert TYPOS.near(typed) == known


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_the_same_both_ways(first, second):
    assert within(first, second, 2) == within(second, first, 2)


@given(st.text(max_size=12))
def test_a_word_is_at_no_distance_from_itself(word):
    assert within(word, word, 0)


def test_two_swapped_letters_are_one_slip_and_three_changes_are_too_many():
    assert within("prison", "priosn", 1)
    assert not within("prison", "raison", 1)
    assert not within("prison", "prisonnier", 2)


def test_prefixes_are_those_of_arabic_only():
    assert "اريد" in forms("داريد")
    assert forms("داريد", has_prefixes=False) == ("داريد",)
    assert "كارت" in forms("كارتها", has_prefixes=False)
