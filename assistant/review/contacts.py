"""Contact details that managers set over those of the content, each with the day on which somebody made sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from assistant.errors import Stale
from assistant.gateway.operator import contacts_file, follow
from assistant.gateway.services import Parts, Services
from assistant.operating import CONTACT
from assistant.review import operator_forms as forms
from assistant.review.access import Manager
from assistant.review.operator_forms import Fault
from assistant.review.problems import StaffProblem
from assistant.review.view import back, page
from knowledge.loader import load_contacts
from knowledge.model import Contact
from knowledge.own_contacts import with_details

router = APIRouter(prefix="/settings/contacts")


@router.get("")
async def listed(request: Request, parts: Parts, _account: Manager) -> Response:
    """List all contacts, those with something missing first."""
    contacts = await run_sync(shown_contacts, parts)
    return page(request, "contacts.html", contacts=by_want(contacts), own=parts.storage.operator.current.contacts)


@router.get("/{key}")
async def show(request: Request, parts: Parts, _account: Manager, key: str) -> Response:
    """Show one contact with the form to change it."""
    return await _render(request, parts, key)


@router.post("/{key}")
async def save(request: Request, parts: Parts, account: Manager, key: str, version: Annotated[int, Form()]) -> Response:
    """Save a contact, or go back to what the content says."""
    fields = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    base = (await run_sync(_base, parts)).get(key)
    if base is None:
        raise StaffProblem(404, "no_such_page")
    try:
        value = {} if fields.get("drop") else forms.contact(fields, base, today=parts.storage.now().date())
        name = CONTACT + key
        await run_sync(lambda: parts.storage.operator.set(name, value, version=version, by=account.id))
    except (Fault, Stale) as error:
        problem = (error.field, error.key) if isinstance(error, Fault) else ("phone", "stale")
        status = 422 if isinstance(error, Fault) else 409
        return await _render(request, parts, key, status=status, problem=problem, typed=fields)
    await run_sync(follow, parts.storage.operator, contacts_file(parts.settings))
    return back(f"/settings/contacts/{key}", said="contact_saved")


def shown_contacts(parts: Services) -> dict[str, Contact]:
    """Return all contacts as families see them."""
    return with_details(_base(parts), parts.storage.operator.refresh().contacts)


def by_want(contacts: Mapping[str, Contact]) -> tuple[Contact, ...]:
    """Return contacts in the order in which families miss something: SENDIAS first, complete ones last."""
    return tuple(sorted(contacts.values(), key=lambda one: (not one.missing(), one.key != "sendias", one.name)))


async def _render(
    request: Request,
    parts: Services,
    key: str,
    *,
    status: int = 200,
    problem: tuple[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    base = (await run_sync(_base, parts)).get(key)
    if base is None:
        raise StaffProblem(404, "no_such_page")
    entry = await run_sync(parts.storage.operator.entry, CONTACT + key)
    now = with_details({key: base}, {key: entry.value or {}})[key]
    return page(
        request,
        "contact.html",
        status=status,
        base=base,
        contact=now,
        entry=entry,
        fields=forms.CONTACT_FIELDS,
        typed=typed or {},
        problem=problem,
        today=parts.storage.now().date(),
    )


def _base(parts: Services) -> dict[str, Contact]:
    """Return the contacts without what managers have set."""
    return load_contacts(override=parts.settings.contacts)
