"""What goes in and what must come out, file by file; the requests are judged by Meta's own description as well."""

import copy
import json

import pytest

from tests.channels.whatsapp.goldens import KINDS, files
from tests.peers.openapi import OURS, refusals

CASES = [(kind, path) for kind in KINDS for path in files(kind)]


def test_there_are_cases_of_each_kind():
    assert {kind: len(files(kind)) for kind in KINDS} == {"parse": 49, "render": 20}


@pytest.mark.parametrize(("kind", "path"), CASES, ids=lambda value: getattr(value, "stem", value))
def test_golden_file_holds(kind, path):
    case = json.loads(path.read_text(encoding="utf-8"))
    assert KINDS[kind](case["in"]) == case["out"]


@pytest.mark.parametrize("path", files("render"), ids=lambda path: path.stem)
def test_meta_has_nothing_against_a_golden_request(path):
    for request in json.loads(path.read_text(encoding="utf-8"))["out"]:
        body = copy.deepcopy(request)
        if body.pop("file", None) is not None:
            holder = body["document"] if body["type"] == "document" else body["interactive"]["header"]["document"]
            holder["id"] = "1003383421387256"
        assert refusals(body, OURS) == []
