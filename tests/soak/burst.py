"""Many messages while the house is killed again and again: is anything lost, sent twice, or out of order?"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
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


@dataclass
class Said:
    """What the persons wrote."""

    words: dict[str, Counter[str]] = field(default_factory=lambda: {channel: Counter() for channel in CHANNELS})
    """The last word of each message, its number, by channel."""
    tries: int = 0
    """Deliveries the platforms made of them."""


def storm(serving: Serving, *, messages: int, persons: int, kills: int, seed: int, life: float = LONGEST_LIFE) -> Said:
    """Brings all messages in batches, a kill after each."""
    chance, vendors = Random(seed), serving.vendors
    people = [vendors.somebody(CHANNELS[n % 2], 1000 + n) for n in range(persons)]
    said = Said()
    batches = [range(n * messages // (kills + 1), (n + 1) * messages // (kills + 1)) for n in range(kills + 1)]
    for number, batch in enumerate(batches):
        for n in batch:
            people[n % persons].say(f"{chance.choice(PHRASES)} {n}")
            said.words[CHANNELS[n % persons % 2]][str(n)] += 1
        if number == kills:
            break
        time.sleep(chance.uniform(0.05, life))
        serving.kill()
        serving.start()
    vendors.courier.settle(300)
    serving.drain(900)
    vendors.courier.settle(60)  # the last reports
    said.tries = vendors.courier.tries
    return said


def measure(serving: Serving, report: Report, *, messages: int, persons: int, kills: int, seed: int) -> None:
    """Storms, stops the house, and holds its books against the platforms'."""
    begin = time.monotonic()
    said = storm(serving, messages=messages, persons=persons, kills=kills, seed=seed)
    seconds = time.monotonic() - begin
    report.add(
        "burst", f"{messages} messages, {persons} persons, {kills} kills", f"{seconds:.0f} s, {said.tries} deliveries"
    )
    listed = serving.outbox().splitlines()
    report.add("burst", "guichet outbox list", listed[-1], "0 given up", met=listed[-1] == "0 given up")
    serving.stop()
    for channel, account in read(serving.data, serving.vendors).items():
        tell(report, channel, account, said.words[channel], kills)


def tell(report: Report, channel: str, account: Account, said: Counter[str], kills: int) -> None:
    """The figures of one channel: each message of a person by its number, so that no two errors cancel out."""
    lost = (said - account.heard).total() + account.unplayed + account.unanswered + account.unsent + account.missing
    twice = (account.heard - said).total()
    shown, expected = f"{account.taken} in, {account.answers} out", said.total()
    report.add("burst", f"{channel}: in the inbox, answers", shown, f"{expected} in", met=account.taken == expected)
    report.add("burst", f"{channel}: lost", lost, "0", met=lost == 0)
    report.add("burst", f"{channel}: taken in twice", twice, "0", met=twice == 0)
    report.add("burst", f"{channel}: given up, person told", account.given_up, "0", met=account.given_up == 0)
    unflagged = account.unflagged
    report.add("burst", f"{channel}: doubled, not flagged", unflagged, "0", met=unflagged == 0)
    # A copy comes of a death between the platform's answer and our note of it. Four threads send, so that four could be
    # there at once; 60 kills made three.
    most = kills if channel == "telegram" else 0
    flagged = account.flagged
    shown, aim = f"{flagged} at {kills} kills", f"<= {most}" if most else "0"
    report.add("burst", f"{channel}: doubled and flagged in the outbox", shown, aim, met=flagged <= most)
    report.add("burst", f"{channel}: persons out of order", account.out_of_order, "0", met=account.out_of_order == 0)
    strangers = account.strangers
    report.add("burst", f"{channel}: sent and in no outbox", strangers, "0", met=strangers == 0)
