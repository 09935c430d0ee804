"""Settings from the environment, prefix ``GUICHET_`` (contracts.md 5).

Read once, by the composition root only. Must not know: what the settings are used for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.whatsapp.settings import DEFAULT_URL, DEFAULT_VERSION, WhatsAppSettings, read_list
from bot.core.errors import SettingsError
from bot.core.hosts import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "GUICHET_"
DEFAULT_DATA_DIR = ".guichet"
TELEGRAM_API = "https://api.telegram.org/bot"
TELEGRAM_FILES = "https://api.telegram.org/file/bot"


@dataclass(frozen=True, slots=True)
class Telegram:
    """What the Telegram channel needs."""

    token: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    """Of the webhook; derived from the master key when not given."""
    api_url: str = TELEGRAM_API
    file_url: str = TELEGRAM_FILES


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked."""

    data_dir: Path
    public_url: str | None = None
    master_key: str | None = field(default=None, repr=False)
    master_key_file: Path | None = None
    database_url: str = ""
    telegram: Telegram | None = None
    whatsapp: WhatsAppSettings | None = None
    admin_port: int | None = None
    """Where metrics are served, on this machine only; None: nowhere."""
    admin_token: str | None = field(default=None, repr=False)
    """What a scraper must bear; None: every program of this machine may ask."""


_KNOWN = {
    "DATA_DIR", "PUBLIC_URL", "MASTER_KEY", "MASTER_KEY_FILE", "DATABASE_URL",
    "TELEGRAM_TOKEN", "TELEGRAM_SECRET", "TELEGRAM_API_URL", "TELEGRAM_FILE_URL",
    "WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_PHONE_NUMBER_ID",
    "WHATSAPP_API_URL", "WHATSAPP_API_VERSION", "SMTP_URL", "TSA_URL", "ADMIN_PORT", "ADMIN_TOKEN",
}  # fmt: skip
_LATER = ("SMTP_URL", "TSA_URL")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_BEARER = re.compile(r"[A-Za-z0-9._~+/=-]{16,256}", re.ASCII)
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{10,200}", re.ASCII)


