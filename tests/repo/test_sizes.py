"""Files and functions stay small."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_FILE = 400
MAX_FUNCTION = 60


def sources():
    return sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("flows/**/*.py")])


def long_functions(tree):
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION
    ]


def test_there_are_sources_to_measure():
    assert len(sources()) > 100


def test_no_file_is_longer_than_four_hundred_lines():
    assert {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > MAX_FILE} == {}


def test_no_function_is_longer_than_sixty_lines():
    found = {str(p.relative_to(ROOT)): names for p in sources() if (names := long_functions(ast.parse(p.read_text())))}
    assert found == {}


def test_the_measure_sees_a_long_function():
    body = "\n".join("    x = 1" for _ in range(MAX_FUNCTION + 1))
    assert long_functions(ast.parse(f"def f():\n{body}\n")) == ["f"]
