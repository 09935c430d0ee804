"""A conversation as both sides saw it, to be shown again to the person.

Must not know: the page that shows it, the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.messages import InboundMessage, OutboundMessage


class Direction(StrEnum):
    """Who wrote."""

    IN = "in"
    """The person."""
    OUT = "out"
    """Guichet, or a volunteer through it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the conversation."""

    direction: Direction
    seq: int
    """Number in the inbox or in the outbox, by direction."""
    at: datetime
    """UTC: when the inbound message was received, or the outbound one queued."""
    message: InboundMessage | OutboundMessage


def in_order(entries: list[Entry]) -> list[Entry]:
    """The entries by time; a message comes before its answer when both bear the same time."""
    return sorted(entries, key=lambda entry: (entry.at, entry.direction is Direction.OUT, entry.seq))
