"""Processes are killed at any moment: nothing is lost, nothing is doubled, everybody's order holds."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.records import text, web
from tests.storage.worker import PERSONS, RealClock, open_worker, promised

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = 36
ROOT = Path(__file__).parents[2]


class Nursery:
    """Forks workers on demand."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.worker", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def start(self, order: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()
        return self._answer()

    def wait(self) -> int:
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def nurseries(directory: Path, count: int = 1) -> Iterator[list[Nursery]]:
    """That many, closed at the end."""
    opened = [Nursery(directory) for _ in range(count)]
    try:
        yield opened
    finally:
        for nursery in opened:
            nursery.close()


def _rows(directory: Path, query: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(directory / "data" / "guichet.db")
    rows = conn.execute(query).fetchall()
    conn.close()
    return rows


def _expected(received: list[str]) -> dict[str, list[str]]:
    """By person, the two answers to every message in its order."""
    answers: dict[str, list[str]] = {}
    for words in sorted(set(received), key=lambda each: int(each.partition(":")[2])):
        answers.setdefault(words.partition(":")[0], []).extend((f"first {words}", f"second {words}"))
    return answers


def _stored(directory: Path) -> dict[str, list[str]]:
    """By person, the answers in the outbox, each once, in order."""
    store = open_worker(directory)
    answers: dict[str, list[str]] = {}
    for n in range(PERSONS):
        person = store.persons.find(web(str(n)))
        if person is not None:
            queued = store.outbox.since(person, 0, "web")
            answers[str(n)] = [each.message.text for each in queued]
    store.close()
    return answers


def _wait_for(directory: Path, name: str, lines: int) -> None:
    """Until so much was promised, however slow the machine is; 20 seconds at most."""
    deadline = time.monotonic() + 20
    while len(promised(directory, name)) < lines and time.monotonic() < deadline:
        time.sleep(0.0005)


def _without_repeats(lines: list[str]) -> list[str]:
    return [line for n, line in enumerate(lines) if n == 0 or line != lines[n - 1]]


def test_kill_at_any_moment_loses_doubles_and_reorders_nothing(tmp_path: Path) -> None:
    chance, killed = Random(20261123), 0
    with nurseries(tmp_path) as (nursery,):
        while killed < KILLS:
            known = len(promised(tmp_path, "received"))
            child = nursery.start("live")
            _wait_for(tmp_path, "received", known + chance.randrange(12))
            time.sleep(chance.uniform(0, 0.006))
            os.kill(child, signal.SIGKILL)
            assert nursery.wait() == -signal.SIGKILL
            killed += 1
        nursery.start("finish")
        assert nursery.wait() == 0
    received = promised(tmp_path, "received")
    assert promised(tmp_path, "problems") == []
    assert KILLS >= 30
    assert len(received) > KILLS
    assert _rows(tmp_path, "SELECT sum(attempts - 1) > 0 FROM inbox") == [(1,)]  # some died holding a message
    assert _stored(tmp_path) == _expected(received)
    assert _rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(tmp_path, "SELECT count(*) FROM inbox WHERE state <> 2") == [(0,)]
    assert _rows(tmp_path, "SELECT count(*) FROM outbox WHERE state <> 2") == [(0,)]
    assert _rows(tmp_path, "SELECT count(*) FROM persons") == [(PERSONS,)]
    sent = promised(tmp_path, "sent")
    assert len(sent) - len(set(sent)) <= KILLS  # one message at most is sent again after each kill
    for person, answers in _expected(received).items():
        assert _without_repeats([line for line in sent if f" {person}:" in line]) == answers


def test_four_processes_share_the_work_and_take_over_from_a_dead_one(tmp_path: Path) -> None:
    store = open_worker(tmp_path)
    messages = [f"{person}:{n}" for n in range(12) for person in range(PERSONS)]
    for words in messages:
        store.inbox.put(web(words.partition(":")[0]), words, text(words), RealClock().now())
    store.close()
    with nurseries(tmp_path, 4) as workers:
        victim = workers[0].start("hold")
        _wait_for(tmp_path, "held", 1)
        for worker in workers[1:]:
            worker.start("drain")
        for worker in workers[1:]:
            assert worker.wait() == 0
        (held,) = promised(tmp_path, "held")
        waiting = _rows(tmp_path, "SELECT count(*) FROM inbox WHERE state < 2")
        os.kill(victim, signal.SIGKILL)
        assert workers[0].wait() == -signal.SIGKILL
        for worker in workers:
            worker.start("drain")
        for worker in workers:
            assert worker.wait() == 0
    assert held == "0:0"
    assert waiting == [(12,)]  # the held person's messages alone
    assert promised(tmp_path, "problems") == []
    assert _stored(tmp_path) == _expected(messages)
    assert len(promised(tmp_path, "sent")) == 2 * len(messages)
    assert _rows(tmp_path, "SELECT count(*) FROM inbox WHERE attempts <> 1") == [(1,)]


def test_processes_that_start_together_make_one_database(tmp_path: Path) -> None:
    with nurseries(tmp_path, 4) as workers:
        for worker in workers:
            worker.start("drain")
        assert [worker.wait() for worker in workers] == [0, 0, 0, 0]
    assert promised(tmp_path, "problems") == []
