"""A small bot of python-telegram-bot talks with telemelya, through the relay that adds secrets and faults."""

import asyncio
import json
import warnings

import httpx
import pytest
import telegram as ptb
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.peers.faults import CUT, DROP
from tests.peers.relay import Relay
from tests.peers.serving import Served
from tests.peers.telegram.errors import named_fault, too_many
from tests.peers.telemelya_peer import TOKEN, Telemelya

pytestmark = pytest.mark.process
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # telegram.ext looks for an apscheduler, and the old one here for pkg_resources
    from telegram.ext import ExtBot

SECRET = "s3cret_-"
SECRET_HEADER = "x-telegram-bot-api-secret-token"


@pytest.fixture(scope="module")
def telemelya():
    with Telemelya() as made:
        yield made


@pytest.fixture
def relay(telemelya):
    with Relay(telemelya.url) as made:
        yield made


def bot_at(url):
    return ExtBot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")


class SmallBot:
    """Echoes words, offers a choice at /start, says how large a picture is. No inbox: each delivery is answered."""

    def __init__(self, url):
        self.url = url
        self.secrets = []
        self.ids = []
        self.pictures = []
        self.failures = []

    async def take(self, request):
        self.secrets.append(request.headers.get(SECRET_HEADER))
        async with bot_at(self.url) as bot:
            update = ptb.Update.de_json(await request.json(), bot)
            self.ids.append(update.update_id)
            try:
                await self.answer(bot, update)
            except ptb.error.TelegramError as error:
                self.failures.append(type(error).__name__)
        return Response()

    async def answer(self, bot, update):
        if update.callback_query:
            await update.callback_query.answer("Merci")
            chat_id, message_id = update.effective_chat.id, update.callback_query.message.message_id
            await bot.edit_message_text(f"Choisi : {update.callback_query.data}", chat_id, message_id)
        elif update.message.photo:
            file = await bot.get_file(update.message.photo[-1].file_id)
            self.pictures.append(bytes(await file.download_as_bytearray()))
            await bot.send_message(update.effective_chat.id, f"{len(self.pictures[-1])} octets")
        elif update.message.text == "/start":
            markup = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("نعم", callback_data="r:1")]])
            await bot.send_message(update.effective_chat.id, "هل لديك موعد؟", reply_markup=markup)
        else:
            await bot.send_message(update.effective_chat.id, update.message.text)


@pytest.fixture
def bot(relay, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else each duration it reads warns that it will be one
    made = SmallBot(relay.url)
    served = Served(Starlette(routes=[Route("/telegram", made.take, methods=["POST"])])).start()

    async def register():
        async with bot_at(relay.url) as client:
            await client.set_webhook(f"{served.url}/telegram", secret_token=SECRET)

    asyncio.run(register())
    yield made
    served.stop()


def test_words_go_round_with_the_secret(telemelya, bot):
    user = telemelya.user()
    assert user.say("أين المحافظة؟ 🙏")["delivery"]["status_code"] == 200
    [answer] = user.wait()
    assert answer["text"] == "أين المحافظة؟ 🙏"
    assert bot.secrets == [SECRET]


def test_choice_is_offered_taken_answered_and_edited(telemelya, bot):
    user = telemelya.user()
    user.say("/start")
    [offer] = user.wait()
    assert offer["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "r:1"
    user.click("r:1", offer["message_id"])
    [edited] = user.wait(method="editMessageText")
    assert edited["text"] == "Choisi : r:1"
    assert len(user.answers("answerCallbackQuery")) == 1
    assert bot.failures == []


def test_picture_arrives_byte_for_byte(telemelya, bot):
    content = bytes(range(256)) * 100
    user = telemelya.user()
    user.photo(content, "capture")
    assert user.wait()[0]["text"] == f"{len(content)} octets"
    assert bot.pictures == [content]


def test_delivery_comes_twice(telemelya, relay, bot):
    relay.times = 2
    user = telemelya.user()
    user.say("Bonjour")
    assert len(user.wait(2)) == 2
    assert len(bot.ids) == 2
    assert len(set(bot.ids)) == 1


def test_deliveries_come_in_another_order_and_late(telemelya, relay, bot):
    relay.holding = True
    user = telemelya.user()
    for text in ("un", "deux"):
        user.say(text)
    assert user.answers("sendMessage") == []
    assert relay.release(reverse=True) == [200, 200]
    assert [answer["text"] for answer in user.wait(2)] == ["deux", "un"]
    relay.delay = 0.3
    user.say("trois")
    assert user.wait(3)[-1]["text"] == "trois"


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (too_many(2), "RetryAfter"),
        (named_fault("500"), "NetworkError"),
        (named_fault("502"), "NetworkError"),
        (CUT, "NetworkError"),
        (DROP, "NetworkError"),
    ],
)
def test_calls_meet_faults_on_their_way(telemelya, relay, bot, fault, raised):
    relay.faults.next(fault, call="sendMessage")
    user = telemelya.user()
    user.say("un")
    user.say("deux")
    assert [answer["text"] for answer in user.wait()] == ["deux"]
    assert bot.failures == [raised]


def test_answer_lost_after_the_work_leaves_the_message_delivered(telemelya, relay, bot):
    relay.faults.next(DROP.after_the_work(), call="sendMessage")
    user = telemelya.user()
    user.say("un")
    assert [answer["text"] for answer in user.wait()] == ["un"]
    assert bot.failures == ["NetworkError"]


def test_its_gaps_are_as_they_are_written_down(telemelya, receiver):
    """Should one of these fail, telemelya learnt something: bot/docs/testing-channels.md changes too."""
    call = f"{telemelya.url}/bot{TOKEN}"
    lacking = ("getUpdates", "sendDocument", "sendMediaGroup", "setMyCommands", "setMessageReaction", "deleteMessages")
    for method in lacking:
        assert httpx.post(f"{call}/{method}", json={"chat_id": 1}).status_code == 404, method
    httpx.post(f"{call}/setWebhook", json={"url": receiver.url, "secret_token": SECRET})
    telemelya.user().say("Bonjour")
    headers, raw = receiver.seen[0]
    assert SECRET_HEADER not in headers
    assert json.loads(raw)["update_id"] < 10_000_000
