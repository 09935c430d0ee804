"""Tells Telegram where we are and what we are called, in every language; changes only what differs.

The getters come first: the setters are limited in number a day (channels.md 1.7).
Must not know: where the texts come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import BotCommand

from bot.channels.telegram.settings import ALLOWED_UPDATES

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.settings import Profile, TelegramSettings

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


async def set_up_profile(bot: Bot, language: str, profile: Profile) -> int:
    """Name, descriptions and commands in one language; how many had to be changed."""
    changed = 0
    if (await bot.get_my_name(language_code=language)).name != profile.name:
        await bot.set_my_name(profile.name, language_code=language)
        changed += 1
    if (await bot.get_my_description(language_code=language)).description != profile.description:
        await bot.set_my_description(profile.description, language_code=language)
        changed += 1
    short = await bot.get_my_short_description(language_code=language)
    if short.short_description != profile.short_description:
        await bot.set_my_short_description(profile.short_description, language_code=language)
        changed += 1
    known = await bot.get_my_commands(language_code=language)
    if {each.command: each.description for each in known} != dict(profile.commands):
        commands = [BotCommand(name, words) for name, words in profile.commands.items()]
        await bot.set_my_commands(commands, language_code=language)
        changed += 1
    return changed
