"""The triage form, its outcome, alarms and other doors."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.core.case import Alert, Case, Draft, ExpiryBucket, Pending, Question, Removal, Risk, Route, Situation, Tried
from bot.core.effects import DiscardFiles, Remind, ReminderKind
from bot.core.evidence import Proof
from bot.core.ids import FileId
from bot.core.intents import Intent
from bot.core.messages import InboundKind, InboundMessage
from bot.core.procedures import Procedure
from bot.core.reading import CodeReading, DateReading, PlaceCandidate, PlaceReading, Precision, Reading, Reply, Status
from bot.core.unknown import Unknown
from bot.services.flow import Ask, Done, Finish, Leave, Reject, Then
from flows.triage.outcome import QUIET
from tests.playing import NOON, keys, message, run, services, spoken, turn, wording
from tests.situations import RENEWAL, attempt, situation

AGREED = Case(language="fr", situation=Situation(consent=True), asked=(Question.LANGUAGE, Question.CONSENT))
PLACE = PlaceReading(Status.FOUND, PlaceCandidate("93", "pref-93", "Bobigny"))
SAL = CodeReading(Status.FOUND, "ts.sal")
DONE = Case(language="fr", situation=situation(**RENEWAL), is_done=True)


def form(case=AGREED, requested=None, said=None, **more):
    made = turn(case, said, **more)
    return run("validate_triage_form", made, requested), made


# --- The form


def test_language_comes_first_then_consent_then_the_letter():
    result, made = form(Case())
    assert (result, keys(made)) == (Ask("triage_language"), ["utter_language"])
    assert form(Case(language="fr"))[0] == Ask("triage_consent")
    assert form(AGREED)[0] == Ask("triage_removal")


def test_phone_s_language_is_a_hint_and_comes_first_in_the_picker():
    _result, made = form(Case(), said=InboundMessage(InboundKind.START, language_hint="ar"))
    assert [offer.id for offer in made.utterances[0].offers][:3] == ["language:ar", "language:fr", "language:en"]
    assert made.case.language is None


def test_draft_language_is_said_to_be_one_once():
    _result, made = form(Case(language="ar"))
    assert keys(made) == ["utter_language_draft", "utter_ask_consent"]
    _result, again = form(made.case)
    assert keys(again) == ["utter_again_consent"]
    assert keys(form(Case(language="fr"))[1]) == ["utter_ask_consent"]


def test_opening_message_is_kept_to_be_confirmed():
    words = Reading(text="x", place=PLACE, title=SAL)
    _result, made = form(AGREED, said=message("x"), reading=words)
    assert {p.question for p in made.case.pending} == {Question.CONFIRM_PLACE, Question.CONFIRM_TITLE}
    assert made.case.situation.departement is Situation().departement


def test_asked_question_is_counted_once():
    _result, made = form(AGREED)
    _result, again = form(made.case)
    assert again.case.asked.count(Question.REMOVAL) == 1


def test_answer_is_recorded_and_the_next_question_is_asked():
    result, made = form(AGREED, "triage_removal", message(choice="removal:none"), intent=Intent.ANSWER)
    assert (result, made.case.situation.removal, made.is_heard) == (Ask("triage_place"), Removal.NONE, True)


def test_question_that_was_not_understood_is_asked_again_and_then_a_human_is_offered():
    case, said = AGREED, []
    for _ in range(3):
        result, made = form(case, "triage_removal", message("zzz"), reading=Reading(text="zzz"))
        case = made.case
        said.append(keys(made))
        assert result == Ask("triage_removal")
    assert said[0] == ["utter_not_understood", "utter_ask_removal"]
    assert said[1][0] == "utter_not_understood_again"
    assert said[2] == ["utter_stuck"]
    assert case.misses == 0


def test_trying_again_asks_the_question_once_more():
    _result, made = form(AGREED, "triage_removal", message(choice="do:continue"))
    assert keys(made) == ["utter_ask_removal"]


REMARKS = [
    ("off topic", {"intent": Intent.OUT_OF_SCOPE, "reading": Reading(text="pizza")}, "utter_out_of_scope"),
    ("nothing", {"reading": Reading()}, "utter_empty"),
    (
        "another fact",
        {"intent": Intent.BLOCKED_APPOINTMENT, "reading": Reading(text="x", title=SAL)},
        "utter_noted_other",
    ),
    ("hello", {"intent": Intent.GREET, "reading": Reading(text="bonjour")}, "utter_greet"),
    ("thanks", {"intent": Intent.THANKS_BYE, "reading": Reading(text="merci")}, "utter_thanks"),
]


@pytest.mark.parametrize(("name", "told", "said"), REMARKS, ids=[case[0] for case in REMARKS])
def test_what_is_no_answer_gets_a_remark_and_the_question_again(name, told, said):
    result, made = form(AGREED, "triage_removal", message("x"), **told)
    assert (result, keys(made)) == (Ask("triage_removal"), [said, "utter_ask_removal"])


def test_polite_yes_is_a_yes():
    words = Reading(text="non merci", reply=Reply.NO)
    assert form(AGREED, "triage_removal", message("x"), intent=Intent.THANKS_BYE, reading=words)[0] == Ask(
        "triage_place"
    )


def test_button_of_another_message_is_inactive():
    made = turn(AGREED, message(choice="consent:yes"))
    made.choice = None
    assert run("validate_triage_form", made, "triage_removal") == Ask("triage_removal")
    assert keys(made)[0] == "utter_choice_inactive"


def test_person_who_comes_back_is_welcomed():
    _result, made = form(replace(AGREED, is_stopped=True), "triage_removal", message(choice="removal:none"))
    assert keys(made)[0] == "utter_back"
    assert made.case.is_stopped is False


@pytest.mark.parametrize("problem", ["impossible", "too_far", "too_old", "foreign_calendar", "range"])
def test_date_that_cannot_be_gets_its_remark(problem):
    case = AGREED.with_situation(removal=Removal.NONE, departement="93", procedure="proc.renew", title="ts.sal")
    words = Reading(text="x", date=DateReading(problem=problem))
    _result, made = form(case, "triage_expiry", message("x"), reading=words)
    assert keys(made)[0] == f"utter_bad_date_{problem}"
    assert spoken(made)


@pytest.mark.parametrize("intent", [Intent.ASK_HUMAN, Intent.STOP, Intent.ALERT_VIOLENCE, Intent.ASK_LETTER])
def test_wish_steps_out_of_the_form(intent):
    assert form(AGREED, "triage_removal", message("x"), intent=intent)[0] == Reject()


def test_picture_steps_out_of_the_form():
    assert form(AGREED, "triage_removal", InboundMessage(InboundKind.MEDIA), intent=Intent.ANSWER)[0] == Reject()


def test_message_that_was_used_is_not_read_again():
    made = turn(AGREED, message("zzz"))
    made.is_heard = True
    assert run("validate_triage_form", made, "triage_removal") == Ask("triage_removal")
    assert keys(made) == ["utter_ask_removal"]


def test_refused_consent_ends_the_questions():
    assert form(Case(language="fr"), "triage_consent", message(choice="consent:no"))[0] == Finish()


def test_enough_is_known_and_the_questions_end():
    case = replace(AGREED, situation=situation(**RENEWAL), pending=(Pending(Question.CONFIRM_DATE),))
    result, made = form(case)
    assert (result, made.case.is_done, made.case.pending) == (Finish(), True, ())


def test_triage_that_is_done_asks_nothing():
    assert form(DONE)[0] == Finish()


# --- Questions


def test_place_is_confirmed_or_chosen():
    one = replace(
        AGREED.with_situation(removal=Removal.NONE), pending=(Pending(Question.CONFIRM_PLACE, "93", "Bobigny"),)
    )
    _result, made = form(one)
    assert "Bobigny – Seine-Saint-Denis (93)" in spoken(made)
    several = replace(one, pending=(Pending(Question.CONFIRM_PLACE, candidates=("93", "974")),))
    _result, made = form(several)
    assert [offer.id for offer in made.utterances[0].offers] == [
        "place:93", "place:974", "confirm:no", "any:dont_know", "any:decline",
    ]  # fmt: skip
    assert spoken(made)


def test_title_and_procedure_are_confirmed_together():
    case = AGREED.with_situation(removal=Removal.NONE, departement="93", blockage="blk.noslot")
    pending = Pending(Question.CONFIRM_TITLE, title="ts.sal", procedure="proc.renew")
    _result, made = form(replace(case, pending=(pending,)))
    assert keys(made) == ["utter_ask_confirm_title"]
    assert len(made.utterances[0].params["facts"].items) == 3
    _result, made = form(replace(case, pending=(replace(pending, title=None),), asked=(*case.asked, Question.BLOCKAGE)))
    assert len(made.utterances[0].params["facts"].items) == 1
    _result, made = form(replace(case, pending=(replace(pending, procedure=None, title="ts.sal"),)))
    assert len(made.utterances[0].params["facts"].items) == 2


def test_several_titles_are_chosen_from():
    case = AGREED.with_situation(removal=Removal.NONE, departement="93", procedure="proc.renew")
    pending = Pending(Question.CONFIRM_TITLE, candidates=("ts.vpf_fr", "ts.vpf_liens"))
    _result, made = form(replace(case, pending=(pending,)))
    assert [offer.id for offer in made.utterances[0].offers][:3] == [
        "title:ts.vpf_fr",
        "title:ts.vpf_liens",
        "confirm:no",
    ]


DATES = [
    (Pending(Question.CONFIRM_DATE, on=date(2027, 1, 20)), "utter_ask_confirm_date", "mercredi 20 janvier 2027"),
    (
        Pending(Question.CONFIRM_DATE, on=date(2027, 1, 1), is_month_only=True),
        "utter_ask_confirm_date",
        "janvier 2027 (01/2027)",
    ),
    (Pending(Question.CONFIRM_DATE, candidates=("2027-04-03", "2027-03-04")), "utter_choose_date", "deux façons"),
    (Pending(Question.CONFIRM_DATE, candidates=("2027-03-03", "2026-03-03")), "utter_choose_year", "Il manque l'année"),
    (Pending(Question.CONFIRM_DATE, candidates=("2027-03", "2026-03")), "utter_choose_year", "Il manque l'année"),
]


@pytest.mark.parametrize(("pending", "key", "said"), DATES, ids=["day", "month", "two", "year", "year of a month"])
def test_date_is_read_back_before_it_is_a_fact(pending, key, said):
    case = AGREED.with_situation(removal=Removal.NONE, departement="93", procedure="proc.renew", title="ts.sal")
    result, made = form(replace(case, pending=(pending,)))
    assert (result, keys(made)) == (Ask("triage_confirm_date"), [key])
    assert said in spoken(made)


@pytest.mark.parametrize(
    ("blockage", "key"), [("blk.noslot", "utter_ask_tried"), ("blk.anef_wait", "utter_ask_waited")]
)
def test_whoever_waits_for_an_answer_is_asked_how_long_they_wait(blockage, key):
    told = {**RENEWAL, "tried": Unknown.UNASKED, "blockage": blockage}
    _result, made = form(replace(AGREED, situation=situation(**told)))
    assert keys(made) == [key]


def test_every_button_of_the_triage_is_a_value_we_know():
    kinds = {
        "consent": {"yes", "no"}, "removal": set(Removal), "procedure": set(Procedure), "expiry": set(ExpiryBucket),
        "title": {*services().titles, "group.vpf", "group.cra"}, "tried": set(Tried), "risk": set(Risk),
        "confirm": {"yes", "no"}, "any": {"dont_know", "decline"}, "place": {d.code for d in services().gazetteer.departements},
        "blockage": {key.removeprefix("blockage.") for key in wording().sources if key.startswith("blockage.")},
    }  # fmt: skip
    checked = 0
    for source in wording().sources.values():
        for choice, _title in source.buttons:
            kind, value = choice.split(":", 1)
            if kind in kinds:
                assert value in kinds[kind], choice
                checked += 1
    assert checked > 80


# --- The outcome


def outcome(case=DONE, **more):
    made = turn(case, **more)
    return run("action_triage_outcome", made), made


def test_outcome_is_short_and_has_one_next_step():
    result, made = outcome()
    assert result == Done()
    assert keys(made)[0] == "utter_outcome"
    assert keys(made)[-2:] == ["utter_outcome_next", "utter_ask_next"]
    assert len(made.utterances[0].params["lines"].items) <= 5
    assert "pas un conseil juridique" in spoken(made)
    assert made.case.step == 1


def test_next_step_is_said_alone_and_the_last_one_is_said_to_be_the_last():
    case = DONE
    _result, made = outcome(case)
    said = [made.utterances[-2].params["step"]]
    for _ in range(20):
        case = made.case
        _result, made = outcome(case)
        assert "utter_outcome" not in keys(made)
        if "utter_no_more_steps" in keys(made):
            break
        said.append(made.utterances[0].params["step"])
    else:
        pytest.fail("no last step")
    assert len(set(said)) == len(said) >= 3


def test_prefecture_and_tribunal_are_named_when_there_are_some():
    assert "Préfecture de la Seine-Saint-Denis" in spoken(outcome()[1])
    collectivity = replace(DONE, situation=situation(**{**RENEWAL, "departement": "988"}))
    assert "Votre préfecture" not in spoken(outcome(collectivity)[1])
    nowhere = replace(DONE, situation=situation(**{**RENEWAL, "departement": "dont_know"}))
    assert "Votre préfecture" not in spoken(outcome(nowhere)[1])


def test_rules_that_may_not_be_said_are_named_as_such():
    _result, made = outcome(today=date(2035, 1, 1))
    lines = [getattr(line, "key", "") for line in made.utterances[0].params["lines"].items]
    assert "utter_rights_cannot_say" in lines
    assert not any(key.startswith("rule.") for key in lines)


@pytest.mark.parametrize("wish", ["letter", "association"])
def test_wish_made_before_the_triage_is_taken_up_after_it(wish):
    result, made = outcome(replace(DONE, wants=wish))
    assert result == Then(f"action_{wish}")
    assert "utter_ask_next" not in keys(made)


def test_nothing_is_kept_without_consent_and_doors_are_said_all_the_same():
    case = Case(
        language="fr",
        situation=Situation(consent=False, departement="93"),
        wants="letter",
        answered=(Question.CONSENT,),
    )
    result, made = outcome(case)
    assert (result, keys(made)) == (Done(), ["utter_no_consent"])
    assert made.case.situation == Situation(consent=False)
    assert (made.case.wants, made.case.answered, made.case.is_done) == (None, (), False)
    assert spoken(made)


QUIETLY = [
    {"removal": "letter"},
    {"removal": "held"},
    {"alerts": ["violence"]},
    {"alerts": ["minor"]},
    {"route": "asylum"},
]


@pytest.mark.parametrize("told", QUIETLY, ids=str)
@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_alarm_or_other_door_says_all_it_has_at_once_and_asks_nothing(told, language):
    result, made = outcome(replace(DONE, situation=situation(**told)))
    assert (result, keys(made)) == (Done(), ["utter_stop_alarm", "utter_alarm_then"])
    assert made.utterances[-1].asks is None
    assert spoken(made, language)


# --- Alarms, scams, doors, reminders

RINGS = [
    ("a letter", {"intent": Intent.ALERT_REMOVAL}, {Alert.REMOVAL}, Removal.LETTER),
    ("the police", {"intent": Intent.ALERT_DETENTION}, {Alert.DETENTION}, Removal.HELD),
    ("both", {"reading": Reading(alerts=(Alert.REMOVAL, Alert.DETENTION))}, {Alert.REMOVAL, Alert.DETENTION}, Removal.HELD),
    ("violence", {"intent": Intent.ALERT_VIOLENCE}, {Alert.VIOLENCE}, Unknown.UNASKED),
    ("a child", {"intent": Intent.ALERT_MINOR}, {Alert.MINOR}, Unknown.UNASKED),
]  # fmt: skip


@pytest.mark.parametrize(("name", "told", "alerts", "removal"), RINGS, ids=[case[0] for case in RINGS])
def test_alarm_stops_the_questions(name, told, alerts, removal):
    made = turn(replace(AGREED, pending=(Pending(Question.CONFIRM_PLACE),)), **told)
    assert run("action_alarm", made) == Leave()
    assert (made.case.situation.alerts, made.case.situation.removal) == (alerts, removal)
    assert (made.case.is_done, made.case.pending) == (True, ())
    assert keys(made) == ["utter_stop_alarm", "utter_alarm_then"]


def test_alarm_leaves_no_draft_and_no_picture():
    proof = Proof(FileId("o"), FileId("s"), "00", 1, NOON)
    made = turn(replace(AGREED, draft=Draft(proofs=(proof,))), intent=Intent.ALERT_REMOVAL)
    run("action_alarm", made)
    assert made.case.draft is None
    assert made.effects == [DiscardFiles(("o", "s"))]


def test_young_adult_goes_on_with_the_triage():
    made = turn(AGREED, intent=Intent.ALERT_MINOR, reading=Reading(is_youth=True))
    assert run("action_alarm", made) == Then("triage_form")
    assert (made.case.is_done, made.case.situation.is_youth) == (False, True)


def test_scam_is_named_without_blame_and_the_triage_goes_on():
    made = turn(AGREED, asked="removal")
    assert run("action_scam", made) == Then("triage_form")
    assert (keys(made), made.is_heard, made.case.situation.alerts) == (["utter_scam"], True, {Alert.SCAM})


def test_first_message_about_a_scam_is_still_read_for_facts():
    made = turn(AGREED)
    run("action_scam", made)
    assert made.is_heard is False


@pytest.mark.parametrize(
    ("case", "result"), [(DONE, Done()), (replace(AGREED, draft=Draft()), Then("proof_form"))], ids=["done", "draft"]
)
def test_scam_comes_back_to_where_the_person_was(case, result):
    assert run("action_scam", turn(case)) == result


@pytest.mark.parametrize("route", list(Route))
@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_other_door_has_its_words(route, language):
    made = turn(AGREED, reading=Reading(route=route), intent=Intent.ROUTE_OTHER)
    assert run("action_route", made) == Leave()
    assert made.case.situation.route is route
    assert spoken(made, language)


def test_asylum_may_be_told_by_the_classifier_alone():
    made = turn(AGREED, intent=Intent.ROUTE_ASYLUM)
    run("action_route", made)
    assert made.case.situation.route is Route.ASYLUM


def test_door_nobody_knows_is_said_to_be_out_of_scope():
    made = turn(AGREED, intent=Intent.ROUTE_OTHER)
    assert run("action_route", made) == Then("triage_form")
    assert keys(made) == ["utter_out_of_scope"]


def test_reminder_comes_in_two_days_at_an_hour_of_the_day():
    made = turn(DONE)
    assert run("action_reminder", made) == Done()
    (effect,) = made.effects
    assert isinstance(effect, Remind)
    assert effect.kind is ReminderKind.TRY_AGAIN
    assert effect.at.date() == date(2026, 11, 25)
    assert effect.at.hour in {9, 12, 15, 18}
    assert "25/11/2026" in spoken(made)


def test_reminder_of_whoever_is_early_comes_when_the_window_opens():
    early = replace(DONE, situation=situation(**{**RENEWAL, "title": "ts.etu", "expiry": date(2027, 9, 30)}))
    made = turn(early)
    run("action_reminder", made)
    (effect,) = made.effects
    assert effect.kind is ReminderKind.WINDOW_OPENS
    assert date(2027, 5, 1) < effect.at.date() < date(2027, 7, 1)


def test_reminders_of_following_days_come_at_different_hours():
    hours = set()
    for day in range(23, 27):
        made = turn(DONE, today=date(2026, 11, day))
        run("action_reminder", made)
        hours.add(made.effects[0].at.hour)
    assert hours == {9, 12, 15, 18}


def test_quiet_outcomes_are_the_alarms_and_the_other_door():
    assert {str(one) for one in QUIET} == {"O-STOP", "O-SAFE", "O-MINOR", "O-ROUTE"}


# --- Letter and association


def letter(**told):
    made = turn(replace(DONE, situation=situation(**{**RENEWAL, **told}), wants="letter"))
    return run("action_letter", made), made


def test_letter_comes_after_the_triage():
    made = turn(AGREED)
    assert run("action_letter", made) == Then("triage_form")
    assert (keys(made), made.case.wants) == (["utter_letter_after_triage"], "letter")


def test_letter_is_ready_when_it_fits():
    result, made = letter()
    assert (result, keys(made), made.case.wants) == (Done(), ["utter_letter_ready", "utter_ask_next"], None)
    (file,) = made.utterances[0].files
    assert (file.name, file.media_type) == ("lettre-prefet.pdf", "application/pdf")


@pytest.mark.parametrize(
    "told", [{"removal": "letter"}, {"blockage": "blk.refused_desk"}, {"alerts": ["violence"]}], ids=str
)
def test_letter_that_can_harm_is_never_written(told):
    _result, made = letter(**told)
    assert keys(made)[0] == "utter_letter_stop"
    assert made.utterances[0].files == ()


def test_letter_of_a_person_without_a_title_is_for_a_jurist():
    _result, made = letter(title="doc.none", procedure="proc.first", expiry="dont_know")
    assert keys(made)[0] == "utter_letter_not_aes"


def test_letter_to_nobody_is_not_written():
    _result, made = letter(departement="dont_know")
    assert keys(made)[0] in {"utter_letter_not_now", "utter_letter_not_aes"}
    assert made.utterances[0].files == ()


def association(case, **more):
    made = turn(case, **more)
    return run("action_association", made), made


def test_place_is_asked_before_associations_are_shown():
    result, made = association(AGREED)
    assert (result, keys(made), made.case.wants, made.is_heard) == (
        Then("triage_form"), ["utter_association_place_first"], "association", True,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_near_ones_come_first_with_their_distance_and_a_warning(language):
    result, made = association(replace(DONE, language=language))
    assert (result, keys(made)[0], keys(made)[-2:]) == (
        Done(), "utter_association_intro", ["utter_association_check", "utter_ask_next"],
    )  # fmt: skip
    assert "km" in spoken(made, language).casefold() or language == "ar"
    assert len(spoken(made, language)) < 4000


def test_everybody_finds_somebody_in_every_departement():
    for departement in services().gazetteer.departements:
        _result, made = association(replace(DONE, situation=situation(**{**RENEWAL, "departement": departement.code})))
        said = keys(made)
        assert said[0] in {"utter_association_intro", "utter_association_wide", "utter_association_none"}
        assert said[0] != "utter_association_none" or "utter_association_national" in said
        assert spoken(made)


def test_person_who_does_not_say_the_place_sees_who_helps_everywhere():
    case = replace(AGREED, situation=situation(departement="declined"), answered=(Question.PLACE,))
    result, made = association(case)
    assert result == Then("triage_form")
    assert keys(made)[0] == "utter_association_none"
    assert "utter_association_national" in keys(made)


@pytest.mark.parametrize(
    "told", [{"alerts": ["violence"]}, {"alerts": ["minor"]}, {"route": "driving"}, {"removal": "letter"}], ids=str
)
def test_need_decides_who_is_shown(told):
    _result, made = association(replace(DONE, situation=situation(departement="93", **told)))
    assert "utter_association_check" in keys(made)
    assert spoken(made)


def test_old_entry_says_only_what_is_safe():
    """Ten years later every entry is stale: no telephone number is shown any more."""
    _result, made = association(DONE, today=date(2036, 1, 1))
    entries = [u for u in made.utterances if "entries" in u.params]
    flat = repr(entries)
    assert "utter_org_full" not in flat
    assert "utter_org_stale" in flat


def test_attempts_do_not_change_who_helps():
    assert association(DONE, attempts=(attempt(date(2026, 11, 2)),))[0] == Done()
    assert isinstance(NOON, datetime)
    assert DateReading(Status.FOUND, "2027-01-20", Precision.DAY).iso


def test_entry_in_which_town_and_distance_are_unknown_still_has_words():
    """In a collectivity nobody knows a distance; the place-less person sees the whole of France."""
    _result, made = association(replace(DONE, situation=situation(**{**RENEWAL, "departement": "988"})))
    assert spoken(made)
