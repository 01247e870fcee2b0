"""The answers of Moodle's web-service functions -> what is needed of them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ..status import KOREA
from .refusals import refusal

T = TypeVar("T")

# of the warnings' codes: the user may not see it; there is nothing to see is 3
NO_ACCESS = ("1", "2")


@dataclass(frozen=True)
class Site:
    """Who asks, and which functions the token is good for; None if the site does not say."""

    user_id: int
    functions: frozenset[str] | None


@dataclass(frozen=True)
class Enrolled:
    """A course of the user; ``put_away`` is one that he or she has removed from the own overview."""

    number: int
    title: str
    short: str
    visible: bool
    put_away: bool
    ends: datetime | None


@dataclass(frozen=True)
class Assignment:
    """The settings of an assignment that decide who has handed in, see Moodle's ``mod_assign``."""

    number: int
    module: int
    title: str
    due: datetime | None
    opens: datetime | None
    offline: bool
    team: bool
    grouping: int
    needs_group: bool
    needs_everyone: bool


@dataclass(frozen=True)
class Assignments:
    """Assignments by course, the courses' titles, and the courses and modules that were refused."""

    by_course: dict[int, tuple[Assignment, ...]]
    titles: dict[int, str]
    refused: frozenset[int]
    refused_modules: frozenset[int]


@dataclass(frozen=True)
class Work:
    """The last attempt of a pupil, or with ``user`` 0 of a group; group 0 is those without a group."""

    user: int
    group: int
    status: str
    modified: datetime | None


@dataclass(frozen=True)
class Works:
    """Attempts by assignment; assignments that were refused; the rest of those asked for is not there any more."""

    by_assignment: dict[int, tuple[Work, ...]]
    refused: frozenset[int]


@dataclass(frozen=True)
class Extensions:
    """Extended due dates by assignment and user, and the assignments that were refused."""

    by_assignment: dict[int, dict[int, datetime]]
    refused: frozenset[int]


@dataclass(frozen=True, repr=False)
class Person:
    """Someone with an active enrolment; shown without name, as errors may be shown with what they were about."""

    number: int
    family: str
    given: str
    full: str
    id_number: str
    username: str
    roles: frozenset[str]
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Module:
    """How an assignment stands on the course page; ``restricted`` is a section's condition, which is not told."""

    number: int
    title: str
    visible: bool
    availability: str | None
    restricted: bool


def understood(parse: Callable[[object], T], answer: object, host: str) -> T:
    """What a parser of this module makes of an answer.

    Raises:
        SourceError: of kind ``unexpected_answer``, for whatever shape the parser did not expect.
    """
    try:
        return parse(answer)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        answer = None  # neither the error's text nor this frame may show what was answered
    raise refusal("unexpected_answer", host)


def token(answer: object) -> str:
    given = answer["token"]
    if not isinstance(given, str) or not given:
        raise ValueError("no token")
    return given


def site(answer: object) -> Site:
    names = answer.get("functions")
    return Site(_number(answer["userid"]), None if names is None else frozenset(one["name"] for one in names))


def enrolled_courses(answer: object) -> list[Enrolled]:
    return [
        Enrolled(
            _number(one["id"]),
            plain(one["fullname"]),
            plain(one.get("shortname") or ""),
            _is_on(one.get("visible", 1)),
            bool(one.get("hidden", False)),
            timestamp(one.get("enddate") or 0),
        )
        for one in _list(answer)
    ]


def assignments(answer: object) -> Assignments:
    courses = _list(answer["courses"])
    warned = _list(answer.get("warnings") or [])
    refused = [one for one in warned if str(one["warningcode"]) in NO_ACCESS]
    return Assignments(
        {_number(one["id"]): tuple(map(_assignment, _list(one["assignments"]))) for one in courses},
        {_number(one["id"]): plain(one["fullname"]) for one in courses},
        frozenset(_number(one["itemid"]) for one in refused if one["item"] == "course"),
        frozenset(_number(one["itemid"]) for one in refused if one["item"] == "module"),
    )


