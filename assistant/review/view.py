"""Rendering of the staff pages: templates, texts, navigation by role, form token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import yaml
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from assistant.gateway import page_words
from assistant.paths import ROOT
from assistant.review import sessions
from assistant.storage import moments
from assistant.storage.staff_records import Account

PREFIX = "/staff"
_HERE = Path(__file__).parent


class Link(TypedDict):
    """An entry of the navigation."""

    address: str
    label: str
    roles: list[str]


@dataclass(frozen=True)
class View:
    """What rendering needs; built once by `pages.install`."""

    templates: Jinja2Templates
    texts: Mapping[str, Any]
    addresses: frozenset[str]

    def navigation(self, account: Account | None) -> list[Link]:
        """Return the entries for this account whose pages exist."""
        entries: list[Link] = self.texts["navigation"]
        role = account.role if account else ""
        return [entry for entry in entries if role in entry["roles"] and entry["address"] in self.addresses]


def build(addresses: frozenset[str], *, zone: ZoneInfo) -> View:
    """Read texts and templates.

    Args:
        addresses: Addresses of all pages, with `/staff`.
        zone: In which times are shown.
    """
    # The last two hold how an article is shown to families: a preview must not show it otherwise.
    templates = Jinja2Templates(
        directory=[_HERE / "templates", ROOT / "assistant/gateway/templates", ROOT / "knowledge"]
    )
    templates.env.filters |= {"day": page_words.day, "site": page_words.site}
    templates.env.tests |= {"whole_number": page_words.is_whole_number}
    # A name that a template misspells must not become an empty place on a page.
    templates.env.globals["PREFIX"] = PREFIX
    templates.env.filters["moment"] = lambda ms: _moment(ms, zone)
    templates.env.filters["iso"] = lambda ms: moments.from_ms(ms).isoformat(timespec="seconds")
    return View(templates, _texts(), addresses)


@cache
def _texts() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((_HERE / "texts.yml").read_text(encoding="utf-8"))
    return read


def page(request: Request, name: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page.

    Args:
        request: The request; brings account, session and messages.
        name: A template of `templates/`, which extends base.html.
        status: HTTP status.
        **context: What the template shows. `account`, `csrf`, `navigation`, `here`, `said` and `texts` are
            there already.
    """
    view = _view(request)
    account = getattr(request.state, "account", None)
    common = {
        "account": account,
        "csrf": sessions.form_token(request),
        "navigation": view.navigation(account),
        "here": request.url.path,
        "said": view.texts["messages"].get(request.query_params.get("said", "")),
        "texts": view.texts,
    }
    response = view.templates.TemplateResponse(request, name, common | context, status_code=status)
    sessions.keep_browser(request, response)
    return response


def back(address: str, *, said: str = "", **query: str | int) -> RedirectResponse:
    """Send the reader on after a form.

    Args:
        address: Below `/staff`, such as `/requests/abc`; may carry a fragment.
        said: A key of `messages` in texts.yml to show there.
        **query: More parameters of the address.
    """
    path, _, place = address.partition("#")
    fields = {**query, **({"said": said} if said else {})}
    whole = PREFIX + path + (f"?{urlencode(fields)}" if fields else "") + (f"#{place}" if place else "")
    return RedirectResponse(whole, status_code=303)


def wording(request: Request, section: str, key: str) -> Any:
    """Return an entry of texts.yml."""
    return _view(request).texts[section][key]


def _view(request: Request) -> View:
    found: View = request.app.state.view
    return found


def _moment(ms: int, zone: ZoneInfo) -> str:
    local: datetime = moments.from_ms(ms).astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
