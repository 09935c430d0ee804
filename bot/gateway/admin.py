"""The second door, for whoever runs the house: metrics and health, on this machine only.

Must not know: how anything is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.gateway.health import Health
    from bot.gateway.metrics import Metrics


def create_admin(metrics: Metrics, health: Health) -> Starlette:
    """The application of the admin port."""

    async def show(_request: Request) -> Response:
        text = await anyio.to_thread.run_sync(metrics.text)
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return Starlette(routes=[*health.routes(), Route("/metrics", show)])
