"""The webhooks of the fake Graph API: signed bytes, all kinds, all the ways a person is known."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.peers.graph import payloads
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import PHONE_ID, Number, Sent

AWA = Person(name="Awa Éxemple")
KINDS = {
    "text": payloads.text("Où est ma préfecture ? 🙏"),
    "button_reply": payloads.button_reply("r:1", "Oui"),
    "list_reply": payloads.list_reply("r:2", "Paris", "75"),
    "button": payloads.button("stop", "Arrêter"),
    "location": payloads.location(48.85, 2.35, "Préfecture"),
    "contacts": payloads.contacts("Awa Exemple", "33600000003"),
    "reaction": payloads.reaction("wamid.x"),
}


@pytest.fixture(autouse=True)
def hooked(graph, receiver):
    graph.webhook_url = receiver.url


def value(receiver, number=-1):
    return json.loads(receiver.seen[number][1])["entry"][0]["changes"][0]["value"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_signed_over_the_bytes_sent(graph, receiver, kind):
    assert graph.act(AWA, KINDS[kind]) == 200
    headers, raw = receiver.seen[0]
    expected = hmac.new(b"graph-app-secret", raw, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={expected}"
    assert raw.isascii()
    name, part = KINDS[kind]
    told = value(receiver)
    assert told["messages"][0][name] == part
    assert told["contacts"][0]["profile"]["name"] == "Awa Éxemple"
    assert told["metadata"]["phone_number_id"] == PHONE_ID


def test_body_written_again_has_another_signature():
    body = payloads.envelope([{"text": "é/ü"}], "1")
    raw = payloads.signed_bytes(body)
    assert b"\\u00e9\\/\\u00fc" in raw
    again = [json.dumps(body).encode(), json.dumps(body, ensure_ascii=False).encode()]
    assert len({payloads.signature("s", one) for one in [raw, *again]}) == 3
    assert json.loads(raw) == body


@pytest.mark.parametrize(
    ("known", "keys"),
    [("both", {"wa_id", "user_id"}), ("number", {"wa_id"}), ("user_id", {"user_id"})],
)
def test_person_is_known_by_number_by_user_id_or_by_both(graph, receiver, known, keys):
    person = AWA.as_known_by(known)
    graph.say(person, "Bonjour")
    told = value(receiver)
    assert set(told["contacts"][0]) == keys | {"profile"}
    assert ("from" in told["messages"][0]) == (known != "user_id")
    assert ("from_user_id" in told["messages"][0]) == (known != "number")
    sent = Sent("wamid.x", PHONE_ID, person.address, {}, "out-1", 0.0)
    graph.report(sent, "delivered", person)
    [status] = value(receiver)["statuses"]
    assert ("contacts" in value(receiver)) == (known != "number")
    assert ("recipient_id" in status, "recipient_user_id" in status) == (known != "user_id", known != "number")


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_status_echoes_the_callback_data_and_tells_the_price(graph, receiver, name):
    graph.report(Sent("wamid.x", PHONE_ID, AWA.wa_id, {}, "out-1", 0.0), name, AWA)
    [status] = value(receiver)["statuses"]
    assert (status["id"], status["status"], status["biz_opaque_callback_data"]) == ("wamid.x", name, "out-1")
    assert ("pricing" in status) == (name != "read")


def test_failure_after_a_200_carries_its_code(graph, receiver):
    graph.report(Sent("wamid.x", PHONE_ID, AWA.wa_id, {}, None, 0.0), "failed", AWA, code=131047)
    [status] = value(receiver)["statuses"]
    assert status["errors"][0]["code"] == 131047
    assert "biz_opaque_callback_data" not in status


def test_file_comes_with_its_digest_and_can_be_fetched(graph, receiver):
    made = graph.add_media(b"%PDF-1.7", "application/pdf", filename="récépissé.pdf")
    graph.send_file(AWA, made, "document", caption="voilà")
    part = value(receiver)["messages"][0]["document"]
    assert (part["filename"], part["caption"], part["id"]) == ("récépissé.pdf", "voilà", made.media_id)
    fetched = graph.client.get(part["url"], headers={"Authorization": "Bearer graph-token"})
    assert fetched.content == b"%PDF-1.7"


def test_voice_and_stickers_carry_their_marks(graph, receiver):
    for kind, mark in (("audio", {"voice": True}), ("sticker", {"animated": False})):
        graph.send_file(AWA, graph.add_media(b"OggS", "audio/ogg"), kind)
        assert value(receiver)["messages"][0][kind].items() >= mark.items()


def test_unsupported_message_has_an_error_and_no_part(graph, receiver):
    made = payloads.unsupported(AWA, "wamid.u", 1)
    graph.deliver(payloads.message_value(graph.number(), AWA, [made]))
    [told] = value(receiver)["messages"]
    assert told["errors"][0]["code"] == 131051
    assert set(told) == {"from", "from_user_id", "id", "timestamp", "type", "errors", "unsupported"}


@pytest.mark.parametrize(("older", "key"), [(False, "wa_id"), (True, "new_wa_id")])
def test_change_of_number_has_no_contacts(graph, receiver, older, key):
    graph.deliver(payloads.number_change(graph.number(), AWA, "33600000009", "wamid.s", 1, older=older))
    told = value(receiver)
    assert "contacts" not in told
    assert told["messages"][0]["system"][key] == "33600000009"


def test_errors_of_no_message_are_told(graph, receiver):
    graph.deliver(payloads.errors_value(graph.number(), 130429))
    assert value(receiver)["errors"][0]["title"] == "Rate limit hit"


def test_batch_of_entries_numbers_messages_and_statuses(graph, receiver):
    other = graph.state.numbers["200"] = Number("200", "33700000009")
    first = payloads.message_value(graph.number(), AWA, [graph.message(AWA, payloads.text(str(n))) for n in range(2)])
    second = payloads.message_value(other, AWA, [graph.message(AWA, payloads.text("3"))])
    third = payloads.status_value(other, [payloads.status(AWA, "wamid.x", "read", 1)])
    graph.deliver(first, second, third, entries=True)
    body = json.loads(receiver.seen[0][1])
    assert [entry["changes"][0]["value"]["metadata"]["phone_number_id"] for entry in body["entry"]] == [
        PHONE_ID,
        "200",
        "200",
    ]
    graph.deliver(first, second, third)
    assert len(json.loads(receiver.seen[1][1])["entry"][0]["changes"]) == 3


def test_same_bytes_come_twice_and_many_at_once(graph, receiver):
    graph.say(AWA, "Bonjour", times=3)
    assert len({raw for _, raw in receiver.seen}) == 1
    codes = graph.deliver_at_once([receiver.seen[0][1]] * 20)
    assert codes == [200] * 20
    assert len(receiver.seen) == 23


def test_answer_of_the_webhook_is_told(graph, receiver):
    receiver.answers = [503]
    assert [graph.say(AWA, "Bonjour"), graph.say(AWA, "Bonjour")] == [503, 200]
    assert [code for code, _ in graph.delivered] == [503, 200]


def test_webhook_is_asked_to_prove_itself(graph, receiver):
    assert graph.verify("12345").text == "12345"


def test_reply_names_the_message_it_answers(graph, receiver):
    graph.tap(AWA, "r:1", "Oui", reply_to="wamid.q", at=1_750_000_000, wamid="wamid.mine")
    [told] = value(receiver)["messages"]
    assert told["context"] == {"from": graph.number().display, "id": "wamid.q"}
    assert (told["timestamp"], told["id"]) == ("1750000000", "wamid.mine")


def test_choice_names_the_message_that_offered_it(graph, receiver):
    sent = {"type": "interactive", "interactive": {"action": {"buttons": [{"reply": {"id": "r:1", "title": "Oui"}}]}}}
    graph.state.sent.append(Sent("wamid.offer", PHONE_ID, AWA.wa_id, sent, None, 0.0))
    graph.tap(AWA, "r:1", "Oui")
    graph.choose(AWA, "r:other", "Paris")
    assert [value(receiver, n)["messages"][0]["context"]["id"] for n in (0, 1)] == ["wamid.offer", "wamid.unknown"]


def test_status_of_a_message_by_user_id_names_no_number(graph, receiver):
    graph.report(Sent("wamid.x", PHONE_ID, AWA.user_id, {}, "out-1", 0.0), "sent")
    [status] = value(receiver)["statuses"]
    assert status["recipient_user_id"] == AWA.user_id
    assert "recipient_id" not in status


@settings(deadline=None)
@given(st.text())
def test_any_words_are_signed_in_ascii_and_read_back(words):
    body = payloads.envelope([{"text": words}], "1")
    raw = payloads.signed_bytes(body)
    assert raw.isascii()
    assert json.loads(raw) == body


def test_forgeries_are_sent_as_they_are(graph, receiver):
    raw = payloads.signed_bytes(payloads.envelope([{"text": "é"}], "1"))
    forged = payloads.forgeries("graph-app-secret", raw)
    right = payloads.signature("graph-app-secret", raw)
    for headers in forged.values():
        assert graph.post(raw, headers) == 200
    seen = [headers.get("x-hub-signature-256") for headers, _ in receiver.seen]
    assert len(seen) == len(forged) == 13
    assert seen[list(forged).index("absent")] is None
    assert right not in seen[:-1]
