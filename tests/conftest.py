"""What every run of tests needs."""

# Imported at the end of a run, deep in the stack, CPython 3.11 cannot compile it ("AST constructor recursion depth").
import hypothesis

# What a property says holds on a busy machine too; times are measured by benchmarks, never by such tests.
hypothesis.settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any-machine")


def pytest_terminal_summary(terminalreporter):
    """Counts what was not tried on this machine, each with its reason: green must not hide it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"NOT TRIED HERE: {len(skipped)}", sep="!", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")
