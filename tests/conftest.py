"""What every run of tests needs."""

# Imported at the end of a run, deep in the stack, CPython 3.11 cannot compile it ("AST constructor recursion depth").
import hypothesis  # noqa: F401


def pytest_terminal_summary(terminalreporter):
    """Counts what was not tried on this machine, each with its reason: green must not hide it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"NOT TRIED HERE: {len(skipped)}", sep="!", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")
