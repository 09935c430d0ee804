"""The months and weekdays that maintainers generate from CLDR."""

import re

from bot.i18n import cldr_dates
from tests.playing import ROOT

REGISTRY = ROOT / "bot/data/languages.yml"


def test_french_names_are_those_of_cldr():
    found = cldr_dates.names("fr_FR")
    assert found["months"][1] == ["janvier", "janv."]
    assert found["weekdays"][0] == ["lundi"]


def test_committed_file_is_what_the_command_prints(capsys):
    assert cldr_dates.main([str(REGISTRY)]) == 0
    assert capsys.readouterr().out == (ROOT / "bot/data/dates_cldr.yml").read_text(encoding="utf-8")


def test_numbers_are_no_names():
    assert all(re.match(r"\D", form) for forms in cldr_dates.names("zh_Hans_CN")["months"].values() for form in forms)


def test_wrong_usage_is_said(capsys):
    assert cldr_dates.main([]) == 2
    assert "usage" in capsys.readouterr().err
