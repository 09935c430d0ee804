"""What a platform can tell us, in neutral words; each channel's ``parse`` makes these from raw bytes.

Must not know: any platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.delivery import Status
    from bot.core.messages import InboundMessage
    from bot.core.ports import Address


HELD = "held"
"""The kind of a file that lies with us already, sealed, and is to be looked at: ``ref`` is its FileId."""


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file that lies with the platform and is to be fetched."""

    ref: str
    """The platform's own name for it."""
    kind: str
    """``image``, ``document``, ``audio``, ``video`` or ``sticker``; or ``HELD``."""
    claimed_type: str = "application/octet-stream"
    size: int | None = None
    sha256: str | None = None
    """Hex, when the platform tells it: what was fetched must match."""
    as_document: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """A person did something."""

    addresses: tuple[Address, ...]
    """The one to answer to, then other names of the same person on this channel."""
    external_id: str
    """The platform's id of the message, unique on this account."""
    message: InboundMessage
    """Without files; a pressed button carries the token we sent in ``choice``."""
    media: tuple[MediaRef, ...] = ()
    album: str | None = None
    """What the pictures of one album share; one turn for all."""
    rank: int = 0
    """Order among the messages of one person on a channel: microseconds since 1970, or a count of the platform's own set
    above all times; 0: as they come."""
    account: str = ""
    """Which of our numbers or bots it came to."""
    callback: str | None = None
    """What must be acknowledged on the platform besides, if anything."""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """What became of a message we sent."""

    external_id: str
    token: str | None
    """Ours, as sent with the message."""
    status: Status
    at: datetime
    code: str | None = None
    """The platform's code of a failure."""
    is_billed: bool = False
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Reachability:
    """A person blocked us, or unblocked us."""

    address: Address
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A person has a new number: all names of theirs that the platform tells."""

    old: tuple[Address, ...]
    new: tuple[Address, ...]
    """The one to answer to first."""
    at: datetime | None = None
    """When, as the platform tells it."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Something we could not read; counted, never kept: it may hold a person's words."""

    reason: str


Event = Inbound | StatusEvent | Reachability | Moved | Quarantine
