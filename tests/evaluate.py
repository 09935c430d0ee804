"""``uv run poe evaluate``: how well the bot understands text nobody trained on, per language, worst first.

Reads the frozen sets of tests/evaluation (one file a language, written apart from the training data) and those of
tests/evaluation/second (written later by others), answers each text through ``guichet parse`` and prints the tables;
with ``--check`` it exits 1 when a figure is below its floor.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests/evaluation"
FOLDERS = (FOLDER, FOLDER / "second")
FLOORS = "floors.yml"
TODAY = date(2026, 11, 23)
ALARMS = {"alert_removal", "alert_detention", "alert_violence", "alert_minor"}
SAME = {
    # Two names for one thing to the person: what the bot answers is the same.
    ("state_place", "blocked_appointment"),
    ("state_title", "blocked_appointment"),
    ("state_expiry", "blocked_appointment"),
}


@dataclass
class Tally:
    """Right, wrong and asked answers of one kind, by language."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    certain: Counter[str] = field(default_factory=Counter)
    """Wrong with certainty: a value was ``found`` that is not the one meant."""
    misses: list[tuple[str, str, str, str]] = field(default_factory=list)

    def count(self, language: str, is_right: bool, is_certain: bool, miss: tuple[str, str, str]) -> None:
        """One answer."""
        (self.right if is_right else self.wrong)[language] += 1
        if not is_right:
            self.certain[language] += is_certain
            self.misses.append((language, *miss))

    def share(self, language: str | None = None) -> float:
        """Right answers per answer."""
        right = self.right.total() if language is None else self.right[language]
        wrong = self.wrong.total() if language is None else self.wrong[language]
        return right / (right + wrong) if right + wrong else float("nan")


