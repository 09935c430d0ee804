"""Nothing a person sees is written in Python: sentences live in the domain files and in bot/data."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    [
        *ROOT.glob("flows/**/*.py"),
        *ROOT.glob("bot/services/*.py"),
        *ROOT.glob("bot/core/*.py"),
        # What a check finds is told to whoever runs the house, in English.
        *(path for path in ROOT.glob("bot/channels/**/*.py") if path.name != "checking.py"),
        *ROOT.glob("bot/gateway/*.py"),
        *ROOT.glob("bot/engine/*.py"),
        *ROOT.glob("bot/documents/*.py"),
    ]
)
ACCENTED = re.compile(r"[àâäçéèêëîïôöùûüœÀÂÇÉÈÊÔÙ\u0600-\u06ff\u0400-\u04ff]")
SENTENCE = re.compile(r"^[A-ZÀ-Ý][^.!?]{15,}[.!?]$", re.DOTALL)


def docstrings(tree):
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for statement in body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                found.add(id(statement.value))
    return found


def raised(tree):
    """Constants of messages for developers: raise X("…") and message = "…" before a raise."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            found |= {id(n) for n in ast.walk(node)}
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id in {"message", "msg"} for t in node.targets
        ):
            found |= {id(n) for n in ast.walk(node)}
    return found


def sentences(source):
    tree = ast.parse(source)
    passed = docstrings(tree) | raised(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed
        and SENTENCE.match(node.value.strip())
        and " " in node.value.strip()
    ]


def test_there_is_code_to_read():
    assert len(CODE) > 80


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_sentence_stands_in_code(path):
    assert sentences(path.read_text()) == []


FLOW_CODE = sorted(ROOT.glob("flows/**/*.py"))


@pytest.mark.parametrize("path", FLOW_CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_flow_holds_no_accented_text_outside_its_docstrings(path):
    tree = ast.parse(path.read_text())
    passed = docstrings(tree)
    found = [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in passed and ACCENTED.search(n.value)
    ]
    assert found == []


def test_the_check_sees_a_sentence():
    assert sentences('def f(t):\n    """Doc."""\n    t.say("Votre carte finit bientôt, attention.")\n') != []


def test_say_takes_keys_only():
    """turn.say("…") names a wording key that exists."""
    from bot.i18n.sources import load_sources

    keys = load_sources(ROOT)
    missing = []
    for path in FLOW_CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            is_say = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say"
            is_value = isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Label", "Phrase"}
            if (
                (is_say or is_value)
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and node.args[0].value not in keys
            ):
                missing.append((path.name, node.args[0].value))
    assert missing == []
