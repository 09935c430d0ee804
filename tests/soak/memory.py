"""Memory over many messages: it may rise while caches fill, then it stays."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

from tests.soak.phrases import PHRASES
from tests.soak.vendors import CHANNELS

if TYPE_CHECKING:
    from tests.soak.report import Report
    from tests.soak.serving import Serving

POINTS = 20
BATCH = 5
MOST_WAITING = 60
"""Turns in line: the door is faster than the engine, and the outbox paces."""
GROWTH = 0.05
"""What the second half may add."""
SLOPE = 10.0
"""MiB that 10,000 messages may add in the second half, pages of files apart: the encoder's 91 MB are read in place, and
each rare word brings in a page of them. Caches are full by then, so what still rises in a straight line is
a leak; the noise of a point is a few MiB, that of a line through eleven of them less."""
ENOUGH = 2000
"""Messages below which caches are still being filled, and nothing is judged."""
STEADY = 20_000
"""Messages below which the second half is too short, and too near the filling of caches, for a line to mean a leak: 6,000
gave one of 16 MiB per 10,000 while the half added 5."""


def measure(serving: Serving, report: Report, *, messages: int, persons: int, seed: int) -> None:
    """Memory at twenty points; the last against the middle one, and the line through those of the second half."""
    chance, vendors = Random(seed), serving.vendors
    people = [vendors.somebody(CHANNELS[n % 2], 3000 + n) for n in range(persons)]
    taken = [serving.memory()]
    begin = time.monotonic()
    for n in range(messages):
        people[n % persons].say(f"{chance.choice(PHRASES)} {n}")
        if n % BATCH == BATCH - 1:
            while serving.waiting() + vendors.courier.open > min(MOST_WAITING, messages // POINTS):
                time.sleep(0.05)
        if (n + 1) % max(1, messages // POINTS) == 0:
            taken.append(serving.memory())
            forget(serving)
    serving.drain()
    taken.append(serving.memory())
    points, owned = [sum(each) for each in taken], [own for own, _mapped in taken]
    seconds = time.monotonic() - begin
    report.add("memory", f"{messages} messages of {persons} persons", f"{messages / seconds:.1f}/s")
    report.add("memory", "MiB at the start and at each twentieth", " ".join(f"{point:.0f}" for point in points))
    middle, last = points[POINTS // 2], points[-1]
    limit = middle * (1 + GROWTH)
    is_flat = last < limit if messages >= ENOUGH else None
    report.add("memory", "second half", f"{last - middle:+.0f} MiB", f"< {limit - middle:+.0f}", met=is_flat)
    # The last point comes after the queues are empty; the line is drawn through those taken alike.
    rise = slope(owned[POINTS // 2 : POINTS + 1]) * POINTS * 10_000 / messages
    is_level = rise < SLOPE if messages >= STEADY else None
    shown = f"{rise:+.1f} MiB per 10,000"
    report.add("memory", "second half, by the line, of its own memory", shown, f"< +{SLOPE:g}", met=is_level)
    mapped = " to ".join(f"{taken[at][1]:.0f}" for at in (POINTS // 2, -1))
    report.add("memory", "pages of files read in place, in the second half", f"{mapped} MiB")


def slope(points: list[float]) -> float:
    """How much the line of least squares rises from one point to the next."""
    middle, mean = (len(points) - 1) / 2, sum(points) / len(points)
    above = sum((n - middle) * (point - mean) for n, point in enumerate(points))
    return above / sum((n - middle) ** 2 for n in range(len(points)))


def forget(serving: Serving) -> None:
    """The fakes keep everything; over thousands of messages that would slow this process down."""
    telegram, graph = serving.vendors.telegram, serving.vendors.graph
    telegram.state.calls.clear()
    telegram.courier.delivered.clear()
    graph.delivered.clear()
    graph.state.requests.clear()
