"""Every module says what it is for and what it must not know."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(p for p in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("flows/**/*.py")] if p.name != "__init__.py")
EXEMPT = {"bot/cli.py", "bot/__main__.py", "bot/bootstrap.py", "bot/readers.py"}
"""They know everybody: that is what they are for."""


def test_there_are_modules():
    assert len(MODULES) > 90


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_must_not_know(path):
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert len(docstring) > 20
    if str(path.relative_to(ROOT)) not in EXEMPT:
        assert "ust not know" in docstring
