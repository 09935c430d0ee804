"""French sentences of bot/data that are said to people, with where their facts come from.

Must not know: files, languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.core.rules import RuleStatus


@dataclass(frozen=True, slots=True)
class Sentence:
    """One wording key and its French text."""

    key: str
    fr: str
    source: str | None = None
    """Only for a text that holds a fact of the outside world: a number, an address, an office."""
    status: RuleStatus | None = None
    as_of: date | None = None
    numbers: tuple[str, ...] = ()
    """Telephone numbers the text holds, to be checked live."""
