"""Cutting typed text into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import tokens as tokens_module
from bot.core.tokens import END, START, Spelling, asked_places, said, tokenise

SPELLING = Spelling(short={"jai": ("j", "ai")}, units=frozenset({"mois"}))

CUT = [
    ("J'ai reçu", ["j", "ai", "recu"]),
    ("jai reçu", ["j", "ai", "recu"]),
    ("O.Q.T.F. hier", ["oqtf", "hier"]),
    ("4,5 mois", ["4,5", "mois"]),
    ("20.01.2027", ["20", "01", "2027"]),
    ("3mois", ["3", "mois"]),
    ("16ans", ["16", "ans"]),
    ("3andi", ["3andi"]),
    ("n7eb", ["nheb"]),
    ("300€", ["300", "€"]),
    ("ouiiiii", ["ouii"]),
    ("étudiant -> salarié", ["etudiant", "→", "salarie"]),
    ("四个半月", ["四", "个", "半", "月"]),
    ("إقامتي", ["اقامتي"]),
    ("بطاقة", ["بطاقه"]),
    ("می‌دانم", ["ميدانم"]),
    ("আমি", ["আমি"]),
    ("١٢ شهر", ["12", "شهر"]),
    ("snake_case", ["snake", "case"]),
    ("Hayır", ["hayir"]),
    ("...", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "words"), CUT)
def test_a_text_is_cut_into_folded_words(text, words):
    assert list(tokenise(text, SPELLING).words) == [START, *words, END]


def test_the_table_of_cuts_is_whole():
    assert len(CUT) == 22


def test_a_sentence_ends_at_a_full_stop_a_question_mark_or_a_new_line():
    assert tokenise("a b. c? d\ne؟ و", SPELLING).continues == (False, True, True, False, False, False, False, True)


@given(st.text())
def test_words_and_sentence_marks_are_always_as_many(text):
    tokens = tokenise(text, SPELLING)
    assert len(tokens.words) == len(tokens.continues)
    assert all(tokens.words)


def test_a_short_word_of_one_language_is_whole_in_another():
    spelling = Spelling(short={"na": ("n", "a"), "jai": ("j", "ai")}, local=frozenset({"na"}))
    assert tokenise("na jai", spelling).words == (START, "n", "a", "j", "ai", END)
    assert tokenise("na jai", spelling.abroad).words == (START, "na", "j", "ai", END)


def test_words_written_out_stand_where_they_were_typed():
    tokens = tokenise("jai reçu", SPELLING)
    assert [tokens.place(at) for at in range(len(tokens.words))] == [0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a b ?", {1, 2}),
        ("a b ?! c", {1, 2}),
        ("salut, a b ?? merci", {2, 3}),
        ("a 4,5 b؟", {1, 2, 3}),
        ("a 1.2.2026 ?", {1, 2, 3, 4}),
        ("O.Q.T.F. ? b", {1}),
        ("a, b", set()),
        ("a b, c ?", {3}),
        ("?", set()),
        ("法院，吗？", {3}),
    ],
)
def test_a_clause_that_ends_in_a_question_mark_is_asked(text, asked):
    assert asked_places(text) == asked


@given(st.text())
def test_asked_places_are_those_of_words(text):
    end = tokenise(text, SPELLING).places[-2]
    assert asked_places(text) <= set(range(1, end))
    assert asked_places(text + " z") <= asked_places(text + " z?")


def test_what_was_said_is_cut_once_for_each_spelling(monkeypatch):
    spelling = Spelling(short={"na": ("n", "a")}, local=frozenset({"na"}))
    cuts = []
    monkeypatch.setattr(tokens_module, "tokenise", lambda *asked: cuts.append(asked) or tokenise(*asked))
    heard = said("na jai")
    assert said(heard) is heard
    for _ in range(2):
        assert heard.tokens(spelling).words == (START, "n", "a", "jai", END)
        assert heard.tokens(spelling.abroad).words == (START, "na", "jai", END)
    assert [asked[1] for asked in cuts] == [spelling, spelling.abroad]
    assert spelling.abroad.abroad is spelling.abroad is not spelling
