"""The four jobs of a process and their rhythm.

Must not know: what a job does with the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.jobs.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

PURGE_SECONDS = 60.0
"""Pictures without a yes are erased after ten minutes: the round must be shorter."""

REMIND_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Workers:
    """All jobs of this process."""

    converse: Runner
    deliver: Runner
    remind: Runner
    purge: Runner

    def start(self) -> None:
        """Begin all."""
        for runner in self._all():
            runner.start()

    def stop(self) -> None:
        """Finish what is in hand, then end; first the turns, then their delivery."""
        for runner in self._all():
            runner.stop()

    def wake(self) -> None:
        """A message came in."""
        self.converse.wake()

    @property
    def failures(self) -> int:
        """How often a job failed since the start."""
        return sum(runner.failures for runner in self._all())

    def _all(self) -> tuple[Runner, ...]:
        return (self.converse, self.deliver, self.remind, self.purge)


def make_workers(
    converse: Callable[[], object],
    deliver: Callable[[], object],
    remind: Callable[[], object],
    purge: Callable[[], object],
) -> Workers:
    """The jobs; a turn that is done wakes the delivery at once."""
    delivery = Runner("deliver", deliver)

    def converse_and_wake() -> object:
        done = converse()
        if done is not None:
            delivery.wake()
        return done

    return Workers(
        Runner("converse", converse_and_wake),
        delivery,
        Runner("remind", remind, idle_seconds=REMIND_SECONDS),
        Runner("purge", purge, idle_seconds=PURGE_SECONDS),
    )
