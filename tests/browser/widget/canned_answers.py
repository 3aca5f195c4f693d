"""Canned messages that show every block, status and sender; the word that asks for each is its key."""

from typing import Any

LAW = {
    "title": "Children and Families Act 2014",
    "section": "section 36",
    "url": "https://www.legislation.gov.uk/ukpga/2014/6/section/36",
    "kind": "law",
    "checked": "2026-11-01",
}
COUNCIL = {
    "title": "Local Offer",
    "url": "https://example.org/local-offer",
    "kind": "council",
    "checked": "2026-10-12",
}
XSS = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
BAD_URL = "javascript:window.hacked=1"


def cite(*sources: dict[str, Any]) -> list[dict[str, Any]]:
    """Return citations of the given sources."""
    return [{"article_id": "sample", "title": source["title"], "source": source} for source in sources]


def _text(text: str, status: str = "answered", **more: Any) -> dict[str, Any]:
    return {"status": status, "text": text, "blocks": [{"type": "paragraph", "text": text}], **more}


def _blocks(*blocks: dict[str, Any], status: str = "answered", **more: Any) -> dict[str, Any]:
    return {
        "status": status,
        "text": str(blocks[0].get("text", "See below.")),
        "blocks": list(blocks),
        **more,
    }


SENDIAS = {
    "type": "contact",
    "name": "Advice service",
    "what": "Free, impartial advice for families.",
    "phone": None,
    "url": "https://example.org/advice",
    "note": "We do not have a phone number yet.",
    "checked": "2026-11-01",
}
FULL_CONTACT = {
    "type": "contact",
    "name": "Support line",
    "what": "Someone to talk to.",
    "phone": "01632 960 001 (evenings 01632 960 002)",
    "text_number": "85258",
    "email": "help@example.org",
    "url": "https://example.org/help",
    "hours": "Monday to Friday, 9am to 5pm",
    "checked": "2026-11-01",
    "note": "Closed on bank holidays.",
}
HOSTILE = [
    {"type": "paragraph", "text": XSS},
    {"type": "heading", "text": XSS},
    {"type": "notice", "text": XSS},
    {"type": "steps", "items": [XSS]},
    {"type": "list", "items": [XSS]},
    {"type": "table", "columns": [XSS, XSS], "rows": [[XSS, XSS]], "caption": XSS},
    {
        "type": "contact",
        "name": XSS,
        "what": XSS,
        "phone": XSS + "999",
        "text_number": XSS + "85258",
        "email": BAD_URL + "@x.org",
        "url": BAD_URL,
        "hours": XSS,
        "checked": XSS,
        "note": XSS,
    },
    {
        "type": "service",
        "name": XSS,
        "description": XSS,
        "url": "data:text/html," + XSS,
        "phone": XSS,
        "email": XSS,
        "ages": XSS,
        "assured": XSS,
        "note": XSS,
    },
    {"type": "dates", "items": [{"label": XSS, "date": XSS}]},
    {"type": XSS, "text": XSS},
    {"type": "steps", "items": None},
]
ANSWERS: dict[str, dict[str, Any]] = {
    "welcome": _text(
        "Hello. I am an assistant, not a person. I answer questions about SEND from checked information.",
        "smalltalk",
        choices=["What is SEN support?", "Who can help me?"],
    ),
    "plan": _text(
        "An EHCP sets out the help a child must get. The LA writes it after an assessment.",
        citations=cite(LAW, COUNCIL),
        choices=["How long does it take?", "Who can help me?"],
        terms={
            "EHCP": "Education, Health and Care Plan: a legal paper about the help a child must get.",
            "LA": "Local authority: the council.",
        },
    ),
    "steps": _blocks(
        {"type": "paragraph", "text": "You can ask for an assessment yourself."},
        {"type": "heading", "text": "What to do"},
        {
            "type": "steps",
            "items": ["Write to the council.", "Say what help is needed.", "Keep a copy of the letter."],
        },
        {"type": "list", "items": ["School reports", "Letters from doctors"]},
        {"type": "notice", "text": "You do not need the school to agree."},
        citations=cite(LAW),
    ),
    "table": _blocks(
        {
            "type": "table",
            "caption": "Pupils by kind of need",
            "columns": ["Need", "Medway", "South East"],
            "rows": [["Autism", "31%", "33%"], ["Speech and language", "20%", "19%"]],
        },
        citations=cite(COUNCIL),
    ),
    "contact": _blocks(FULL_CONTACT, SENDIAS, citations=cite(COUNCIL)),
    "service": _blocks(
        {
            "type": "service",
            "name": "Saturday club",
            "description": "Play and sport for disabled children.",
            "ages": "5 to 11",
            "phone": "01632 960 003",
            "url": "https://example.org/club",
            "assured": "Checked by the council",
        },
        citations=cite(COUNCIL),
    ),
    "dates": _blocks(
        {"type": "paragraph", "text": "If you asked on 1 September 2026:"},
        {
            "type": "dates",
            "items": [
                {"label": "The council must decide by", "date": "2026-10-13"},
                {"label": "A final plan is due by", "date": "2027-01-19"},
            ],
        },
        citations=cite(LAW),
    ),
    "clarify": _text("Do you mean one of these?", "clarify", choices=["Short breaks", "Personal budgets"]),
    "bins": _text("I only know about SEND. The council's website can help.", "declined_out_of_scope"),
    "unknown": _text("I do not know that. The advice service may.", "declined_not_known"),
    "diagnose": _text("I cannot say that about one child. A doctor can.", "declined_personal_case"),
    "danger": _blocks(
        {"type": "paragraph", "text": "If someone is in danger now, call 999."},
        {"type": "contact", "name": "Emergency", "what": "Police, ambulance, fire", "phone": "999"},
        {
            "type": "contact",
            "name": "Samaritans",
            "what": "Someone to talk to, day and night.",
            "phone": "116 123",
        },
        {"type": "notice", "text": "You are not in trouble for asking."},
        status="safeguarding",
    ),
    "offer": _text(
        "Would you like a person to help with this?",
        "handover_offer",
        choices=["Talk to a person", "Who can help me?"],
    ),
    "hello": _text("Hello! What would you like to know?", "smalltalk"),
    "form": _text("Which date did you ask on?", "form"),
    "private": _text("Please leave out phone numbers. I have not kept that.", "blocked_personal_data"),
    "broken": _text("Sorry, I cannot look that up just now.", "error_unavailable"),
    "hostile": {
        "status": "answered",
        "text": XSS,
        "blocks": HOSTILE,
        "terms": {"img": XSS},
        "choices": [XSS],
        "citations": [
            {
                "article_id": "x",
                "title": XSS,
                "source": {"title": XSS, "section": XSS, "url": BAD_URL, "kind": XSS, "checked": XSS},
            }
        ],
    },
    "arabic": _text("خطة التعليم والصحة والرعاية تشرح المساعدة.", citations=cite(COUNCIL)),
    "long": {
        "status": "answered",
        "text": "Long.",
        "citations": cite(LAW),
        "blocks": [
            {
                "type": "paragraph",
                "text": "This answer goes on so that the window has something to scroll. " * 4,
            }
            for _ in range(6)
        ],
    },
}
EASY = _text("An EHCP is a plan. It says what help a child must get.", citations=cite(LAW))
