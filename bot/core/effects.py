"""What a turn wants done besides answering; all of it is committed with the answer, or none.

Must not know: how any of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.case import Case
    from bot.core.evidence import Attempt
    from bot.core.ids import FileId
    from bot.core.messages import OutboundMessage


class HandoffReason(StrEnum):
    """Why a human should look; says nothing of what was said."""

    ASKED = "asked"
    STUCK = "stuck"
    FAILED_TURN = "failed_turn"
    ALARM = "alarm"


class ReminderKind(StrEnum):
    """What a reminder is about; its text is neutral."""

    TRY_AGAIN = "try_again"
    WINDOW_OPENS = "window_opens"


@dataclass(frozen=True, slots=True)
class RecordAttempt:
    """Add an attempt to the person's log; its files become part of the proof folder."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class KeepFiles:
    """The person said yes to the proof folder: these files no longer wait to be erased."""

    files: tuple[FileId, ...]


@dataclass(frozen=True, slots=True)
class DiscardFiles:
    """Erase files at once: rows, bytes and copies."""

    files: tuple[FileId, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """Mark the case for a human."""

    reason: HandoffReason


@dataclass(frozen=True, slots=True)
class CloseHandoffs:
    """The person no longer wants a human."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Send a neutral reminder at a time; replaces an earlier one of the same kind."""

    at: datetime
    kind: ReminderKind


@dataclass(frozen=True, slots=True)
class CancelReminders:
    """Send no reminder any more."""


@dataclass(frozen=True, slots=True)
class IssueLinkCode:
    """Let whoever says this code within ten minutes, once, be the same person."""

    code: str


@dataclass(frozen=True, slots=True)
class JoinPersons:
    """The person of this turn agreed to be one with whoever got this code: that one's case and folder go on."""

    code: str


@dataclass(frozen=True, slots=True)
class EraseEverything:
    """Destroy the person's key, then rows and files; the turn's messages are the farewell."""


Effect = (
    RecordAttempt
    | KeepFiles
    | DiscardFiles
    | HandOver
    | CloseHandoffs
    | Remind
    | CancelReminders
    | IssueLinkCode
    | JoinPersons
    | EraseEverything
)


@dataclass(frozen=True, slots=True)
class PersonState:
    """Everything a turn may read about the person."""

    case: Case
    dialogue: bytes
    """The engine's own state, opaque to everybody else; empty at first."""
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """Everything a turn leaves behind; committed in one transaction."""

    case: Case
    dialogue: bytes
    messages: tuple[OutboundMessage, ...]
    effects: tuple[Effect, ...]
