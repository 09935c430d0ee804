"""Messages fit Telegram's limits, whatever they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.shaping import direct, length, split, trim
from bot.channels.telegram.rendering import render
from bot.core.capabilities import TextUnit
from bot.core.delivery import Outgoing
from bot.core.messages import Choice, OutboundFile, OutboundMessage
from bot.core.ports import Address

GOLDEN = Path(__file__).with_name("golden")
HERE = Address("telegram", "5000001")
LETTER = OutboundFile("letter", "lettre.pdf", "application/pdf")


def outgoing(text="", language="fr", choices=(), files=()):
    message = OutboundMessage(text, language, choices=choices, files=files)
    return Outgoing(1, "o1-x", HERE, message, tuple(f"r:{n:012d}" for n in range(len(choices))))


def as_json(requests):
    return [{"operation": r.operation, "body": dict(r.body), "file": r.file_index} for r in requests]


CASES = {
    "text": outgoing("Bonjour.\nJe suis un robot."),
    "short_buttons": outgoing(
        "Oui ou non ?", choices=(Choice("yes", "Oui"), Choice("no", "Non"), Choice("?", "Je ne sais pas"))
    ),
    "long_buttons": outgoing("?", choices=(Choice("a", "La date de fin de mon titre"), Choice("b", "Non"))),
    "arabic": outgoing("2 محاولات\nANEF لا يعمل\nمرحبا", "ar", (Choice("yes", "نعم"),)),
    "letter": outgoing("Voici votre lettre.", files=(LETTER,), choices=(Choice("next:step", "Continuer"),)),
    "letter_with_a_long_text": outgoing("Lisez. " * 200, files=(LETTER, LETTER)),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name):
    path = GOLDEN / f"{name}.json"
    assert as_json(render(CASES[name])) == json.loads(path.read_text("utf-8"))


@given(st.text(max_size=9000), st.lists(st.text(min_size=1, max_size=300), max_size=120))
def test_every_message_fits(text, titles):
    message = outgoing(text, choices=tuple(Choice(str(n), title) for n, title in enumerate(titles)))
    requests = render(message)
    for request in requests:
        assert 0 < length(request.body["text"], TextUnit.UTF16) <= 4096
    for request in requests[:-1]:
        assert "reply_markup" not in request.body
    if requests and titles:
        rows = requests[-1].body["reply_markup"]["inline_keyboard"]
        assert sum(map(len, rows)) == min(100, len(titles))
        assert max(map(len, rows)) <= 8
        assert all(len(button["callback_data"].encode()) <= 64 for row in rows for button in row)


@given(st.text(max_size=400), st.integers(20, 80), st.sampled_from(TextUnit))
def test_pieces_hold_all_words_in_order_and_fit(text, limit, unit):
    pieces = split(text, limit, unit)
    assert all(length(piece, unit) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_cut_comes_after_a_paragraph_a_sentence_or_a_word():
    assert split("Un paragraphe.\n\nUn autre.", 20, TextUnit.CHARACTERS) == ["Un paragraphe.", "Un autre."]
    assert split("Une phrase. Une autre phrase.", 20, TextUnit.CHARACTERS) == ["Une phrase.", "Une autre phrase."]
    assert split("un deux trois quatre cinq", 12, TextUnit.CHARACTERS) == ["un deux", "trois quatre", "cinq"]


def test_a_family_is_not_torn():
    family = "👨‍👩‍👧‍👦"
    pieces = split(family * 600, 4096, TextUnit.UTF16)
    assert all(piece.count("👨") == len(piece) // len(family) for piece in pieces)
    assert trim(family * 3, 8) == f"{family}…"


def test_lines_of_right_to_left_languages_that_begin_otherwise_are_marked():
    assert direct("2 أيام\nمرحبا\nANEF لا", "ar") == "\u200f2 أيام\nمرحبا\n\u200fANEF لا"
    assert direct("Avez-vous reçu une lettre ?", "ar") == "Avez-vous reçu une lettre ?"
    assert direct("2 jours", "fr") == "2 jours"
