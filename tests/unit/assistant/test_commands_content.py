"""Commands for content people: begin an article, look at it, write the feed and the report."""

import datetime as dt
import http.client
import json
import shutil
import threading

import pytest

from assistant import cli
from assistant.commands import new_article, preview
from assistant.commands.new_article import ArticleRefused, create
from assistant.commands.preview import NoSuchArticle, find, page, server
from knowledge.check.leftovers import MARK
from knowledge.check.run import check_article
from knowledge.errors import ContentError
from knowledge.loader import ROOT, load_article, load_articles, load_contacts
from knowledge.services import load_services

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def root(tmp_path):
    """A knowledge folder with one article."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    shutil.copytree(ROOT / "services", tmp_path / "services")
    for name in ("contacts.yml", "phrases.yml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "articles" / "glossary").mkdir(parents=True)
    shutil.copyfile(ROOT / "articles" / "glossary" / "ehcp.md", tmp_path / "articles" / "glossary" / "ehcp.md")
    return tmp_path


def test_a_new_article_can_be_loaded_and_is_a_draft(root):
    path = create("new-word", topic="law", title="It's new: a word", today=TODAY, root=root)
    assert path == root / "articles" / "law" / "new-word.md"
    article = load_article(path)
    assert (article.id, article.topic, article.title) == ("new-word", "law", "It's new: a word")
    assert (article.status, article.reviewed) == ("draft", TODAY)


def test_a_draft_is_not_served(root):
    create("new-word", topic="law", today=TODAY, root=root)
    assert set(load_articles(root / "articles")) == {"ehcp"}


def test_the_check_asks_for_every_line_of_the_template(root):
    path = create("new-word", topic="law", today=TODAY, root=root)
    found = list(check_article(load_article(path), load_contacts()))
    marked = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if MARK in line]
    assert [problem.line for problem in found if problem.rule == "template"] == marked
    assert len(marked) >= 8
    assert {problem.rule for problem in found} == {"template"}


@pytest.mark.parametrize("bad", ["Upper", "two--hyphens", "-a", "a-", "a_b", "../evil", "a/b", "", "a" * 61, "ä"])
def test_an_id_that_cannot_be_one_is_refused(root, bad):
    with pytest.raises(ArticleRefused, match="small letters"):
        create(bad, topic="law", today=TODAY, root=root)
    assert [path.name for path in (root / "articles").rglob("*.md")] == ["ehcp.md"]


def test_an_id_is_never_used_twice_not_even_in_another_topic(root):
    before = (root / "articles" / "glossary" / "ehcp.md").read_text(encoding="utf-8")
    with pytest.raises(ArticleRefused, match=r"'ehcp' is taken by .*glossary"):
        create("ehcp", topic="law", today=TODAY, root=root)
    assert (root / "articles" / "glossary" / "ehcp.md").read_text(encoding="utf-8") == before


def test_an_unknown_topic_is_refused_with_the_known_ones(root):
    with pytest.raises(ArticleRefused, match="choose one of glossary, strategy"):
        create("new-word", topic="nonsense", today=TODAY, root=root)


@pytest.mark.parametrize("title", ['say "so"', "back\\slash", "ab", "x" * 91])
def test_a_title_that_would_break_the_file_is_refused(root, title):
    with pytest.raises(ArticleRefused, match="cannot be a title"):
        create("new-word", topic="law", title=title, today=TODAY, root=root)


def test_the_command_tells_where_the_draft_is(root, monkeypatch, capsys):
    monkeypatch.setattr(new_article, "create", lambda *args, **given: root / f"{args[0]}-{given['topic']}.md")
    assert cli.main(["new-article", "new-word", "--topic", "law"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == str(root / "new-word-law.md")
    assert second.endswith("send-assistant preview new-word")


def test_the_command_refuses_in_one_line(capsys):
    assert cli.main(["new-article", "ehcp", "--topic", "law"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("send-assistant: the id 'ehcp' is taken")


def test_a_preview_shows_both_texts_the_leads_and_the_cards(root):
    shown = page(find("ehcp", root), root)
    article = load_article(root / "articles" / "glossary" / "ehcp.md")
    standard, easy = shown.split('<h2 id="easy">')
    assert article.standard[0]["text"].split(".")[0] in standard
    assert article.easy[0]["text"].split(".")[0] in easy
    leads = [group.lead for group in article.questions if group.lead]
    assert leads
    assert all(lead.split("'")[0] in shown for lead in leads)
    assert "Findings of the check" not in shown


def test_a_preview_of_a_draft_shows_the_findings(root):
    path = create("new-word", topic="law", title="<b>bold</b> title", today=TODAY, root=root)
    shown = page(path, root)
    assert "Findings of the check" in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert "<b>bold" not in shown


def test_contacts_in_a_preview_are_filled_in(root, monkeypatch):
    own = root / "own.yml"
    own.write_text("sendias: {phone: 01632 960 001}\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CONTACTS", str(own))
    path = root / "articles" / "glossary" / "ehcp.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n{{contact:sendias}}\n\n{{service:medway-sendias}}\n")
    shown = page(path, root)
    assert 'href="tel:01632960001"' in shown
    assert load_services()["medway-sendias"]["name"] in shown


def test_an_unknown_article_is_one_line_with_the_remedy(capsys, root):
    with pytest.raises(NoSuchArticle):
        find("../contacts", root)
    assert cli.main(["preview", "gone"]) == 1
    assert "send-assistant new-article gone" in capsys.readouterr().err


def test_a_preview_can_be_a_file(tmp_path, capsys):
    out = tmp_path / "ehcp.html"
    assert cli.main(["preview", "ehcp", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.read_text(encoding="utf-8") == page(find("ehcp"))


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_a_port_that_is_none_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        cli.main(["preview", "ehcp", f"--port={port}"])
    assert "give a port number from 0 to 65535" in capsys.readouterr().err


@pytest.fixture
def serving(root):
    """A preview server of a draft: the path of the draft, and a way to get a page."""
    path = create("new-word", topic="law", title="First title", today=TODAY, root=root)
    serving = server(path)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()

    def get(address: str = "/") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", serving.server_port, timeout=10)
        connection.request("GET", address)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    yield path, get
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_the_server_is_on_loopback_and_shows_the_file_as_it_is_now(serving):
    path, get = serving
    assert get()[0] == 200
    assert "<h1>First title</h1>" in get()[1]
    path.write_text(path.read_text(encoding="utf-8").replace("First title", "Second title"), encoding="utf-8")
    assert "<h1>Second title</h1>" in get()[1]
    assert get("/contacts.yml")[0] == 404


def test_a_broken_file_is_told_on_the_page_until_it_is_mended(serving):
    path, get = serving
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("topic: law", "topics: law"), encoding="utf-8")
    assert "This article cannot be shown" in get()[1]
    assert "topics" in get()[1]
    path.write_text(whole, encoding="utf-8")
    assert "<h1>First title</h1>" in get()[1]


def test_ctrl_c_ends_the_preview_in_peace(monkeypatch, capsys):
    class Interrupted:
        server_port = 8099

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def serve_forever(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(preview, "server", lambda path, port: Interrupted())
    assert cli.main(["preview", "ehcp"]) == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8099/ shows ehcp.md")


def test_the_feed_holds_every_service(tmp_path, capsys):
    out = tmp_path / "feed.json"
    assert cli.main(["feed", "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    feed = json.loads(out.read_text(encoding="utf-8"))
    assert {row["id"] for row in feed["contents"]} == {row["id"] for row in load_services().values()}
    assert cli.main(["feed"]) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")


def test_the_feed_takes_the_operators_contacts(tmp_path, monkeypatch, capsys):
    own = tmp_path / "own.yml"
    own.write_text("sendias: {phone: 01632 960 001}\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CONTACTS", str(own))
    assert cli.main(["feed"]) == 0
    assert "01632 960 001" in capsys.readouterr().out
    own.write_text("sendiass: {phone: 01632 960 001}\n", encoding="utf-8")
    assert cli.main(["feed"]) == 1
    assert "unknown contact 'sendiass'" in capsys.readouterr().err


def test_check_writes_the_report(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("knowledge.check.check_content", lambda today: [])
    out = tmp_path / "report.md"
    assert cli.main(["check", "--report", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("# Content report")
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"


def test_a_page_of_a_damaged_article_is_an_error(root):
    path = root / "articles" / "glossary" / "ehcp.md"
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(ContentError):
        page(path, root)
