"""The web chat as a channel: the outbox is the store, so sending means waking the pages that show it.

Must not know: HTTP, cookies, what the messages say.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

from bot.core.capabilities import Capabilities
from bot.core.delivery import Retry, Scope, SendResult, Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.core.delivery import Outgoing, WireRequest
    from bot.core.ids import PersonId
    from bot.core.messages import OutboundFile
    from bot.core.ports import Address


class Bell:
    """One listener's bell; may be rung in any thread, is waited for in its own event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Silent, in this loop."""
        self._loop = loop
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the listener; a loop that has ended has no listener left."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> bool:
        """True as soon as it rang since the last call; False after ``seconds`` without a ring."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class WebChannel:
    """Wakes the event streams of a person."""

    name = "web"
    capabilities = Capabilities(pushes=False)

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._bells: dict[Address, set[Bell]] = {}
        self._lock = threading.Lock()
        self._fetched: set[PersonId] = set()

    def render(self, outgoing: Outgoing) -> tuple[WireRequest, ...]:
        """Nothing leaves the house: the message is shown as it is to whoever fetches it."""
        return ()

    def send(self, outgoing: Outgoing, file: Callable[[OutboundFile], bytes]) -> SendResult:
        """The message is in the outbox already: tell the open pages to look.

        A farewell is erased once it was sent, so it counts as sent only after a page has fetched it.
        """
        self.ring(outgoing.address)
        if outgoing.message.is_farewell and outgoing.person not in self._fetched:
            return Retry("FarewellNotFetched", scope=Scope.PERSON)
        if outgoing.person is not None:
            self._fetched.discard(outgoing.person)
        return Sent()

    def fetched(self, person: PersonId) -> None:
        """A page was shown all that waits for this person."""
        self._fetched.add(person)

    def ring(self, address: Address) -> None:
        """Wake every stream of this address, from any thread."""
        with self._lock:
            bells = tuple(self._bells.get(address, ()))
        for bell in bells:
            bell.ring()

    @contextlib.contextmanager
    def listen(self, address: Address) -> Iterator[Bell]:
        """A bell of the running event loop for this address; rings between two waits are kept."""
        bell = Bell(asyncio.get_running_loop())
        with self._lock:
            self._bells.setdefault(address, set()).add(bell)
        try:
            yield bell
        finally:
            with self._lock:
                bells = self._bells[address]
                bells.discard(bell)
                if not bells:
                    del self._bells[address]
