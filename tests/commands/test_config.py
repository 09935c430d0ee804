"""Settings come from the environment; a wrong one is named, a later one is announced."""

from pathlib import Path

import pytest

from bot.config import _KNOWN, DEFAULT_DATA_DIR, Settings, read_settings, unused_settings
from bot.core.errors import SettingsError


def test_nothing_set_is_enough():
    assert read_settings({}) == Settings(Path(DEFAULT_DATA_DIR))


def test_settings_are_read():
    told = read_settings({
        "GUICHET_DATA_DIR": "/srv/g", "GUICHET_PUBLIC_URL": "https://a.example/", "GUICHET_MASTER_KEY": "k", "HOME": "/x",
    })  # fmt: skip
    assert told == Settings(Path("/srv/g"), "https://a.example", "k")


def test_key_file_is_a_path_and_home_is_written_out():
    told = read_settings({"GUICHET_MASTER_KEY_FILE": "/run/key", "GUICHET_DATA_DIR": "~/g"})
    assert told.master_key_file == Path("/run/key")
    assert "~" not in str(told.data_dir)


def test_command_line_wins_over_the_environment():
    assert read_settings({"GUICHET_DATA_DIR": "/a"}, "/b").data_dir == Path("/b")


def test_empty_setting_is_no_setting():
    names = {f"GUICHET_{name}": "" for name in _KNOWN}
    assert read_settings(names) == Settings(Path(DEFAULT_DATA_DIR))


FAULTS = [
    ({"GUICHET_DATADIR": "/a"}, "GUICHET_DATADIR is not a setting"),
    ({"GUICHET_PUBLIC_URL": "a.example"}, "GUICHET_PUBLIC_URL"),
    ({"GUICHET_PUBLIC_URL": "ftp://a.example"}, "GUICHET_PUBLIC_URL"),
    ({"GUICHET_PUBLIC_URL": "https://"}, "GUICHET_PUBLIC_URL"),
    ({"GUICHET_MASTER_KEY": "k", "GUICHET_MASTER_KEY_FILE": "/k"}, "GUICHET_MASTER_KEY_FILE"),
    ({"GUICHET_DATABASE_URL": "postgresql://x"}, "GUICHET_DATABASE_URL"),
]


@pytest.mark.parametrize(("environ", "named"), FAULTS, ids=[named for _environ, named in FAULTS])
def test_wrong_setting_is_named(environ, named):
    with pytest.raises(SettingsError, match=named):
        read_settings(environ)


def test_secret_is_never_shown():
    assert "s3cret" not in repr(Settings(Path("x"), master_key="s3cret"))
    with pytest.raises(SettingsError) as raised:
        read_settings({"GUICHET_MASTER_KEY": "s3cret", "GUICHET_MASTER_KEY_FILE": "/k"})
    assert "s3cret" not in str(raised.value)


def test_settings_for_later_are_announced():
    environ = {"GUICHET_TSA_URL": "x", "GUICHET_SMTP_URL": "", "GUICHET_DATA_DIR": "/a"}
    assert unused_settings(environ) == ["GUICHET_TSA_URL"]
