"""One step of the build: it runs only if what goes into it has changed, and says so."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Step:
    """What goes in (files and settings, as one digest), where it goes, and how it is made.

    `make` fills a fresh folder and returns facts for the manifest; the folder takes the old one's place only when all
    is there, so that an interrupted build leaves the last whole product.
    """

    name: str
    inputs: str
    folder: Path
    make: Callable[[Path], dict[str, object]]

    def stale(self) -> bool:
        """Tell whether the product is missing, damaged, or was made from something else."""
        manifest = read_manifest(self.folder)
        return manifest.get("inputs") != self.inputs or manifest.get("files") != _sizes(self.folder)

    def run(self, tell: Callable[[str], None], *, force: bool = False) -> bool:
        """Make the product if it is stale; return whether it was made."""
        if not force and not self.stale():
            tell(f"{self.name}: up to date")
            return False
        tell(f"{self.name}: building …")
        started = time.monotonic()
        with _fresh_folder(self.folder) as fresh:
            facts = self.make(fresh)
            manifest = {**facts, "inputs": self.inputs, "files": _sizes(fresh)}
            (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        tell(f"{self.name}: built in {time.monotonic() - started:.1f} s")
        return True


def read_manifest(folder: Path) -> dict[str, object]:
    """Return the manifest of a product; empty if there is none or it is damaged."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def digest_of(files: Iterable[Path], *more: str) -> str:
    """Return one digest of some files (name and bytes) and strings."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _sizes(folder: Path) -> dict[str, int]:
    """Return the size of every file of a product: one that was lost or cut short is noticed without reading it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {str(path.relative_to(folder)): path.stat().st_size for path in sorted(files)}


@contextlib.contextmanager
def _fresh_folder(folder: Path) -> Iterator[Path]:
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
