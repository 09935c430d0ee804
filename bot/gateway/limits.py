"""How much one browser may ask of us: bytes, messages, open streams.

Must not know: what the requests mean. Everything is counted in memory and forgotten at the next start.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.requests import Request

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of channels.md 5 and 6.3, with ours where it is silent."""

    body_bytes: int = 16 * MIB
    file_bytes: int = 5 * MIB
    files: int = 3
    buffered_bytes: int = 256 * MIB
    """All bodies being read at one time, together."""
    body_seconds: float = 300.0
    """A slow phone needs four minutes for 5 MB at 20 kB/s."""
    messages_burst: int = 60
    messages_per_second: float = 1.0
    letters_burst: int = 10
    letters_per_second: float = 0.2
    streams_burst: int = 30
    streams_per_second: float = 0.5
    sessions_burst: int = 60
    sessions_per_second: float = 0.2
    streams_per_session: int = 3
    """Browsers open six connections to a host over HTTP/1.1; three streams leave room for messages."""
    streams: int = 1000


class Buckets:
    """A token bucket a key."""

    def __init__(self, burst: int, per_second: float, timer: Callable[[], float], keys: int = 10_000) -> None:
        """``burst`` at once, then ``per_second``; at most ``keys`` are remembered, the oldest go first."""
        self._burst = burst
        self._per_second = per_second
        self._timer = timer
        self._keys = keys
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Use one token of this key. Raises HTTPException 429 with Retry-After when there is none."""
        now = self._timer()
        left, since = self._left.pop(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_second)
        is_allowed = left >= 1
        self._left[key] = (left - 1 if is_allowed else left, now)
        while len(self._left) > self._keys:
            del self._left[next(iter(self._left))]
        if not is_allowed:
            wait = math.ceil((1 - left) / self._per_second)
            raise HTTPException(429, "too_fast", {"Retry-After": str(wait)})


class Bodies:
    """Reads request bodies under a cap for each and one for all together."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is being read."""
        self._limits = limits
        self.held = 0

    async def read(self, request: Request) -> AsyncGenerator[bytes]:
        """The body in chunks. Raises HTTPException 413 at the first byte too many, 503 when all readers hold too much.

        A declared length over the cap is refused before anything is read.
        """
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and (len(declared) > 15 or int(declared) > self._limits.body_bytes):
            raise HTTPException(413, "body_too_large")
        mine = 0
        try:
            async for chunk in request.stream():
                mine += len(chunk)
                self.held += len(chunk)
                if mine > self._limits.body_bytes:
                    raise HTTPException(413, "body_too_large")
                if self.held > self._limits.buffered_bytes:
                    raise HTTPException(503, "busy", {"Retry-After": "10"})
                yield chunk
        finally:
            self.held -= mine


@dataclass(eq=False, slots=True)
class Seat:
    """The right of one open stream."""

    session: str
    seats: Seats
    ended: str | None = None
    """Why the stream must end: ``moved``, ``left`` or ``closing``; None while it may go on."""

    def leave(self) -> None:
        """The stream has ended; its place is free."""
        self.seats.leave(self)


@dataclass(slots=True)
class Seats:
    """All open streams; a new one of the same browser takes the place of its oldest.

    A phone that changes networks leaves dead streams behind: refusing the new one would lock the person out.
    """

    per_session: int
    total: int
    _taken: dict[str, deque[Seat]] = field(default_factory=dict)
    _count: int = 0

    def take(self, session: str) -> Seat:
        """A seat; the oldest of this session is told to end when there are too many.

        Raises HTTPException 503 when the house is full.
        """
        mine = self._taken.get(session, deque())
        if self._count >= self.total and not mine:
            raise HTTPException(503, "busy", {"Retry-After": "30"})
        self._taken[session] = mine
        open_seats = [seat for seat in mine if seat.ended is None]
        for seat in open_seats[: max(0, len(open_seats) - self.per_session + 1)]:
            seat.ended = "moved"
        seat = Seat(session, self)
        mine.append(seat)
        self._count += 1
        return seat

    def leave(self, seat: Seat) -> None:
        """The stream has ended."""
        mine = self._taken[seat.session]
        mine.remove(seat)
        self._count -= 1
        if not mine:
            del self._taken[seat.session]

    def end(self, session: str, why: str) -> None:
        """Tell all streams of a session to end."""
        for seat in self._taken.get(session, ()):
            seat.ended = why

    def sessions(self) -> tuple[str, ...]:
        """The sessions that have a stream open."""
        return tuple(self._taken)
