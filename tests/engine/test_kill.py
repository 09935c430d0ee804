"""Workers with the real engine are killed in the middle of turns: each message is answered once, in order."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from tests.engine.worker import open_house, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.bootstrap import House

pytestmark = [pytest.mark.process, pytest.mark.rasa, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
KILLS = 24
ROUNDS = 3
SCRIPT = (
    "text:Bonjour, pas de rendez-vous à Bobigny pour ma carte salarié, elle finit le 20/01/2027",
    "choice:consent:yes",
    "text:est-ce que vous gardez mes données ?",
    "choice:removal:none",
    "text:oui",
    "text:oui",
    "text:oui",
    "text:depuis trois semaines",
    "choice:risk:none",
    "text:j'ai essayé ce matin à 9h30",
    "choice:proof_consent:yes",
    "choice:attempt_channel:site",
    "choice:attempt_result:no_slot",
    "choice:attempt_confirm:yes",
    "choice:next:letter",
    "text:corriger",
    "choice:correct:place",
    "text:à Lyon",
    "text:merci",
)
PERSONS = ("anna", "bilal", "chloe", "deniz", "emre")


class Nursery:
    """Forks workers on demand."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.engine.worker", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self.wait() == 1

    def start(self, order: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()
        return self.wait()

    def wait(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()


@contextmanager
def nursery(directory: Path) -> Iterator[Nursery]:
    opened = Nursery(directory)
    try:
        yield opened
    finally:
        opened.close()


def put(house: House, rounds: range) -> int:
    """Everybody says their script, one word after the other's."""
    count = 0
    for round_ in rounds:
        for n, said in enumerate(SCRIPT):
            kind, _, words = said.partition(":")
            for person in PERSONS:
                message = (
                    InboundMessage(InboundKind.CHOICE, choice=words)
                    if kind == "choice"
                    else InboundMessage(InboundKind.TEXT, text=words)
                )
                house.receive(Address("terminal", person), f"{person}-{round_}-{n}", message)
                count += 1
    return count


def rows(directory: Path, name: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(directory / name / "guichet.db")) as conn:
        return conn.execute(query).fetchall()


def answered(directory: Path, name: str) -> int:
    return int(str(rows(directory, name, "SELECT count(*) FROM inbox WHERE state = 2")[0][0]))


def sent(directory: Path, name: str) -> dict[str, list[tuple[int, str]]]:
    """By person, number and text of every message handed to the channel, in order."""
    heard: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in (directory / f"{name}.sent").read_text("utf-8").splitlines():
        person, seq, text = json.loads(line)
        heard[person].append((seq, text))
    return heard


def told(directory: Path, name: str, house: House) -> dict[str, tuple[list[str], object]]:
    """By person, the texts of the outbox in order, and what the bot knows at the end."""
    result = {}
    for person in PERSONS:
        found = house.store.persons.find(Address("terminal", person))
        assert found is not None
        texts = [queued.message.text for queued in house.store.outbox.since(found, 0, "terminal")]
        state = house.store.persons.state(found)
        facts = [(a.at, a.channel, a.result) for a in state.attempts]
        result[person] = (texts, (state.case, facts))
    return result


def kill_in_a_turn(directory: Path, workers: Nursery, chance: Random) -> None:
    """Let a worker answer some messages, then kill it wherever it is."""
    before = answered(directory, "killed")
    child = workers.start("live killed")
    wanted = before + chance.randrange(0, 9)
    deadline = time.monotonic() + 10
    while answered(directory, "killed") < wanted and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.05))
    os.kill(child, signal.SIGKILL)
    assert workers.wait() == -signal.SIGKILL


def test_every_message_is_answered_once_and_in_order_whenever_its_worker_is_killed(tmp_path: Path) -> None:
    chance = Random(20261123)
    calm, killed = open_house(tmp_path, "calm"), open_house(tmp_path, "killed")
    messages = put(calm, range(ROUNDS))
    assert put(killed, range(1)) == messages // ROUNDS
    with nursery(tmp_path) as workers:
        workers.start("drain calm")
        assert workers.wait() == 0
        for n in range(KILLS):
            if n == KILLS // 3:
                put(killed, range(1, ROUNDS))
            kill_in_a_turn(tmp_path, workers, chance)
        assert waiting(tmp_path, "killed", "inbox") > 0
        workers.start("drain killed")
        assert workers.wait() == 0

    assert rows(tmp_path, "killed", "SELECT count(*), min(state), max(state) FROM inbox") == [(messages, 2, 2)]
    assert rows(tmp_path, "killed", "SELECT sum(attempts - 1) >= 6, max(attempts) <= 3 FROM inbox") == [(1, 1)]
    assert rows(tmp_path, "killed", "SELECT count(*) FROM failures") == [(0,)]
    assert rows(tmp_path, "killed", "SELECT count(*) FROM persons") == [(len(PERSONS),)]
    assert rows(tmp_path, "killed", "SELECT count(*) FROM handoffs") == [(0,)]
    assert rows(tmp_path, "killed", "PRAGMA integrity_check") == [("ok",)]
    unanswered = "SELECT count(*) FROM inbox AS i WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = 'in:' || i.seq || ':0')"
    assert rows(tmp_path, "killed", unanswered) == [(0,)]
    assert told(tmp_path, "killed", killed) == told(tmp_path, "calm", calm)

    repeats = 0
    for person, heard in sent(tmp_path, "killed").items():
        once = [entry for n, entry in enumerate(heard) if n == 0 or entry != heard[n - 1]]
        repeats += len(heard) - len(once)
        assert [text for _seq, text in once] == [text for _seq, text in sent(tmp_path, "calm")[person]]
        assert [seq for seq, _text in once] == sorted({seq for seq, _text in heard})
    assert repeats <= KILLS  # a message handed over the moment before a kill is handed over again, and no other
    for house in (calm, killed):
        house.close()
