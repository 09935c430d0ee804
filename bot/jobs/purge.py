"""Erases what is past its time, on the hour of domain.md 6.2's table.

Must not know: the durations (core.retention).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.ports import Clock


class Shredder(Protocol):
    """What erases."""

    def purge(self, now: datetime) -> object:
        """Erase everything whose time has come."""


@dataclass(frozen=True, slots=True)
class Purge:
    """One round."""

    shredder: Shredder
    clock: Clock

    def __call__(self) -> bool:
        """Purge once; never asks to be run again at once."""
        self.shredder.purge(self.clock.now())
        return False
