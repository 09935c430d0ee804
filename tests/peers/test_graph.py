"""The fake Graph API takes, refuses and fails as the contract says."""

import base64
import hashlib

import httpx
import pytest

from tests.peers.faults import BAD_GATEWAY, CUT, DROP, hang
from tests.peers.graph.errors import graph_fault, named_fault
from tests.peers.graph.payloads import Person
from tests.peers.graph.state import ACCOUNT_ID, PHONE_ID, Template

VERSION = "v24.0"
AWA = Person()


@pytest.fixture
def client(graph):
    headers = {"Authorization": "Bearer graph-token"}
    with httpx.Client(
        base_url=f"{graph.url}/{VERSION}", headers=headers, verify=False, trust_env=False, timeout=20
    ) as made:
        yield made


def text(body="Bonjour", **more):
    made = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": AWA.wa_id, "type": "text"}
    return {**made, "text": {"body": body}, **more}


def interactive(action, kind="button"):
    inner = {"type": kind, "body": {"text": "?"}, "action": action}
    return {**text(type="interactive"), "interactive": inner} | {"text": None}


def buttons(*titles):
    made = [{"type": "reply", "reply": {"id": f"r:{n}", "title": title}} for n, title in enumerate(titles)]
    body = interactive({"buttons": made})
    del body["text"]
    return body


def rows(number):
    made = [{"id": f"r:{n}", "title": f"T{n}"} for n in range(number)]
    body = interactive({"button": "Ouvrir", "sections": [{"title": "S", "rows": made}]}, "list")
    del body["text"]
    return body


def template(name="visit", language="fr", parameters=1):
    given = [{"type": "text", "text": "x"}] * parameters
    inner = {"name": name, "language": {"code": language}, "components": [{"type": "body", "parameters": given}]}
    body = text(type="template", template=inner)
    del body["text"]
    return body


def send(client, body):
    return client.post(f"/{PHONE_ID}/messages", json=body)


