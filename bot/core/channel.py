"""The contract of every channel: what the services ask of a way to reach people.

Must not know: any platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.core.capabilities import Capabilities
    from bot.core.delivery import Outgoing, Permanent, Retry, SendResult, WireRequest
    from bot.core.events import Event, Inbound, MediaRef
    from bot.core.messages import OutboundFile


class Channel(Protocol):
    """One way to reach people.

    Adding one is a folder of bot/channels with its capability table; besides, a platform has settings (bot/config.py),
    is opened in bot/platforms.py, and its secrets are named in bot/bootstrap.py. No service changes.
    Implementations are safe to call from several threads at once.
    """

    name: str
    capabilities: Capabilities

    def render(self, outgoing: Outgoing) -> Sequence[WireRequest]:
        """The platform's requests for a message, in order: pure, without secrets and without the bytes of files.

        The same for every try, so that parts keep their numbers; none where persons fetch their messages themselves.
        Raises RecipientGoneError for an address that is none.
        """

    def send(self, outgoing: Outgoing, file: Callable[[OutboundFile], bytes]) -> SendResult:
        """Hand the message to the platform, drawing its files when they are due; never raises a platform's error.

        Raises DocumentError when a file cannot be drawn and nothing has left yet; else it is a ``Retry`` with parts.
        """


class Webhooks(Protocol):
    """A channel whose platform calls us. ``parse`` is pure and total."""

    name: str
    secrets: tuple[str, ...]
    """What must never stand in a log; the composition root redacts them."""

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check who calls, over the raw bytes, in constant time. Raises UnauthorizedError. No I/O."""

    def parse(self, raw: bytes, now: datetime) -> list[Event]:
        """Everything the body tells; what cannot be read becomes Quarantine."""

    def acknowledge(self, event: Inbound) -> None:
        """Show that somebody is reading (typing, read, the button's spinner); best effort, never raises."""

    def fetch(self, ref: MediaRef, limit: int) -> bytes:
        """The file, whole and checked, cut while it arrives.

        Raises MediaTooLargeError, MediaUnavailableError (try again) or MediaGoneError (never).
        """

    def setup(self) -> timedelta | None:
        """Tell the platform where we are and what we are called; changes only what differs. Raises SetupError.

        How long to wait before what could not be told yet of the latter can be, None when nothing is left.
        """

    def check(self) -> list[Finding]:
        """What the platform says of us, in plain words, for ``guichet channels check`` and the health page."""


@runtime_checkable
class TellsLater(Channel, Protocol):
    """A channel whose platform reports failures of messages it had taken, with the codes it answers with."""

    def verdict(self, code: str, attempts: int = 1) -> Retry | Permanent | None:
        """What the code means for a message at its try number ``attempts``; None for one that is not documented."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check."""

    is_ok: bool
    text: str
    """Plain words for whoever runs the house; no secrets, nobody's name."""
    templates: Mapping[str, str] | None = None
    """How the platform stands to all our templates, by ``name/code``; None when it was not asked, or told some only."""
