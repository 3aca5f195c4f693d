"""The page of a request: what is shown to whom, two people at once, and what is written down of it."""

import html

import pytest

from assistant.errors import Stale
from assistant.storage.audit import AuditFilter
from assistant.storage.desk_records import Seen
from tests.unit.assistant.desk_samples import Desk, actions, asked, parts, sign_in


@pytest.fixture
def anna(gateway) -> Desk:
    return sign_in(gateway.app)


@pytest.fixture
def ben(gateway) -> Desk:
    return sign_in(gateway.app, "manager", "Ben")


@pytest.fixture
async def request_id(gateway, chat):
    await chat.say("what is a plan")
    return await asked(chat, gateway.app)


def stored(gateway, request_id):
    return parts(gateway.app).storage.requests.find(request_id)


async def test_the_page_shows_note_conversation_source_and_sureness_but_no_contact_details(anna, request_id):
    page = await anna.text(f"/requests/{request_id}")
    for shown in ("Please explain the plan to me", "what is a plan", "An answer.", "90 of 100", "https://example.org"):
        assert shown in page
    assert "parent@example.org" not in page
    assert "A Parent" not in page


async def test_contact_details_come_by_a_form_and_the_look_is_written_down(gateway, anna, request_id):
    response = await anna.post(f"/requests/{request_id}/contact")
    assert "parent@example.org" in response.text
    assert "A Parent" in response.text
    assert "request.contact_viewed" in actions(gateway.app, request_id)


async def test_without_the_conversation_shared_only_what_came_after_is_shown(gateway, anna, chat):
    await chat.say("words from before")
    request_id = await asked(chat, gateway.app, share_transcript=False)
    await chat.say("words from after")
    for path in (f"/requests/{request_id}", f"/requests/{request_id}/print"):
        page = await anna.text(path)
        assert "words from before" not in page
        assert "words from after" in page


async def test_an_answer_that_is_not_covered_cannot_be_marked(gateway, anna, chat):
    answer = (await chat.say("words from before"))["messages"][-1]["id"]
    request_id = await asked(chat, gateway.app, share_transcript=False)
    response = await anna.act(request_id, f"answers/{answer}/wrong", comment="wrong")
    assert response.status_code == 404


async def test_what_a_family_types_stays_text(gateway, anna, chat):
    request_id = await asked(chat, gateway.app, summary="<script>alert(1)</script>")
    page = (await anna.get(f"/requests/{request_id}")).text
    assert "<script>alert" not in page
    assert html.escape("<script>alert(1)</script>") in page


async def test_two_people_see_each_other(gateway, anna, ben, request_id):
    assert "also has this request open" not in await ben.text(f"/requests/{request_id}")
    page = await anna.text(f"/requests/{request_id}")
    assert "Ben</b> also has this request open" in page
    assert (await ben.post(f"/requests/{request_id}/presence")).status_code == 204


async def test_two_people_cannot_overwrite_each_other(gateway, anna, ben, request_id):
    await ben.act(request_id, "priority", priority=1)
    response = await anna.post(f"/requests/{request_id}/reply", version=1, once="x", reply="My long reply")
    assert response.status_code == 409
    assert "Somebody changed this request" in response.text
    assert "My long reply" in response.text
    assert 'name="version" value="2"' in response.text
    assert stored(gateway, request_id).state == "new"


async def test_a_change_by_the_family_is_a_change(gateway, anna, chat, request_id):
    await asked(chat, gateway.app, summary="Please ring me", preferred_contact="email")
    response = await anna.post(f"/requests/{request_id}/assign", version=1, to=anna.account.id)
    assert response.status_code == 409
    assert "Please ring me" in response.text


async def test_a_wrong_answer_becomes_one_ticket(gateway, anna, chat, request_id):
    answer = next(message for message in await chat.messages() if message["status"] == "answered")
    response = await anna.act(request_id, f"answers/{answer['id']}/wrong", comment="The law changed")
    assert response.status_code == 303
    [ticket] = parts(gateway.app).storage.tickets.page(done=False)[0]
    assert tuple(ticket.article_ids) == ("ehcp",)
    assert f"Content ticket {ticket.number}" in await anna.text(f"/requests/{request_id}")
    assert "request.answer_wrong" in actions(gateway.app, request_id)


async def test_every_look_and_step_is_in_the_audit_log_and_the_chain_holds(gateway, anna, chat, request_id):
    steps = [
        ("assign", {"to": anna.account.id}),
        ("priority", {"priority": 1}),
        ("tags", {"tags": "a"}),
        ("notes", {"note": "secret words"}),
        ("reply", {"reply": "secret words"}),
        ("replied", {}),
        ("close", {"reason": "other"}),
        ("reopen", {}),
    ]
    for step, fields in steps:
        assert (await anna.act(request_id, step, **fields)).status_code == 303, step
    await anna.text(f"/requests/{request_id}/print")
    names = ["assigned", "prioritised", "tagged", "noted", "replied", "replied_elsewhere", "closed", "reopened"]
    changes = [action for action in actions(gateway.app, request_id) if action != "request.viewed"]
    assert changes == [*(f"request.{name}" for name in names), "request.printed"]
    assert actions(gateway.app, request_id).count("request.viewed") == len(steps)
    audit = parts(gateway.app).storage.audit
    assert audit.verify().broken_at is None
    assert "secret words" not in str(audit.page(AuditFilter(), limit=500))


async def test_a_page_that_looks_again_by_itself_is_one_look(gateway, anna, request_id):
    address = f"/requests/{request_id}"
    await anna.get(address, **{"X-Background": "1"})
    for _ in range(3):
        await anna.get(address, **{"X-Background": "1"})
    assert actions(gateway.app, request_id) == ["request.viewed"]
    await anna.get(address)
    assert actions(gateway.app, request_id) == ["request.viewed"] * 2


@pytest.mark.parametrize("path", ["", "/print"])
async def test_an_unknown_request_is_not_found(anna, path):
    assert (await anna.get(f"/requests/{'0' * 32}{path}")).status_code == 404
    assert (await anna.post(f"/requests/{'0' * 32}/contact")).status_code == 404
    assert (await anna.post(f"/requests/{'0' * 32}/close", version=1, reason="other")).status_code == 404


async def test_a_content_editor_sees_no_request_by_any_way(gateway, request_id):
    editor = sign_in(gateway.app, "editor", "Ed")
    paths = ["", f"/{request_id}", f"/{request_id}/print"]
    gets = [*(f"/requests{path}" for path in paths), "/export/requests.csv", "/export/requests.json"]
    gets += ["/api/v1/handovers", "/safeguarding", "/safeguarding/x", "/events"]
    for path in gets:
        assert (await editor.get(path)).status_code == 403, path
    for step in ("contact", "presence", "assign", "notes", "reply", "close", "reopen", "tags", "priority", "replied"):
        response = await editor.post(f"/requests/{request_id}/{step}", version=1, priority=1, once="x", note="x")
        assert response.status_code == 403, step
    assert (await editor.post("/safeguarding/x", seen="new", to="closed")).status_code == 403


async def test_storage_refuses_an_old_version_by_itself(gateway, anna, request_id):
    desk = parts(gateway.app).storage.desk
    desk.prioritise(Seen(request_id, 1), priority=1, by=anna.account.id)
    with pytest.raises(Stale):
        desk.prioritise(Seen(request_id, 1), priority=2, by=anna.account.id)
