"""Every answer carries the protecting headers, and no failure tells what a person said."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.gateway.app import create_app, refuse
from bot.gateway.headers import HEADERS
from bot.gateway.health import Health, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from .conftest import House

pytestmark = pytest.mark.anyio

ANSWERS = (
    ("GET", "/", 200),
    ("GET", "/static/chat.css", 200),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/static/../app.py", 404),
    ("GET", "/nothing", 404),
    ("PUT", "/web/session", 405),
    ("POST", "/web/session", 200),
    ("GET", "/web/events", 401),
    ("POST", "/web/messages", 401),
    ("GET", "/web/texts/fr", 200),
    ("GET", "/health/live", 200),
    ("GET", "/health/ready", 200),
)


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_carries_the_headers(house: House, method: str, path: str, status: int) -> None:
    assert len(ANSWERS) == 12
    async with house.browser() as browser:
        answer = await browser.client.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert "strict-transport-security" not in answer.headers
    if status in {401, 404, 405}:
        assert set(answer.json()) == {"error"}


def test_the_policy_lets_in_nothing_but_our_own_files_and_no_frame() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "http" not in policy


async def test_a_mounted_part_may_set_a_header_itself(house: House) -> None:
    async def page(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Referrer-Policy": "same-origin"})

    house.app = create_app(house.web, Health({}), [Route("/console", page)])
    async with house.browser() as browser:
        answer = await browser.client.get("/console")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_a_failure_nobody_foresaw_is_500_and_only_its_class_is_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.desk.failure = ZeroDivisionError("les mots de la personne")
    async with house.browser() as browser:
        await browser.enter()
        answer = await browser.send("secret")
    assert (answer.status_code, answer.json()) == (500, {"error": "internal"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "ZeroDivisionError" in caplog.text
    assert "les mots" not in caplog.text
    assert "secret" not in caplog.text


async def test_a_browser_that_goes_away_while_it_sends_is_no_failure(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.browser() as browser:
        await browser.enter()
        cookie = browser.cookie.encode()
    scope = {
        "type": "http", "method": "POST", "path": "/web/messages", "raw_path": b"/web/messages", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("guichet.test", 80), "client": None,
        "headers": [(b"cookie", cookie), (b"content-type", b"multipart/form-data; boundary=x")],
    }  # fmt: skip
    sent = []

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    await house.app(scope, receive, send)
    assert sent == []
    assert caplog.text == ""


async def test_the_lifespan_of_the_application_is_left_alone(house: House) -> None:
    sent = []
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> dict[str, str]:
        return next(messages)

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    await house.app({"type": "lifespan", "state": {}}, receive, send)  # type: ignore[arg-type]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_only_refusals_are_turned_into_refusals() -> None:
    with pytest.raises(TypeError, match="ValueError"):
        await refuse(None, ValueError("secret"))  # type: ignore[arg-type]


async def test_a_server_is_ready_when_all_its_parts_are(build: Callable[..., House]) -> None:
    states = {"storage": State.OK, "model": State.STARTING}
    health = Health({"storage": lambda: states["storage"], "model": lambda: states["model"]})
    async with build(health=health).browser() as browser:
        answer = await browser.client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"status": "not_ready", "components": {"storage": "ok", "model": "starting"}}
        assert (await browser.client.get("/health/live")).json() == {"status": "live"}
        states["model"] = State.DEGRADED
        answer = await browser.client.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_a_part_that_fails_or_hangs_is_down(
    build: Callable[..., House], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> State:
        raise OSError("/secret/path")

    def hanging() -> State:
        time.sleep(0.3)
        return State.OK

    async with build(health=Health({"a": broken, "b": hanging}, seconds=0.05)).browser() as browser:
        answer = await browser.client.get("/health/ready")
    assert (answer.status_code, answer.json()["components"]) == (503, {"a": "down", "b": "down"})
    assert "secret" not in caplog.text
