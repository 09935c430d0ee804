"""What people answer when the bot asks when their document ends, in every language and in Latin letters.

A line of as_answered/<language>.txt is ``text | reading``: the date that must be found, ``?`` when the bot must ask, ``-``
when the answer tells no end. Today is Tuesday 10 March 2026. No native speaker has written or read the lines.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.core.dates import read_date
from bot.core.reading import Status
from bot.i18n.languages import load_languages
from bot.storage.reference.dates import DATA
from tests.dates.date_tables import read_twice, rows, told

TODAY = date(2026, 3, 10)
FOLDER = Path(__file__).parent / "as_answered"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))
FEWEST = 25
RANGE = "du 15/01/2025 au 14/01/2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_answer_is_read_asked_about_or_left_alone(words, language):
    lines = rows((FOLDER / f"{language}.txt").read_text(encoding="utf-8"))
    read = [(text, meant, told(read_twice(words, text, language, TODAY, is_asked=True))) for text, meant in lines]
    assert len(lines) >= FEWEST
    assert [line for line in read if line[1] != line[2]] == []


def test_every_language_has_its_answers():
    assert {language.code for language in load_languages(DATA / "languages.yml").all} == set(LANGUAGES)


def test_the_end_of_a_range_is_read_back_and_only_as_an_answer(words):
    answered = read_date(RANGE, "fr", TODAY, words, is_asked=True)
    assert (answered.iso, answered.is_explicit) == ("2026-01-14", False)
    assert read_date(RANGE, "fr", TODAY, words).status is Status.AMBIGUOUS


@pytest.mark.parametrize("text", ["du 14/01/2026 au 15/01/2025", "du 15/01/25 au 14/01/26", "du 1 au 5 avril 2026"])
def test_a_range_that_is_turned_round_or_not_written_out_is_asked_about(words, text):
    assert read_date(text, "fr", TODAY, words, is_asked=True).status is Status.AMBIGUOUS
