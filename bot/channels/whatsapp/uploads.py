"""Files handed over to Meta, once each: an id stands for the bytes for almost a month.

Only digests are kept, and in memory on purpose: a digest in the store would be a trace of a person's letter that their
erasure does not find, and all it would save is one upload, which costs nothing, of a letter sent again after a restart.
Must not know: what a file holds, whom it is for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.channels.whatsapp.reading import table, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.channels.whatsapp.graph import Answer, Graph

KEPT = timedelta(days=29)
"""Meta keeps an uploaded file for thirty days."""
MAX_KEPT = 500
LANES = 64
"""Locks for all files: two different ones wait for each other once in so many times."""


class Uploads:
    """Ids of files by digest and number."""

    def __init__(self, graph: Graph, now: Callable[[], datetime]) -> None:
        self._graph = graph
        self._now = now
        self._ids: OrderedDict[tuple[str, str], tuple[str, datetime]] = OrderedDict()
        self._lock = threading.Lock()
        self._lanes = tuple(threading.Lock() for _ in range(LANES))

    @contextmanager
    def alone(self, data: bytes, account: str, seconds: float) -> Iterator[bool]:
        """True while nobody else may hand the same bytes over; False when others took longer than ``seconds``."""
        lane = self._lanes[int(self._key(data, account)[0][:8], 16) % LANES]
        is_alone = lane.acquire(timeout=max(0.0, seconds))
        try:
            yield is_alone
        finally:
            if is_alone:
                lane.release()

    def known(self, data: bytes, account: str) -> str | None:
        """The id under which Meta still has these bytes, or None."""
        key = self._key(data, account)
        with self._lock:
            found = self._ids.get(key)
            if found is None or self._now() - found[1] > KEPT:
                return None
            self._ids.move_to_end(key)
            return found[0]

    def put(self, data: bytes, account: str, name: str, media_type: str, seconds: float) -> tuple[str | None, Answer]:
        """Hand the bytes over: the id, or None, and the answer that tells why. Raises httpx.HTTPError."""
        answer = self._graph.upload(f"{account}/media", name, media_type, data, seconds)
        media_id = text(table(answer.body).get("id")) if answer.is_success else ""
        if not media_id:
            return None, answer
        with self._lock:
            self._ids[self._key(data, account)] = (media_id, self._now())
            while len(self._ids) > MAX_KEPT:
                self._ids.popitem(last=False)
        return media_id, answer

    def forget(self, media_id: str) -> None:
        """Meta does not know this id any more."""
        with self._lock:
            for key in [key for key, (known, _at) in self._ids.items() if known == media_id]:
                del self._ids[key]

    @staticmethod
    def _key(data: bytes, account: str) -> tuple[str, str]:
        return sha256(data).hexdigest(), account
