"""Attempts and pictures: consent first, three answers, a confirmation, and never "enough"."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import AttemptChannel, AttemptResult, Case, Draft, Question, Removal, Situation
from bot.core.effects import DiscardFiles, KeepFiles, RecordAttempt
from bot.core.evidence import Proof
from bot.core.ids import FileId
from bot.core.intents import Intent
from bot.core.messages import InboundFile, InboundKind, InboundMessage
from bot.core.reading import CodeReading, Reading, Reply, Status
from bot.core.unknown import UNASKED
from bot.services.flow import Ask, Done, Finish, Reject, Then
from flows.proof.form import ValidateProofForm
from tests.playing import NOON, keys, message, run, services, spoken, turn
from tests.situations import RENEWAL, attempt, situation

PICTURE = InboundFile(FileId("o1"), "image/png", 3, "aa", safe_copy=FileId("s1"))
PROOF = Proof(FileId("o1"), FileId("s1"), "aa", 3, NOON)
WHOLE = Draft("2026-11-20T14:00", AttemptChannel.SITE, AttemptResult.NO_SLOT)
AGREED = Case(language="fr", proof_consent=True, situation=situation(**RENEWAL), is_done=True)
ATTEMPTS = (attempt(date(2026, 11, 2)), attempt(date(2026, 11, 12), number=1))


def picture(*files):
    return InboundMessage(InboundKind.MEDIA, files=files)


def opened(case=AGREED, said=None, **more):
    made = turn(case, said, **more)
    return run("action_proof_open", made), made


def form(case=AGREED, requested=None, said=None, **more):
    made = turn(case, said, **more)
    return run("validate_proof_form", made, requested), made


# --- Opening


def test_attempt_is_told_from_the_start():
    result, made = opened(said=message("j'ai essayé hier"))
    assert (result, made.case.draft, keys(made)) == (Then("proof_form"), Draft(), [])


def test_picture_opens_an_attempt_and_is_kept_when_consent_was_given():
    result, made = opened(said=picture(PICTURE))
    assert (result, made.case.draft.proofs, keys(made)) == (Then("proof_form"), (PROOF,), ["utter_picture_received"])
    assert made.effects == [KeepFiles(("o1", "s1"))]


def test_forwarded_picture_stays_known_as_one_to_the_recorded_attempt():
    _result, made = opened(said=replace(picture(PICTURE), is_forwarded=True))
    assert made.case.draft.proofs == (replace(PROOF, is_forwarded=True),)
    whole = replace(AGREED, draft=replace(WHOLE, proofs=made.case.draft.proofs))
    _result, confirmed = form(whole, "proof_attempt_confirm", message(choice="attempt_confirm:yes"))
    [recorded] = [effect for effect in confirmed.effects if isinstance(effect, RecordAttempt)]
    assert [proof.is_forwarded for proof in recorded.attempt.proofs] == [True]


def test_picture_waits_when_consent_was_not_given():
    _result, made = opened(replace(AGREED, proof_consent=UNASKED), picture(PICTURE))
    assert made.effects == []


def test_second_picture_joins_the_draft():
    earlier = Proof(FileId("o0"), FileId("s0"), "00", 1, NOON)
    _result, made = opened(replace(AGREED, draft=Draft(proofs=(earlier,))), picture(PICTURE))
    assert made.case.draft.proofs == (earlier, PROOF)


def test_refused_consent_is_asked_again_for_a_new_attempt():
    assert opened(replace(AGREED, proof_consent=False))[1].case.proof_consent is UNASKED


def test_new_attempt_ends_the_silence():
    assert opened(replace(AGREED, is_stopped=True))[1].case.is_stopped is False


def test_person_without_a_language_is_asked_first():
    result, made = opened(Case(proof_consent=True), picture(PICTURE))
    assert (result, made.is_heard) == (Then("triage_form"), True)


@pytest.mark.parametrize("removal", [Removal.LETTER, Removal.HELD])
def test_letter_or_police_come_before_any_attempt_and_nothing_is_kept(removal):
    case = AGREED.with_situation(removal=removal)
    result, made = opened(case, picture(PICTURE))
    assert (result, made.effects) == (Then("action_alarm"), [DiscardFiles(("o1", "s1"))])
    assert opened(case)[1].effects == []


PROBLEMS = [
    ("identity_paper", "utter_picture_paper"), ("unreadable", "utter_picture_unreadable"),
    ("too_large", "utter_picture_too_large"), ("empty", "utter_picture_empty"), ("gone", "utter_picture_gone"),
]  # fmt: skip


@pytest.mark.parametrize(("problem", "said"), PROBLEMS, ids=[problem for problem, _said in PROBLEMS])
def test_picture_that_was_not_kept_is_told_once(problem, said):
    bad = InboundFile(FileId(""), "image/png", 3, "aa", problem=problem)
    result, made = opened(said=picture(bad, bad))
    assert result == Done()
    assert keys(made) == [said, "utter_ask_next"]
    assert made.case.draft is None


def test_good_picture_beside_a_bad_one_is_kept():
    bad = InboundFile(FileId(""), "image/png", 3, "aa", problem="empty")
    result, made = opened(said=picture(bad, PICTURE))
    assert (result, made.case.draft.proofs) == (Then("proof_form"), (PROOF,))


def test_picture_without_a_safe_copy_is_unreadable():
    _result, made = opened(said=picture(replace(PICTURE, safe_copy=None)))
    assert keys(made)[0] == "utter_picture_unreadable"


# --- Consent


def consent(draft=Draft(), **more):
    case = replace(AGREED, proof_consent=UNASKED, draft=draft)
    return form(case, "proof_consent", **more)


SMALL_TALK = [
    (Intent.GREET, "utter_greet", 0),
    (Intent.THANKS_BYE, "utter_thanks", 0),
    (Intent.OUT_OF_SCOPE, "utter_out_of_scope", 1),
    (Intent.NLU_FALLBACK, "utter_not_understood", 1),
]


@pytest.mark.parametrize(("intent", "said", "misses"), SMALL_TALK)
def test_small_talk_is_answered_and_the_question_asked_again(intent, said, misses):
    case = replace(AGREED, draft=Draft())
    result, made = form(case, "proof_attempt_when", message("x"), intent=intent, reading=Reading(text="x"))
    assert (result, keys(made)) == (Ask("proof_attempt_when"), [said, "utter_ask_attempt_when"])
    assert made.case.misses == misses


def test_consent_comes_before_everything():
    result, made = form(replace(AGREED, proof_consent=UNASKED, draft=Draft()))
    assert (result, keys(made)) == (Ask("proof_consent"), ["utter_ask_proof_consent"])


def test_picture_is_said_to_wait_for_the_consent():
    _result, made = form(replace(AGREED, proof_consent=UNASKED, draft=Draft(proofs=(PROOF,))))
    assert keys(made) == ["utter_proof_waiting", "utter_ask_proof_consent"]


YES = [{"said": message(choice="proof_consent:yes")}, {"reading": Reading(reply=Reply.YES)}, {"intent": Intent.AFFIRM}]
NO = [{"said": message(choice="proof_consent:no")}, {"reading": Reading(reply=Reply.NO)}, {"intent": Intent.DENY}]


@pytest.mark.parametrize("told", YES, ids=["button", "words", "classifier"])
def test_yes_keeps_the_pictures(told):
    result, made = consent(Draft(proofs=(PROOF,)), **told)
    assert (result, made.case.proof_consent) == (Ask("proof_attempt_when"), True)
    assert made.effects == [KeepFiles(("o1", "s1"))]


def test_yes_without_pictures_keeps_nothing():
    assert consent(said=message(choice="proof_consent:yes"))[1].effects == []


@pytest.mark.parametrize("told", NO, ids=["button", "words", "classifier"])
def test_no_discards_the_pictures_and_the_draft(told):
    result, made = consent(Draft(proofs=(PROOF,)), **told)
    assert (result, made.case.draft, made.case.proof_consent) == (Finish(), None, False)
    assert (made.effects, keys(made)) == ([DiscardFiles(("o1", "s1"))], ["utter_proof_refused"])


def test_no_without_pictures_discards_nothing():
    assert consent(said=message(choice="proof_consent:no"))[1].effects == []


def test_neither_yes_nor_no_is_asked_again_then_a_human_is_offered():
    case = replace(AGREED, proof_consent=UNASKED, draft=Draft())
    said = []
    for _ in range(3):
        result, made = form(case, "proof_consent", message("hein"))
        case = made.case
        said.append(keys(made)[0])
        assert result == Ask("proof_consent")
    assert said == ["utter_not_understood", "utter_not_understood_again", "utter_stuck"]
    assert case.misses == 0


# --- The three answers


def test_questions_come_one_by_one():
    assert form(replace(AGREED, draft=Draft()))[0] == Ask("proof_attempt_when")
    assert form(replace(AGREED, draft=replace(WHOLE, channel=None)))[0] == Ask("proof_attempt_channel")
    assert form(replace(AGREED, draft=replace(WHOLE, result=None)))[0] == Ask("proof_attempt_result")
    assert form(replace(AGREED, draft=WHOLE))[0] == Ask("proof_attempt_confirm")


def test_opening_words_tell_the_day_and_the_answer():
    blocked = CodeReading(Status.FOUND, "blk.noslot")
    words = Reading(text="hier à 14h aucun créneau", blockage=blocked)
    result, made = form(replace(AGREED, draft=Draft()), said=message("x"), reading=words)
    assert result == Ask("proof_attempt_channel")
    assert made.case.draft.at.startswith("2026-11-22T14:00")
    assert made.case.draft.result is AttemptResult.NO_SLOT


def test_what_was_told_is_not_overwritten_by_the_opening():
    words = Reading(text="hier")
    assert form(replace(AGREED, draft=WHOLE), reading=words)[1].case.draft == WHOLE


def test_first_attempt_needs_no_draft_before():
    assert form(AGREED)[0] == Ask("proof_attempt_when")


def test_now_is_the_local_minute():
    _result, made = form(replace(AGREED, draft=Draft()), said=message(choice="attempt_when:now"))
    assert made.case.draft.at == "2026-11-23T12:00+01:00"


WHEN = [("now", "2026-11-23T12:00+01:00"), ("today", "2026-11-23"), ("yesterday", "2026-11-22")]


@pytest.mark.parametrize(("value", "at"), WHEN)
def test_day_may_be_a_button(value, at):
    result, made = form(replace(AGREED, draft=Draft()), "proof_attempt_when", message(choice=f"attempt_when:{value}"))
    assert (result, made.case.draft.at) == (Ask("proof_attempt_channel"), at)


def test_day_of_reunion_is_the_one_of_reunion():
    case = replace(AGREED, draft=Draft()).with_situation(departement="974")
    _result, made = form(case, "proof_attempt_when", message(choice="attempt_when:now"))
    assert made.case.draft.at == "2026-11-23T15:00+04:00"


def test_day_may_be_typed():
    _result, made = form(
        replace(AGREED, draft=Draft()), "proof_attempt_when", message("x"), reading=Reading(text="le 20/11 à 9h")
    )
    assert made.case.draft.at.startswith("2026-11-20T09:00")


@pytest.mark.parametrize("words", ["demain à 14h", "le 24/12/2026", "aujourd'hui à 18h"])
def test_future_is_refused(words):
    _result, made = form(
        replace(AGREED, draft=Draft()), "proof_attempt_when", message("x"), reading=Reading(text=words)
    )
    if made.case.draft.at is not None:
        pytest.fail(made.case.draft.at)
    assert keys(made)[0] in {"utter_attempt_future", "utter_not_understood"}


@pytest.mark.parametrize("at", ["2026-11-24", "2026-11-23T12:06+01:00", "2026-11-23T12:06"])
def test_future_is_told_even_by_minutes(monkeypatch, at):
    form_ = ValidateProofForm(replace(services(), read_moment=lambda *_a: (at, True)))
    made = turn(replace(AGREED, draft=Draft()), message("x"), reading=Reading(text="x"))
    assert form_.run(made, "proof_attempt_when") == Ask("proof_attempt_when")
    assert keys(made)[0] == "utter_attempt_future"
    assert made.case.misses == 1


CHOSEN = [
    ("attempt_channel", "email", {"channel": AttemptChannel.EMAIL}),
    ("attempt_result", "slot", {"result": AttemptResult.SLOT}),
]


@pytest.mark.parametrize(("question", "value", "told"), CHOSEN, ids=["channel", "result"])
def test_place_and_answer_are_buttons(question, value, told):
    draft = replace(WHOLE, **dict.fromkeys(told))
    _result, made = form(replace(AGREED, draft=draft), f"proof_{question}", message(choice=f"{question}:{value}"))
    assert made.case.draft == replace(draft, **told)


def test_answer_may_be_told_as_a_blockage():
    words = Reading(text="x", blockage=CodeReading(Status.FOUND, "blk.captcha"))
    _result, made = form(
        replace(AGREED, draft=replace(WHOLE, result=None)), "proof_attempt_result", message("x"), reading=words
    )
    assert made.case.draft.result is AttemptResult.ERROR


@pytest.mark.parametrize("question", ["attempt_when", "attempt_channel", "attempt_result"])
def test_what_is_not_understood_is_asked_again(question):
    draft = Draft() if question == "attempt_when" else replace(WHOLE, **{question.removeprefix("attempt_"): None})
    result, made = form(replace(AGREED, draft=draft), f"proof_{question}", message("zzz"), reading=Reading(text="zzz"))
    assert (result, keys(made)[0], made.case.misses) == (Ask(f"proof_{question}"), "utter_not_understood", 1)


def test_forged_button_value_is_not_understood():
    _result, made = form(replace(AGREED, draft=Draft()), "proof_attempt_when", message(choice="attempt_when:1900"))
    assert keys(made)[0] == "utter_not_understood"


def test_button_of_another_message_is_inactive():
    made = turn(replace(AGREED, draft=Draft()), message(choice="removal:none"))
    made.choice = None
    assert run("validate_proof_form", made, "proof_attempt_when") == Ask("proof_attempt_when")
    assert keys(made)[0] == "utter_choice_inactive"


# --- Confirmation


def confirm(draft=WHOLE, **more):
    return form(replace(AGREED, draft=draft), "proof_attempt_confirm", **more)


def test_attempt_is_read_back_with_its_pictures():
    _result, made = form(replace(AGREED, draft=replace(WHOLE, proofs=(PROOF,))))
    said = spoken(made)
    assert all(
        word in said
        for word in ("vendredi 20 novembre 2026", "14:00", "Site de rendez-vous", "Pas de créneau", "Images : 1")
    )
    assert "Images" not in spoken(form(replace(AGREED, draft=WHOLE))[1])


def test_confirmed_attempt_is_recorded_with_its_pictures():
    result, made = confirm(replace(WHOLE, proofs=(PROOF,)), said=message(choice="attempt_confirm:yes"))
    (recorded,) = made.attempts
    assert (result, made.case.draft, made.effects) == (Finish(), None, [RecordAttempt(recorded)])
    assert (recorded.channel, recorded.result, recorded.proofs, recorded.has_hour) == (
        AttemptChannel.SITE, AttemptResult.NO_SLOT, (PROOF,), True,
    )  # fmt: skip
    assert recorded.at.isoformat().startswith("2026-11-20T14:00")
    assert recorded.at.tzinfo is not None
    assert recorded.recorded_at == NOON


def test_day_without_an_hour_stays_without_one():
    (recorded,) = confirm(replace(WHOLE, at="2026-11-20"), said=message(choice="attempt_confirm:yes"))[1].attempts
    assert (recorded.has_hour, recorded.at.date()) == (False, date(2026, 11, 20))


def test_slot_that_was_found_is_to_be_kept():
    _result, made = confirm(replace(WHOLE, result=AttemptResult.SLOT), reading=Reading(reply=Reply.YES))
    assert keys(made) == ["utter_attempt_slot_found"]


@pytest.mark.parametrize("proofs", [(), (PROOF,)], ids=["bare", "pictures"])
def test_refused_attempt_is_dropped_with_its_pictures(proofs):
    result, made = confirm(replace(WHOLE, proofs=proofs), said=message(choice="attempt_confirm:no"))
    assert (result, keys(made), made.attempts, made.case.draft) == (Finish(), ["utter_attempt_dropped"], (), None)
    assert made.effects == [DiscardFiles(("o1", "s1"))] * bool(proofs)


def test_confirmation_needs_a_yes_or_a_no():
    result, made = confirm(said=message("zzz"))
    assert (result, keys(made)[0]) == (Ask("proof_attempt_confirm"), "utter_not_understood")


INTERRUPTS = [
    Intent.ALERT_REMOVAL, Intent.ASK_HUMAN, Intent.STOP, Intent.SEND_PICTURE, Intent.DELETE_DATA, Intent.LINK_CHANNELS,
    Intent.ASK_RIGHTS,
]  # fmt: skip


@pytest.mark.parametrize("intent", INTERRUPTS)
def test_urgent_wish_steps_out_of_the_form(intent):
    assert form(replace(AGREED, draft=Draft()), "proof_attempt_when", intent=intent)[0] == Reject()


def test_message_that_was_used_is_not_read_again():
    made = turn(replace(AGREED, draft=Draft()), message("zzz"))
    made.is_heard = True
    assert run("validate_proof_form", made, "proof_attempt_when") == Ask("proof_attempt_when")
    assert keys(made) == ["utter_ask_attempt_when"]


def test_picture_erased_meanwhile_is_told_once():
    gone = InboundFile(FileId("o1"), "", 3, "aa", problem="gone")
    _result, made = form(
        replace(AGREED, draft=Draft()), "proof_attempt_when", InboundMessage(InboundKind.TEXT, "x", files=(gone, gone))
    )
    assert keys(made).count("utter_picture_gone") == 1


# --- After an attempt, and advice


def done(attempts=ATTEMPTS, case=AGREED):
    made = turn(case, attempts=attempts)
    return run("action_proof_done", made), made


def test_log_is_measured_and_the_next_try_is_named():
    result, made = done()
    assert (result, keys(made)) == (Done(), ["utter_attempt_recorded", "utter_coach_next", "utter_ask_next"])
    said = spoken(made)
    assert "Essais notés : 2" in said
    assert "10 jours" in said


@pytest.mark.parametrize(
    ("attempts", "case"), [((), AGREED), (ATTEMPTS, replace(AGREED, proof_consent=False))], ids=["none", "refused"]
)
def test_nothing_to_measure_nothing_said(attempts, case):
    assert keys(done(attempts, case)[1]) == ["utter_ask_next"]


def test_triage_that_was_interrupted_goes_on_after_the_attempt():
    assert done(case=replace(AGREED, is_done=False))[0] == Then("triage_form")


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_no_log_is_ever_called_enough(language):
    from datetime import timedelta

    many = tuple(attempt(date(2026, 8, 1) + timedelta(days=4 * n), proofs=1, number=n) for n in range(28))
    said = spoken(done(many)[1], language).casefold()
    assert not any(word in said for word in ("suffisant", "suffit", "assez", "enough", "sufficient", "كاف", "يكفي"))


def test_no_step_is_named_before_the_triage_has_named_a_plan():
    fresh = Case(language="fr", proof_consent=True, situation=Situation(consent=True))
    spread = (attempt(date(2026, 10, 1)), attempt(date(2026, 11, 12), number=1))
    assert keys(done(spread, fresh)[1]) == ["utter_attempt_recorded"]
    _result, made = done(ATTEMPTS[:1], fresh)
    assert keys(made) == ["utter_attempt_recorded", "utter_coach_next"]
    assert "Prochaine étape" not in spoken(made)


def test_advice_is_the_spread_and_a_checklist():
    made = turn(AGREED)
    assert run("action_proof_advice", made) == Done()
    assert keys(made) == ["utter_coach_next", "utter_capture_checklist", "utter_ask_next"]
    spread_log = (attempt(date(2026, 10, 1)), attempt(date(2026, 11, 12), number=1))
    later = turn(AGREED, attempts=spread_log)
    run("action_proof_advice", later)
    assert len(later.utterances[0].params["lines"].items) == len(made.utterances[0].params["lines"].items) - 1


def test_advice_says_something_even_when_no_rule_may_be_said():
    made = turn(
        AGREED, attempts=(attempt(date(2034, 1, 1)), attempt(date(2034, 3, 1), number=1)), today=date(2035, 1, 1)
    )
    run("action_proof_advice", made)
    assert keys(made) == ["utter_capture_checklist", "utter_ask_next"]


def test_every_button_of_the_proof_is_a_value_we_know():
    from tests.playing import wording

    values = {
        "attempt_channel": set(AttemptChannel),
        "attempt_result": set(AttemptResult),
        "attempt_when": {"now", "today", "yesterday"},
    }
    count = 0
    for source in wording().sources.values():
        for choice, _title in source.buttons:
            question, value = choice.split(":", 1)
            if question in values:
                assert value in values[question]
                count += 1
    assert count == len(AttemptChannel) + len(AttemptResult) + 3
    assert all(Question(question) for question in values)
