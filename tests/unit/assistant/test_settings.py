"""Settings: read once, clear errors, secrets that do not show."""

import dataclasses
from datetime import date, time

import pytest

from assistant.errors import SettingsError
from assistant.settings import Hours, Secret, Settings


def test_defaults_need_no_variable():
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.rate_limit) == ("127.0.0.1", 8080, True)
    assert settings.database == "sqlite:///var/assistant.sqlite3"


def test_values_are_read():
    settings = Settings.from_env(
        {
            "ASSISTANT_RATE_LIMIT": "off",
            "ASSISTANT_ALLOWED_ORIGINS": "https://a.example, https://b.example/",
            "ASSISTANT_HOURS": "Mon-Thu 08:30-16:00",
            "ASSISTANT_CLOSURES": "2026-12-31,2026-12-24",
            "ASSISTANT_RETENTION_DAYS": "7",
            "ASSISTANT_DATABASE_URL": "postgresql://u:p@h/d",
        }
    )
    assert settings.rate_limit is False
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.hours == Hours(days=(0, 1, 2, 3), opens=time(8, 30), closes=time(16))
    assert settings.closures == (date(2026, 12, 24), date(2026, 12, 31))
    assert settings.retention_days == 7
    assert settings.database == "postgresql://u:p@h/d"


def test_plain_host_and_port_count_but_ours_win():
    assert Settings.from_env({"HOST": "0.0.0.0", "PORT": "9000"}).port == 9000
    assert Settings.from_env({"PORT": "9000", "ASSISTANT_PORT": "9001"}).port == 9001


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSISTANT_PORT", "99999"),
        ("ASSISTANT_PORT", "http"),
        ("ASSISTANT_RATE_LIMIT", "maybe"),
        ("ASSISTANT_RASA_URL", "localhost"),
        ("ASSISTANT_HOURS", "Fri-Mon 09:00-17:00"),
        ("ASSISTANT_HOURS", "Mon-Fri 17:00-09:00"),
        ("ASSISTANT_HOURS", "always"),
        ("ASSISTANT_CLOSURES", "Christmas"),
        ("ASSISTANT_TIMEZONE", "Nowhere/Town"),
        ("ASSISTANT_TIMEZONE", "../../etc/passwd"),
        ("ASSISTANT_LOG_LEVEL", "LOUD"),
        ("ASSISTANT_RETENTION_DAYS", "0"),
        ("ASSISTANT_RASA_READ_SECONDS", "nan"),
        ("ASSISTANT_BODY_LIMIT_BYTES", "1"),
    ],
)
def test_a_bad_value_is_one_clear_error_with_name_and_remedy(variable, value):
    with pytest.raises(SettingsError, match=rf"^{variable}=.* cannot be used: give .+\.$"):
        Settings.from_env({variable: value})


def test_secrets_print_as_stars():
    settings = Settings(internal_secret=Secret("hush"), contact_key=Secret("hush"), database_url=Secret("hush"))
    assert "hush" not in f"{settings} {settings!r} {settings.internal_secret} {[settings.contact_key]}"
    assert "****" in str(settings)


def test_an_unknown_name_is_pointed_out(caplog):
    Settings.from_env({"ASSISTANT_RATE_LIMITS": "off"})
    assert "did you mean ASSISTANT_RATE_LIMIT?" in caplog.text


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]
