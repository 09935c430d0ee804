"""The one ASGI application: web chat, health, and what others mount (webhooks, the console).

Must not know: how any of them works, settings, storage.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.gateway.headers import SafeAnswers
from bot.gateway.page import HERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bot.gateway.health import Health
    from bot.gateway.webchat import WebChat

_CODES = {404: "not_found", 405: "bad_method"}


def create_app(web: WebChat, health: Health, mounts: Sequence[BaseRoute] = (), *, is_secure: bool = False) -> Starlette:
    """The application; ``mounts`` come before the web chat's own routes, ``is_secure`` when the public address is https.

    ``app.state.web.end_streams()`` lets a server stop that waits for open connections.
    """
    # Its warnings quote a byte of what the person sent.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    app = Starlette(
        routes=[
            *health.routes(),
            *mounts,
            *web.routes(),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(SafeAnswers, is_secure=is_secure)],
        exception_handlers={HTTPException: refuse},
    )
    app.state.web = web
    return app


async def refuse(_request: Request, error: Exception) -> Response:
    """A refusal as JSON: one code, nothing of the request."""
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__)
    code = error.detail if error.detail.isidentifier() else _CODES.get(error.status_code, "refused")
    return JSONResponse({"error": code}, error.status_code, error.headers)
