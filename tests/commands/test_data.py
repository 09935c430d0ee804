from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.commands.data import check, who
from bot.core.errors import DataError, GuichetError
from bot.storage.reference.organisations import load_directory

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)


def told(departement: str, topic: str, language: str | None = "ar", at: tuple[float, float] | None = None) -> str:
    lines: list[str] = []
    who(load_directory(ROOT / "bot" / "data"), departement, topic, language, at, lines.append, today=TODAY)
    return "\n".join(lines)


def test_data_of_the_project_has_no_problem():
    lines: list[str] = []
    assert check(ROOT, lines.append, today=TODAY) == 0
    assert lines == []


def test_check_counts_and_names_problems_of_ours_and_of_others(tmp_path):
    shutil.copytree(ROOT / "bot" / "data" / "organisations", tmp_path / "bot" / "data" / "organisations")
    path = tmp_path / "bot" / "data" / "organisations" / "gisti.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: unknown", "status: unsure"), encoding="utf-8")

    def one_more(root: Path) -> list[DataError]:
        assert root == tmp_path
        return [DataError("titles.yml", "ts.sal", "has no source")]

    def stops(_root: Path) -> list[DataError]:
        raise DataError("rules", "id", "no rule at all")

    lines: list[str] = []
    assert check(tmp_path, lines.append, (one_more, stops)) == 4
    assert [line.split(":")[0] for line in lines] == ["gisti.yml", "tribunals.csv", "titles.yml", "rules"]


def test_who_tells_the_order_and_its_reasons():
    text = told("93", "letter", at=(48.906, 2.445))
    assert text.startswith("93, rdv_prefecture, titre_sejour, ar, as of 2026-11-23: reach departement\n")
    assert "1.  cimade-idf-fessart: " in text
    assert "before cimade-idf-batignolles: nearer" in text
    assert "before ffhumanite: covers all the topics" in text
    assert "checked 2016 | stale | " in text
    assert "before point-justice: knows foreigners' law" in text
    assert "before fasti: a generalist door closes the list" in text
    assert text.endswith("never shown: none")


def test_who_tells_who_is_never_shown():
    text = told("973", "letter", None)
    assert ", any language, " in text
    assert "local: 1 shown of 1" in text
    assert text.endswith("never shown: 1 suspended\n      cimade-guyane: kept, status suspended")
    assert "never shown: 2 to_check" in told("91", "letter")


def test_who_says_when_there_is_nobody_and_nothing_to_look_up():
    text = told("988", "driving")
    assert text.startswith("988, legal information, ar")
    assert "local: 0 shown of 0" in text
    assert "town not read" in text
    assert "date unknown" in told("93", "letter")
    assert "no website read" in told("93", "violences")


@pytest.mark.parametrize(
    ("departement", "topic", "named"), [("93", "cooking", "--topic cooking"), ("20", "letter", "--department 20")]
)
def test_unknown_word_is_named(departement, topic, named):
    with pytest.raises(GuichetError, match=named):
        told(departement, topic)
