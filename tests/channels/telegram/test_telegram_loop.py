"""The loop's thread ends with the channel, and what waits for it hears so in the house's own words."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.channels.telegram.loop import Loop
from bot.core.errors import ChannelUnavailableError


async def _nothing() -> None:
    """Close nothing."""


def test_closing_ends_what_waits_as_unavailable() -> None:
    loop, heard = Loop("test"), []

    def wait() -> None:
        with pytest.raises(ChannelUnavailableError):
            loop.run(asyncio.sleep(60), 60)
        heard.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.2)
    loop.close(_nothing, 5)
    thread.join(5)
    assert heard == [True]


def test_last_work_is_done_when_the_rest_has_ended_and_the_thread_is_gone_then() -> None:
    loop, order, tasks = Loop("test"), [], []

    async def under_way() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            order.append("ended")

    async def begin() -> None:
        tasks.append(asyncio.create_task(under_way()))
        await asyncio.sleep(0)

    async def last() -> None:
        order.append("last")

    loop.run(begin(), 5)
    loop.close(last, 5)
    assert order == ["ended", "last"]
    assert "test" not in {thread.name for thread in threading.enumerate()}


def test_last_work_that_fails_or_lasts_keeps_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise OSError

    async def last() -> None:
        await asyncio.sleep(1)

    failing, lasting = Loop("failing"), Loop("lasting")
    for loop in (failing, lasting):
        loop.run(_nothing(), 5)
    failing.close(fail, 5)
    lasting.close(last, 0.1)
    left = {thread.name: thread for thread in threading.enumerate()}
    assert "failing" not in left
    left["lasting"].join(5)
    assert [record for record in caplog.records if record.name == "asyncio"] == []


def test_closed_loop_runs_nothing_and_closing_it_again_does_nothing() -> None:
    loop, ran = Loop("test"), []

    async def note() -> None:
        ran.append(True)

    loop.close(note, 5)
    loop.close(note, 5)
    with pytest.raises(ChannelUnavailableError):
        loop.run(note(), 5)
    assert loop.closed
    assert ran == []
