"""A process of its own that receives, plays and sends until it is killed; run by test_crashes.

Acknowledgements go to append-only files, which survive a kill: what stands there was promised.
Run as ``python -m tests.storage.worker DIRECTORY``, then one order a line: ``live`` forks a child that works until it
is killed, ``drain`` one that works until nothing is left, ``finish`` one that first takes what was not acknowledged,
``hold`` one that claims a message and sleeps. The answer is the child's number, and when it has ended its exit status.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.core.errors import DuplicateMessageError
from bot.storage.sealing import MasterKey
from bot.storage.store import Store, open_store
from tests.records import text, turn, web

PERSONS = 5
LEASE = timedelta(minutes=10)
"""Longer than the test: what a dead worker held must be taken over for its death alone."""


class RealClock:
    """The time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def open_worker(directory: Path) -> Store:
    """The store as every worker of the test opens it."""
    return open_store(directory / "data", MasterKey(bytes(32)), os.urandom, RealClock())


def promise(directory: Path, name: str, line: str) -> None:
    """Append a line in one write."""
    handle = os.open(directory / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def promised(directory: Path, name: str) -> list[str]:
    """The lines of such a file."""
    path = directory / name
    return path.read_text("ascii").splitlines() if path.exists() else []


def receive(store: Store, directory: Path, person: int, n: int) -> None:
    """Store a message and promise it; one stored by an earlier life is promised now."""
    words = f"{person}:{n}"
    with suppress(DuplicateMessageError):
        store.inbox.put(web(str(person)), words, text(words), datetime.now(UTC))
    promise(directory, "received", words)


def play(store: Store) -> bool:
    """Answer one message."""
    received = store.inbox.claim(datetime.now(UTC), LEASE)
    if received is None:
        return False
    words = received.message.text
    store.inbox.commit(received, turn(f"first {words}", f"second {words}"), datetime.now(UTC))
    return True


def deliver(store: Store, directory: Path) -> bool:
    """Send one message."""
    queued = store.outbox.claim(datetime.now(UTC), LEASE)
    if queued is None:
        return False
    promise(directory, "sent", queued.message.text)
    store.outbox.sent(queued, datetime.now(UTC))
    return True


def next_numbers(directory: Path) -> list[int]:
    """By person, the number after the last one promised: it may be stored already, by a life that was cut short."""
    following = [0] * PERSONS
    for words in promised(directory, "received"):
        name, n = words.split(":")
        following[int(name)] = int(n) + 1
    return following


def live(directory: Path) -> None:
    """Receive, play and send in turns until killed."""
    store = open_worker(directory)
    chance = Random(os.getpid())
    following = next_numbers(directory)
    while True:
        person = chance.randrange(PERSONS)
        receive(store, directory, person, following[person])
        following[person] += 1
        play(store)
        deliver(store, directory)
        deliver(store, directory)


def drain(directory: Path) -> None:
    """Play and send until nothing is left."""
    store = open_worker(directory)
    idle = 0
    while idle < 3:
        idle = 0 if play(store) or deliver(store, directory) else idle + 1
    store.close()


def finish(directory: Path) -> None:
    """Receive one more message of each person, as a platform that was not answered would send it again; then drain."""
    store = open_worker(directory)
    for person, n in enumerate(next_numbers(directory)):
        receive(store, directory, person, n)
    store.close()
    drain(directory)


def hold(directory: Path) -> None:
    """Claim a message and never finish it."""
    store = open_worker(directory)
    received = store.inbox.claim(datetime.now(UTC), LEASE)
    promise(directory, "held", received.message.text if received else "nothing")
    time.sleep(600)


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a child an order; forking spares the imports."""
    directory = Path(sys.argv[1])
    orders = {"live": live, "drain": drain, "finish": finish, "hold": hold}
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                orders[line.strip()](directory)
            except BaseException as error:
                promise(directory, "problems", repr(error))
                os._exit(1)
            os._exit(0)
        _answer(child)
        _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
