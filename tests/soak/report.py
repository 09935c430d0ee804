"""What a part of the soak found, one line a figure, with its aim."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Figure:
    """One measured value."""

    part: str
    what: str
    value: str
    aim: str = ""
    is_met: bool | None = None


@dataclass
class Report:
    """All figures of one run."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, part: str, what: str, value: object, aim: str = "", *, met: bool | None = None) -> None:
        """Notes one, and says it at once."""
        figure = Figure(part, what, str(value), aim, met)
        self.figures.append(figure)
        print(line(figure), flush=True)  # noqa: T201

    @property
    def missed(self) -> list[Figure]:
        """Those that miss their aim."""
        return [figure for figure in self.figures if figure.is_met is False]


def line(figure: Figure) -> str:
    """A row of the table."""
    verdict = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    return f"{figure.part:9} {figure.what:46} {figure.value:>34}  {figure.aim:14} {verdict}".rstrip()


def machine() -> str:
    """Where it ran, and how busy it was with other things."""
    model = next(
        (row.split(":", 1)[1].strip() for row in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in row),
        platform.machine(),
    )
    memory = psutil.virtual_memory().total >> 30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {model}, {memory} GB, Python {platform.python_version()}, load {load:.1f} before"


def part_of(times: list[float], part: float) -> float:
    """The value below which so great a part of the times lies."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
