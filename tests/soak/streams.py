"""A steady load on the platforms' doors beside pages that are open and idle: neither may disturb the other."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

import psutil

from tests.soak.latency import WARM_UP, load, tell
from tests.soak.pages import Pages
from tests.soak.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.soak.report import Report
    from tests.soak.serving import Serving

PERSONS = 500
AIM = 250.0
"""Milliseconds of the 99th percentile at the doors."""
PING = 15.0
"""Seconds after which a quiet page hears that the house is there."""
SLOWEST = 5.0
"""Seconds until the first answer stands on a page, when nothing else is waiting."""
LONGEST = 300.0


def measure(serving: Serving, report: Report, *, pages: int, rate: float, seconds: float) -> None:
    """Opens the pages, lets each of them say something once, and loads the doors."""
    empty = serving.mebibytes()
    with Pages(serving, pages) as opened:
        codes = {page.write(PHRASES[n % len(PHRASES)]) for n, page in enumerate(opened.all)}
        report.add("streams", f"{pages} pages: first message", codes, "200", met=codes == {200})
        wait(lambda: all(page.answers for page in opened.all))
        report.add("streams", f"{pages} pages: memory, answers included", f"{serving.mebibytes() - empty:+.0f} MiB")
        load(serving, *WARM_UP, PERSONS, seed=99)
        serving.drain()
        before = [page.pings for page in opened.all]
        found = load(serving, rate, seconds, PERSONS, seed=3)
        tell(report, "streams", f"{rate:g}/s for {seconds:g} s beside {pages}", found, AIM)
        left = serving.waiting("inbox")
        heard = [page.pings - pings for page, pings in zip(opened.all, before, strict=True)]
        least = int(seconds / PING) - 1
        report.add("streams", "pings of a page, fewest", min(heard), f">= {least}", met=min(heard) >= least)
        begin = time.monotonic()
        serving.drain()
        report.add(
            "streams", "turns waiting at the end, and drained after", f"{left}, {time.monotonic() - begin:.0f} s"
        )
        is_open = sum(page.is_open for page in opened.all)
        report.add("streams", "pages still open", is_open, str(pages), met=is_open == pages)
        tell_last(serving, report, opened)


def tell_last(serving: Serving, report: Report, opened: Pages) -> None:
    """An answer finds its page, and the process has room for more lines."""
    page = opened.all[-1]
    told, begin = page.answers, time.monotonic()
    page.write(PHRASES[0])
    wait(lambda: page.answers > told)
    seconds = time.monotonic() - begin
    report.add(
        "streams", "an answer on a page that was idle", f"{seconds:.2f} s", f"< {SLOWEST:g} s", met=seconds < SLOWEST
    )
    assert serving.process is not None
    lines = psutil.Process(serving.process.pid).num_fds()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    report.add("streams", "open files of the process", lines, f"< {most}", met=lines < most)


def wait(holds: Callable[[], bool], seconds: float = LONGEST) -> None:
    """Until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not after {seconds:g} s")
        time.sleep(0.05)
