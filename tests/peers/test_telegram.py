"""The fake Bot API takes, refuses and delivers in Telegram's words, whoever calls."""

import json

import httpx
import pytest

from tests.peers.telegram.errors import BLOCKED, NOT_MODIFIED, NOT_STARTED, OLD_QUERY, OTHER_POLLER, WEBHOOK_ACTIVE


@pytest.fixture
def awa(telegram):
    made = telegram.person()
    made.start()
    telegram.state.pending.clear()
    return made


@pytest.fixture
def http():
    with httpx.Client(verify=False, trust_env=False, timeout=20) as made:
        yield made


@pytest.fixture
def call(telegram, http):
    def made(method, **parameters):
        answer = http.post(f"{telegram.base_url}{telegram.token}/{method}", json=parameters)
        body = answer.json()
        assert body["ok"] == (answer.status_code == 200)
        return body["result"] if body["ok"] else (answer.status_code, body["description"])

    return made


def keyboard(*rows):
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}


def test_text_is_seen_with_its_buttons(awa, call):
    sent = call("sendMessage", chat_id=awa.user_id, text="Bonjour ", reply_markup=keyboard([("Oui", "r:1")]))
    [seen] = awa.seen
    assert (seen.text, seen.buttons, seen.message_id) == ("Bonjour", [("Oui", "r:1")], sent["message_id"])
    assert sent["from"]["is_bot"] is True
    assert sent["chat"]["type"] == "private"


def test_parameters_come_by_query_form_or_json(telegram, awa, http):
    url = f"{telegram.base_url}{telegram.token}/sendMessage"
    given = {"chat_id": awa.user_id, "text": "x"}
    as_text = given | {"reply_markup": json.dumps(keyboard([("a", "b")]))}
    for answer in (http.get(url, params=given), http.post(url, data=as_text), http.post(url, json=given)):
        assert answer.json()["ok"]
    assert [bool(seen.buttons) for seen in awa.seen] == [False, True, False]


FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": FAMILY * 400}, "message is too long"),
        ({"text": "  "}, "message text is empty"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 99}, "chat not found"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": keyboard([("a", "é" * 33)])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard([("a", "")])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(*[[("a", "b")]] * 101)}, "REPLY_MARKUP_TOO_LONG"),
        ({"text": "x", "reply_markup": keyboard([("a", "b")] * 9)}, "REPLY_MARKUP_TOO_LONG"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "<u>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "<table>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "table"'),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "ENTITY_BOUNDS_INVALID"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_not_sent(awa, call, given, said):
    code, description = call("sendMessage", **{"chat_id": awa.user_id, **given})
    assert code == 400
    assert description.startswith(f"Bad Request: {said}")
    assert awa.seen == []


def test_limits_themselves_are_taken(awa, call):
    full = keyboard(*[[("a", "é" * 32)] * 8] * 12)
    assert call("sendMessage", chat_id=awa.user_id, text="x" * 4096, reply_markup=full)["message_id"]
    assert call("sendMessage", chat_id=awa.user_id, text="𝄞" * 2048)["message_id"]


def test_html_is_read_into_entities(awa, call):
    sent = call(
        "sendMessage", chat_id=awa.user_id, text="🙏 <b>a&amp;b</b> <a href='https://x.fr'>l</a>", parse_mode="HTML"
    )
    assert sent["text"] == "🙏 a&b l"
    assert sent["entities"] == [
        {"type": "bold", "offset": 3, "length": 3},
        {"type": "text_link", "offset": 7, "length": 1, "url": "https://x.fr"},
    ]


def test_bot_may_not_write_first_nor_to_who_blocked_it(telegram, awa, call):
    stranger = telegram.person(5_000_002)
    assert call("sendMessage", chat_id=stranger.user_id, text="x") == (403, NOT_STARTED)
    awa.block()
    assert call("sendMessage", chat_id=awa.user_id, text="x") == (403, BLOCKED)
    awa.unblock()
    assert call("sendMessage", chat_id=awa.user_id, text="x")["text"] == "x"
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in telegram.state.pending]
    assert statuses == ["kicked", "member"]


def test_wrong_token_and_unknown_method_are_told_apart(telegram, http):
    assert http.get(f"{telegram.base_url}1:other/getMe").json()["description"] == "Unauthorized"
    assert http.get(f"{telegram.base_url}other/getMe").status_code == 404
    assert http.get(f"{telegram.base_url}{telegram.token}/noSuch").json()["error_code"] == 404


