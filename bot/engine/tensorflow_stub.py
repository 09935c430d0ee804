"""A stand-in for TensorFlow, so that Rasa 3.6.21 imports without it (ADR 0001).

Rasa imports TensorFlow in modules we use for other reasons, and never calls it with our pipeline.
The components that really need it would misbehave silently, so training and loading refuse them by name.
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

_STUBBED = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorboard", "jax")

REFUSED_COMPONENTS = ("DIETClassifier", "TEDPolicy", "ResponseSelector", "UnexpecTEDIntentPolicy")
"""What needs TensorFlow for real."""


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
    def find_spec(self, fullname: str, _path: object, _target: object = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", maxsplit=1)[0] in _STUBBED:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StubModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """A stub has nothing to run."""


def install() -> None:
    """TensorFlow and its family resolve to stubs from now on; a second call changes nothing."""
    if not any(isinstance(finder, _StubFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _StubFinder())


def refuse_tensorflow_components(config: Mapping[str, Any]) -> None:
    """Raise SettingsError naming the first component of a Rasa config that needs TensorFlow."""
    entries: Iterable[Mapping[str, Any]] = [*(config.get("pipeline") or []), *(config.get("policies") or [])]
    for entry in entries:
        name = str(entry.get("name", "")).rsplit(".", 1)[-1]
        if name in REFUSED_COMPONENTS:
            message = f"config.yml: {name} needs TensorFlow, which Guichet runs without (bot/docs/adr/0001)"
            raise SettingsError(message)
