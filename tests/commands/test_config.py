"""Settings come from the environment; a wrong one is named, a later one is announced."""

from pathlib import Path

import pytest

from bot.channels.whatsapp.settings import WhatsAppSettings
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


WHATSAPP = {
    "GUICHET_WHATSAPP_TOKEN": "graph-token",
    "GUICHET_WHATSAPP_APP_SECRET": "new, old",
    "GUICHET_WHATSAPP_VERIFY_TOKEN": "verify",
    "GUICHET_WHATSAPP_PHONE_NUMBER_ID": "100000000000001,100000000000002",
}


def test_settings_of_whatsapp_are_the_channels_own():
    settings = read_settings(WHATSAPP).whatsapp
    assert settings == WhatsAppSettings("graph-token", ("new", "old"), "verify", ("100000000000001", "100000000000002"))


def test_address_of_a_stand_in_for_meta_is_taken_without_its_last_stroke():
    settings = read_settings({**WHATSAPP, "GUICHET_WHATSAPP_API_URL": "http://127.0.0.1:9/"}).whatsapp
    assert settings.api_url == "http://127.0.0.1:9"


@pytest.mark.parametrize("part", ["APP_SECRET", "VERIFY_TOKEN", "PHONE_NUMBER_ID"])
def test_part_of_whatsapp_that_is_missing_is_named(part):
    given = {name: value for name, value in WHATSAPP.items() if name != f"GUICHET_WHATSAPP_{part}"}
    with pytest.raises(SettingsError, match=f"GUICHET_WHATSAPP_{part}"):
        read_settings(given)


def test_whatsapp_without_its_token_is_a_mistake_and_no_channel_that_is_off():
    given = {name: value for name, value in WHATSAPP.items() if name != "GUICHET_WHATSAPP_TOKEN"}
    with pytest.raises(SettingsError, match="GUICHET_WHATSAPP_TOKEN is missing"):
        read_settings(given)


TELEGRAM = {"GUICHET_TELEGRAM_TOKEN": "123456:abcdefghijklmnop"}


@pytest.mark.parametrize(
    "address", ["https://a.example", *(f"https://a.example:{port}" for port in (443, 80, 88, 8443))]
)
def test_telegram_calls_four_ports(address):
    assert read_settings({**TELEGRAM, "GUICHET_PUBLIC_URL": address}).public_url == address


@pytest.mark.parametrize("address", ["https://a.example:8444", "https://a.example:99999", "https://a.example:x"])
def test_port_that_telegram_never_calls_is_refused_at_the_start(address):
    with pytest.raises(SettingsError, match="GUICHET_PUBLIC_URL"):
        read_settings({**TELEGRAM, "GUICHET_PUBLIC_URL": address})


def test_other_ports_are_good_without_telegram_and_with_a_server_of_ones_own():
    address = {"GUICHET_PUBLIC_URL": "https://a.example:8444"}
    assert read_settings(address).public_url
    assert read_settings({**TELEGRAM, **address, "GUICHET_TELEGRAM_API_URL": "http://127.0.0.1:9/bot"}).public_url


def test_token_of_the_second_door_is_a_long_secret_and_needs_the_door():
    port, token = {"GUICHET_ADMIN_PORT": "9000"}, {"GUICHET_ADMIN_TOKEN": "a-token-of-twenty-04"}
    settings = read_settings({**port, **token})
    assert (settings.admin_port, settings.admin_token) == (9000, "a-token-of-twenty-04")
    assert "a-token" not in repr(settings)
    assert read_settings(port).admin_token is None
    with pytest.raises(SettingsError, match="GUICHET_ADMIN_PORT is missing"):
        read_settings(token)
    with pytest.raises(SettingsError, match="GUICHET_ADMIN_TOKEN must have") as refused:
        read_settings({**port, "GUICHET_ADMIN_TOKEN": "short secret"})
    assert "short secret" not in str(refused.value)
