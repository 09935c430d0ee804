"""What Telegram says of us, in plain words.

Must not know: who asks.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.results import is_foreign
from bot.core.channel import Finding

if TYPE_CHECKING:
    from telegram import Bot, WebhookInfo

    from bot.channels.telegram.settings import TelegramSettings

MANY_WAITING = 100
RECENT = timedelta(hours=1)
_TOKEN = "Telegram does not know the token. Ask BotFather for it: /mybots, API Token."  # noqa: S105 - no token


async def check(bot: Bot, settings: TelegramSettings, now: datetime) -> list[Finding]:
    """One line for the token, one for how messages come, one for trouble Telegram had with us."""
    try:
        me = await bot.get_me()
        info = await bot.get_webhook_info()
    except TelegramError as error:
        if is_foreign(error):
            return [
                Finding(is_ok=False, text="What answers in Telegram's place is not Telegram: a proxy, or the address.")
            ]
        if isinstance(error, InvalidToken):
            return [Finding(is_ok=False, text=_TOKEN)]
        return [Finding(is_ok=False, text=f"Telegram cannot be reached ({type(error).__name__}).")]
    return [
        Finding(is_ok=True, text=f"The bot is @{me.username}."),
        _transport(info, settings),
        *_trouble(info, now),
    ]


def unheard(reason: str, since: datetime) -> Finding:
    """One line for what keeps us from hearing anything since then; ``reason`` is the class of the error."""
    why = {
        "Conflict": "another program asks Telegram for the same bot's messages. Stop it: one bot, one program.",
        "InvalidToken": _TOKEN,
        "NotTelegram": "what answers in Telegram's place is not Telegram: a proxy, or the address.",
    }.get(reason, f"Telegram does not answer ({reason}).")
    return Finding(is_ok=False, text=f"Nothing is heard since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {why}")


def _transport(info: WebhookInfo, settings: TelegramSettings) -> Finding:
    if settings.public_url is None:
        if info.url:
            return Finding(is_ok=False, text="A webhook is set elsewhere, so asking gets nothing. Start Guichet once.")
        return Finding(is_ok=True, text="Telegram is asked for new messages (no public address is set).")
    if info.url != settings.public_url + settings.path:
        return Finding(is_ok=False, text="Telegram calls another address than ours. Start Guichet once to set it.")
    return Finding(is_ok=True, text=f"Telegram calls us at {settings.public_url}.")


def _trouble(info: WebhookInfo, now: datetime) -> list[Finding]:
    found = []
    if info.pending_update_count > MANY_WAITING:
        found.append(
            Finding(is_ok=False, text=f"{info.pending_update_count} messages wait at Telegram: we are too slow.")
        )
    last = info.last_error_date
    if last is not None and now - last.astimezone(UTC) < RECENT:
        minutes = int((now - last.astimezone(UTC)).total_seconds() // 60)
        found.append(
            Finding(is_ok=False, text=f"Telegram could not reach us {minutes} minutes ago: {info.last_error_message}")
        )
    return found
