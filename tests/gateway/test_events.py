"""The conversation reaches every open page, once, in order, whatever the network does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import StorageError
from bot.core.messages import Choice
from bot.gateway.stream import Rhythm, last_event_id
from bot.gateway.webdesk import WebFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import House

pytestmark = pytest.mark.anyio

QUICK = Rhythm(ping=0.1, look=0.02, patience=0.2)


async def test_a_stream_says_what_it_is_and_asks_proxies_not_to_hold_it_back(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        async with browser.stream() as stream:
            assert stream.status == 200
            assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert stream.headers["x-accel-buffering"] == "no"
            assert stream.headers["cache-control"] == "no-store, no-transform"
            assert stream.headers["x-content-type-options"] == "nosniff"
            assert await stream.block() == "retry: 2000"


async def test_an_event_carries_everything_the_page_shows(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        house.desk.say(
            browser.person,
            "ligne 1\n• ligne 2",
            language="ar",
            asks="consent",
            choices=(Choice("consent:yes", "نعم"),),
            files=(WebFile("Lettre.pdf", "application/pdf"),),
        )
        async with browser.stream() as stream:
            own, answer = await stream.event(), await stream.event()
    assert own["id"] == "1"
    assert own["data"] == {
        "seq": 1, "from": "person", "at": "2026-11-23T09:00:00+00:00", "text": "bonjour", "language": "fr", "dir": "ltr",
        "asks": None, "choices": [], "files": [], "pictures": 0,
        "client_msg_id": house.desk.arrivals[0].external_id,
    }  # fmt: skip
    assert answer["id"] == "2"
    assert answer["data"] == {
        "seq": 2, "from": "bot", "at": "2026-11-23T09:00:00+00:00", "text": "ligne 1\n• ligne 2", "language": "ar",
        "dir": "rtl", "asks": "consent", "choices": [{"id": "consent:yes", "title": "نعم"}],
        "files": [{"name": "Lettre.pdf", "type": "application/pdf", "url": "/web/files/2/0"}],
    }  # fmt: skip


async def test_pictures_are_counted_and_never_sent_back(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("", pictures=[b"one", b"two"])
        async with browser.stream() as stream:
            event = await stream.event()
    assert event["data"]["pictures"] == 2
    assert event["data"]["files"] == []


async def test_a_reload_shows_the_whole_conversation(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("un")
        house.desk.say(browser.person, "deux")
        await browser.send("trois")
        for _ in range(2):
            async with browser.stream() as stream:
                assert await stream.texts(3) == ["un", "deux", "trois"]
                assert await stream.is_quiet()


async def test_an_answer_appears_at_once_when_the_channel_rings_from_another_thread(
    house: House, later: Callable[[float, Callable[[], object]], None]
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        async with browser.stream() as stream:
            await browser.send("bonjour")
            assert await stream.texts(1) == ["bonjour"]
            later(0.05, lambda: house.desk.say(browser.person, "réponse"))
            started = asyncio.get_running_loop().time()
            assert await stream.texts(1) == ["réponse"]
            assert asyncio.get_running_loop().time() - started < 0.8


async def test_an_answer_of_another_process_appears_without_a_ring(build: Callable[..., House]) -> None:
    house = build(rhythm=Rhythm(ping=30, look=0.02, patience=30))
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        async with browser.stream() as stream:
            assert await stream.texts(1) == ["bonjour"]
            house.desk.say(browser.person, "réponse", ring=False)
            assert await stream.texts(1) == ["réponse"]


@pytest.mark.parametrize("how", ["header", "query"])
async def test_a_page_that_connects_again_gets_what_it_missed_and_nothing_twice(house: House, how: str) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("un")
        async with browser.stream() as stream:
            seen = (await stream.event())["id"]
        house.desk.say(browser.person, "deux")
        house.desk.say(browser.person, "trois")
        path = "/web/events" if how == "header" else f"/web/events?after={seen}"
        headers = {"last_event_id": seen} if how == "header" else {}
        async with browser.stream(path, **headers) as stream:
            assert await stream.texts(2) == ["deux", "trois"]
            assert await stream.is_quiet()
        async with browser.stream(path, last_event_id="3") as stream:
            assert await stream.is_quiet()
            house.desk.say(browser.person, "quatre")
            assert await stream.texts(1) == ["quatre"]


ODD = ("-1", "x", "", "9" * 40, "1.5", "٣", "0x1", " 1")


def test_a_number_that_is_not_ours_replays_everything() -> None:
    assert len(ODD) == 8
    assert {last_event_id(raw) for raw in ODD} == {0}
    assert last_event_id(None) == 0
    assert last_event_id("12") == 12


async def test_nothing_is_lost_when_messages_come_while_the_history_is_read(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("0")

        async def write() -> None:
            for number in range(1, 41):
                await asyncio.to_thread(house.desk.say, browser.person, str(number))

        async with browser.stream() as stream:
            writing = asyncio.create_task(write())
            assert await stream.texts(41) == [str(number) for number in range(41)]
            await writing


async def test_two_tabs_show_the_same(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        async with browser.stream() as one, browser.stream() as two:
            await browser.send("un")
            house.desk.say(browser.person, "deux")
            assert await one.texts(2) == await two.texts(2) == ["un", "deux"]


async def test_nobody_sees_the_conversation_of_another(house: House) -> None:
    async with house.browser() as browser, house.browser() as stranger:
        await browser.enter()
        await stranger.enter()
        await browser.send("secret")
        async with stranger.stream() as stream:
            assert await stream.is_quiet()
        house.desk.letters[browser.person, 1, 0] = ("a", "application/pdf", b"%PDF")
        assert (await browser.client.get("/web/files/1/0")).status_code == 200
        assert (await stranger.client.get("/web/files/1/0")).status_code == 404


async def test_a_silent_stream_pings(build: Callable[..., House]) -> None:
    assert Rhythm().ping == 15.0
    async with build(rhythm=QUICK).browser() as browser:
        await browser.enter()
        async with browser.stream() as stream:
            started = asyncio.get_running_loop().time()
            assert [await stream.block() for _ in range(4)] == ["retry: 2000", ": ping", ": ping", ": ping"]
            assert asyncio.get_running_loop().time() - started >= 0.25


async def test_many_rings_without_news_do_not_keep_the_ping_back(build: Callable[..., House]) -> None:
    house = build(rhythm=QUICK)
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        address = house.desk.arrivals[0].address
        async with browser.stream() as stream:
            assert await stream.texts(1) == ["bonjour"]

            async def ring() -> None:
                for _ in range(60):
                    house.desk.ring(address)
                    await asyncio.sleep(0.005)

            ringing = asyncio.create_task(ring())
            assert await stream.block() == ": ping"
            await ringing


async def test_the_fourth_tab_takes_the_place_of_the_first(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        async with browser.stream() as first, browser.stream() as second, browser.stream() as third:
            assert await first.texts(1) == ["bonjour"]
            async with browser.stream() as fourth:
                assert (await first.event())["event"] == "moved"
                assert await first.block() is None
                for stream in (second, third, fourth):
                    assert await stream.texts(1) == ["bonjour"]
                    assert await stream.is_quiet()
        assert house.web._seats.sessions() == ()


async def test_a_closed_page_gives_its_place_back(build: Callable[..., House]) -> None:
    house = build(streams=2, streams_per_session=1)
    async with house.browser() as one, house.browser() as two, house.browser() as three:
        for browser in (one, two, three):
            await browser.enter()
        async with one.stream(), two.stream():
            answer = await three.client.get("/web/events")
            assert (answer.status_code, answer.json()) == (503, {"error": "busy"})
            assert answer.headers["retry-after"] == "30"
            async with one.stream() as again:
                assert again.status == 200
        async with three.stream() as stream:
            assert stream.status == 200


async def test_a_page_that_connects_over_and_over_is_slowed(build: Callable[..., House]) -> None:
    async with build(streams_burst=3).browser() as browser:
        await browser.enter()
        for _ in range(3):
            async with browser.stream():
                pass
        assert (await browser.client.get("/web/events")).status_code == 429


async def test_a_stream_is_not_opened_by_a_question_for_its_head(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        assert (await browser.client.head("/web/events")).status_code == 405


async def test_an_erased_conversation_is_announced_and_a_new_one_follows_on_the_same_page(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("EFFACER")
        async with browser.stream() as stream:
            assert await stream.texts(1) == ["EFFACER"]
            house.desk.erase(browser.person)
            assert (await stream.event())["event"] == "erased"
            assert await stream.is_quiet()
            await browser.send("bonjour")
            assert await stream.texts(1) == ["bonjour"]


async def test_an_erasure_is_seen_even_when_the_person_comes_back_before_the_stream_looked(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("EFFACER")
        async with browser.stream() as stream:
            assert await stream.texts(1) == ["EFFACER"]
            address = house.desk.arrivals[0].address
            house.desk.persons[address] = new = type(browser.person)("somebody-new")
            house.desk.events[new] = []
            house.desk.say(new, "bonjour")
            assert (await stream.event())["event"] == "erased"
            assert await stream.texts(1) == ["bonjour"]


async def test_a_page_whose_person_became_one_with_another_shows_the_whole_and_says_nothing_of_erasing(
    house: House,
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("link K7QM-2XPA")
        await browser.send("oui")
        async with browser.stream() as stream:
            assert await stream.texts(2) == ["link K7QM-2XPA", "oui"]
            address = house.desk.arrivals[0].address
            kept, mine = type(browser.person)("the-other"), house.desk.events.pop(browser.person)
            house.desk.persons[address] = kept
            house.desk.events[kept] = mine
            house.desk.say(kept, "c'est fait")
            assert (await stream.event())["event"] == "reset"
            assert await stream.texts(3) == ["link K7QM-2XPA", "oui", "c'est fait"]


async def test_a_destroyed_key_counts_as_erased_once(build: Callable[..., House]) -> None:
    house = build(rhythm=QUICK)
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        async with browser.stream() as stream:
            assert await stream.texts(1) == ["bonjour"]
            house.desk.events.clear()
            house.desk.ring(house.desk.arrivals[0].address)
            assert (await stream.event())["event"] == "erased"
            assert await stream.is_quiet(0.3)


async def test_a_page_that_slept_through_the_erasure_is_told_when_it_comes_back(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        async with browser.stream(last_event_id="7") as stream:
            assert (await stream.event())["event"] == "erased"


async def test_a_page_that_shows_another_conversation_starts_over(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        async with browser.stream(last_event_id="700") as stream:
            assert (await stream.event())["event"] == "reset"
            assert await stream.texts(1) == ["bonjour"]


async def test_leaving_ends_the_streams_of_all_tabs(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        async with browser.stream() as one, browser.stream() as two:
            await browser.client.post("/web/leave")
            for stream in (one, two):
                assert (await stream.event())["event"] == "left"
                assert await stream.block() is None


async def test_a_server_that_stops_ends_all_streams_without_a_word(house: House) -> None:
    async with house.browser() as one, house.browser() as two:
        await one.enter()
        await two.enter()
        async with one.stream() as first, two.stream() as second:
            house.web.end_streams()
            for stream in (first, second):
                assert await stream.block() == "retry: 2000"
                assert await stream.block() is None


async def test_a_stream_that_cannot_read_says_only_the_class_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        house.desk.failure = StorageError("secret words")
        async with browser.stream() as stream:
            assert await stream.block() == "retry: 2000"
            assert await stream.block() is None
    assert "StorageError" in caplog.text
    assert "secret" not in caplog.text
