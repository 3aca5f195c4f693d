"""Encryption of contact details: key from variable, file or made; rotation."""

import stat

import pytest
from cryptography.fernet import Fernet

from assistant.errors import SettingsError, StorageError
from assistant.settings import Secret, Settings
from assistant.storage.sealing import Seal, from_settings

VALUE = {"email": "a@example.org"}


def new_key() -> str:
    return Fernet.generate_key().decode()


def test_a_missing_key_is_made_once_and_only_the_owner_reads_it(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    sealed = from_settings(settings).close(VALUE)
    [file] = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert from_settings(settings).open(sealed) == VALUE
    assert b"example" not in sealed


def test_variable_and_file_give_the_key(tmp_path):
    key = new_key()
    (tmp_path / "key").write_text(key + "\n")
    sealed = from_settings(Settings(data_dir=tmp_path, contact_key=Secret(key))).close(VALUE)
    assert from_settings(Settings(data_dir=tmp_path, contact_key_file=tmp_path / "key")).open(sealed) == VALUE
    assert not (tmp_path / "contact.key").exists()


def test_a_new_key_in_front_opens_old_records_and_renews_them():
    old, new = new_key(), new_key()
    sealed = Seal((old,)).close(VALUE)
    renewed = Seal((new, old)).renew(sealed)
    assert Seal((new,)).open(renewed) == VALUE
    with pytest.raises(StorageError):
        Seal((new,)).open(sealed)


@pytest.mark.parametrize("keys", [("short",), ()])
def test_a_bad_key_is_a_clear_error(keys):
    with pytest.raises(SettingsError, match="ASSISTANT_CONTACT_KEY"):
        Seal(keys)


def test_a_key_file_that_cannot_be_read_is_a_clear_error(tmp_path):
    with pytest.raises(SettingsError, match="ASSISTANT_CONTACT_KEY_FILE"):
        from_settings(Settings(contact_key_file=tmp_path / "nowhere"))
