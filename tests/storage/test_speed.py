"""What a turn costs in storage, with every commit synced to the disk; ``pytest -s`` prints the figures."""

from __future__ import annotations

import sys
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bot.core.case import Case, Question, Risk, Situation
from bot.core.messages import Choice, OutboundMessage
from tests.records import LEASE, text, turn, web

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.storage.store import Store
    from tests.fake_memory import FakeClock

TURNS = 60
BUDGET_MS = 15.0
"""Allowed for the whole turn; storage takes about a tenth of it on an idle machine."""


class Stopwatch:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    def time(self, step: str, call: Callable[..., Any], *values: object) -> Any:
        start = perf_counter()
        result = call(*values)
        self.spent.setdefault(step, []).append(1000 * (perf_counter() - start))
        return result


def test_turn_costs_little_in_storage(store: Store, clock: FakeClock) -> None:
    watch, now = Stopwatch(), clock.now()
    situation = Situation(consent=True, departement="93", risks=frozenset({Risk.WORK}))
    case = Case(language="ar", situation=situation, asked=tuple(Question)[:8], answered=tuple(Question)[:8])
    choices = tuple(Choice(f"choice{n}", "Saint-Denis (93)") for n in range(5))
    message = OutboundMessage("الموعد في المحافظة " * 20, "ar", "place", choices)
    record = replace(turn(case=case), dialogue=b"x" * 400, messages=(message, message))
    for n in range(TURNS):
        watch.time("put", store.inbox.put, web(f"{n % 7}"), str(n), text("je n'y arrive pas"), now)
        received = watch.time("claim", store.inbox.claim, now, LEASE)
        watch.time("state", store.persons.state, received.person)
        watch.time("commit", store.inbox.commit, received, record, now)
        for _ in range(2):
            queued = watch.time("claim to send", store.outbox.claim, now, LEASE)
            watch.time("sent", store.outbox.sent, queued, now)
    for step, times in watch.spent.items():
        slow = sorted(times)[len(times) * 95 // 100]
        sys.stdout.write(f"{step:14} p50 {median(times):6.2f} ms   p95 {slow:6.2f} ms\n")
    answered = sum(median(watch.spent[step]) for step in ("put", "claim", "state", "commit"))
    sys.stdout.write(f"{'turn':14} p50 {answered:6.2f} ms\n")
    assert answered < BUDGET_MS
