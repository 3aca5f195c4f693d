"""`send-assistant seed` fills an empty database and refuses any other."""

import pytest

from assistant.cli import main
from assistant.settings import Settings
from assistant.storage.desk_records import Wanted
from assistant.storage.storage import Storage


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    return tmp_path


def test_it_writes_requests_and_records_once(folder, capsys):
    assert main(["seed", "--requests", "12", "--flags", "4"]) == 0
    storage = Storage(Settings(data_dir=folder))
    assert len(storage.queue.all(Wanted())) == 12
    assert sum(storage.queue.counts().flags.values()) == 4
    assert main(["seed"]) == 1
    assert "empty database" in capsys.readouterr().err
    assert len(storage.queue.all(Wanted())) == 12
    storage.close()
