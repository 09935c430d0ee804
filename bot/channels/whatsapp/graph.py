"""Requests to Meta's Graph API: one address, one token, short answers, a limit of time, no redirects.

Must not know: what is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx

from bot.channels.whatsapp.deadline import limit, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.channels.whatsapp.settings import WhatsAppSettings

ANSWER_MAX = 512 * 1024
"""Bytes of an answer; Meta's have some hundred."""
USER_AGENT = "guichet/2026.11"
CONNECT_SECONDS, STEP_SECONDS = 10.0, 15.0
"""Patience with one step of a call."""
CALL_SECONDS = 20.0
"""Patience with a whole call, from the connection to the last byte of the answer."""
UPLOAD_SECONDS = 60.0
BRIEF_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end or to the limit."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any] | None = field(repr=False, default=None)
    """The JSON object, or None when it was something else."""

    @property
    def is_success(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300


def new_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """The one client of a channel; safe to share between threads."""
    client = httpx.Client(
        transport=transport,
        timeout=_steps(STEP_SECONDS),
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0),
        trust_env=True,
    )
    limit(client)
    return client


@dataclass(frozen=True, slots=True)
class Graph:
    """Meta's API under one version."""

    settings: WhatsAppSettings
    client: httpx.Client
    timer: Callable[[], float] = monotonic
    """Seconds from any beginning; they never go back."""

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.settings.token}"}

    def url(self, path: str) -> str:
        """The address of a path below the version."""
        return f"{self.settings.api_url.rstrip('/')}/{self.settings.api_version}/{path}"

    def get(self, path: str, **params: str) -> Answer:
        """Ask for a node. Raises httpx.HTTPError."""
        request = self.client.build_request("GET", self.url(path), params=params, headers=self.headers)
        return self._answer(request, CALL_SECONDS)

    def post(self, path: str, body: Mapping[str, object], seconds: float = CALL_SECONDS) -> Answer:
        """Send an object; the whole exchange lasts ``seconds`` at most. Raises httpx.HTTPError."""
        request = self.client.build_request(
            "POST", self.url(path), json=dict(body), headers=self.headers, timeout=_steps(min(STEP_SECONDS, seconds))
        )
        return self._answer(request, seconds)

    def upload(self, path: str, name: str, media_type: str, data: bytes, seconds: float = UPLOAD_SECONDS) -> Answer:
        """Hand a file over within ``seconds``. Raises httpx.HTTPError."""
        request = self.client.build_request(
            "POST",
            self.url(path),
            data={"messaging_product": "whatsapp", "type": media_type},
            files={"file": (name, data, media_type)},
            headers=self.headers,
            timeout=_steps(seconds),
        )
        return self._answer(request, seconds)

    def _answer(self, request: httpx.Request, seconds: float) -> Answer:
        with within(seconds, self.timer):
            return self._exchange(request)

    def _exchange(self, request: httpx.Request) -> Answer:
        response = self.client.send(request, stream=True)
        try:
            raw = bytearray()
            for chunk in response.iter_bytes():
                raw += chunk
                if len(raw) > ANSWER_MAX:
                    break
        finally:
            response.close()
        return Answer(response.status_code, response.headers, _object(bytes(raw)))


def _steps(seconds: float) -> httpx.Timeout:
    """The waits of the steps of a call, none longer than ``seconds``."""
    return httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds), pool=min(STEP_SECONDS, seconds))


def _object(raw: bytes) -> dict[str, Any] | None:
    if len(raw) > ANSWER_MAX:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
