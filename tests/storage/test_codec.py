"""Every record comes back as it was written."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import case, evidence, ids, link_codes, messages
from bot.core.case import Case, Draft, Expiry, Pending, Question, Situation
from bot.core.errors import StorageError
from bot.core.evidence import Attempt
from bot.core.messages import InboundMessage, OutboundMessage
from bot.core.unknown import Unknown
from bot.storage.codec import from_bytes, to_bytes

NAMES = {**vars(link_codes), **vars(case), **vars(evidence), **vars(messages), **vars(ids)}
NAMES |= {"date": date, "datetime": datetime, "Mapping": Mapping}
RECORDS = [Case, Situation, Pending, Draft, Attempt, InboundMessage, OutboundMessage, Expiry]

TEXTS = st.text(st.characters(codec=None), max_size=12)
ZONES = st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hasattr(hint, "__supertype__"):
        return _values(hint.__supertype__)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint, localns=NAMES)
        return st.builds(hint, **{field.name: _values(hints[field.name]) for field in fields(hint)})
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {types.UnionType, Union}:
        return st.one_of(*(_values(each) for each in arguments))
    if origin is tuple:
        return st.lists(_values(arguments[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(_values(arguments[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(TEXTS, JSON, max_size=3)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXTS,
        int: st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        date: st.dates(),
        datetime: st.datetimes(timezones=ZONES),
        types.NoneType: st.none(),
    }
    return simple[hint]


def test_all_stored_records_are_tried() -> None:
    assert len(RECORDS) == 8


@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_record_comes_back_equal(kind: type, data: st.DataObject) -> None:
    record = data.draw(_values(kind))
    written = to_bytes(record)
    assert from_bytes(kind, written) == record
    assert to_bytes(from_bytes(kind, written)) == written


@pytest.mark.parametrize("reason", Unknown)
def test_unknown_keeps_its_reason(reason: Unknown) -> None:
    situation = Situation(consent=reason, departement=reason, risks=reason, expiry=reason)
    assert from_bytes(Situation, to_bytes(situation)) == situation


def test_keys_of_a_newer_version_are_passed_over_and_missing_ones_take_their_default() -> None:
    raw = {"language": "ar", "a_future_key": {"x": 1}, "situation": {"departement": "93", "another": []}}
    read = from_bytes(Case, json.dumps(raw).encode())
    assert read == Case(language="ar", situation=Situation(departement="93"))


UNREADABLE = [
    (Case, b"\xff"),
    (Case, b"[]"),
    (Case, b'"text"'),
    (Case, b'{"misses":"1"}'),
    (Case, b'{"misses":true}'),
    (Case, b'{"is_done":1}'),
    (Case, b'{"asked":{}}'),
    (Case, b'{"asked":["no_such_question"]}'),
    (Situation, b'{"consent":{"?":"no_such_reason"}}'),
    (Situation, b'{"consent":null}'),
    (Expiry, b'{"on":"2027-13-01"}'),
    (Pending, b"{}"),
    (OutboundMessage, b'{"text":"x"}'),
]


def test_every_unreadable_record_is_tried() -> None:
    assert len(UNREADABLE) == 13


@pytest.mark.parametrize(("kind", "data"), UNREADABLE)
def test_unreadable_record_is_named_without_its_content(kind: type, data: bytes) -> None:
    with pytest.raises(StorageError, match=f"^a stored {kind.__name__} cannot be read") as caught:
        from_bytes(kind, data)
    assert "no_such" not in str(caught.value)
    assert caught.value.__cause__ is None


@dataclass(frozen=True, slots=True)
class _Odd:
    pair: tuple[int, str] = (1, "x")


@dataclass(frozen=True, slots=True)
class _Either:
    value: int | str = 1


@pytest.mark.parametrize("kind", [_Odd, _Either])
def test_hint_the_codec_does_not_know_is_refused(kind: type) -> None:
    with pytest.raises(StorageError):
        from_bytes(kind, b"{}")


@pytest.mark.parametrize("record", [object(), Draft(at=float("nan")), Draft(at=b"x")])  # type: ignore[arg-type]
def test_what_json_cannot_hold_is_refused(record: object) -> None:
    with pytest.raises(StorageError, match="cannot be written as JSON"):
        to_bytes(record)


def test_time_keeps_its_offset() -> None:
    message = InboundMessage(messages.InboundKind.START, sent_at=datetime(2026, 11, 23, 10, tzinfo=UTC))
    assert from_bytes(InboundMessage, to_bytes(message)) == message
    assert Question.CONSENT.value.encode() in to_bytes(Pending(Question.CONSENT))
