"""The contract of every channel: what it renders is pure, whole, within its limits, and all that leaves the house."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from bot.channels.shaping import length
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.terminal import TerminalChannel
from bot.channels.web import WebChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.core.delivery import Outgoing, Sent, WireRequest
from bot.core.messages import Choice, OutboundFile, OutboundMessage
from bot.core.ports import Address
from tests.channels.whatsapp.goldens import say

TOKEN = "123456:never-on-the-wire"
LETTER = OutboundFile("letter", "lettre.pdf", "application/pdf", {"secret": "facts"})
WORDS = " ".join(f"mot{n}" for n in range(3000))


def nothing(*_args, **_more):
    pytest.fail("rendering needs nobody")


@pytest.fixture(params=["telegram", "whatsapp", "web", "terminal"])
def channel(request):
    if request.param == "telegram":
        url = "http://127.0.0.1:9"
        made = TelegramChannel(TelegramSettings(TOKEN, "s", "/telegram/x", f"{url}/bot", f"{url}/file/bot", None, {}))
    elif request.param == "whatsapp":
        settings = WhatsAppSettings(TOKEN, ("app",), "verify", ("106540352242922",), "https://127.0.0.1:9")
        made = WhatsAppChannel(settings, say, lambda: datetime(2026, 11, 23, tzinfo=UTC), httpx.MockTransport(nothing))
    else:
        made = {"web": WebChannel, "terminal": TerminalChannel}[request.param]()
    yield made
    getattr(made, "close", lambda: None)()


def going(channel, text, titles=(), files=(), **more):
    address = Address(channel.name, {"telegram": "7", "whatsapp": "phone:33600000001"}.get(channel.name, "a"))
    choices = tuple(Choice(f"id:{n}", title) for n, title in enumerate(titles))
    tokens = tuple(f"r:token{n:02}" for n in range(len(titles)))
    return Outgoing(1, "out:1", address, OutboundMessage(text, "fr", None, choices, files), tokens, **more)


MESSAGES = [
    {"text": "Bonjour."},
    {"text": WORDS},
    {"text": "Choisissez.", "titles": ("Oui", "Non")},
    {"text": WORDS, "titles": [f"Choix {n}" for n in range(9)]},
    {"text": "Votre lettre.", "files": (LETTER,)},
    {"text": WORDS, "titles": ("Oui",), "files": (LETTER, LETTER)},
    {"text": "", "files": (LETTER,)},
]


@pytest.mark.parametrize("told", MESSAGES, ids=range(len(MESSAGES)))
def test_what_is_rendered_is_pure_whole_and_within_the_limits(channel, told):
    outgoing = going(channel, **told)
    requests = channel.render(outgoing)
    assert channel.render(outgoing) == requests
    assert bool(requests) is channel.capabilities.pushes
    if not requests:
        return
    wire = json.dumps([dict(request.body) for request in requests], ensure_ascii=False)
    assert all(isinstance(request, WireRequest) for request in requests)
    assert TOKEN not in wire
    assert "secret" not in wire
    assert "id:0" not in wire
    heard = [word.strip('",.\\n ') for word in wire.replace("\\n", " ").replace('"', " ").split()]
    assert [word for word in heard if word.startswith("mot")] == [
        w for w in told["text"].split() if w.startswith("mot")
    ]
    assert all(wire.count(f'"{token}"') == 1 for token in outgoing.choice_tokens)
    assert [request.file_index for request in requests if request.file_index is not None] == [
        *range(len(told.get("files", ())))
    ]
    texts = [piece for request in requests for piece in _strings(request.body)]
    assert max(length(piece, channel.capabilities.text_unit) for piece in texts) <= channel.capabilities.text_max


def test_parts_that_arrived_are_rendered_as_before_for_their_numbers_must_hold(channel):
    requests = channel.render(going(channel, WORDS, ("Oui",)))
    assert channel.render(going(channel, WORDS, ("Oui",), skip=1, attempts=2)) == requests


@pytest.mark.parametrize("made", [WebChannel, TerminalChannel])
def test_channel_whose_persons_fetch_draws_no_file(made):
    assert made().send(going(made(), "Bonjour.", files=(LETTER,)), nothing) == Sent()


def _strings(body):
    if isinstance(body, str):
        return [body]
    if isinstance(body, dict):
        return [text for part in body.values() for text in _strings(part)]
    return [text for part in body for text in _strings(part)] if isinstance(body, list | tuple) else []
