"""Trains the model with Rasa, in a process that has the real scikit-learn.

Must not know: when to train, how the features were made.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from bot.engine.import_stubs import SKLEARN, install, refuse_stubbed_components

install(keep=frozenset({SKLEARN}))

import bot.engine.intent_component  # noqa: E402  (after the stubs; registers the component with Rasa)
from bot.core.errors import ModelMissingError  # noqa: E402
from bot.engine.training import ModelInputs  # noqa: E402


def train_model(root: Path, target: Path, features: Path) -> None:
    """Train on the files below ``root`` and put the model at ``target``, whole or not at all.

    ``features`` holds vectors and signals of every example. Raises ModelMissingError.
    """
    from rasa.model_training import train  # noqa: PLC0415  (after the runtime is prepared)
    from rasa.shared.utils.io import read_yaml_file  # noqa: PLC0415

    config = dict(read_yaml_file(root / "config.yml"))
    refuse_stubbed_components(config)
    for entry in config["pipeline"]:
        entry[bot.engine.intent_component.FEATURES] = str(features)
    with tempfile.TemporaryDirectory() as scratch:
        domains = Path(scratch) / "domains"
        domains.mkdir()
        for name, domain in ModelInputs(root).domains().items():
            (domains / f"{name}.yml").write_text(json.dumps(domain), encoding="utf-8")
        (Path(scratch) / "config.yml").write_text(json.dumps(config), encoding="utf-8")
        result = train(
            domain=str(domains),
            config=str(Path(scratch) / "config.yml"),
            training_files=[*map(str, sorted((root / "nlu").glob("*.yml"))), str(root / "flows")],
            output=scratch,
            fixed_model_name="model",
            force_training=True,
        )
        if result.code != 0 or result.model is None:
            message = "Rasa trained no model"
            raise ModelMissingError(message)
        partial = target.with_suffix(".part")
        shutil.copyfile(result.model, partial)
        partial.replace(target)
