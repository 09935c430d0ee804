"""Who holds a row, and who may take it over."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import LeaseLostError, StorageError
from bot.storage.leases import Leases
from tests.records import LEASE, text, turn, web

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.store import Store
    from tests.fake_memory import FakeClock
    from tests.storage.conftest import Opener


def test_worker_lives_as_long_as_it_holds_its_name(tmp_path: Path) -> None:
    one, two = Leases(tmp_path, os.urandom), Leases(tmp_path, os.urandom)
    assert one.owner != two.owner
    assert one.is_alive(one.owner)
    assert one.is_alive(two.owner)
    two.close()
    assert not one.is_alive(two.owner)
    assert not one.is_alive("wnobody")
    one.close()
    assert list(tmp_path.iterdir()) == []


def test_killed_worker_is_dead_at_once_and_swept(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from bot.storage.leases import Leases;"
        "print(Leases(pathlib.Path(sys.argv[1]), os.urandom).owner, flush=True); sys.stdin.read()"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdin is not None
    owner = worker.stdout.readline().strip()
    leases = Leases(tmp_path, os.urandom)
    leases.sweep()
    assert leases.is_alive(owner)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    worker.stdin.close()
    assert not leases.is_alive(owner)
    leases.sweep()
    assert [path.name for path in tmp_path.iterdir()] == [f"{leases.owner}.lock"]
    leases.close()


def test_name_swept_before_it_was_locked_is_not_used(tmp_path: Path) -> None:
    calls = []

    def random(size: int) -> bytes:
        calls.append(size)
        return bytes([len(calls)]) * size

    rival = Leases(tmp_path, os.urandom)
    taken = os.fstat

    def swept_once(handle: int) -> os.stat_result:
        if len(calls) == 1:
            for path in tmp_path.glob("*.lock"):
                if path.name != f"{rival.owner}.lock":
                    path.unlink()
        return taken(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fstat", swept_once)
        leases = Leases(tmp_path, random)
    assert len(calls) == 2
    assert rival.is_alive(leases.owner)
    leases.close()
    rival.close()


def test_directory_that_cannot_be_locked_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file", "ascii")
    with pytest.raises(StorageError):
        Leases(tmp_path / "locks", os.urandom)


def test_lock_that_cannot_be_read_counts_as_alive(tmp_path: Path) -> None:
    leases = Leases(tmp_path, os.urandom)
    (tmp_path / "wodd.lock").mkdir()
    assert leases.is_alive("wodd")
    leases.close()


def test_row_of_a_living_worker_waits_for_the_lease_to_end(store: Store, open_again: Opener, clock: FakeClock) -> None:
    other = open_again()
    store.inbox.put(web("one"), "1", text("first"), clock.now())
    store.inbox.put(web("two"), "2", text("second"), clock.now())
    held = store.inbox.claim(clock.now(), LEASE)
    assert held is not None
    second = other.inbox.claim(clock.now(), LEASE)
    assert second is not None
    assert second.message.text == "second"
    assert other.inbox.claim(clock.now(), LEASE) is None
    taken = other.inbox.claim(clock.advance(seconds=30), LEASE)
    assert taken is not None
    assert taken.message.text == "first"
    with pytest.raises(LeaseLostError):
        store.inbox.commit(held, turn("late"), clock.now())
    other.inbox.commit(taken, turn("in time"), clock.now())


def test_row_of_a_dead_worker_is_taken_over_at_once(store: Store, open_again: Opener, clock: FakeClock) -> None:
    other = open_again()
    store.inbox.put(web("one"), "1", text("first"), clock.now())
    held = store.inbox.claim(clock.now(), LEASE)
    assert held is not None
    store.leases.close()
    taken = other.inbox.claim(clock.now(), LEASE)
    assert taken is not None
    assert (taken.seq, taken.attempts) == (held.seq, 2)


def test_fence_holds_between_workers_with_the_same_count(store: Store, open_again: Opener, clock: FakeClock) -> None:
    store.inbox.put(web("one"), "1", text("first"), clock.now())
    held = store.inbox.claim(clock.now(), LEASE)
    assert held is not None
    with pytest.raises(LeaseLostError):
        open_again().inbox.commit(held, turn("stolen"), clock.now())
    store.inbox.commit(held, turn("mine"), clock.now())
