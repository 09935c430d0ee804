"""The engine, loaded at its first turn; counts the files that a turn was told of and that nobody keeps.

Must not know: which engine it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.core.effects import PersonState, TurnRecord
    from bot.core.ports import Engine, Received


@dataclass(frozen=True, slots=True)
class LazyEngine:
    """Every file passes here with its problem, whatever found it and by whichever channel it came."""

    load: Callable[[], Engine]
    not_kept: Callable[[str], None]
    """Told the problem of each; of a turn that is played again, again."""

    def play(self, state: PersonState, received: Received, now: datetime) -> TurnRecord:
        """Play one message. Raises TurnFailedError."""
        record = self.load().play(state, received, now)
        for file in received.message.files:
            if file.problem is not None:
                self.not_kept(file.problem)
        return record
