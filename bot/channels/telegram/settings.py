"""What the channel is given; and what Telegram allows.

Must not know: where the values come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.capabilities import Capabilities, Pace, TextUnit, UnknownPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT_MAX = 4096
"""UTF-16 units of a message."""
CAPTION_MAX = 1024
"""UTF-16 units of the words under a document."""
DOWNLOAD_MAX = 20 << 20
"""Bytes of a file that a bot may fetch."""
BODY_MAX = 1 << 20
"""Bytes of a webhook body (channels.md 6.3)."""

CAPABILITIES = Capabilities(
    text_max=TEXT_MAX,
    text_unit=TextUnit.UTF16,
    buttons=100,
    button_title=64,
    caption_max=CAPTION_MAX,
    has_typing=True,
    typing_lasts=5.0,
    unknown=UnknownPolicy.RESEND_ONCE,
    channel_pace=Pace(6, 24.0),  # together what is allowed in any second
    person_pace=Pace(5, 1.0),
    hold=0.25,
    album_hold=1.5,
    late_after=timedelta(minutes=15),
)
"""Telegram allows about 30 messages a second, and one a second to a person with a burst (channels.md 1.4)."""

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Profile:
    """What people see of the bot before they write, in one language."""

    name: str
    short_description: str
    description: str
    commands: Mapping[str, str]
    """Words of the menu by command, without the slash."""


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """Plain values."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    """Comes with every webhook call."""
    path: str
    """Of our webhook; nobody can guess it."""
    api_url: str
    """Ends in ``/bot``; the token follows."""
    file_url: str
    """Ends in ``/file/bot``; the token follows."""
    public_url: str | None = None
    """Without one Telegram is asked for what is new."""
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    """By language code; the one of ``""`` is for everybody else."""
    poll_seconds: int = 20
    account: str = ""
    """The bot's number when the data met another bot first: each counts its updates by itself (channels.md 1.3)."""
