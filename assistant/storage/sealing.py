"""Encryption of contact details at rest."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from assistant.errors import SettingsError, StorageError
from assistant.settings import Settings

_KEY_NAME = "contact.key"


class Seal:
    """Encrypts and opens small JSON objects.

    Args:
        keys: Fernet keys; the first encrypts, all of them open, so that a key can be replaced.

    Raises:
        SettingsError: A key is not a Fernet key.
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Check the keys."""
        try:
            self._box = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise SettingsError(
                "ASSISTANT_CONTACT_KEY (or its file) cannot be used: give one or more Fernet keys, "
                "newest first, separated by commas or line breaks."
            ) from error

    def close(self, value: Mapping[str, Any]) -> bytes:
        """Return the encrypted object."""
        return self._box.encrypt(json.dumps(dict(value)).encode())

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Return the object again.

        Raises:
            StorageError: It was encrypted with a key that is no longer given.
        """
        try:
            opened: dict[str, Any] = json.loads(self._box.decrypt(sealed))
        except InvalidToken as error:
            raise StorageError("a record was encrypted with a key that is not given any more") from error
        return opened

    def renew(self, sealed: bytes) -> bytes:
        """Return the same content encrypted with the newest key."""
        return self._box.rotate(sealed)


def from_settings(settings: Settings) -> Seal:
    """Build the seal from the variable, the named file, or a file in the data folder (made if missing).

    Raises:
        SettingsError: The key cannot be used or its file cannot be read.
    """
    if settings.contact_key:
        return Seal(_split(settings.contact_key.value))
    path = settings.contact_key_file or settings.data_dir / _KEY_NAME
    if settings.contact_key_file is None:
        _make(path)
    try:
        return Seal(_split(path.read_text(encoding="ascii")))
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"ASSISTANT_CONTACT_KEY_FILE={path} cannot be read: check path and rights.") from error


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked: another process sees no file or a whole one, and the first one wins.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        if not path.exists():
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(Fernet.generate_key())
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
