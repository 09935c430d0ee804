"""What a message wants, decided without Rasa."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case import Alert, ExpiryBucket, Question, Risk, Route, Tried
from bot.core.intents import ALERTS, Intent, RankedIntent
from bot.core.interpretation import ALARM_SURE, COMMANDS, heard_alerts, interpret, is_answer
from bot.core.reading import CodeReading, DateReading, PlaceCandidate, PlaceReading, Reading, Reply, Status

PLACE = PlaceReading(Status.FOUND, PlaceCandidate("93", "pref-93"))
TITLE = CodeReading(Status.FOUND, "ts.sal")


def decide(reading=None, ranking=(), asked=None, choice=None, is_picture=False, known=frozenset()):
    ranked = tuple(RankedIntent(intent, confidence) for intent, confidence in ranking)
    return interpret(
        reading or Reading(text="x"), ranked, asked=asked, choice=choice, is_picture=is_picture, known_alerts=known
    )


CASES = [
    ("a pressed button answers", {"choice": "removal:none", "asked": "removal"}, Intent.ANSWER),
    ("a button may ask for a human", {"choice": "do:human"}, Intent.ASK_HUMAN),
    ("a button may choose a language", {"choice": "language:ar"}, Intent.CHANGE_LANGUAGE),
    (
        "a typed command wins over the question",
        {"reading": Reading(command="stop", reply=Reply.NO), "asked": "removal"},
        Intent.STOP,
    ),
    (
        "an alarm wins over an answer",
        {"reading": Reading(alerts=(Alert.REMOVAL,), reply=Reply.YES), "asked": "consent"},
        Intent.ALERT_REMOVAL,
    ),
    (
        "a known alarm rings once",
        {"reading": Reading(alerts=(Alert.REMOVAL,)), "known": frozenset({Alert.REMOVAL})},
        Intent.NLU_FALLBACK,
    ),
    (
        "of two alarms the one the classifier is sure of names the text",
        {"reading": Reading(alerts=(Alert.REMOVAL, Alert.VIOLENCE)), "ranking": [(Intent.ALERT_VIOLENCE, 0.9)]},
        Intent.ALERT_VIOLENCE,
    ),
    (
        "a threat names a text about a sale",
        {
            "reading": Reading(alerts=(Alert.VIOLENCE, Alert.SCAM)),
            "ranking": [(Intent.REPORT_SCAM, 0.98), (Intent.ALERT_VIOLENCE, 0.01)],
        },
        Intent.ALERT_VIOLENCE,
    ),
    (
        "of two alarms in doubt the gravest names the text",
        {
            "reading": Reading(alerts=(Alert.REMOVAL, Alert.VIOLENCE)),
            "ranking": [(Intent.ALERT_VIOLENCE, 0.4), (Intent.ALERT_REMOVAL, 0.3)],
        },
        Intent.ALERT_REMOVAL,
    ),
    ("despair is answered like violence", {"reading": Reading(alerts=(Alert.SUICIDE,))}, Intent.ALERT_VIOLENCE),
    ("a picture is a picture", {"is_picture": True}, Intent.SEND_PICTURE),
    (
        "an alarm in a caption wins over the picture",
        {"is_picture": True, "reading": Reading(alerts=(Alert.DETENTION,))},
        Intent.ALERT_DETENTION,
    ),
    (
        "a place answers the place question",
        {"reading": Reading(place=PLACE), "asked": "place", "ranking": [(Intent.ASK_HUMAN, 0.99)]},
        Intent.ANSWER,
    ),
    ("I don't know answers any question", {"reading": Reading(reply=Reply.DONT_KNOW), "asked": "title"}, Intent.ANSWER),
    (
        "a sure request interrupts a question",
        {"asked": "place", "ranking": [(Intent.ASK_HUMAN, 0.8)]},
        Intent.ASK_HUMAN,
    ),
    ("an unsure request does not", {"asked": "place", "ranking": [(Intent.ASK_HUMAN, 0.5)]}, Intent.NLU_FALLBACK),
    (
        "an alarm without keywords must be sure",
        {"asked": "place", "ranking": [(Intent.ALERT_REMOVAL, 0.35)]},
        Intent.NLU_FALLBACK,
    ),
    (
        "a sure alarm without keywords counts",
        {"asked": "place", "ranking": [(Intent.ALERT_REMOVAL, 0.8)]},
        Intent.ALERT_REMOVAL,
    ),
    (
        "a bare no is no alarm",
        {"asked": "removal", "reading": Reading(reply=Reply.NO), "ranking": [(Intent.ALERT_REMOVAL, 0.9)]},
        Intent.ANSWER,
    ),
    ("a classifier's yes is a yes", {"asked": "consent", "ranking": [(Intent.AFFIRM, 0.5)]}, Intent.AFFIRM),
    ("an unsure no hides no letter", {"asked": "removal", "ranking": [(Intent.DENY, 0.6)]}, Intent.NLU_FALLBACK),
    ("a sure no is a no", {"asked": "removal", "ranking": [(Intent.DENY, 0.8)]}, Intent.DENY),
    (
        "two alarms that share the certainty are one",
        {"ranking": [(Intent.ASK_RIGHTS, 0.2), (Intent.ALERT_DETENTION, 0.45), (Intent.ALERT_REMOVAL, 0.37)]},
        Intent.ALERT_DETENTION,
    ),
    ("another fact is noted", {"asked": "removal", "reading": Reading(title=TITLE)}, Intent.BLOCKED_APPOINTMENT),
    ("asylum has another door", {"asked": "place", "reading": Reading(route=Route.ASYLUM)}, Intent.ROUTE_ASYLUM),
    ("so has naturalisation", {"reading": Reading(route=Route.NATURALISATION)}, Intent.ROUTE_OTHER),
    ("a visa in the middle", {"asked": "title", "reading": Reading(route=Route.VISA)}, Intent.ROUTE_OTHER),
    ("asylum in the open", {"reading": Reading(route=Route.ASYLUM)}, Intent.ROUTE_ASYLUM),
    (
        "after the outcome a likely wish is enough",
        {"asked": "next", "ranking": [(Intent.ASK_LETTER, 0.4)]},
        Intent.ASK_LETTER,
    ),
    (
        "facts in the open start the triage",
        {"reading": Reading(place=PLACE), "ranking": [(Intent.GREET, 0.9)]},
        Intent.BLOCKED_APPOINTMENT,
    ),
    (
        "facts keep their statement",
        {"reading": Reading(place=PLACE), "ranking": [(Intent.STATE_PLACE, 0.9)]},
        Intent.STATE_PLACE,
    ),
    (
        "a town in what is nothing of ours starts nothing",
        {"reading": Reading(place=PLACE), "ranking": [(Intent.OUT_OF_SCOPE, 0.6)]},
        Intent.OUT_OF_SCOPE,
    ),
    (
        "unless that is unsure",
        {"reading": Reading(place=PLACE), "ranking": [(Intent.OUT_OF_SCOPE, 0.5)]},
        Intent.BLOCKED_APPOINTMENT,
    ),
    (
        "or a title is named",
        {"reading": Reading(title=TITLE), "ranking": [(Intent.OUT_OF_SCOPE, 0.9)]},
        Intent.BLOCKED_APPOINTMENT,
    ),
    ("a sure request in the open", {"ranking": [(Intent.ASK_LETTER, 0.9)]}, Intent.ASK_LETTER),
    ("a yes in the open", {"reading": Reading(reply=Reply.YES)}, Intent.AFFIRM),
    ("a no in the open", {"reading": Reading(reply=Reply.NO)}, Intent.DENY),
    ("an unsure alarm in the open is asked about", {"ranking": [(Intent.ALERT_REMOVAL, 0.35)]}, Intent.NLU_FALLBACK),
    ("a sure alarm in the open", {"ranking": [(Intent.ALERT_VIOLENCE, 0.9)]}, Intent.ALERT_VIOLENCE),
    ("a greeting in the open", {"ranking": [(Intent.GREET, 0.6)]}, Intent.GREET),
    ("thanks in a question", {"asked": "consent", "ranking": [(Intent.THANKS_BYE, 0.6)]}, Intent.THANKS_BYE),
    ("unsure thanks", {"asked": "consent", "ranking": [(Intent.THANKS_BYE, 0.5)]}, Intent.NLU_FALLBACK),
    (
        "thanks beside a fact",
        {"asked": "consent", "reading": Reading(place=PLACE), "ranking": [(Intent.THANKS_BYE, 0.9)]},
        Intent.BLOCKED_APPOINTMENT,
    ),
    ("what is nothing of ours", {"asked": "place", "ranking": [(Intent.OUT_OF_SCOPE, 0.9)]}, Intent.OUT_OF_SCOPE),
    ("hello tells the language", {"asked": "language", "ranking": [(Intent.GREET, 0.9)]}, Intent.NLU_FALLBACK),
    ("noise", {"ranking": [(Intent.GREET, 0.1)]}, Intent.NLU_FALLBACK),
    ("nothing ranked", {"asked": "place"}, Intent.NLU_FALLBACK),
]


def test_the_table_is_whole():
    assert len(CASES) == 47


@pytest.mark.parametrize(("name", "given_", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_a_message_wants_one_thing(name, given_, wanted):
    assert decide(**given_) is wanted


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_works_in_every_question(command):
    for question in Question:
        assert decide(Reading(command=command), asked=str(question)) is COMMANDS[command]


ANSWERS = [
    (Question.CONSENT, Reading(reply=Reply.YES), True),
    (Question.PLACE, Reading(reply=Reply.YES), False),
    (Question.PLACE, Reading(place=PLACE), True),
    (Question.PROCEDURE, Reading(title=TITLE), True),
    (Question.PROCEDURE, Reading(), False),
    (Question.EXPIRY, Reading(bucket=ExpiryBucket.EXPIRED), True),
    (Question.EXPIRY, Reading(date=DateReading(problem="impossible")), True),
    (Question.EXPIRY, Reading(), False),
    (Question.TRIED, Reading(tried=Tried.WEEKS), True),
    (Question.TRIED, Reading(), False),
    (Question.RISK, Reading(risks=frozenset({Risk.WORK})), True),
    (Question.ATTEMPT_RESULT, Reading(blockage=CodeReading(Status.FOUND, "blk.noslot")), True),
    (Question.LANGUAGE, Reading(named_language="ar"), True),
    (Question.LANGUAGE, Reading(), False),
    (Question.ATTEMPT_CHANNEL, Reading(reply=Reply.NO), False),
]


@pytest.mark.parametrize(("question", "reading", "wanted"), ANSWERS)
def test_a_text_answers_its_question_or_not(question, reading, wanted):
    assert len(ANSWERS) == 15
    assert is_answer(question, reading) is wanted


@given(
    asked=st.sampled_from([None, *map(str, Question)]),
    intent=st.sampled_from(sorted(ALERTS)),
    confidence=st.floats(ALARM_SURE, 1.0),
    alert=st.sampled_from(list(Alert)),
)
def test_an_alarm_is_never_lost_behind_a_question(asked, intent, confidence, alert):
    """Whatever was asked, a new alarm decides; only a classifier that is sure of the contrary denies one."""
    assert decide(Reading(alerts=(alert,)), asked=asked) in {*ALERTS, Intent.REPORT_SCAM}
    doubtful = [(Intent.ASK_RIGHTS, 0.7), (intent, 0.3)]
    assert decide(Reading(alerts=(alert,)), doubtful, asked=asked) in {*ALERTS, Intent.REPORT_SCAM}
    assert decide(ranking=[(intent, confidence)], asked=asked) is intent


def test_named_language_answers_the_language_question_as_a_change():
    asked = str(Question.LANGUAGE)
    assert decide(Reading(named_language="ar", text="arabe"), asked=asked) is Intent.CHANGE_LANGUAGE
    assert decide(Reading(text="x"), asked=asked) is Intent.NLU_FALLBACK


HEARD = [
    ("keywords alone", (Alert.REMOVAL,), [], (Alert.REMOVAL,)),
    ("keywords in doubt", (Alert.REMOVAL,), [(Intent.ASK_RIGHTS, 0.7), (Intent.ALERT_REMOVAL, 0.28)], (Alert.REMOVAL,)),
    ("keywords denied", (Alert.REMOVAL,), [(Intent.ASK_RIGHTS, 0.9), (Intent.ALERT_REMOVAL, 0.02)], ()),
    (
        "a question beside it",
        (Alert.REMOVAL,),
        [(Intent.ASK_RIGHTS, 0.8), (Intent.ALERT_REMOVAL, 0.08)],
        (Alert.REMOVAL,),
    ),
    ("a ranking without alarms denies none", (Alert.REMOVAL,), [(Intent.GREET, 1.0)], (Alert.REMOVAL,)),
    ("a scam is never denied", (Alert.SCAM,), [(Intent.GREET, 1.0), (Intent.ALERT_MINOR, 0.0)], (Alert.SCAM,)),
    ("no keywords, a sure classifier", (), [(Intent.ALERT_MINOR, 0.8)], (Alert.MINOR,)),
    ("a scam hides no danger", (Alert.SCAM,), [(Intent.ALERT_VIOLENCE, 0.8)], (Alert.VIOLENCE, Alert.SCAM)),
    (
        "a sale that denies its threat",
        (Alert.VIOLENCE, Alert.SCAM),
        [(Intent.REPORT_SCAM, 0.98), (Intent.ALERT_VIOLENCE, 0.01)],
        (Alert.VIOLENCE, Alert.SCAM),
    ),
    (
        "a request that denies a blow",
        (Alert.VIOLENCE,),
        [(Intent.BLOCKED_APPOINTMENT, 0.99), (Intent.ALERT_VIOLENCE, 0.01)],
        (Alert.VIOLENCE,),
    ),
    (
        "a question about violence",
        (Alert.VIOLENCE,),
        [(Intent.ASK_RIGHTS, 0.99), (Intent.ALERT_VIOLENCE, 0.01)],
        (),
    ),
    (
        "a sale by fear of an order",
        (Alert.REMOVAL, Alert.SCAM),
        [(Intent.REPORT_SCAM, 0.98), (Intent.ALERT_REMOVAL, 0.01)],
        (Alert.SCAM,),
    ),
    ("a scam and a doubt", (Alert.SCAM,), [(Intent.ALERT_VIOLENCE, 0.3)], (Alert.SCAM,)),
    ("an unsure classifier", (), [(Intent.ALERT_MINOR, 0.3), (Intent.GREET, 0.3)], ()),
]


@pytest.mark.parametrize(("name", "rung", "ranking", "wanted"), HEARD, ids=[case[0] for case in HEARD])
def test_keywords_and_classifier_decide_together(name, rung, ranking, wanted):
    assert len(HEARD) == 14
    ranked = [RankedIntent(intent, chance) for intent, chance in ranking]
    reading = Reading(alerts=rung)
    assert heard_alerts(reading, ranked, decide(reading, ranking)) == wanted
