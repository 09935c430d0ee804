"""The platforms' side of a serving house: their doors, the asking, the telling who we are, their health.

Must not know: any platform, what is said.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
from typing import TYPE_CHECKING

from bot.core.errors import SetupError, StorageError
from bot.gateway.health import State
from bot.gateway.webhooks import Webhook
from bot.jobs.acknowledging import Acknowledging
from bot.jobs.polling import Poll, Poller
from bot.jobs.runner import Runner
from bot.services.take_singly import take_singly

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.routing import BaseRoute

    from bot.bootstrap import House
    from bot.core.events import Event, Inbound
    from bot.platforms import Platform

logger = logging.getLogger(__name__)

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0


def setup_note(channel: str) -> str:
    """The name of the note that holds why a platform did not take our settings at its last try."""
    return f"{channel} setup"


class PlatformDoors:
    """All platforms of a house."""

    def __init__(self, house: House, wake: Callable[[], None]) -> None:
        """``wake`` tells the jobs that something came in. Nothing runs yet."""
        self._house = house
        self._wake = wake
        self._acknowledging = Acknowledging(house.platforms, house.store.inbox.is_waited_for)
        self._polls: dict[str, Poll] = {}
        self._pollers: list[Runner] = []
        self._is_ending = threading.Event()
        self._noting = threading.Lock()
        self._called = {
            name: Webhook(platform, self._take_in(platform), self._welcome, house.clock, house.metrics)
            for name, platform in house.platforms.items()
            if not self._is_asked(platform)
        }
        self._is_set_up = {name: threading.Event() for name in house.platforms}

    def routes(self) -> list[BaseRoute]:
        """The addresses that platforms call; one that is asked has none."""
        return [route for webhook in self._called.values() for route in webhook.routes()]

    def start(self) -> None:
        """Tell the platforms who we are, and ask those that are asked; a platform that is away holds nothing up."""
        for name, platform in self._house.platforms.items():
            threading.Thread(target=self._set_up, args=(platform,), name=f"set-up-{name}", daemon=True).start()
            if self._is_asked(platform) and isinstance(platform, Poller):
                house = self._house
                poll = Poll(platform, house.store.notes, self._take_in(platform), self._welcome, house.clock.now)
                self._polls[name] = poll
                self._pollers.append(Runner(f"poll-{name}", poll))
        for poller in self._pollers:
            poller.start()

    def stop(self) -> None:
        """Ask no more."""
        self._is_ending.set()
        with self._noting:
            pass  # a note that is being written is; no thread that tells a platform who we are is waited for
        self._acknowledging.close()
        for poll in self._polls.values():
            poll.is_ending = True
        for poller in self._pollers:
            poller.stop(timeout=1.0)  # what it asked for is told again at the next start

    def checks(self) -> dict[str, Callable[[], State]]:
        """The state of each platform: one that rests, is not heard or does not know us is degraded, for the others work."""
        return {name: functools.partial(self._state, name) for name in self._house.platforms}

    def _state(self, name: str) -> State:
        if self._house.deliver.why_resting(name) is not None or self._house.stoppages.standing(name) is not None:
            return State.DEGRADED
        if name in self._polls and self._polls[name].trouble is not None:
            return State.DEGRADED
        if name in self._called and self._called[name].knows_nobody:
            return State.DEGRADED
        return State.OK if self._is_set_up[name].is_set() else State.DEGRADED

    def _is_asked(self, platform: Platform) -> bool:
        return self._house.settings.public_url is None and isinstance(platform, Poller)

    def _take_in(self, platform: Platform) -> Callable[[list[Event]], list[Inbound]]:
        return functools.partial(
            take_singly, functools.partial(self._house.take_in, platform.name, platform.capabilities)
        )

    def _welcome(self, new: list[Inbound]) -> None:
        if new:
            self._wake()
            self._acknowledging(new)

    def _set_up(self, platform: Platform) -> None:
        channel, pause = platform.name, FIRST_PAUSE
        while not self._is_ending.is_set():
            try:
                rest = platform.setup()
            except SetupError as error:
                # Its words are a platform's: they are kept for the check, and in no log.
                logger.warning("%s is not set up yet: `guichet channels check` says why", channel)
                self._note_setup(channel, str(error))
            else:
                self._note_setup(channel, "")
                self._is_set_up[channel].set()
                if rest is None:
                    return
                self._is_ending.wait(rest.total_seconds())
                continue
            self._is_ending.wait(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _note_setup(self, channel: str, refusal: str) -> None:
        """For `channels check`; nothing once we end, for the store is closed then."""
        name, notes = setup_note(channel), self._house.store.notes
        with self._noting, contextlib.suppress(StorageError):  # the platform is asked again anyway
            if not self._is_ending.is_set() and (notes.read(name) or "") != refusal:
                notes.write(name, refusal)
