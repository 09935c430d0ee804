"""What people type on a phone, in every language: ends, attempts, years left out, and numbers that are no date.

A line of as_typed/<language>.txt is ``text | reading``: the date that must be found, ``?`` when the bot must ask, ``-``
when the text tells no end. Today is Monday 23 November 2026. No native speaker has written or read the lines.
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

TODAY = date(2026, 11, 23)
FOLDER = Path(__file__).parent / "as_typed"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))
FEWEST = 120


def _lines(language: str) -> list[tuple[str, str]]:
    return rows((FOLDER / f"{language}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_type_is_read_asked_about_or_left_alone(words, language):
    lines = _lines(language)
    read = [(text, meant, told(read_twice(words, text, language, TODAY))) for text, meant in lines]
    assert len(lines) >= FEWEST
    assert [line for line in read if line[1] != line[2]] == []


def test_every_language_has_its_lines():
    assert {language.code for language in load_languages(DATA / "languages.yml").all} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_to_the_question_for_the_date_is_never_read_less(words, language):
    """Asked for the end, the same text may only tell more: strangers beside a date do not hide it then."""
    for text, meant in _lines(language):
        if meant not in {"-", "?"}:
            reading = read_date(text, language, TODAY, words, is_asked=True)
            assert reading.status is not Status.NONE, text
