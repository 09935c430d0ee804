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
    from collections.abc import Coroutine

T = TypeVar("T")


class Loop:
    """Started by the first call; safe to call from any number of threads."""

    def __init__(self, name: str) -> None:
        """Nothing runs yet, so that a process may still fork."""
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """The result of the work. Raises what it raises, TimeoutError after so many seconds.

        Raises ChannelUnavailableError when the loop was closed meanwhile.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._running())
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise
        except futures.CancelledError as error:
            raise ChannelUnavailableError(self._name) from error

    def close(self) -> None:
        """End what runs and the thread."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(_end, loop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(self._loop,), name=self._name, daemon=True).start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.create_task(_stop_after(loop, tasks))


async def _stop_after(loop: asyncio.AbstractEventLoop, tasks: set[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
    loop.stop()
