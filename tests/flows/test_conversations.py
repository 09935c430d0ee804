"""Whole conversations without Rasa: whatever a person presses or types, they end, and say only what exists."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.case import Case, Question
from bot.core.effects import EraseEverything
from bot.core.intents import Intent, RankedIntent
from bot.core.messages import InboundKind, InboundMessage
from bot.core.questions import _GROUP_OF, MAX_QUESTIONS
from tests.playing import PlainEngine, actions, rules, turn, wording

UNCOUNTED = {Question.LANGUAGE, Question.CONSENT, Question.NEXT}
SLOT = re.compile(r"\{\w+\}")
LONGEST = 4000
OPENINGS = [
    "bonjour", "pas de rdv à Bobigny pour renouveler ma carte salarié qui finit le 20/01/2027", "Saint-Denis 03/04/2027",
    "I can't get an appointment in Lyon, student permit", "لا أستطيع الحصول على موعد في بوبيني", "première demande, sans papiers",
    "", "?", "93",
]  # fmt: skip
TYPED = [
    "oui", "non", "je ne sais pas", "Bobigny", "69", "Mayotte", "Nouméa", "renouveler", "carte étudiant", "salarié",
    "20/01/2027", "31/02/2027", "janvier 2027", "expirée", "pas de créneau", "ANEF erreur", "6 mois", "une semaine",
    "je risque de perdre mon travail", "rien", "zzz", "merci", "bonjour", "1", "2", "3",
]  # fmt: skip
NOISE = ["zzz", "???", "blabla", ""]


class Talk:
    """One conversation, checked at each turn."""

    def __init__(self, engine: PlainEngine, language: str) -> None:
        self.engine, self.language = engine, language
        self.case, self.attempts = Case(language=language), ()
        self.requested: str | None = None
        self.asked: str | None = None
        self.offered: tuple[tuple[str, str], ...] = ()
        self.said: list[str] = []
        self.questions: list[str] = []
        self.effects: list[object] = []

    def send(self, text: str = "", choice: str | None = None) -> None:
        kind = InboundKind.CHOICE if choice is not None else InboundKind.TEXT
        made = turn(
            self.case,
            InboundMessage(kind, text, choice),
            attempts=self.attempts,
            asked=self.asked,
            offered=self.offered,
        )
        made.choice = None
        self.engine.understand(made, requested=self.requested)
        self.requested = self.engine.follow(made, self.requested)
        self.case, self.attempts = made.case, made.attempts
        self.effects += made.effects
        messages = wording().messages(made.utterances, self.case.language or self.language)
        for message in messages:
            assert message.text.strip()
            assert SLOT.search(message.text) is None, message.text
            assert len(message.text) <= LONGEST
            ids = [one.id for one in message.choices]
            assert len(ids) == len(set(ids))
        self.said += [said.key for said in made.utterances]
        if messages:
            self.asked = messages[-1].asks
            self.offered = tuple((one.id, one.title) for one in messages[-1].choices)
            self.questions += [str(self.asked)] if self.asked else []
        assert messages, f"silence after {text or choice}"
        counted = [q for q in self.case.asked if q not in UNCOUNTED]
        for n, question in enumerate(counted):
            assert n < MAX_QUESTIONS or any(q in _GROUP_OF[question] for q in counted[:n]), counted

    @property
    def is_over(self) -> bool:
        ends = {"utter_outcome", "utter_stop_alarm", "utter_no_consent", "utter_stuck"}
        return bool(ends & set(self.said))


def engine(intent: Intent = Intent.NLU_FALLBACK, confidence: float = 0.2) -> PlainEngine:
    return PlainEngine(lambda _text, _signals: (RankedIntent(intent, confidence),))


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(st.sampled_from(["fr", "en", "ar"]), st.sampled_from(OPENINGS), st.data())
def test_any_triage_ends_with_an_outcome(language: str, opening: str, data: st.DataObject) -> None:
    """Buttons, answers in words and noise in any order; whoever is not understood three times is offered a human."""
    talk = Talk(engine(), language)
    talk.send(opening)
    for _turn in range(40):
        if talk.is_over:
            break
        buttons = [id_ for id_, _title in talk.offered]
        if buttons and data.draw(st.integers(0, 9)) < 7:
            talk.send(choice=data.draw(st.sampled_from(buttons)))
        else:
            talk.send(data.draw(st.sampled_from(TYPED)))
    else:
        # Forty turns: only a person who takes back every reading, or answers something else each time.
        assert {
            "utter_noted_other",
            "utter_greet",
            "utter_thanks",
            "utter_not_understood",
            "utter_again_consent",
        } & set(talk.said) or any(q.startswith("confirm") for q in talk.questions)


@SLOW
@given(st.sampled_from(["fr", "en", "ar"]), st.data())
def test_whoever_presses_buttons_ends_within_the_questions_of_the_domain(language: str, data: st.DataObject) -> None:
    talk = Talk(engine(), language)
    talk.send("bonjour")
    for _turn in range(MAX_QUESTIONS + 4):
        if talk.is_over:
            break
        buttons = [id_ for id_, _title in talk.offered if not id_.startswith("do:")]
        talk.send(choice=data.draw(st.sampled_from(buttons)))
    assert talk.is_over, talk.questions
    assert len(set(talk.questions) - {str(q) for q in UNCOUNTED}) <= MAX_QUESTIONS


@SLOW
@given(st.sampled_from(["fr", "en", "ar"]), st.lists(st.sampled_from(list(Intent)), min_size=1, max_size=12), st.data())
def test_any_wishes_in_any_order_are_answered(language: str, wishes: list[Intent], data: st.DataObject) -> None:
    """The classifier may want anything at any moment: the flows always answer and never loop."""
    talk = Talk(engine(), language)
    for wish in wishes:
        ranked = wish if wish not in {Intent.ANSWER, Intent.SEND_PICTURE} else Intent.GREET
        talk.engine = engine(ranked, 0.99)
        buttons = [id_ for id_, _title in talk.offered]
        if buttons and data.draw(st.booleans()):
            talk.send(choice=data.draw(st.sampled_from(buttons)))
        else:
            talk.send("quelques mots que personne ne comprend")


@SLOW
@given(st.lists(st.sampled_from(["j'ai essayé hier à 14h, aucun créneau", *TYPED]), max_size=3), st.data())
def test_any_attempt_is_recorded_or_dropped_or_left_to_a_human(words: list[str], data: st.DataObject) -> None:
    talk = Talk(engine(), "fr")
    talk.case = replace(talk.case, is_done=True).with_situation(consent=True)
    talk.send(choice="do:proof")
    for text in words:
        talk.send(text)
    for _turn in range(20):
        buttons = [id_ for id_, _title in talk.offered if id_.startswith(("proof_consent:", "attempt_"))]
        if not buttons:
            break
        talk.send(choice=data.draw(st.sampled_from(buttons)))
    else:
        pytest.fail(f"the attempt does not end: {talk.questions}")


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_noise_alone_ends_with_the_offer_of_a_human(language):
    talk = Talk(engine(), language)
    for text in NOISE:
        talk.send(text)
    assert "utter_stuck" in talk.said


def test_wish_for_a_letter_survives_the_triage():
    talk = Talk(engine(), "fr")
    talk.send(choice="do:letter")
    for choice in ("consent:yes", "removal:none"):
        talk.send(choice=choice)
    talk.send("Bobigny")
    for choice in (
        "procedure:proc.renew",
        "title:ts.sal",
        "expiry:one_to_three_months",
        "blockage:blk.noslot",
        "tried:weeks",
        "risk:none",
    ):
        talk.send(choice=choice)
    assert "utter_letter_ready" in talk.said
    assert talk.case.wants is None


def test_alarm_in_the_middle_stops_everything():
    talk = Talk(engine(), "fr")
    talk.send("bonjour")
    talk.send(choice="consent:yes")
    talk.send("j'ai reçu une OQTF")
    assert talk.said[-2:] == ["utter_stop_alarm", "utter_alarm_then"]
    assert talk.requested is None


def test_alarm_by_mistake_goes_back_to_the_questions():
    talk = Talk(engine(), "fr")
    talk.send("bonjour")
    talk.send(choice="consent:yes")
    talk.send("j'ai reçu une OQTF")
    talk.send(choice="do:mistake")
    assert talk.asked == "removal"


def test_erasure_in_the_middle_of_a_form_leaves_it():
    talk = Talk(engine(), "fr")
    talk.send("bonjour")
    talk.send("EFFACER")
    assert talk.effects == [EraseEverything()]
    assert talk.requested is None
    assert talk.case == Case(language="fr")


def test_every_rule_leads_to_an_action_that_exists():
    assert set(rules().values()) <= set(actions())
    assert set(rules()) == {str(intent) for intent in Intent}
