"""A letter's facts come from the case, and survive being stored as plain JSON."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import Case, Expiry
from bot.core.documents import LetterKind
from bot.core.messages import OutboundFile
from bot.core.unknown import Unknown
from bot.services.letters import letter_facts, to_facts, to_file
from tests.playing import services, turn
from tests.situations import attempt, situation

DAY = date(2026, 11, 2)


def facts(language="ar", attempts=(), **told):
    case = Case(language=language, situation=situation(**told))
    return letter_facts(turn(case, attempts=attempts), services().gazetteer, services().titles, "AB12CD34")


def test_nobody_receives_a_letter_without_a_departement():
    assert facts() is None
    assert facts(departement=Unknown.DONT_KNOW) is None


def test_letter_names_the_prefecture_and_the_title():
    made = facts(departement="93", title="ts.sal", procedure="proc.renew", expiry=date(2027, 1, 20))
    assert (made.kind, made.departement_name, made.prefecture_name) == (
        LetterKind.RENEWAL, "Seine-Saint-Denis", "Préfecture de la Seine-Saint-Denis",
    )  # fmt: skip
    assert (made.title, made.expires_on, made.is_month_only) == ("ts.sal", date(2027, 1, 20), False)
    assert made.title_name == services().titles["ts.sal"].name_fr
    assert (made.language, made.reference, made.is_police_prefect) == ("ar", "AB12CD34", False)


def test_letter_of_paris_goes_to_the_police_prefect():
    assert facts(departement="75").is_police_prefect is True


def test_what_is_unknown_stays_blank():
    made = facts(language=None, departement="93", title="dont_know", expiry="declined", procedure="dont_know")
    assert (made.kind, made.title, made.title_name, made.expires_on, made.procedure) == (
        LetterKind.FIRST, None, None, None, None,
    )  # fmt: skip
    assert made.language == "fr"


def test_month_and_bucket_are_not_days():
    assert facts(departement="93", expiry="2027-03").is_month_only is True
    assert facts(departement="93", expiry="expired").expires_on is None


CASES = [
    {"departement": "93"},
    {"departement": "93", "procedure": "proc.renew", "expiry": date(2027, 1, 20), "title": "ts.sal"},
    {"departement": "75", "expiry": "2027-03"},
    {"departement": "974", "procedure": "proc.first", "title": "doc.none"},
]


@pytest.mark.parametrize("told", CASES, ids=range(len(CASES)))
@pytest.mark.parametrize("attempts", [(), (attempt(DAY, proofs=2), attempt(DAY, None, number=1))], ids=["none", "two"])
def test_facts_survive_plain_json(told, attempts):
    made = facts(attempts=attempts, **told)
    file = to_file(made, "lettre")
    stored = json.loads(json.dumps(dict(file.facts)))
    assert (file.kind, file.name, file.media_type) == ("letter", "lettre.pdf", "application/pdf")
    assert to_facts(OutboundFile(file.kind, file.name, file.media_type, stored)) == made


def test_attempts_keep_their_hour_and_their_digests():
    made = facts(departement="93", attempts=(attempt(DAY, 14, minute=5, proofs=1),))
    (told,) = to_facts(to_file(made, "x")).attempts
    assert told.at.isoformat() == "2026-11-02T14:05:00+01:00"
    assert told.proofs == made.attempts[0].proofs


def test_forwarded_picture_is_told_to_the_letter_and_one_queued_before_an_update_is_drawn():
    first = attempt(DAY, proofs=2)
    mixed = replace(first, proofs=(first.proofs[0], replace(first.proofs[1], is_forwarded=True)))
    file = to_file(facts(departement="93", attempts=(mixed,)), "x")
    assert [proof.is_forwarded for proof in to_facts(file).attempts[0].proofs] == [False, True]
    stored = json.loads(json.dumps(dict(file.facts)))
    for proof in stored["attempts"][0]["proofs"]:
        del proof["is_forwarded"]
    older = to_facts(OutboundFile(file.kind, file.name, file.media_type, stored))
    assert [proof.is_forwarded for proof in older.attempts[0].proofs] == [False, False]


def test_letter_knows_no_identity():
    names = set(facts(departement="93").__slots__)
    assert not names & {"name", "first_name", "birth", "nationality", "address", "phone", "email"}


def test_expiry_without_a_day_or_month_is_left_out():
    case = Case(language="fr", situation=replace(situation(departement="93"), expiry=Expiry()))
    assert letter_facts(turn(case), services().gazetteer, services().titles, "X").expires_on is None
