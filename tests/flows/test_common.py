"""What a person can ask for at any moment."""

from dataclasses import replace

import pytest

from bot.core.case import Alert, Case, Draft, Expiry, Pending, Question, Removal, Route, Situation, Tried
from bot.core.effects import CancelReminders, CloseHandoffs, EraseEverything, HandoffReason, HandOver
from bot.core.intents import Intent
from bot.core.messages import InboundKind, InboundMessage
from bot.core.reading import CodeReading, PlaceCandidate, PlaceReading, Reading, Status
from bot.core.unknown import UNASKED, Unknown
from bot.services.flow import Done, Leave, Then
from flows.common.actions import take_back
from tests.playing import keys, message, run, services, spoken, turn
from tests.situations import RENEWAL, attempt, situation

DONE = Case(language="fr", situation=situation(**RENEWAL), is_done=True, step=1)
OPEN = Case(language="fr", situation=Situation(consent=True))
TELLING = replace(DONE, draft=Draft())


def played(name, case=None, said=None, **more):
    made = turn(case or OPEN, said, **more)
    return run(name, made), made


# --- The counter


def test_first_word_opens_the_triage():
    assert played("action_counter", Case())[0] == Then("triage_form")


def test_person_who_comes_back_after_stop_is_welcomed():
    result, made = played("action_counter", replace(OPEN, is_stopped=True))
    assert (result, keys(made), made.case.is_stopped) == (Then("triage_form"), ["utter_back"], False)


def test_consent_that_was_refused_is_asked_again():
    _result, made = played("action_counter", Case(language="fr", situation=Situation(consent=False)))
    assert made.case.situation.consent is UNASKED


AFTER = [
    ("next step", {"said": message(choice="next:step")}, Then("action_triage_outcome"), []),
    ("reminder", {"said": message(choice="next:reminder")}, Then("action_reminder"), []),
    ("a fact", {"reading": Reading(title=CodeReading(Status.FOUND, "ts.sal"))}, Then("action_correct"), []),
    ("off topic", {"intent": Intent.OUT_OF_SCOPE}, Done(), ["utter_out_of_scope", "utter_ask_next"]),
    ("nothing understood", {"intent": Intent.NLU_FALLBACK}, Done(), ["utter_not_understood", "utter_ask_next"]),
    ("a stray answer", {"intent": Intent.ANSWER}, Done(), ["utter_not_understood", "utter_ask_next"]),
    ("hello again", {"intent": Intent.GREET}, Done(), ["utter_welcome", "utter_ask_next"]),
]


@pytest.mark.parametrize(("name", "told", "result", "said"), AFTER, ids=[case[0] for case in AFTER])
def test_after_the_outcome_the_counter_goes_on(name, told, result, said):
    assert (got := played("action_counter", DONE, **told))[0] == result
    assert keys(got[1]) == said


def test_place_told_after_an_alarm_shows_who_helps_there():
    alarmed = Case(language="fr", situation=Situation(consent=True, removal="letter"), is_done=True)
    told = Reading(place=PlaceReading(Status.FOUND, PlaceCandidate("33", "pref-33", "Bordeaux", "Bordeaux (33)")))
    result, made = played("action_counter", alarmed, reading=told)
    assert result == Then("action_association")
    assert (made.case.situation.departement, made.case.situation.arrondissement) == ("33", "Bordeaux")
    assert played("action_counter", made.case, reading=told)[0] == Then("action_correct")


def test_button_that_is_no_longer_there_is_said_to_be_inactive():
    made = turn(DONE, InboundMessage(InboundKind.CHOICE, choice="removal:none"))
    made.choice = None
    assert run("action_counter", made) == Done()
    assert keys(made) == ["utter_choice_inactive", "utter_ask_next"]


def test_alarm_by_mistake_is_taken_back():
    alarmed = replace(DONE, situation=situation(removal="letter", alerts=["removal"], route="visa"))
    result, made = played("action_counter", alarmed, message(choice="do:mistake"))
    assert result == Then("triage_form")
    assert (made.case.is_done, made.case.step, made.is_heard) == (False, 0, True)
    assert (made.case.situation.alerts, made.case.situation.route, made.case.situation.removal) == (
        frozenset(),
        None,
        UNASKED,
    )
    assert made.effects == [CloseHandoffs()]


# --- Digressions come back to where the person was

