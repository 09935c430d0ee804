"""What people say of titles, procedures, blockages and dangers, in each language: tests/reading/spoken/<code>.txt.

A line is ``title ts.etu | text``; ``none`` names nothing, ``ask`` several; ``calm`` rings no alarm.
"""

from pathlib import Path

import pytest

from bot.core.reading import Status

FOLDER = Path(__file__).parent / "spoken"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))


def spoken(code, kinds):
    lines = (FOLDER / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        told, _bar, text = line.partition(" | ")
        kind, _space, meant = told.partition(" ")
        if kind in kinds:
            yield kind, meant, text


def read(vocabularies, code, kind, text):
    books = [getattr(book, f"{kind}s") for book in vocabularies.shelf.books((code,))]
    return getattr(vocabularies, f"{kind}s").read(text, books, (code,))


def named(reading):
    return {Status.FOUND: reading.id, Status.AMBIGUOUS: "ask", Status.NONE: "none"}[reading.status]


def test_all_sixteen_languages_are_spoken():
    assert len(LANGUAGES) == 16
    assert (
        sum(1 for code in LANGUAGES for _ in spoken(code, {"title", "procedure", "blockage", "calm", "alarm"})) > 1300
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", ["title", "procedure", "blockage"])
def test_what_is_named_is_read(vocabularies, code, kind):
    wrong = []
    for _kind, meant, text in spoken(code, {kind}):
        reading = read(vocabularies, code, kind, text)
        if named(reading) != meant and meant not in reading.candidates:
            wrong.append((text, meant, named(reading)))
    assert wrong == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_calm_texts_ring_no_alarm(vocabularies, code):
    rung = [text for _kind, _meant, text in spoken(code, {"calm"}) if read(vocabularies, code, "alarm", text).alerts]
    assert rung == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_dangers_told_without_their_usual_words_ring(vocabularies, code):
    unheard = [
        text for _kind, _meant, text in spoken(code, {"alarm"}) if not read(vocabularies, code, "alarm", text).alerts
    ]
    assert unheard == []
