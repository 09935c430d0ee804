"""pywa reads our signed webhooks and sends through our fake Graph API, so that neither is judged only by us."""

import pytest

from tests.peers.graph import payloads
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import ACCOUNT_ID, Number, Sent
from tests.peers.pywa_peer import Pywa

pytestmark = pytest.mark.process
AWA = Person(name="Awa Éxemple")
NUMBER = Number()
SECRET = "graph-app-secret"
MEDIA = {
    "id": "1003",
    "mime_type": "image/jpeg",
    "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
    "url": "http://x",
}


@pytest.fixture(scope="module")
def pywa():
    with Pywa() as made:
        yield made


def read(pywa, value, secret=SECRET):
    raw = payloads.signed_bytes(payloads.envelope([value], ACCOUNT_ID))
    return pywa.receive(raw, payloads.signature(secret, raw))


def message(part, person=AWA):
    context = {"from": NUMBER.display, "id": "wamid.q"}
    made = payloads.message(person, "wamid.m", 1_750_000_000, *part, context)
    return payloads.message_value(NUMBER, person, [made])


KINDS = {
    "text": (payloads.text("Où est ma préfecture ? 🙏"), {"class": "Message", "text": "Où est ma préfecture ? 🙏"}),
    "button_reply": (payloads.button_reply("r:1", "Oui"), {"class": "CallbackButton", "data": "r:1", "title": "Oui"}),
    "list_reply": (
        payloads.list_reply("r:2", "Paris"),
        {"class": "CallbackSelection", "data": "r:2", "title": "Paris"},
    ),
    "button": (payloads.button("stop", "Arrêter"), {"class": "CallbackButton", "data": "stop", "title": "Arrêter"}),
    "image": (payloads.media("image", MEDIA, caption="capture"), {"type": "image", "caption": "capture"}),
    "document": (payloads.media("document", MEDIA, filename="a.pdf"), {"type": "document"}),
    "audio": (payloads.media("audio", {**MEDIA, "mime_type": "audio/ogg"}), {"type": "audio"}),
    "sticker": (payloads.media("sticker", {**MEDIA, "mime_type": "image/webp"}), {"type": "sticker"}),
    "location": (payloads.location(48.85, 2.35, "Préfecture"), {"type": "location"}),
    "contacts": (payloads.contacts("Awa Exemple", "33600000003"), {"type": "contacts"}),
    "reaction": (payloads.reaction("wamid.x"), {"type": "reaction"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_message_is_read(pywa, kind):
    part, expected = KINDS[kind]
    answer = read(pywa, message(part))
    assert answer["status"] == 200
    [update] = answer["updates"]
    assert update.items() >= expected.items()
    assert update["id"] == "wamid.m"
    assert update["from"] == {"wa_id": AWA.wa_id, "user_id": AWA.user_id, "name": "Awa Éxemple"}
    if kind in {"image", "document"}:
        assert update["media"] == {key: MEDIA[key] for key in ("id", "sha256", "mime_type")}


def test_person_known_by_user_id_only_is_read(pywa):
    [update] = read(pywa, message(payloads.text("x"), AWA.as_known_by("user_id")))["updates"]
    assert (update["from"]["wa_id"], update["from"]["user_id"]) == (None, AWA.user_id)


def test_older_webhooks_are_beyond_pywa_but_true_all_the_same(pywa):
    """It wants a user id in each contact, and contacts with each status, as Meta has sent them since 2026."""
    person = AWA.as_known_by("number")
    status = payloads.status(person, "wamid.x", "sent", 1)
    for value in (message(payloads.text("x"), person), payloads.status_value(NUMBER, [status], person)):
        assert read(pywa, value) == {"status": 200, "updates": []}


def test_unsupported_message_is_read_with_its_error(pywa):
    value = payloads.message_value(NUMBER, AWA, [payloads.unsupported(AWA, "wamid.u", 1)])
    [update] = read(pywa, value)["updates"]
    assert update["type"] == "unsupported"
    assert "131051" in update["error"]


def test_change_of_number_is_read(pywa):
    [update] = read(pywa, payloads.number_change(NUMBER, AWA, "33600000009", "wamid.s", 1))["updates"]
    assert (update["class"], update["new_wa_id"]) == ("PhoneNumberChange", "33600000009")


@pytest.mark.parametrize("name", ["sent", "delivered", "read", "failed"])
def test_status_is_read_with_the_callback_data(pywa, name):
    code = 131047 if name == "failed" else None
    status = payloads.status(AWA, "wamid.x", name, 1, opaque="out-1", code=code)
    [update] = read(pywa, payloads.status_value(NUMBER, [status], AWA))["updates"]
    assert (update["class"], update["status"], update["tracker"], update["id"]) == (
        "MessageStatus",
        name,
        "out-1",
        "wamid.x",
    )
    assert ("131047" in update.get("error", "")) == (name == "failed")


RAW = payloads.signed_bytes(payloads.envelope([message(payloads.text("é"))], ACCOUNT_ID))
FORGED = payloads.forgeries(SECRET, RAW)
LEFT_TO_US = {
    "without its name": "pywa takes a bare digest",
    "not ascii": "pywa raises TypeError, because it compares words and not bytes",
    "twice, the first wrong": "pywa is given one header",
}


@pytest.mark.parametrize("reason", sorted(set(FORGED) - set(LEFT_TO_US)))
def test_forged_signature_is_refused(pywa, reason):
    given = FORGED[reason][0][1] if FORGED[reason] else ""
    assert pywa.receive(RAW, given) == {"status": 403 if given else 401, "updates": []}


def test_two_forgeries_pywa_does_not_refuse_are_for_the_channel_to_refuse(pywa):
    assert pywa.receive(RAW, FORGED["without its name"][0][1])["status"] == 200
    assert pywa.receive(RAW, FORGED["not ascii"][0][1])["error"].startswith("TypeError")


def test_challenge_is_answered_only_to_the_right_token(pywa):
    assert pywa.ask("challenge", given="graph-verify-token") == {"status": 200, "answer": "12345"}
    assert pywa.ask("challenge", given="other")["status"] == 403


def test_its_client_sends_through_our_fake(pywa, graph):
    ids = pywa.send(graph, AWA.wa_id)
    text, buttons, rows, document = graph.sent
    assert [sent.wamid for sent in graph.sent] == ids
    assert (text.text, text.opaque) == ("Bonjour", "out-1")
    assert buttons.choices == [("r:1", "Oui"), ("r:2", "Non")]
    assert len(rows.choices) == 10
    media = graph.state.media[document.body["document"]["id"]]
    assert (media.content, media.mime, document.text) == (b"%PDF-1.7", "application/pdf", "c")


def test_its_client_fetches_files_from_our_fake(pywa, graph):
    made = graph.add_media(b"\xff\xd8\xff", "image/jpeg")
    assert pywa.fetch(graph, made.media_id) == {
        "sha256": made.descriptor("")["sha256"],
        "size": 3,
        "content": "ffd8ff",
    }


def test_status_of_a_message_it_sent_comes_back_to_it(pywa, graph, receiver):
    graph.webhook_url = receiver.url
    [first, *_] = pywa.send(graph, AWA.wa_id)
    sent: Sent = graph.sent[0]
    assert graph.report(sent, "delivered", AWA) == 200
    headers, raw = receiver.seen[0]
    [update] = pywa.receive(raw, headers["x-hub-signature-256"])["updates"]
    assert (update["id"], update["tracker"]) == (first, "out-1")
