"""One-time codes that make one person of two: how they are drawn, shown, and known again in what people type.

Must not know: who got which code, how long it lives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.text import fold_digits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: no two letters look alike (Crockford's base 32)."""

LENGTH = 8
_BYTES = 5
"""40 bits."""

_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LAST = re.compile(r"(?:^|(?<=[\s:]))(?P<code>[A-Za-z0-9]{2,6}[-\u2010-\u2014 ]?[A-Za-z0-9]{2,6})[.!]?$")
_SHOWN = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")

MISSES = 5
"""Wrong codes in a row after which codes are not looked at for a while."""

BARRED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Linking:
    """Where a person stands with linking."""

    issued: str | None = None
    """The code the person got last; theirs is no use on the same messenger."""
    heard: str | None = None
    """The code they said, until they agree or refuse."""
    misses: int = 0
    since: datetime | None = None
    """Of the first wrong code, or of the last when they became too many."""

    def is_barred(self, now: datetime) -> bool:
        """True while codes are not looked at."""
        return self.misses >= MISSES and self.since is not None and now - self.since < BARRED

    def missed(self, now: datetime) -> Linking:
        """One wrong code more."""
        if self.since is None or now - self.since >= BARRED:
            return replace(self, heard=None, misses=1, since=now)
        misses = self.misses + 1
        return replace(self, heard=None, misses=misses, since=now if misses == MISSES else self.since)


def draw(random: Callable[[int], bytes]) -> str:
    """A fresh code; it has a digit and a letter, so that no word and no number is ever taken for one."""
    while True:
        number = int.from_bytes(random(_BYTES), "big")
        code = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
        if not code.isalpha() and not code.isdigit():
            return code


def shown(code: str) -> str:
    """In two halves, as it is easier to copy by hand."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def split(text: str) -> tuple[str, str] | None:
    """The words before a code and the code, however it was typed; None when the text does not end like one.

    A code alone must stand exactly as it was shown: "12MARS26" is a date.
    """
    said = fold_digits(text).strip()
    found = _LAST.search(said)
    if found is None:
        return None
    typed, before = found["code"], said[: found.start()].strip(" \t\n:")
    plain = re.sub(r"[^A-Za-z0-9]", "", typed)
    has_digit = any(char.isdigit() for char in plain)
    if not before and (_SHOWN.fullmatch(typed) is None or not has_digit or plain.isdigit()):
        return None
    if not has_digit and typed != typed.upper():
        return None
    return before, plain.upper().translate(_LOOK_ALIKE)
