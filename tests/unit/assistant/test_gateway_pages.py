"""The page without JavaScript: plain forms, the same conversation, the same answers."""

import re
from html.parser import HTMLParser

import pytest


class Forms(HTMLParser):
    """Collects the hidden fields and buttons of every form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.buttons: dict[str, list[str]] = {}
        self._action = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._action = given["action"]
            self.forms.setdefault(self._action, {})
        elif tag == "input" and given.get("type") == "hidden":
            self.forms[self._action][given["name"]] = given["value"]
        elif tag == "button" and "value" in given:
            self.buttons.setdefault(self._action, []).append(given["value"])


async def send(gateway, action, page, **fields):
    hidden = Forms(page.text).forms[action]
    return await gateway.client.post(action, data=hidden | fields, follow_redirects=True)


@pytest.fixture
async def page(gateway):
    first = await gateway.client.get("/chat")
    return await send(gateway, "/chat/start", first, reading_mode="standard")


async def test_a_look_at_the_page_begins_nothing(gateway):
    response = await gateway.client.get("/chat")
    assert response.status_code == 200
    assert "Start a chat" in response.text
    assert "set-cookie" not in response.headers


async def test_the_cookie_is_kept_from_scripts_and_other_sites(gateway):
    response = await gateway.client.post("/chat/start", data={})
    assert response.status_code == 303
    cookie = response.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/chat"):
        assert part in cookie
    assert "max-age" not in cookie


async def test_question_answer_source_and_choice(gateway, page):
    assert "not a person" in page.text
    answered = await send(gateway, "/chat/say", page, text="please explain ehc plans")
    for expected in ("please explain ehc plans", "An answer.", "https://example.org", "Tell me more"):
        assert expected in answered.text
    [choice] = Forms(answered.text).buttons["/chat/say"]
    pressed = await send(gateway, "/chat/say", answered, choice=choice)
    assert pressed.status_code == 200
    assert gateway.rasa.asked[-1].intent == "tell_more"


async def test_sending_the_same_form_twice_says_it_once(gateway, page):
    for _ in range(2):
        await send(gateway, "/chat/say", page, text="hello")
    assert len(gateway.rasa.asked) == 1


async def test_a_mistake_keeps_what_was_typed(gateway, page):
    response = await send(gateway, "/chat/say", page, text="x" * 501)
    assert response.status_code == 422
    assert "1 to 500 characters" in response.text
    assert "x" * 501 in response.text
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("action", ["/chat/say", "/chat/mode", "/chat/feedback", "/chat/delete", "/chat/person"])
async def test_a_form_of_another_site_is_refused(gateway, page, action):
    forged = await gateway.client.post(action, data={"text": "hello", "form_token": "guess"})
    assert forged.status_code == 403
    token = Forms(page.text).forms["/chat/say"]["form_token"]
    cross = {"Sec-Fetch-Site": "cross-site"}
    response = await gateway.client.post(action, data={"text": "hello", "form_token": token}, headers=cross)
    assert response.status_code == 403
    assert gateway.rasa.asked == []


async def test_nothing_can_be_injected(gateway, page, make_payload):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    link = "javascript:alert(1)"
    kinds = [
        {"type": "paragraph", "text": evil},
        {"type": "heading", "text": evil},
        {"type": "notice", "text": evil},
        {"type": "unknown", "text": evil},
        {"type": "steps", "items": [evil]},
        {"type": "list", "items": [evil]},
        {"type": "table", "columns": [evil], "rows": [[evil]], "caption": evil},
        {"type": "dates", "items": [{"label": evil, "date": evil}]},
        {"type": "contact", "name": evil, "what": evil, "phone": evil, "email": evil, "url": link, "note": evil},
        {"type": "service", "name": evil, "description": evil, "url": link},
    ]
    source = {"title": evil, "section": evil, "url": link, "checked": evil}
    gateway.rasa.replies = [
        make_payload(
            blocks=kinds,
            citations=[{"article_id": "x", "title": evil, "source": source}],
            choices=[{"label": evil, "intent": "x"}],
        )
    ]
    response = await send(gateway, "/chat/say", page, text=evil)
    assert "&lt;script&gt;" in response.text
    assert "<script" not in response.text
    assert "<img" not in response.text
    assert not re.search(r"""href=["']?javascript:""", response.text)


