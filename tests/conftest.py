"""What every run of tests needs."""

# Imported at the end of a run, deep in the stack, CPython 3.11 cannot compile it ("AST constructor recursion depth").
import hypothesis  # noqa: F401
