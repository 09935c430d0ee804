"""Keys, sealed bytes and keyed hashes."""

from __future__ import annotations

import os

import pytest

from bot.core.errors import StorageError
from bot.core.ids import PersonId
from bot.storage.chunks import CHUNK_BYTES, open_file, seal_file
from bot.storage.sealing import MasterKey, PersonKey, Purpose, fresh_id

ONE, TWO = PersonId("pone"), PersonId("ptwo")
KEY = bytes(range(32))


def test_sealed_bytes_open_for_their_person_and_purpose() -> None:
    sealed = PersonKey(ONE, KEY, os.urandom).seal(Purpose.CASE, b"facts")
    assert b"facts" not in sealed
    assert PersonKey(ONE, KEY, os.urandom).open(Purpose.CASE, sealed) == b"facts"


def test_same_words_are_never_sealed_alike() -> None:
    key = PersonKey(ONE, KEY, os.urandom)
    assert len({key.seal(Purpose.CASE, b"facts") for _ in range(20)}) == 20


def test_randomness_is_the_callers() -> None:
    key = PersonKey(ONE, KEY, bytes)
    assert key.seal(Purpose.CASE, b"facts") == key.seal(Purpose.CASE, b"facts")


FOREIGN = [
    (ONE, bytes(32), Purpose.CASE),
    (TWO, KEY, Purpose.CASE),
    (ONE, KEY, Purpose.DIALOGUE),
]


def test_every_way_to_be_foreign_is_tried() -> None:
    assert len(FOREIGN) == 3


@pytest.mark.parametrize(("person", "data_key", "purpose"), FOREIGN)
def test_sealed_bytes_do_not_open_elsewhere(person: PersonId, data_key: bytes, purpose: Purpose) -> None:
    sealed = PersonKey(ONE, KEY, os.urandom).seal(Purpose.CASE, b"facts")
    with pytest.raises(StorageError):
        PersonKey(person, data_key, os.urandom).open(purpose, sealed)


def test_no_altered_or_cut_byte_opens() -> None:
    key = PersonKey(ONE, KEY, os.urandom)
    sealed = key.seal(Purpose.CASE, b"facts")
    altered = [sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(len(sealed))]
    cut = [sealed[:n] for n in range(len(sealed))]
    for broken in [*altered, *cut, sealed + b"x"]:
        with pytest.raises(StorageError):
            key.open(Purpose.CASE, broken)


def test_data_key_opens_under_its_master_key_only() -> None:
    wrapped = MasterKey(KEY).wrap(bytes(32))
    assert MasterKey(KEY).unwrap(wrapped) == bytes(32)
    with pytest.raises(StorageError):
        MasterKey(bytes(32)).unwrap(wrapped)


def test_file_key_opens_under_its_person_only() -> None:
    wrapped = PersonKey(ONE, KEY, os.urandom).wrap(bytes(32))
    assert PersonKey(ONE, KEY, os.urandom).unwrap(wrapped) == bytes(32)
    with pytest.raises(StorageError):
        PersonKey(ONE, bytes(32), os.urandom).unwrap(wrapped)


def test_keyed_hash_depends_on_key_and_on_where_the_parts_end() -> None:
    master = MasterKey(KEY)
    assert master.keyed_hash("a", "bc") == MasterKey(KEY).keyed_hash("a", "bc")
    different = {
        master.keyed_hash("a", "bc"),
        master.keyed_hash("ab", "c"),
        master.keyed_hash("a", "bc", ""),
        MasterKey(bytes(32)).keyed_hash("a", "bc"),
    }
    assert len(different) == 4
    assert MasterKey(KEY).id != MasterKey(bytes(32)).id


def test_fresh_ids_are_safe_names() -> None:
    ids = {fresh_id("p", os.urandom) for _ in range(50)}
    assert len(ids) == 50
    assert all(each.isalnum() and len(each) == 25 for each in ids)


def _sealed_file(size: int) -> tuple[bytes, bytes]:
    data = os.urandom(size)
    return data, seal_file(KEY, bytes(7), b"whose", data)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_file_opens_whatever_its_size(size: int) -> None:
    data, sealed = _sealed_file(size)
    assert open_file(KEY, b"whose", sealed) == data


def test_cut_reordered_altered_or_swapped_file_does_not_open() -> None:
    step = CHUNK_BYTES + 16
    _, sealed = _sealed_file(2 * CHUNK_BYTES + 5)
    head, body = sealed[:11], sealed[11:]
    broken = [
        b"",
        sealed[:10],
        head,
        head + body[:5],
        head + body[:step],
        head + body[: 2 * step],
        head + body[:-1],
        head + body[step:],
        head + body[step : 2 * step] + body[:step] + body[2 * step :],
        sealed + b"x",
        b"X" + sealed[1:],
        sealed[:6] + b"\x01" + sealed[7:],
        head + bytes([body[0] ^ 1]) + body[1:],
    ]
    for each in broken:
        with pytest.raises(StorageError):
            open_file(KEY, b"whose", each)
    for key, associated in ((bytes(32), b"whose"), (KEY, b"another's")):
        with pytest.raises(StorageError):
            open_file(key, associated, sealed)
