"""Peers that cannot live beside Rasa get environments of their own, made once by uv under ``.guichet/peers``.

A machine without a package mirror cannot make them: the tests that need one are then skipped with the reason, and
``PEERS=required`` turns the skip into a failure. How many were skipped is said at the end of the run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
INSTALL_SECONDS = 600
MISSING: dict[str, str] = {}


def peer_python(name: str) -> Path:
    """The Python of a peer's environment; skips the test, and counts it, when there is none."""
    made = _made(name)
    if isinstance(made, Path):
        return made
    MISSING[name] = made
    if os.environ.get("PEERS") == "required":
        pytest.fail(f"the environment of {name} could not be made: {made}")
    pytest.skip(f"the environment of {name} could not be made: {made}")


@cache
def _made(name: str) -> Path | str:
    """The Python, or why there is none. An environment is complete once its last file is written."""
    pins = HERE / f"requirements-{name}.txt"
    version = ".".join(map(str, sys.version_info[:3]))
    key = hashlib.sha256(pins.read_bytes() + version.encode()).hexdigest()[:12]
    folder = ROOT / ".guichet" / "peers" / f"{name}-{key}"
    python, complete = folder / "bin" / "python", folder / "complete"
    if complete.exists():
        return python
    uv = _uv()
    if uv is None:
        return "uv was not found"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for command in (
        [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(python), "--requirement", str(pins)],
    ):
        failure = _failure(command)
        if failure:
            return failure
    complete.touch()
    return python


def _uv() -> str | None:
    """Under ``uv run`` its own path; else that of the system, else the one the Makefile brings."""
    ours = ROOT / ".uv" / "bin" / "uv"
    return os.environ.get("UV") or shutil.which("uv") or (str(ours) if ours.exists() else None)


def _failure(command: list[str]) -> str:
    """Why a command failed, in one line; nothing when it did not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{Path(command[0]).name} {command[1]}: {type(error).__name__}"
    lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
    return f"{Path(command[0]).name} {command[1]}: {lines[0].strip()}" if done.returncode else ""
