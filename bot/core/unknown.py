"""Unknown as a value: a fact nobody told us is never the same as a fact that is false.

Must not know: which facts exist.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class Unknown(Enum):
    """Why a fact is not known."""

    UNASKED = "unasked"
    DONT_KNOW = "dont_know"
    DECLINED = "declined"


UNASKED = Unknown.UNASKED


def known(value: T | Unknown) -> T | None:
    """The value itself, or None when it is unknown for whatever reason."""
    return None if isinstance(value, Unknown) else value


def is_open(value: object) -> bool:
    """True while nobody has asked; a person who does not know or declines has answered."""
    return value is Unknown.UNASKED
