"""The core, the services and the flows load anywhere: without Rasa, without the network's and the disk's libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "bot/core": ("rasa", "starlette", "httpx", "sqlite3", "babel", "gettext", "yaml", "ruamel", "asyncio", "tensorflow"),
    "bot/services": ("rasa", "starlette", "httpx", "sqlite3", "babel", "ruamel", "tensorflow", "bot.storage", "bot.i18n"),
    "flows": ("rasa", "starlette", "httpx", "sqlite3", "babel", "ruamel", "tensorflow", "bot.storage", "bot.engine"),
    "bot/i18n": ("rasa", "starlette", "sqlite3", "tensorflow", "bot.storage", "bot.engine"),
    "bot/jobs": ("rasa", "starlette", "sqlite3", "tensorflow", "bot.storage", "bot.engine"),
}  # fmt: skip
SCRIPT = """
import importlib, sys
sys.path.insert(0, {root!r})
for name in {names!r}:
    importlib.import_module(name)
print(" ".join(name for name in {forbidden!r} if name in sys.modules))
"""


def modules(folder: str) -> list[str]:
    found = [path for path in sorted((ROOT / folder).glob("**/*.py")) if "__pycache__" not in path.parts]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found]
    return [name.removesuffix(".__init__") for name in names]


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_every_module_loads_in_an_empty_environment_and_brings_nothing_forbidden(folder):
    names = modules(folder)
    assert len(names) >= 4
    script = SCRIPT.format(root=str(ROOT), names=names, forbidden=FORBIDDEN[folder])
    ran = subprocess.run([sys.executable, "-c", script], env={}, cwd="/", capture_output=True, text=True, timeout=120)  # noqa: PLW1510
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stderr[-800:]


def test_help_of_the_command_line_loads_no_engine():
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport bot.cli, bot.bootstrap\nprint('rasa' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], env={}, cwd="/", capture_output=True, text=True, timeout=120)  # noqa: PLW1510
    assert ran.stdout.strip() == "False", ran.stderr[-800:]
