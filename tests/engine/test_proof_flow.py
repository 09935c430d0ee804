"""Attempts and pictures: consent first, three answers, one confirmation; a log that says what it lacks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.ports import Address
from tests.media.drawings import booking_page, jpeg

pytestmark = [pytest.mark.process, pytest.mark.rasa]

LANGUAGES = ("fr", "en", "ar")
THIS_MORNING = {"fr": "j'ai essayé ce matin", "en": "I tried this morning", "ar": "حاولت هذا الصباح"}
WHEN = {"fr": "ce matin à 9h30", "en": "this morning at 9:30", "ar": "هذا الصباح على 9:30"}
YES = {"fr": "oui", "en": "yes", "ar": "نعم"}
NO = {"fr": "non", "en": "no", "ar": "لا"}
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WAITING, AGREED, RECORDED = 0, 1, 2


def at(days=0, minutes=0):
    return (START + timedelta(days=days, minutes=minutes)).isoformat()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "page.jpg"
    path.write_bytes(jpeg(booking_page(540, 960)))
    return str(path)


@pytest.fixture
def files(house):
    """States of the files of a conversation's person; the bytes on disk are the same ones."""

    def states(person):
        found = house.store.persons.find(Address("terminal", person.person))
        with house.store.database.reading() as conn:
            rows = conn.execute(
                "SELECT f.id, f.state FROM files AS f JOIN persons AS p ON p.number = f.person WHERE p.id = ?", (found,)
            ).fetchall()
            known = {name for (name,) in conn.execute("SELECT id FROM files")}
        assert {path.name for path in (house.settings.data_dir / "files").rglob("*") if path.is_file()} == known
        return sorted(state for _id, state in rows)

    return states


@pytest.fixture
def tick(chat):
    def run(moment):
        answer = chat.answer(json.dumps({"tick": moment}))
        assert "error" not in answer
        return answer

    return run


def tell(person, now, channel="site", result="no_slot", when="now"):
    """The three answers and the yes."""
    answers = {
        "attempt_when": f"attempt_when:{when}",
        "attempt_channel": f"attempt_channel:{channel}",
        "attempt_result": f"attempt_result:{result}",
        "attempt_confirm": "attempt_confirm:yes",
    }
    for _ in range(4):
        if person.asks not in answers:
            return
        person.send(choice=answers[person.asks], now=now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_attempt_told_in_words_is_recorded_after_consent_and_confirmation(language, talk, house):
    person = talk(language)
    person.send(text=THIS_MORNING[language])
    assert person.asks == "proof_consent"
    assert person.state["language"] == language
    person.send(text=YES[language])
    assert person.asks == "attempt_channel"  # when was said already
    person.send(choice="attempt_channel:site")
    assert person.asks == "attempt_result"
    person.send(choice="attempt_result:no_slot")
    assert person.asks == "attempt_confirm"
    assert "23/11/2026" in person.texts[-1]
    assert person.state["attempts"] == 0
    person.send(text=YES[language])
    assert (person.state["attempts"], person.state["span_days"], person.state["windows7"]) == (1, 0, 1)
    assert house.wording.sentence("utter_attempt_recorded", language).split("{")[0] in person.texts[-1]
    assert house.wording.sentence("coach.spread", language) in person.said


@pytest.mark.parametrize("language", LANGUAGES)
def test_second_attempt_ten_days_later_widens_the_log(language, talk, house):
    person = talk(language)
    person.send(text=THIS_MORNING[language], now=at())
    person.send(text=YES[language], now=at(minutes=1))
    tell(person, at(minutes=2))
    person.send(choice="do:proof", now=at(days=10))
    assert person.asks == "attempt_when"  # consent is asked once
    tell(person, at(days=10, minutes=1), channel="email", result="no_answer")
    assert (person.state["attempts"], person.state["span_days"], person.state["windows7"]) == (2, 10, 2)
    assert house.wording.sentence("coach.spread", language) not in person.texts[-1]
    assert person.asked.count("proof_consent") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_waits_for_consent_and_is_kept_with_its_attempt(language, talk, house, page, files):
    person = talk(language)
    person.send(file=page, language_hint=language)
    if person.asks == "language":
        person.send(choice=f"language:{language}")
    assert person.asks == "proof_consent"
    assert files(person) == [WAITING, WAITING]
    assert house.wording.sentence("utter_proof_waiting", language) in person.said
    person.send(text=YES[language])
    assert files(person) == [AGREED, AGREED]
    assert person.asks == "attempt_when"
    person.send(text=WHEN[language])
    person.send(choice="attempt_channel:site")
    person.send(choice="attempt_result:closed")
    assert "09:30" in person.texts[-1]
    images = house.wording.sentence("utter_attempt_fact_pictures", language).split("{")[0]
    assert images in person.texts[-1]
    person.send(text=YES[language])
    assert person.state["attempts"] == 1
    assert files(person) == [RECORDED, RECORDED]
    found = house.store.persons.find(Address("terminal", person.person))
    (attempt,) = house.store.persons.state(found).attempts
    (proof,) = attempt.proofs
    assert house.store.files.open(found, proof.safe_copy).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "question", ["proof_consent", "attempt_when", "attempt_channel", "attempt_result", "attempt_confirm"]
)
def test_picture_in_the_middle_belongs_to_the_open_attempt(question, talk, page, files, tick):
    """It outlives the ten minutes once consent was given, and the question it came upon is asked again."""
    person = talk("fr")
    person.send(text="j'ai essayé", now=at())
    ways = {
        "proof_consent": {"choice": "proof_consent:yes"},
        "attempt_when": {"choice": "attempt_when:now"},
        "attempt_channel": {"choice": "attempt_channel:anef"},
        "attempt_result": {"choice": "attempt_result:error"},
    }
    while person.asks != question:
        person.send(**ways[person.asks], now=at())
    person.send(file=page, now=at())
    assert person.asks == question
    person.send(file=page, now=at())
    assert person.asks == question
    if question == "proof_consent":
        person.send(choice="proof_consent:yes", now=at())
    assert files(person) == [AGREED] * 4
    tick(at(minutes=30))
    tell(person, at(minutes=31))
    assert person.state["attempts"] == 1
    assert files(person) == [RECORDED] * 4


