"""Delivers as vendors do: in order for each sender, again until it is taken, now and then twice."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from random import Random

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
THREADS = 16


class Courier:
    """A row for each sender; any number of senders at a time."""

    def __init__(self, chance: Random, twice: float = 0.0, threads: int = THREADS) -> None:
        """``twice`` is the part of deliveries that are made once more although they were thanked for."""
        self._chance = chance
        self._twice = twice
        self._rows: dict[Hashable, deque[Callable[[], int]]] = defaultdict(deque)
        self._ready: deque[Hashable] = deque()
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self.open = 0
        self.tries = 0
        self.codes: dict[int, int] = defaultdict(int)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def __call__(self, sender: Hashable, deliver: Callable[[], int]) -> None:
        """Deliver after everything else of this sender; ``deliver`` answers the status, and may raise."""
        with self._changed:
            self.open += 1
            self._rows[sender].append(deliver)
            if len(self._rows[sender]) == 1:
                self._ready.append(sender)
                self._changed.notify()

    def settle(self, seconds: float = 120) -> None:
        """Waits until everything was taken."""
        deadline = time.monotonic() + seconds
        while self.open:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.open} deliveries were not taken")
            time.sleep(0.05)

    def close(self) -> None:
        """No more deliveries."""
        self._ended.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(30)

    def _run(self) -> None:
        while not self._ended.is_set():
            with self._changed:
                while not self._ready and not self._ended.is_set():
                    self._changed.wait()
                if self._ended.is_set():
                    return
                sender = self._ready.popleft()
                deliver = self._rows[sender][0]
            self._insist(deliver)
            with self._changed:
                self.open -= 1
                self._rows[sender].popleft()
                if self._rows[sender]:
                    self._ready.append(sender)
                    self._changed.notify()

    def _insist(self, deliver: Callable[[], int]) -> None:
        pause = FIRST_PAUSE
        left = 2 if self._chance.random() < self._twice else 1
        while left and not self._ended.is_set():
            code = self._once(deliver)
            if code == 200:
                left -= 1
                continue
            self._ended.wait(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _once(self, deliver: Callable[[], int]) -> int:
        self.tries += 1
        try:
            code = deliver()
        except httpx.TransportError:
            code = 0
        self.codes[code] += 1
        return code
