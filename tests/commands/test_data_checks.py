"""``guichet data check``: every loader is asked, and rules about to fall silent are named."""

import shutil
from datetime import UTC, datetime

import pytest

from bot.commands import data_checks
from bot.commands.data_checks import check_all
from tests.playing import ROOT


def test_shipped_data_has_no_problem(house):
    lines = []
    assert check_all(house, lines.append) == 0
    assert [line for line in lines if not line.startswith("note: ")] == []


def test_rule_about_to_fall_silent_is_named_and_no_problem(house):
    house.clock.set(datetime(2029, 1, 1, tzinfo=UTC))
    lines = []
    assert check_all(house, lines.append) == 0
    assert len(lines) > 20
    assert all("a jurist has to look at it" in line for line in lines)


FAULTS = [
    ("languages.yml", lambda text: text.replace("state: source", "state: perfect"), "languages.yml"),
    ("doors.yml", lambda text: text + "\nwebchat.page_title: Encore\n", "webchat.page_title"),
    (
        "whatsapp_templates.yml",
        lambda text: text.replace("{state: draft", "{state: perfect", 1),
        "whatsapp_templates.yml",
    ),
    ("titles.yml", lambda text: text.replace("channel: PREF", "channel: PIGEON", 1), "titles.yml"),
]


@pytest.mark.parametrize(("file", "spoil", "named"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_fault_is_named_and_the_others_are_still_looked_for(house, tmp_path, monkeypatch, file, spoil, named):
    root = tmp_path / "project"
    shutil.copytree(ROOT / "bot/data", root / "bot/data")
    shutil.copytree(ROOT / "flows", root / "flows", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = root / "bot/data" / file
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(data_checks, "ROOT", root)
    lines = []
    assert check_all(house, lines.append) >= 1
    assert any(named in line for line in lines)
