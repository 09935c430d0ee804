"""What the documents promise is there, and what is there is documented."""

import re
from pathlib import Path

import pytest

from bot import cli
from bot.config import _KNOWN, PREFIX

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADR = ROOT / "bot/docs/adr"
DECISIONS = sorted(path for path in ADR.glob("*.md") if path.name != "README.md")
COMMANDS = sorted(next(a for a in cli._arguments()._actions if a.dest == "command").choices)


def test_every_decision_is_in_the_index_under_its_number():
    index = (ADR / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\[(\d{4})\]\(([\w.-]+)\)", index)
    assert linked == [(path.name[:4], path.name) for path in DECISIONS]


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_decision_has_its_context_decision_and_consequences(path):
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# .+", text)
    for part in ("Context", "Decision", "Consequences"):
        assert re.search(rf"^(#+ |\*\*){part}", text, re.MULTILINE), part


def test_changelog_has_what_is_not_released_yet():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?Unreleased\]?", text, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert f"guichet {command}" in README


def test_readme_names_no_command_that_does_not_exist():
    named = set(re.findall(r"uv run guichet (\w+)", README))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("setting", sorted(_KNOWN))
def test_every_setting_is_in_the_readme(setting):
    assert f"`{PREFIX}{setting}`" in README


def test_readme_names_no_setting_that_does_not_exist():
    assert {name for name in re.findall(r"GUICHET_([A-Z_]+)", README)} <= _KNOWN  # noqa: C416


LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "bot/docs").glob("**/*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(path):
    dead = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
    assert dead == []