def _assignment(one: dict) -> Assignment:
    return Assignment(
        _number(one["id"]),
        _number(one["cmid"]),
        plain(one["name"]),
        timestamp(one["duedate"]),
        timestamp(one["allowsubmissionsfromdate"]),
        _is_on(one["nosubmissions"]),
        _is_on(one["teamsubmission"]),
        _number(one["teamsubmissiongroupingid"]),
        _is_on(one.get("preventsubmissionnotingroup", 0)),  # since Moodle 3.1
        _is_on(one["requireallteammemberssubmit"]),
    )


def works(answer: object) -> Works:
    found = {
        _number(one["assignmentid"]): tuple(map(_work, _list(one["submissions"])))
        for one in _list(answer["assignments"])
    }
    refused, empty = _warned(answer)
    return Works(dict.fromkeys(empty, ()) | found, refused - found.keys())


def _work(one: dict) -> Work:
    return Work(_number(one["userid"]), _number(one["groupid"]), _text(one["status"]), timestamp(one["timemodified"]))


def extensions(answer: object) -> Extensions:
    found = {
        _number(one["assignmentid"]): {
            _number(flag["userid"]): until
            for flag in _list(one["userflags"])
            if (until := timestamp(flag["extensionduedate"]))
        }
        for one in _list(answer["assignments"])
    }
    refused, empty = _warned(answer)
    return Extensions(dict.fromkeys(empty, {}) | found, refused - found.keys())


def people(answer: object) -> list[Person]:
    return [
        Person(
            _number(one["id"]),
            plain(one.get("lastname") or ""),
            plain(one.get("firstname") or ""),
            plain(one.get("fullname") or ""),
            _text(one.get("idnumber") or "").strip(),
            _text(one.get("username") or "").strip(),
            frozenset(_text(role["shortname"]) for role in _list(one.get("roles") or [])),
            tuple(_number(group["id"]) for group in _list(one.get("groups") or [])),
        )
        for one in _list(answer)
    ]


def hand_in_groups(answer: object) -> dict[int, int]:
    """The group that each user hands in for, 0 if that is none: in no group, or in several."""
    return {_number(one["id"]): _number(one.get("groupid") or 0) for one in _list(answer)}


def modules(answer: object) -> dict[int, Module]:
    """The assignments of a course by their number."""
    return {
        _number(one["instance"]): Module(
            _number(one["id"]),
            plain(one["name"]),
            _is_on(one.get("visible", 1)) and _is_on(section.get("visible", 1)),
            one.get("availability") or None,
            bool(section.get("availabilityinfo")),
        )
        for section in _list(answer)
        for one in _list(section["modules"])
        if one.get("modname") == "assign"
    }


def plain(text: object) -> str:
    """A title or name as it is read: Moodle escapes what it gives out.

    >>> plain("관찰 &amp; 탐구 보고서")
    '관찰 & 탐구 보고서'
    """
    return " ".join(html.unescape(_text(text)).split())


def _warned(answer: dict) -> tuple[frozenset[int], frozenset[int]]:
    """The assignments that were refused, and those of which nothing is there."""
    warned = _list(answer.get("warnings") or [])
    refused = {_number(one["itemid"]) for one in warned if str(one["warningcode"]) in NO_ACCESS}
    empty = {_number(one["itemid"]) for one in warned if str(one["warningcode"]) == "3"}
    return frozenset(refused), frozenset(empty)


def _list(value: object) -> list:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _text(value: object) -> str:
    """A text, or a number as one; half characters, which nothing can be written with, are replaced."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("a text was expected")
    return re.sub("[\ud800-\udfff]", "\ufffd", str(value))


def _number(value: object) -> int:
    """A whole number, which some sites write as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError("a number was expected")
    return int(value)


def _is_on(value: object) -> bool:
    return value if isinstance(value, bool) else bool(_number(value))


def timestamp(value: object) -> datetime | None:
    """The time that Moodle's seconds say; it writes 0 for none, and nothing else."""
    seconds = _number(value)
    return datetime.fromtimestamp(seconds, KOREA) if seconds else None
