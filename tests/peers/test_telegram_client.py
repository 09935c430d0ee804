"""python-telegram-bot, which the channel uses, reads all the fake Bot API says and raises what it should."""

import asyncio
import warnings
from io import BytesIO

import pytest
import telegram as ptb

from tests.peers.faults import BAD_GATEWAY, CUT, DROP, hang
from tests.peers.telegram.errors import migrated, named_fault, too_many
from tests.peers.telegram.person import JPEG

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # telegram.ext looks for an apscheduler, and the old one here for pkg_resources
    from telegram.ext import ExtBot


@pytest.fixture
def awa(telegram):
    made = telegram.person()
    made.start("lettre")
    return made


@pytest.fixture
def with_bot(telegram, monkeypatch):
    """Runs one piece of work with a real bot against the fake."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else each duration it reads warns that it will be one
    from telegram.request import HTTPXRequest

    def run(work, seconds=5.0):
        async def whole():
            requests = [HTTPXRequest(read_timeout=seconds, connect_timeout=5) for _ in range(2)]
            bot = ExtBot(
                telegram.token,
                base_url=telegram.base_url,
                base_file_url=telegram.base_file_url,
                request=requests[0],
                get_updates_request=requests[1],
            )
            async with bot:
                return await work(bot)

        return asyncio.run(whole())

    return run


def test_bot_knows_itself(with_bot):
    async def work(bot):
        return bot.username, bot.id

    assert with_bot(work) == ("guichet_test_bot", 123456)


def test_every_kind_of_update_is_read(telegram, awa, with_bot):
    async def poll(bot):
        return await bot.get_updates(allowed_updates=ptb.Update.ALL_TYPES)

    with_bot(poll)  # the first poll asks for reactions, which are not sent by default
    update = awa.say("préfecture")
    awa.edit(update, "préfecture de police")
    awa.photo(JPEG, caption="capture")
    awa.document(b"%PDF-1.7", "récépissé.pdf")
    awa.album([JPEG, JPEG], "deux")
    awa.forward("lu ailleurs")
    awa.voice()
    awa.location()
    awa.contact()
    awa.block()
    awa.unblock()
    message = telegram.state.keep(awa.chat, {"text": "x"}, telegram.state.bot, by_bot=True)
    awa.react(message)
    updates = with_bot(poll)
    assert all(update.effective_user.id == awa.user_id for update in updates)
    assert all(update.api_kwargs == {} for update in updates)
    messages = [update.message for update in updates if update.message]
    start, said, photo, document, first, second, forwarded, voice, location, contact = messages
    assert start.entities[0].type == "bot_command"
    assert start.text == "/start lettre"
    assert said.text == "préfecture"
    assert (photo.caption, photo.photo[-1].width) == ("capture", 1280)
    assert (document.document.file_name, document.document.mime_type) == ("récépissé.pdf", "application/pdf")
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("deux", None)
    assert forwarded.forward_origin.type == "hidden_user"
    assert voice.voice.duration.total_seconds() == 3
    assert location.location.latitude == 48.85
    assert contact.contact.phone_number == "33600000003"
    assert [u.edited_message.text for u in updates if u.edited_message] == ["préfecture de police"]
    members = [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member]
    assert members == ["kicked", "member"]
    assert [u.message_reaction.new_reaction[0].emoji for u in updates if u.message_reaction] == ["👍"]


def test_message_click_edit_and_deletion_go_round(telegram, awa, with_bot):
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    async def work(bot):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("نعم", callback_data="r:1")]])
        sent = await bot.send_message(awa.user_id, "هل لديك موعد؟", reply_markup=markup, protect_content=True)
        await bot.send_chat_action(awa.user_id, "typing")
        await asyncio.to_thread(awa.click, awa.seen[0])
        [query] = [u.callback_query for u in await bot.get_updates() if u.callback_query]
        assert query.data == "r:1"
        assert query.message.message_id == sent.message_id
        await bot.answer_callback_query(query.id, "شكرا")
        await bot.edit_message_text("شكرا", awa.user_id, sent.message_id)
        await bot.set_message_reaction(awa.user_id, sent.message_id, "👀")
        other = await bot.send_message(awa.user_id, "x", reply_markup=markup)
        await bot.edit_message_reply_markup(awa.user_id, other.message_id)
        await bot.delete_messages(awa.user_id, [other.message_id])
        return sent

    sent = with_bot(work)
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == "r:1"
    [seen] = awa.seen
    assert (seen.text, seen.buttons, seen.protected, seen.reactions) == ("شكرا", [], True, ["👀"])
    assert telegram.state.answered[0]["text"] == "شكرا"


def test_documents_and_photos_go_both_ways_byte_for_byte(telegram, awa, with_bot):
    content = bytes(range(256)) * 40
    update = awa.document(content, "lettre.pdf")

    async def work(bot):
        file = await bot.get_file(update["message"]["document"]["file_id"])
        fetched = await file.download_as_bytearray()
        sent = await bot.send_document(awa.user_id, BytesIO(fetched), filename="réponse.pdf", caption="Voici")
        photo = await bot.send_photo(awa.user_id, JPEG, caption="capture")
        again = await bot.send_document(awa.user_id, sent.document.file_id)
        return sent, photo, again

    sent, photo, again = with_bot(work)
    assert sent.document.file_name == "réponse.pdf"
    assert awa.received(awa.seen[0]).content == content
    assert awa.received(awa.seen[1]).content == JPEG
    assert again.document.file_id == sent.document.file_id
    assert (awa.seen[0].text, len(photo.photo)) == ("Voici", 2)


def test_menu_and_profile_are_set_and_read(with_bot):
    async def work(bot):
        await bot.set_my_commands([("start", "Commencer"), ("effacer", "Effacer")], language_code="fr")
        await bot.set_my_name("Guichet", language_code="fr")
        await bot.set_my_description("Aide", language_code="fr")
        await bot.set_my_short_description("Court", language_code="fr")
        return (
            [command.command for command in await bot.get_my_commands(language_code="fr")],
            (await bot.get_my_name("fr")).name,
            (await bot.get_my_description("fr")).description,
            (await bot.get_my_short_description("fr")).short_description,
        )

    assert with_bot(work) == (["start", "effacer"], "Guichet", "Aide", "Court")


def test_webhook_is_set_and_told(telegram, awa, with_bot, receiver):
    import json

    async def work(bot):
        await bot.set_webhook(receiver.url, secret_token="s3cret", allowed_updates=["message"], max_connections=1)
        return await bot.get_webhook_info()

    info = with_bot(work)
    telegram.settle()
    awa.say("Bonjour")
    telegram.settle()
    assert (info.url, info.max_connections, info.allowed_updates) == (receiver.url, 1, ("message",))
    [start, said] = [json.loads(raw) for _, raw in receiver.seen]
    assert ptb.Update.de_json(said, None).message.text == "Bonjour"
    assert start["message"]["text"] == "/start lettre"


FAULTS = {
    "429": (too_many(3), "RetryAfter"),
    "blocked": (named_fault("blocked"), "Forbidden"),
    "deactivated": (named_fault("deactivated"), "Forbidden"),
    "chat_not_found": (named_fault("chat_not_found"), "BadRequest"),
    "too_long": (named_fault("too_long"), "BadRequest"),
    "button": (named_fault("button"), "BadRequest"),
    "entities": (named_fault("entities"), "BadRequest"),
    "old_query": (named_fault("old_query"), "BadRequest"),
    "migrated": (migrated(-100123), "ChatMigrated"),
    "401": (named_fault("401"), "InvalidToken"),
    "404": (named_fault("404"), "InvalidToken"),
    "409": (named_fault("409"), "Conflict"),
    "500": (named_fault("500"), "NetworkError"),
    "502": (BAD_GATEWAY, "NetworkError"),
    "cut": (CUT, "NetworkError"),
    "drop": (DROP, "NetworkError"),
    "hang": (hang(20), "TimedOut"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_raises_what_the_table_says(telegram, awa, with_bot, name):
    fault, expected = FAULTS[name]
    telegram.faults.next(fault, call="sendMessage")

    async def work(bot):
        try:
            await bot.send_message(awa.user_id, "x")
        except ptb.error.TelegramError as error:
            return error
        return None

    error = with_bot(work, seconds=0.5 if name == "hang" else 5.0)
    assert type(error).__name__ == expected
    assert awa.seen == []
    if name == "429":
        assert error.retry_after.total_seconds() == 3
    if name == "migrated":
        assert error.new_chat_id == -100123


def test_answer_lost_after_the_work_leaves_the_message_delivered(telegram, awa, with_bot):
    telegram.faults.next(DROP.after_the_work(), call="sendMessage", to=str(awa.user_id))

    async def work(bot):
        with pytest.raises(ptb.error.NetworkError):
            await bot.send_message(awa.user_id, "une fois")
        await bot.send_message(awa.user_id, "deux fois")

    with_bot(work)
    assert [seen.text for seen in awa.seen] == ["une fois", "deux fois"]


def test_two_pollers_conflict(telegram, with_bot):
    async def work(bot):
        first = asyncio.create_task(bot.get_updates(timeout=20))
        while telegram.state.poll < 1:  # noqa: ASYNC110 - the count is kept in another thread
            await asyncio.sleep(0.01)
        await bot.get_updates(timeout=0)
        with pytest.raises(ptb.error.Conflict):
            await first

    with_bot(work, seconds=30)
