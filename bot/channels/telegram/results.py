"""What Telegram's errors mean for a message: the one table (channels.md 1.4).

The order matters: BadRequest and TimedOut are kinds of NetworkError.
Must not know: what a message says; only class names leave this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.core.delivery import Permanent, Retry, Scope, UnknownOutcome

if TYPE_CHECKING:
    from datetime import timedelta

_GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
"""Nothing of the request has reached anybody."""


def classify(error: TelegramError) -> Retry | Permanent | UnknownOutcome:
    """The result of a request that ended in this error."""
    name = type(error).__name__
    match error:
        case RetryAfter():
            return Retry(name, _seconds(error), is_counted=False)
        case Forbidden():
            return Permanent(name, Scope.PERSON)
        case ChatMigrated():
            # Only groups migrate, and groups are not served.
            return Permanent(name, Scope.PERSON)
        case BadRequest():
            is_gone = any(words in error.message.casefold() for words in _GONE)
            return Permanent(name, Scope.PERSON if is_gone else Scope.MESSAGE)
        case InvalidToken() | Conflict():
            return Permanent(name, Scope.CHANNEL)
        case TimedOut() | NetworkError():
            return _unanswered(error, name)
        case _:
            return Permanent(name)


def _unanswered(error: TelegramError, name: str) -> Retry | UnknownOutcome:
    cause = error.__cause__
    if isinstance(cause, _NEVER_LEFT):
        return Retry(type(cause).__name__)
    if isinstance(cause, httpx.HTTPError) or isinstance(error, TimedOut):
        return UnknownOutcome(type(cause).__name__ if cause is not None else name)
    return Retry(name)  # Telegram itself answered with 5xx


def _seconds(error: RetryAfter) -> timedelta:
    # The public name warns about its coming change of type at every read.
    return error._retry_after  # noqa: SLF001
