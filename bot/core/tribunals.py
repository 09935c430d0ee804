"""The administrative tribunals: which one, where it was when somebody last looked.

Must not know: which département goes to which tribunal (places), where rows are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.freshness import Freshness, freshness
from bot.core.text import fold

if TYPE_CHECKING:
    from datetime import date

    from bot.core.freshness import Checked

_TITLE = re.compile(r"^tribunal administratif\b[\s-]*(?:de la\b|de\b|d')?\s*")


@dataclass(frozen=True, slots=True)
class Tribunal:
    """A tribunal; address and phone are facts of ``as_of`` and are shown with that date or not at all."""

    name: str
    """``Tribunal administratif de Montreuil``."""
    city: str | None
    """None, like address and phone, when nobody read it in a source."""
    address: str | None
    """Street, postcode and town as one writes them on an envelope."""
    phone: str | None
    source: str
    as_of: Checked | None

    def is_stale(self, today: date) -> bool:
        """True when the address was last checked more than 12 months ago, or nobody knows when."""
        return freshness(self.as_of, today) is Freshness.STALE


def tribunal_key(name: str) -> str:
    """What tells a tribunal apart: ``Tribunal administratif de la Guyane``, ``La Guyane`` and ``guyane`` are one."""
    short = _TITLE.sub("", fold(name).replace("-", " "))
    return short.removeprefix("la ").strip()
