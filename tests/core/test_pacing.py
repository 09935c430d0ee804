"""Buckets never let more through than the pace allows; a breaker rests longer each time and tries again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.capabilities import Pace
from bot.core.delivery import Status, advance
from bot.core.pacing import FAILURES, FIRST_REST, LONGEST_REST, MOST_BUCKETS, Breaker, Buckets, Pacing

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@given(st.integers(1, 10), st.floats(0.1, 50), st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_never_more_than_burst_and_rate(burst, rate, pauses):
    buckets, now, passed = Buckets(Pace(burst, rate)), NOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not buckets.wait("a", now):
            buckets.take("a", now)
            passed += 1
    assert passed <= burst + rate * (now - NOW).total_seconds() + 1e-6


@given(st.integers(1, 5), st.floats(0.1, 50))
def test_after_the_wait_the_key_may_speak(burst, rate):
    buckets = Buckets(Pace(burst, rate))
    for _ in range(burst):
        assert not buckets.wait("a", NOW)
        buckets.take("a", NOW)
    wait = buckets.wait("a", NOW)
    assert wait > timedelta(0)
    assert buckets.wait("a", NOW + wait + timedelta(microseconds=2)) < timedelta(milliseconds=1)
    assert not buckets.wait("b", NOW)


def test_clock_that_goes_back_gives_nothing_away_and_blocks_nobody_for_long():
    buckets = Buckets(Pace(1, 1.0))
    buckets.take("a", NOW)
    assert buckets.wait("a", NOW - timedelta(hours=1)) == timedelta(seconds=1)


def test_message_of_several_parts_leaves_whole_and_the_next_one_waits_for_them():
    buckets = Buckets(Pace(2, 1.0))
    buckets.take("a", NOW, 4)
    assert buckets.wait("a", NOW) == timedelta(seconds=3)


def test_memory_is_bounded():
    buckets = Buckets(Pace(1, 1.0))
    for n in range(MOST_BUCKETS + 50):
        buckets.take(str(n), NOW)
    assert len(buckets._buckets) == MOST_BUCKETS


def test_breaker_rests_after_failures_in_a_row_and_longer_each_time():
    breaker, now, rests = Breaker(), NOW, []
    for _ in range(FAILURES - 1):
        breaker.failed(breaker.begin(), now, "x")
    assert not breaker.is_resting(now)
    for _ in range(12):
        breaker.failed(breaker.begin(), now, "x")
        rests.append(breaker.until - now)
        assert breaker.is_resting(now)
        now = breaker.until
        assert not breaker.is_closed(now)
    assert rests[:3] == [FIRST_REST, FIRST_REST * 2, FIRST_REST * 4]
    assert max(rests) == LONGEST_REST
    breaker.succeeded(breaker.begin())
    breaker.failed(breaker.begin(), now, "x")
    assert not breaker.is_closed(now)


def test_what_began_before_a_rest_neither_ends_nor_lengthens_it():
    breaker = Breaker()
    begun = [breaker.begin() for _ in range(FAILURES * 2)]
    for each in begun:
        breaker.failed(each, NOW, "x")
    assert (breaker.until, breaker.rests) == (NOW + FIRST_REST, 1)
    breaker.succeeded(begun[0])
    assert breaker.is_resting(NOW)


def test_longer_rest_stays_and_keeps_its_reason():
    breaker, begun = Breaker(), Breaker().begin()
    breaker.rest(NOW, timedelta(minutes=5), "190")
    breaker.rest(NOW, timedelta(seconds=10), "130429")
    breaker.failed(begun, NOW, "ConnectError")
    assert (breaker.until, breaker.reason) == (NOW + timedelta(minutes=5), "190")
    breaker.rest(NOW, timedelta(hours=1), "4")
    assert (breaker.until, breaker.reason, breaker.rests) == (NOW + timedelta(hours=1), "4", 1)


def test_one_message_at_a_time_tries_after_a_rest():
    breaker = Breaker()
    breaker.rest(NOW, FIRST_REST, "x")
    later = NOW + FIRST_REST
    assert not breaker.is_closed(later)
    first = breaker.begin()
    assert breaker.is_closed(later)
    breaker.ended(first)  # it told nothing of the channel: the next one tries
    assert not breaker.is_closed(later)
    breaker.succeeded(breaker.begin())
    assert not breaker.is_closed(later)
    breaker.begin()
    assert not breaker.is_closed(later)


def test_pacing_waits_for_the_slower_of_both():
    pacing = Pacing(Buckets(Pace(1, 10.0)), Buckets(Pace(1, 1.0)))
    pacing.take("a", NOW)
    assert pacing.wait("a", NOW) == timedelta(seconds=1)
    assert pacing.wait("b", NOW) == timedelta(seconds=0.1)
    assert Pacing(None, None).wait("a", NOW) == timedelta(0)


@given(st.lists(st.sampled_from(Status), min_size=1, max_size=8))
def test_what_was_delivered_stays_delivered(told):
    kept = None
    for status in told:
        before, kept = kept, advance(kept, status)
        if before in {Status.DELIVERED, Status.READ} and status is not Status.PART_LOST:
            assert kept in {Status.DELIVERED, Status.READ}
            assert kept >= before
    if Status.PART_LOST in told:
        assert kept is Status.PART_LOST
    elif Status.READ in told:
        assert kept is Status.READ


@given(st.permutations([Status.SENT, Status.DELIVERED, Status.READ]))
def test_order_of_statuses_does_not_matter(told):
    kept = None
    for status in told:
        kept = advance(kept, status)
    assert kept is Status.READ
