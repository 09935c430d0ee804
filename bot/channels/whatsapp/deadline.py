"""A limit over a whole exchange: httpx counts each read for itself, so a byte now and then keeps a call for ever.

What runs inside ``within`` has that long in all, however slowly the other end listens or speaks.
Must not know: what is asked for.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

PIECE = 16 * 1024
"""Bytes written between two looks at the clock."""

_END: ContextVar[tuple[float, Callable[[], float]] | None] = ContextVar("whatsapp_deadline", default=None)


@contextmanager
def within(seconds: float, timer: Callable[[], float]) -> Iterator[None]:
    """Everything inside ends after so many seconds of ``timer``, or when a limit around it ends."""
    token = _END.set((timer() + min(seconds, left()), timer))
    try:
        yield
    finally:
        _END.reset(token)


def left() -> float:
    """Seconds until the innermost limit; infinite outside of any."""
    end = _END.get()
    return math.inf if end is None else end[0] - end[1]()


def limit(client: httpx.Client) -> None:
    """Put every connection of a client, through a proxy or not, under the limits."""
    # httpx has no public way to say which sockets it uses; a test notices when these names change.
    for carrier in (client._transport, *client._mounts.values()):  # noqa: SLF001
        pool: Any = getattr(carrier, "_pool", None)
        if pool is not None:
            pool._network_backend = _Network(pool._network_backend)  # noqa: SLF001


class _Stream(Protocol):
    """A connection as the client uses it. Raises the client's own timeouts."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All bytes."""

    def close(self) -> None:
        """The end."""

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        """The same connection, encrypted."""

    def get_extra_info(self, info: str) -> Any:
        """What lies below."""


class _Network:
    """Opens connections that know the limit."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **how: Any) -> _Limited:
        return _Limited(self._inner.connect_tcp(host, port, _bound(timeout, httpx.ConnectTimeout), **how))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Limited:
    """A connection each of whose steps may last as long as is left."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _bound(timeout, httpx.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):
            self._stream.write(buffer[start : start + PIECE], _bound(timeout, httpx.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Limited:
        encrypted = self._stream.start_tls(ssl_context, server_hostname, _bound(timeout, httpx.ConnectTimeout))
        return _Limited(encrypted)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _bound(timeout: float | None, ended: type[httpx.TimeoutException]) -> float | None:
    """The wait of one step, cut to what is left; ``ended`` is raised when that is nothing."""
    rest = left()
    if rest <= 0:
        raise ended("deadline")
    if timeout is None:
        return None if math.isinf(rest) else rest
    return min(timeout, rest)
