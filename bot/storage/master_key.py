"""Where the master key comes from: a setting, a file, or a new one in the data directory on first start.

The key is 32 bytes, written as 64 hexadecimal digits or as base64.
Must not know: what is sealed with it.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import TYPE_CHECKING

from bot.core.errors import SettingsError
from bot.storage.sealing import KEY_BYTES, MasterKey, Random

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

SETTING = "GUICHET_MASTER_KEY"
FILE_SETTING = "GUICHET_MASTER_KEY_FILE"
FILE_NAME = "master.key"

_CHECK = "master key"


def load_master_key(
    *, text: str | None, file: Path | None, data_dir: Path, database: Path, random: Random
) -> MasterKey:
    """The key of the setting, of the file, or of ``data_dir/master.key``, which is made when nothing exists yet.

    Raises SettingsError when both settings are given, the key is malformed or unreadable, or it is missing although
    the database exists: a new key would open nothing.
    """
    if text and file:
        raise SettingsError(f"{SETTING} and {FILE_SETTING} are both set; keep one")
    if text:
        return MasterKey(_parse(text, SETTING))
    if file:
        return MasterKey(_parse(_read(file, FILE_SETTING), FILE_SETTING))
    path = data_dir / FILE_NAME
    is_known = database.exists()  # looked at first: a process that starts beside us writes the key before the database
    if not path.exists():
        if is_known:
            raise SettingsError(f"{SETTING} is missing: {database.name} exists, but {FILE_NAME} beside it does not")
        _create(path, random)
    return MasterKey(_parse(_read(path, FILE_NAME), FILE_NAME))


def check_master_key(conn: sqlite3.Connection, master: MasterKey) -> None:
    """Remember the key's public name in a new database; call it inside a transaction.

    Raises SettingsError when the database was made under another key.
    """
    conn.execute("INSERT OR IGNORE INTO meta(name, value) VALUES (?, ?)", (_CHECK, master.id))
    found = conn.execute("SELECT value FROM meta WHERE name = ?", (_CHECK,)).fetchone()
    if found[0] != master.id:
        raise SettingsError(f"{SETTING}: the database was made under another master key ({found[0]}, not {master.id})")


def _parse(text: str, source: str) -> bytes:
    compact = "".join(text.split())
    try:
        if len(compact) == 2 * KEY_BYTES:
            return bytes.fromhex(compact)
        padded = compact.rstrip("=") + "=" * (-len(compact.rstrip("=")) % 4)
        key = base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"{source}: the master key must be {KEY_BYTES} bytes, as 64 hexadecimal digits or as base64"
        )
    return key


def _read(path: Path, source: str) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{source}: {path} cannot be read ({type(error).__name__})") from error


def _create(path: Path, random: Random) -> None:
    """Write a new key whole or not at all; a key another process has just made wins."""
    draft = path.with_name(f"{path.name}.{random(8).hex()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(base64.b64encode(random(KEY_BYTES)).decode("ascii") + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        sync_directory(path.parent)
    except OSError as error:
        raise SettingsError(f"{SETTING} is missing and {path} cannot be made ({type(error).__name__})") from error


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable. Raises OSError."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
