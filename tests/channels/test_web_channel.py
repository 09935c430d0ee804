"""The web chat as a channel: sending is ringing, and no ring is lost."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.channels.web import WebChannel
from bot.core.delivery import Outgoing, Retry, Sent
from bot.core.ids import PersonId
from bot.core.messages import OutboundMessage
from bot.core.ports import Address

pytestmark = pytest.mark.anyio

HERE, THERE = Address("web", "here"), Address("web", "there")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def outgoing(address: Address, *, is_farewell: bool = False) -> Outgoing:
    message = OutboundMessage("x", "fr", is_farewell=is_farewell)
    return Outgoing(1, "o1", address, message, person=PersonId("p"))


def no_file(_file: object) -> bytes:
    raise AssertionError


async def test_sending_wakes_the_pages_of_that_person_and_no_others() -> None:
    channel = WebChannel()
    assert channel.name == "web"
    with channel.listen(HERE) as one, channel.listen(HERE) as two, channel.listen(THERE) as other:
        await asyncio.to_thread(channel.send, outgoing(HERE), no_file)
        assert await one.wait(1)
        assert await two.wait(1)
        assert not await other.wait(0.01)


async def test_a_ring_between_two_waits_is_kept_and_heard_once() -> None:
    channel = WebChannel()
    with channel.listen(HERE) as bell:
        channel.ring(HERE)
        channel.ring(HERE)
        await asyncio.sleep(0.01)
        assert await bell.wait(0.01)
        assert not await bell.wait(0.01)


async def test_a_page_that_closed_leaves_nothing_behind() -> None:
    channel = WebChannel()
    with channel.listen(HERE), channel.listen(HERE):
        pass
    assert channel._bells == {}
    channel.send(outgoing(HERE), no_file)


def test_a_bell_of_a_loop_that_has_ended_rings_into_the_void() -> None:
    channel = WebChannel()
    kept = []

    async def listen() -> None:
        context = channel.listen(HERE)
        context.__enter__()
        kept.append(context)

    thread = threading.Thread(target=lambda: asyncio.run(listen()))
    thread.start()
    thread.join()
    channel.send(outgoing(HERE), no_file)
    assert len(kept) == 1


async def test_a_farewell_counts_as_sent_only_when_a_page_has_fetched_it() -> None:
    channel = WebChannel()
    farewell = outgoing(HERE, is_farewell=True)
    with channel.listen(HERE) as bell:
        assert isinstance(channel.send(farewell, no_file), Retry)
        assert await bell.wait(1)
        channel.fetched(PersonId("p"))
        assert channel.send(farewell, no_file) == Sent()
        assert isinstance(channel.send(farewell, no_file), Retry)
