"""Requests to Meta's Graph API: one address, one token, short answers, no redirects.

Must not know: what is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.whatsapp.settings import WhatsAppSettings

ANSWER_MAX = 512 * 1024
"""Bytes of an answer; Meta's have some hundred."""
USER_AGENT = "guichet/2026.11"
TIMEOUT = httpx.Timeout(15.0, connect=10.0, pool=15.0)
UPLOAD_TIMEOUT = httpx.Timeout(60.0, connect=10.0, pool=15.0)
BRIEF = httpx.Timeout(5.0)


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
    return httpx.Client(
        transport=transport,
        timeout=TIMEOUT,
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0),
        trust_env=True,
    )


@dataclass(frozen=True, slots=True)
class Graph:
    """Meta's API under one version."""

    settings: WhatsAppSettings
    client: httpx.Client

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.settings.token}"}

    def url(self, path: str) -> str:
        """The address of a path below the version."""
        return f"{self.settings.api_url.rstrip('/')}/{self.settings.api_version}/{path}"

    def get(self, path: str, **params: str) -> Answer:
        """Ask for a node. Raises httpx.HTTPError."""
        return self._answer(self.client.build_request("GET", self.url(path), params=params, headers=self.headers))

    def post(self, path: str, body: Mapping[str, object], timeout: httpx.Timeout = TIMEOUT) -> Answer:
        """Send an object. Raises httpx.HTTPError."""
        return self._answer(
            self.client.build_request("POST", self.url(path), json=dict(body), headers=self.headers, timeout=timeout)
        )

    def upload(self, path: str, name: str, media_type: str, data: bytes) -> Answer:
        """Hand a file over. Raises httpx.HTTPError."""
        return self._answer(
            self.client.build_request(
                "POST",
                self.url(path),
                data={"messaging_product": "whatsapp", "type": media_type},
                files={"file": (name, data, media_type)},
                headers=self.headers,
                timeout=UPLOAD_TIMEOUT,
            )
        )

    def _answer(self, request: httpx.Request) -> Answer:
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


def _object(raw: bytes) -> dict[str, Any] | None:
    if len(raw) > ANSWER_MAX:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
