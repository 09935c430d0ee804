"""A serving process dies by ``kill -9`` at the four moments that matter, and at SIGTERM ends what it began."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing

import psutil
import pytest

from tests.peers.faults import hang
from tests.soak.ledger import read
from tests.soak.serving import PLAIN, Serving
from tests.soak.vendors import CHANNELS, Vendors

pytestmark = pytest.mark.process
MOMENTS = ("insert", "turn", "mark", "send")


@pytest.fixture
def start(tmp_path):
    opened = []

    def make(**more):
        vendors = Vendors(1).__enter__()
        serving = Serving(tmp_path / "data", vendors, PLAIN, more={"SOAK_STATUS_WAIT": "2", **more})
        opened.append((vendors, serving))
        return serving.__enter__()

    yield make
    for vendors, serving in opened:
        serving.__exit__()
        vendors.__exit__()


def row(serving):
    with closing(sqlite3.connect(serving.data / "guichet.db")) as conn:
        return conn.execute("SELECT state, is_repeated FROM outbox").fetchall()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_death_loses_nothing_and_doubles_on_telegram_alone_after_the_send(start, moment, channel):
    serving = start(SOAK_DIE_AT=moment)
    person = serving.vendors.somebody(channel, 1)
    person.say("Bonjour")
    assert serving.process.wait(30) == -signal.SIGKILL
    serving.start()
    serving.vendors.courier.settle(30)
    person.wait(1, 30)
    serving.drain(60)
    serving.vendors.courier.settle(30)
    is_twice = (channel, moment) == ("telegram", "send")
    assert len(person.answers) == 1 + is_twice
    is_doubtful = moment == "mark" or is_twice
    assert row(serving) == [(2, int(is_doubtful))]
    serving.stop()
    account = read(serving.data, serving.vendors)[channel]
    assert (account.taken, account.unanswered, account.missing, account.unflagged) == (1, 0, 0, 0)
    assert (account.doubled, account.flagged) == (int(is_twice), int(is_twice))


def test_end_by_signal_waits_for_what_is_being_sent(start):
    serving = start()
    person = serving.vendors.somebody("telegram", 1)
    serving.vendors.telegram.faults.next(hang(2.0).after_the_work(), call="sendMessage")
    person.say("Bonjour")
    person.wait(1, 30)
    serving.process.terminate()
    assert serving.process.wait(30) == 0
    assert row(serving)[0][0] in {0, 2}, "the outcome is written down, not left to the next start"


def test_store_without_room_sends_the_platforms_away_until_there_is(start):
    serving = start()
    process = psutil.Process(serving.process.pid)
    limits = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (1024, limits[1]))
    people = [serving.vendors.somebody(channel, 7) for channel in CHANNELS]
    for person in people:
        person.say("Bonjour")
    deadline = time.monotonic() + 20
    while serving.vendors.courier.codes[503] < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert serving.vendors.courier.codes[503] >= 2
    assert serving.vendors.courier.codes[200] == 0
    process.rlimit(psutil.RLIMIT_FSIZE, limits)
    serving.vendors.courier.settle(30)
    for person in people:
        person.wait(1, 60)
    serving.drain(60)
    assert [len(person.answers) for person in people] == [1, 1]


@pytest.mark.parametrize("moment", ["insert", "turn"])
def test_death_of_a_house_that_asks_loses_nothing_and_doubles_nothing(start, moment):
    """What was stored and not yet confirmed comes again after the start, and is known."""
    serving = start(SOAK_DIE_AT=moment, GUICHET_PUBLIC_URL="")
    telegram = serving.vendors.telegram
    telegram.held = None  # they wait to be asked for
    person = telegram.person(5_000_001)
    person.start()
    assert serving.process.wait(30) == -signal.SIGKILL
    person.say("Bonjour")
    assert moment == "turn" or len(telegram.state.pending) == 2, "the first one was stored and is not confirmed"
    serving.start()
    deadline = time.monotonic() + 30
    while telegram.state.pending and time.monotonic() < deadline:
        time.sleep(0.1)
    serving.drain(60)
    with closing(sqlite3.connect(serving.data / "guichet.db")) as conn:
        assert conn.execute("SELECT state FROM inbox").fetchall() == [(2,), (2,)]
    assert row(serving) == [(2, 0)] * len(person.seen)
    assert len(person.seen) >= 2
    assert telegram.state.pending == []
