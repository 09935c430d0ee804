"""The one component of Rasa's pipeline: ranks the intents of a message with our own classifier (ADR 0016).

Must not know: how a text is read; the signals of a message stand in its metadata.
"""

from __future__ import annotations

import shutil
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Iterable

FITTED = "fitted"
"""The config key that names the fitted classifier; set by the training process, never in config.yml."""

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
        return {FITTED: None}

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

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002  (Rasa passes it)
        """Take in the classifier that was fitted before Rasa began. Raises ModelMissingError."""
        if self._config[FITTED] is None:
            message = "train with `guichet train`: the classifier is fitted before Rasa begins"
            raise ModelMissingError(message)
        with self._storage.write_to(self._resource) as folder:
            shutil.copyfile(self._config[FITTED], Path(folder) / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: the policies never see a text."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the ranking of every message that holds a text."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._model is None:
                continue
            told = self.rank(text, (message.get("metadata") or {}).get(SIGNALS, ()))
            ranking = [{"name": name, "confidence": chance} for name, chance in told]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def rank(self, text: str, signals: Iterable[str]) -> tuple[tuple[str, float], ...]:
        """Every intent and its probability, best first. Raises ModelMissingError before the training."""
        if self._model is None:
            message = "the classifier is not trained"
            raise ModelMissingError(message)
        return self._model.rank(text, self._vector, signals)

    def _vector(self, text: str) -> Any:
        """The text's vector; the last few are kept by a digest, so that no words outlive an erasure in memory."""
        key = key_of(text[:MAX_CHARACTERS])
        if key not in self._vectors:
            self._vectors[key] = vector(text)
            if len(self._vectors) > _KEPT_VECTORS:
                self._vectors.popitem(last=False)
        return self._vectors[key]
