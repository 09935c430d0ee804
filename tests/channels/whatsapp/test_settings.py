"""A wrong setting is named as it stands in the environment, without its value."""

from dataclasses import replace

import pytest

from bot.channels.whatsapp.settings import read_list
from bot.core.errors import SettingsError
from tests.channels.whatsapp.graph import SETTINGS

WRONG = [
    ({"token": ""}, "TOKEN"),
    ({"token": "with blank"}, "TOKEN"),
    ({"token": "é"}, "TOKEN"),
    ({"app_secrets": ()}, "APP_SECRET"),
    ({"app_secrets": ("a", "")}, "APP_SECRET"),
    ({"app_secrets": ("a", "b", "c")}, "APP_SECRET"),
    ({"verify_token": ""}, "VERIFY_TOKEN"),
    ({"phone_number_ids": ()}, "PHONE_NUMBER_ID"),
    ({"phone_number_ids": ("+33 6 00 00 00 01",)}, "PHONE_NUMBER_ID"),
    ({"phone_number_ids": ("١٢٣٤٥٦",)}, "PHONE_NUMBER_ID"),
    ({"api_version": "24"}, "API_VERSION"),
    ({"api_version": "v24.0/../x"}, "API_VERSION"),
    ({"api_url": "http://graph.facebook.com"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com/v24.0"}, "API_URL"),
    ({"api_url": "https://user@graph.facebook.com"}, "API_URL"),
    ({"api_url": "https://"}, "API_URL"),
    ({"api_url": "https://a:port"}, "API_URL"),
    ({"api_url": "ftp://127.0.0.1"}, "API_URL"),
    ({"api_url": "https://example.org"}, "API_URL"),
    ({"api_url": "https://example.org:8443"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com.example.org"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com@example.org"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com:8443"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com:0"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com/?x"}, "API_URL"),
    ({"api_url": "https://graph.facebook.com#x"}, "API_URL"),
    ({"api_url": "https://facebook.com"}, "API_URL"),
    ({"api_url": "https://169.254.169.254"}, "API_URL"),
    ({"api_url": "http://10.0.0.1"}, "API_URL"),
    ({"api_url": "https://127.0.0.1@example.org"}, "API_URL"),
    ({"api_url": "http://127.0.0.1/v24.0"}, "API_URL"),
    ({"api_url": ""}, "API_URL"),
    ({"api_url": "http://127.0.0.1.example.org"}, "API_URL"),
]


@pytest.mark.parametrize(("change", "named"), WRONG)
def test_wrong_setting_is_named(change, named):
    with pytest.raises(SettingsError, match=f"GUICHET_WHATSAPP_{named}"):
        replace(SETTINGS, **change)


@pytest.mark.parametrize(
    "url", ["https://graph.facebook.com", "https://graph.facebook.com/", "https://graph.facebook.com:443"]
)
def test_address_is_metas(url):
    settings = replace(SETTINGS, api_url=url)
    assert (settings.api_url, settings.is_for_tests) == (url, False)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9200", "http://localhost:1/", "http://[::1]:5", "https://127.0.0.1:8443"]
)
def test_another_address_is_this_machine_and_says_that_it_is_for_tests(url):
    settings = replace(SETTINGS, api_url=url)
    assert (settings.api_url, settings.is_for_tests) == (url, True)


def test_secrets_are_told_to_the_log_and_shown_nowhere():
    settings = replace(SETTINGS, app_secrets=("new-secret", "old-secret"))
    assert settings.secrets == ("graph-token", "new-secret", "old-secret", "verify-token")
    assert not any(secret in repr(settings) for secret in settings.secrets)


def test_list_of_a_setting():
    assert read_list(" a, b ,,") == ("a", "b")
    assert read_list("") == ()
