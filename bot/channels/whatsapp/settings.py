"""What one needs to speak for a WhatsApp number: checked values, no environment.

Must not know: where the values come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.core.errors import SettingsError
from bot.core.hosts import is_loopback

HOST = "graph.facebook.com"
DEFAULT_URL = f"https://{HOST}"
DEFAULT_VERSION = "v24.0"
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{1,2000}")
_NUMBER_ID = re.compile(r"\d{5,25}", re.ASCII)
MAX_SECRETS = 2
"""Two application secrets while one replaces the other; more is a mistake."""


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """One Meta application and the numbers it speaks for."""

    token: str = field(repr=False)
    app_secrets: tuple[str, ...] = field(repr=False)
    verify_token: str = field(repr=False)
    phone_number_ids: tuple[str, ...]
    """The first is the one that writes when nothing says which."""
    api_url: str = DEFAULT_URL
    api_version: str = DEFAULT_VERSION

    def __post_init__(self) -> None:
        """Raise SettingsError naming the environment's setting that is wrong."""
        if not _TOKEN.fullmatch(self.token):
            raise SettingsError("GUICHET_WHATSAPP_TOKEN is missing, or holds blanks or letters no token has")
        if not self.app_secrets or not all(self.app_secrets):
            raise SettingsError("GUICHET_WHATSAPP_APP_SECRET is missing: without it anybody could write to the bot")
        if len(self.app_secrets) > MAX_SECRETS:
            raise SettingsError("GUICHET_WHATSAPP_APP_SECRET holds more than two secrets")
        if not self.verify_token:
            raise SettingsError("GUICHET_WHATSAPP_VERIFY_TOKEN is missing")
        if not self.phone_number_ids or not all(map(_NUMBER_ID.fullmatch, self.phone_number_ids)):
            raise SettingsError(
                "GUICHET_WHATSAPP_PHONE_NUMBER_ID must hold Meta's number ids (digits, comma-separated), not telephone numbers"
            )
        if not _VERSION.fullmatch(self.api_version):
            raise SettingsError("GUICHET_WHATSAPP_API_VERSION must look like v24.0")
        if not _is_safe(self.api_url):
            raise SettingsError(
                f"GUICHET_WHATSAPP_API_URL must be {DEFAULT_URL}, or for tests an address of this machine, without a path"
            )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a log."""
        return (self.token, *self.app_secrets, self.verify_token)

    @property
    def is_for_tests(self) -> bool:
        """A stand-in on this machine is spoken to, not Meta."""
        return is_loopback(self.api_url)


def read_list(value: str) -> tuple[str, ...]:
    """The parts of a comma-separated setting, without blanks."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _is_safe(url: str) -> bool:
    """True for Meta's address and for this machine: the token and people's words go there, and files come from there.

    Another host is never right, not even over https: whoever needs one has been told to send the token away.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        return False
    if is_loopback(url):
        return parts.scheme in {"http", "https"}
    return parts.scheme == "https" and parts.hostname == HOST and port in {None, 443}
