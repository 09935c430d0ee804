"""The jobs of a process and their rhythm.

Must not know: what a job does with the store.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.jobs.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

PURGE_SECONDS = 60.0
"""Pictures without a yes are erased after ten minutes: the round must be shorter."""

REMIND_SECONDS = 30.0

STOP_SECONDS = 9.0
"""A house that is asked to stop is killed some seconds later."""

TURN_SHARE = 0.5
"""Of ``STOP_SECONDS``, for the turn in hand: the messages on their way go on meanwhile, and get what is left."""


@dataclass(frozen=True, slots=True)
class Workers:
    """All jobs of this process."""

    converse: Runner
    deliver: tuple[Runner, ...]
    fetch: tuple[Runner, ...]
    remind: Runner
    purge: Runner

    def start(self) -> None:
        """Begin all."""
        for runner in self._all():
            runner.start()

    def stop(self) -> None:
        """Finish what is in hand, then end; first the turn, then its delivery; all within ``STOP_SECONDS``.

        What hangs longer is left to the lease, which ends with the process; a file on its way is, at once: it is fetched
        again at the next start.
        """
        until = time.monotonic() + STOP_SECONDS
        for runner in (*self.fetch, self.converse, self.remind, self.purge):
            runner.end()
        self.converse.stop(timeout=STOP_SECONDS * TURN_SHARE)
        for runner in self.deliver:
            runner.end()
        for runner in (*self.deliver, self.remind, self.purge):
            runner.stop(timeout=max(0.1, until - time.monotonic()))
        for runner in self.fetch:
            runner.stop(timeout=0.1)

    def wake(self) -> None:
        """A message came in."""
        for runner in self.fetch:
            runner.wake()
        self.converse.wake()

    def wake_delivery(self) -> None:
        """Something waits to be sent."""
        for runner in self.deliver:
            runner.wake()

    @property
    def failures(self) -> int:
        """How often a job failed since the start."""
        return sum(runner.failures for runner in self._all())

    def _all(self) -> tuple[Runner, ...]:
        return (*self.fetch, self.converse, *self.deliver, self.remind, self.purge)


SENDERS = 4
"""Threads that deliver. No channel has more than all but one of them at a time (``services.traffic``): a platform, or a
person, that is slow to answer does not delay the others."""
FETCHERS = 2
"""Threads that fetch files from platforms."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the jobs do, one piece of work a call."""

    converse: Callable[[], object]
    deliver: Callable[[], object]
    fetch: Callable[[], object]
    remind: Callable[[], object]
    purge: Callable[[], object]


def make_workers(steps: Steps, *, senders: int = SENDERS, fetchers: int = FETCHERS) -> Workers:
    """The jobs; a turn that is done wakes the delivery at once, and a fetched file the turn."""
    delivery = tuple(Runner(f"deliver-{n}", steps.deliver, idle_seconds=0.25) for n in range(senders))

    def converse_and_wake() -> object:
        done = steps.converse()
        if done is not None:
            for runner in delivery:
                runner.wake()
        return done

    converse = Runner("converse", converse_and_wake, idle_seconds=0.1)

    def fetch_and_wake() -> object:
        done = steps.fetch()
        if done is not None:
            converse.wake()
        return done

    return Workers(
        converse,
        delivery,
        tuple(Runner(f"fetch-{n}", fetch_and_wake) for n in range(fetchers)),
        Runner("remind", steps.remind, idle_seconds=REMIND_SECONDS),
        Runner("purge", steps.purge, idle_seconds=PURGE_SECONDS),
    )
