"""The one component of Rasa's pipeline: ranks the intents of a message with our own classifier (ADR 0016).

Must not know: how a text is read; the signals of a message stand in its metadata.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import bot.engine.rasa_runtime  # noqa: F401  (before anything of Rasa)
from rasa.engine.graph import ExecutionContext, GraphComponent  # noqa: TC002  (Rasa reads the annotations)
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource  # noqa: TC002
from rasa.engine.storage.storage import ModelStorage  # noqa: TC002
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message  # noqa: TC002
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: TC002

from bot.core.errors import ModelMissingError
from bot.engine.e5_vectors import key_of, vector
from bot.core.ngrams import MAX_CHARACTERS
from bot.engine.intent_model import IntentModel

FEATURES = "features"
"""The config key that names the file of training features; set by the training process, never in config.yml."""

SIGNALS = "signals"
"""The key of a message's metadata under which its signals stand."""

_FILE = "intents.npz"
_KEPT_VECTORS = 512


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentComponent(IntentClassifier, GraphComponent):
    """Rasa's handle on ``IntentModel``."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing is set in config.yml."""
        return {FEATURES: None}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Called by ``create`` and ``load`` only."""
        self._config, self._storage, self._resource = config, storage, resource
        self._model: IntentModel | None = None
        self._vectors: OrderedDict[int, Any] = OrderedDict()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  (Rasa passes it)
    ) -> IntentComponent:
        """A component to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  (Rasa passes it)
        **_kwargs: Any,
    ) -> IntentComponent:
        """The trained component."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            made._model = IntentModel.load(Path(folder) / _FILE)
        return made

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on Rasa's examples with the features made before. Raises ModelMissingError."""
        from bot.engine.intent_training import fit  # noqa: PLC0415  (scikit-learn, in the training process only)
        from bot.engine.training_features import TrainingFeatures  # noqa: PLC0415

        if self._config[FEATURES] is None:
            message = "train with `guichet train`: the examples' features are made before Rasa begins"
            raise ModelMissingError(message)
        features = TrainingFeatures.load(Path(self._config[FEATURES]))
        told = [(str(e.get(TEXT)), str(e.get(INTENT))) for e in training_data.intent_examples if e.get(TEXT)]
        self._model = fit(features.examples(told))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder) / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: the policies never see a text."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the ranking of every message that holds a text."""
        model = self._model
        for message in messages:
            text = message.get(TEXT)
            if not text or model is None:
                continue
            signals = (message.get("metadata") or {}).get(SIGNALS, ())
            row = self._vector(text) if model.needs_vector else None
            ranking = [{"name": name, "confidence": chance} for name, chance in model.rank(text, row, signals)]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _vector(self, text: str) -> Any:
        """The text's vector; the last few are kept by a digest, so that no words outlive an erasure in memory."""
        key = key_of(text[:MAX_CHARACTERS])
        if key not in self._vectors:
            self._vectors[key] = vector(text)
            if len(self._vectors) > _KEPT_VECTORS:
                self._vectors.popitem(last=False)
        return self._vectors[key]
