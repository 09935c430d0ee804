"""Trains the model with Rasa around the classifier that was fitted before.

Must not know: when to train, how the classifier was fitted.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import bot.engine.intent_component  # (first: it brings the stubs, and registers the component with Rasa)
from bot.core.errors import ModelMissingError
from bot.engine.import_stubs import refuse_stubbed_components
from bot.engine.training import ModelInputs

if TYPE_CHECKING:
    from collections.abc import Iterable


def train_model(root: Path, target: Path, fitted: Path, intents: Iterable[str]) -> None:
    """Train on the files below ``root`` and put the model at ``target``, whole or not at all.

    ``fitted`` is the classifier's file; of the examples Rasa sees one word an intent, because it does nothing with
    them but check and count, for a fifth of the training's time. Raises ModelMissingError.
    """
    from rasa.model_training import train  # noqa: PLC0415  (after the runtime is prepared)
    from rasa.shared.utils.io import read_yaml_file  # noqa: PLC0415

    config = dict(read_yaml_file(root / "config.yml"))
    refuse_stubbed_components(config)
    for entry in config["pipeline"]:
        entry[bot.engine.intent_component.FITTED] = str(fitted)
    with tempfile.TemporaryDirectory() as scratch:
        domains = Path(scratch) / "domains"
        domains.mkdir()
        for name, domain in ModelInputs(root).domains().items():
            (domains / f"{name}.yml").write_text(json.dumps(domain), encoding="utf-8")
        (Path(scratch) / "config.yml").write_text(json.dumps(config), encoding="utf-8")
        told = [{"intent": intent, "examples": f"- {intent}\n- {intent}s\n"} for intent in sorted(intents)]
        # A whole file of JSON would be taken for another format.
        (Path(scratch) / "nlu.yml").write_text(f'version: "3.1"\nnlu: {json.dumps(told)}\n', encoding="utf-8")
        result = train(
            domain=str(domains),
            config=str(Path(scratch) / "config.yml"),
            training_files=[str(Path(scratch) / "nlu.yml"), str(root / "flows")],
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
