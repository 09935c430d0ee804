"""What every run of tests needs."""

# Imported at the end of a run, deep in the stack, CPython 3.11 cannot compile it ("AST constructor recursion depth").
import hypothesis


def pytest_collection():
    """Builds hypothesis' tables of Unicode where nobody has drawn a text yet: seconds no property should pay for."""
    hypothesis.find(hypothesis.strategies.text(min_size=1), bool)


def pytest_terminal_summary(terminalreporter):
    """Counts what was not tried on this machine, each with its reason: green must not hide it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"NOT TRIED HERE: {len(skipped)}", sep="!", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")
