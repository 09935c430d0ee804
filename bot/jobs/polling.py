"""Asks a platform for what is new, for a house without a public address; the same durable way as a webhook.

What was stored is confirmed by the next question, and after that nothing is: a platform may begin to count lower after
a silence, and another bot counts by itself. What comes twice, after a restart too, is known by its name.
Must not know: any platform.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.core.errors import ChannelUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.channel import Finding
    from bot.core.events import Event, Inbound

logger = logging.getLogger(__name__)


@runtime_checkable
class Poller(Protocol):
    """A channel that can be asked."""

    name: str

    def poll(self, offset: int | None) -> tuple[list[Event], int | None]:
        """What came since, waiting a while for it, and the offset that confirms it, None when nothing came.

        Raises ChannelUnavailableError, whose text is the class of what went wrong and nothing else.
        """

    def unheard(self, reason: str, since: datetime) -> Finding:
        """What it means, for whoever runs the house, that each ``poll`` has failed since then."""


class Notes(Protocol):
    """Facts that outlive the process."""

    def read(self, name: str) -> str | None:
        """The last one written."""

    def write(self, name: str, value: str) -> None:
        """Durable when this returns."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A platform that is asked and does not answer."""

    reason: str
    """The class of the error."""
    since: datetime


def read_trouble(notes: Notes, name: str) -> Trouble | None:
    """The trouble of the platform of that name, whichever process has it; None while it answers."""
    reason, _space, since = (notes.read(_note(name)) or "").partition(" ")
    return Trouble(reason, datetime.fromisoformat(since)) if since else None


@dataclass(slots=True)
class Poll:
    """One platform, asked again and again."""

    poller: Poller
    notes: Notes
    take_in: Callable[[list[Event]], list[Inbound]]
    welcome: Callable[[list[Inbound]], None]
    now: Callable[[], datetime]
    trouble: Trouble | None = None
    """What keeps it from hearing anything, since the first question that failed."""
    is_ending: bool = False
    """True once the house closes: a question that is cut off then is no trouble."""
    _offset: int | None = None
    _has_worked: bool = False

    def __call__(self) -> bool:
        """Ask once and store; always asks to be run again. Raises ChannelUnavailableError, StorageError."""
        try:
            events, following = self.poller.poll(self._offset)
        except ChannelUnavailableError as error:
            self._fail(str(error))
            raise
        self._work()
        new = self.take_in(events)
        self._offset = following
        self.welcome(new)
        return True

    def _fail(self, reason: str) -> None:
        if self.is_ending or (self.trouble is not None and self.trouble.reason == reason):
            return
        self.trouble = Trouble(reason, self.now() if self.trouble is None else self.trouble.since)
        channel = self.poller.name
        logger.warning("nothing is heard from %s: %s", channel, reason)
        self.notes.write(_note(self.poller.name), f"{reason} {self.trouble.since.isoformat()}")

    def _work(self) -> None:
        """It answers; what an earlier process noted is over too."""
        if self.trouble is not None:
            channel = self.poller.name
            logger.warning("%s is heard again", channel)
        if self.trouble is not None or (not self._has_worked and self.notes.read(_note(self.poller.name))):
            self.notes.write(_note(self.poller.name), "")
        self.trouble, self._has_worked = None, True


def _note(name: str) -> str:
    return f"{name} unheard"