def refused(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_text_is_taken_with_a_message_id_of_its_own(graph, client):
    answers = [send(client, text("مرحبا", biz_opaque_callback_data=f"out-{n}")).json() for n in range(2)]
    first, second = [answer["messages"][0]["id"] for answer in answers]
    assert first.startswith("wamid.")
    assert first != second
    assert answers[0]["contacts"] == [{"input": AWA.wa_id, "wa_id": AWA.wa_id}]
    assert [sent.text for sent in graph.sent_to(AWA)] == ["مرحبا"] * 2
    assert graph.state.duplicates() == {}


def test_same_callback_data_twice_is_a_duplicate(graph, client):
    for _ in range(2):
        send(client, text(biz_opaque_callback_data="out-1"))
    send(client, text(biz_opaque_callback_data="out-2"))
    assert graph.state.duplicates() == {"out-1": 2}


def test_each_request_is_recorded_as_it_came(graph, client):
    send(client, text("é"))
    [seen] = graph.state.requests
    assert (seen.method, seen.path) == ("POST", f"/{VERSION}/{PHONE_ID}/messages")
    assert seen.headers["authorization"] == "Bearer graph-token"
    assert seen.json()["text"] == {"body": "é"}


def test_buttons_and_rows_keep_their_ids(graph, client):
    assert send(client, buttons("Oui", "Non")).status_code == 200
    assert send(client, rows(10)).status_code == 200
    assert graph.sent[0].choices == [("r:0", "Oui"), ("r:1", "Non")]
    assert len(graph.sent[1].choices) == 10
    assert graph.sent[1].text == "?"


@pytest.mark.parametrize(
    ("body", "code", "details"),
    [
        (buttons("a", "b", "c", "d"), 131009, "Max allowed buttons: 3"),
        (buttons("x" * 21), 131009, "Max length: 20"),
        (buttons("Oui", "Oui"), 131009, "Duplicated"),
        (rows(11), 131009, "Total row count"),
        (text("x" * 4097), 100, "at most 4096"),
        (text(""), 131008, "missing or empty"),
        (text(unknown=1), 100, "Additional properties"),
        ({key: value for key, value in text().items() if key != "to"}, 100, "to is required"),
        ({key: value for key, value in text().items() if key != "messaging_product"}, 100, "messaging_product"),
        (template(), 132001, "does not exist"),
        (template("known", parameters=2), 132000, "expected number of params (1)"),
        (["text"], 100, "not a JSON object"),
    ],
)
def test_what_breaks_a_limit_is_refused_and_not_sent(graph, client, body, code, details):
    graph.state.templates[("known", "fr")] = Template(1)
    answer = send(client, body)
    error = answer.json()["error"]
    assert error["code"] == code
    assert details in error["error_data"]["details"]
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"].startswith("A")
    assert graph.sent == []


def test_template_that_exists_is_taken_and_a_paused_one_is_not(graph, client):
    graph.state.templates[("visit", "fr")] = Template(1)
    assert send(client, template()).status_code == 200
    graph.state.templates[("visit", "fr")].paused = True
    assert refused(send(client, template())) == (400, 132015)


def test_person_is_reached_by_user_id_once_known(graph, client):
    body = text(recipient=AWA.user_id)
    del body["to"]
    assert refused(send(client, body)) == (400, 100)
    graph.know(AWA)
    assert send(client, body).json()["contacts"] == [{"input": AWA.user_id, "wa_id": AWA.wa_id}]
    assert len(graph.sent_to(AWA)) == 1


def test_read_mark_with_typing_is_no_message(graph, client):
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
    body["typing_indicator"] = {"type": "text"}
    assert send(client, body).json() == {"success": True}
    assert graph.state.reads == [body]
    assert graph.sent == []


@pytest.mark.parametrize(
    ("headers", "subcode"),
    [({"Authorization": ""}, None), ({"Authorization": "Bearer other"}, None), ({"Authorization": "Bearer old"}, 463)],
)
def test_call_without_a_valid_token_is_401(graph, client, headers, subcode):
    graph.state.expired.add("old")
    answer = client.post(f"/{PHONE_ID}/messages", json=text(), headers=headers)
    assert refused(answer) == (401, 190)
    assert answer.json()["error"].get("error_subcode") == subcode


def test_unknown_object_is_400_with_subcode_33(client):
    for answer in (client.get("/999"), client.post("/999/messages", json=text())):
        assert refused(answer) == (400, 100)
        assert answer.json()["error"]["error_subcode"] == 33


def test_number_tells_its_state(client):
    told = client.get(f"/{PHONE_ID}", params={"fields": "quality_rating,status"}).json()
    assert told == {"id": PHONE_ID, "quality_rating": "GREEN", "status": "CONNECTED"}
    assert client.get(f"/{PHONE_ID}").json()["display_phone_number"].startswith("+33")


def upload(client, content, mime="application/pdf", name="lettre.pdf"):
    form = {"messaging_product": "whatsapp", "type": mime}
    return client.post(f"/{PHONE_ID}/media", data=form, files={"file": (name, content, mime)})


def test_upload_is_sent_by_its_id_and_fetched_in_two_hops(graph, client):
    content = b"%PDF-1.7 " + bytes(range(256))
    media_id = upload(client, content).json()["id"]
    assert media_id.isdigit()
    document = {**text(type="document"), "document": {"id": media_id, "filename": "lettre.pdf"}}
    del document["text"]
    assert send(client, document).status_code == 200
    told = client.get(f"/{media_id}", params={"phone_number_id": PHONE_ID}).json()
    assert base64.b64decode(told["sha256"]) == hashlib.sha256(content).digest()
    assert (told["mime_type"], told["file_size"]) == ("application/pdf", len(content))
    assert client.get(told["url"]).content == content
    assert httpx.get(told["url"], verify=False).status_code == 401


def test_upload_of_a_wrong_kind_or_size_is_refused(client):
    assert refused(upload(client, b"MZ", "application/x-msdownload")) == (400, 100)
    assert refused(upload(client, b"x" * 5_000_001, "image/png")) == (400, 131053)
    assert refused(upload(client, b"", "image/png")) == (400, 131053)
    assert refused(client.post(f"/{PHONE_ID}/media", data={"messaging_product": "whatsapp"})) == (400, 100)


def test_document_nobody_uploaded_is_a_missing_object(client):
    document = {**text(type="document"), "document": {"id": "77", "filename": "a.pdf"}}
    del document["text"]
    assert refused(send(client, document)) == (400, 100)


def test_address_of_a_file_is_good_for_five_minutes(graph, client):
    clock = [1_000.0]
    graph.state.clock = lambda: clock[0]
    media = graph.add_media(b"x")
    url = client.get(f"/{media.media_id}").json()["url"]
    clock[0] += 299
    assert client.get(url).status_code == 200
    clock[0] += 1
    assert client.get(url).status_code == 404


def test_deleted_file_is_missing(graph, client):
    media = graph.add_media(b"x")
    assert client.delete(f"/{media.media_id}").json() == {"success": True}
    assert refused(client.get(f"/{media.media_id}")) == (400, 100)


def test_files_go_wrong_as_they_are_told(graph, client):
    wrong = graph.add_media(b"x", sha256=base64.b64encode(b"\0" * 32).decode(), size=3, missing=1)
    told = client.get(f"/{wrong.media_id}").json()
    assert (base64.b64decode(told["sha256"]), told["file_size"]) == (b"\0" * 32, 3)
    assert [client.get(told["url"]).status_code for _ in range(2)] == [404, 200]


@pytest.mark.parametrize(
    ("asked", "code", "content"),
    [("bytes=2-3", 206, b"cd"), ("bytes=4-", 206, b"ef"), ("bytes=6-9", 416, b""), ("bytes=a", 200, b"abcdef")],
)
def test_part_of_a_file_can_be_fetched(graph, client, asked, code, content):
    media = graph.add_media(b"abcdef")
    url = client.get(f"/{media.media_id}").json()["url"]
    answer = client.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (code, content)


def test_endless_file_ends_only_when_the_reader_hangs_up(graph, client):
    endless = graph.add_media(b"x", endless=True)
    url = client.get(f"/{endless.media_id}").json()["url"]
    read = 0
    with client.stream("GET", url) as answer:
        assert "content-length" not in answer.headers
        for chunk in answer.iter_bytes():
            read += len(chunk)
            if read > 1_000_000:
                break
    assert read > 1_000_000


def test_rate_limits_tell_when_to_come_back(graph, client):
    graph.faults.next(graph_fault(80007, retry_after="7", regain_minutes=2))
    answer = send(client, text())
    assert refused(answer) == (429, 80007)
    assert answer.headers["retry-after"] == "7"
    assert '"estimated_time_to_regain_access": 2' in answer.headers["x-business-use-case-usage"]
    assert send(client, text()).status_code == 200


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("4", 429),
        ("130429", 429),
        ("131056", 400),
        ("131047", 400),
        ("131026", 400),
        ("131049", 400),
        ("190", 401),
        ("131031", 403),
        ("132001", 404),
        ("500", 500),
        ("502", 502),
    ],
)
def test_each_named_fault_answers_once(graph, client, name, status):
    graph.faults.next(named_fault(name))
    answer = send(client, text())
    assert answer.status_code == status
    if name not in {"500", "502"}:
        assert answer.json()["error"]["code"] == int(name)
    assert ("retry-after" in answer.headers) == (name == "4")
    assert graph.sent == []
    assert send(client, text()).status_code == 200
    assert graph.faults.met == [graph.faults.rules[0].fault.name]


