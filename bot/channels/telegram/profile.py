"""Tells Telegram where we are and what we are called, in every language; changes only what differs.

The getters come first: the setters are limited in number a day (channels.md 1.7).
Must not know: where the texts come from.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from telegram import BotCommand
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.results import seconds
from bot.channels.telegram.settings import ALLOWED_UPDATES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from telegram import Bot

    from bot.channels.telegram.settings import Profile, TelegramSettings

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=5)
"""For a kind of words that failed without a time being said."""

MAX_CONNECTIONS = 8
"""Calls of Telegram at a time; order among them is restored while they wait (Capabilities.hold)."""


async def set_up_transport(bot: Bot, settings: TelegramSettings) -> None:
    """The webhook, when we have a public address; else none, and nothing that waits is thrown away."""
    if settings.public_url is None:
        info = await bot.get_webhook_info()
        if info.url:
            await bot.delete_webhook(drop_pending_updates=False)
        return
    # Set at each start: Telegram does not tell the secret, so it cannot be compared.
    await bot.set_webhook(
        settings.public_url + settings.path,
        allowed_updates=list(ALLOWED_UPDATES),
        max_connections=MAX_CONNECTIONS,
        secret_token=settings.secret,
    )


class Menus:
    """Name, descriptions and commands in every language; each kind by itself, for Telegram limits each by itself."""

    def __init__(self, bot: Bot, profiles: Mapping[str, Profile]) -> None:
        """Nothing is asked yet."""
        self._bot = bot
        self._profiles = profiles
        self._kinds: dict[str, Callable[[str, Profile], Awaitable[None]]] = {
            "name": self._name,
            "description": self._description,
            "short description": self._short_description,
            "commands": self._commands,
        }
        self._due: dict[str, datetime] = {}
        """Kinds that are not told yet, and when they may be asked about again."""

    async def set_up(self, now: datetime) -> timedelta | None:
        """Change what differs; how long to wait before the rest may be told, None when all is.

        A kind that Telegram limits rests as long as Telegram says, and holds up no other. Raises TelegramError when
        the token is not known.
        """
        for kind, tell in self._kinds.items():
            if self._due.get(kind, now) > now:
                continue
            patience = await self._told(tell)
            if patience is None:
                self._due.pop(kind, None)
            else:
                logger.warning("Telegram has not taken every %s; the rest in %d s", kind, patience.total_seconds())
                self._due[kind] = now + patience
        return min(self._due.values()) - now if self._due else None

    async def _told(self, tell: Callable[[str, Profile], Awaitable[None]]) -> timedelta | None:
        """None when this kind stands in every language, or can stand in none; else how long to wait."""
        try:
            for language, profile in self._profiles.items():
                await tell(language, profile)
        except RetryAfter as error:
            return seconds(error)
        except InvalidToken:
            # A method that a server does not have looks like a wrong token. Where the token is right, this is an API
            # server of somebody else: people are answered there without a menu.
            await self._bot.get_me()
        except TelegramError:
            return PATIENCE
        return None

    async def _name(self, language: str, profile: Profile) -> None:
        if (await self._bot.get_my_name(language_code=language)).name != profile.name:
            await self._bot.set_my_name(profile.name, language_code=language)

    async def _description(self, language: str, profile: Profile) -> None:
        if (await self._bot.get_my_description(language_code=language)).description != profile.description:
            await self._bot.set_my_description(profile.description, language_code=language)

    async def _short_description(self, language: str, profile: Profile) -> None:
        known = await self._bot.get_my_short_description(language_code=language)
        if known.short_description != profile.short_description:
            await self._bot.set_my_short_description(profile.short_description, language_code=language)

    async def _commands(self, language: str, profile: Profile) -> None:
        known = await self._bot.get_my_commands(language_code=language)
        if {each.command: each.description for each in known} != dict(profile.commands):
            commands = [BotCommand(name, words) for name, words in profile.commands.items()]
            await self._bot.set_my_commands(commands, language_code=language)
