"""Which courses of a teacher are read, and what they are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from ..source import Course, SourceError
from .answers import Enrolled
from .refusals import refusal

_TO_READ_THEM = "읽으려면 강좌 번호를 적어 주세요."


def course_numbers(courses: Iterable[str | int] | str | int | None) -> list[int] | None:
    """Numbers of courses as they were given, or as they stand in the address of a course; one may stand alone.

    Raises:
        SourceError: of kind ``bad_course``, or ``no_courses`` for none at all.

    >>> course_numbers([3, "5", "https://lms.school.kr/course/view.php?id=6"]), course_numbers("23")
    ([3, 5, 6], [23])
    """
    if courses is None:
        return None
    if isinstance(courses, str | int):
        courses = [courses]
    numbers = []
    for one in courses:
        found = re.fullmatch(r"(?:.*/course/view\.php\?(?:.*&)?id=)?([1-9]\d{0,9})(?:[&#].*)?", str(one).strip())
        if not found:
            raise SourceError(
                "강좌 번호를 알아볼 수 없습니다.",
                "강좌에 들어갔을 때 주소 끝에 보이는 숫자(id=3이면 3)를 적어 주세요.",
                kind="bad_course",
            )
        numbers.append(int(found[1]))
    if not numbers:
        raise SourceError("읽을 강좌가 하나도 정해지지 않았습니다.", "강좌 번호를 적어 주세요.", kind="no_courses")
    return list(dict.fromkeys(numbers))


def chosen(listed: Sequence[Enrolled], numbers: Sequence[int] | None, now: datetime) -> tuple[list[Course], list[str]]:
    """The courses to read, and Korean sentences on those that were left out.

    Numbers that were asked for are always read. If there are none, courses that the teacher has
    put away or hidden from pupils are left out, and those that have ended unless all have, as
    during the holidays.
    """
    titles = _titles(listed)
    if numbers is not None:
        return [Course(str(one), titles.get(one, f"강좌 {one}")) for one in numbers], []
    hidden = [one for one in listed if not one.visible or one.put_away]
    shown = [one for one in listed if one not in hidden]
    running = [one for one in shown if one.ends is None or one.ends >= now]
    taken = running or shown
    notices = []
    if hidden:
        notices.append(f"숨긴 강좌 {len(hidden)}개는 읽지 않았습니다({_named(hidden, titles)}). {_TO_READ_THEM}")
    if ended := [one for one in shown if one not in taken]:
        notices.append(f"끝난 강좌 {len(ended)}개는 읽지 않았습니다({_named(ended, titles)}). {_TO_READ_THEM}")
    return [Course(str(one.number), titles[one.number]) for one in taken], notices


def no_courses(left_out: Sequence[str], host: str) -> SourceError:
    """The error for an account with nothing to read; ``left_out`` are the sentences on what it has."""
    plain = refusal("no_courses", host)
    if not left_out:
        return plain
    what = " ".join([plain.problems[0].what, *left_out])
    return SourceError(what, source=host, kind="no_courses")


def _titles(listed: Sequence[Enrolled]) -> dict[int, str]:
    """Titles by number; courses of one title get what tells them apart."""
    titles = Counter(one.title for one in listed)
    return {
        one.number: one.title if titles[one.title] == 1 else f"{one.title} ({one.short or one.number})"
        for one in listed
    }


def _named(courses: Sequence[Enrolled], titles: dict[int, str]) -> str:
    named = ", ".join(f"{titles[one.number]}: {one.number}" for one in courses[:5])
    return f"{named} 등" if len(courses) > 5 else named
