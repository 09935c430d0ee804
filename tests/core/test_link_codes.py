"""One-time codes as they are drawn and typed."""

from random import Random

import pytest

from bot.core.link_codes import ALPHABET, LENGTH, draw, shown, split


def test_codes_have_forty_bits_and_are_never_a_word_or_a_number():
    chance = Random(5)
    codes = [draw(chance.randbytes) for _ in range(2000)]
    assert len(set(codes)) == len(codes)
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert not any(code.isalpha() or code.isdigit() for code in codes)


def test_bytes_that_spell_a_word_or_a_number_are_drawn_again():
    drawn = iter([bytes(5), b"\xff" * 5, bytes([0, 0, 0, 0, 10])])
    assert draw(lambda _: next(drawn)) == "0000000A"


@pytest.mark.parametrize("seed", range(50))
def test_code_is_known_again_however_it_is_typed(seed):
    code = draw(Random(seed).randbytes)
    halves = shown(code)
    for typed in (
        f"link {code}",
        f"LINK {halves}",
        f"link {code.lower()}",
        f"link: {code[:4]} {code[4:]}",
        f"x {halves}.",
    ):
        assert split(typed)[1] == code
    assert split(halves) == ("", code)


@pytest.mark.parametrize(
    "text",
    [
        "", "link", "link whatsapp", "12MARS26", "12/03/2026", "0612345678", "2026-2027", "93-A1234",
        "k7qm-2xpa", "K7QM2XPA", "BEAT-RACE", "Saint-Denis", "bonjour madame", "75012", "je suis à Bobigny",
    ],
)  # fmt: skip
def test_other_words_are_no_codes(text):
    assert split(text) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("link O7QMIXPL", "07QM1XP1"), ("link ٢٣٤٥-ABCD", "2345ABCD"), ("link ABCDEFGH", "ABCDEFGH"), ("link 12", None)],
)
def test_letters_that_look_alike_are_one(typed, code):
    assert (split(typed) or (None, None))[1] == code
