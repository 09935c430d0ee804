"""Texts are cut into as few parts as possible, where it hurts least, and nothing is lost."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.whatsapp.cutting import fitting, pieces, signs, trimmed, units

FAMILY = "👨‍👩‍👧‍👦"
TEXTS = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="ab .\n!é\u0301👩\u200d🇫🇷\u2066\u2069क्ष", max_size=400),
    st.lists(st.sampled_from(["mot", "phrase. ", "\n\n", "\n", FAMILY, "\u2066x\u2069", " "]), max_size=120).map(
        "".join
    ),
)


def bare(text):
    return re.sub(r"[\s\u2066-\u2069]+", "", text)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(60, 120), st.one_of(st.none(), st.integers(40, 60)))
def test_parts_fit_and_hold_the_whole_text(text, limit, last):
    parts = pieces(text, limit, last)
    assert all(0 < units(part) <= limit for part in parts)
    if parts and last is not None:
        assert units(parts[-1]) <= last
    assert bare("".join(parts)) == bare(text)
    for part in parts:
        part.encode()


@pytest.mark.parametrize("length", [100, 4080, 4081, 8159, 8160, 8161, 12_000, 40_000])
@pytest.mark.parametrize("unit", ["a", "mot ", "Une phrase. ", "Un paragraphe.\n\n"])
def test_parts_are_as_few_as_the_limit_allows(unit, length):
    text = (unit * length)[:length].strip()
    room = 4096 - 16
    # Blanks at a cut may not be paid for, a sign is never cut: one character of slack for each part.
    assert len(pieces(text, 4096)) <= math.ceil((len(text) + 1) / (room - len(unit)))


def test_part_under_the_buttons_costs_no_message_more():
    text = "Un paragraphe assez long. " * 190  # 4,940: 4,080 + 860
    assert [units(part) <= 4096 for part in pieces(text, 4096, 1024)] == [True, True]


def test_last_paragraph_stands_under_the_buttons():
    text = "Voici pourquoi. " * 80 + "\n\nQue voulez-vous faire ?"
    assert pieces(text, 4096, 1024)[-1] == "Que voulez-vous faire ?"


def test_isolate_that_is_cut_is_closed_and_opened_again():
    parts = pieces("\u2066" + "mot " * 100 + "\u2069", 200)
    assert len(parts) == 3
    assert all(part.count("\u2066") == part.count("\u2069") == 1 for part in parts)


@pytest.mark.parametrize(
    "sign",
    [FAMILY, "🇫🇷", "é", "e\u0301", "👍🏽", "1\ufe0f\u20e3", "কি", "ক্ষ", "நி", "\r\n", "❤️", "שָׁ"],
)
def test_sign_is_one_and_never_cut(sign):
    assert list(signs(sign + "a")) == [sign, "a"]
    assert fitting("a" + sign, units(sign)) == "a"


def test_two_flags_are_two_signs():
    assert list(signs("🇫🇷🇩🇪")) == ["🇫🇷", "🇩🇪"]


def test_sign_larger_than_the_limit_is_cut_between_characters():
    assert units(fitting("a" + "\u0301" * 500, 20)) == 20
    assert fitting(FAMILY, 3) == "👨"
    assert fitting("", 5) == ""


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(8, 72))
def test_trimmed_title_fits_in_one_line(text, limit):
    title = trimmed(text, limit)
    assert units(title) <= limit
    assert "\n" not in title


@pytest.mark.parametrize(
    ("text", "limit", "title"),
    [
        ("Oui", 20, "Oui"),
        ("Oui,  la police\nme retient", 24, "Oui, la police me…"),
        ("\u2066mercredi 20 janvier\u2069", 20, "mercredi 20 janvier"),
        ("a" * 30, 20, "a" * 19 + "…"),
        (FAMILY * 3, 14, FAMILY + "…"),
    ],
)
def test_title_is_cut_at_a_word(text, limit, title):
    assert trimmed(text, limit) == title
