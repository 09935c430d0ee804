"""The channel speaks with a Telegram that somebody else wrote: telemelya, behind the relay that adds the secret."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from bot.core.delivery import Outgoing, Retry, Sent, UnknownOutcome
from bot.core.errors import UnauthorizedError
from bot.core.events import Inbound
from bot.core.messages import Choice, InboundKind, OutboundMessage
from tests.peers.faults import DROP
from tests.peers.relay import Relay
from tests.peers.serving import Served
from tests.peers.telegram.errors import too_many
from tests.peers.telemelya_peer import TOKEN, Telemelya

pytestmark = pytest.mark.process
SECRET = "s3cret_of-tests"
PATH = "/telegram/nobody-guesses"
CHOICES = (Choice("yes", "نعم"), Choice("no", "لا"))


@pytest.fixture(scope="module")
def telemelya():
    with Telemelya() as made:
        yield made


@pytest.fixture
def relay(telemelya):
    with Relay(telemelya.url) as made:
        yield made


class House:
    """Answers each message with a question, keeps what came and how each answer ended."""

    def __init__(self):
        self.channel = None
        self.events, self.results, self.files, self.refused = [], [], [], 0

    async def take(self, request):
        raw = await request.body()
        try:
            self.channel.authenticate(request.headers, raw)
        except UnauthorizedError:
            self.refused += 1
            return Response(status_code=403)
        for event in self.channel.parse(raw, datetime.now(UTC)):
            self.events.append(event)
            await run_in_threadpool(self.answer, event)
        return Response()

    def answer(self, event):
        self.channel.acknowledge(event)
        self.files += [self.channel.fetch(ref, 1_000_000) for ref in event.media]
        message = OutboundMessage("هل لديك موعد؟", "ar", choices=CHOICES)
        to = Outgoing(len(self.events), f"o{len(self.events)}", event.addresses[0], message, ("r:0", "r:1"))
        self.results.append(self.channel.send(to, lambda _file: b""))


@pytest.fixture
def house(relay):
    made = House()
    served = Served(Starlette(routes=[Route(PATH, made.take, methods=["POST"])])).start()
    made.channel = TelegramChannel(
        TelegramSettings(
            token=TOKEN,
            secret=SECRET,
            path=PATH,
            api_url=f"{relay.url}/bot",
            file_url=f"{relay.url}/file/bot",
            public_url=served.url,
        ),
    )
    made.channel.setup()
    yield made
    made.channel.close()
    served.stop()


def test_words_a_tap_and_a_picture_go_round(telemelya, house):
    user = telemelya.user()
    user.say("أين المحافظة؟")
    [asked] = user.wait()
    rows = asked["reply_markup"]["inline_keyboard"]
    assert [button["callback_data"] for row in rows for button in row] == ["r:0", "r:1"]
    user.click("r:1", asked["message_id"])
    user.photo(b"\xff\xd8\xff picture")
    user.wait(3)
    said, tapped, pictured = house.events
    assert all(isinstance(event, Inbound) for event in house.events)
    assert (said.message.kind, said.message.text) == (InboundKind.TEXT, "أين المحافظة؟")
    assert (tapped.message.kind, tapped.message.choice) == (InboundKind.CHOICE, "r:1")
    assert pictured.message.kind is InboundKind.MEDIA
    assert house.files == [b"\xff\xd8\xff picture"]
    assert len(user.answers("answerCallbackQuery")) == 1
    assert len(user.answers("sendChatAction")) == 3
    assert all(isinstance(result, Sent) for result in house.results)


def test_delivery_without_the_secret_is_refused(telemelya, relay, house):
    relay.secret = "another"
    assert telemelya.user().say("Bonjour")["delivery"]["status_code"] == 403
    assert (house.refused, house.events) == (1, [])


def test_same_delivery_has_the_same_id_in_whatever_order(telemelya, relay, house):
    relay.holding = True
    user = telemelya.user()
    for text in ("un", "deux"):
        user.say(text)
    relay.times = 2
    relay.held *= 2
    assert relay.release(reverse=True) == [200] * 4
    assert len({event.external_id for event in house.events}) == 2
    assert [event.message.text for event in sorted(house.events, key=lambda event: event.rank)][::2] == ["un", "deux"]


@pytest.mark.parametrize(
    ("fault", "expected", "arrived"),
    [(too_many(7), Retry, 0), (DROP, UnknownOutcome, 0), (DROP.after_the_work(), UnknownOutcome, 1)],
)
def test_what_became_of_an_answer_is_known_or_said_to_be_unknown(telemelya, relay, house, fault, expected, arrived):
    relay.faults.next(fault, call="sendMessage")
    user = telemelya.user()
    user.say("Bonjour")
    assert [type(result) for result in house.results] == [expected]
    assert len(user.answers("sendMessage")) == arrived
