"""Which button a person meant: pressed, numbered, or typed.

Must not know: what the buttons do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = re.compile(r"\s*(\d{1,2})\s*[.)°]?\s*(?:\ufe0f?\u20e3)?\s*")


def resolve_choice(said: str, offered: Sequence[tuple[str, str]], *, numbers: bool = True) -> str | None:
    """The id of the offered button that ``said`` names, or None.

    ``said`` is a button's id, the part of it after the colon, its title, or its number counted from 1;
    numbers are left alone where a number is itself an answer (a département, a day).
    """
    wanted = fold(said).strip(" .!?")
    if not wanted:
        return None
    for choice, _title in offered:
        if wanted in {fold(choice), fold(choice).partition(":")[2]}:
            return choice
    titled = [choice for choice, title in offered if fold(title).strip(" .!?") == wanted]
    if len(titled) == 1:
        return titled[0]
    number = _NUMBER.fullmatch(wanted) if numbers else None
    if number and 1 <= int(number[1]) <= len(offered):
        return offered[int(number[1]) - 1][0]
    return None


def split_choice(choice: str) -> tuple[str, str]:
    """The question and the value of a button's id such as ``removal:letter``."""
    question, _colon, value = choice.partition(":")
    return question, value
