"""Whoever is waited for passes first, and nobody waits for ever."""

import threading
import time

import pytest

from bot.storage.turnstile import MOST_IN_A_ROW, Turnstile

SECONDS = 10


class Row:
    """Threads that queue one after the other, and the order in which they were let in."""

    def __init__(self, turnstile):
        self.turnstile, self.order, self.threads = turnstile, [], []

    def queue(self, name, *, is_urgent):
        def pass_through():
            assert self.turnstile.enter(SECONDS, is_urgent=is_urgent)
            self.order.append(name)
            self.turnstile.leave()

        thread = threading.Thread(target=pass_through)
        thread.start()
        self.threads.append(thread)
        deadline = time.monotonic() + SECONDS
        while len(self.turnstile._urgent) + len(self.turnstile._others) < len(self.threads):
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def all_pass(self):
        for thread in self.threads:
            thread.join(SECONDS)
        assert not any(thread.is_alive() for thread in self.threads)
        return self.order


@pytest.fixture
def turnstile():
    return Turnstile()


def test_urgent_ones_pass_first_and_each_row_keeps_its_order(turnstile):
    assert turnstile.enter(0, is_urgent=False)
    row = Row(turnstile)
    for name, is_urgent in (("job 1", False), ("door 1", True), ("job 2", False), ("door 2", True)):
        row.queue(name, is_urgent=is_urgent)
    turnstile.leave()
    assert row.all_pass() == ["door 1", "door 2", "job 1", "job 2"]


def test_flood_of_urgent_ones_lets_another_pass_now_and_then(turnstile):
    assert turnstile.enter(0, is_urgent=True)
    row = Row(turnstile)
    for number in range(2):
        row.queue(f"job {number}", is_urgent=False)
    for _number in range(2 * MOST_IN_A_ROW + 2):
        row.queue("door", is_urgent=True)
    turnstile.leave()
    order = row.all_pass()
    assert [order.index("job 0"), order.index("job 1")] == [MOST_IN_A_ROW, 2 * MOST_IN_A_ROW + 1]


def test_one_at_a_time_is_inside(turnstile):
    inside, most = [], []

    def work(is_urgent):
        for _ in range(200):
            assert turnstile.enter(SECONDS, is_urgent=is_urgent)
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turnstile.leave()

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 1200
    assert set(most) == {1}


@pytest.mark.parametrize("is_urgent", [False, True])
def test_turn_that_does_not_come_in_time_is_given_up_and_nobody_waits_for_it(turnstile, is_urgent):
    assert turnstile.enter(0, is_urgent=False)
    assert not turnstile.enter(0.01, is_urgent=is_urgent)
    turnstile.leave()
    assert turnstile.enter(0, is_urgent=False)
    turnstile.leave()


def test_turn_that_comes_just_as_one_gives_up_is_taken(turnstile, monkeypatch):
    class Late:
        """A ticket whose time is over at the moment it is called."""

        def __init__(self):
            self.is_first = True

        def acquire(self, timeout=-1):
            if timeout >= 0:
                turnstile.leave()
                return False
            return True

        def release(self):
            pass

    assert turnstile.enter(0, is_urgent=False)
    monkeypatch.setattr("bot.storage.turnstile.Lock", Late)
    assert turnstile.enter(0.01, is_urgent=True)
    monkeypatch.undo()
    assert not turnstile.enter(0.01, is_urgent=True)
    turnstile.leave()
    assert turnstile.enter(0, is_urgent=True)
