"""Settings from the environment, prefix ``GUICHET_`` (contracts.md 5).

Read once, by the composition root only. Must not know: what the settings are used for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "GUICHET_"
DEFAULT_DATA_DIR = ".guichet"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked."""

    data_dir: Path
    public_url: str | None = None
    master_key: str | None = field(default=None, repr=False)
    master_key_file: Path | None = None
    database_url: str = ""


_KNOWN = {
    "DATA_DIR", "PUBLIC_URL", "MASTER_KEY", "MASTER_KEY_FILE", "DATABASE_URL",
    "TELEGRAM_TOKEN", "TELEGRAM_SECRET", "TELEGRAM_API_URL", "TELEGRAM_FILE_URL",
    "WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_PHONE_NUMBER_ID",
    "WHATSAPP_API_URL", "WHATSAPP_API_VERSION", "SMTP_URL", "TSA_URL",
}  # fmt: skip
_LATER = ("TELEGRAM_", "WHATSAPP_", "SMTP_URL", "TSA_URL")


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
    )


def unused_settings(environ: Mapping[str, str]) -> list[str]:
    """Settings that are set and that this version does not use yet; named at start so that nobody waits for them."""
    return sorted(
        name
        for name, value in environ.items()
        if value and name.startswith(PREFIX) and name.removeprefix(PREFIX).startswith(_LATER)
    )
