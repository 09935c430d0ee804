"""``guichet chat``: the terminal, with numbered buttons, pictures by path, and documents as files."""

import pytest

from bot.commands.chat import chat
from bot.core.errors import DocumentError


@pytest.fixture
def talk(house, tmp_path):
    def play(*lines, language="fr", end=EOFError):
        said = iter(lines)
        written = []

        def read(_prompt):
            try:
                return next(said)
            except StopIteration:
                raise end from None

        chat(house, language, tmp_path, read, written.append)
        return written

    return play


OPENING = "pas de rdv à Bobigny pour renouveler ma carte salarié, finit le 20/01/2027"
TRIAGE = (OPENING, "oui", "non", "oui", "oui", "oui", "2 semaines", "non")


def test_picker_comes_first_with_numbered_buttons(talk):
    written = talk()
    assert any(line.startswith("  1. ") for line in written)


def test_answers_are_typed(talk):
    written = talk(*TRIAGE)
    assert any("Agissez cette semaine." in line for line in written)


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_end_of_the_input_ends_the_chat(talk, end):
    assert talk(end=end)


def test_picture_is_sent_by_its_path(talk, tmp_path):
    (tmp_path / "a b.png").write_bytes(b"x")
    written = talk(*TRIAGE, f"'{tmp_path / 'a b.png'}'")
    assert any("J'ai reçu votre image." in line for line in written)


def test_path_of_nothing_is_a_text(talk):
    assert not any("image" in line for line in talk("/nowhere/a.png"))


def test_letter_is_written_and_named(talk, house, tmp_path):
    written = talk(*TRIAGE, "une lettre")
    files = [line for line in written if line.startswith("  → ")]
    assert files
    assert (tmp_path / "lettre-prefet.pdf").read_bytes().startswith(b"%PDF")


def test_document_that_cannot_be_drawn_is_passed_over(talk, house, monkeypatch, tmp_path):
    def fail(_facts):
        raise DocumentError("broken")

    monkeypatch.setattr(house.renderer, "letter", fail, raising=False)
    written = talk(*TRIAGE, "une lettre")
    assert not (tmp_path / "lettre-prefet.pdf").exists()
    assert not any(line.startswith("  → ") for line in written)
