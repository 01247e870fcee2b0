"""What is looked for in Moodle's pages: the log-in form, the session's key, links to courses."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from .answers import plain


class _Form(HTMLParser):
    """Keeps the hidden fields of the form that asks for a password."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] | None = None
        self._fields: dict[str, str] = {}
        self._names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._fields, self._names = {}, set()
        elif tag == "input" and (name := given.get("name")):
            self._names.add(name)
            if given.get("type") == "hidden":
                self._fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.found is None and {"username", "password"} <= self._names:
            self.found = self._fields


class _Links(HTMLParser):
    """Keeps the texts of links to courses."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[int, str] = {}
        self._number: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            found = re.search(r"/course/view\.php\?(?:[^#]*&)?id=(\d+)", dict(attrs).get("href") or "")
            self._number = int(found[1]) if found else None

    def handle_data(self, data: str) -> None:
        if self._number is not None:
            self.titles[self._number] = plain(f"{self.titles.get(self._number, '')} {data}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._number = None


def login_fields(page: str) -> dict[str, str] | None:
    """The hidden fields of the log-in form, ``logintoken`` among them; None if the page has no such form."""
    form = _Form()
    form.feed(page)
    return form.found


def has_other_login(page: str) -> bool:
    """Whether a page without a log-in form leads to a log-in elsewhere (single sign-on)."""
    return (
        re.search(r"/auth/\w+/|authCAS=|\bsso\b|saml|oauth|openid|통합\s*로그인|single sign", page, re.IGNORECASE)
        is not None
    )


def session_key(page: str) -> str | None:
    """The key that Moodle wants with each request of a session."""
    found = re.search(r'"sesskey"\s*:\s*"(\w+)"', page) or re.search(r"[?&]sesskey=(\w+)", page)
    return found[1] if found else None


def course_links(page: str) -> dict[int, str]:
    """The titles of the courses that a page leads to, by number."""
    links = _Links()
    links.feed(page)
    return {number: title for number, title in links.titles.items() if title}
