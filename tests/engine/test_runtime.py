"""Rasa is prepared, refused what it cannot do, and never takes another model for ours."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import ModelMissingError, SettingsError

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.rasa

ANSWERS = [
    ({"events": [], "responses": []}, True),
    ({"events": [{"event": "slot", "timestamp": None, "name": "heard", "value": True}], "responses": []}, True),
    ({"events": [{"event": "followup", "timestamp": None, "name": "triage_form"}], "responses": []}, True),
    ({"events": [{"event": "active_loop", "timestamp": None, "name": None}], "responses": []}, True),
    ({"events": "none"}, False),
    ({"events": [{"event": 3}]}, False),
    ({"responses": {}}, False),
]


@pytest.mark.parametrize(("answer", "is_right"), ANSWERS)
def test_the_compiled_schema_gives_the_stock_verdict(answer, is_right):
    from bot.engine import rasa_runtime
    from rasa.core.actions.action import RemoteAction

    assert len(ANSWERS) == 7
    action = RemoteAction("action_x", None)

    def verdict():
        try:
            return action._validate_action_result(answer)
        except Exception:
            return False

    try:
        rasa_runtime.use_stock_schema_check()
        stock = verdict()
    finally:
        rasa_runtime.compile_action_schema()
    assert verdict() == stock == is_right


@pytest.mark.parametrize(
    "name",
    ["DIETClassifier", "TEDPolicy", "ResponseSelector", "UnexpecTEDIntentPolicy", "LogisticRegressionClassifier"],
)
def test_components_that_need_what_is_stubbed_are_refused_by_name(name):
    from bot.engine.import_stubs import refuse_stubbed_components

    with pytest.raises(SettingsError, match=name):
        refuse_stubbed_components({"pipeline": [{"name": "WhitespaceTokenizer"}, {"name": f"rasa.x.{name}"}]})
    refuse_stubbed_components({"pipeline": [{"name": "WhitespaceTokenizer"}], "policies": None})


def test_rasa_is_silent_and_reports_nothing():
    import os

    import bot.engine.rasa_runtime  # noqa: F401

    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert logging.getLogger("rasa").level > logging.CRITICAL
    assert logging.getLogger("rasa").propagate is False


def test_a_missing_model_stops_the_start_and_no_other_takes_its_place(house, tmp_path):
    from bot.engine.rasa_engine import load_engine

    path, _trained = house.train()
    (tmp_path / "other.tar.gz").write_bytes(path.read_bytes())
    with pytest.raises(ModelMissingError, match="guichet train"):
        load_engine(tmp_path / "wanted.tar.gz", {}, house.wording)


def test_a_broken_model_stops_the_start_with_a_clear_line(house, tmp_path):
    from bot.engine.rasa_engine import load_engine

    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(ModelMissingError, match="--force"):
        load_engine(broken, {}, house.wording)


def test_flows_and_domain_that_disagree_stop_the_start(house):
    from bot.engine.rasa_engine import load_engine

    path, _trained = house.train()
    with pytest.raises(ModelMissingError, match="action_human"):
        load_engine(path, {}, house.wording)


def test_the_model_is_named_by_its_inputs(tmp_path):
    import shutil

    from bot.engine.training import ModelInputs

    copy = tmp_path / "copy"
    for part in ("flows", "nlu", "bot/core", "bot/data", "bot/engine"):
        shutil.copytree(ROOT / part, copy / part)
    shutil.copy(ROOT / "config.yml", copy / "config.yml")
    before = ModelInputs(copy).digest(has_e5=True)
    assert before == ModelInputs(ROOT).digest(has_e5=True)
    assert before != ModelInputs(copy).digest(has_e5=False)
    domain = copy / "flows/triage/domain.yml"
    domain.write_text(domain.read_text().replace("Où êtes-vous bloqué ?", "Où ça bloque ?"))
    assert ModelInputs(copy).digest(has_e5=True) == before, "a sentence is no input of the model"
    rules = copy / "flows/letter/rules.yml"
    rules.write_text(rules.read_text() + "\n# changed\n")
    assert ModelInputs(copy).digest(has_e5=True) != before
    rules.write_text(rules.read_text().removesuffix("\n# changed\n"))
    assert ModelInputs(copy).digest(has_e5=True) == before
    words = copy / "bot/data/alarms.yml"
    words.write_text(words.read_text() + "\n# changed\n")
    assert ModelInputs(copy).digest(has_e5=True) != before, "the words are what signals are made of"


def test_a_model_is_put_where_it_is_looked_for_from_any_folder(tmp_path, monkeypatch):
    from bot.engine.training import ModelInputs, train

    worker = tmp_path / "project" / "bot" / "commands" / "train_worker.py"
    worker.parent.mkdir(parents=True)
    for package in (worker.parent, worker.parent.parent):
        (package / "__init__.py").touch()
    worker.write_text("import pathlib, sys\npathlib.Path(sys.argv[2]).write_text('model')\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert train(ModelInputs(tmp_path / "project"), Path("data/models"), "abc")
    assert Path("data/models/guichet-abc.tar.gz").read_text() == "model"


def test_core_services_and_flows_never_import_rasa():
    code = (
        "import sys, pkgutil, importlib, bot.core, bot.services, flows\n"
        "for p in (bot.core, bot.services, flows):\n"
        "    for m in pkgutil.walk_packages(p.__path__, p.__name__ + '.'):\n"
        "        importlib.import_module(m.name)\n"
        "print('rasa' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env={}, check=True)
    assert done.stdout.strip() == "False"


def test_a_model_without_our_classifier_is_refused():
    from types import SimpleNamespace

    from bot.engine.rasa_engine import _classifier_of

    node = SimpleNamespace(_component=object())
    runner = SimpleNamespace(_instantiated_nodes={"domain_provider": node})
    with pytest.raises(ModelMissingError, match="no classifier"):
        _classifier_of(SimpleNamespace(processor=SimpleNamespace(graph_runner=runner)))


def test_a_classifier_that_was_not_fitted_neither_trains_nor_ranks():
    from bot.engine.intent_component import IntentComponent

    component = IntentComponent(IntentComponent.get_default_config(), None, None)
    with pytest.raises(ModelMissingError, match="guichet train"):
        component.train(None)
    with pytest.raises(ModelMissingError, match="not trained"):
        component.rank("bonjour", ())
