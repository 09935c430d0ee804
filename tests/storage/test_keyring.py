"""Unwrapped keys in memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import KeyDestroyedError
from bot.core.ids import PersonId
from bot.storage import keyring
from bot.storage.people import People
from bot.storage.sealing import MasterKey
from tests.records import web

if TYPE_CHECKING:
    from bot.storage.store import Store


def test_only_so_many_keys_are_remembered_and_the_rest_is_unwrapped_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "REMEMBERED", 2)
    people = People(MasterKey(bytes(32)), os.urandom)
    with store.database.transaction() as conn:
        persons = [people.create(conn, web(str(n)), 0)[1].person for n in range(3)]
    with store.database.reading() as conn:
        kept = [people.keyring.find(conn, person)[1] for person in persons]
        assert len(people.keyring) == 2
        assert people.keyring.find(conn, persons[2])[1] is kept[2]
        assert people.keyring.find(conn, persons[0])[1] is not kept[0]


def test_key_of_an_erased_person_leaves_the_memory(store: Store) -> None:
    people = People(MasterKey(bytes(32)), os.urandom)
    with store.database.transaction() as conn:
        number, key = people.create(conn, web("one"), 0)
    with store.database.reading() as conn:
        people.keyring.find(conn, key.person)
        assert len(people.keyring) == 1
        conn.execute("DELETE FROM persons WHERE number = ?", (number,))
        with pytest.raises(KeyDestroyedError):
            people.keyring.find(conn, key.person)
        assert len(people.keyring) == 0
        with pytest.raises(KeyDestroyedError):
            people.keyring.of(conn, number, PersonId(key.person))
