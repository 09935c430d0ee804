"""Whether the process lives, and whether its parts can do their work.

Must not know: how a part is checked. The answers name parts and states, nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from enum import StrEnum
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.responses import JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

_log = logging.getLogger(__name__)


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    STARTING = "starting"
    DEGRADED = "degraded"
    """It works, but somebody should look; does not make the whole unready."""
    DOWN = "down"


_READY = frozenset({State.OK, State.DEGRADED})


class Health:
    """The two questions of a load balancer."""

    def __init__(self, checks: Mapping[str, Callable[[], State]], seconds: float = 3.0) -> None:
        """``checks`` by the part's name; each runs in a thread and counts as down after ``seconds``."""
        self._checks = dict(checks)
        self._seconds = seconds

    def routes(self) -> list[BaseRoute]:
        """``/health/live`` and ``/health/ready``."""
        return [Route("/health/live", self.live), Route("/health/ready", self.ready)]

    async def live(self, _request: Request) -> Response:
        """The event loop answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _request: Request) -> Response:
        """200 when every part can work, else 503; both with the state of each part."""
        states = await asyncio.gather(*(self._state(name, check) for name, check in self._checks.items()))
        is_ready = _READY.issuperset(states)
        body = {
            "status": "ready" if is_ready else "not_ready",
            "components": dict(zip(self._checks, states, strict=True)),
        }
        return JSONResponse(body, 200 if is_ready else 503)

    async def _state(self, part: str, check: Callable[[], State]) -> State:
        try:
            async with asyncio.timeout(self._seconds):
                return await anyio.to_thread.run_sync(check, abandon_on_cancel=True)
        except Exception as error:  # noqa: BLE001  # a part that cannot be asked is down, whatever the reason
            _log.warning("health check %s failed: %s", part, type(error).__name__)
            return State.DOWN
