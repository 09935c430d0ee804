"""Keeps tokens out of every log line, whoever writes it: libraries put them into addresses and errors.

Must not know: what is secret, beyond the texts it is given.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUIET = ("httpx", "httpcore", "telegram", "hpack", "urllib3", "python_multipart")
"""They log addresses (with the token in them) and bodies at INFO and DEBUG (channels.md 1.1)."""
_MUTE = ("telegram.request",)
"""Logs every answer that is no JSON, whole, as an error: it may be half of a message somebody was sent."""

_TOKEN = re.compile(r"bot\d{3,20}:[\w-]{10,}")
_HIDDEN = "[secret]"


class Redaction(logging.Filter):
    """Replaces secrets in the finished message; errors lose their text with them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the line stays, its secrets do not."""
        said = self._hide(record.getMessage())
        record.msg, record.args = said, None
        if record.exc_info and record.exc_info[0] is not None:
            record.msg = f"{said} ({record.exc_info[0].__name__})"
        record.exc_info = record.exc_text = record.stack_info = None
        return True

    def _hide(self, said: str) -> str:
        for secret in self._secrets:
            said = said.replace(secret, _HIDDEN)
        return _TOKEN.sub(f"bot{_HIDDEN}", said)


def redact(secrets: Iterable[str]) -> None:
    """Put the filter on every handler there is, and quiet the libraries that speak of addresses."""
    hide = Redaction(secrets)
    for handler in logging.getLogger().handlers:
        for old in [each for each in handler.filters if isinstance(each, Redaction)]:
            handler.removeFilter(old)
        handler.addFilter(hide)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
