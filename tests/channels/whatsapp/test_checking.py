"""What Meta says of the house is told in plain words, without secrets and without anybody's number or name."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.core.errors import SetupError
from bot.core.events import Inbound
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from tests.channels.whatsapp.goldens import NOW, NUMBERS
from tests.channels.whatsapp.graph import SETTINGS, Script, channel, refused

FIRST, SECOND = NUMBERS
NUMBER = {
    "id": FIRST,
    "display_phone_number": "+33 7 00 00 00 00",
    "verified_name": "Guichet",
    "status": "CONNECTED",
    "quality_rating": "GREEN",
    "name_status": "APPROVED",
    "throughput": {"level": "STANDARD"},
}
TOKEN = {
    "data": {
        "is_valid": True,
        "expires_at": 0,
        "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
        "granular_scopes": [{"scope": "whatsapp_business_management", "target_ids": ["102290129340398"]}],
    }
}
TEMPLATES = {
    "data": [
        {"name": "guichet_reminder", "language": "fr", "status": "APPROVED"},
        {"name": "guichet_reminder", "language": "ar", "status": "PAUSED"},
    ]
}


def meta(number=None, token=None, templates=None):
    """Answers by what is asked for."""

    def answer(request):
        path = request.url.path
        told = TOKEN if token is None else token
        if path.endswith("/debug_token"):
            return told if isinstance(told, httpx.Response) else httpx.Response(200, json=told)
        if path.endswith("/message_templates"):
            return templates(request) if callable(templates) else httpx.Response(200, json=templates or TEMPLATES)
        return number if isinstance(number, httpx.Response) else httpx.Response(200, json={**NUMBER, **(number or {})})

    return Script(answer)


def said(script):
    return [("ok  " if finding.is_ok else "ERR ") + finding.text for finding in channel(script).check()]


def test_house_in_order():
    assert said(meta()) == [
        f"ok  number {FIRST}: CONNECTED",
        f"ok  number {FIRST}: quality GREEN, throughput STANDARD",
        f"ok  number {SECOND}: CONNECTED",
        f"ok  number {SECOND}: quality GREEN, throughput STANDARD",
        "ok  token: valid, does not end",
        "ok  templates of 102290129340398: 1 APPROVED, 1 PAUSED",
        "ERR templates of 102290129340398: guichet_reminder/ar PAUSED",
    ]


FAULTS = [
    ({"number": {"quality_rating": "RED"}}, "ERR number 106540352242922: quality RED, throughput STANDARD"),
    ({"number": {"status": "FLAGGED"}}, "ERR number 106540352242922: FLAGGED"),
    ({"number": {"name_status": "DECLINED"}}, "ERR number 106540352242922: the name shown to people is DECLINED, not approved"),
    ({"number": {"status": None, "quality_rating": 5, "throughput": []}}, "ok  number 106540352242922: state not told"),
    ({"number": {"status": "<b>x</b>"}}, "ok  number 106540352242922: state not told"),
    ({"number": refused(190, 401)}, "ERR number 106540352242922: Meta refuses the token (code 190); make a new one (bot/docs/whatsapp.md)"),
    ({"number": refused(100, error_subcode=33)}, "ERR number 106540352242922: Meta does not know this id, or the token may not use it (code 100)"),
    ({"number": httpx.Response(502, html="x")}, "ERR number 106540352242922: Meta answers http 502"),
    ({"token": {"data": {"is_valid": False}}}, "ERR token: not valid any more; make a new one (bot/docs/whatsapp.md)"),
    ({"token": refused(100)}, "ok  token: Meta does not tell how long it lasts"),
    ({"token": {"data": {"is_valid": True, "expires_at": int((NOW + timedelta(days=3)).timestamp())}}}, "ERR token: valid until 2026-11-26"),
    ({"token": {"data": {"is_valid": True, "expires_at": int((NOW + timedelta(days=60)).timestamp())}}}, "ok  token: valid until 2027-01-22"),
    ({"token": {"data": {"is_valid": True, "expires_at": -(10**18)}}}, "ERR token: valid until 1970-01-01"),
    ({"token": {"data": {"is_valid": True, "expires_at": 10**18}}}, "ok  token: valid until 9999-12-31"),
    ({"token": {"data": {"is_valid": True, "scopes": ["public_profile"]}}}, "ERR token: lacks the right whatsapp_business_messaging"),
    ({"templates": lambda request: refused(200)}, "ok  templates of 102290129340398: Meta does not tell (code 200)"),
    ({"templates": lambda request: httpx.Response(200, json={"data": []})}, "ok  templates of 102290129340398: none"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "line"), FAULTS, ids=range(len(FAULTS)))
def test_fault_is_named(fault, line):
    assert line in said(meta(**fault))


def test_templates_of_many_pages_are_all_counted_and_an_endless_row_of_pages_ends():
    pages = []

    def page(request):
        pages.append(request.url.params.get("after"))
        paging = {"cursors": {"after": str(len(pages))}, "next": "https://example.org"}
        return httpx.Response(200, json={"data": [{"status": "APPROVED"}], "paging": paging})

    assert "ok  templates of 102290129340398: 10 APPROVED; more than 10 pages, so not all of them" in said(
        meta(templates=page)
    )
    assert pages == [None, *map(str, range(1, 10))]


NOT_LOOKED_AT = (
    "ok  templates: not looked at, for Meta does not name the accounts of this token;"
    " see WhatsApp Manager, Message templates"
)


@pytest.mark.parametrize(
    "granular",
    [
        [{"scope": "whatsapp_business_management"}],
        [{"scope": "whatsapp_business_management", "target_ids": []}],
        [{"scope": "whatsapp_business_messaging", "target_ids": ["102290129340398"]}],
        None,
    ],
)
def test_token_that_names_no_account_says_that_templates_are_not_looked_at(granular):
    script = meta(token={"data": {**TOKEN["data"], "granular_scopes": granular}})
    lines = said(script)
    assert NOT_LOOKED_AT in lines
    assert not any("message_templates" in str(request.url) for request in script.requests)


def test_right_to_manage_that_is_missing_is_named():
    scopes = {"scopes": ["whatsapp_business_messaging"], "granular_scopes": []}
    assert "ERR token: lacks the right whatsapp_business_management" in said(
        meta(token={"data": {**TOKEN["data"], **scopes}})
    )


def shown(script):
    return next((finding.templates for finding in channel(script).check() if finding.templates is not None), None)


def test_states_of_templates_are_told_by_their_names():
    assert shown(meta()) == {"guichet_reminder/fr": "APPROVED", "guichet_reminder/ar": "PAUSED"}
    assert shown(meta(templates=lambda request: httpx.Response(200, json={"data": []}))) == {}


def test_states_of_templates_are_not_told_in_part():
    assert shown(meta(templates=lambda request: refused(200))) is None
    more = {"data": TEMPLATES["data"], "paging": {"cursors": {"after": "x"}, "next": "https://example.org"}}
    assert shown(meta(templates=lambda request: httpx.Response(200, json=more))) is None

    def second_page_fails(request):
        return refused(2, 500) if request.url.params.get("after") else httpx.Response(200, json=more)

    assert shown(meta(templates=second_page_fails)) is None
    assert shown(meta(token=refused(100))) is None


def test_template_that_one_of_two_accounts_approves_is_approved():
    accounts = [{"scope": "whatsapp_business_management", "target_ids": ["1", "2"]}]

    def answer(request):
        state = "APPROVED" if "/1/" in request.url.path else "PAUSED"
        return httpx.Response(200, json={"data": [{"name": "a", "language": "fr", "status": state}]})

    token = {"data": {**TOKEN["data"], "granular_scopes": accounts}}
    assert shown(meta(token=token, templates=answer)) == {"a/fr": "APPROVED"}


def test_meta_that_does_not_answer_is_one_line():
    assert said(Script(httpx.ConnectError("https://graph.facebook.com/?input_token=graph-token"))) == [
        "ERR Meta does not answer (ConnectError)"
    ]


def test_stand_in_for_meta_is_named():
    settings = replace(SETTINGS, api_url="http://127.0.0.1:9200")
    assert channel(meta(), settings=settings).check()[0].text == (
        "GUICHET_WHATSAPP_API_URL names this machine, not Meta: nobody is reached"
    )


def test_setup_asks_and_changes_nothing():
    script = meta()
    channel(script).setup()
    assert {request.method for request in script.requests} == {"GET"}
    assert len(script.requests) == 2


def test_setup_says_which_number_is_refused():
    with pytest.raises(SetupError, match=f"number {FIRST}: Meta refuses the token"):
        channel(meta(number=refused(190, 401))).setup()


@pytest.mark.parametrize(("answer", "told"), [
    (httpx.ConnectError("graph-token"), r"Meta does not answer \(ConnectError\)"),
    (httpx.Response(503), "Meta answers http 503"),
    (httpx.Response(429), "Meta answers http 429"),
])  # fmt: skip
def test_meta_that_could_not_be_asked_is_not_set_up_yet(answer, told):
    with pytest.raises(SetupError, match=told) as error:
        channel(Script(answer, answer)).setup()
    assert "graph-token" not in str(error.value)


def inbound(name):
    return Inbound((Address("whatsapp", "phone:33600000001"),), name, InboundMessage(InboundKind.TEXT, "a"))


def test_reading_and_writing_are_shown_in_one_request():
    script = Script(httpx.Response(200, json={"success": True}))
    channel(script).acknowledge(inbound(f"{SECOND}:wamid.A="))
    assert str(script.requests[0].url).endswith(f"/{SECOND}/messages")
    assert script.bodies == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.A=",
            "typing_indicator": {"type": "text"},
        }
    ]


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.Response(500), refused(190, 401)]
)
def test_showing_it_is_best_effort(answer):
    channel(Script(answer)).acknowledge(inbound(f"{FIRST}:wamid.A="))


@pytest.mark.parametrize("name", ["", "5:wamid.A=", FIRST, f"{FIRST}:"])
def test_nothing_is_shown_for_a_message_that_is_not_ours(name):
    script = Script(httpx.Response(200))
    channel(script).acknowledge(inbound(name))
    assert script.requests == []


def test_connections_are_closed():
    whatsapp = channel(meta())
    whatsapp.close()
    with pytest.raises(RuntimeError):
        whatsapp.setup()
