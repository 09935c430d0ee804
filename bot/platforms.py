"""The platforms that are set up, opened: settings become channels.

Each platform's library is loaded only where it is used.
Must not know: storage, the engine, the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from bot.core.ports import Channel, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Settings


ProfileTexts = Mapping[str, tuple[str, str, str, Mapping[str, str]]]
"""Name, short description, description and commands of the bot, by language; ``""`` for all others."""


class Platform(Channel, Webhooks, Protocol):
    """A channel that is a platform of others."""

    path: str
    """Of its webhook, below our public address."""
    body_bytes: int
    """The largest webhook body it sends."""

    def challenge(self, query: Mapping[str, str]) -> str:
        """The answer to a platform that makes sure of our address. Raises UnauthorizedError."""

    def close(self) -> None:
        """Let go of connections and threads."""


def open_platforms(settings: Settings, secret: Callable[[str], str], texts: ProfileTexts) -> dict[str, Platform]:
    """The platforms by name; ``secret`` derives one of this house for a purpose. Nothing is called yet."""
    platforms: dict[str, Platform] = {}
    if settings.telegram is not None:
        from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415 - 0.5 s that most commands do not need
        from bot.channels.telegram.settings import Profile, TelegramSettings  # noqa: PLC0415

        telegram = settings.telegram
        platforms["telegram"] = TelegramChannel(
            TelegramSettings(
                telegram.token,
                telegram.secret or secret("telegram webhook"),
                f"/telegram/{secret('telegram path')[:32]}",
                telegram.api_url,
                telegram.file_url,
                settings.public_url,
                {language: Profile(*words) for language, words in texts.items()},
            )
        )
    return platforms