def read_settings(environ: Mapping[str, str], data_dir: str | None = None) -> Settings:
    """The settings of an environment. Raises SettingsError naming the one that is wrong.

    ``data_dir`` comes from the command line and wins over the environment.
    """
    given = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in given:
        if name not in _KNOWN:
            message = f"{PREFIX}{name} is not a setting of Guichet"
            raise SettingsError(message)
    public_url = given.get("PUBLIC_URL") or None
    if public_url is not None:
        parts = urlsplit(public_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            message = "GUICHET_PUBLIC_URL must be an http or https address"
            raise SettingsError(message)
        if parts.scheme == "http" and not is_loopback(public_url):
            message = "GUICHET_PUBLIC_URL must begin with https:// unless it is this machine (127.0.0.1)"
            raise SettingsError(message)
    if given.get("MASTER_KEY") and given.get("MASTER_KEY_FILE"):
        message = "GUICHET_MASTER_KEY and GUICHET_MASTER_KEY_FILE are both set: keep one"
        raise SettingsError(message)
    if given.get("DATABASE_URL"):
        message = "GUICHET_DATABASE_URL is not supported yet: leave it empty for SQLite in the data directory"
        raise SettingsError(message)
    key_file = given.get("MASTER_KEY_FILE")
    return Settings(
        data_dir=Path(data_dir or given.get("DATA_DIR") or DEFAULT_DATA_DIR).expanduser(),
        public_url=public_url.rstrip("/") if public_url else None,
        master_key=given.get("MASTER_KEY") or None,
        master_key_file=Path(key_file) if key_file else None,
        telegram=_telegram(given),
        whatsapp=_whatsapp(given),
        admin_port=_port(given.get("ADMIN_PORT")),
        admin_token=_admin_token(given),
    )


TELEGRAM_PORTS = (443, 80, 88, 8443)
"""To no other does Telegram send webhooks (channels.md 1.3); an API server of one's own does."""


def _telegram(given: Mapping[str, str]) -> Telegram | None:
    token = given.get("TELEGRAM_TOKEN")
    if not token:
        _need_nothing(given, "TELEGRAM_", "TELEGRAM_TOKEN")
        return None
    if not _TOKEN.fullmatch(token):
        raise SettingsError("GUICHET_TELEGRAM_TOKEN does not look like a token of BotFather (123456:ABC...)")
    secret = given.get("TELEGRAM_SECRET") or None
    if secret is not None and not _SECRET.fullmatch(secret):
        raise SettingsError("GUICHET_TELEGRAM_SECRET may have 1 to 256 of A-Z a-z 0-9 _ -")
    api, file = (_base_url(given, f"TELEGRAM_{each}_URL") for each in ("API", "FILE"))
    address = given.get("PUBLIC_URL") or ""
    if address and not api and not is_loopback(address) and _port_of(address) not in TELEGRAM_PORTS:
        raise SettingsError("GUICHET_PUBLIC_URL must have port 443, 80, 88 or 8443: Telegram calls no other")
    return Telegram(token, secret, api or TELEGRAM_API, file or TELEGRAM_FILES)


def _whatsapp(given: Mapping[str, str]) -> WhatsAppSettings | None:
    """What was given; the channel's own settings say what is wrong with it."""
    if not given.get("WHATSAPP_TOKEN"):
        _need_nothing(given, "WHATSAPP_", "WHATSAPP_TOKEN")
        return None
    return WhatsAppSettings(
        given["WHATSAPP_TOKEN"],
        read_list(given.get("WHATSAPP_APP_SECRET", "")),
        given.get("WHATSAPP_VERIFY_TOKEN", ""),
        read_list(given.get("WHATSAPP_PHONE_NUMBER_ID", "")),
        given.get("WHATSAPP_API_URL", "").rstrip("/") or DEFAULT_URL,
        given.get("WHATSAPP_API_VERSION") or DEFAULT_VERSION,
    )


def _base_url(given: Mapping[str, str], name: str) -> str | None:
    """An https address, or http on this machine. Raises SettingsError for another."""
    address = (given.get(name) or "").rstrip("/")
    if not address:
        return None
    parts = urlsplit(address)
    if not parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(address))):
        raise SettingsError(f"{PREFIX}{name} must be an https address (http on this machine only)")
    return address


def _port_of(address: str) -> int:
    """The port of an https address. Raises SettingsError."""
    try:
        return urlsplit(address).port or 443
    except ValueError as error:
        raise SettingsError("GUICHET_PUBLIC_URL has a port that is none") from error


def _need_nothing(given: Mapping[str, str], prefix: str, token: str) -> None:
    """Half a channel is a mistake, not a channel that is off."""
    for name, value in given.items():
        if name.startswith(prefix) and value:
            raise SettingsError(f"{PREFIX}{token} is missing: {PREFIX}{name} is set, which does nothing without it")


def _port(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError("GUICHET_ADMIN_PORT must be a port, 1 to 65535")
    return int(text)


def _admin_token(given: Mapping[str, str]) -> str | None:
    token = given.get("ADMIN_TOKEN") or None
    if token is None:
        return None
    if not given.get("ADMIN_PORT"):
        raise SettingsError("GUICHET_ADMIN_PORT is missing: GUICHET_ADMIN_TOKEN is set, which does nothing without it")
    if not _BEARER.fullmatch(token):
        raise SettingsError("GUICHET_ADMIN_TOKEN must have 16 to 256 of A-Z a-z 0-9 . _ ~ + / = -")
    return token


def unused_settings(environ: Mapping[str, str]) -> list[str]:
    """Settings that are set and that this version does not use yet; named at start so that nobody waits for them."""
    return sorted(
        name
        for name, value in environ.items()
        if value and name.startswith(PREFIX) and name.removeprefix(PREFIX).startswith(_LATER)
    )
