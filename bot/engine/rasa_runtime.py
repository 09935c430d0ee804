"""Makes Rasa safe to import: telemetry off, logs silent, nothing imported in vain, the action schema compiled once.

Every module of this package that needs Rasa imports this one first. Must not know: our dialogue.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

import structlog

from bot.engine import import_stubs

_QUIET_LOGGERS = ("rasa", "rasa_sdk", "apscheduler", "matplotlib", "sanic", "asyncio", "dask")


def _close_before_import() -> None:
    """Rasa prints message texts and slots at debug level, and reports usage, unless told not to (engine.md 2.4)."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    os.environ["LOG_LEVEL_LIBRARIES"] = "CRITICAL"
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    import_stubs.install()


def silence() -> None:
    """Nothing of Rasa's reaches a log: its debug lines hold what people say (seen, engine.md 2.4)."""
    for name in _QUIET_LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
    mute = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for name, module in list(sys.modules.items()):
        if name.startswith("rasa.") and hasattr(module, "structlogger"):
            # Its own logger, so that nobody's later ``structlog.configure`` lets it speak again.
            vars(module)["structlogger"] = mute


def _import_rasa() -> None:
    import numpy as np  # noqa: PLC0415  (after the environment is set)

    if not hasattr(np, "VisibleDeprecationWarning"):  # numpy 2; Rasa 3.6.21 names the old place
        setattr(np, "VisibleDeprecationWarning", np.exceptions.VisibleDeprecationWarning)  # noqa: B010
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import rasa.core.agent  # noqa: F401, PLC0415
        import rasa.core.policies.rule_policy  # noqa: F401, PLC0415
    # Rasa configures structlog lazily; ours is the last word.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def compile_action_schema() -> None:
    """Rasa re-checks a constant JSON schema after every action, most of a message's time; compile it once.

    Patch of ``rasa.core.actions.action.RemoteAction._validate_action_result`` (Apache-2.0), measured by
    ``poe bench``; ``tests/engine/test_runtime.py`` holds both to the same verdicts.
    """
    from jsonschema.validators import validator_for  # noqa: PLC0415
    from rasa.core.actions.action import RemoteAction  # noqa: PLC0415
    from rasa.shared.exceptions import RasaException  # noqa: PLC0415

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: Any, result: Any) -> bool:
        for _problem in validator.iter_errors(result):
            message = f"action '{self.name()}' answered out of form"
            raise RasaException(message)
        return True

    if not hasattr(RemoteAction, "stock_validate_action_result"):
        RemoteAction.stock_validate_action_result = RemoteAction._validate_action_result  # noqa: SLF001
    RemoteAction._validate_action_result = validate  # noqa: SLF001


def use_stock_schema_check() -> None:
    """Put Rasa's own schema check back: only the benchmark does."""
    from rasa.core.actions.action import RemoteAction  # noqa: PLC0415

    RemoteAction._validate_action_result = RemoteAction.stock_validate_action_result  # noqa: SLF001


_close_before_import()
_import_rasa()
silence()
compile_action_schema()
