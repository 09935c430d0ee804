"""A process of its own that plays and delivers until it is killed; run by test_kill.

The engine loads once, in the parent; every order forks a child with the jobs of ``guichet work``.
Run as ``python -m tests.engine.worker DIRECTORY``, then one order a line: ``live NAME`` works on the data directory
of that name until killed, ``drain NAME`` until nothing is left. The answer is the child's number, and when it has
ended its exit status.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import House
from bot.channels.terminal import TerminalChannel
from bot.config import Settings
from bot.core.delivery import Sent
from bot.jobs.workers import Steps, make_workers

if TYPE_CHECKING:
    from bot.core.delivery import Outgoing
    from bot.jobs.workers import Workers

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Time stands still: answers are the same in every life, and no lease ends but by death."""


class PaperChannel(TerminalChannel):
    """Writes what is sent to a file, which survives a kill."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def send(self, outgoing: Outgoing, file: object) -> Sent:
        line = json.dumps([outgoing.address.identity, outgoing.seq, outgoing.message.text])
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)
        return Sent()


def open_house(directory: Path, name: str) -> House:
    """The house on that data directory."""
    house = House(Settings(data_dir=directory / name), terminal=PaperChannel(directory / f"{name}.sent"))
    house.clock.set(NOW)
    return house


def waiting(directory: Path, name: str, table: str) -> int:
    """How many rows of a queue are not done."""
    with closing(sqlite3.connect(directory / name / "guichet.db")) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {table} WHERE state < 2").fetchone()[0])


def _start(house: House) -> Workers:
    assert house.store is not None
    workers = make_workers(Steps(house.converse, house.deliver, house.fetch, house.remind, house.purge))
    workers.start()
    return workers


def _drain(house: House, directory: Path, name: str) -> None:
    workers = _start(house)
    while waiting(directory, name, "inbox") or waiting(directory, name, "outbox"):
        time.sleep(0.02)
    workers.stop()
    assert workers.failures == 0
    house.store.close()


def _child(directory: Path, order: str, name: str, loaded: House) -> None:
    house = open_house(directory, name)
    house.__dict__["engine"] = loaded.engine
    if order == "drain":
        _drain(house, directory, name)
        return
    _start(house)
    while True:
        signal.pause()


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a child an order; forking spares the loading."""
    directory = Path(sys.argv[1])
    loaded = open_house(directory, "loaded")
    _answer(1 if loaded.engine is not None else 0)
    for line in sys.stdin:
        order, name = line.split()
        child = os.fork()
        if not child:
            status = 1
            try:
                _child(directory, order, name, loaded)
                status = 0
            finally:
                os._exit(status)
        _answer(child)
        _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
