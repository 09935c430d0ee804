"""Nothing a person says, shows or is gets into a log, a stream, an exception or a file that can be read."""

from __future__ import annotations

import ast
import json
import logging
import secrets
import sqlite3
import tempfile
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from tests.media.drawings import booking_page, identity_card, jpeg

ROOT = Path(__file__).parents[2]
IDENTITY = "Zebulon-Quetzal-0612345678"
SECRETS = (
    IDENTITY, "Zebulon", "0612345678", "Bobigny", "salarié", "salarie", "20/01/2027", "2027-01-20", "20 janvier 2027",
    "Kumquat", "Tartempion", "capture-de-Xanthippe", "Xanthippe", "ce matin à 9h37", "9h37", "2026-11-23T09:37", "09:37",
    "ts.sal", "proc.renew", "blk.noslot", "pref-93", "Seine-Saint-Denis", "depuis trois semaines", "personne de confiance",
)  # fmt: skip
SLOT_CONTEXT = ("departement", "place", "département")
"""Words beside which 93 would be the person's département."""

pytestmark = pytest.mark.process


class Ear(logging.Handler):
    """Hears every record with its arguments, its traceback and whatever else hangs on it."""

    def __init__(self):
        super().__init__(logging.NOTSET)
        self.heard = []

    def emit(self, record):
        parts = [record.getMessage(), repr(record.args), repr(record.__dict__)]
        if record.exc_info and record.exc_info[0]:
            parts.append("".join(traceback.format_exception(*record.exc_info)))
        self.heard.append("\n".join(parts))


@pytest.fixture
def ear():
    """Root and every logger there is at the lowest level, even those that were told to be silent."""
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    before = [(logger, logger.level, logger.propagate, logger.disabled) for logger in loggers]
    handler = Ear()
    logging.getLogger().addHandler(handler)
    structured = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        processors=[lambda _logger, _method, event: handler.heard.append(repr(event)) or "a structured line"],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.propagate = True
        logger.disabled = False
    yield handler
    logging.getLogger().removeHandler(handler)
    structlog.configure(**structured)
    for logger, level, propagate, disabled in before:
        logger.setLevel(level)
        logger.propagate, logger.disabled = propagate, disabled


@pytest.fixture
def private(house, tmp_path, monkeypatch):
    """A house with its own data and temporary directories, around the engine that is loaded already."""
    from bot.bootstrap import House
    from bot.config import Settings

    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    made_ids = []

    def random(size):
        value = secrets.token_bytes(size)
        made_ids.append(value.hex())
        return value

    own = House(Settings(data_dir=tmp_path / "data"), random=random)
    own.__dict__["engine"] = house.engine
    own.made_ids = made_ids
    yield own
    own.__dict__.pop("engine")
    own.close()


@pytest.fixture
def say(private, tmp_path):
    from bot.commands.chat_json import JsonChat

    (tmp_path / "documents").mkdir()
    chat = JsonChat(private, tmp_path / "documents")
    moments = iter(range(10_000))

    def send(**entry):
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(seconds=next(moments))
        line = {"tick": entry["tick"]} if "tick" in entry else {"person": IDENTITY, "now": now.isoformat(), **entry}
        answer = chat.answer(json.dumps(line))
        assert "error" not in answer, answer
        return answer

    return send


def converse(say, tmp_path, break_turn):
    """Triage, a failed turn, a letter, a human, an attempt with a picture, a paper, another language."""
    capture, card, broken = (tmp_path / name for name in ("capture-de-Xanthippe.jpg", "Xanthippe.jpg", "Xanthippe.png"))
    capture.write_bytes(jpeg(booking_page(540, 960)))
    card.write_bytes(identity_card())
    broken.write_bytes(b"\x89PNG\r\n\x1a\nKumquat")
    say(text="Bonjour, pas de rendez-vous à Bobigny pour renouveler ma carte salarié, elle finit le 20/01/2027")
    say(choice="consent:yes")
    say(text="Kumquat Tartempion")
    with break_turn():
        failed = say(text="Je suis Zebulon Tartempion, 0612345678")
    assert failed["state"]["handoff"]
    say(choice="removal:none")
    for _ in range(3):
        say(choice="confirm:yes")
    say(text="depuis trois semaines")
    done = say(choice="risk:none")
    assert done["state"]["outcome"] == "O-PLAN_RENEW"
    assert done["state"]["departement"] == "93"
    letter = say(choice="next:letter")
    assert any(message["files"] for message in letter["messages"])
    say(text="je veux parler à une personne de confiance, Zebulon")
    say(file=str(card), **{"as": "document"})
    say(file=str(broken), **{"as": "photo"}, text="Kumquat")
    say(text="j'ai essayé ce matin à 9h37")
    say(file=str(capture), **{"as": "photo"})
    say(choice="proof_consent:yes")
    say(choice="attempt_channel:site")
    say(choice="attempt_result:no_slot")
    recorded = say(choice="attempt_confirm:yes")
    assert recorded["state"]["attempts"] == 1
    say(choice="next:reminder")
    say(text="\ud800Kumquat" + "x" * 5000)