RESUMED = [("open", OPEN, Then("triage_form")), ("telling", TELLING, Then("proof_form")), ("done", DONE, Done())]
DIGRESSIONS = ["action_human", "action_privacy", "action_rights", "action_status"]


@pytest.mark.parametrize("name", DIGRESSIONS)
@pytest.mark.parametrize(("where", "case", "result"), RESUMED, ids=[case[0] for case in RESUMED])
def test_digression_comes_back_to_the_open_question(name, where, case, result):
    got, made = played(name, case)
    assert got == result
    assert made.is_heard
    assert made.case.situation == case.situation
    assert ("utter_ask_next" in keys(made)) is (where == "done")


def test_human_is_called_once_and_the_second_wish_is_answered():
    _result, made = played("action_human")
    assert (keys(made), made.effects, made.case.handoff) == (["utter_human"], [HandOver(HandoffReason.ASKED)], True)
    _result, again = played("action_human", made.case)
    assert (keys(again), again.effects) == (["utter_human_already"], [])


def test_rights_are_general_and_never_about_the_person():
    _result, made = played("action_rights", DONE)
    assert keys(made)[:1] == ["utter_rights_cannot_say"]
    rules = [u for u in made.utterances if u.key == "utter_rights_intro"]
    assert all(len(u.params["rules"].items) <= 3 for u in rules)


def test_rights_that_may_not_be_said_are_not_said():
    """Years later no rule is statable: only "I cannot say"."""
    from datetime import date

    _result, made = played("action_rights", DONE, today=date(2035, 1, 1))
    assert keys(made)[:1] == ["utter_rights_cannot_say"]
    assert "utter_rights_intro" not in keys(made)


def test_summary_says_every_fact_and_the_attempts():
    from datetime import date

    _result, made = played("action_status", DONE, attempts=(attempt(date(2026, 11, 2)),))
    assert keys(made)[0] == "utter_summary"
    assert "Essais notés : 1" in spoken(made)
    assert "Seine-Saint-Denis (93)" in spoken(made)


def test_summary_of_nothing_says_so():
    assert keys(played("action_status")[1]) == ["utter_summary_empty"]


def test_summary_of_attempts_alone_is_no_empty_one():
    from datetime import date

    assert keys(played("action_status", attempts=(attempt(date(2026, 11, 2)),))[1]) == ["utter_summary"]


# --- Languages


def test_language_is_switched_by_button_or_by_name():
    for more in ({"said": message(choice="language:ar")}, {"reading": Reading(named_language="ar")}):
        result, made = played("action_language", DONE, **more)
        assert (result, made.case.language, keys(made)) == (Done(), "ar", ["utter_language_changed", "utter_ask_next"])
        assert made.case.situation == DONE.situation
        assert made.case.answered == (Question.LANGUAGE,)


def test_first_language_is_taken_without_a_word():
    result, made = played("action_language", Case(), message(choice="language:en"))
    assert (result, made.case.language, keys(made)) == (Then("triage_form"), "en", [])


@pytest.mark.parametrize(
    "more", [{}, {"reading": Reading(named_language="zz")}, {"said": message(choice="do:language")}]
)
def test_picker_is_shown_when_no_offered_language_is_named(more):
    result, made = played("action_language", DONE, **more)
    assert result == Done()
    (said,) = made.utterances
    assert (said.key, said.asks) == ("utter_language", "language")
    assert [offer.id for offer in said.offers] == [f"language:{code}" for code, _name in services().languages]


def test_refusing_a_language_is_remembered():
    case = replace(DONE, drift="en", language_refused=frozenset({"ar"}))
    result, made = played("action_language", case, message(choice="language:keep"))
    assert (result, made.case.language, made.case.drift) == (Done(), "fr", None)
    assert made.case.language_refused == {"en", "ar"}


def test_refusing_when_nothing_was_offered_changes_nothing():
    _result, made = played("action_language", DONE, message(choice="language:keep"))
    assert made.case.language_refused == frozenset()


# --- Erasure, silence, thanks


@pytest.mark.parametrize("more", [{"said": message(choice="erase:yes")}, {"reading": Reading(command="erase")}])
def test_erasure_leaves_nothing_but_the_language_of_the_farewell(more):
    result, made = played("action_erase", replace(TELLING, language="ar"), **more)
    assert (result, made.effects, keys(made)) == (Leave(), [EraseEverything()], ["utter_erased"])
    assert made.case == Case(language="ar")


