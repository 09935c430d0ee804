"""The web chat as a channel: sending is ringing, and no ring is lost."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.channels.web import WebChannel
from bot.core.errors import ChannelUnavailableError
from bot.core.ids import PersonId
from bot.core.messages import OutboundMessage
from bot.core.ports import Address, Queued

pytestmark = pytest.mark.anyio

HERE, THERE = Address("web", "here"), Address("web", "there")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def queued(address: Address) -> Queued:
    return Queued(1, PersonId("p"), address, OutboundMessage("x", "fr"), 1)


async def test_sending_wakes_the_pages_of_that_person_and_no_others() -> None:
    channel = WebChannel()
    assert channel.name == "web"
    with channel.listen(HERE) as one, channel.listen(HERE) as two, channel.listen(THERE) as other:
        await asyncio.to_thread(channel.send, queued(HERE))
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
    channel.send(queued(HERE))


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
    channel.send(queued(HERE))
    assert len(kept) == 1


async def test_a_farewell_counts_as_sent_only_when_a_page_has_fetched_it() -> None:
    channel = WebChannel()
    farewell = Queued(2, PersonId("p"), HERE, OutboundMessage("adieu", "fr", is_farewell=True), 1)
    with channel.listen(HERE) as bell:
        with pytest.raises(ChannelUnavailableError):
            channel.send(farewell)
        assert await bell.wait(1)
        channel.fetched(PersonId("p"))
        channel.send(farewell)
        with pytest.raises(ChannelUnavailableError):
            channel.send(farewell)
