"""Who is at the other end of the web chat: a random id in a cookie that only we can sign.

Must not know: persons, storage. Nothing is kept on our side: the signature is the memory.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

_TOKEN = re.compile(r"([A-Za-z0-9_-]{24,64})\.([0-9a-f]{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)
_PURPOSE = b"guichet web session 1|"

LIFETIME = timedelta(days=30)
"""As long as the conversation itself is kept without activity (domain.md 6.2)."""

RENEW_AFTER = timedelta(days=1)
"""A page opened later than this gets its cookie anew, so that an active person never loses the conversation."""


def random_id() -> str:
    """144 random bits, safe in a cookie."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that was here before, or was just let in."""

    id: str
    issued_at: datetime


class Sessions:
    """Signs and reads the cookie."""

    def __init__(self, key: bytes, *, is_secure: bool, new_id: Callable[[], str] = random_id) -> None:
        """``key`` is secret and at least 32 bytes; ``is_secure`` when the public address is https.

        Raises ValueError for a short key.
        """
        if len(key) < 32:
            msg = "the session key is shorter than 32 bytes"
            raise ValueError(msg)
        self._key = key
        self._is_secure = is_secure
        self._new_id = new_id
        # The prefix makes browsers refuse a cookie of this name set by a sister host or over plain http.
        self.cookie = "__Host-guichet" if is_secure else "guichet"

    def create(self, now: datetime) -> Session:
        """A fresh session; its id is ours, never the client's."""
        return Session(self._new_id(), now)

    def read(self, request: Request, now: datetime) -> Session | None:
        """The session of a request; None without a cookie or with one that is too old.

        Raises HTTPException 403 for a cookie that we did not sign.
        """
        token = request.cookies.get(self.cookie)
        if not token:
            return None
        parts = _TOKEN.fullmatch(token)
        if parts is None or not hmac.compare_digest(self._sign(parts[1], parts[2]), parts[3]):
            raise HTTPException(403, "forged_session")
        issued_at = datetime.fromtimestamp(int(parts[2], 16), UTC)
        return Session(parts[1], issued_at) if now - issued_at < LIFETIME else None

    def require(self, request: Request, now: datetime) -> Session:
        """The session of a request. Raises HTTPException 401 when there is none, 403 when it is forged."""
        session = self.read(request, now)
        if session is None:
            raise HTTPException(401, "no_session")
        return session

    def is_due(self, session: Session, now: datetime) -> bool:
        """True when the cookie should be set anew."""
        return now - session.issued_at >= RENEW_AFTER

    def remember(self, response: Response, session: Session, now: datetime) -> None:
        """Set the cookie, valid from now on."""
        issued = f"{int(now.timestamp()):x}"
        token = f"{session.id}.{issued}.{self._sign(session.id, issued)}"
        self._set(response, token, int(LIFETIME.total_seconds()))

    def forget(self, response: Response) -> None:
        """Take the cookie away from this device."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        secure = "; Secure" if self._is_secure else ""
        attributes = f"Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict{secure}"
        response.headers.append("Set-Cookie", f"{self.cookie}={value}; {attributes}")

    def _sign(self, session_id: str, issued: str) -> str:
        message = _PURPOSE + f"{session_id}|{issued}".encode()
        digest = hmac.new(self._key, message, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