def test_erasure_is_confirmed_first_when_it_was_only_a_wish():
    result, made = played("action_erase", DONE)
    assert (result, keys(made), made.effects, made.case) == (Done(), ["utter_erase_confirm"], [], DONE)


def test_erasure_can_be_refused():
    result, made = played("action_erase", OPEN, message(choice="erase:no"))
    assert (result, keys(made), made.effects) == (Then("triage_form"), ["utter_erase_kept"], [])


def test_stop_is_silence_and_no_erasure():
    result, made = played("action_stop", DONE)
    assert (result, keys(made), made.effects) == (Done(), ["utter_stopped"], [CancelReminders()])
    assert (made.case.is_stopped, made.case.situation) == (True, DONE.situation)


@pytest.mark.parametrize(("case", "result"), [(DONE, Done()), (OPEN, Then("triage_form"))], ids=["done", "open"])
def test_thanks_is_polite_and_does_not_insist(case, result):
    got, made = played("action_thanks", case)
    assert (got, keys(made)) == (result, ["utter_thanks"])


# --- Corrections


def test_nothing_can_be_corrected_before_it_was_said():
    result, made = played("action_correct")
    assert (result, keys(made)) == (Then("triage_form"), ["utter_correct_nothing"])


def test_last_answers_are_offered_first():
    result, made = played("action_correct", DONE)
    assert result == Done()
    assert [offer.id for offer in made.utterances[0].offers] == [
        "correct:risk", "correct:tried", "correct:blockage", "correct:expiry", "correct:title", "correct:procedure",
        "correct:place", "correct:removal",
    ]  # fmt: skip
    assert spoken(made)


def test_unanswered_questions_are_not_offered():
    case = replace(OPEN, situation=situation(departement="93", title="dont_know"))
    _result, made = played("action_correct", case)
    assert [offer.id for offer in made.utterances[0].offers] == ["correct:title", "correct:place"]


CORRECTED = {
    Question.REMOVAL: {"removal": Removal.NONE},
    Question.PLACE: {"departement": "93", "arrondissement": "Bobigny"},
    Question.PROCEDURE: {"procedure": "proc.renew"},
    Question.TITLE: {"title": "ts.sal"},
    Question.EXPIRY: {"expiry": Expiry()},
    Question.BLOCKAGE: {"blockage": "blk.noslot"},
    Question.TRIED: {"tried": Tried.WEEKS},
    Question.RISK: {"risks": frozenset()},
}


@pytest.mark.parametrize("question", CORRECTED, ids=str)
def test_corrected_answer_is_asked_again_and_the_others_stay(question):
    kept = {"consent": True, "alerts": frozenset({Alert.SCAM}), "route": Route.VISA, "removal": Unknown.DECLINED}
    case = Case(
        language="fr", situation=Situation(**{**kept, **CORRECTED[question]}), asked=(question, Question.CONSENT),
        answered=(question,), pending=(Pending(question),), is_done=True, step=3, unknowns=2,
    )  # fmt: skip
    result, made = played("action_correct", case, message(choice=f"correct:{question}"))
    assert (result, keys(made), made.is_heard) == (Then("triage_form"), ["utter_correct_again"], True)
    after = made.case
    fresh = Situation()
    assert all(getattr(after.situation, name) == getattr(fresh, name) for name in CORRECTED[question])
    assert after.situation.alerts == {Alert.SCAM}
    assert (after.asked, after.answered, after.pending) == ((Question.CONSENT,), (), ())
    assert (after.is_done, after.step, after.unknowns) == (False, 0, 0)


@pytest.mark.parametrize("choice", ["correct:risk", "correct:nonsense", "correct:", "correct:proof_consent"])
def test_correction_of_what_was_not_answered_shows_what_was(choice):
    case = replace(OPEN, situation=situation(departement="93"))
    result, made = played("action_correct", case, message(choice=choice))
    assert (result, keys(made), made.case) == (Done(), ["utter_correct_which"], case)


def test_corrected_place_forgets_its_confirmation_too():
    case = Case(
        asked=(Question.CONFIRM_PLACE,), pending=(Pending(Question.CONFIRM_PLACE), Pending(Question.CONFIRM_DATE))
    )
    after = take_back(case, Question.PLACE)
    assert after.asked == ()
    assert after.pending == (Pending(Question.CONFIRM_DATE),)
