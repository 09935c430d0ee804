"""Meta's own description refuses what it should, and takes what we send."""

import re

import pytest

from tests.peers.openapi import ALL, FALSE_REFUSALS, description, message_types, refusals

PHONE = "33600000001"
ADDRESSED = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": PHONE}


def text(body="Bonjour"):
    return {**ADDRESSED, "type": "text", "text": {"body": body}}


def buttons(number=3, title="Oui", **reply):
    made = [{"type": "reply", "reply": {"id": f"r:{n}", "title": f"{title}", **reply}} for n in range(number)]
    action = {"buttons": made}
    return {
        **ADDRESSED,
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "?"}, "action": action},
    }


def rows(number=10, title="A", sections=1, label="Ouvrir", description="d"):
    made = [{"id": f"a{n}", "title": title, "description": description} for n in range(number)]
    action = {"button": label, "sections": [{"title": f"S{n}", "rows": made} for n in range(sections)]}
    return {
        **ADDRESSED,
        "type": "interactive",
        "interactive": {"type": "list", "body": {"text": "?"}, "action": action},
    }


def template(**changes):
    made = {
        "name": "visit_reminder",
        "language": {"code": "ar"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "30/11"}]}],
    }
    return {**ADDRESSED, "type": "template", "template": {**made, **changes}}


GOOD = {
    "text": text(),
    "text with opaque data": {**text(), "biz_opaque_callback_data": "out-1"},
    "three buttons": buttons(),
    "ten rows": rows(),
    "document": {**ADDRESSED, "type": "document", "document": {"id": "1", "filename": "a.pdf", "caption": "c"}},
    "template": template(),
    "template with a quick reply": template(
        components=[
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "r:1"}],
            }
        ]
    ),
    "location": {**ADDRESSED, "type": "location", "location": {"latitude": 48.85, "longitude": 2.35, "name": "P"}},
    "read": {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"},
    "read and typing": {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.x",
        "typing_indicator": {"type": "text"},
    },
    "reaction": {**ADDRESSED, "type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
    "to a business-scoped id": {
        "messaging_product": "whatsapp",
        "recipient": "FR.13491208655302741918",
        "type": "text",
        "text": {"body": "Bonjour"},
    },
}

BAD = {
    "four buttons": (buttons(4), "too long"),
    "title of 21": (buttons(1, "x" * 21), "too long"),
    "button id of 257": (buttons(1, id="x" * 257), "too long"),
    "eleven rows": (rows(11), "too long"),
    "eleven sections": (rows(1, sections=11), "too long"),
    "row title of 25": (rows(1, "x" * 25), "too long"),
    "row description of 73": (rows(1, description="x" * 73), "too long"),
    "list label of 21": (rows(1, label="x" * 21), "too long"),
    "unknown field": ({**text(), "txt": 1}, "Additional properties"),
    "unknown field in the text": ({**ADDRESSED, "type": "text", "text": {"body": "x", "bold": True}}, "Additional"),
    "no address": ({"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}}, "'to' is a required"),
    "no product": ({k: v for k, v in text().items() if k != "messaging_product"}, "'messaging_product' is a required"),
    "phone as a number": ({**text(), "to": 33600000001}, "not of type 'string'"),
    "group as recipient type": ({**text(), "recipient_type": "crowd"}, "is not one of"),
    "no text": ({**ADDRESSED, "type": "text"}, "'text' is a required"),
    "a type unknown": ({**ADDRESSED, "type": "poll"}, "no type of message"),
    "document without id or link": (
        {**ADDRESSED, "type": "document", "document": {"filename": "a.pdf"}},
        "'id' is a required",
    ),
    "template parameter unknown": (
        template(components=[{"type": "body", "parameters": [{"type": "number", "text": "1"}]}]),
        "is not one of",
    ),
    "template without language": ({**ADDRESSED, "type": "template", "template": {"name": "x"}}, "'language'"),
    "opaque data of 513": ({**text(), "biz_opaque_callback_data": "x" * 513}, "too long"),
    "recipient that is a phone": (
        {"messaging_product": "whatsapp", "recipient": PHONE, "type": "text", "text": {"body": "x"}},
        "does not match",
    ),
    "read without message": ({"messaging_product": "whatsapp", "status": "read"}, "'message_id'"),
    "typing of another kind": (
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "w",
            "typing_indicator": {"type": "audio"},
        },
        "was expected",
    ),
    "no object": ("text", "not an object"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_we_send_is_taken(name):
    assert refusals(GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_what_breaks_a_rule_is_refused_with_its_reason(name):
    body, reason = BAD[name]
    said = refusals(body)
    assert any(reason in line for line in said), said


def test_eleven_kinds_of_messages_are_read_from_the_file():
    assert len(message_types()) == 11
    assert description()["info"]["version"] == "v23.0"


def examples():
    operation = description()["paths"]["/{Version}/{Phone-Number-ID}/messages"]["post"]
    return operation["requestBody"]["content"]["application/json"]["examples"]


KNOWN = {"read", "location", "policy", "samples"}
"""Those of channels.md 3, found before us."""
PROOFS = {
    "read": GOOD["read and typing"],
    "location": examples()["Send Location Message"]["value"],
    "policy": examples()["Send Test Message"]["value"],
    # Newer than the file, or told in Meta's pages only.
    "recipient": GOOD["to a business-scoped id"],
    "opaque": GOOD["text with opaque data"],
    # The file is against itself: these are its own examples.
    "recipient_type": examples()["Send Contact Message"]["value"],
    "index": examples()["Send Message Template Interactive"]["value"],
}


def test_false_refusals_are_a_short_list_in_which_each_is_proved():
    assert set(FALSE_REFUSALS) == KNOWN | set(PROOFS)
    assert len(FALSE_REFUSALS) == 8


@pytest.mark.parametrize("name", PROOFS)
def test_false_refusal_is_one_of_the_file_and_is_taken_back_alone(name):
    assert refusals(PROOFS[name], ALL - {name}) != []
    assert refusals(PROOFS[name], ALL) == []


def test_index_that_the_file_describes_and_gives_as_its_example_is_refused_by_its_own_pattern():
    (found,) = (
        part["index"]
        for part in _parts(description()["components"]["schemas"])
        if isinstance(part.get("index"), dict) and "(0-9)" in part["index"].get("description", "")
    )
    assert re.search(found["pattern"], found["example"]) is None


def _parts(value):
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(part)


CONTRADICTIONS = {
    "Send Catalog Template Message": "sub_type in capitals, and a kind of parameter the file lacks",
    "Send Flow Template Message": "a sub_type the file lacks",
    "Send Multi-Product Message": "a header left to fill in",
    "Send Order Details Message": "a kind of interactive message the file lacks",
    "Send Order Status Message": "the same",
    "Send Reply to List Message": "an inbound message, given as an outgoing one",
    "Send Sample Issue Resolution Template": "text given as true and false",
    "Send Text Message with Preview URL": "no type",
}


def test_meta_own_examples_are_taken_but_for_eight_in_which_the_file_contradicts_itself():
    refused = {name for name, example in examples().items() if refusals(example["value"])}
    assert len(examples()) == 50
    assert refused == set(CONTRADICTIONS)
