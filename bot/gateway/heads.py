"""How long a request's head may take: whoever sends it a byte at a time holds no connection for ever.

uvicorn bounds the size of a head and the pause between two requests, but not a head that trickles.
Must not know: what is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.applications import Starlette

HEAD_SECONDS = 10.0
"""From the connection, or from the first byte of a later request, to the end of its head."""
HEAD_BYTES = 16 * 1024
"""Of a head; a platform's has some hundred bytes."""


class PromptHeads(H11Protocol):
    """uvicorn's protocol with a deadline."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is waited for from now on."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Ends the wait when the head is whole; the first byte of another head begins it anew."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._forget()
        elif self._deadline is None:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._forget()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def server_config(app: Starlette, host: str, port: int, *, grace_seconds: int | None = None) -> uvicorn.Config:
    """How each door of ours is served: prompt heads, no access log, and no handler that prints what fails."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PromptHeads,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ws="none",
        access_log=False,
        log_level="warning",
        log_config=None,  # its own handlers would print what fails with all its words and secrets
        server_header=False,
        timeout_graceful_shutdown=grace_seconds,
    )
