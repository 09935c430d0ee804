"""Facts of a case become values that can be said in every language."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import Case, Expiry, ExpiryBucket, Removal, Tried
from bot.core.outcomes import COLLECTIVITIES
from bot.core.titles import Title
from bot.core.wording import Day, Label, Lines, Month, Name
from bot.services import values
from bot.services.report_state import report_state
from tests.playing import reference, services, turn, wording
from tests.situations import RENEWAL, attempt, situation

TODAY = date(2026, 11, 23)


def in_words(case, language="fr"):
    return wording().value(values.facts(case, services().gazetteer), wording().languages[language])


def test_place_is_named_with_its_code_and_its_arrondissement():
    gazetteer = services().gazetteer
    assert values.place("93", gazetteer) == Name("Seine-Saint-Denis (93)")
    assert values.place("93", gazetteer, "Le Raincy") == Name("Le Raincy – Seine-Saint-Denis (93)")
    assert values.place("75", gazetteer, "Paris") == Name("Paris (75)")


def test_end_is_a_day_a_month_or_a_button():
    assert values.expiry(Expiry(on=TODAY)) == Day(TODAY)
    assert values.expiry(Expiry(on=TODAY, is_month_only=True)) == Month(TODAY)
    assert values.expiry(Expiry(bucket=ExpiryBucket.EXPIRED)) == Label("utter_ask_expiry.expiry:expired")


def test_nothing_told_nothing_listed():
    assert values.facts(Case(), services().gazetteer) == Lines(())


def test_unknown_is_said_as_unknown_and_declined_as_declined():
    case = Case(situation=situation(removal="dont_know", title="declined"))
    assert in_words(case) == ("• Lettre de refus ou de départ : je ne sais pas\n• Document : pas de réponse")


def test_all_facts_are_listed_in_the_order_of_the_questions():
    case = Case(situation=situation(**RENEWAL))
    lines = in_words(case).split("\n")
    assert [line.partition(" : ")[0] for line in lines] == [
        "• Lettre de refus ou de départ", "• Préfecture", "• Démarche", "• Document", "• Date de fin", "• Blocage",
        "• Vous essayez depuis",
    ]  # fmt: skip
    assert "mercredi 20 janvier 2027 (20/01/2027)" in lines[4]


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_every_answer_a_person_can_give_has_words(language):
    """No fact may meet a key that does not exist: codes come from buttons and from readers."""
    data = reference()
    told = [("removal", list(Removal)), ("tried", list(Tried)), ("title", list(data.titles))]
    told += [("departement", [d.code for d in services().gazetteer.departements])]
    told += [("expiry", [Expiry(bucket=bucket) for bucket in ExpiryBucket])]
    said = 0
    for name, options in told:
        for option in options:
            case = Case(situation=replace(situation(), **{name: option}))
            assert in_words(case, language).startswith("• ")
            said += 1
    assert said > 150
    assert {d.code for d in services().gazetteer.departements} >= COLLECTIVITIES


def test_titles_are_titles():
    assert all(isinstance(title, Title) for title in services().titles.values())


def person(case, attempts=()):
    from bot.core.effects import PersonState

    return PersonState(case, b"", attempts)


def state(case, attempts=()):
    return report_state(person(case, attempts), services(), TODAY)


def test_state_of_a_stranger_is_null_everywhere():
    told = state(Case())
    assert {key for key, value in told.items() if value is not None} == {
        "alerts", "attempts", "span_days", "windows7", "handoff",
    }  # fmt: skip


def test_state_names_the_facts_by_their_ids():
    told = state(Case(language="ar", situation=situation(**RENEWAL), is_done=True, handoff=True))
    assert told == {
        "language": "ar", "departement": "93", "title": "ts.sal", "procedure": "proc.renew", "expiry": "2027-01-20",
        "blockage": "blk.noslot", "urgency": "U2", "outcome": "O-PLAN_RENEW", "alerts": [], "attempts": 0,
        "span_days": 0, "windows7": 0, "handoff": True, "referral": None,
    }  # fmt: skip


def test_outcome_is_null_until_it_was_given():
    told = state(Case(situation=situation(**RENEWAL)))
    assert (told["outcome"], told["urgency"]) == (None, None)


def test_month_is_a_month_and_a_bucket_is_no_date():
    assert state(Case(situation=situation(expiry="2027-03")))["expiry"] == "2027-03"
    assert state(Case(situation=situation(expiry="expired")))["expiry"] is None


def test_unknown_facts_are_null_and_alerts_are_sorted():
    told = state(Case(situation=situation(departement="dont_know", alerts=["violence", "removal"]), is_done=True))
    assert told["departement"] is None
    assert told["alerts"] == ["removal", "violence"]
    assert told["outcome"] == "O-STOP"


def test_attempts_are_counted_with_their_spread():
    attempts = (attempt(date(2026, 11, 2)), attempt(date(2026, 11, 12), number=1))
    told = state(Case(), attempts)
    assert (told["attempts"], told["span_days"], told["windows7"]) == (2, 10, 2)


def test_turn_collects_what_is_said_and_done():
    played = turn()
    played.say("utter_language_offer", asks="language", language=Name("English"))
    played.do("effect")
    assert [(u.key, u.asks, u.params) for u in played.utterances] == [
        ("utter_language_offer", "language", {"language": Name("English")})
    ]
    assert played.effects == ["effect"]
