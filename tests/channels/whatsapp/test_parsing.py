"""Whatever arrives, parsing answers with events and never with an error."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.whatsapp.arrivals import hex_digest
from bot.channels.whatsapp.parsing import parse
from bot.channels.whatsapp.reading import MAX_DEPTH, UnreadableError, degrees, read_object, text, whole
from bot.core.events import Inbound, Moved, Quarantine, StatusEvent
from tests.channels.whatsapp.goldens import NOW, NUMBERS, files

KINDS = (Inbound, Moved, Quarantine, StatusEvent)
BODIES = [json.loads(path.read_text(encoding="utf-8"))["in"] for path in files("parse")]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just("\ud800"), st.just("33600000001")
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


def dumped(value):
    return json.dumps(value).encode()


def paths(value, path=()):
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from paths(part, (*path, name))


def replaced(value, path, new):
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = replaced(value[path[0]], path[1:], new)
    return copied


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_events(raw):
    assert all(isinstance(event, KINDS) for event in parse(raw, NOW, NUMBERS))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_part_of_a_true_body_may_be_anything(data):
    body = data.draw(st.sampled_from(BODIES))
    path = data.draw(st.sampled_from(list(paths(body))))
    events = parse(dumped(replaced(body, path, data.draw(ANYTHING))), NOW, NUMBERS)
    for event in events:
        assert isinstance(event, KINDS)
        if isinstance(event, Quarantine):
            assert event.reason.replace("_", "").isalnum()
            assert len(event.reason) < 60
        if isinstance(event, Inbound):
            event.message.text.encode()
            assert event.addresses
            assert event.external_id.startswith(f"{event.account}:")


UNREADABLE = {
    b"": "json",
    b"{": "json",
    b"[]": "object",
    b"null": "object",
    b'"text"': "object",
    b'{"a": NaN}': "json",
    b'{"a": -Infinity}': "json",
    b'{"a": 1e999}': "json",
    b'{"a": ' + b"9" * 5000 + b"}": "json",
    b"\xff\xfe{}": "json",
    b'{"a":' * 33 + b"1" + b"}" * 33: "depth",
    b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}": "json",
    b'{"a":' + b"[" * 500 + b"]" * 500 + b"}": "depth",
}


@pytest.mark.parametrize(("raw", "reason"), UNREADABLE.items(), ids=range(len(UNREADABLE)))
def test_body_that_surprises_is_refused_without_being_told(raw, reason):
    with pytest.raises(UnreadableError) as refused:
        read_object(raw)
    assert str(refused.value) == reason
    assert refused.value.__cause__ is None
    assert parse(raw, NOW, NUMBERS) == [Quarantine(f"unreadable_{reason}")]


def test_deepest_body_that_is_read():
    assert read_object(b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH)


def test_no_words_of_a_person_stand_in_a_reason():
    secret = "Maryam"
    for body in BODIES:
        raw = (
            json.dumps(body)
            .replace('"type": "text"', f'"type": "{secret}"')
            .replace('"field": "messages"', '"field": "Maryam"')
        )
        told = [event.reason for event in parse(raw.encode(), NOW, NUMBERS) if isinstance(event, Quarantine)]
        assert secret not in " ".join(told)


def test_numbers_are_told_apart_by_id_and_not_by_the_shown_number():
    body = next(body for body in BODIES if body["entry"][0]["changes"][0]["value"].get("messages"))
    assert parse(dumped(body), NOW, ("555555",)) == [Quarantine("unknown_number")]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (5, 5),
        ("5", 5),
        (True, None),
        ("٥", None),
        ("-5", None),
        ("5.0", None),
        (5.0, None),
        ("9" * 20, None),
        ("9" * 19, None),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (-(2**63), None),
        (None, None),
    ],
)
def test_whole_number(value, read):
    assert whole(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (48.9, 48.9),
        ("48.9", 48.9),
        (91, None),
        ("nan", None),
        ("inf", None),
        (True, None),
        ([], None),
        ("x", None),
        (10**400, None),
    ],
)
def test_coordinate(value, read):
    assert degrees(value, 90.0) == read


def test_half_characters_are_replaced_and_whole_ones_kept():
    assert text("\ud83d") == "\ufffd"
    assert text("\ud83d\ude00") == "😀"
    assert text(5) == ""


@pytest.mark.parametrize("value", ["", "x", "AAAA", None, 5, "é" * 44, "g" * 64])
def test_no_digest(value):
    assert hex_digest(value) is None
