"""How a person is named on WhatsApp: a number, an id of our business alone, or both.

Since 2026 a person may hide the number behind a user name; the id then is all there is, and it changes with the number.
Must not know: who the person is to us.
"""

from __future__ import annotations

import re

from bot.core.ports import Address

CHANNEL = "whatsapp"
_PHONE = re.compile(r"\d{5,20}", re.ASCII)
_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")
_PHONE_PREFIX, _BSUID_PREFIX = "phone:", "bsuid:"


def phone(value: object) -> Address | None:
    """The address of a number as Meta writes it: digits, with or without a plus."""
    digits = value.removeprefix("+") if isinstance(value, str) else ""
    return Address(CHANNEL, _PHONE_PREFIX + digits) if _PHONE.fullmatch(digits) else None


def bsuid(value: object) -> Address | None:
    """The address of a business-scoped user id such as ``FR.13491208655302741918``."""
    is_one = isinstance(value, str) and _BSUID.fullmatch(value)
    return Address(CHANNEL, f"{_BSUID_PREFIX}{value}") if is_one else None


def recipient(identity: str) -> dict[str, str] | None:
    """The field that names whom a message is for, or None when the identity is none of WhatsApp's."""
    kind, _colon, value = identity.partition(":")
    if kind == "phone" and _PHONE.fullmatch(value):
        return {"to": value}
    if kind == "bsuid" and _BSUID.fullmatch(value):
        return {"recipient": value}
    return None
