"""Asks a platform for what is new, for a house without a public address; the same durable way as a webhook.

The place reached is noted only after everything before it is stored.
Must not know: any platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.events import Event, Inbound


@runtime_checkable
class Poller(Protocol):
    """A channel that can be asked."""

    name: str

    def poll(self, offset: int | None) -> tuple[list[Event], int | None]:
        """What came since, waiting a while for it, and the next offset. Raises ChannelUnavailableError."""


class Notes(Protocol):
    """Facts that outlive the process."""

    def read(self, name: str) -> str | None:
        """The last one written."""

    def write(self, name: str, value: str) -> None:
        """Durable when this returns."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One question to one platform."""

    poller: Poller
    notes: Notes
    take_in: Callable[[list[Event]], list[Inbound]]
    welcome: Callable[[list[Inbound]], None]

    def __call__(self) -> bool:
        """Ask once and store; always asks to be run again. Raises ChannelUnavailableError, StorageError."""
        name = f"{self.poller.name} offset"
        known = self.notes.read(name)
        events, following = self.poller.poll(int(known) if known else None)
        new = self.take_in(events)
        if following is not None and str(following) != known:
            self.notes.write(name, str(following))
        self.welcome(new)
        return True
