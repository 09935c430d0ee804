"""Guichet as a process of its own, started, asked and killed from outside."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx
import psutil

from tests.soak.vendors import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.soak.vendors import Vendors

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
SERVE = (sys.executable, "-W", "ignore", "-m", "bot", "serve")
PLAIN = (sys.executable, "-W", "ignore", "-m", "tests.soak.plain")
"""The same house with the plain engine: it is there in two seconds, for tests in which the dialogue does not matter."""
_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@dataclass
class Serving:
    """One house on one data directory; it may be killed and started again."""

    data: Path
    vendors: Vendors
    command: tuple[str, ...] = SERVE
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    admin: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=10))

    def __enter__(self) -> Self:
        self.data.mkdir(parents=True, exist_ok=True)
        self.vendors.meet(self.url)
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        self.client.close()

    @property
    def url(self) -> str:
        """The public door."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it wrote, in all its lives."""
        return self.data / "serve.log"

    def environment(self) -> dict[str, str]:
        """Its settings, and nothing of ours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUICHET_")}
        mine = {"GUICHET_DATA_DIR": str(self.data), "GUICHET_ADMIN_PORT": str(self.admin)}
        return {**kept, **mine, "GUICHET_PUBLIC_URL": self.url, **self.vendors.settings(), **self.more}

    def start(self) -> None:
        """Starts it and waits until it is ready and the platforms know it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "--port", str(self.port)], cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()  # nobody else would end it
                raise TimeoutError(f"it did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            answer = self.client.get(f"{self.url}/health/ready")
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and all(answer.json()["components"][name] == "ok" for name in CHANNELS)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        """Asks it to end, and makes it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        if self.process.poll() is None:
            self.kill()

    def samples(self) -> dict[tuple[str, str], float]:
        """What it counts, by name and labels as they are written."""
        text = self.client.get(f"http://127.0.0.1:{self.admin}/metrics").text
        found = (_SAMPLE.match(line) for line in text.splitlines() if not line.startswith("#"))
        return {(each[1], each[2] or ""): float(each[3]) for each in found if each is not None}

    def waiting(self, queue: str | None = None) -> int:
        """Open rows of a queue, or of all."""
        name = "guichet_queue_size"
        wanted = f'queue="{queue}"' if queue else ""
        return int(sum(v for (sample, labels), v in self.samples().items() if sample == name and wanted in labels))

    def drain(self, seconds: float = 600) -> None:
        """Waits until no row is open, twice in a row."""
        deadline, calm = time.monotonic() + seconds, 0
        while calm < 2:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.waiting()} rows are still open")
            calm = 0 if self.waiting() else calm + 1
            time.sleep(0.5)

    def mebibytes(self) -> float:
        """Memory it holds in RAM, with that of its own workers."""
        return sum(self.memory())

    def memory(self) -> tuple[float, float]:
        """The same in two parts: what it allocated, and pages of files that it reads in place.

        The second has an end, the size of those files, and the machine takes it back when it needs the room.
        """
        assert self.process is not None
        mother = psutil.Process(self.process.pid)
        own = mapped = 0
        for process in [mother, *mother.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                told = process.memory_info()
                own, mapped = own + told.rss - told.shared, mapped + told.shared
        return own / (1 << 20), mapped / (1 << 20)

    def outbox(self) -> str:
        """What ``guichet outbox list`` says."""
        asked = [sys.executable, "-W", "ignore", "-m", "bot", "outbox", "list"]
        done = subprocess.run(asked, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=True)
        return done.stdout.strip()
