"""Trains the model when its inputs changed, and finds the one that belongs to them.

The model's name is the hash of its inputs: no other file can take its place (engine.md 2.4).
Must not know: the dialogue at run time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from bot.core.errors import ModelMissingError

if TYPE_CHECKING:
    from pathlib import Path

_PATTERNS = (
    "config.yml",
    "nlu/*.yml",
    "flows/*/rules.yml",
    "bot/core/ngrams.py",
    "bot/core/signals.py",
    *(
        f"bot/data/{name}.yml"
        for name in ("alarms", "blockages", "dates", "dates_cldr", "lexicon", "procedures", "titles")
    ),
    "bot/data/words/*.yml",
    "bot/data/places/*",
    "bot/data/encoder/*",
    "bot/engine/e5_vectors.py",
    "bot/engine/encoder/[!d]*.py",
    "bot/engine/intent_*.py",
    "bot/engine/network*.py",
)
"""What a model is made from; the words of bot/data count because the classifier learns what they signal."""

_DOMAINS = "flows/*/domain.yml"
_VERSION = "rasa-3.6.21"


@dataclass(frozen=True, slots=True)
class ModelInputs:
    """The files a model is trained from."""

    root: Path
    """The project's folder."""

    def digest(self, *, has_e5: bool) -> str:
        """The first 16 hex digits of the SHA-256 over names and contents of all inputs."""
        sha = hashlib.sha256(f"{_VERSION} e5={has_e5} py={sys.version_info[:2]}".encode())
        for pattern in _PATTERNS:
            for path in sorted(self.root.glob(pattern)):
                sha.update(path.relative_to(self.root).as_posix().encode() + b"\0")
                sha.update(hashlib.sha256(path.read_bytes()).digest())
        for name, domain in self.domains().items():
            sha.update(f"{name} {json.dumps(domain, sort_keys=True)}".encode())
        return sha.hexdigest()[:16]

    def domains(self) -> dict[str, dict[str, Any]]:
        """The flows' domains without their sentences: wording comes from the catalogues, so Rasa never sees it."""
        reader = YAML(typ="safe")
        return {
            path.parent.name: {
                key: value for key, value in reader.load(path.read_text(encoding="utf-8")).items() if key != "responses"
            }
            for path in sorted(self.root.glob(_DOMAINS))
        }


def model_path(folder: Path, digest: str) -> Path:
    """Where the model of these inputs lies, trained or not."""
    return folder / f"guichet-{digest}.tar.gz"


def train(inputs: ModelInputs, folder: Path, digest: str, *, spare: Path | None = None, force: bool = False) -> bool:
    """Make sure the model of these inputs lies in ``folder``; True when it was trained now.

    A model of the very same inputs in ``spare`` is copied instead. Trains in a process of its own, because
    Rasa's training leaves 200 MB behind. Raises ModelMissingError when the training fails.
    """
    wanted = model_path(folder, digest)
    if wanted.is_file() and not force:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    if spare is not None and not force and model_path(spare, digest).is_file():
        partial = wanted.with_suffix(".part")
        shutil.copyfile(model_path(spare, digest), partial)
        partial.replace(wanted)
        return False
    # Whole paths: the worker runs in the project's folder, and a data directory may be told relative to another.
    paths = [str(inputs.root.resolve()), str(wanted.resolve())]
    command = [sys.executable, "-W", "ignore", "-m", "bot.commands.train_worker", *paths]
    # The linear model and the network each take a core; a matrix library that takes both makes them wait on each other.
    environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=inputs.root, env=environ, check=False)  # noqa: S603
    if done.returncode != 0 or not wanted.is_file():
        last = (done.stderr.strip().splitlines() or ["no output"])[-1][:300]
        message = f"training failed ({last})"
        raise ModelMissingError(message)
    return True
