"""An event loop in a thread of its own, for a library that knows no other way.

Must not know: what runs in it.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent import futures
from typing import TYPE_CHECKING, Any, TypeVar

from bot.core.errors import ChannelUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


class Loop:
    """Started by the first call; safe to call from any number of threads."""

    def __init__(self, name: str) -> None:
        """Nothing runs yet, so that a process may still fork."""
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def closed(self) -> bool:
        """True once nothing can be run any more."""
        return self._closed

    def run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """The result of the work. Raises what it raises, TimeoutError after so many seconds.

        Raises ChannelUnavailableError when the loop is closed, before or meanwhile.
        """
        with self._lock:
            if self._closed:
                work.close()
                raise ChannelUnavailableError(self._name)
            future = asyncio.run_coroutine_threadsafe(work, self._running())
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise
        except futures.CancelledError as error:
            raise ChannelUnavailableError(self._name) from error

    def close(self, last: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> None:
        """End what runs, do the last work when anything ever ran, end the thread; wait so many seconds for all that."""
        with self._lock:
            self._closed = True
            loop, self._loop = self._loop, None
        if loop is not None and self._thread is not None:
            loop.call_soon_threadsafe(_end, loop, last)
            self._thread.join(seconds)

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name=self._name, daemon=True)
            self._thread.start()
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()


def _end(loop: asyncio.AbstractEventLoop, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.create_task(_stop_after(loop, tasks, last))


async def _stop_after(
    loop: asyncio.AbstractEventLoop, tasks: set[asyncio.Task[Any]], last: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    try:
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(last(), return_exceptions=True)  # what cannot be closed goes with the process
        await loop.shutdown_asyncgens()
    finally:
        loop.stop()