def read_sets(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """The sets of a folder by language."""
    return {
        path.stem: YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.yml"))
        if path.name != FLOORS
    }


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    """Mean F1 over the intents that stand in the set."""
    scores = []
    for intent in {meant for meant, _heard in pairs}:
        hits = sum(meant == heard == intent for meant, heard in pairs)
        meant_count = sum(meant == intent for meant, _heard in pairs)
        heard_count = sum(heard == intent for _meant, heard in pairs)
        scores.append(2 * hits / (meant_count + heard_count))
    return statistics.mean(scores)


class Evaluation:
    """All figures of one run."""

    def __init__(self, understand: Any) -> None:
        self.understand = understand
        self.intents: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.romanised: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.confidences: list[tuple[float, bool]] = []
        self.missed: list[tuple[str, str, str, str]] = []
        self.alarms, self.calm = Tally(), Tally()
        self.tallies = {name: Tally() for name in ("place", "title", "procedure", "blockage", "date", "language")}
        self.scope, self.refused = Tally(), Tally()
        self.times: list[float] = []

    def parse(self, text: str, **more: Any) -> dict[str, Any]:
        """What ``guichet parse`` says."""
        import json

        from bot.commands.parse import parse_line

        begin = time.perf_counter()
        found = parse_line(self.understand, TODAY, json.dumps({"text": text, **more}))
        self.times.append((time.perf_counter() - begin) * 1000)
        return found

    def run(self, sets: dict[str, dict[str, Any]]) -> None:
        """Every text of every set."""
        for language, told in sets.items():
            self._intents(language, told.get("intents") or {}, self.intents)
            self._intents(language, told.get("romanised") or {}, self.romanised)
            for text in told.get("calm") or ():
                found = self.parse(text)
                rings = _rings(found)
                self.calm.count(language, not rings, rings, (text, "calm", _alarm(found)))
            for name in ("place", "title", "procedure", "blockage", "date"):
                for case in told.get(f"{name}s") or ():
                    self._fact(language, name, case)

    def _intents(self, language: str, told: dict[str, list[str]], into: dict[str, list[tuple[str, str]]]) -> None:
        for intent, texts in told.items():
            for text in texts:
                found = self.parse(text)
                heard = found["intent"]["name"]
                if (heard, intent) in SAME or (intent, heard) in SAME:
                    heard = intent
                into[language].append((intent, heard))
                self.confidences.append((found["intent"]["confidence"], heard == intent))
                if heard != intent:
                    self.missed.append((language, text, intent, heard))
                if intent in ALARMS:
                    self.alarms.count(language, _rings(found), False, (text, intent, heard))
                else:
                    self.calm.count(language, not _rings(found), True, (text, intent, _alarm(found)))
                is_caught = heard in {"out_of_scope", "nlu_fallback"}
                if intent == "out_of_scope":
                    self.scope.count(language, is_caught, False, (text, intent, heard))
                else:
                    self.refused.count(language, not is_caught, False, (text, intent, heard))
                if into is self.intents and len(text.split()) > 2:
                    code = found["language"]["code"]
                    self.tallies["language"].count(
                        language, code in {language, None}, code is not None, (text, language, str(code))
                    )

    def _fact(self, language: str, name: str, case: dict[str, Any]) -> None:
        text = case["text"]
        more = {key: str(case[key]) for key in ("today", "asks") if key in case}
        found = self.parse(text, language=language, **more)[name]
        value = found.get("iso", found.get("departement", found.get("id")))
        if "ask" in case:
            is_right = found["status"] != "found"
        elif case.get("none"):
            is_right = found["status"] == "none"
        else:
            wanted = case.get("iso", case.get("departement", case.get("id")))
            is_right = found["status"] == "found" and str(value) == str(wanted)
        is_certain = found["status"] == "found" and not is_right
        wanted = str({k: v for k, v in case.items() if k not in {"text", "asks", "today"}})
        self.tallies[name].count(language, is_right, is_certain, (text, wanted, f"{found['status']} {value}"))


def _rings(found: dict[str, Any]) -> bool:
    return found["intent"]["name"] in ALARMS or bool(set(found["alerts"]) - {"scam"})


def _alarm(found: dict[str, Any]) -> str:
    return f"{found['intent']['name']} {found['alerts']}"


def figures(done: Evaluation) -> dict[str, float]:
    """The figures that have floors."""
    everything = [pair for pairs in done.intents.values() for pair in pairs]
    latin = [pair for pairs in done.romanised.values() for pair in pairs]
    tallies = done.tallies
    told = {
        "intent_f1": macro_f1(everything),
        "intent_f1_worst_language": min(macro_f1(pairs) for pairs in done.intents.values()),
        "romanised_f1": macro_f1(latin) if latin else 1.0,
        "alarms_found": done.alarms.share(),
        "calm_left_alone": done.calm.share(),
        "out_of_scope_caught": done.scope.share(),
        "in_scope_heard": done.refused.share(),
        "language_not_wrong": tallies["language"].share(),
    }
    for name in ("place", "title", "procedure", "blockage", "date"):
        tally = tallies[name]
        told[f"{name}s"] = tally.share()
        total = tally.right.total() + tally.wrong.total()
        told[f"{name}s_not_wrongly_certain"] = 1 - tally.certain.total() / total if total else 1.0
    return told


def report(done: Evaluation, *, verbose: bool) -> None:
    """Print the tables, worst language first."""
    order = sorted(done.intents, key=lambda language: macro_f1(done.intents[language]))
    head = (
        "language",
        "texts",
        "intent F1",
        "romanised",
        "alarms",
        "calm",
        "places",
        "titles",
        "proced.",
        "blockag.",
        "dates",
        "lang.",
    )
    print(("{:<9}" + "{:>10}" * (len(head) - 1)).format(*head))
    for language in order:
        latin = done.romanised.get(language)
        cells = [
            f"{len(done.intents[language])}",
            f"{macro_f1(done.intents[language]):.3f}",
            f"{macro_f1(latin):.3f}" if latin else "–",
            *(f"{tally.share(language):.3f}" for tally in (done.alarms, done.calm)),
            *(
                f"{done.tallies[name].share(language):.3f}"
                for name in ("place", "title", "procedure", "blockage", "date", "language")
            ),
        ]
        print(("{:<9}" + "{:>10}" * len(cells)).format(language, *cells))
    print("\nalarms, meant against heard:")
    confusion = Counter((m, h) for pairs in done.intents.values() for m, h in pairs if m in ALARMS or h in ALARMS)
    for (meant, heard), count in confusion.most_common():
        print(f"  {meant:<18}{heard:<22}{count:>5}")
    print("\ncalibration (said, right, texts):")
    for low in (0.0, 0.2, 0.35, 0.55, 0.7, 0.85, 0.95):
        high = {0.0: 0.2, 0.2: 0.35, 0.35: 0.55, 0.55: 0.7, 0.7: 0.85, 0.85: 0.95}.get(low, 1.01)
        inside = [(chance, right) for chance, right in done.confidences if low <= chance < high]
        if inside:
            said = statistics.mean(chance for chance, _right in inside)
            print(f"  {said:.2f}  {statistics.mean(right for _chance, right in inside):.2f}  {len(inside):>6}")
    cut = statistics.quantiles(done.times, n=100)
    print(f"\nparse: p50 {cut[49]:.1f} ms, p95 {cut[94]:.1f} ms a line, {len(done.times)} lines")
    if verbose:
        for title, misses in (
            ("intents", done.missed),
            ("alarms missed", done.alarms.misses),
            ("false alarms", done.calm.misses),
            *((name, tally.misses) for name, tally in done.tallies.items()),
        ):
            print(f"\n== {title}")
            for miss in misses:
                print("  ", *miss, sep=" | ")


def compare(done: Evaluation, folder: Path) -> list[str]:
    """Print the figures of a folder beside its floors; returns those that are below."""
    path = folder / FLOORS
    floors = YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.exists() else {}
    print(f"\n{'figure':<34}{'measured':>10}{'floor':>8}")
    below = []
    for name, value in figures(done).items():
        floor = floors.get(name)
        print(f"{name:<34}{value:>10.3f}{'' if floor is None else floor:>8}")
        if floor is not None and value < floor:
            below.append(f"{name} of {folder.name}")
    return below


def main(arguments: list[str]) -> int:
    """Evaluate and print; with ``--check`` compare with the floors."""
    from bot.bootstrap import House
    from bot.config import Settings

    only = {a for a in arguments if not a.startswith("-")}
    below = []
    with tempfile.TemporaryDirectory() as data:
        house = House(Settings(data_dir=Path(data)))
        for folder in FOLDERS:
            sets = {language: told for language, told in read_sets(folder).items() if not only or language in only}
            done = Evaluation(house.engine.understand)
            done.run(sets)
            print(f"\n{folder.relative_to(ROOT)}\n")
            report(done, verbose="--verbose" in arguments)
            below += compare(done, folder)
        house.close()
    if below and "--check" in arguments:
        print(f"below their floor: {', '.join(below)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
