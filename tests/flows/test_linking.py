"""Going on with another messenger: the code, the question, the yes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.case import Case, Draft, Situation
from bot.core.effects import DiscardFiles, IssueLinkCode, JoinPersons
from bot.core.evidence import Proof
from bot.core.ids import FileId
from bot.core.intents import Intent
from bot.core.link_codes import Linking
from bot.core.ports import Received
from bot.core.reading import Reading
from bot.services.flow import Done, Leave, Then
from tests.fakes import PersonState
from tests.playing import GOOD_CODES, NOON, PlainEngine, keys, message, run, spoken, turn

CODE = "K7QM2XPA"
OPEN = Case(language="fr", situation=Situation(consent=True))
ASKED = replace(OPEN, linking=Linking(heard=CODE))


@pytest.fixture(autouse=True)
def codes():
    GOOD_CODES.add(CODE)
    yield
    GOOD_CODES.clear()


def linked(case=OPEN, code=None, choice=None, now=NOON):
    made = turn(case, message(choice=choice) if choice else None, reading=Reading(link_code=code), now=now)
    return run("action_link", made), made


def test_code_is_given_and_shown_in_halves():
    result, made = linked()
    (effect,) = made.effects
    assert isinstance(effect, IssueLinkCode)
    assert made.case.linking.issued == effect.code
    assert f"{effect.code[:4]}-{effect.code[4:]}" in spoken(made)
    assert (result, made.is_heard) == (Then("triage_form"), True)


def test_code_that_is_good_asks_first_and_does_nothing():
    result, made = linked(code=CODE)
    assert (result, keys(made), made.effects) == (Done(), ["utter_link_confirm"], [])
    assert made.case.linking.heard == CODE


def test_yes_joins_and_leaves_the_form():
    result, made = linked(ASKED, choice="link:yes")
    assert (result, keys(made), made.effects) == (Leave(), ["utter_link_done"], [JoinPersons(CODE)])


def test_yes_discards_the_pictures_of_an_attempt_that_was_not_confirmed():
    proof = Proof(FileId("f1"), FileId("f2"), "00", 3, NOON)
    _result, made = linked(replace(ASKED, draft=Draft(proofs=(proof,))), choice="link:yes")
    assert made.effects == [DiscardFiles((FileId("f1"), FileId("f2"))), JoinPersons(CODE)]


def test_no_forgets_the_code():
    result, made = linked(ASKED, choice="link:no")
    assert (result, keys(made), made.effects) == (Then("triage_form"), ["utter_link_refused"], [])
    assert made.case.linking.heard is None


@pytest.mark.parametrize("case", [OPEN, replace(OPEN, linking=Linking(heard="BBBBBBB2"))], ids=["unasked", "expired"])
def test_yes_without_a_good_code_joins_nobody(case):
    _result, made = linked(case, choice="link:yes")
    assert (keys(made), made.effects) == (["utter_link_wrong"], [])


def test_own_code_is_for_the_other_messenger():
    GOOD_CODES.add("AAAAAAA1")
    _result, made = linked(replace(OPEN, linking=Linking(issued="AAAAAAA1")), code="AAAAAAA1")
    assert (keys(made), made.case.linking.heard) == (["utter_link_here"], None)


def test_five_wrong_codes_close_the_door_for_ten_minutes_whatever_comes():
    case = OPEN
    for n in range(5):
        _result, made = linked(case, code=f"AAAAAA{n}B", now=NOON + timedelta(minutes=n))
        assert keys(made) == ["utter_link_wrong"]
        case = made.case
    barred = linked(case, code=CODE, now=NOON + timedelta(minutes=13))[1]
    assert (keys(barred), barred.case) == (["utter_link_wrong"], case)
    later = linked(case, code=CODE, now=NOON + timedelta(minutes=14))[1]
    assert keys(later) == ["utter_link_confirm"]


def test_wrong_codes_far_apart_close_nothing():
    case = OPEN
    for n in range(9):
        case = linked(case, code="AAAAAA1B", now=NOON + n * timedelta(minutes=10))[1].case
    assert case.linking.misses == 1


# --- In words, through the rules


class Talk:
    """A conversation with the flows, without storage."""

    def __init__(self, case=None):
        self.engine = PlainEngine()
        self.state = PersonState(case or Case(language="fr"), b"", ())
        self.seq = 0

    def say(self, text="", choice=None):
        self.seq += 1
        record = self.engine.play(self.state, Received(self.seq, "p1", message(text, choice), NOON, 1), NOON)
        self.state = PersonState(record.case, record.dialogue, ())
        return record


@pytest.mark.parametrize("typed", [f"link {CODE}", "LINK k7qm-2xpa", "relier K7QM 2XPA.", "K7QM-2XPA", "ربط K7QM-2XPA"])
@pytest.mark.parametrize("yes", ["oui", "Oui !", "ok", "نعم"])
def test_code_and_yes_in_the_persons_own_words(typed, yes):
    talk = Talk()
    assert talk.say(typed).messages[-1].choices[0].id == "link:yes"
    assert talk.say(yes).effects == (JoinPersons(CODE),)


def test_no_in_words_goes_back_to_the_question():
    talk = Talk()
    talk.say("bonjour")
    asked = talk.say(f"link {CODE}")
    assert asked.messages[-1].asks is None
    refused = talk.say("non")
    assert (refused.effects, refused.case.linking.heard) == ((), None)
    assert refused.messages[-1].asks == "consent"


def test_yes_to_another_question_joins_nobody():
    talk = Talk(Case(language="fr", linking=Linking(heard=CODE)))
    talk.say("bonjour")
    assert talk.say("oui").effects == ()


def test_other_words_than_yes_and_no_join_nobody():
    talk = Talk(OPEN)
    talk.say(f"link {CODE}")
    record = talk.say("je ne comprends pas")
    assert not any(isinstance(effect, JoinPersons) for effect in record.effects)


def test_link_alone_in_the_middle_of_a_question_gives_a_code_and_asks_again():
    talk = Talk(OPEN)
    asked = talk.say("bonjour").messages[-1].asks
    record = talk.say("relier whatsapp")
    assert isinstance(record.effects[0], IssueLinkCode)
    assert record.messages[-1].asks == asked


def test_code_and_yes_in_the_middle_of_an_attempt_leave_it():
    done = replace(OPEN, is_done=True, proof_consent=True)
    talk = Talk(done)
    assert talk.say(choice="next:proof").messages[-1].asks == "attempt_when"
    assert talk.say(f"link {CODE}").messages[-1].choices[0].id == "link:yes"
    assert talk.say("oui").effects == (JoinPersons(CODE),)


def test_no_in_the_middle_of_an_attempt_goes_on_with_it():
    talk = Talk(replace(OPEN, is_done=True, proof_consent=True))
    talk.say(choice="next:proof")
    talk.say(f"link {CODE}")
    assert talk.say("non").messages[-1].asks == "attempt_when"


def test_link_is_an_intent_of_its_own():
    assert Intent.LINK_CHANNELS == "link_channels"
