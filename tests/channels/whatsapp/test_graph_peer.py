"""The channel against a Graph API of its own on this machine: real HTTP, real signatures, real faults."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.results import TOKEN_PAUSE
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.core.delivery import WINDOW_CLOSED, Permanent, Retry, Scope, Sent, Status, TemplateCall, UnknownOutcome
from bot.core.errors import MediaGoneError, MediaTooLargeError, MediaUnavailableError, UnauthorizedError
from bot.core.events import Inbound, Moved, StatusEvent
from bot.core.messages import InboundKind
from bot.core.ports import Address
from tests.channels.whatsapp.goldens import outgoing, say
from tests.peers.faults import CUT, DROP
from tests.peers.graph import payloads
from tests.peers.graph.errors import graph_fault, named_fault
from tests.peers.graph.payloads import Person
from tests.peers.graph.peer import FakeGraph
from tests.peers.graph.state import PHONE_ID, Template

AWA = Person()
TEXT = outgoing({"text": "Bonjour"})
LETTER = outgoing({"text": "Voici votre lettre.", "files": ["lettre.pdf"], "choices": ["Oui", "Non"]})
LIMIT = 1_000_000


def now():
    return datetime.now(UTC)


@pytest.fixture
def graph():
    with FakeGraph() as made:
        made.know(AWA)
        yield made


@pytest.fixture
def whatsapp(graph):
    settings = WhatsAppSettings(
        "graph-token", ("next-secret", graph.app_secret), graph.verify_token, (PHONE_ID,), graph.url
    )
    made = WhatsAppChannel(settings, say, now)
    yield made
    made.close()


def draw(file):
    return b"%PDF-1.7 a letter"


def events(graph, whatsapp, *values):
    """What the channel makes of values, signed and written as Meta writes them."""
    raw = payloads.signed_bytes(payloads.envelope(values, "102290129340398"))
    whatsapp.authenticate({"X-Hub-Signature-256": payloads.signature(graph.app_secret, raw)}, raw)
    with pytest.raises(UnauthorizedError):
        whatsapp.authenticate({"X-Hub-Signature-256": payloads.signature("forged", raw)}, raw)
    return whatsapp.parse(raw, now())


def spoken(graph, whatsapp, person, part):
    return events(graph, whatsapp, payloads.message_value(graph.number(), person, [graph.message(person, part)]))


@pytest.mark.parametrize(
    ("known", "identities"),
    [
        ("both", ["phone:33600000001", "bsuid:FR.13491208655302741918"]),
        ("number", ["phone:33600000001"]),
        ("user_id", ["bsuid:FR.13491208655302741918"]),
    ],
)
def test_answer_finds_whoever_wrote(graph, whatsapp, known, identities):
    person = AWA.as_known_by(known)
    (event,) = spoken(graph, whatsapp, person, payloads.text("Je n'ai pas de rendez-vous, même à Évry 😢"))
    assert isinstance(event, Inbound)
    assert [address.identity for address in event.addresses] == identities
    assert event.message.text == "Je n'ai pas de rendez-vous, même à Évry 😢"
    answer = outgoing({"text": "Bonjour", "to": event.addresses[0].identity})
    assert isinstance(whatsapp.send(answer, draw), Sent)
    whatsapp.acknowledge(event)
    assert len(graph.sent_to(person)) == 1
    assert graph.state.reads[0]["message_id"] == event.external_id.partition(":")[2]


def test_what_was_offered_comes_back_when_it_is_chosen(graph, whatsapp):
    whatsapp.send(outgoing({"text": "Lequel ?", "choices": [f"Choix {n}" for n in range(12)]}), draw)
    token, title = graph.sent[0].choices[-1]
    (event,) = spoken(graph, whatsapp, AWA, payloads.list_reply(token, title))
    assert (event.message.kind, event.message.choice) == (InboundKind.CHOICE, "r:more:9:r:t00")


def test_letter_arrives_whole_above_its_buttons_in_one_message(graph, whatsapp):
    assert isinstance(whatsapp.send(LETTER, draw), Sent)
    (sent,) = graph.sent
    document = sent.body["interactive"]["header"]["document"]
    assert graph.state.media[document["id"]].content == draw(None)
    assert sent.choices == [("r:t00", "Oui"), ("r:t01", "Non")]


def test_status_names_the_message_that_was_sent(graph, whatsapp):
    result = whatsapp.send(TEXT, draw)
    (sent,) = graph.sent
    told = payloads.status(AWA, sent.wamid, "failed", int(time.time()), opaque=sent.opaque, code=131047)
    (event,) = events(graph, whatsapp, payloads.status_value(graph.number(), [told]))
    assert isinstance(event, StatusEvent)
    assert (event.external_id,) == result.external_ids
    assert (event.token, event.status, event.code) == ("out:1", Status.FAILED, "131047")
    assert whatsapp.verdict(event.code) == Permanent(WINDOW_CLOSED)


@pytest.mark.parametrize("older", [False, True])
def test_person_with_a_new_number_is_the_same(graph, whatsapp, older):
    now = int(time.time())
    value = payloads.number_change(graph.number(), AWA, "33600000009", "wamid.N=", now, older=older)
    old, new = Address("whatsapp", "phone:33600000001"), Address("whatsapp", "phone:33600000009")
    assert events(graph, whatsapp, value) == [Moved((old,), (new,), datetime.fromtimestamp(now, UTC))]


def test_approved_template_arrives_and_an_unknown_one_is_refused_for_good(graph, whatsapp):
    graph.state.templates["guichet_reminder", "fr"] = Template(0)
    reminder = outgoing({"text": "", "template": {"name": "guichet_reminder", "language": "fr", "parameters": []}})
    assert isinstance(whatsapp.send(reminder, draw), Sent)
    unknown = outgoing({"text": "", "template": {"name": "guichet_reminder", "language": "ps_AF", "parameters": []}})
    assert whatsapp.send(unknown, draw) == Permanent("132001")
    assert TemplateCall("guichet_reminder", "fr").parameters == ()


FAULTS = [
    (named_fault("131056"), Retry("131056", timedelta(seconds=4), Scope.PERSON)),
    (named_fault("131047"), Permanent(WINDOW_CLOSED)),
    (named_fault("131026"), Permanent("131026", Scope.PERSON, strikes=3)),
    (named_fault("131049"), Permanent("131049")),
    (named_fault("131031"), Permanent("131031", Scope.ACCOUNT)),
    (named_fault("190"), Retry("190", TOKEN_PAUSE, Scope.CHANNEL, is_counted=False)),
    (graph_fault(4, retry_after="7"), Retry("4", timedelta(seconds=7), Scope.CHANNEL, is_counted=False)),
    (graph_fault(80007, regain_minutes=2), Retry("80007", timedelta(minutes=2), Scope.CHANNEL, is_counted=False)),
    (named_fault("502"), Retry("http_502")),
]


@pytest.mark.parametrize(("fault", "result"), FAULTS, ids=range(len(FAULTS)))
def test_fault_has_its_result_and_the_next_message_arrives(graph, whatsapp, fault, result):
    graph.faults.next(fault, 1, call="messages")
    assert whatsapp.send(TEXT, draw) == result
    assert isinstance(whatsapp.send(TEXT, draw), Sent)


@pytest.mark.parametrize("fault", [CUT, DROP])
def test_connection_that_ends_before_the_answer_is_an_unknown_outcome(graph, whatsapp, fault):
    graph.faults.next(fault, 1, call="messages")
    assert isinstance(whatsapp.send(TEXT, draw), UnknownOutcome)


def test_nobody_at_the_other_end_is_a_retry(graph, whatsapp):
    graph.served.stop()
    graph.served = None
    assert isinstance(whatsapp.send(TEXT, draw), Retry)


def picture(graph, whatsapp, **wrong):
    made = graph.add_media(**wrong)
    part = payloads.media("image", made.descriptor(graph.url + graph.state.link(made.media_id)), caption="capture")
    (event,) = spoken(graph, whatsapp, AWA, part)
    assert event.album == "wa"
    assert event.message.text == "capture"
    return made, event.media[0]


def test_picture_is_fetched_byte_by_byte(graph, whatsapp):
    made, ref = picture(graph, whatsapp, content=b"\xff\xd8" + b"x" * 100_000)
    assert whatsapp.fetch(ref, LIMIT) == made.content
    with pytest.raises(MediaTooLargeError):
        whatsapp.fetch(ref, 1000)


def test_picture_that_is_another_is_gone(graph, whatsapp):
    _made, ref = picture(graph, whatsapp, sha256="A" * 43 + "=")
    with pytest.raises(MediaGoneError):
        whatsapp.fetch(ref, LIMIT)


def test_picture_without_end_is_cut(graph, whatsapp):
    _made, ref = picture(graph, whatsapp, endless=True)
    began = time.monotonic()
    with pytest.raises(MediaTooLargeError):
        whatsapp.fetch(ref, LIMIT)
    assert time.monotonic() - began < 10


def test_picture_that_is_missing_for_a_moment_is_found(graph, whatsapp):
    made, ref = picture(graph, whatsapp, missing=1)
    assert whatsapp.fetch(ref, LIMIT) == made.content


def test_picture_whose_server_fails_may_come_later(graph, whatsapp):
    made, ref = picture(graph, whatsapp)
    graph.faults.next(named_fault("500"), 1, call="download")
    with pytest.raises(MediaUnavailableError):
        whatsapp.fetch(ref, LIMIT)
    assert whatsapp.fetch(ref, LIMIT) == made.content


def test_threads_send_at_once_and_each_message_arrives_once(graph, whatsapp):
    results = []
    threads = [
        threading.Thread(target=lambda: [results.append(whatsapp.send(LETTER, draw)) for _ in range(5)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == len(graph.sent) == 40
    assert len({result.external_ids for result in results}) == 40
    assert sum(media.uploaded for media in graph.state.media.values()) == 1


def test_check_speaks_of_the_number(graph, whatsapp):
    lines = [finding.text for finding in whatsapp.check()]
    assert f"number {PHONE_ID}: CONNECTED" in lines
    assert not any(secret in line for line in lines for secret in (*whatsapp.secrets, "33700000000", "Guichet"))
    graph.state.numbers[PHONE_ID].quality = "RED"
    assert any(not finding.is_ok and "RED" in finding.text for finding in whatsapp.check())
    graph.state.tokens.clear()
    assert not all(finding.is_ok for finding in whatsapp.check())
    assert (
        whatsapp.challenge({"hub.mode": "subscribe", "hub.verify_token": graph.verify_token, "hub.challenge": "11"})
        == "11"
    )