@pytest.fixture
def break_turn(private, monkeypatch):
    """The worst an action can do: raise the person's own words."""

    class Broken:
        name = "validate_triage_form"

        def run(self, turn, requested):
            raise ValueError(f"{turn.message.text} {turn.case!r}")

    def breaking():
        context = pytest.MonkeyPatch.context()

        class Entered:
            def __enter__(self):
                patch = context.__enter__()
                patch.setitem(private.engine._actions.actions, "validate_triage_form", Broken())

            def __exit__(self, *args):
                context.__exit__(*args)

        return Entered()

    return breaking


def found_in(text, more=()):
    folded = text.casefold()
    found = [word for word in (*SECRETS, *more) if word.casefold() in folded]
    for word in SLOT_CONTEXT:
        start = folded.find(word)
        while start >= 0:
            near = folded[start : start + 40]
            if "'93'" in near or '"93"' in near or "=93" in near:
                found.append(near)
            start = folded.find(word, start + 1)
    return found


def readable(directory, words):
    """Which words stand in plain text in which file or file name."""
    found = []
    for path in directory.rglob("*"):
        name = str(path.relative_to(directory))
        if name.startswith("models"):
            continue
        data = b"" if path.is_dir() else path.read_bytes()
        for word in words:
            forms = {word.encode(), word.casefold().encode(), word.encode("utf-16-le"), json.dumps(word)[1:-1].encode()}
            if word in name or any(form in data for form in forms):
                found.append((name, word))
    return found


@pytest.mark.rasa
def test_no_word_of_a_whole_conversation_is_logged_printed_or_left_in_plain_text(
    say, private, ear, break_turn, tmp_path, capfd
):
    assert len(SECRETS) == 24
    logging.getLogger("bot").debug("the ear hears")
    converse(say, tmp_path, break_turn)
    person = private.store.handoffs.open()[0].person
    assert readable(private.settings.data_dir, SECRETS) == []
    assert readable(tmp_path / "tmp", SECRETS) == []
    assert [name.name for name in (private.settings.data_dir / "files").rglob("*") if "." in name.name] == []
    with private.store.database.reading() as conn:
        assert conn.execute("SELECT DISTINCT error FROM failures").fetchall() == [("ValueError",)]
    out, err = capfd.readouterr()
    assert found_in(out + err, [person]) == []
    assert any("the ear hears" in record for record in ear.heard)
    for record in ear.heard:
        assert found_in(record, [person]) == [], record[:300]


@pytest.mark.rasa
def test_nothing_of_an_erased_person_is_left(say, private, break_turn, tmp_path):
    converse(say, tmp_path, break_turn)
    person = private.store.handoffs.open()[0].person
    with private.store.database.reading() as conn:
        files = [name for (name,) in conn.execute("SELECT id FROM files")]
        external = [made for made in private.made_ids if len(made) == 32]
    assert len(files) == 2
    assert external
    data_dir = private.settings.data_dir
    assert readable(data_dir, [person]) != []
    farewell = say(text="EFFACER")
    assert farewell["messages"][0]["text"] == private.wording.sentence("utter_erased", "fr")
    assert farewell["state"]["handoff"] is False
    assert farewell["state"]["attempts"] == 0
    say(tick="2026-11-23T12:00:00+01:00")

    with private.store.database.reading() as conn:
        for table in ("persons", "keys", "inbox", "outbox", "files", "attempts", "reminders", "handoffs"):
            assert conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    assert [path for path in (data_dir / "files").rglob("*") if path.is_file()] == []
    assert readable(data_dir, [person, *files, *external, *SECRETS]) == []
    assert readable(tmp_path / "tmp", [person, *files, *SECRETS]) == []
    with closing(sqlite3.connect(data_dir / "guichet.db")) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    back = say(text="bonjour")
    assert {key: value for key, value in back["state"].items() if value} in ({"language": "fr"}, {})


