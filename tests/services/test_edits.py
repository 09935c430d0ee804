"""A message that is corrected: before it is played, when it was not understood, and when it was answered long ago."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.parsing import parse_update
from bot.channels.telegram.settings import CAPABILITIES
from bot.core.case import Alert, Case, Pending, Question, Removal
from bot.core.effects import PersonState
from bot.core.messages import OutboundMessage
from bot.core.ports import Address, Received
from bot.core.unknown import UNASKED
from bot.services import edits
from tests.house import make_house
from tests.playing import NOON, PlainEngine, message, turn

AWA = {"id": 7, "is_bot": False, "first_name": "x", "language_code": "fr"}
CHAT = {"id": 7, "type": "private", "first_name": "x"}
AT = Address("telegram", "7")
UNREAD = "Je ne peux pas lire ce type de message."


class Chat:
    """One person on Telegram, and a whole house."""

    def __init__(self, folder):
        self.house = make_house(folder)
        self.updates = 100

    def tell(self, words, message_id=None, *, played=True, **more):
        """A message, an edited one when ``message_id`` is told; what it is answered."""
        self.updates += 1
        now = int(self.house.clock.now().timestamp())
        kind = "message" if message_id is None else "edited_message"
        dates = {"date": now} if message_id is None else {"date": now - 60, "edit_date": now}
        known = {"message_id": message_id or self.updates, "chat": CHAT, "from": AWA, **dates}
        said = {"update_id": self.updates, kind: {**known, "text": words, **more}}
        self.house.take_in("telegram", CAPABILITIES, parse_update(said, self.house.clock.now()))
        return self.play() if played else []

    def play(self):
        house = self.house
        house.clock.set(house.clock.now() + timedelta(seconds=5))
        while house.converse():
            pass
        told = []
        while queued := house.store.outbox.claim(house.clock.now(), timedelta(minutes=1)):
            told.append(queued.message)
            house.store.outbox.sent(queued, house.clock.now())
        return told

    @property
    def last(self):
        """The id of the last message."""
        return self.updates

    @property
    def state(self):
        return self.house.store.persons.state(self.house.store.persons.find(AT))

    @property
    def situation(self):
        return self.state.case.situation

    def count(self, table):
        return self.house.store.database.connection().execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.fixture
def awa(tmp_path):
    chat = Chat(tmp_path)
    chat.tell("Je n'arrive pas à prendre rendez-vous à la préfecture")
    yield chat
    chat.house.close()


def texts(told):
    return [message.text for message in told]


def test_edit_of_the_last_message_that_was_not_understood_answers_the_question(awa):
    assert awa.tell("oiu")[-1].asks == Question.CONSENT
    told = awa.tell("oui", awa.last)
    assert awa.situation.consent is True
    assert told[-1].asks == Question.REMOVAL


def test_second_edit_of_it_still_does(awa):
    awa.tell("oiu")
    first = awa.last
    awa.tell("ouu", first)
    awa.tell("oui", first)
    assert awa.situation.consent is True


def test_small_talk_may_be_mended_too(awa):
    assert awa.tell("bonjour")[-1].asks == Question.CONSENT
    awa.tell("oui", awa.last)
    assert awa.situation.consent is True


def test_request_that_was_answered_is_no_answer_when_it_is_edited(awa):
    assert awa.tell("aide")[-1].asks == Question.CONSENT
    told = awa.tell("oui", awa.last)
    assert texts(told)[0].startswith(UNREAD)
    assert awa.situation.consent is UNASKED


def test_message_after_which_a_human_is_offered_is_not_mended(awa):
    for _ in range(3):
        awa.tell("oiu")
    told = awa.tell("oui", awa.last)
    assert texts(told)[0].startswith(UNREAD)
    assert awa.situation.consent is UNASKED


def test_edit_of_a_message_that_another_followed_answers_no_question(awa):
    awa.tell("oiu")
    first = awa.last
    assert awa.tell("oui")[-1].asks == Question.REMOVAL
    told = awa.tell("oui", first)
    assert texts(told)[0].startswith(UNREAD)
    assert told[-1].asks == Question.REMOVAL
    assert awa.situation.removal is UNASKED
    assert awa.situation.alerts == frozenset()
    assert awa.state.case.misses == 0


def test_edit_of_an_answer_that_was_taken_answers_no_question(awa):
    awa.tell("oui")
    told = awa.tell("non", awa.last)
    assert texts(told)[0].startswith(UNREAD)
    assert told[-1].asks == Question.REMOVAL
    assert (awa.situation.consent, awa.situation.removal) == (True, UNASKED)


def test_edit_that_names_a_command_erases_nothing(awa):
    awa.tell("oui")
    told = awa.tell("EFFACER", awa.last)
    assert texts(told)[0].startswith(UNREAD)
    assert awa.situation.consent is True


@pytest.mark.parametrize(("words", "removal", "alert"), [
    ("J'ai reçu une OQTF hier", Removal.LETTER, Alert.REMOVAL),
    ("URGENT", Removal.LETTER, Alert.REMOVAL),
])  # fmt: skip
def test_alarm_told_in_an_edit_is_heard(awa, words, removal, alert):
    awa.tell("oui")
    first = awa.last
    awa.tell("non")
    told = awa.tell(words, first)
    assert UNREAD not in " ".join(texts(told))
    assert (awa.situation.removal, awa.situation.alerts) == (removal, frozenset({alert}))


def test_alarm_that_was_heard_does_not_ring_again_when_its_words_are_mended(awa):
    awa.tell("j'ai recu une OQTF hier")
    first = awa.last
    awa.tell("bonjour")
    told = awa.tell("J'ai reçu une OQTF hier.", first)
    assert texts(told)[0].startswith(UNREAD)
    assert told[-1].asks == Question.NEXT


def test_edit_after_the_last_question_asks_what_is_wanted_and_welcomes_nobody_back(awa):
    awa.tell("Je suis retenu par la police")
    awa.tell("bonjour")
    told = awa.tell("bonsoir", awa.last)
    assert told[-1].asks == Question.NEXT
    assert "revenu" not in " ".join(texts(told))


def test_edit_before_the_message_is_played_gives_its_words(awa):
    awa.tell("oiu", played=False)
    awa.tell("oui", awa.last, played=False)
    told = awa.play()
    assert awa.situation.consent is True
    assert [message.asks for message in told] == [Question.REMOVAL]
    assert awa.count("inbox") == 2


def test_two_edits_in_a_row_are_one_turn(awa):
    awa.tell("oui")
    first = awa.last
    awa.tell("non", first, played=False)
    awa.tell("Lyon", first, played=False)
    told = awa.play()
    assert texts(told)[0].startswith(UNREAD)
    assert [message.asks for message in told if message.asks] == [Question.REMOVAL]


def test_edit_that_changes_no_word_is_passed_over(awa):
    awa.tell("oui")
    assert awa.tell("oui", awa.last) == []
    assert awa.count("inbox") == 2


def test_edit_of_what_was_said_before_everything_was_erased_begins_nobody(awa):
    awa.tell("oui")
    first = awa.last
    awa.tell("EFFACER", played=False)
    awa.house.clock.set(awa.house.clock.now() + timedelta(seconds=5))
    while awa.house.converse():
        pass
    awa.tell("non", first, played=False)
    assert (awa.count("inbox"), awa.count("identities")) == (0, 1)
    assert [message.is_farewell for message in awa.play()] == [True]
    assert awa.house.store.persons.find(AT) is None
    assert awa.tell("non", first) == []
    assert (awa.count("persons"), awa.count("inbox")) == (0, 0)


def test_edit_by_somebody_unknown_begins_nobody(tmp_path):
    chat = Chat(tmp_path)
    assert chat.tell("oui", 3) == []
    assert chat.count("persons") == 0
    chat.house.close()


def test_edit_of_a_message_that_is_forgotten_answers_no_question(awa):
    awa.tell("oui")
    awa.house.store.database.connection().execute("DELETE FROM inbox")
    told = awa.tell("oui", 3)
    assert texts(told)[0].startswith(UNREAD)
    assert told[-1].asks == Question.REMOVAL


def test_question_that_asks_to_confirm_something_else_is_another_one():
    def missed(after):
        before = Case(language="fr", pending=(Pending(Question.CONFIRM_PLACE, departement="93"),))
        made = turn(replace(before, **after), message("plutôt Lyon", external_id="m:1"), asked="confirm_place")
        return edits.missed(made, before, OutboundMessage("?", "fr", asks=Question.CONFIRM_PLACE))

    assert missed({"misses": 1}) == "m:1"
    assert missed({"misses": 1, "pending": (Pending(Question.CONFIRM_PLACE, departement="69"),)}) == ""


WORDS = ["oui", "non", "oiu", "bonjour", "93", "Lyon", "3 avril 2027", "EFFACER", "salarié", "je ne sais pas", "2"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.none() | st.integers(1, 6)), min_size=3, max_size=14))
def test_settled_edit_changes_nothing_that_was_told(steps):
    """Whatever was said and mended in whatever order; the number says how many messages back is edited."""
    engine, state, names = PlainEngine(), PersonState(Case(language="fr"), b"", ()), []
    for number, (words, back) in enumerate(steps, 1):
        is_edit = back is not None and back <= len(names)
        told = {"edits": names[-back]} if is_edit else {"external_id": f"m:{number}"}
        before, missed = state, json.loads(state.dialogue or b"{}").get("missed")
        record = engine.play(before, Received(number, "p1", message(words, **told), NOON, 1), NOON)
        state = PersonState(record.case, record.dialogue, ())
        if is_edit and told["edits"] != missed:
            assert not record.effects
            assert record.case.situation == replace(before.case.situation, consent=record.case.situation.consent)
            assert record.case.situation.consent in {before.case.situation.consent, UNASKED}
            assert record.case.pending == before.case.pending
            assert record.messages[0].text.startswith(("Bonjour, nous continuons", UNREAD))
        if not is_edit:
            names.append(f"m:{number}")


def test_edited_caption_rings_an_alarm_too(awa):
    awa.tell("oui")
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    awa.tell(None, 3, photo=photo, caption="J'ai reçu une OQTF hier")
    assert awa.situation.alerts == frozenset({Alert.REMOVAL})
