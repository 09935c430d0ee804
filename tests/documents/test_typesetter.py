"""The typesetting process: what it may do, and what happens when it fails."""

from __future__ import annotations

import io
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.errors import DocumentError
from bot.documents.letters import LetterRenderer
from bot.documents.typesetter import Typesetter
from bot.documents.typesetting import answer, main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.documents import LetterFacts
    from bot.i18n.languages import Languages

CONTENT = "rien de ceci ne doit sortir"


def failing(code: str, seconds: int = 5) -> Typesetter:
    """A typesetter whose process runs some Python instead."""
    return Typesetter(seconds=seconds, command=(sys.executable, "-c", code))


FAILURES = (
    ("crash", "import os; os.abort()"),
    ("kill", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    ("exit", "import sys; sys.exit(3)"),
    ("noise", "print('not a document')"),
    ("silence", "pass"),
    ("traceback", f"raise ValueError({CONTENT!r})"),
)


@pytest.mark.parametrize(("name", "code"), FAILURES)
def test_failing_process_is_a_document_error_without_content(name: str, code: str) -> None:
    """The text of a letter is in no exception and in no cause of one."""
    assert len(FAILURES) == 6
    with pytest.raises(DocumentError) as caught:
        failing(code).compile("letter.typ", {"secret": CONTENT}, 0)
    error: BaseException | None = caught.value
    assert name
    while error is not None:
        assert CONTENT not in str(error)
        assert CONTENT not in repr(getattr(error, "cmd", ""))
        error = error.__cause__ or error.__context__


def test_process_that_hangs_is_stopped_in_time() -> None:
    """One letter cannot hold a worker."""
    start = time.monotonic()
    with pytest.raises(DocumentError, match="more than 1 s"):
        failing("import time; time.sleep(30)", seconds=1).compile("letter.typ", {}, 0)
    assert time.monotonic() - start < 4


def test_command_that_does_not_exist_is_a_document_error() -> None:
    """A broken installation is named, not thrown as OSError."""
    with pytest.raises(DocumentError, match="did not start"):
        Typesetter(command=("/nowhere/python",)).compile("letter.typ", {}, 0)


def test_too_little_memory_ends_the_process_only(languages: Languages, facts: Callable[..., LetterFacts]) -> None:
    """The limit is real: half of what a letter needs is refused."""
    renderer = LetterRenderer(
        lambda _key, french, _language: french, languages.all, typesetter=Typesetter(megabytes=60)
    )
    with pytest.raises(DocumentError):
        renderer.letter(facts())


def test_processor_time_is_limited() -> None:
    """A busy loop dies by its own limit, before the wall clock."""
    code = "from bot.documents.typesetting import limit\nlimit(1, 1024)\nwhile True: pass\n"
    start = time.monotonic()
    with pytest.raises(DocumentError, match="ended with code"):
        failing(code, seconds=20).compile("letter.typ", {}, 0)
    assert time.monotonic() - start < 15


def test_process_sees_no_setting_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The master key is not in the memory of a process that reads people's texts."""
    monkeypatch.setenv("GUICHET_MASTER_KEY", CONTENT)
    seen = failing("import os; print('%PDF-' + repr(dict(os.environ)))").compile("letter.typ", {}, 0)
    assert CONTENT.encode() not in seen
    assert b"GUICHET" not in seen


@pytest.mark.parametrize("template", ["../letters.py", "/etc/passwd", "none.typ", "../../data/letters/letter.yml"])
def test_template_outside_the_folder_is_refused(template: str) -> None:
    """The root is the folder of templates."""
    with pytest.raises(DocumentError):
        Typesetter().compile(template, {}, 0)


def test_data_of_a_wrong_shape_is_refused_without_words() -> None:
    """A fault in a template is an exit code."""
    with pytest.raises(DocumentError, match="ended with code 2"):
        Typesetter().compile("letter.typ", {"guide": CONTENT}, 0)


def test_glyph_that_no_font_has_is_refused(languages: Languages, facts: Callable[..., LetterFacts]) -> None:
    """A box instead of a letter would be worse than no letter."""
    renderer = LetterRenderer(lambda _key, french, _language: french, languages.all)
    with pytest.raises(DocumentError, match="ended with code 2"):
        renderer.letter(facts(title_name="Carte \U00012000"))


def test_families_are_those_typst_finds() -> None:
    """Seen by Typst itself, not by the file system; its own embedded fonts do not count."""
    families = Typesetter().families()
    assert {"Noto Sans", "Noto Sans Arabic", "Noto Sans SC"} <= families
    assert "Libertinus Serif" not in families


@pytest.mark.timing
def test_letter_is_made_well_within_a_second_and_a_half(
    renderer: LetterRenderer, facts: Callable[..., LetterFacts]
) -> None:
    """Process start included."""
    start = time.monotonic()
    assert len(renderer.letter(facts(count=12, language="ar"))) < 1_000_000
    assert time.monotonic() - start < 1.5


def test_process_only_adds_a_wall() -> None:
    """The module's functions and the process give the same."""
    assert Typesetter().families() == frozenset(json.loads(answer({"families": True})))


def test_letter_set_in_place_has_the_same_bytes(
    renderer: LetterRenderer, facts: Callable[..., LetterFacts], languages: Languages
) -> None:
    """Nothing of the machine gets into a letter."""

    class Here(Typesetter):
        def compile(self, template: str, data: Mapping[str, Any], timestamp: int) -> bytes:
            return answer({"template": template, "data": data, "timestamp": timestamp})

    here = LetterRenderer(lambda _key, french, _language: french, languages.all, typesetter=Here())
    assert here.letter(facts(count=2)) == renderer.letter(facts(count=2))


@pytest.mark.parametrize(
    ("source", "code"),
    [(b'{"families": true}', 0), (b'{"template": "none.typ", "data": {}, "timestamp": 0}', 2), (b"{", 3)],
)
def test_exit_code_tells_what_went_wrong(monkeypatch: pytest.MonkeyPatch, source: bytes, code: int) -> None:
    """And nothing else does."""
    monkeypatch.setattr("bot.documents.typesetting.limit", lambda _seconds, _megabytes: None)
    sink = io.BytesIO()
    assert main(["20", "1024"], io.BytesIO(source), sink) == code
    assert bool(sink.getvalue()) is (code == 0)
