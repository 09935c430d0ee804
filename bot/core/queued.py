"""What lies in the outbox: messages that wait to leave, and those that were given up.

Must not know: how they are kept, any platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.ids import PersonId
    from bot.core.messages import OutboundMessage
    from bot.core.ports import Address


class Doubt(IntEnum):
    """Whether a message may have arrived without our knowing."""

    NONE = 0
    ON_ITS_WAY = 1
    """It was handed over and nobody answered, or the process died meanwhile."""
    WAITED = 2
    """A status was waited for and did not come."""


class Priority(IntEnum):
    """Answers go before what we say by ourselves."""

    DIALOGUE = 0
    REMINDER = 1


@dataclass(frozen=True, slots=True)
class Queued:
    """An outbox row that this worker holds until its lease ends."""

    seq: int
    person: PersonId
    address: Address
    message: OutboundMessage
    attempts: int
    """How often the row was claimed; also the fence of the lease."""
    tries: int = 0
    """How often it failed."""
    parts: int = 0
    """Parts of it that have arrived."""
    doubt: Doubt = Doubt.NONE
    is_repeated: bool = False
    """It was sent again after a doubt: the person may have it twice."""
    expires_at: datetime | None = None
    queued_at: datetime | None = None
    heard_at: datetime | None = None
    """When the person last wrote from this address, as the platform tells it and never ahead of us."""
    is_blocked: bool = False
    """The person has blocked us there."""
    account: str = ""
    """Which of our numbers or bots it leaves from; empty: the first."""
    token: str = ""
    """Ours, opaque, for platforms that echo it."""
    choice_tokens: tuple[str, ...] = ()
    """What stands for each choice on the wire."""
    last_error: str = ""
    """Why the try before this one failed: a class name or a platform's code."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, without its words."""

    seq: int
    channel: str
    queued_at: datetime
    tries: int
    error: str
    is_doubtful: bool
    """It may have arrived all the same."""
