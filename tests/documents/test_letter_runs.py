"""Sentences as runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.runs import fill, isolate, kept, words

if TYPE_CHECKING:
    from bot.documents.runs import Run

SPLITS: tuple[tuple[str, list[str]], ...] = (
    ("رقم 93-A1234 في الملف", ["93-A1234"]),
    ("المادة R.431-3 من CESEDA، رقم 436288.", ["R.431-3", "CESEDA", "436288"]),
    ("ينتهي بـ .gouv.fr هنا", [".gouv.fr"]),
    ("(préfecture de police)", ["préfecture de police"]),
    ("في 20/01/2027، ثم +33 6 12 34 56 78", ["20/01/2027", "33 6 12 34 56 78"]),
    ("لا شيء", []),
)


@pytest.mark.parametrize(("text", "latin"), SPLITS)
def test_latin_and_numbers_in_arabic_are_runs_of_their_own(text: str, latin: list[str]) -> None:
    """A file number must not be turned round (i18n.md 2)."""
    assert len(SPLITS) == 6
    assert [run["iso"] for run in isolate(text) if "iso" in run] == latin


@given(st.text(alphabet="ابت 12AbÉ.-/()،", max_size=80))
def test_isolation_loses_no_character(text: str) -> None:
    """What is translated is what is printed."""
    assert "".join("".join(run.values()) for run in isolate(text)).split() == text.split()


@given(st.text(max_size=60))
def test_kept_value_has_no_direction_controls(value: str) -> None:
    """Nothing inserted can change the direction of the rest."""
    (shown,) = kept(value).values()
    assert not set(shown) & {
        chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
    }


def test_long_value_may_break_and_short_one_may_not() -> None:
    """A box as long as a line would leave the page."""
    assert kept("93-A1234") == {"iso": "93-A1234"}
    assert "ltr" in kept("Préfecture de la Seine-Saint-Denis")


def test_filling_keeps_the_order_of_the_sentence() -> None:
    """Values stand where the translation wants them."""
    values: dict[str, list[Run]] = {"a": [kept("1")], "b": [kept("2")]}
    assert fill("{b} puis {a}.", values) == [kept("2"), words(" puis "), kept("1"), words(".")]
