"""What people call their titles, procedures and blockages, language by language: tests/reading/named/<code>.txt.

A line is ``title ts.etu | text``; ``none`` names nothing, ``ask ts.res10 ts.cra10`` exactly these, to be asked about.
"""

from pathlib import Path

import pytest

from bot.core.reading import Status

FOLDER = Path(__file__).parent / "named"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))
KINDS = ("title", "procedure", "blockage")


def lines(code, kind):
    for line in (FOLDER / f"{code}.txt").read_text(encoding="utf-8").splitlines():
        told, _bar, text = line.partition(" | ")
        named, _space, meant = told.partition(" ")
        if named == kind:
            yield meant, text


def told(reading):
    if reading.status is Status.FOUND:
        return reading.id
    return " ".join(("ask", *sorted(reading.candidates))) if reading.status is Status.AMBIGUOUS else "none"


def in_order(meant):
    first, *ids = meant.split()
    return " ".join((first, *sorted(ids)))


def test_all_sixteen_languages_name_their_titles():
    assert len(LANGUAGES) == 16
    assert all(sum(1 for _ in lines(code, "title")) >= 60 for code in LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_line_is_of_a_known_kind(code):
    kept = sum(1 for kind in KINDS for _ in lines(code, kind))
    assert kept == len((FOLDER / f"{code}.txt").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_names_are_read_and_nothing_is_certain_that_is_not(vocabularies, code, kind):
    books = [getattr(book, f"{kind}s") for book in vocabularies.shelf.books((code,))]
    vocabulary = getattr(vocabularies, f"{kind}s")
    wrong = []
    for meant, text in lines(code, kind):
        read = told(vocabulary.read(text, books, (code,)))
        if read != in_order(meant):
            wrong.append((text, meant, read))
    assert wrong == []
