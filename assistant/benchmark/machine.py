"""What a measurement was made on, so that two of them can be compared."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import platform
import subprocess
from pathlib import Path

import psutil

from assistant.paths import ROOT


@dataclasses.dataclass(frozen=True)
class Machine:
    """The commit and the machine; `load` is the mean number of waiting programs over the last minute before."""

    commit: str
    measured_at: str
    cores: int
    memory_gb: float
    python: str
    system: str
    load: float


def this_machine() -> Machine:
    """Return the machine and the commit of the checkout."""
    return Machine(
        commit=commit(),
        measured_at=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        cores=os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        load=round(os.getloadavg()[0], 2),
    )


def commit(root: Path = ROOT) -> str:
    """Return the short commit of a checkout, with `+` where files differ from it; `unknown` outside one."""
    short = _git(root, "rev-parse", "--short", "HEAD")
    if not short:
        return "unknown"
    return short + ("+" if _git(root, "status", "--porcelain") else "")


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
