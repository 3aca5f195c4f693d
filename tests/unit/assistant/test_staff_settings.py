"""The settings page: each part saved, refused, raced and audited; the off switch; contacts."""

import dataclasses
import re
from datetime import date

import pytest

from assistant.gateway.contacts import contact_blocks, live_contacts
from assistant.review import operator_forms as forms
from assistant.settings import Secret
from assistant.storage.audit import AuditFilter
from knowledge.loader import load_contacts
from tests.unit.assistant.desk_samples import FORM, Desk, parts, sign_in

HOURS = {"days": ["0", "2"], "opens": "10:00", "closes": "16:00", "confirmed": "yes", "version": "0"}
SENDIAS = {"phone": "01634 000 111", "email": "help@example.org", "hours": "Monday to Friday", "checked": "2026-01-02"}


@pytest.fixture
def mia(gateway) -> Desk:
    return sign_in(gateway.app, "manager", "Mia")


def operating(gateway):
    return parts(gateway.app).storage.operator.current


async def test_only_managers_see_and_change_settings(gateway):
    for role in ("reviewer", "editor"):
        desk = sign_in(gateway.app, role)
        for path in ("/settings", "/settings/contacts", "/settings/contacts/sendias"):
            assert (await desk.get(path)).status_code == 403
        assert (await desk.post("/settings/hours", **HOURS)).status_code == 403
    assert operating(gateway).settings.hours_confirmed is False


async def test_hours_hold_at_once_for_what_a_family_is_told(gateway, mia, chat):
    before = (await chat.post("/handover", **FORM)).json()["expected_reply"]
    assert "not been confirmed" in before
    saved = await mia.post("/settings/hours", **HOURS)
    assert (saved.status_code, saved.headers["location"]) == (303, "/staff/settings?said=setting_saved#hours")
    other = await gateway.start()
    after = (await other.post("/handover", **FORM)).json()
    assert "not been confirmed" not in after["expected_reply"]
    assert re.search("Monday|Wednesday", after["expected_reply"])
    page = await mia.text("/settings")
    assert "Set by Mia" in page
    assert 'value="10:00"' in page


async def test_each_change_is_audited_with_old_and_new(gateway, mia):
    await mia.post("/settings/reply_target", reply_target="4", version="0")
    await mia.post("/settings/reply_target", reply_target="6", version="1")
    entries, _ = parts(gateway.app).storage.audit.page(AuditFilter(action="settings.reply_target"))
    assert [(entry.detail["old"], entry.detail["new"]) for entry in entries] == [("4", "6"), (None, "4")]
    assert operating(gateway).settings.reply_target_hours == 6


async def test_closed_days_and_keeping(gateway, mia):
    await mia.post("/settings/closures", closures="24/12/2026\n2026-12-31, 2026-12-24", version="0")
    days = {"conversations": "14", "handovers": "60", "safeguarding": "400"}
    await mia.post("/settings/retention", **days, version="0")
    now = operating(gateway).settings
    assert now.closures == (date(2026, 12, 24), date(2026, 12, 31))
    assert (now.retention_days, now.retention_handover_days, now.retention_safeguarding_days) == (14, 60, 400)
    begun = await gateway.start()
    assert "14 days" in begun.begun["messages"][0]["text"]


