"""The second door, for whoever runs the house: metrics and health, on this machine only, behind a token when one is set.

Must not know: how anything is counted.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import anyio.to_thread
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bot.gateway.health import Health
    from bot.gateway.metrics import Metrics


def create_admin(metrics: Metrics, health: Health, token: str | None = None) -> Starlette:
    """The application of the admin port; with a token only for those who bear it."""

    async def show(_request: Request) -> Response:
        text = await anyio.to_thread.run_sync(metrics.text)
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    guards = [] if token is None else [Middleware(Bearer, token=token)]
    return Starlette(routes=[*health.routes(), Route("/metrics", show)], middleware=guards)


class Bearer:
    """Lets in who bears the token; compares in constant time, refuses all others alike."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        """An empty token lets nobody in."""
        self._app = app
        self._token = token
        self._wanted = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or 401."""
        if scope["type"] == "http" and not self._knows(scope):
            refusal = PlainTextResponse("unauthorized", 401, {"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        told = given[0] if len(given) == 1 else b""
        return hmac.compare_digest(told, self._wanted) and bool(self._token)
