"""The training process: ``python -m bot.engine.trainer ROOT TARGET``.

Must not know: when to train.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import bot.engine.e5_featurizer  # noqa: F401  registers the component with Rasa
from bot.core.errors import ModelMissingError
from bot.engine.e5_vectors import use_cache
from bot.engine.tensorflow_stub import refuse_tensorflow_components
from bot.engine.training import VECTORS, ModelInputs


def main(root: Path, target: Path) -> None:
    """Train on the files below ``root`` and put the model at ``target``, whole or not at all."""
    from rasa.model_training import train  # noqa: PLC0415  (after the runtime is prepared)
    from rasa.shared.utils.io import read_yaml_file  # noqa: PLC0415

    use_cache(target.parent / VECTORS)
    refuse_tensorflow_components(read_yaml_file(root / "config.yml"))
    with tempfile.TemporaryDirectory() as scratch:
        domains = Path(scratch) / "domains"
        domains.mkdir()
        for name, domain in ModelInputs(root).domains().items():
            (domains / f"{name}.yml").write_text(json.dumps(domain), encoding="utf-8")
        result = train(
            domain=str(domains),
            config=str(root / "config.yml"),
            training_files=[str(root / "nlu"), str(root / "flows")],
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


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