def test_job_that_fails_names_its_error_and_nothing_of_it(ear):
    import threading

    from bot.jobs.runner import Runner

    done = threading.Event()

    def fail():
        done.set()
        raise ValueError(f"{IDENTITY} a dit Kumquat")

    runner = Runner("converse", fail)
    runner.start()
    assert done.wait(5)
    runner.stop()
    assert any("ValueError" in record for record in ear.heard)
    assert [record for record in ear.heard if found_in(record)] == []


LOGGERS = {"logger", "logging", "log", "_log", "structlogger", "structlog", "warnings"}
LEVELS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "log", "msg"}
WORDS = {
    "text", "texts", "message", "messages", "payload", "identity", "choice", "choices", "words", "said", "reading", "case",
    "turn", "state", "situation", "received", "queued", "update", "body", "data", "file", "files", "name", "user", "person",
    "phone", "sender", "chat", "line", "entry", "record", "dialogue", "address", "exc_info", "stack_info", "extra",
}  # fmt: skip
ERRORS = {"error", "exc", "exception", "e", "err"}


def leaks(source):
    """Lines of a module whose logging calls could hold what a person said."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in LEVELS:
            continue
        owner = ast.unparse(node.func.value)
        if owner.split(".")[0].split("(")[0] not in LOGGERS and "getLogger" not in owner and "get_logger" not in owner:
            continue
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        named = {keyword.arg for keyword in node.keywords} & WORDS
        if node.func.attr == "exception" or named or any(_is_telling(part) for part in arguments):
            found.append(node.lineno)
    return found


def _is_telling(part):
    """True for anything but literals, plain fields that are not in WORDS, and ``type(error).__name__``."""
    if ast.unparse(part) in {f"type({name}).__name__" for name in ERRORS}:
        return False
    if isinstance(part, (ast.JoinedStr, ast.BinOp)):
        return True
    for node in ast.walk(part):
        spelled = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if spelled in ERRORS or (spelled in WORDS and not (spelled == "name" and ast.unparse(part) == "self.name")):
            return True
    return False


PLANTED = (
    'logger.info("got %s", turn.message.text)',
    'logger.warning(f"{payload}")',
    'logger.error("failed", exc_info=True)',
    'logger.exception("failed")',
    'logger.error("failed: %s", error)',
    'logger.error("failed: %s", str(error))',
    'logging.debug("from " + identity)',
    'logging.getLogger(__name__).info("%s", identity)',
    'structlogger.debug("turn", text=words)',
    'structlog.get_logger().info("turn", choice=1)',
    'warnings.warn(f"cannot read {text}")',
    'logger.log(10, "%r", received)',
)
HARMLESS = (
    'logger.error("job %s failed: %s", self.name, type(error).__name__)',
    'logger.info("ready")',
    'logger.warning("retry in %d s", seconds)',
    'turn.say("utter_text", text=text)',
)


@pytest.mark.parametrize("line", PLANTED)
def test_planted_leak_is_seen(line):
    assert len(PLANTED) == 12
    assert leaks(f"def f():\n    {line}\n") == [2]


@pytest.mark.parametrize("line", HARMLESS)
def test_harmless_line_is_let_pass(line):
    assert len(HARMLESS) == 4
    assert leaks(line) == []


def test_no_logging_call_of_the_source_can_hold_a_persons_words():
    modules = [path for folder in ("bot", "flows") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(modules) > 150
    found = {str(path.relative_to(ROOT)): lines for path in modules if (lines := leaks(path.read_text("utf-8")))}
    assert found == {}
    heard = sum("logger.error" in path.read_text("utf-8") for path in modules)
    assert heard >= 1
