"""``python -m tests.soak``: load, kills, throttling, open pages, memory and bombs against a real ``guichet serve`` and both fakes.

Prints a table with the machine it ran on; ends with 1 when a figure misses its aim.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.soak import bombs, burst, latency, memory, streams, throttle
from tests.soak.report import Report, line, machine
from tests.soak.serving import PLAIN, SERVE, Serving
from tests.soak.vendors import Vendors

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = ("latency", "burst", "throttle", "streams", "memory", "bombs")


def parts(options: argparse.Namespace) -> dict[str, Callable[[Serving, Report], None]]:
    """Each part with its size; the short ones fit into CI."""
    short, seed = options.short, options.seed
    rounds = ((10.0, 5.0),) if short else ((50.0, 60.0), (100.0, 30.0))
    storm = {"messages": 40, "persons": 8, "kills": 3} if short else {"messages": 500, "persons": 50, "kills": 20}
    many = options.messages or (60 if short else 20_000)
    return {
        "latency": lambda serving, report: latency.measure(serving, report, rounds),
        "burst": lambda serving, report: burst.measure(serving, report, **storm, seed=seed),
        "throttle": lambda serving, report: throttle.measure(
            serving, report, persons=4 if short else 15, rounds=2 if short else 10
        ),
        "streams": lambda serving, report: streams.measure(
            serving, report, pages=20 if short else 200, rate=20.0, seconds=30.0 if short else 60.0
        ),
        "memory": lambda serving, report: memory.measure(
            serving, report, messages=many, persons=20 if short else 400, seed=seed
        ),
        "bombs": bombs.measure,
    }


def run(options: argparse.Namespace, folder: Path, report: Report) -> None:
    """Each part in a house of its own, on a fresh data directory."""
    for name, part in parts(options).items():
        if name not in options.parts:
            continue
        command = PLAIN if options.plain else SERVE
        with (
            Vendors(options.seed, twice=0.1 if name == "burst" else 0.0) as vendors,
            Serving(folder / name, vendors, command) as serving,
        ):
            part(serving, report)
        log = serving.log.read_text("utf-8", "replace")
        loud = sum(" ERROR " in row or "ERROR:" in row or "Traceback" in row for row in log.splitlines())
        report.add(name, "errors in the log", loud, "0", met=loud == 0)


def main() -> int:
    """Run what was asked for."""
    arguments = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    arguments.add_argument("parts", nargs="*", default=PARTS, help=f"of {', '.join(PARTS)}; all when none is named")
    arguments.add_argument("--short", action="store_true", help="small sizes, a minute or two in all")
    arguments.add_argument("--plain", action="store_true", help="the plain engine of the tests instead of Rasa")
    arguments.add_argument("--messages", type=int, help="of the memory part (default 20000)")
    arguments.add_argument("--seed", type=int, default=1, help="of everything that is left to chance")
    arguments.add_argument("--keep", type=Path, help="keep the data directories here")
    options = arguments.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    report, where = Report(), machine()
    print(where, flush=True)
    with tempfile.TemporaryDirectory(prefix="guichet-soak-") as made:
        run(options, options.keep or Path(made), report)
    print(f"\n{where}, seed {options.seed}")
    for figure in report.figures:
        print(line(figure))
    print(f"\n{len(report.missed)} missed")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
