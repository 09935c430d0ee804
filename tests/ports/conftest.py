"""Every contract runs on the fakes and on SQLite."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot.storage.sealing import MasterKey
from bot.storage.store import Store, open_store
from tests.fake_memory import FakeClock
from tests.fakes import FakeStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[FakeStore | Store]:
    if request.param == "memory":
        opened: FakeStore | Store = FakeStore(clock)
    else:
        opened = open_store(tmp_path / "data", MasterKey(bytes(32)), os.urandom, clock)
    yield opened
    opened.close()
