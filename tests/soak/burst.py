"""Many messages while the house is killed again and again: is anything lost, sent twice, or out of order?"""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

from tests.soak.ledger import Account, read
from tests.soak.phrases import PHRASES
from tests.soak.vendors import CHANNELS

if TYPE_CHECKING:
    from tests.soak.report import Report
    from tests.soak.serving import Serving

LONGEST_LIFE = 4.0
"""Seconds after a batch within which the kill comes."""


def storm(serving: Serving, *, messages: int, persons: int, kills: int, seed: int, life: float = LONGEST_LIFE) -> int:
    """Brings all messages in batches, a kill after each; how many turns of events the platforms had to insist on."""
    chance, vendors = Random(seed), serving.vendors
    people = [vendors.somebody(CHANNELS[n % 2], 1000 + n) for n in range(persons)]
    batches = [range(n * messages // (kills + 1), (n + 1) * messages // (kills + 1)) for n in range(kills + 1)]
    for number, batch in enumerate(batches):
        for n in batch:
            people[n % persons].say(f"{chance.choice(PHRASES)} {n}")
        if number == kills:
            break
        time.sleep(chance.uniform(0.05, life))
        serving.kill()
        serving.start()
    vendors.courier.settle(300)
    serving.drain(900)
    vendors.courier.settle(60)  # the last reports
    return vendors.courier.tries


def measure(serving: Serving, report: Report, *, messages: int, persons: int, kills: int, seed: int) -> None:
    """Storms, stops the house, and holds its books against the platforms'."""
    begin = time.monotonic()
    tries = storm(serving, messages=messages, persons=persons, kills=kills, seed=seed)
    seconds = time.monotonic() - begin
    report.add(
        "burst", f"{messages} messages, {persons} persons, {kills} kills", f"{seconds:.0f} s, {tries} deliveries"
    )
    listed = serving.outbox().splitlines()
    report.add("burst", "guichet outbox list", listed[-1], "0 given up", met=listed[-1] == "0 given up")
    serving.stop()
    for channel, account in read(serving.data, serving.vendors).items():
        tell(report, channel, account, messages // 2)


def tell(report: Report, channel: str, account: Account, expected: int) -> None:
    """The figures of one channel."""
    lost = expected - account.taken + account.unplayed + account.unanswered + account.unsent + account.missing
    shown = f"{account.taken} in, {account.answers} out"
    report.add("burst", f"{channel}: in the inbox, answers", shown, f"{expected} in", met=account.taken == expected)
    report.add("burst", f"{channel}: lost", lost, "0", met=lost == 0)
    report.add("burst", f"{channel}: given up, person told", account.given_up, "0", met=account.given_up == 0)
    unflagged = account.unflagged
    report.add("burst", f"{channel}: doubled, not flagged", unflagged, "0", met=unflagged == 0)
    is_fine = channel == "telegram" or account.flagged == 0
    aim = "killed between" if channel == "telegram" else "0"
    report.add("burst", f"{channel}: doubled and flagged in the outbox", account.flagged, aim, met=is_fine)
    report.add("burst", f"{channel}: persons out of order", account.out_of_order, "0", met=account.out_of_order == 0)
