"""How long a platform waits at the door while the engine works."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.peers.graph.state import PHONE_ID
from tests.soak.report import part_of
from tests.soak.serving import ROOT

if TYPE_CHECKING:
    from tests.soak.report import Report
    from tests.soak.serving import Serving

AIMS = {50: 100.0, 100: 250.0}
"""Milliseconds of the 99th percentile, by webhooks a second."""
WARM_UP = (10.0, 3.0)


def measure(serving: Serving, report: Report, rounds: tuple[tuple[float, float], ...], persons: int = 500) -> None:
    """Each round is a rate and its seconds; the inbox may fill up, the door may not wait for it.

    A few seconds before do not count: the first calls of a process load what the others find.
    """
    load(serving, *WARM_UP, persons, seed=99)
    for number, (rate, seconds) in enumerate(rounds, 1):
        found = load(serving, rate, seconds, persons, seed=number)
        name = f"{rate:g}/s for {seconds:g} s"
        tell(report, "latency", name, found, AIMS.get(int(rate), 250.0))
        report.add("latency", f"{name}: turns waiting at the end", serving.waiting("inbox"))


def tell(report: Report, part: str, name: str, found: dict[str, Any], aim: float) -> None:
    """The figures of one round."""
    times, codes = found["times"], {int(code): count for code, count in found["codes"].items()}
    report.add(part, f"{name}: taken", codes, "all 200", met=set(codes) == {200})
    p50, p99 = part_of(times, 0.5), part_of(times, 0.99)
    shown = f"{p50:.1f} / {p99:.1f} / {max(times):.1f} ms"
    report.add(part, f"{name}: p50 / p99 / worst", shown, f"p99 < {aim:g} ms", met=p99 < aim)
    report.add(part, f"{name}: of which the sender's own, p99", f"{part_of(found['late'], 0.99):.1f} ms")


def load(serving: Serving, rate: float, seconds: float, persons: int, seed: int) -> dict[str, Any]:
    """One round in a process of its own."""
    vendors = serving.vendors
    hook = vendors.telegram.state.webhook
    for number in range(persons):
        vendors.telegram.person(7_000_000 + number).chat.started = True
    order = {
        "port": serving.port, "rate": rate, "seconds": seconds, "persons": persons, "seed": seed,
        "telegram": {"path": hook.url.removeprefix(serving.url), "secret": hook.secret},
        "whatsapp": {"path": "/whatsapp", "secret": vendors.graph.app_secret, "phone": PHONE_ID},
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.soak.loader"],
        cwd=ROOT,
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