@pytest.mark.parametrize("is_ticked", [True, False], ids=["purged", "before the purge came round"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_without_a_yes_is_erased_after_ten_minutes_and_that_is_said(
    language, is_ticked, talk, house, page, files, tick
):
    person = talk(language)
    person.send(text=THIS_MORNING[language], now=at())
    person.send(file=page, now=at(minutes=1))
    tick(at(minutes=10))
    assert files(person) == [WAITING, WAITING]
    if is_ticked:
        tick(at(minutes=12))
        assert files(person) == []
    person.send(text=YES[language], now=at(minutes=13))
    assert files(person) == []
    gone = house.wording.sentence("utter_picture_gone", language)
    assert person.texts[-1].count(gone) == 1
    assert person.asks == "attempt_channel"
    tell(person, at(minutes=14))
    assert person.state["attempts"] == 1
    assert house.wording.sentence("utter_attempt_fact_pictures", language).split("{")[0] not in person.said
    assert person.said.count(gone) == 1


def test_picture_sent_again_after_it_was_erased_is_kept(talk, house, page, files, tick):
    person = talk("fr")
    person.send(text="j'ai essayé ce matin", now=at())
    person.send(file=page, now=at())
    tick(at(minutes=11))
    person.send(file=page, now=at(minutes=12))
    assert house.wording.sentence("utter_picture_gone", "fr") in person.texts[-1]
    assert person.asks == "proof_consent"
    person.send(text="oui", now=at(minutes=13))
    tell(person, at(minutes=13))
    assert person.state["attempts"] == 1
    assert files(person) == [RECORDED, RECORDED]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_erases_the_picture_at_once(language, talk, house, page, files):
    person = talk(language)
    person.send(text=THIS_MORNING[language])
    person.send(file=page)
    assert files(person) == [WAITING, WAITING]
    person.send(text=NO[language])
    assert files(person) == []
    assert house.wording.sentence("utter_proof_refused", language) in person.texts[-1]
    assert person.state["attempts"] == 0
    assert person.asks == "consent"  # the triage, which had not begun


def test_no_at_the_confirmation_drops_the_attempt_and_its_picture(talk, house, page, files):
    person = talk("fr")
    person.send(text="j'ai essayé ce matin")
    person.send(file=page)
    person.send(text="oui")
    person.send(choice="attempt_channel:site")
    person.send(choice="attempt_result:no_slot")
    person.send(text="non")
    assert files(person) == []
    assert person.state["attempts"] == 0
    assert house.wording.sentence("utter_attempt_dropped", "fr") in person.texts[-1]


def test_alarm_in_the_middle_of_an_attempt_leaves_no_picture_behind(talk, page, files):
    """The attempt is not gone on with, so nothing of it may stay."""
    person = talk("fr")
    person.send(text="j'ai essayé ce matin")
    person.send(file=page)
    person.send(text="oui")
    assert files(person) == [AGREED, AGREED]
    person.send(text="URGENT")
    assert person.state["outcome"] == "O-STOP"
    assert files(person) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_attempts_within_five_days_are_called_too_close(language, talk, house):
    """R-SPREAD (F-03): four captures over five days were refused, so the number never makes up for the days."""
    person = talk(language)
    person.send(text=THIS_MORNING[language], now=at())
    person.send(text=YES[language], now=at())
    tell(person, at(minutes=1))
    for day in range(1, 5):
        person.send(choice="do:proof", now=at(days=day))
        tell(person, at(days=day, minutes=1))
        assert house.wording.sentence("coach.spread", language) in person.texts[-1]
    assert (person.state["attempts"], person.state["span_days"], person.state["windows7"]) == (5, 4, 1)
    assert house.wording.sentence("level.often_better_accepted", language) not in person.said


def test_attempt_of_tomorrow_is_not_taken(talk, house):
    person = talk("fr")
    person.send(text="j'ai essayé")
    person.send(text="oui")
    person.send(text="demain à 9h")
    assert house.wording.sentence("utter_attempt_future", "fr") in person.texts[-1]
    assert person.asks == "attempt_when"
