"""Rates and places, by the clock of the test."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException

from bot.gateway.limits import Buckets, Seats


def test_a_bucket_fills_up_again_and_not_beyond() -> None:
    now = [0.0]
    buckets = Buckets(burst=2, per_second=0.5, timer=lambda: now[0])
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(HTTPException) as refusal:
        buckets.take("a")
    assert refusal.value.status_code == 429
    assert refusal.value.headers == {"Retry-After": "2"}
    now[0] = 1000.0
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(HTTPException):
        buckets.take("a")


def test_a_refusal_costs_nothing() -> None:
    now = [0.0]
    buckets = Buckets(burst=1, per_second=1, timer=lambda: now[0])
    buckets.take("a")
    for step in range(9):
        now[0] = step / 10
        with pytest.raises(HTTPException):
            buckets.take("a")
    now[0] = 1.01
    buckets.take("a")


def test_only_so_many_keys_are_remembered_and_the_longest_silent_go_first() -> None:
    buckets = Buckets(burst=1, per_second=0.001, timer=lambda: 0.0, keys=3)
    for key in "abcd":
        buckets.take(key)
    buckets.take("a")
    for key in "cd":
        with pytest.raises(HTTPException):
            buckets.take(key)


def test_a_place_that_was_told_to_end_is_not_told_again() -> None:
    seats = Seats(per_session=1, total=9)
    first, second, third = (seats.take("s") for _ in range(3))
    assert (first.ended, second.ended, third.ended) == ("moved", "moved", None)
    first.ended = "left"
    seats.take("s")
    assert (first.ended, third.ended) == ("left", "moved")


def test_ending_a_session_that_has_no_stream_is_nothing() -> None:
    seats = Seats(per_session=1, total=1)
    seats.end("nobody", "left")
    assert seats.sessions() == ()