async def test_a_stale_page_is_refused_and_nothing_typed_is_lost(mia):
    await mia.post("/settings/closures", closures="2026-12-24", version="0")
    late = await mia.post("/settings/closures", closures="2026-12-30", version="0")
    assert late.status_code == 409
    assert "Somebody else has changed this" in late.text
    assert ">2026-12-30</textarea>" in late.text
    assert 'value="1"' in late.text


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("hours", {"days": [], "opens": "09:00", "closes": "17:00"}, "Choose at least one day"),
        ("hours", {"days": ["1"], "opens": "late", "closes": "17:00"}, "Give both times"),
        ("hours", {"days": ["1"], "opens": "17:00", "closes": "09:00"}, "must be after"),
        ("closures", {"closures": "next week"}, "Write each date"),
        ("closures", {"closures": "31/02/2026"}, "Write each date"),
        ("reply_target", {"reply_target": "0"}, "whole number"),
        ("retention", {"conversations": "-1", "handovers": "1", "safeguarding": "1"}, "whole number"),
        ("pause", {"off": "yes", "reason": "  "}, "Write the reason"),
        ("pause", {"off": "yes", "reason": "x" * 301}, "too long"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_the_reason(gateway, mia, part, typed, words):
    before = operating(gateway)
    refused = await mia.post(f"/settings/{part}", **typed, version="0")
    assert refused.status_code == 422
    assert words in refused.text
    assert "There is a problem" in refused.text
    assert operating(gateway) == before


async def test_an_unknown_part_is_not_found(mia):
    assert (await mia.post("/settings/rasa_url", version="0")).status_code == 404


async def test_ready_replies_are_added_changed_and_removed(gateway, mia):
    await mia.post("/settings/replies/add", title="Thanks", text="Thank you for writing.")
    [reply] = parts(gateway.app).storage.operator.canned_replies()
    assert (await mia.post("/settings/replies/add", title="", text="x")).status_code == 422
    stale = {"title": "Thanks", "text": "Lost?", "version": "7"}
    lost = await mia.post(f"/settings/replies/{reply.id}", **stale)
    assert lost.status_code == 409
    assert "Lost?" in lost.text
    await mia.post(f"/settings/replies/{reply.id}", title="Thank you", text="Thanks.", version="1")
    assert [one.title for one in parts(gateway.app).storage.operator.canned_replies()] == ["Thank you"]
    await mia.post(f"/settings/replies/{reply.id}", remove="yes", version="2")
    assert parts(gateway.app).storage.operator.canned_replies() == ()


async def switch_off(mia, reason="We are checking our answers."):
    assert (await mia.post("/settings/pause", off="yes", reason=reason, version="0")).status_code == 303


async def test_switched_off_families_get_the_reason_contacts_and_a_person(gateway, mia, chat):
    await switch_off(mia)
    [reply] = (await chat.say("what is an ehcp"))["messages"]
    assert reply["status"] == "error_unavailable"
    assert "We are checking our answers." in reply["text"]
    assert any(block["type"] == "contact" for block in reply["blocks"])
    assert gateway.rasa.asked == []
    [choice] = reply["choices"]
    await chat.post(choice=choice["id"])
    assert [turn.intent for turn in gateway.rasa.asked] == ["talk_to_person"]
    assert (await chat.post("/handover", **FORM)).status_code == 201
    begun = (await gateway.start()).begun["messages"]
    assert "We are checking our answers." in begun[-1]["text"]


async def test_switched_off_safeguarding_still_answers_first(gateway, mia, chat):
    await switch_off(mia)
    [urgent] = (await chat.say("i am in danger"))["messages"]
    assert urgent["status"] == "safeguarding"
    [asked] = (await chat.say("your policy on danger"))["messages"]
    assert "We are checking our answers." in asked["text"]
    assert "116 123" in asked["text"]


async def test_switched_off_is_told_by_readyz_and_ends_with_a_click(gateway, mia, chat):
    await switch_off(mia)
    ready = await gateway.client.get("/readyz")
    assert (ready.status_code, ready.json()["assistant"]) == (200, "switched_off")
    mode = await gateway.client.patch(chat.url, json={"reading_mode": "easy"}, headers=chat.headers)
    assert mode.json()["messages"] == []
    assert "The assistant is switched off" in await mia.text("/settings")
    await mia.post("/settings/pause", version="1")
    assert (await gateway.client.get("/readyz")).json()["assistant"] == "on"
    assert (await chat.say("hello"))["messages"][0]["status"] == "answered"


async def test_another_process_follows(gateway, open_gateway, mia):
    async with open_gateway() as second:
        await switch_off(mia)
        family = await second.start()
        # Its own look comes within two seconds; here it is asked to look now.
        parts(second.app).storage.operator.refresh()
        assert "checking" in (await family.say("hello"))["messages"][0]["text"]


async def test_a_contact_reaches_answers_and_the_gateways_own_words(gateway, mia):
    missing = ">Medway SENDIAS</a>: phone, e-mail, opening hours"
    assert missing in await mia.text("/settings")
    page = await mia.text("/settings/contacts/sendias")
    note = re.search(r'<textarea id="note"[^>]*>([^<]*)<', page).group(1)
    saved = await mia.post(
        "/settings/contacts/sendias", **SENDIAS, url=load_contacts()["sendias"].url, note=note, version="0"
    )
    assert saved.status_code == 303
    contacts = live_contacts(gateway.settings)
    assert contacts["sendias"].phone == SENDIAS["phone"]
    assert contacts["sendias"].source.checked == date(2026, 1, 2)
    assert contacts["sendias"].what == load_contacts()["sendias"].what or contacts["sendias"].what is None
    assert contact_blocks(contacts)[0]["phone"] == SENDIAS["phone"]
    assert missing not in await mia.text("/settings")
    await mia.post("/settings/contacts/sendias", drop="yes", version="1")
    assert live_contacts(gateway.settings)["sendias"] == load_contacts()["sendias"]


async def test_a_contact_is_refused_with_what_was_typed(mia):
    bad = await mia.post("/settings/contacts/sendias", **(SENDIAS | {"email": "at home"}), version="0")
    assert bad.status_code == 422
    assert 'value="at home"' in bad.text
    assert (
        await mia.post("/settings/contacts/sendias", **(SENDIAS | {"checked": "2999-01-01"}), version="0")
    ).status_code == 422
    await mia.post("/settings/contacts/sendias", **SENDIAS, version="0")
    stale = await mia.post("/settings/contacts/sendias", **(SENDIAS | {"phone": "01634 9"}), version="0")
    assert stale.status_code == 409
    assert 'value="01634 9"' in stale.text
    assert (await mia.get("/settings/contacts/nobody")).status_code == 404
    assert (await mia.post("/settings/contacts/nobody", version="0")).status_code == 404


@pytest.mark.parametrize(
    "phone", ["111", "999", "0800 1111", "01634 334 466", "116 123", "+44 1634 334466", "0300 123 4567 ext 2"]
)
def test_numbers_that_families_ring_can_be_typed(phone):
    base = load_contacts()["sendias"]
    found = forms.contact({"phone": phone, "checked": "2026-01-01", "url": base.url}, base, today=date(2026, 1, 1))
    assert found["phone"] == phone
    assert "url" not in found


async def test_notifications_say_what_is_set_and_what_failed(open_gateway, settings):
    mail = {
        "smtp_url": Secret("smtp://chat:hush@127.0.0.1:1"),
        "notify_from": "a@example.org",
        "notify_to": ("b@example.org",),
    }
    async with open_gateway(dataclasses.replace(settings, **mail)) as gateway:
        mia = sign_in(gateway.app, "manager", "Mia")
        assert "by e-mail" in await mia.text("/settings")
        await mia.post("/settings/notifications/test")
        sender = parts(gateway.app).sender
        while not parts(gateway.app).storage.outbox.recent()[0].attempts:
            await sender.send_one()
        page = await mia.text("/settings")
        assert "ConnectionRefusedError" in page
        assert "hush" not in page


async def test_without_a_way_to_notify_the_page_says_so(mia):
    assert "No way to send notifications" in await mia.text("/settings")
