"""The house: everything of one process, made when it is first needed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.bootstrap import FLOWS, REHEARSAL, ROOT, House, HouseClock
from bot.config import Settings
from bot.core.calendar import local_day
from bot.core.case import Case
from bot.core.effects import PersonState
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address, Received
from bot.core.reading import Status
from bot.core.wording import Utterance
from tests.house import make_house
from tests.playing import actions, message


def test_clock_stands_still_when_told_and_goes_on_again():
    clock = HouseClock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.set(datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    clock.set(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_every_flow_of_the_project_is_wired(house):
    assert sorted(FLOWS) == sorted(path.parent.name for path in ROOT.glob("flows/*/actions.py"))
    assert set(house._actions()) == set(actions())


def test_house_that_did_nothing_has_made_nothing(tmp_path):
    house = House(Settings(data_dir=tmp_path / "data"))
    house.close()
    assert not (tmp_path / "data").exists()


def test_first_start_makes_a_folder_for_the_owner_alone(house):
    assert house.store.handoffs.open() == []
    assert (house.settings.data_dir.stat().st_mode & 0o777) == 0o700


def test_ids_are_random_and_long():
    house = House(Settings(data_dir=ROOT))
    ids = {house.new_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(len(one) == 32 for one in ids)


def test_session_key_survives_a_restart(tmp_path):
    keys = []
    for _ in range(2):
        house = make_house(tmp_path / "data")
        keys.append(house.session_key)
        house.close()
    assert keys[0] == keys[1]
    assert len(keys[0]) >= 32


def test_real_parts_are_made_from_the_data_of_the_project(tmp_path):
    house = House(Settings(data_dir=tmp_path / "data"))
    assert house.say(Utterance("utter_yes"), "en").text == "Yes"
    assert [code for code, _name in house.services.languages][:3] == ["fr", "en", "ar"]
    assert house.inspector is house.inspector
    assert house.renderer is house.renderer
    assert house.model_dir == tmp_path / "data" / "models"
    house.close()


def test_conversation_is_played_and_delivered(house):
    address = Address("terminal", "p")
    house.receive(address, "m1", InboundMessage(InboundKind.TEXT, "bonjour"))
    assert house.settle() == 2
    ((person, message),) = house.terminal.take()
    assert (person, message.language) == ("p", "fr")
    assert house.settle() == 0


def test_closing_closes_what_was_started(tmp_path):
    house = make_house(tmp_path / "data")
    house.settle()
    house.close()
    assert house.engine.is_closed


@pytest.mark.parametrize("channel", ["terminal", "web"])
def test_both_channels_are_served(house, channel):
    house.receive(Address(channel, "p"), "m1", InboundMessage(InboundKind.TEXT, "bonjour"))
    assert house.settle() == 2
    assert house.store.handoffs.open() == []


def test_warm_house_has_the_words_of_every_language_and_stores_nothing(house, monkeypatch):
    asked = []
    shelf = house.reference.readers.vocabularies.shelf
    monkeypatch.setattr(type(shelf), "books", lambda _self, codes: asked.extend(codes))
    monkeypatch.setattr(house.engine, "play", lambda state, received, now: asked.append((state, received, now)))
    House.warm_up(house)
    *codes, (state, received, now) = asked
    assert tuple(codes) == shelf.codes
    assert len(codes) == 13
    assert (state.case, state.dialogue, state.attempts) == (Case(), b"", ())
    assert now == house.clock.now()
    assert received.message.text == REHEARSAL
    assert "store" not in vars(house)


def test_what_is_rehearsed_is_a_turn_that_the_engine_can_play(house):
    readers = house.reference.readers
    today = local_day(house.clock.now())
    assert readers.place(REHEARSAL, is_asked=False).status is not Status.NONE
    assert readers.date("le 3 mars", "fr", today, is_asked=True).status is not Status.NONE
    record = house.engine.play(
        PersonState(Case(), b"", ()),
        Received(1, "rehearsal", message(REHEARSAL), house.clock.now(), 1),
        house.clock.now(),
    )
    assert record.messages
