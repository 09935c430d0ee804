"""Is it Meta that calls: the address's verification and the signature of every body.

Every refusal is the same error; times do not depend on where a value differs. Must not know: what a body says.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from bot.core.errors import UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER = "x-hub-signature-256"
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)


def verify(headers: Mapping[str, str], raw: bytes, secrets: Sequence[str]) -> None:
    """Check the signature over the raw bytes with each secret. Raises UnauthorizedError.

    Meta escapes every other than ASCII character in the body it signs: a body written anew has another signature.
    """
    given = [value for name, value in headers.items() if name.lower() == HEADER]
    found = _SIGNATURE.fullmatch(given[0]) if len(given) == 1 else None
    told = found[1] if found else "0" * 64
    fits = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        fits |= hmac.compare_digest(expected, told) and bool(secret)
    if not (fits and found):
        raise UnauthorizedError("whatsapp")


def challenge(query: Mapping[str, str], verify_token: str) -> str:
    """The text to answer Meta's ``GET`` with when an address is entered. Raises UnauthorizedError."""
    told = query.get("hub.verify_token", "")
    text = query.get("hub.challenge", "")
    is_ours = hmac.compare_digest(told.encode("utf-8", "replace"), verify_token.encode()) and bool(verify_token)
    if not is_ours or query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(text):
        raise UnauthorizedError("whatsapp")
    return text
