"""The cookie of the web chat: ours alone to make, kept as long as the conversation, gone on demand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.gateway.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from .conftest import House

pytestmark = pytest.mark.anyio


async def test_a_browser_gets_a_cookie_that_scripts_and_other_sites_cannot_use(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.client.post("/web/session")
    assert answer.json() == {"ok": True, "started": False}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("guichet=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


async def test_the_cookie_is_secure_and_bound_to_the_host_when_the_public_address_is_https(
    build: Callable[..., House],
) -> None:
    async with build(public="https://guichet.example").browser() as browser:
        answer = await browser.client.post("/web/session")
    assert answer.headers["set-cookie"].startswith("__Host-guichet=")
    assert answer.headers["set-cookie"].endswith("; Secure")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_valid_cookie_is_kept(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        first = browser.cookie
        again = await browser.client.post("/web/session")
        assert "set-cookie" not in again.headers
        assert browser.cookie == first


async def test_a_page_that_comes_back_after_the_first_message_hears_that_the_conversation_has_started(
    house: House,
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        await browser.send("bonjour")
        assert (await browser.client.post("/web/session")).json() == {"ok": True, "started": True}


async def test_a_cookie_older_than_a_day_is_renewed_for_the_same_session(
    house: House, days: Callable[[float], timedelta]
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        first = browser.client.cookies["guichet"]
        house.clock.time += days(2)
        await browser.enter()
        second = browser.client.cookies["guichet"]
    assert second != first
    assert second.split(".")[0] == first.split(".")[0]


async def test_a_cookie_older_than_the_conversation_is_worth_nothing(
    house: House, days: Callable[[float], timedelta]
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        first = browser.client.cookies["guichet"]
        house.clock.time += days(31)
        assert (await browser.send("bonjour")).status_code == 401
        await browser.enter()
        assert browser.client.cookies["guichet"].split(".")[0] != first.split(".")[0]


FORGED = (
    "x",
    "aaaaaaaaaaaaaaaaaaaaaaaa.6b04b0d9." + "A" * 43,
    "aaaaaaaaaaaaaaaaaaaaaaaa.fffffffffff." + "A" * 43,
    "..",
    "é" * 30,
    "a" * 4000,
)


@pytest.mark.parametrize("token", FORGED)
async def test_a_forged_cookie_is_refused_everywhere_and_taken_away(house: House, token: str) -> None:
    assert len(FORGED) == 6
    async with house.browser() as browser:
        headers = {"cookie": f"guichet={token}".encode("latin-1").decode("latin-1")}
        if not token.isascii():
            headers = {"cookie": "guichet=%C3%A9.1." + "A" * 43}
        for method, path in (("GET", "/web/events"), ("POST", "/web/messages"), ("GET", "/web/files/1/0")):
            answer = await browser.client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()) == (403, {"error": "forged_session"})
        answer = await browser.client.post("/web/session", headers=headers)
        assert answer.status_code == 403
        assert "Max-Age=0" in answer.headers["set-cookie"]
    assert house.desk.arrivals == []


async def test_one_changed_letter_of_the_id_breaks_the_signature(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        token = browser.client.cookies["guichet"]
        forged = ("b" if token[0] != "b" else "c") + token[1:]
        answer = await browser.client.get("/", headers={"cookie": f"guichet={forged}"})
        assert answer.status_code == 200
        answer = await browser.client.get("/web/events", headers={"cookie": f"guichet={forged}"})
        assert answer.status_code == 403


async def test_without_a_cookie_nothing_is_shown_or_taken(house: House) -> None:
    async with house.browser() as browser:
        for method, path in (("GET", "/web/events"), ("POST", "/web/messages"), ("GET", "/web/files/1/0")):
            answer = await browser.client.request(method, path)
            assert (answer.status_code, answer.json()) == (401, {"error": "no_session"})


async def test_leaving_takes_the_cookie_away_with_any_cookie(house: House) -> None:
    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.client.post("/web/leave")
        assert answer.json() == {"ok": True}
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert "guichet" not in browser.client.cookies
        assert (await browser.client.post("/web/leave")).status_code == 200
        assert (await browser.client.post("/web/leave", headers={"cookie": "guichet=forged"})).status_code == 200


async def test_the_id_in_the_cookie_is_never_the_clients_choice(house: House) -> None:
    async with house.browser() as one, house.browser() as other:
        await one.enter()
        await other.enter()
        await one.send("un")
        await other.send("deux")
    first, second = (arrival.address for arrival in house.desk.arrivals)
    assert first.channel == second.channel == "web"
    assert first.identity != second.identity
    assert len(first.identity) == 24


def test_a_short_key_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="shorter than 32 bytes"):
        Sessions(b"short", is_secure=False)


def test_a_session_starts_when_it_is_made() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    session = Sessions(b"k" * 32, is_secure=False, new_id=lambda: "fixed").create(now)
    assert (session.id, session.issued_at) == ("fixed", now)


async def test_one_address_may_not_open_session_after_session(build: Callable[..., House]) -> None:
    house = build(sessions_burst=2)
    far = httpx.ASGITransport(house.app, client=("192.0.2.1", 5))
    async with httpx.AsyncClient(transport=far, base_url="http://guichet.test") as client:
        codes = []
        for _ in range(3):
            client.cookies.clear()
            codes.append((await client.post("/web/session")).status_code)
    assert codes == [200, 200, 429]
    async with house.browser() as browser:
        for _ in range(5):
            browser.client.cookies.clear()
            await browser.enter()
