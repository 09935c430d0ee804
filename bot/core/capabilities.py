"""What a channel can show and carry, as data; renderers and services ask here instead of naming a platform.

Must not know: which platform it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


class TextUnit(StrEnum):
    """How a platform counts the length of a text."""

    CHARACTERS = "characters"
    UTF16 = "utf16"


class UnknownPolicy(StrEnum):
    """What to do with a message that was on its way when the process died or nobody answered."""

    RESEND_ONCE = "resend_once"
    """No status will ever tell: send it once more; the person may see it twice, and the row says so."""
    AWAIT_STATUS = "await_status"
    """The platform reports each message with our own token: wait for it before sending again."""
    REPEAT = "repeat"
    """Sending twice shows once: repeat freely."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A token bucket: so many at once, then so many a second."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One channel's limits."""

    text_max: int = 4000
    text_unit: TextUnit = TextUnit.CHARACTERS
    buttons: int = 100
    """Buttons that stand under a message by themselves."""
    button_title: int = 64
    rows: int = 0
    """Rows of a list that opens; 0 when there are none."""
    row_title: int = 0
    row_description: int = 0
    has_documents: bool = True
    caption_max: int = 0
    has_typing: bool = False
    typing_lasts: float = 0.0
    """Seconds until a sign that somebody writes fades and is shown again; 0: it is shown once."""
    window: timedelta | None = None
    """How long after the person's last message a free text may be sent; None: always."""
    unknown: UnknownPolicy = UnknownPolicy.REPEAT
    channel_pace: Pace | None = None
    person_pace: Pace | None = None
    hold: float = 0.0
    """Seconds a received message waits for an earlier one that is still on its way."""
    album_hold: float = 0.0
    """Seconds a picture waits for the others of its album."""
    late_after: timedelta | None = None
    """An answer later than this confuses and is not sent any more; None: it is read whenever the person looks."""
    pushes: bool = True
    """False when persons fetch their messages themselves: nothing leaves the house."""
