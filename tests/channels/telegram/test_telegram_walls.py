"""What keeps strangers out, and what a refusal of Telegram may say of itself: each wall fails here when it is taken away."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from telegram.error import BadRequest, TimedOut

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.results import MOST_SPOKEN, spoken
from bot.channels.telegram.settings import TelegramSettings
from bot.core.errors import MediaGoneError, MediaUnavailableError, SetupError, UnauthorizedError
from bot.core.events import MediaRef
from tests.peers.faults import Fault
from tests.peers.serving import Served
from tests.peers.telegram.errors import bad_request, refusal

REF = MediaRef("f", "document")
PORTS = "bad webhook: webhook can be set up only on ports 80, 88, 443 or 8443"


@dataclass
class Stranger:
    """Another host; notes who comes."""

    served: Served
    asked: list[str]


@pytest.fixture
def stranger():
    asked = []

    def answer(request):
        asked.append(request.url.path)
        return Response(b"what a stranger keeps")

    made = Stranger(Served(Starlette(routes=[Route("/{path:path}", answer)])).start(), asked)
    yield made
    made.served.stop()


def file_at(path):
    """An answer of getFile with this path."""
    return Fault("file", 200, {"ok": True, "result": {"file_id": "f", "file_unique_id": "u", "file_path": path}})


def test_file_that_is_said_to_lie_elsewhere_is_not_fetched(channel, telegram, stranger):
    telegram.faults.next(file_at(f"{stranger.served.url}/file/bot1/x"), call="getFile")
    with pytest.raises((MediaGoneError, MediaUnavailableError)):
        channel.fetch(REF, 1000)
    assert stranger.asked == []


def test_file_of_this_machine_is_no_address_and_is_given_up_at_once(channel, telegram, tmp_path):
    # The library leaves the path of a file that exists here as it is: an API server on the same machine tells such.
    ours = tmp_path / "ours"
    ours.write_bytes(b"ours")
    telegram.faults.next(file_at(str(ours)), call="getFile")
    with pytest.raises(MediaGoneError, match="stranger"):
        channel.fetch(REF, 1000)


def test_file_that_is_redirected_elsewhere_is_not_fetched(telegram, stranger):
    host = Served(
        Starlette(
            routes=[Route("/file/{path:path}", lambda _request: RedirectResponse(f"{stranger.served.url}/x", 302))]
        )
    ).start()
    files = f"{host.url}/file/bot"
    channel = TelegramChannel(TelegramSettings(telegram.token, "s", "/telegram/x", telegram.base_url, files))
    telegram.faults.next(file_at("documents/x"), call="getFile")
    try:
        with pytest.raises(MediaUnavailableError, match="302"):
            channel.fetch(REF, 1000)
    finally:
        channel.close()
        host.stop()
    assert stranger.asked == []


@pytest.mark.parametrize("headers", [{}, {"x-telegram-bot-api-secret-token": ""}])
def test_channel_without_a_secret_lets_nobody_in(headers):
    channel = TelegramChannel(
        TelegramSettings("1:x", "", "/telegram/x", "http://127.0.0.1:1/bot", "http://127.0.0.1:1/")
    )
    try:
        with pytest.raises(UnauthorizedError):
            channel.authenticate(headers, b"{}")
    finally:
        channel.close()


def test_address_that_is_refused_is_told_in_telegrams_words(open_channel, telegram):
    channel = open_channel(public_url="http://127.0.0.1:9")
    telegram.faults.next(refusal(bad_request(PORTS)), call="setWebhook")
    with pytest.raises(SetupError, match="only on ports 80, 88, 443 or 8443"):
        channel.setup()


def test_words_that_hold_a_secret_or_speak_of_no_refusal_stay_inside():
    assert spoken(BadRequest("bad webhook"), ["", "s3cret"]).casefold() == "badrequest: bad webhook"
    assert spoken(BadRequest("no host for https://a.example/s3cret"), ["s3cret"]) == "BadRequest"
    assert spoken(BadRequest("two\nlines"), []) == "BadRequest"
    assert spoken(TimedOut("s"), []) == "TimedOut"
    assert len(spoken(BadRequest("x" * 500), [])) == len("BadRequest: ") + MOST_SPOKEN


def test_error_of_the_line_is_told_by_its_name(open_channel, telegram):
    channel = open_channel(public_url="http://127.0.0.1:9")
    telegram.served.stop()
    with pytest.raises(SetupError, match=r"\(NetworkError\)"):
        channel.setup()