def test_offset_confirms_and_limit_cuts(telegram, awa, call):
    for number in range(4):
        awa.say(str(number))
    first = call("getUpdates", limit=2)
    assert [update["message"]["text"] for update in first] == ["0", "1"]
    assert call("getUpdates", limit=2) == first
    rest = call("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest] == ["2", "3"]
    assert call("getUpdates", offset=-1)[0]["message"]["text"] == "3"
    assert call("getUpdates", offset=rest[-1]["update_id"] + 1) == []
    assert telegram.state.pending == []


def test_second_poller_ends_the_first(telegram, awa, call, opened):
    from concurrent.futures import ThreadPoolExecutor

    pool = opened.enter_context(ThreadPoolExecutor())
    first = pool.submit(call, "getUpdates", timeout=20)
    while telegram.state.poll < 1:
        pass
    second = pool.submit(call, "getUpdates", timeout=20)
    assert first.result(10) == (409, OTHER_POLLER)
    awa.say("Bonjour")
    assert second.result(10)[0]["message"]["text"] == "Bonjour"


def test_only_the_kinds_asked_for_come(telegram, awa, call):
    message = telegram.state.keep(awa.chat, {"text": "x"}, {"id": 1}, by_bot=True)
    assert awa.react(message) is None
    call("getUpdates", allowed_updates=["message_reaction"])
    assert awa.say("x") is None
    assert awa.react(message)["message_reaction"]["new_reaction"][0]["emoji"] == "👍"


def test_webhook_gets_updates_with_the_secret_and_again_after_a_failure(telegram, awa, call, receiver):
    assert call("setWebhook", url=receiver.url, secret_token="s3cret_-", max_connections=1) is True
    assert call("getUpdates") == (409, WEBHOOK_ACTIVE)
    receiver.answers = [500, 503]
    awa.say("un")
    awa.say("deux")
    telegram.settle()
    texts = [json.loads(raw)["message"]["text"] for _, raw in receiver.seen]
    assert texts == ["un", "un", "un", "deux"]
    assert {headers["x-telegram-bot-api-secret-token"] for headers, _ in receiver.seen} == {"s3cret_-"}
    info = call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert (info["pending_update_count"], info["max_connections"]) == (0, 1)
    call("deleteWebhook")
    assert call("getWebhookInfo")["url"] == ""


def test_update_the_webhook_never_takes_is_given_up(telegram, awa, call, receiver):
    telegram.courier.retry_seconds = 0.001
    call("setWebhook", url=receiver.url)
    receiver.answers = [500] * 5
    awa.say("un")
    telegram.settle()
    assert [update["message"]["text"] for update in telegram.courier.given_up] == ["un"]
    awa.say("deux")
    telegram.settle()
    assert len(receiver.seen) == 6


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "http://example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:8080/x"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/x", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org/x", "max_connections": 101}, "max_connections must be between 1 and 100"),
    ],
)
def test_webhook_that_telegram_would_refuse_is_refused(call, given, said):
    assert call("setWebhook", **given) == (400, f"Bad Request: {said}")


def test_waiting_updates_can_be_dropped(telegram, awa, call, receiver):
    awa.say("un")
    call("setWebhook", url=receiver.url, drop_pending_updates=True)
    awa.say("deux")
    telegram.settle()
    assert len(receiver.seen) == 1


def test_updates_are_repeated_reordered_and_sent_at_once(telegram, awa, call, receiver):
    call("setWebhook", url=receiver.url)
    with telegram.hold() as held:
        awa.say("un")
        awa.say("deux")
        held.reverse()
    telegram.settle()
    telegram.repeat(held[0])
    telegram.settle()
    assert [json.loads(raw)["message"]["text"] for _, raw in receiver.seen] == ["deux", "un", "deux"]
    assert telegram.courier.deliver_at_once(held * 5) == [200] * 10


def test_editing_changes_the_message_once(telegram, awa, call):
    sent = call("sendMessage", chat_id=awa.user_id, text="a", reply_markup=keyboard([("Oui", "r:1")]))
    where = {"chat_id": awa.user_id, "message_id": sent["message_id"]}
    assert call("editMessageText", **where, text="b")["text"] == "b"
    assert awa.seen[0].buttons == []
    assert call("editMessageText", **where, text="b") == (400, NOT_MODIFIED)
    assert call("editMessageReplyMarkup", **where, reply_markup=keyboard([("Non", "r:2")]))["text"] == "b"
    assert (awa.seen[0].buttons, awa.seen[0].edits) == ([("Non", "r:2")], 2)
    assert call("editMessageText", **{**where, "message_id": 999}, text="c")[1].endswith("message to edit not found")
    own = awa.say("x")["message"]["message_id"]
    assert call("editMessageText", **{**where, "message_id": own}, text="c")[1].endswith("can't be edited")


def test_messages_are_taken_away_within_two_days(telegram, awa, call):
    clock = [1_800_000_000.0]
    telegram.state.clock = lambda: clock[0]
    ids = [call("sendMessage", chat_id=awa.user_id, text="x")["message_id"] for _ in range(4)]
    own = awa.say("mon adresse")["message"]["message_id"]
    assert call("deleteMessage", chat_id=awa.user_id, message_id=own) is True
    assert call("deleteMessage", chat_id=awa.user_id, message_id=own)[1].endswith("message to delete not found")
    assert call("deleteMessages", chat_id=awa.user_id, message_ids=[*ids[:2], 999]) is True
    assert [seen.message_id for seen in awa.seen] == ids[2:]
    assert call("deleteMessages", chat_id=awa.user_id, message_ids=list(range(101)))[1].endswith(
        "too many messages to delete"
    )
    clock[0] += 48 * 3600
    assert call("deleteMessage", chat_id=awa.user_id, message_id=ids[2])[1].endswith("can't be deleted for everyone")


