"""How the page without JavaScript words dates and addresses, as the widget does."""

import re
from datetime import date
from urllib.parse import urlsplit

_WHOLE_NUMBER = re.compile(r"\+?[0-9][0-9 ]{2,}")


def day(text: str) -> str:
    """Return an ISO date written out (`1 November 2026`); anything else stays as it is."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def site(url: str) -> str:
    """Return the name of a web site without `www.`; what is no address stays as it is."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return url
    return host.removeprefix("www.") if host else url


def is_whole_number(text: str) -> bool:
    """Tell whether a text is one phone number and nothing else, so that a press can dial it."""
    return _WHOLE_NUMBER.fullmatch(text) is not None
