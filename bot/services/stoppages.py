"""Why nothing is sent on a channel: told once in the log, and kept for ``guichet channels check`` until a message leaves.

Must not know: any platform, whom a message is for, what it says.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.core.ports import Clock
    from bot.services.deliver import Meter

logger = logging.getLogger(__name__)

SENT = "Sent"
LOG_AGAIN = timedelta(hours=1)
"""The same reason is told again after so long: a channel that is asked every five minutes would fill the log."""


class Notes(Protocol):
    """Facts that outlive the process."""

    def read(self, name: str) -> str | None:
        """The last one written."""

    def write(self, name: str, value: str) -> None:
        """Durable when this returns."""


@dataclass(frozen=True, slots=True)
class Stoppage:
    """A channel that takes nothing."""

    reason: str
    """A platform's code or the name of an error."""
    since: datetime


@dataclass(frozen=True, slots=True)
class Stoppages:
    """Looks at the rests of channels after each message; stands before the meter, to see what leaves."""

    meter: Meter
    notes: Notes
    clock: Clock
    _left: set[str] = field(default_factory=set)
    """Channels that took a message since the last look."""
    _told: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def delivered(self, channel: str, result: str) -> None:
        """A message was handed over, with this result."""
        self.meter.delivered(channel, result)
        with self._lock:
            if result == SENT:
                self._left.add(channel)

    def look(self, channels: Iterable[str], why_resting: Callable[[str], str | None]) -> None:
        """Note the channels that rest, and forget those that work again."""
        for channel in channels:
            reason = why_resting(channel)
            with self._lock:
                has_left = channel in self._left
                self._left.discard(channel)
                if reason is not None:
                    self._note(channel, reason)
                elif has_left and self.notes.read(_name(channel)):
                    self.notes.write(_name(channel), "")

    def standing(self, channel: str) -> Stoppage | None:
        """Why nothing leaves there, or None while it works."""
        kept = self.notes.read(_name(channel))
        if not kept:
            return None
        found = json.loads(kept)
        return Stoppage(str(found["reason"]), datetime.fromisoformat(found["since"]))

    def _note(self, channel: str, reason: str) -> None:
        now = self.clock.now()
        known = self.standing(channel)
        if known is None or known.reason != reason:
            self.notes.write(_name(channel), json.dumps({"reason": reason, "since": now.isoformat()}))
        told = self._told.get((channel, reason))
        if told is None or now - told >= LOG_AGAIN:
            self._told[channel, reason] = now
            logger.error("%s: nothing is sent for now: %s", channel, reason)


def _name(channel: str) -> str:
    return f"{channel} stoppage"
