"""What becomes of a message, whatever Meta or the network do."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.channels.whatsapp import sending
from bot.channels.whatsapp.results import TOKEN_PAUSE
from bot.core.delivery import WINDOW_CLOSED, Permanent, Retry, Scope, Sent, TemplateCall, UnknownOutcome
from bot.core.errors import DocumentError
from bot.core.ports import Address
from tests.channels.whatsapp.goldens import NUMBERS, outgoing
from tests.channels.whatsapp.graph import Clock, Script, accepted, channel, kind, refused

FIRST, SECOND = NUMBERS
TEXT = outgoing({"text": "Bonjour"})
LETTER = outgoing({"text": "Voici votre lettre.", "files": ["lettre.pdf"]})
TWO = outgoing({"text": "Une étape à suivre, dans l'ordre. ", "times": 40, "files": ["lettre.pdf"]})
UPLOADED = httpx.Response(200, json={"id": "987654321"})
FAILED = refused(131053)


def draw(file):
    return b"%PDF-1.7 " + file.name.encode()


def no_file(file):
    raise AssertionError(file)


def test_message_is_sent_once_with_the_token_and_our_own_mark():
    script = Script(accepted("wamid.7="))
    assert channel(script).send(TEXT, no_file) == Sent((f"{FIRST}:wamid.7=",))
    (request,) = script.requests
    assert str(request.url) == f"https://graph.facebook.com/v24.0/{FIRST}/messages"
    assert request.headers["authorization"] == "Bearer graph-token"
    assert script.bodies[0]["biz_opaque_callback_data"] == "out:1"
    assert script.bodies[0]["to"] == "33600000001"


@pytest.mark.parametrize(("account", "used"), [("", FIRST), (SECOND, SECOND), ("5", FIRST)])
def test_answer_leaves_from_the_number_that_was_written_to(account, used):
    script = Script(accepted())
    assert channel(script).send(replace(TEXT, account=account), no_file) == Sent((f"{used}:wamid.S=",))
    assert f"/{used}/messages" in str(script.requests[0].url)


def test_nothing_to_say_is_said_without_a_request():
    script = Script(accepted())
    assert channel(script).send(outgoing({"text": " "}), no_file) == Sent(())
    assert script.requests == []


def test_free_text_is_not_even_tried_when_the_window_is_closed():
    script = Script(accepted())
    assert channel(script).send(replace(TEXT, is_window_open=False), no_file) == Permanent(WINDOW_CLOSED)
    assert script.requests == []


def test_template_is_sent_when_the_window_is_closed():
    script = Script(accepted())
    call = TemplateCall("guichet_reminder", "fr")
    assert isinstance(channel(script).send(replace(TEXT, is_window_open=False, template=call), no_file), Sent)
    assert script.bodies[0]["template"]["name"] == "guichet_reminder"


def test_window_that_closed_on_the_way_says_so_in_the_same_words():
    assert channel(Script(refused(131047))).send(TEXT, no_file) == Permanent(WINDOW_CLOSED)


def test_person_of_another_channel_cannot_be_reached():
    script = Script(accepted())
    gone = channel(script).send(replace(TEXT, address=Address("telegram", "5")), no_file)
    assert gone == Permanent("no_recipient", Scope.PERSON)
    assert script.requests == []


NETWORK = [
    (httpx.ConnectError("x"), Retry("ConnectError")),
    (httpx.ConnectTimeout("x"), Retry("ConnectTimeout")),
    (httpx.PoolTimeout("x"), Retry("PoolTimeout")),
    (httpx.ProxyError("x"), Retry("ProxyError")),
    (httpx.ReadTimeout("x"), UnknownOutcome("ReadTimeout")),
    (httpx.ReadError("x"), UnknownOutcome("ReadError")),
    (httpx.WriteTimeout("x"), UnknownOutcome("WriteTimeout")),
    (httpx.WriteError("x"), UnknownOutcome("WriteError")),
    (httpx.RemoteProtocolError("x"), UnknownOutcome("RemoteProtocolError")),
    (
        httpx.UnsupportedProtocol("x"),
        Retry("UnsupportedProtocol", TOKEN_PAUSE, Scope.CHANNEL, is_counted=False),
    ),
    (httpx.Response(504, html="<html>"), UnknownOutcome("http_504")),
    (httpx.Response(502, html="<html>"), Retry("http_502")),
    (httpx.Response(200, html="<html>"), UnknownOutcome("no_id")),
    (httpx.Response(200, json={"messages": []}), UnknownOutcome("no_id")),
    (httpx.Response(200, json=[1]), UnknownOutcome("no_id")),
    (httpx.Response(200, content=b"[" * 600_000), UnknownOutcome("no_id")),
    (refused(190, 401), Retry("190", TOKEN_PAUSE, Scope.CHANNEL, is_counted=False)),
    (refused(131000, 500), Retry("131000")),
    (refused(131026), Permanent("131026", Scope.PERSON, strikes=3)),
    (refused(4, 429, {"Retry-After": "7"}), Retry("4", timedelta(seconds=7), Scope.CHANNEL, is_counted=False)),
]


@pytest.mark.parametrize(("answer", "result"), NETWORK, ids=range(len(NETWORK)))
def test_failure_has_a_result_and_raises_nothing(answer, result):
    assert channel(Script(answer)).send(TEXT, no_file) == result


def test_pair_rate_waits_longer_at_each_try():
    assert channel(Script(refused(131056))).send(replace(TEXT, attempts=3), no_file) == Retry(
        "131056", timedelta(seconds=64), Scope.PERSON
    )


def test_redirect_is_not_followed():
    script = Script(httpx.Response(302, headers={"Location": "https://example.org/"}))
    assert channel(script).send(TEXT, no_file).scope is Scope.CHANNEL
    assert len(script.requests) == 1


def test_document_is_handed_over_and_sent_with_its_words():
    script = Script(UPLOADED, accepted())
    assert isinstance(channel(script).send(LETTER, draw), Sent)
    upload, _message = script.requests
    assert str(upload.url).endswith(f"/{FIRST}/media")
    assert kind(upload).startswith(b"multipart/form-data")
    for part in (
        b'name="messaging_product"\r\n\r\nwhatsapp',
        b'name="type"\r\n\r\napplication/pdf',
        draw(LETTER.message.files[0]),
    ):
        assert part in upload.content
    assert b'filename="lettre.pdf"' in upload.content
    assert script.bodies[0]["document"] == {
        "filename": "lettre.pdf",
        "caption": "Voici votre lettre.",
        "id": "987654321",
    }


def test_same_file_is_handed_over_once_for_each_number_and_for_a_month():
    clock = Clock()
    script = Script(*[lambda request: UPLOADED if b"multipart" in kind(request) else accepted()])
    whatsapp = channel(script, clock)

    def uploads():
        return sum(b"multipart" in kind(request) for request in script.requests)

    whatsapp.send(LETTER, draw)
    whatsapp.send(LETTER, draw)
    assert uploads() == 1
    whatsapp.send(replace(LETTER, account=SECOND), draw)
    assert uploads() == 2
    clock.move(days=30)
    whatsapp.send(LETTER, draw)
    assert uploads() == 3


def test_file_that_meta_has_forgotten_is_handed_over_again():
    forgotten = refused(100, error_subcode=33)
    script = Script(UPLOADED, accepted("1"), forgotten, httpx.Response(200, json={"id": "2222"}), accepted("2"))
    whatsapp = channel(script)
    whatsapp.send(LETTER, draw)
    assert whatsapp.send(LETTER, draw) == Sent((f"{FIRST}:2",))
    assert [body["document"]["id"] for body in script.bodies] == ["987654321", "987654321", "2222"]


def test_file_that_meta_has_forgotten_is_not_tried_under_its_old_id_again():
    script = Script(
        UPLOADED, accepted("1"), refused(100, error_subcode=33), httpx.ReadTimeout("x"), UPLOADED, accepted("2")
    )
    whatsapp = channel(script)
    whatsapp.send(LETTER, draw)
    assert whatsapp.send(LETTER, draw) == Retry("ReadTimeout")
    assert whatsapp.send(LETTER, draw) == Sent((f"{FIRST}:2",))
    assert len(script.bodies) == 3


def test_digests_of_old_files_are_let_go():
    script = Script(lambda request: UPLOADED if b"multipart" in kind(request) else accepted())
    whatsapp = channel(script)
    for number in range(501):
        whatsapp.send(LETTER, lambda file, number=number: b"%d" % number)
    uploads = len(script.requests) - len(script.bodies)
    whatsapp.send(LETTER, lambda file: b"500")
    assert len(script.requests) - len(script.bodies) == uploads
    whatsapp.send(LETTER, lambda file: b"0")
    assert len(script.requests) - len(script.bodies) == uploads + 1


def test_upload_that_fails_twice_is_tried_a_third_time():
    script = Script(FAILED, FAILED, UPLOADED, accepted())
    assert isinstance(channel(script).send(LETTER, draw), Sent)
    assert len(script.requests) == 4


@pytest.mark.parametrize("answers", [[FAILED] * 3, [refused(131009)], [refused(100)]])
def test_document_that_is_not_taken_is_named_in_a_text(answers):
    script = Script(*answers, accepted())
    assert isinstance(channel(script).send(LETTER, draw), Sent)
    assert script.bodies[0]["text"]["body"] == ("Voici votre lettre.\n\nLe document « lettre.pdf » n'a pas pu partir.")


def uploads_of(script):
    return sum(b"multipart" in kind(request) for request in script.requests)


def meta(*, sends, ids=("1", "2", "3", "4", "5", "6")):
    """Takes every file under a new id; ``sends`` says what becomes of a message."""
    fresh = iter(ids)

    def answer(request):
        is_upload = b"multipart" in kind(request)
        return httpx.Response(200, json={"id": next(fresh)}) if is_upload else sends(request)

    return Script(answer)


@pytest.mark.parametrize("code", [131052, 131053])
def test_file_that_fails_at_the_send_is_handed_over_anew_and_at_last_named_in_a_text(code):
    def sends(request):
        return accepted() if b'"type":"text"' in request.content.replace(b" ", b"") else refused(code)

    script = meta(sends=sends)
    whatsapp = channel(script)
    assert whatsapp.send(LETTER, draw) == Retry(str(code))
    assert whatsapp.send(replace(LETTER, attempts=2), draw) == Retry(str(code))
    assert isinstance(whatsapp.send(replace(LETTER, attempts=3), draw), Sent)
    tried = [body["document"]["id"] for body in script.bodies[:-1]]
    assert tried == ["1", "2", "3"]
    assert script.bodies[-1]["text"]["body"] == "Voici votre lettre.\n\nLe document « lettre.pdf » n'a pas pu partir."
    assert script.bodies[-1]["biz_opaque_callback_data"] == "out:1"


def test_file_that_fails_under_its_old_id_is_handed_over_anew_at_once():
    answers = iter([accepted("a"), refused(131053), accepted("b")])
    script = meta(sends=lambda request: next(answers))
    whatsapp = channel(script)
    whatsapp.send(LETTER, draw)
    assert whatsapp.send(LETTER, draw) == Sent((f"{FIRST}:b",))
    assert [body["document"]["id"] for body in script.bodies] == ["1", "1", "2"]


def test_file_is_handed_over_anew_when_its_message_is_tried_again():
    # The failure may have been told in a status, long after the send was thanked for.
    script = meta(sends=lambda request: accepted())
    whatsapp = channel(script)
    whatsapp.send(LETTER, draw)
    whatsapp.send(replace(LETTER, attempts=2), draw)
    assert uploads_of(script) == 2


@pytest.mark.parametrize(
    ("attempts", "last_error", "is_without"),
    [(2, "131053", False), (3, "131052", False), (4, "131053", True), (9, "131052", True), (4, "131000", False)],
)
def test_words_go_without_a_file_whose_failure_was_told_later_each_time(attempts, last_error, is_without):
    script = meta(sends=lambda request: accepted())
    sent = channel(script).send(replace(LETTER, attempts=attempts, last_error=last_error), draw)
    assert isinstance(sent, Sent)
    assert uploads_of(script) == (0 if is_without else 1)
    assert ("text" in script.bodies[0]) is is_without


def test_same_file_asked_for_by_many_threads_is_handed_over_once():
    waiting = threading.Barrier(3)

    def slowly(request):
        if b"multipart" in kind(request):
            time.sleep(0.1)
            return UPLOADED
        return accepted()

    script = Script(slowly)
    whatsapp = channel(script)

    def send():
        waiting.wait()
        whatsapp.send(LETTER, draw)

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert uploads_of(script) == 1
    assert len(script.bodies) == 3


def test_file_that_another_thread_hands_over_slowly_is_waited_for_only_so_long(monkeypatch):
    monkeypatch.setattr(sending, "UPLOAD_SECONDS", 0.05)
    is_over = threading.Event()

    def hangs(request):
        is_over.wait(5)
        return UPLOADED

    script = Script(hangs)
    whatsapp = channel(script)
    first = threading.Thread(target=whatsapp.send, args=(LETTER, draw))
    first.start()
    while not script.requests:
        time.sleep(0.01)
    assert whatsapp.send(LETTER, draw) == Retry("TooSlow")
    is_over.set()
    first.join(5)


def test_buttons_stay_when_their_document_is_not_taken():
    script = Script(refused(100), accepted())
    channel(script).send(outgoing({"text": "Et maintenant ?", "files": ["a.pdf"], "choices": ["Oui", "Non"]}), draw)
    interactive = script.bodies[0]["interactive"]
    assert "header" not in interactive
    assert interactive["body"]["text"].startswith("Et maintenant ?\n\nLe document « a.pdf »")
    assert len(interactive["action"]["buttons"]) == 2


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (httpx.ReadTimeout("x"), Retry("ReadTimeout")),
        (httpx.Response(200, json={}), Retry("no_media_id")),
        (refused(190, 401), Retry("190", TOKEN_PAUSE, Scope.CHANNEL, is_counted=False)),
        (refused(131016, 500), Retry("131016")),
        (refused(133010), Permanent("133010", Scope.ACCOUNT)),
    ],
)
def test_upload_that_may_succeed_later_is_no_lost_document(answer, result):
    script = Script(answer)
    assert channel(script).send(LETTER, draw) == result
    assert len(script.requests) == 1


def test_parts_that_have_arrived_are_not_sent_again():
    script = Script(accepted("1"), UPLOADED, refused(131000, 500))
    whatsapp = channel(script)
    assert whatsapp.send(TWO, draw) == Retry("131000", parts=1)
    script.answers = [accepted("2")]
    assert whatsapp.send(replace(TWO, skip=1), draw) == Sent((f"{FIRST}:2",))
    assert [body["type"] for body in script.bodies] == ["text", "document", "document"]


def test_part_that_may_have_arrived_is_told():
    assert channel(Script(accepted("1"), UPLOADED, httpx.ReadTimeout("x"))).send(TWO, draw) == UnknownOutcome(
        "ReadTimeout", 1
    )


def test_file_that_cannot_be_drawn_is_the_houses_error():
    def broken(file):
        raise DocumentError(file.kind)

    with pytest.raises(DocumentError):
        channel(Script(accepted())).send(LETTER, broken)


def test_verdict_of_a_failed_status():
    whatsapp = channel(Script(accepted()))
    assert whatsapp.verdict("131047") == Permanent(WINDOW_CLOSED)
    assert whatsapp.verdict("999999") is None
    assert whatsapp.verdict("131056", 3) == Retry("131056", timedelta(seconds=64), Scope.PERSON)
    for told in ("x", "", "-1", "１３１０４７", "9" * 5000):
        assert whatsapp.verdict(told) is None


def test_words_before_a_document_that_cannot_be_drawn_are_not_said_again():
    def broken(file):
        raise DocumentError(file.kind)

    script = Script(accepted())
    assert channel(script).send(TWO, broken) == Retry("DocumentError", parts=1)
    assert len(script.requests) == 1
