"""What is counted for whoever runs the house, in Prometheus' text; numbers and names of ours, nothing of a person.

Must not know: any platform, what a message says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prometheus_client.core import Metric

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Metrics:
    """The counters of one house; safe to use from any thread."""

    def __init__(self) -> None:
        """All are zero."""
        self.registry = CollectorRegistry()
        self._webhooks = Histogram(
            "guichet_webhook_seconds",
            "Time until a platform's call was answered",
            ("channel", "code"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._received = Counter(
            "guichet_received",
            "What platforms told, by kind; duplicates and what was put aside included",
            ("channel", "kind"),
            registry=self.registry,
        )
        self._sends = Counter(
            "guichet_sends",
            "Messages handed to a channel, by result; given up before, by reason; Failed...: reported later",
            ("channel", "result"),
            registry=self.registry,
        )
        self._billed = Counter(
            "guichet_billed_messages",
            "Messages a platform bills, by what it calls them",
            ("channel", "category"),
            registry=self.registry,
        )
        self._media = Counter(
            "guichet_media_failures",
            "Files that could not be fetched at a try, by class of error",
            ("channel", "error"),
            registry=self.registry,
        )

        self._not_kept = Counter(
            "guichet_files_not_kept",
            "What people sent and was not kept, by the problem they were told",
            ("problem",),
            registry=self.registry,
        )

    def answered(self, channel: str, code: int, seconds: float) -> None:
        """A platform's call was answered."""
        self._webhooks.labels(channel, str(code)).observe(seconds)

    def received(self, channel: str, kind: str) -> None:
        """A platform told something."""
        self._received.labels(channel, kind).inc()

    def delivered(self, channel: str, result: str) -> None:
        """A message was handed to a channel."""
        self._sends.labels(channel, result).inc()

    def billed(self, channel: str, category: str) -> None:
        """A platform says that it bills a message."""
        self._billed.labels(channel, category).inc()

    def not_fetched(self, channel: str, error: str) -> None:
        """A file could not be fetched at this try."""
        self._media.labels(channel, error).inc()

    def not_kept(self, problem: str) -> None:
        """A file of a person was not kept, and they were told why."""
        self._not_kept.labels(problem).inc()

    def text(self) -> bytes:
        """All of it, for a scraper."""
        return generate_latest(self.registry)


class Queues(Collector):
    """How the queues stand, looked up at each scrape."""

    def __init__(
        self,
        standing: Callable[[], Mapping[tuple[str, str], tuple[int, int]]],
        dead: Callable[[], int],
        resting: Callable[[], Iterable[str]],
        now: Callable[[], int],
    ) -> None:
        """``standing`` gives rows and the time of the oldest by queue and channel; times are microseconds."""
        self._standing = standing
        self._dead = dead
        self._resting = resting
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Sizes, ages, dead letters, and which channels rest."""
        size = GaugeMetricFamily("guichet_queue_size", "Open rows of a queue", labels=("queue", "channel"))
        age = GaugeMetricFamily(
            "guichet_queue_age_seconds",
            "Age of the oldest open row; of the inbox it is its lag",
            labels=("queue", "channel"),
        )
        now = self._now()
        for (queue, channel), (count, oldest) in self._standing().items():
            size.add_metric((queue, channel), count)
            age.add_metric((queue, channel), max(0.0, (now - oldest) / 1e6))
        dead = GaugeMetricFamily("guichet_dead_letters", "Messages that were given up and are kept")
        dead.add_metric((), self._dead())
        resting = GaugeMetricFamily(
            "guichet_channel_resting",
            "1 while nothing is sent on a channel, or from one of its numbers.",
            labels=("channel",),
        )
        for channel in self._resting():
            resting.add_metric((channel,), 1)
        return (size, age, dead, resting)
