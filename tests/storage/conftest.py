"""A store on disk that the tests may open again, beside itself or after it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

import pytest

from bot.storage.sealing import MasterKey
from bot.storage.store import Store, open_store
from tests.fake_memory import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Opener(Protocol):
    """Opens the store of the test once more, as another process would."""

    def __call__(self, busy_seconds: float = 5.0) -> Store: ...


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def open_again(data_dir: Path, clock: FakeClock) -> Iterator[Opener]:
    opened: list[Store] = []

    def again(busy_seconds: float = 5.0) -> Store:
        opened.append(open_store(data_dir, MasterKey(bytes(32)), os.urandom, clock, busy_seconds))
        return opened[-1]

    yield again
    for store in opened:
        store.database.close()


@pytest.fixture
def store(open_again: Opener) -> Store:
    return open_again()
