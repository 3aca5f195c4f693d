"""Databases for the storage contract: SQLite always, PostgreSQL where its programs are there."""

import dataclasses
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from assistant.settings import Secret, Settings
from assistant.storage.storage import Storage


@dataclasses.dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **step: float) -> None:
        self.now += timedelta(**step)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own in a folder of its own."""
    if not (shutil.which("initdb") and shutil.which("pg_ctl")):
        pytest.skip("PostgreSQL's programs are not installed")
    # PostgreSQL refuses to run as root; the folder must then belong to someone else.
    user = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data, port = Path(folder) / "data", _free_port()
        if user:
            shutil.chown(folder, "nobody")
        subprocess.run(
            ["initdb", "-D", data, "-U", "tester", "-A", "trust", "--no-sync"],
            check=True,
            capture_output=True,
            user=user,
        )
        options = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        start = ["pg_ctl", "-D", str(data), "-w", "-l", f"{folder}/log", "-o", options, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)
        try:
            yield f"postgresql://tester@127.0.0.1:{port}"
        finally:
            subprocess.run(
                ["pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True, user=user
            )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path)
    server, name = request.getfixturevalue("postgres_server"), f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return Settings(data_dir=tmp_path, database_url=Secret(f"{server}/{name}"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def storage(settings: Settings, clock: Clock) -> Iterator[Storage]:
    opened = Storage(settings, now=clock)
    opened.open()
    yield opened
    opened.close()
