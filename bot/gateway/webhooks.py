"""The doors of platforms that call us: read, check who it is, store, thank; nothing is answered from here.

Every refusal looks the same. A body is read no further than its cap, and parsed only after its sender is known.
Must not know: any platform, what a message says.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from bot.core.channel import Webhooks
from bot.core.errors import StorageError, UnauthorizedError
from bot.gateway.limits import Bodies, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bot.core.events import Event, Inbound
    from bot.core.ports import Clock

logger = logging.getLogger(__name__)

_RETRY = {"Retry-After": "5"}
TELL_EVERY = 100
"""Refused calls between two lines in the log: anybody can make us refuse."""
BODY_SECONDS = 20.0
"""A platform is fast; whoever sends slowly is none."""


class Watch(Protocol):
    """Counts answers."""

    def answered(self, channel: str, code: int, seconds: float) -> None:
        """One with this status, after so long."""


BUFFERED_BYTES = 64 << 20
"""All bodies of one platform being read at one time."""


class Door(Webhooks, Protocol):
    """A platform as its door sees it."""

    path: str
    body_bytes: int

    def challenge(self, query: Mapping[str, str]) -> str:
        """The answer to a platform that makes sure of our address. Raises UnauthorizedError."""


class Webhook:
    """The door of one channel."""

    def __init__(
        self,
        door: Door,
        take_in: Callable[[list[Event]], list[Inbound]],
        welcome: Callable[[list[Inbound]], None],
        clock: Clock,
        watch: Watch,
    ) -> None:
        """``take_in`` stores, ``welcome`` wakes the jobs and shows that somebody reads; neither may be slow."""
        self._door = door
        self._take_in = take_in
        self._welcome = welcome
        self._clock = clock
        self._watch = watch
        self.accepted = self.refused = 0
        """Calls since the start whose sender was known, and those that bore another secret or none."""
        self._bodies = Bodies(Limits(body_bytes=door.body_bytes, buffered_bytes=BUFFERED_BYTES))

    @property
    def knows_nobody(self) -> bool:
        """Somebody calls and nobody was let in since the start: the platform's secret is likely not ours."""
        return self.refused > 0 and self.accepted == 0

    def routes(self) -> list[BaseRoute]:
        """The platform's address."""
        return [Route(self._door.path, self.receive, methods=["POST"]), Route(self._door.path, self.verify)]

    async def verify(self, request: Request) -> Response:
        """The platform makes sure that the address is ours."""
        try:
            return PlainTextResponse(self._door.challenge(dict(request.query_params)))
        except UnauthorizedError as error:
            raise HTTPException(403, "forbidden") from error

    async def receive(self, request: Request) -> Response:
        """200 once everything is durable, 403 for a stranger, 413 over the cap, 503 when the platform must try again."""
        began = asyncio.get_running_loop().time()
        code = 500
        try:
            raw = await self._read(request)
            new = await anyio.to_thread.run_sync(self._store, _joined(request), raw)
            code = 200
        except UnauthorizedError as error:
            code = 403
            self._refuse()
            raise HTTPException(403, "forbidden") from error
        except StorageError as error:
            code = 503
            raise HTTPException(503, "unavailable", _RETRY) from error
        except HTTPException as error:
            code = error.status_code
            raise
        finally:
            self._watch.answered(self._door.name, code, asyncio.get_running_loop().time() - began)
        self._welcome(new)
        return JSONResponse({"ok": True})

    async def _read(self, request: Request) -> bytes:
        raw = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS), aclosing(self._bodies.read(request)) as chunks:
                async for chunk in chunks:
                    raw += chunk
        except TimeoutError as error:
            raise HTTPException(408, "too_slow") from error
        return bytes(raw)

    def _refuse(self) -> None:
        self.refused += 1
        if self.refused % TELL_EVERY == 1:
            platform = self._door.name
            logger.warning(
                "%s: %d calls refused and %d let in since the start; when none is let in, another secret is set there",
                platform,
                self.refused,
                self.accepted,
            )

    def _store(self, headers: Mapping[str, str], raw: bytes) -> list[Inbound]:
        self._door.authenticate(headers, raw)
        self.accepted += 1
        return self._take_in(self._door.parse(raw, self._clock.now()))


def _joined(request: Request) -> dict[str, str]:
    """The headers by lower-case name; one that comes twice is joined, so that no copy hides behind another."""
    joined: dict[str, str] = {}
    for name, value in request.headers.items():
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
