"""What the chat says about keeping is what the privacy notice says, and both follow the settings."""

import json
import re
from datetime import timedelta

import pytest
import yaml

from assistant.gateway.safeguarding import SafeguardingArticles
from assistant.gateway.texts import FileReplies
from assistant.paths import ROOT
from assistant.settings import Settings
from assistant.storage.storage import Storage
from knowledge.loader import load_article
from nlu.safeguarding import Category, Kind
from tests.unit.docs.papers import flowing, left_in_browser, paper, section

NOTICE = paper("privacy-notice")
WIDGET = json.loads((ROOT / "widget" / "strings" / "en.json").read_text(encoding="utf-8"))
GATEWAY = flowing(str(yaml.safe_load((ROOT / "assistant/gateway/texts.yml").read_text(encoding="utf-8"))))
MODES = ("standard", "easy")


def quoted() -> list[str]:
    """The chat's own sentences, as the notice quotes them."""
    part = section(NOTICE, "## What the chat itself says")
    return [flowing(line.removeprefix(">")) for line in part.splitlines() if line.startswith(">")]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("days", [7, 41])
def test_the_welcome_names_the_days_that_are_set(mode, days):
    said = FileReplies(keep_days=days).welcome(mode)[0]["text"]
    assert re.findall(r"(\d+) days", said) == [str(days)]


def test_the_notice_quotes_the_chat():
    words = quoted()
    assert len(words) == 4
    assert [line for line in words if line not in GATEWAY and line not in WIDGET.values()] == []
    for key in ("kept_what", "kept_until"):
        assert WIDGET[key] in words


def test_what_we_keep_names_the_day_that_the_server_gives():
    kept = [words for key, words in WIDGET.items() if key.startswith("kept")]
    assert not re.search(r"\d", " ".join(kept)), "a figure here would not follow the settings"
    assert "{date}" in WIDGET["kept_until"]
    assert all(WIDGET[key] for key in ("kept", "delete", "save"))


def test_the_day_that_the_server_gives_follows_the_setting(tmp_path):
    storage = Storage(Settings(data_dir=tmp_path, retention_days=7))
    storage.open()
    begun, _ = storage.conversations.create("0" * 64, reading_mode="standard", audience=None, welcome=())
    storage.close()
    assert timedelta(milliseconds=begun.expires_at - begun.created_at) == timedelta(days=7)


def test_the_answer_on_privacy_says_the_same():
    text = flowing((ROOT / "knowledge/articles/limits/about-privacy.md").read_text(encoding="utf-8"))
    defaults = Settings()
    assert set(re.findall(r"(\d+) days", text)) == {str(defaults.retention_days), str(defaults.retention_handover_days)}
    assert load_article(ROOT / "knowledge/articles/limits/about-privacy.md").id == "about-privacy"


def test_every_cookie_is_in_the_notice():
    """The storages of the browser are looked at in tests/browser/widget/test_widget_leaves.py."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    set_here = set(re.findall(r'^_?[A-Z_]*COOKIE[A-Z_]* = "(\w+)"', sources, re.MULTILINE))
    assert {"send_chat", "send_staff"} <= set_here
    assert [name for name in set_here if f"`{name}`" not in NOTICE] == []
    assert left_in_browser("cookie") == {"send_chat"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("from_articles", [True, False])
def test_each_safeguarding_reply_says_that_nobody_watches(kind, mode, from_articles):
    articles = SafeguardingArticles.load() if from_articles else None
    replies = FileReplies(keep_days=30, safeguarding=articles)
    for category in Category if from_articles else (None,):
        said = replies.safeguarding(kind.value, mode, category.value if category else None)["text"].lower()
        assert re.search(r"nobody is (?:watching|reading)", said), (kind, mode, category)
        assert re.search(r"automatic assistant|i am a computer", said)
        assert "999" in said
