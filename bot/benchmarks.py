"""``uv run poe bench``: figures and ratios of the whole path, with the machine they were measured on.

Never asserts: benchmarks are read, not passed. Must not know: anything but the house.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import House
from bot.config import Settings
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRIPT: tuple[tuple[str, str], ...] = (
    ("text", "je n'arrive pas à avoir de rdv à Bobigny pour renouveler ma carte salarié, elle finit le 20/01/2027"),
    ("choice", "consent:yes"),
    ("choice", "removal:none"),
    ("choice", "confirm:yes"),
    ("text", "oui c'est bien ça"),
    ("choice", "confirm:yes"),
    ("text", "depuis trois semaines"),
    ("text", "qu'est-ce que vous gardez sur moi ?"),
    ("choice", "next:step"),
    ("text", "où trouver une association près de chez moi ?"),
)
"""A triage as people type it: half buttons, half words."""


def _house(folder: Path) -> House:
    house = House(Settings(data_dir=folder))
    house.clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    return house


def _turn(house: House, person: str, step: tuple[str, str]) -> float:
    kind, said = step
    message = (
        InboundMessage(InboundKind.TEXT, text=said)
        if kind == "text"
        else InboundMessage(InboundKind.CHOICE, choice=said)
    )
    begin = time.perf_counter()
    house.receive(Address("terminal", person), house.new_id(), message)
    house.settle()
    return (time.perf_counter() - begin) * 1000


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _line(name: str, value: str, aim: str = "") -> None:
    print(f"{name:<58} {value:>16}  {aim}")


def _turns(house: House, label: str, people: int, rounds: int) -> float:
    times: list[float] = []
    begin = time.perf_counter()
    for round_ in range(rounds):
        for step in SCRIPT:
            times += [_turn(house, f"{label}-{round_}-{person}", step) for person in range(people)]
    total = time.perf_counter() - begin
    aims = ("aim <= 15 ms", "", "aim >= 60") if label == "compiled" else ("", "", "")
    _line(f"turn, {people} people, {label}: p50", f"{_percentile(times, 50):.1f} ms", aims[0])
    _line(f"turn, {people} people, {label}: p95", f"{_percentile(times, 95):.1f} ms", aims[1])
    _line(f"turn, {people} people, {label}: throughput", f"{len(times) / total:.0f} turns/s", aims[2])
    return _percentile(times, 50)


def _long_conversation(house: House) -> None:
    times = [_turn(house, "long", SCRIPT[0])]
    for number in range(60):
        step = ("text", "où en sommes-nous ?") if number % 2 else ("choice", "do:privacy")
        times.append(_turn(house, "long", step))
    ratio = statistics.median(times[-20:]) / statistics.median(times[1:21])
    _line("60-turn conversation: last 20 against first 20", f"x {ratio:.2f}", "aim <= 1.5")


def _memory(house: House, before: int) -> None:
    for number in range(max(0, 1000 - before)):
        _turn(house, f"memory-{number // 10}", SCRIPT[number % len(SCRIPT)])
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _line("peak memory after 1,000 turns", f"{megabytes:.0f} MB", "aim <= 350 MB")


def _seconds_to_ready(folder: Path) -> None:
    code = (
        "import sys, time; begin = time.time(); from pathlib import Path; from bot.bootstrap import House;"
        "from bot.config import Settings; h = House(Settings(data_dir=Path(sys.argv[1])));"
        "h.renderer.check_fonts(); h.engine; h.store; print(f'{time.time() - begin:.1f}')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    _line("seconds to ready (model, fonts, store)", f"{done.stdout.strip()} s", "aim <= 12 s")


def _seconds_to_train(folder: Path) -> None:
    begin = time.perf_counter()
    _house(folder).train(force=True)
    _line("seconds to train (a process of its own)", f"{time.perf_counter() - begin:.0f} s", "aim <= 60 s")


def _install_size() -> None:
    venv = Path(sys.prefix)
    size = sum(f.stat().st_size for f in venv.rglob("*") if f.is_file() and not f.is_symlink())
    _line("installed packages (virtual environment)", f"{size / 1e6:.0f} MB")


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores (one used), Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}"
    )
    folder = Path(tempfile.mkdtemp(prefix="guichet-bench-"))
    try:
        house = _house(folder)
        house.train()
        begin = time.perf_counter()
        _turn(house, "warm-up", SCRIPT[0])
        _line("first turn, everything loading", f"{time.perf_counter() - begin:.1f} s")
        compiled = _turns(house, "compiled", 1, 12)
        _turns(house, "compiled", 20, 2)
        _long_conversation(house)
        _memory(house, 12 * 10 + 400 + 61)
        from bot.engine import rasa_runtime  # noqa: PLC0415  (after the house has loaded it)

        rasa_runtime.use_stock_schema_check()
        stock = _turns(house, "stock schema check", 1, 4)
        rasa_runtime.compile_action_schema()
        _line("stock schema check against compiled, p50", f"x {stock / compiled:.1f}")
        house.close()
        _seconds_to_ready(folder)
        _install_size()
        if "--no-train" not in sys.argv:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, range(os.cpu_count() or 1))
            _seconds_to_train(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
