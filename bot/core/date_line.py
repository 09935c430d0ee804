"""A text as items with the gaps between them: what the readers of dates look at.

Must not know: any language's words, how dates are built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.date_kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.date_kinds import Item

FAR = "\n"
"""The gap before the first and after the last item: nothing joins there."""

_BREAK = re.compile(r"[,;!?\n\x1a]|\.(?=\s|$)|\.\.")
_NOTHING: Mapping[Kind, int] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """A normal text and its items."""

    text: str
    items: tuple[Item, ...]

    def gap(self, place: int) -> str:
        """What stands between an item and the one before it."""
        if not 0 < place < len(self.items):
            return FAR
        return self.text[self.items[place - 1].end : self.items[place].start]

    def kinds(self, place: int) -> Mapping[Kind, int]:
        """All that the item there may be; nothing outside the text."""
        return self.items[place].kinds if 0 <= place < len(self.items) else _NOTHING

    def has(self, place: int, *kinds: Kind) -> bool:
        """True when the item there may be one of these."""
        held = self.kinds(place)
        return any(kind in held for kind in kinds)

    def digits(self, place: int) -> int:
        """How many digits the item there was written with."""
        return self.items[place].digits if 0 <= place < len(self.items) else 0

    def number(self, place: int) -> int:
        """The number there; -1 when it is none."""
        return self.kinds(place).get(Kind.NUMBER, -1)

    def is_near(self, place: int) -> bool:
        """True when at most one space stands before the item."""
        return self.gap(place) in {"", " "}

    def is_break(self, place: int) -> bool:
        """True when a sentence or a clause ends before the item."""
        return _BREAK.search(self.gap(place)) is not None
