"""One person whom a platform throttles: do the others wait?"""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING

from tests.peers.graph.errors import graph_fault
from tests.peers.telegram.errors import too_many
from tests.soak.phrases import PHRASES
from tests.soak.report import part_of
from tests.soak.vendors import CHANNELS, TELEGRAM

if TYPE_CHECKING:
    from tests.soak.report import Report
    from tests.soak.serving import Serving
    from tests.soak.vendors import Correspondent

PAUSE = 2.0
LONGEST = 60.0
ANSWERED_LATER = 120.0
FACTOR, SLACK = 1.5, 0.25
"""How much slower the others may be: half as much again and a quarter of a second, the noise of a busy machine."""


def measure(serving: Serving, report: Report, *, persons: int, rounds: int) -> None:
    """The delay of the others' answers, first with nobody throttled, then with one."""
    vendors = serving.vendors
    for channel in CHANNELS:
        others = [vendors.somebody(channel, 2000 + n) for n in range(persons)]
        before = talk(others, rounds)
        victim = vendors.somebody(channel, 2999)
        address = str(5_000_000 + 2999) if channel == TELEGRAM else victim.person.wa_id  # type: ignore[attr-defined]
        peer = vendors.telegram if channel == TELEGRAM else vendors.graph
        fault, call = (too_many(3), "sendMessage") if channel == TELEGRAM else (graph_fault(131056), "messages")
        refused = len(peer.faults.met)
        peer.faults.always(fault, call=call, to=address)
        for n in range(10):
            victim.say(f"{PHRASES[0]} {n}")
        after = talk(others, rounds)
        refused = len(peer.faults.met) - refused
        peer.faults.clear()
        tell(report, channel, before, after)
        report.add("throttle", f"{channel}: refusals of the throttled person", refused, "> 0", met=refused > 0)
        is_answered = is_heard(victim, ANSWERED_LATER)
        shown = "yes" if is_answered else f"not in {ANSWERED_LATER:g} s"
        report.add("throttle", f"{channel}: the throttled person is answered later", shown, "yes", met=is_answered)


def tell(report: Report, channel: str, before: list[float], after: list[float]) -> None:
    """The figures of one channel."""
    usual, now = statistics.median(before), statistics.median(after)
    limit = usual * FACTOR + SLACK
    shown = f"{usual:.2f} s without, {now:.2f} s with"
    report.add("throttle", f"{channel}: median delay of others", shown, f"< {limit:.2f} s", met=now < limit)
    for name, of in (("p95", lambda delays: part_of(delays, 0.95)), ("worst", max)):
        shown = f"{of(before):.2f} s without, {of(after):.2f} s with"
        report.add("throttle", f"{channel}: {name} delay of others", shown)


def is_heard(person: Correspondent, seconds: float) -> bool:
    """Whether the person has an answer before the time is over."""
    try:
        person.wait(1, seconds)
    except TimeoutError:
        return False
    return True


def talk(people: list[Correspondent], rounds: int) -> list[float]:
    """Each writes, reads, pauses; the delays, and the longest time for an answer that did not come."""
    delays: list[float] = []

    def one(person: Correspondent, n: int) -> None:
        time.sleep(PAUSE * n / len(people))
        for turn in range(rounds):
            seen, begin = len(person.answers), time.time()
            person.say(PHRASES[(n + turn) % len(PHRASES)])
            try:
                delays.append(person.wait(seen + 1, LONGEST)[seen][0] - begin)
            except TimeoutError:
                delays.append(LONGEST)
            time.sleep(PAUSE)

    threads = [threading.Thread(target=one, args=(person, n)) for n, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return delays