async def test_reading_mode_feedback_and_copy(gateway, page):
    answered = await send(gateway, "/chat/say", page, text="hello")
    assert (await send(gateway, "/chat/feedback", answered, helpful="yes")).status_code == 200
    easy = await send(gateway, "/chat/mode", answered, reading_mode="easy")
    assert "Standard answers" in easy.text
    copy = await gateway.client.get("/chat/transcript")
    assert "You\nhello" in copy.text
    assert "attachment" in copy.headers["content-disposition"]


async def test_asking_for_a_person(gateway, page):
    form = await gateway.client.get("/chat/person")
    incomplete = await send(gateway, "/chat/person", form, summary="Call me", preferred_contact="email", consent="yes")
    assert incomplete.status_code == 422
    assert "Call me" in incomplete.text
    done = await send(gateway, "/chat/person", incomplete, summary="Call me", preferred_contact="chat", consent="yes")
    assert done.status_code == 200
    assert "Your reference is" in done.text
    assert "Look for new replies" in done.text


async def test_deleting_forgets_everything(gateway, page):
    response = await send(gateway, "/chat/delete", page)
    assert "has been deleted" in response.text
    assert "Start a chat" in (await gateway.client.get("/chat")).text


async def test_without_a_conversation_forms_lead_to_the_start(gateway):
    token = Forms((await gateway.client.get("/chat")).text).forms
    assert "/chat/start" in token
    for address in ("/chat/person", "/chat/transcript"):
        assert (await gateway.client.get(address)).status_code == 303


async def test_feedback_may_carry_a_line_and_is_thanked_for(gateway, page):
    answered = await send(gateway, "/chat/say", page, text="hello")
    thanked = await send(gateway, "/chat/feedback", answered, helpful="no", comment="The dates were missing.")
    assert "Thank you for telling us." in thanked.text
    assert "/chat/feedback" not in Forms(thanked.text).forms


async def test_leaving_quickly_forgets_the_conversation_in_this_browser(gateway, page):
    gone = await gateway.client.get("/chat/leave", follow_redirects=False)
    assert gone.status_code == 303
    assert gone.headers["location"].startswith("https://www.bbc.co.uk/")
    assert "Start a chat" in (await gateway.client.get("/chat")).text


async def test_dates_kinds_and_short_forms_read_as_in_the_widget(gateway, page, make_payload):
    source = {
        "title": "The Act",
        "section": "section 36",
        "url": "https://example.org/36",
        "kind": "law",
        "checked": "2026-11-01",
    }
    blocks = [
        {"type": "dates", "items": [{"label": "Decided by", "date": "2026-10-13"}]},
        {
            "type": "contact",
            "name": "Line",
            "phone": "0800 1111",
            "url": "https://www.example.org/a",
            "hours": "9 to 5",
        },
        {"type": "contact", "name": "Other", "phone": "01632 960 001 (evenings)", "checked": "2026-11-02"},
        {"type": "service", "name": "Club", "assured": True, "url": "http://plain.example"},
    ]
    gateway.rasa.replies = [
        make_payload(
            blocks=blocks,
            terms={"LA": "Local authority"},
            citations=[{"article_id": "x", "title": "x", "source": source}],
        )
    ]
    html = (await send(gateway, "/chat/say", page, text="hello")).text
    for expected in (
        "13 October 2026",
        "2 November 2026",
        '<span class="kind">Law</span>',
        '<a href="https://example.org/36" rel="noreferrer">The Act, section 36</a>',
        "checked 1 November 2026",
        '<a href="tel:08001111">0800 1111</a>',
        "<dd>01632 960 001 (evenings)</dd>",
        '<a href="https://www.example.org/a" rel="noreferrer">example.org</a>',
        "<dt>LA</dt><dd>Local authority</dd>",
        "Checked by the council",
        "9 to 5",
    ):
        assert expected in html
    assert 'href="http://' not in html


async def test_each_state_of_a_hand_over_is_said(gateway, page):
    form = await gateway.client.get("/chat/person")
    await send(gateway, "/chat/person", form, summary="Call me", preferred_contact="chat", consent="yes")
    assert "The assistant stays quiet until then." in (await gateway.client.get("/chat")).text
