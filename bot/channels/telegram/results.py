"""What Telegram's errors mean for a message: the one table (channels.md 1.4).

The order matters: BadRequest and TimedOut are kinds of NetworkError. Only Telegram's own word ends a message or a
person's address: a status without it is of a proxy or a host on the way.
Must not know: what a message says; only class names leave this file.
"""

from __future__ import annotations

import re
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
    from collections.abc import Iterable
    from datetime import timedelta

_GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
"""Nothing of the request has reached anybody."""
_STATUS_ALONE = re.compile(r"[^:]+ \(\d{3}\)")
"""What the library says of a refusal without a description of Telegram's: "Forbidden (403)"."""


def classify(error: TelegramError) -> Retry | Permanent | UnknownOutcome:
    """The result of a request that ended in this error."""
    name = type(error).__name__
    match error:
        case RetryAfter():
            return Retry(name, seconds(error), is_counted=False)
        case Forbidden() | BadRequest() | InvalidToken() | Conflict() if is_foreign(error):
            return Retry(name)
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
            return UnknownOutcome(name)  # a 2xx that says nothing we can read: it may well have arrived


def is_foreign(error: TelegramError) -> bool:
    """True for a refusal that is not in Telegram's words: a proxy's page, or an answer of another program."""
    return isinstance(error.__cause__, TelegramError) or _STATUS_ALONE.match(error.message) is not None


def _unanswered(error: TelegramError, name: str) -> Retry | UnknownOutcome:
    cause = error.__cause__
    if isinstance(cause, _NEVER_LEFT):
        return Retry(type(cause).__name__)
    if isinstance(cause, httpx.HTTPError) or isinstance(error, TimedOut):
        return UnknownOutcome(type(cause).__name__ if cause is not None else name)
    return Retry(name)  # Telegram itself answered with 5xx


def seconds(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    # The public name warns about its coming change of type at every read.
    return error._retry_after  # noqa: SLF001


MOST_SPOKEN = 200


def spoken(error: Exception, secrets: Iterable[str]) -> str:
    """The name of the error, with Telegram's own words when it refused what we asked and they hold no secret.

    Only for what was asked about ourselves: about a message they might quote it.
    """
    name = type(error).__name__
    words = error.message if isinstance(error, BadRequest) else ""
    is_safe = words.isprintable() and not any(secret and secret in words for secret in secrets)
    return f"{name}: {words[:MOST_SPOKEN]}" if words and is_safe else name