def test_click_is_answered_in_time(telegram, awa, call):
    clock = [1_800_000_000.0]
    telegram.state.clock = lambda: clock[0]
    call("sendMessage", chat_id=awa.user_id, text="?", reply_markup=keyboard([("Oui", "r:1"), ("Non", "r:2")]))
    query = awa.click(awa.seen[0], "Non")["callback_query"]
    assert query["data"] == "r:2"
    assert call("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)[1].endswith("MESSAGE_TOO_LONG")
    assert call("answerCallbackQuery", callback_query_id=query["id"]) is True
    clock[0] += 3600
    assert call("answerCallbackQuery", callback_query_id=query["id"]) == (400, OLD_QUERY)
    assert call("answerCallbackQuery", callback_query_id="1") == (400, OLD_QUERY)


def test_reactions_and_typing_are_of_known_kinds(telegram, awa, call):
    own = awa.say("x")["message"]["message_id"]
    where = {"chat_id": awa.user_id, "message_id": own}
    assert call("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👀"}]) is True
    assert telegram.state.messages[(awa.user_id, own)].reactions == ["👀"]
    assert call("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "🧾"}])[1].endswith(
        "REACTION_INVALID"
    )
    assert call("sendChatAction", chat_id=awa.user_id, action="typing") is True
    assert call("sendChatAction", chat_id=awa.user_id, action="reading")[0] == 400
    assert telegram.state.actions == [(awa.user_id, "typing")]


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([{"command": "Début", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "start", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": f"c{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_menu_telegram_would_refuse_is_refused(call, commands, said):
    assert call("setMyCommands", commands=commands) == (400, f"Bad Request: {said}")


def test_menu_and_profile_are_kept_by_language(call):
    commands = [{"command": "start", "description": "Commencer"}]
    call("setMyCommands", commands=commands, language_code="fr")
    assert call("getMyCommands", language_code="fr") == commands
    assert call("getMyCommands") == []
    call("deleteMyCommands", language_code="fr")
    assert call("getMyCommands", language_code="fr") == []
    call("setMyDescription", description="Guichet aide", language_code="fr")
    call("setMyDescription", description="Guichet helps")
    told = [call("getMyDescription", language_code=code)["description"] for code in ("fr", "ar", "")]
    assert told == ["Guichet aide", "Guichet helps", "Guichet helps"]
    assert call("setMyShortDescription", short_description="x" * 121)[0] == 400
    assert call("setMyName", name="x", language_code="fra")[1].endswith("invalid language code specified")


def test_files_go_wrong_as_they_are_told(telegram, awa, call, http):
    def fetch(file_id):
        path = call("getFile", file_id=file_id)["file_path"]
        return http.get(f"{telegram.base_file_url}{telegram.token}/{path}")

    told = awa.document(b"%PDF-1.7", wrong={"missing": 1, "size": 3})["message"]["document"]
    assert told["file_size"] == 3
    assert [fetch(told["file_id"]).status_code for _ in range(2)] == [404, 200]
    large = awa.document(b"x", wrong={"size": 21 * 1024 * 1024})["message"]["document"]
    assert call("getFile", file_id=large["file_id"]) == (400, "Bad Request: file is too big")
    assert call("getFile", file_id="none")[0] == 400
    endless = awa.document(b"x", wrong={"endless": True})["message"]["document"]
    path = call("getFile", file_id=endless["file_id"])["file_path"]
    read = 0
    with http.stream("GET", f"{telegram.base_file_url}{telegram.token}/{path}") as answer:
        for chunk in answer.iter_bytes():
            read += len(chunk)
            if read > 1_000_000:
                break
    assert read > 1_000_000


def test_script_outside_the_process_has_its_own_routes(telegram, awa, call, http):
    root = f"{telegram.url}/_peer"
    call("sendMessage", chat_id=awa.user_id, text="?", reply_markup=keyboard([("Oui", "r:1")]))
    assert http.get(f"{root}/{awa.user_id}/seen").json()[0]["buttons"] == [["Oui", "r:1"]]
    clicked = http.post(f"{root}/{awa.user_id}/act", json={"kind": "click", "data": "Oui"}).json()
    assert clicked["callback_query"]["data"] == "r:1"
    said = http.post(f"{root}/{awa.user_id}/act", json={"kind": "say", "arguments": ["Salut"]}).json()
    assert said["message"]["text"] == "Salut"
    http.post(f"{root}/fault", json={"name": "429", "call": "sendMessage"})
    assert call("sendMessage", chat_id=awa.user_id, text="x") == (429, "Too Many Requests: retry after 2")


def test_group_is_a_chat_of_its_own(telegram, awa, call):
    group = telegram.group()
    said = awa.say("Bonjour à tous", chat=group)["message"]
    assert said["chat"] == {"id": group.chat_id, "type": "group", "title": "Groupe"}
    assert said["from"]["id"] == awa.user_id
    assert call("sendMessage", chat_id=group.chat_id, text="x")["chat"]["type"] == "group"
    assert awa.seen == []
