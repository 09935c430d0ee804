"""The command line helps with an example, says one clear line when it fails, and exits 0, 1 or 2."""

import io
import json
import os
from types import SimpleNamespace

import pytest

from bot import cli
from bot.core.errors import GuichetError, ModelMissingError
from tests.house import make_house

COMMANDS = ["serve", "work", "channels", "chat", "outbox", "parse", "train", "handoffs", "data"]


class FakeHouse:
    """Notes what it was asked."""

    made: "list[FakeHouse]" = []

    def __init__(self, settings):
        self.settings = settings
        self.is_closed = False
        self.forced = None
        self.secrets = []
        FakeHouse.made.append(self)

    def train(self, *, force=False):
        self.forced = force
        return SimpleNamespace(name="model.tar.gz"), force

    def close(self):
        self.is_closed = True


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(FakeHouse, "made", [])
    monkeypatch.setattr("bot.bootstrap.House", FakeHouse)


def run(*argv):
    return cli.main(list(argv))


def test_every_command_is_known_to_this_test():
    (action,) = [a for a in cli._arguments()._actions if a.dest == "command"]
    assert sorted(action.choices) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example(command, capsys):
    with pytest.raises(SystemExit) as exited:
        run(command, "--help")
    out = " ".join(capsys.readouterr().out.split())
    assert exited.value.code == 0
    assert f"example: uv run guichet {command}" in out
    assert "--data" in out


def test_example_of_every_command_can_be_parsed():
    parser = cli._arguments()
    (action,) = [a for a in parser._actions if a.dest == "command"]
    for command in action.choices.values():
        words = command.epilog.removeprefix("example: uv run guichet ").partition(" <")[0].split()
        assert callable(parser.parse_args(words).run)


def test_help_does_not_wait_for_the_house(monkeypatch, capsys):
    def never(*_a):
        pytest.fail("loaded")

    monkeypatch.setattr("bot.bootstrap.House", never)
    with pytest.raises(SystemExit):
        run("--help")
    assert "guichet" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv", [[], ["nonsense"], ["serve", "--port", "x"], ["data"], ["data", "guess"], ["train", "--what"]]
)
def test_wrong_usage_exits_with_two(argv, capsys):
    with pytest.raises(SystemExit) as exited:
        run(*argv)
    assert exited.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_success_exits_with_zero_and_closes_the_house(capsys):
    assert run("train") == 0
    assert capsys.readouterr().out == "Up to date: model.tar.gz\n"
    (house,) = FakeHouse.made
    assert (house.is_closed, house.forced) == (True, False)


def test_forced_training_is_told(capsys):
    assert run("train", "--force") == 0
    assert capsys.readouterr().out == "Trained model.tar.gz\n"


def test_data_directory_of_the_command_line_wins(tmp_path):
    run("train", "--data", str(tmp_path / "b"))
    assert FakeHouse.made[0].settings.data_dir == tmp_path / "b"


def test_unknown_setting_is_named_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("GUICHET_PORT", "80")
    assert run("train") == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "GUICHET_PORT" in err
    assert FakeHouse.made == []


def test_setting_for_later_is_announced(monkeypatch, capsys):
    monkeypatch.setenv("GUICHET_TSA_URL", "t0ken")
    assert run("train") == 0
    err = capsys.readouterr().err
    assert "GUICHET_TSA_URL is set" in err
    assert "t0ken" not in err


@pytest.mark.parametrize(
    "error", [GuichetError("no model at x"), ModelMissingError("no model at x"), OSError("no model at x")]
)
def test_failure_is_one_clear_line_and_exit_one(monkeypatch, capsys, error):
    def fail(_house, **_more):
        raise error

    monkeypatch.setattr(FakeHouse, "train", fail)
    assert run("train") == 1
    assert capsys.readouterr().err == "guichet: no model at x\n"
    assert FakeHouse.made[0].is_closed


def test_interruption_is_no_failure_of_ours(monkeypatch):
    def interrupt(_house, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeHouse, "train", interrupt)
    assert run("train") == 130
    assert FakeHouse.made[0].is_closed


def test_serve_and_work_pass_their_address(monkeypatch):
    called = []
    monkeypatch.setattr("bot.commands.serve.serve", lambda house, host, port, say: called.append((host, port)))
    monkeypatch.setattr("bot.commands.serve.work", lambda house, say: called.append("work"))
    assert run("serve") == 0
    assert run("serve", "--host", "0.0.0.0", "--port", "81") == 0
    assert run("work") == 0
    assert called == [("127.0.0.1", 8080), ("0.0.0.0", 81), "work"]


@pytest.fixture
def real(monkeypatch, tmp_path):
    monkeypatch.setattr("bot.bootstrap.House", lambda settings: make_house(settings.data_dir))


def test_chat_json_answers_on_standard_output(real, monkeypatch, capsys):
    monkeypatch.setattr(
        "sys.stdin", io.StringIO('{"person": "p", "text": "bonjour", "now": "2026-11-23T10:00:00+01:00"}\n')
    )
    assert run("chat", "--json") == 0
    assert json.loads(capsys.readouterr().out)["person"] == "p"


def test_chat_ends_with_its_input(real, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda _prompt: (_ for _ in ()).throw(EOFError))
    assert run("chat", "--language", "fr") == 0
    assert "1. " in capsys.readouterr().out


def test_parse_prints_one_line_for_each(real, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("bonjour\n\nBobigny\n"))
    assert run("parse") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_engine_without_understanding_parses_nothing(monkeypatch, capsys):
    monkeypatch.setattr(FakeHouse, "engine", SimpleNamespace(understand=None), raising=False)
    assert run("parse") == 0
    assert capsys.readouterr().out == ""


def test_handoffs_are_listed_without_content(real, monkeypatch, capsys):
    assert run("handoffs") == 0
    assert capsys.readouterr().out == "0 open\n"
    entry = {"person": "p", "choice": "do:human", "now": "2026-11-23T10:00:00+01:00"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(entry) + "\n"))
    run("chat", "--json")
    capsys.readouterr()
    assert run("handoffs") == 0
    line, total = capsys.readouterr().out.splitlines()
    assert line.startswith("2026-11-23 09:00 UTC  terminal  asked ")
    assert total == "1 open"


def test_data_check_says_so_when_all_is_well(real, monkeypatch, capsys):
    monkeypatch.setattr("bot.commands.data_checks.check_all", lambda house, write: 0)
    assert run("data", "check") == 0
    assert capsys.readouterr().out == "bot/data: no problem\n"


def test_data_check_counts_its_problems(real, monkeypatch, capsys):
    monkeypatch.setattr("bot.commands.data_checks.check_all", lambda house, write: write("x.yml: k: wrong") or 3)
    assert run("data", "check") == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("x.yml: k: wrong\n", "guichet: 3 problems in bot/data\n")


def test_data_who_shows_a_list_or_names_the_wrong_word(real, capsys):
    assert run("data", "who", "--department", "93", "--topic", "letter", "--language", "ar") == 0
    assert "local: " in capsys.readouterr().out
    assert run("data", "who", "--department", "93", "--topic", "cooking") == 1
    assert "cooking" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["--department", "20"], ["--department", "zz"], []])
def test_data_who_names_a_wrong_or_missing_department(real, capsys, argv):
    assert run("data", "who", *argv) == 1
    err = capsys.readouterr().err
    assert err.startswith("guichet: --department")
    assert err.count("\n") == 1
