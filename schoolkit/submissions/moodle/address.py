"""What a teacher types or copies as the address of a Moodle -> the address of the site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from ..source import SourceError

# what Moodle's own addresses begin with, below the site's
_ROOMS = re.compile(
    r"admin|auth|badges|blocks|blog|calendar|cohort|comment|competency|contentbank|course|enrol|error|files|grade|group"
    r"|h5p|lib|local|login|message|mod|my|notes|payment|question|rating|report|repository|search|tag|theme|user"
    r"|webservice|[^/]*\.php"
)


# longer ones are no addresses of a site
_MOST_CHARACTERS = 1000


def site_address(text: str) -> str:
    """The site's address without a slash at its end, from the address of any of its pages.

    ``https`` is taken where no scheme is written.

    Raises:
        SourceError: of kind ``bad_address``.

    >>> site_address("lms.school.kr"), site_address("https://school.kr/moodle/course/view.php?id=3")
    ('https://lms.school.kr', 'https://school.kr/moodle')
    """
    text = text.strip().strip("<>\"'").strip()
    whole = text if re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(whole)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    # a name and password in front of the host are never taken along
    if scheme not in ("http", "https") or not re.fullmatch(r"[\w.:-]*\w[\w.:-]*", host):
        raise _bad_address()
    kept: list[str] = []
    for part in parts.path.split("/"):
        if _ROOMS.fullmatch(part):
            break
        if part:
            kept.append(part)
    name = f"[{host}]" if ":" in host else host
    if port == {"http": 80, "https": 443}[scheme]:
        port = None
    address = "/".join([f"{scheme}://{name}" + (f":{port}" if port else ""), *kept])
    if not _can_be_asked(address):
        raise _bad_address()
    return address


def _can_be_asked(address: str) -> bool:
    """Whether a request can be made of it: its length, and the server's name as it is looked up."""
    if len(address) > _MOST_CHARACTERS:
        return False
    try:
        url = httpx.URL(address)
        labels = [] if ":" in url.host else url.raw_host.rstrip(b".").split(b".")
    except (httpx.InvalidURL, UnicodeError):
        return False
    return all(0 < len(label) <= 63 for label in labels)


def _bad_address() -> SourceError:
    return SourceError(
        "Moodle 주소를 알아볼 수 없습니다.",
        "브라우저에서 Moodle에 들어갔을 때 주소창에 보이는 주소를 넣어 주세요(예: https://lms.school.kr).",
        kind="bad_address",
    )
