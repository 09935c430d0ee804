"""Stand-ins for what Rasa 3.6.21 imports and we never call: TensorFlow (ADR 0001), channels, brokers, servers (ADR 0015).

Rasa imports them in modules we use for other reasons. They cost 120 MB and seven seconds of every start.
The components that really need one of them would misbehave silently, so training and loading refuse them by name.
Must be installed before the first import of Rasa; ``bot.engine.rasa_runtime`` does it. Must not know: our dialogue.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import TYPE_CHECKING, Any

from bot.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TENSORFLOW = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorboard", "jax")
_CHANNELS = (
    "aiogram",
    "fbmessenger",
    "mattermostwrapper",
    "rocketchat_API",
    "slack_sdk",
    "socketio",
    "engineio",
    "twilio",
    "webexteamssdk",
)
_BROKERS_AND_STORES = (
    "aio_pika",
    "aiormq",
    "boto3",
    "botocore",
    "confluent_kafka",
    "google",
    "pymongo",
    "bson",
    "redis",
    "s3transfer",
)
_SERVERS_AND_TOOLS = (
    "matplotlib",
    "pydot",
    "questionary",
    "randomname",
    "sanic",
    "sanic_cors",
    "sanic_ext",
    "sanic_jwt",
    "sentry_sdk",
    "sklearn_crfsuite",
)
_SKLEARN = "sklearn"
"""Fits the classifier, in a process of its own and before Rasa is imported; the fitted one needs numpy alone."""

_STUBBED = frozenset({*_TENSORFLOW, *_CHANNELS, *_BROKERS_AND_STORES, *_SERVERS_AND_TOOLS, _SKLEARN})

REFUSED_COMPONENTS = (
    "CRFEntityExtractor",
    "CountVectorsFeaturizer",
    "DIETClassifier",
    "LogisticRegressionClassifier",
    "ResponseSelector",
    "SklearnIntentClassifier",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
)
"""What needs TensorFlow or scikit-learn for real."""


class _StubModule(types.ModuleType):
    __path__: list[str] = []  # noqa: RUF012  (the import system wants a plain list)

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "2.12.0"
        if name.startswith("__"):
            raise AttributeError(name)
        value: Any
        if name[0].isupper():
            value = type(name, (), {"__init__": _accept_anything, "__class_getitem__": classmethod(_same_class)})
        else:
            full = f"{self.__name__}.{name}"
            value = sys.modules.setdefault(full, _StubModule(full))
        setattr(self, name, value)
        return value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Serves as any decorator, with or without arguments."""
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        return lambda function: function


def _accept_anything(_self: object, *_args: object, **_kwargs: object) -> None:
    """Accepts whatever a class body of Rasa passes at import."""


def _same_class(cls: type, _item: object) -> type:
    return cls


class _StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, stubbed: frozenset[str]) -> None:
        self._stubbed = stubbed

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", maxsplit=1)[0] in self._stubbed:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StubModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """A stub has nothing to run."""


def install() -> None:
    """What Rasa imports in vain resolves to stubs from now on; a second call changes nothing."""
    if not any(isinstance(finder, _StubFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _StubFinder(_STUBBED))


def refuse_stubbed_components(config: Mapping[str, Any]) -> None:
    """Raise SettingsError naming the first component of a Rasa config that needs what is stubbed."""
    entries: Iterable[Mapping[str, Any]] = [*(config.get("pipeline") or []), *(config.get("policies") or [])]
    for entry in entries:
        name = str(entry.get("name", "")).rsplit(".", 1)[-1]
        if name in REFUSED_COMPONENTS:
            message = f"config.yml: {name} needs a library that Guichet runs without (bot/docs/adr/0001, 0015)"
            raise SettingsError(message)
