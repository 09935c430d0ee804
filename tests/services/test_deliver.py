"""A message reaches its channel, is retried with a growing pause, and is given up for good reasons only."""

from datetime import timedelta

import pytest

from bot.core.errors import (
    ChannelUnavailableError,
    KeyDestroyedError,
    LeaseLostError,
    MessageRejectedError,
    RecipientGoneError,
)
from bot.core.ports import Address
from bot.services.deliver import BASE, CAP, MAX_ATTEMPTS, Deliver
from bot.services.settle import LIMIT, settle
from tests.fake_memory import FakeClock
from tests.fakes import FakeStore
from tests.records import answer, web


class Channel:
    name = "web"

    def __init__(self):
        self.sent = []
        self.error = None

    def send(self, queued):
        if self.error is not None:
            raise self.error
        self.sent.append(queued.message.text)


class Rig:
    def __init__(self, fraction=1.0):
        self.clock = FakeClock()
        self.store = FakeStore(self.clock)
        self.channel = Channel()
        self.deliver = Deliver(self.store.outbox, {"web": self.channel}, self.clock, lambda: fraction)
        self.person = self.store.persons.find_or_create(web("a"), self.clock.now())

    def queue(self, words="hello"):
        self.store.outbox.put(self.person, answer(words), words, self.clock.now())

    @property
    def row(self):
        return self.store.outbox._memory.outbox[0]


@pytest.fixture
def rig():
    return Rig()


def test_nothing_waits_nothing_is_sent(rig):
    assert rig.deliver() is None


def test_messages_leave_in_order_and_once(rig):
    rig.queue("1")
    rig.queue("2")
    assert settle(rig.deliver) == 2
    assert rig.channel.sent == ["1", "2"]
    rig.clock.advance(hours=1)
    assert rig.deliver() is None


def test_unavailable_channel_is_tried_again_with_a_growing_pause(rig):
    rig.queue()
    rig.channel.error = ChannelUnavailableError("web")
    pauses = []
    for _ in range(MAX_ATTEMPTS - 1):
        assert rig.deliver() == rig.person
        pauses.append(rig.row.not_before - rig.clock.now())
        assert rig.deliver() is None
        rig.clock.time = rig.row.not_before
    assert pauses == [BASE, BASE * 2, BASE * 4, BASE * 8]
    rig.deliver()
    assert not rig.row.is_open
    assert rig.store.failures == [("outbox", "ChannelUnavailableError", False)] * 4 + [
        ("outbox", "ChannelUnavailableError", True)
    ]


@pytest.mark.parametrize(("fraction", "pause"), [(0.0, timedelta(0)), (0.5, BASE / 2), (0.999, BASE * 0.999)])
def test_pause_is_a_random_part_of_itself(fraction, pause):
    rig = Rig(fraction)
    rig.queue()
    rig.channel.error = ChannelUnavailableError("web")
    rig.deliver()
    assert rig.row.not_before - rig.clock.now() == pause


def test_pause_has_a_longest(rig):
    assert rig.deliver._wait(9) == CAP


@pytest.mark.parametrize("error", [MessageRejectedError, RecipientGoneError])
def test_refused_message_is_given_up_and_the_next_one_leaves(rig, error):
    rig.queue("1")
    rig.queue("2")
    rig.channel.error = error("web")
    rig.deliver()
    rig.channel.error = None
    rig.deliver()
    assert rig.channel.sent == ["2"]
    assert rig.store.failures == [("outbox", error.__name__, True)]


def test_channel_nobody_runs_here_is_tried_again(rig):
    person = rig.store.persons.find_or_create(Address("pigeon", "a"), rig.clock.now())
    rig.store.outbox.put(person, answer("hello"), "k", rig.clock.now())
    assert rig.deliver() == person
    assert rig.row.is_open


@pytest.mark.parametrize("error", [KeyDestroyedError, LeaseLostError])
def test_erased_person_or_lost_lease_is_passed_over(rig, error):
    rig.queue()
    rig.channel.error = error("1")
    assert rig.deliver() == rig.person
    assert rig.store.failures == []


def test_failure_of_a_lost_lease_is_dropped(rig):
    rig.queue()

    class Slow(Channel):
        def send(self, _queued):
            rig.clock.advance(minutes=5)
            assert rig.store.outbox.claim(rig.clock.now(), timedelta(seconds=60)) is not None
            raise ChannelUnavailableError("web")

    assert Deliver(rig.store.outbox, {"web": Slow()}, rig.clock, lambda: 1.0)() == rig.person
    assert rig.store.failures == []


def test_settling_runs_every_step_until_none_has_work():
    work = {"a": [1, 2], "b": [3]}
    done = []

    def step(name):
        def take():
            if not work[name]:
                return None
            done.append(work[name].pop(0))
            return done[-1]

        return take

    assert settle(step("a"), step("b")) == 3
    assert done == [1, 3, 2]


def test_settling_ends_even_when_the_work_does_not():
    assert settle(lambda: "again") == LIMIT
