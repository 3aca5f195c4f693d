"""`send-assistant preview`: an article as families see it, standard and easy side by side."""

from __future__ import annotations

import argparse
import contextlib
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from assistant.errors import ServiceError
from assistant.paths import ROOT

KNOWLEDGE = ROOT / "knowledge"
# The macros of the chat's own page draw the blocks, so that a preview shows what a family will see.
_TEMPLATES = (str(KNOWLEDGE), str(ROOT / "assistant" / "gateway" / "templates"))


class NoSuchArticle(ServiceError):
    """No article file bears the id."""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("preview", help="show an article in the browser, standard and easy side by side")
    parser.add_argument("id", help="id of the article; a draft will do")
    parser.add_argument("--out", type=Path, help="write an HTML file instead of serving it")
    parser.add_argument("--port", type=_port, default=0, help="port on this machine (else any that is free)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the page, or serve it until Ctrl-C."""
    path = find(options.id)
    if options.out is not None:
        options.out.write_text(page(path), encoding="utf-8")
        sys.stdout.write(f"{options.out}\n")
        return 0
    with server(path, port=options.port) as serving, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"http://127.0.0.1:{serving.server_port}/ shows {path.name} as it is saved; Ctrl-C ends\n")
        sys.stdout.flush()
        serving.serve_forever()
    return 0


def _port(raw: str) -> int:
    if not raw.isdigit() or int(raw) > 65_535:
        raise argparse.ArgumentTypeError("give a port number from 0 to 65535")
    return int(raw)


def find(article_id: str, root: Path = KNOWLEDGE) -> Path:
    """Return the file of an article.

    Raises:
        NoSuchArticle: There is none.
    """
    found = next((path for path in (root / "articles").rglob("*.md") if path.stem == article_id), None)
    if found is None:
        raise NoSuchArticle(f"no article '{article_id}': begin it with 'send-assistant new-article {article_id} …'")
    return found


def page(path: Path, root: Path = KNOWLEDGE) -> str:
    """Return an article file as one HTML page that needs nothing else.

    Raises:
        ContentError: The file, or a contact or service record, cannot be used.
    """
    from assistant.preview import preview
    from assistant.settings import Settings
    from knowledge.loader import load_contacts

    contacts = load_contacts(root / "contacts.yml", Settings.from_env().contacts)
    return _render(**vars(preview(path, root=root, contacts=contacts)))


def server(path: Path, *, port: int = 0) -> ThreadingHTTPServer:
    """Return a server on loopback that shows the file as it is at each request, so that reloading shows a change."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            body = _page_or_error(path).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the terminal is for the address."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _page_or_error(path: Path) -> str:
    from knowledge.errors import ContentError

    try:
        return page(path)
    except (ContentError, OSError) as error:
        return _render(error=str(error))


def _render(**context: object) -> str:
    from jinja2 import Environment, FileSystemLoader

    from assistant.gateway import page_words

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"day": page_words.day, "site": page_words.site}
    environment.tests |= {"whole_number": page_words.is_whole_number}
    return environment.get_template("preview.html.j2").render(context)
