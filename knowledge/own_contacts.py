"""Contact details that the operator sets while the service runs, laid over those of the files.

The gateway writes one small file into the data folder; every process that shows contacts looks at that file's date
before each use, so that a change reaches the next answer without a restart.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.loader import read_yaml
from knowledge.model import Contact

FILE_NAME = "contacts.override.yml"
FIELDS = ("name", "what", "phone", "text_number", "email", "hours", "url", "note")
_CHECKED = "checked"
_logger = logging.getLogger(__name__)
_Given = Mapping[str, Mapping[str, Any]]


def with_details(contacts: Mapping[str, Contact], given: _Given) -> dict[str, Contact]:
    """Return the contacts with the operator's fields in their places.

    Args:
        contacts: As the files give them.
        given: Fields by key of the contact; None hides a field, `checked` is the date (ISO) on which somebody made
            sure. A key or field that the content does not know is passed over: the content may have moved on.
    """
    return {key: _laid_over(contact, given.get(key) or {}) for key, contact in contacts.items()}


def write(path: Path, given: _Given) -> bool:
    """Write the file if it would say something else; False if it says so already.

    Raises:
        OSError: The folder cannot be written.
    """
    plain = {key: dict(fields) for key, fields in given.items()}
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=True)
    if (path.read_text(encoding="utf-8") if path.exists() else yaml.safe_dump({})) == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and renamed: a reader sees the old file or the new one, never half of it.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return True


class LiveContacts(Mapping[str, Contact]):
    """Contacts that follow the operator's file.

    Args:
        base: The contacts without it.
        path: The file; it need not be there.
    """

    def __init__(self, base: Mapping[str, Contact], path: Path) -> None:
        """Remember the parts; the file is read at the first use."""
        self._base, self._path = dict(base), path
        self._stamp: tuple[int, int, int] | None = None
        self._now: Mapping[str, Contact] = self._base

    def __getitem__(self, key: str) -> Contact:
        """Return a contact as it stands now."""
        return self._current()[key]

    def __iter__(self) -> Iterator[str]:
        """Go through the keys."""
        return iter(self._base)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._base)

    def _current(self) -> Mapping[str, Contact]:
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._now = self._read() if stamp else self._base
            self._stamp = stamp
        return self._now

    def _read(self) -> Mapping[str, Contact]:
        try:
            given = read_yaml(self._path.read_text(encoding="utf-8")) or {}
            if not all(isinstance(fields, dict) for fields in given.values()):
                raise ValueError("every contact must be a mapping of fields")
            return with_details(self._base, given)
        except (OSError, yaml.YAMLError, ValueError, TypeError, AttributeError):
            # Families go on seeing what was right a moment ago.
            _logger.warning("own_contacts_unreadable path=%s", self._path)
            return self._now


def _laid_over(contact: Contact, given: Mapping[str, Any]) -> Contact:
    fields: dict[str, Any] = {name: given[name] or None for name in FIELDS if name in given}
    if not fields.get("name", True):
        del fields["name"]
    if not fields and _CHECKED not in given:
        return contact
    changed = dataclasses.replace(contact, **fields)
    if "note" not in given and contact.missing() and not changed.missing():
        # Such a note says why something is missing.
        changed = dataclasses.replace(changed, note=None)
    checked = given.get(_CHECKED)
    if not checked or changed.source is None:
        return changed
    day = checked if isinstance(checked, dt.date) else dt.date.fromisoformat(str(checked))
    return dataclasses.replace(changed, source=dataclasses.replace(changed.source, checked=day))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
