"""What becomes of a message that was handed to a platform: four results and no exception.

Must not know: any platform's codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from bot.core.ids import PersonId
    from bot.core.messages import OutboundMessage
    from bot.core.ports import Address


class Scope(StrEnum):
    """Whom a failure concerns."""

    MESSAGE = "message"
    PERSON = "person"
    ACCOUNT = "account"
    """One of our numbers or bots."""
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has all parts; ``external_ids`` are its own names for them."""

    external_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now. ``after`` None leaves the wait to the back-off."""

    reason: str
    """A class name or a platform's code; never a person's words."""
    after: timedelta | None = None
    scope: Scope = Scope.MESSAGE
    is_counted: bool = True
    """False when the platform only asked for patience: the try does not count."""
    parts: int = 0
    """Parts of the message that have arrived and are not to be sent again."""


@dataclass(frozen=True, slots=True)
class Permanent:
    """Never. With scope PERSON the person cannot be reached there; with ACCOUNT or CHANNEL our number, or all, must stop."""

    reason: str
    scope: Scope = Scope.MESSAGE
    parts: int = 0
    strikes: int = 1
    """With scope PERSON: so many in a row, with nothing that arrived between them, before the person is left alone."""


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """It may have arrived: the connection ended before the answer."""

    reason: str
    parts: int = 0


WINDOW_CLOSED = "window_closed"
"""The reason of a ``Permanent``: free text is not allowed now, a template may be."""

SendResult = Sent | Retry | Permanent | UnknownOutcome


class Status(IntEnum):
    """How far a message has come; a later one never goes back."""

    ACCEPTED = 0
    SENT = 1
    DELIVERED = 2
    READ = 3
    FAILED = 9
    PART_LOST = 10
    """Our own: one part of several failed, and nothing that is told of the others makes that good."""


def advance(known: Status | None, told: Status) -> Status:
    """The status to keep: the furthest; ``failed`` counts only for what was not delivered, a lost part always."""
    if known is None or told is Status.PART_LOST:
        return told
    if known is Status.PART_LOST:
        return known
    if told is Status.FAILED:
        return known if known in {Status.DELIVERED, Status.READ} else told
    if known is Status.FAILED:
        return told if told in {Status.DELIVERED, Status.READ} else known
    return max(known, told)


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """A message the platform has approved before, for the time when free text is not allowed."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to one address."""

    seq: int
    token: str
    """Ours, opaque, echoed by platforms that can."""
    address: Address
    message: OutboundMessage
    choice_tokens: tuple[str, ...] = ()
    """One for each choice of the message; they stand for the ids on the wire."""
    is_window_open: bool = True
    template: TemplateCall | None = None
    skip: int = 0
    """Parts that have arrived at an earlier try."""
    account: str = ""
    """Which of our numbers or bots the person wrote to; empty: the first."""
    attempts: int = 1
    """Which try this is, counted from 1."""
    person: PersonId | None = None
    """Opaque; never leaves the house."""
    last_error: str = ""
    """Why the try before this one failed, which may have been told long after it; empty at the first."""
    arrived: Callable[[int], None] = field(default=lambda _parts: None, compare=False, repr=False)
    """To be told how many parts have arrived, after each but the last: should we die, only the rest is in doubt."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One request to a platform, complete but for the secrets and the bytes of a file."""

    operation: str
    """The platform's method or path below its own prefix."""
    body: Mapping[str, object]
    file_index: int | None = None
    """Which of the message's files goes with it."""
