"""An ASGI application on a loopback port, in a thread of its own, whose connections can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Self

import uvicorn
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import TypeAlias

    from tests.peers.faults import Fault

    Message: TypeAlias = MutableMapping[str, Any]
    Receive: TypeAlias = Callable[[], Awaitable[Message]]
    Send: TypeAlias = Callable[[Message], Awaitable[None]]
    Scope: TypeAlias = MutableMapping[str, Any]
    App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

TRANSPORT = "peer.transport"
START_SECONDS = 10


class Wire:
    """Hands each request the transport below it, because no ASGI answer can say "cut the line"."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes uvicorn's transport in the scope; there is none under another server."""
        scope[TRANSPORT] = getattr(getattr(receive, "__self__", None), "transport", None)
        await self.app(scope, receive, send)


class Served:
    """A server that runs between ``start`` and ``stop`` and is reached at ``url``."""

    def __init__(self, app: App, port: int = 0) -> None:
        self.wanted = port
        self.port = 0
        self.server = uvicorn.Server(
            uvicorn.Config(
                Wire(app),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                timeout_graceful_shutdown=1,
                timeout_keep_alive=30,
            ),
        )
        self.thread = threading.Thread(target=self._run, name="peer", daemon=True)
        # With the protocol named, asyncio sets TCP_NODELAY: else every answer in two parts waits 40 ms for an ACK.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)

    @property
    def url(self) -> str:
        """The address of the root, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Binds, serves, and returns when the first connection would be taken."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", self.wanted))
        except OSError:
            self._socket.close()
            raise
        self.port = self._socket.getsockname()[1]
        self.thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self.server.started:
            if time.monotonic() > deadline or not self.thread.is_alive():
                raise TimeoutError("the peer did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Ends the server and waits for its thread."""
        self.server.should_exit = True
        self.thread.join(START_SECONDS)
        self._socket.close()

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            self.server.run(sockets=[self._socket])


class FaultAnswer(Response):
    """A fault in the place of an answer: a wrong answer, silence, or a line that is cut."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.content, fault.status, dict(fault.headers), fault.media_type)
        self.fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Does to the wire what the fault says."""
        manner = self.fault.manner
        if manner == "hang":
            await _silence(receive, self.fault.seconds)
        if manner in {"hang", "drop"}:
            _cut(scope)
            return
        if manner == "cut":
            headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"ok":true,"messages":[{"id":"wam', "more_body": True})
            await asyncio.sleep(0.02)
            _cut(scope)
            return
        await super().__call__(scope, receive, send)


async def _silence(receive: Receive, seconds: float) -> None:
    """Says nothing until the other side gives up or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass


def _cut(scope: Scope) -> None:
    transport = scope.get(TRANSPORT)
    if transport is not None:
        transport.abort()
