"""One person whom a platform throttles: do the others wait?"""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING

from tests.peers.graph.errors import graph_fault
from tests.peers.telegram.errors import too_many
from tests.soak.phrases import PHRASES
from tests.soak.vendors import CHANNELS, TELEGRAM

if TYPE_CHECKING:
    from tests.soak.report import Report
    from tests.soak.serving import Serving
    from tests.soak.vendors import Correspondent

PAUSE = 2.0
LONGEST = 60.0
FACTOR, SLACK = 1.5, 0.25
"""How much slower the others may be: half as much again and a quarter of a second, the noise of a busy machine."""


def measure(serving: Serving, report: Report, *, persons: int, rounds: int) -> None:
    """The median delay of the others' answers, first with nobody throttled, then with one."""
    vendors = serving.vendors
    for channel in CHANNELS:
        others = [vendors.somebody(channel, 2000 + n) for n in range(persons)]
        before = talk(others, rounds)
        victim = vendors.somebody(channel, 2999)
        address = str(5_000_000 + 2999) if channel == TELEGRAM else victim.person.wa_id  # type: ignore[attr-defined]
        peer = vendors.telegram if channel == TELEGRAM else vendors.graph
        fault, call = (too_many(3), "sendMessage") if channel == TELEGRAM else (graph_fault(131056), "messages")
        peer.faults.always(fault, call=call, to=address)
        for n in range(10):
            victim.say(f"{PHRASES[0]} {n}")
        after = talk(others, rounds)
        peer.faults.clear()
        limit = before * FACTOR + SLACK
        shown = f"{before:.2f} s without, {after:.2f} s with"
        report.add("throttle", f"{channel}: median delay of others", shown, f"< {limit:.2f} s", met=after < limit)
        victim.wait(1, 120)
        report.add("throttle", f"{channel}: the throttled person is answered later", "yes", "yes", met=True)


def talk(people: list[Correspondent], rounds: int) -> float:
    """Each writes, reads, pauses; the median of the delays."""
    delays: list[float] = []

    def one(person: Correspondent, n: int) -> None:
        time.sleep(PAUSE * n / len(people))
        for turn in range(rounds):
            seen, begin = len(person.answers), time.time()
            person.say(PHRASES[(n + turn) % len(PHRASES)])
            delays.append(person.wait(seen + 1, LONGEST)[seen][0] - begin)
            time.sleep(PAUSE)

    threads = [threading.Thread(target=one, args=(person, n)) for n, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.median(delays)
