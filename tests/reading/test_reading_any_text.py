"""Whatever is typed, reading ends and is quick."""

import statistics
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading.alarm_cases import HEARD, UNHEARD

MOST_MILLISECONDS = 2.0
WORDS = [
    "oqtf",
    "je",
    "suis",
    "carte",
    "étudiant",
    "salarié",
    "pas",
    "4",
    "mois",
    "عندي",
    "طالب",
    "OQTF",
    "rdv",
    "un",
    "?",
    ".",
    "3andi",
    "mari",
    "frappe",
    "le",
    "anef",
]


def read_all(vocabularies, text):
    lexicon = vocabularies.lexicon
    vocabularies.titles.read(text)
    vocabularies.procedures.read(text)
    vocabularies.blockages.read(text)
    vocabularies.alarms.read(text)
    lexicon.read_reply(text)
    lexicon.read_command(text)
    lexicon.read_tried(text, is_asked=True)
    lexicon.read_risks(text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_reading_never_crashes(vocabularies, text):
    read_all(vocabularies, text)


@pytest.mark.timing
def test_reading_a_message_takes_less_than_two_milliseconds_in_the_middle(vocabularies, capsys):
    texts = [text for text, _ in HEARD[:150]] + UNHEARD[:150]
    read_all(vocabularies, texts[0])
    spent = []
    for text in texts:
        before = time.perf_counter()
        read_all(vocabularies, text)
        spent.append((time.perf_counter() - before) * 1000)
    with capsys.disabled():
        print(f"\nreading: median {statistics.median(spent):.2f} ms, slowest {max(spent):.2f} ms, {len(texts)} texts")  # noqa: T201 - the figure is the point
    assert statistics.median(spent) < MOST_MILLISECONDS


@pytest.mark.timing
def test_a_story_of_four_thousand_characters_is_read_within_a_second(vocabularies):
    story = ("j'ai essayé de prendre un rdv pour ma carte et il n'y a pas de place " * 60)[:4000]
    before = time.perf_counter()
    read_all(vocabularies, story)
    assert time.perf_counter() - before < 1.0
