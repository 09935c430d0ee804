"""``guichet chat --json``: the real path, one JSON line in, one out; a refused line is no end."""

import io
import json

import pytest

from bot.commands import chat_json as module
from bot.commands.chat_json import JsonChat, chat_json
from bot.core.errors import DocumentError, TurnFailedError

NOW = "2026-11-23T10:00:00+01:00"


@pytest.fixture
def chat(house, tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    return JsonChat(house, folder)


def send(chat, **entry):
    return json.loads(json.dumps(chat.answer(json.dumps({"person": "p", "now": NOW, **entry}))))


def play(chat, *choices, **opening):
    told = send(
        chat, **(opening or {"text": "pas de rdv à Bobigny pour renouveler ma carte salarié, finit le 20/01/2027"})
    )
    for choice in choices:
        told = send(chat, choice=choice)
    return told


TRIAGE = ("consent:yes", "removal:none", "confirm:yes", "confirm:yes", "confirm:yes", "tried:weeks", "risk:none")


def test_opening_asks_for_consent_first(chat):
    told = play(chat)
    assert told["messages"][-1]["asks"] == "consent"
    assert told["state"]["language"] == "fr"
    assert told["state"]["departement"] is None


def test_whole_triage_ends_with_an_outcome(chat):
    told = play(chat, *TRIAGE)
    assert told["messages"][-1]["asks"] == "next"
    assert (told["state"]["outcome"], told["state"]["urgency"], told["state"]["departement"], told["state"]["expiry"]) == (
        "O-PLAN_RENEW", "U2", "93", "2027-01-20",
    )  # fmt: skip


def test_buttons_have_ids_and_titles(chat):
    choices = play(chat)["messages"][-1]["choices"]
    assert {"id": "consent:yes", "title": "Oui"} in choices


def test_letter_is_a_file_the_program_can_read(chat):
    play(chat, *TRIAGE)
    (message,) = [m for m in send(chat, choice="next:letter")["messages"] if m["files"]]
    (file,) = message["files"]
    assert (file["name"], file["type"]) == ("lettre-prefet.pdf", "application/pdf")
    with open(file["path"], "rb") as drawn:
        assert drawn.read().startswith(b"%PDF")
    again = [m for m in send(chat, choice="next:letter")["messages"] if m["files"]][0]["files"][0]
    assert again["path"] != file["path"]


def test_picture_is_taken_from_its_path(chat, tmp_path):
    play(chat, *TRIAGE)
    (tmp_path / "a.png").write_bytes(b"picture")
    told = send(chat, file=str(tmp_path / "a.png"), **{"as": "document"})
    assert told["messages"][-1]["asks"] == "proof_consent"
    assert "captures" in told["messages"][-1]["text"]


def test_identity_paper_is_refused(chat, tmp_path):
    play(chat, *TRIAGE)
    (tmp_path / "a.png").write_bytes(b"PAPER")
    told = send(chat, file=str(tmp_path / "a.png"), text="ma carte")
    assert "papier d'identité" in told["messages"][0]["text"]
    assert told["state"]["attempts"] == 0


def test_reminder_goes_out_with_a_tick(chat):
    play(chat, *TRIAGE, "next:reminder")
    told = json.loads(json.dumps(chat.answer('{"tick": "2026-11-27T10:00:00+01:00"}')))
    assert told["tick"] == "2026-11-27T10:00:00+01:00"
    assert [message["person"] for message in told["messages"]] == ["p"]
    assert chat.answer('{"tick": "2026-11-27T11:00:00+01:00"}')["messages"] == []


def test_erased_person_is_a_stranger_again(chat):
    play(chat, *TRIAGE)
    told = send(chat, text="EFFACER")
    assert "effacé" in told["messages"][0]["text"]
    assert told["state"]["departement"] is None
    assert told["state"]["outcome"] is None


def test_persons_do_not_mix(chat):
    play(chat, *TRIAGE)
    told = json.loads(json.dumps(chat.answer(json.dumps({"person": "q", "text": "bonjour", "now": NOW}))))
    assert told["person"] == "q"
    assert told["state"]["departement"] is None


def test_hint_comes_first_in_the_picker(chat):
    told = send(chat, text="?", language_hint="ar")
    assert told["messages"][-1]["choices"][0]["id"] == "language:ar"


REFUSED = [
    ("nothing", "", "not JSON"),
    ("broken", "{", "not JSON"),
    ("deep", "[" * 100_000, "not JSON"),
    ("no object", "[1]", "not a JSON object"),
    ("unknown key", '{"person": "p", "words": "x"}', "unknown key words"),
    ("half a sign as key", '{"\\ud800": 1}', "unknown key"),
    ("nobody", '{"text": "x"}', "person is missing"),
    ("empty person", '{"person": "", "text": "x"}', "person is missing"),
    ("number as person", '{"person": 1, "text": "x"}', "person is missing"),
    ("long person", json.dumps({"person": "p" * 201, "text": "x"}), "person is missing"),
    ("half a sign", '{"person": "\\ud800", "text": "x"}', "person is missing"),
    ("nothing said", '{"person": "p"}', "give one of"),
    ("two things said", '{"person": "p", "text": "x", "choice": "y"}', "give one of"),
    ("number as text", '{"person": "p", "text": 1}', "text is not a text"),
    ("number as choice", '{"person": "p", "choice": 1}', "choice is not a text"),
    ("number as file", '{"person": "p", "file": 1}', "file is not a text"),
    ("number as hint", '{"person": "p", "text": "x", "language_hint": 1}', "language_hint is not a text"),
    ("no such file", '{"person": "p", "file": "/nowhere/x.png"}', "file cannot be read"),
    ("a path with a zero", '{"person": "p", "file": "a\\u0000"}', "file cannot be read"),
    ("a folder", '{"person": "p", "file": "/"}', "file cannot be read"),
    ("neither photo nor document", '{"person": "p", "file": "/x", "as": "song"}', "photo or document"),
    ("no time", '{"person": "p", "text": "x", "now": "soon"}', "not ISO 8601"),
    ("a time without an offset", '{"person": "p", "text": "x", "now": "2026-11-23T10:00"}', "no offset"),
    ("a time of the Romans", '{"person": "p", "text": "x", "now": "0001-01-01T00:00+01:00"}', "out of range"),
    ("a tick without a time", '{"tick": null}', "not ISO 8601"),
]


@pytest.mark.parametrize(("name", "line", "why"), REFUSED, ids=[case[0] for case in REFUSED])
def test_line_that_cannot_be_used_is_refused_with_its_reason(chat, name, line, why):
    told = chat.answer(line)
    assert set(told) == {"error"}
    assert why in told["error"]


def test_line_that_is_too_long_is_refused(chat, monkeypatch):
    monkeypatch.setattr(module, "MAX_LINE", 10)
    assert chat.answer('{"person": "p", "text": "x"}') == {"error": "the line is too long"}


def test_session_goes_on_after_a_failure_and_names_the_class_only(chat, monkeypatch):
    def fail(_file):
        raise DocumentError("the words of a person")

    play(chat, *TRIAGE)
    monkeypatch.setattr(chat.house.renderer, "letter", fail, raising=False)
    assert send(chat, choice="next:letter") == {"error": "DocumentError"}
    assert send(chat, text="bonjour")["person"] == "p"


def test_failed_turn_is_apologised_for(chat):
    chat.house.engine.failure = TurnFailedError("turn 1 failed")
    told = send(chat, text="bonjour")
    assert "Pardon" in told["messages"][0]["text"]
    assert told["state"]["handoff"] is True


def test_session_serves_standard_input_until_it_ends(house, tmp_path, monkeypatch, capsys):
    lines = ['{"person": "p", "text": "bonjour"}', "", "rubbish"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    chat_json(house, tmp_path)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["error" in each for each in told] == [False, True]