def test_fault_for_one_recipient_spares_the_others(graph, client):
    graph.faults.always(graph_fault(131056), to=AWA.wa_id)
    assert refused(send(client, text())) == (400, 131056)
    assert send(client, text(to="33600000002")).status_code == 200
    graph.faults.clear()
    assert send(client, text()).status_code == 200


def test_every_third_call_fails(graph, client):
    graph.faults.every(3, BAD_GATEWAY, call="messages")
    assert [send(client, text()).status_code for _ in range(6)] == [200, 200, 502] * 2


@pytest.mark.parametrize("fault", [CUT, DROP])
def test_line_is_cut(graph, client, fault):
    graph.faults.next(fault)
    with pytest.raises(httpx.TransportError):
        send(client, text())
    assert graph.sent == []


def test_silence_lasts_until_the_caller_gives_up(graph, client):
    graph.faults.next(hang(20))
    with pytest.raises(httpx.ReadTimeout):
        client.post(f"/{PHONE_ID}/messages", json=text(), timeout=0.2)


def test_answer_lost_after_the_work_leaves_the_message_sent(graph, client):
    graph.faults.next(DROP.after_the_work())
    with pytest.raises(httpx.TransportError):
        send(client, text(biz_opaque_callback_data="out-1"))
    assert [sent.opaque for sent in graph.sent] == ["out-1"]


def test_script_outside_the_process_has_its_own_routes(graph, client, receiver):
    root = graph.url
    assert client.post(f"{root}/_peer/fault", json={"name": "131056", "to": AWA.wa_id}).json() == {"ok": True}
    assert refused(send(client, text())) == (400, 131056)
    send(client, text("encore"))
    assert [sent["text"] for sent in client.get(f"{root}/_peer/sent").json()] == ["encore"]
    told = {"webhook_url": receiver.url, "templates": [{"name": "visit", "language": "fr", "parameters": 1}]}
    client.post(f"{root}/_peer/settings", json=told)
    assert send(client, template()).status_code == 200
    acted = client.post(f"{root}/_peer/act", json={"kind": "text", "arguments": ["Salut"], "times": 2})
    assert acted.json() == {"status": 200}
    assert len(receiver.seen) == 2


def test_token_tells_how_long_it_lasts_and_for_which_account(graph, client):
    graph.state.token_until = 1_900_000_000
    told = client.get("/debug_token", params={"input_token": "graph-token"}).json()["data"]
    assert (told["is_valid"], told["expires_at"]) == (True, 1_900_000_000)
    assert told["granular_scopes"][0]["target_ids"] == [ACCOUNT_ID]
    assert client.get("/debug_token", params={"input_token": "other"}).json()["data"]["is_valid"] is False


def test_templates_are_told_in_pages(graph, client):
    graph.state.templates.update({("visit", f"l{n}"): Template(paused=n == 2) for n in range(3)})
    first = client.get(f"/{ACCOUNT_ID}/message_templates", params={"limit": 2}).json()
    assert [made["status"] for made in first["data"]] == ["APPROVED", "APPROVED"]
    last = client.get(first["paging"]["next"]).json()
    assert [made["status"] for made in last["data"]] == ["PAUSED"]
    assert "next" not in last["paging"]
    assert refused(client.get("/999/message_templates")) == (400, 100)
