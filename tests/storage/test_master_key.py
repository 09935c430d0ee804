"""Where the master key comes from."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import SettingsError
from bot.storage.master_key import load_master_key
from bot.storage.sealing import MasterKey
from bot.storage.store import open_store
from tests.fake_memory import FakeClock

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(224, 256))
SPELLINGS = [
    KEY.hex(),
    KEY.hex().upper(),
    base64.b64encode(KEY).decode(),
    base64.urlsafe_b64encode(KEY).decode(),
    base64.b64encode(KEY).decode().rstrip("="),
    f"  {KEY.hex()}\n",
]
MALFORMED = [
    "short-key",
    "zz" * 32,
    base64.b64encode(KEY[:-1]).decode(),
    base64.b64encode(KEY + b"x").decode(),
    "é" * 64,
]


def _load(directory: Path, text: str | None = None, file: Path | None = None) -> MasterKey:
    return load_master_key(
        text=text, file=file, data_dir=directory, database=directory / "guichet.db", random=os.urandom
    )


def test_every_spelling_is_tried() -> None:
    assert (len(SPELLINGS), len(MALFORMED)) == (6, 5)


@pytest.mark.parametrize("text", SPELLINGS)
def test_key_is_read_from_the_setting_in_any_usual_spelling(tmp_path: Path, text: str) -> None:
    assert _load(tmp_path, text).id == MasterKey(KEY).id
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_key_is_refused_by_the_name_of_its_setting(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"^GUICHET_MASTER_KEY:") as caught:
        _load(tmp_path, text)
    assert text not in str(caught.value)
    file = tmp_path / "secret"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"^GUICHET_MASTER_KEY_FILE:"):
        _load(tmp_path, file=file)


def test_key_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(KEY.hex() + "\n", "ascii")
    assert _load(tmp_path, file=file).id == MasterKey(KEY).id
    with pytest.raises(SettingsError, match="cannot be read"):
        _load(tmp_path, file=tmp_path / "missing")


def test_setting_and_file_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="both set"):
        _load(tmp_path, KEY.hex(), tmp_path / "secret")


def test_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    first = _load(tmp_path)
    (file,) = tmp_path.iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("master.key", 0o600)
    assert _load(tmp_path).id == first.id


def test_key_another_process_has_just_made_wins(tmp_path: Path) -> None:
    theirs: list[str] = []

    def random(size: int) -> bytes:
        if size == 32:
            theirs.append(_load(tmp_path).id)
        return os.urandom(size)

    ours = load_master_key(text=None, file=None, data_dir=tmp_path, database=tmp_path / "guichet.db", random=random)
    assert [ours.id] == theirs
    assert len(list(tmp_path.iterdir())) == 1


def test_lost_key_of_an_existing_database_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "guichet.db").touch()
    with pytest.raises(SettingsError, match="GUICHET_MASTER_KEY is missing"):
        _load(tmp_path)


def test_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be made"):
        _load(tmp_path / "missing")


def test_database_of_another_key_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path, MasterKey(KEY), os.urandom, FakeClock()).close()
    with pytest.raises(SettingsError, match="another master key"):
        open_store(tmp_path, MasterKey(bytes(32)), os.urandom, FakeClock())
    open_store(tmp_path, MasterKey(KEY), os.urandom, FakeClock()).close()
