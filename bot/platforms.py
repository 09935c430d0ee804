"""The platforms that are set up, opened: settings become channels.

Each platform's library is loaded only where it is used.
Must not know: storage, the engine, the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.core.channel import Channel, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

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

    def why_stopped(self, reason: str) -> str:
        """The reason for which nothing is sent, in plain words for whoever runs the house."""

    def close(self) -> None:
        """Let go of connections and threads."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What platforms need of the house."""

    secret: Callable[[str], str]
    """Derives a secret of this house for a purpose."""
    texts: ProfileTexts
    say: Callable[[str, str], str]
    """The sentence of a key in a language."""
    now: Callable[[], datetime]
    first: Callable[[str, str], str]
    """The value that the data of this house met first under a name: the given one when there was none."""


def open_platforms(settings: Settings, surroundings: Surroundings) -> dict[str, Platform]:
    """The platforms by name. Nothing is called yet."""
    platforms: dict[str, Platform] = {}
    if settings.telegram is not None:
        from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415 - 0.5 s that most commands do not need
        from bot.channels.telegram.settings import Profile, TelegramSettings  # noqa: PLC0415

        telegram = settings.telegram
        bot = telegram.token.partition(":")[0]
        platforms["telegram"] = TelegramChannel(
            TelegramSettings(
                telegram.token,
                telegram.secret or surroundings.secret("telegram webhook"),
                f"/telegram/{surroundings.secret('telegram path')[:32]}",
                telegram.api_url,
                telegram.file_url,
                settings.public_url,
                {language: Profile(*words) for language, words in surroundings.texts.items()},
                account="" if surroundings.first("telegram account", bot) == bot else bot,
            )
        )
    if settings.whatsapp is not None:
        from bot.channels.whatsapp.channel import WhatsAppChannel  # noqa: PLC0415

        platforms["whatsapp"] = WhatsAppChannel(settings.whatsapp, surroundings.say, surroundings.now)
    return platforms
