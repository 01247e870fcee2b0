"""How classes, pupils, states and times are called in what a teacher reads, prints or sends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pandas as pd

from ..sheets import safe_text
from .status import KOREA

UNKNOWN_CLASS, NAMELESS = "반 미상", "(이름 없음)"
# for narrow cells
SHORT_STATES = {
    "submitted": "제출",
    "late": "지각",
    "draft": "임시",
    "returned": "다시",
    "missing": "미제출",
    "excused": "면제",
    "not_yet_due": "기한 전",
    "unknown": "모름",
}
MEANINGS = {
    "submitted": "냄",
    "late": "기한이 지나서 냄",
    "draft": "저장만 하고 내지 않음",
    "returned": "돌려받아 다시 내야 함",
    "missing": "내지 않음",
    "excused": "내지 않아도 됨",
    "not_yet_due": "기한이 남음",
    "unknown": "이 자료로는 알 수 없음",
}
_EXCEL_BEGINS = datetime(1899, 12, 30)
_WEEKDAYS = "월화수목금토일"


def class_in_words(class_name: object, unknown: str = UNKNOWN_CLASS) -> str:
    """A class as a reader knows it, ``unknown`` if there is no name.

    >>> class_in_words("3"), class_in_words("2-1"), class_in_words("1학년 2반 국어"), class_in_words("")
    ('3반', '2-1반', '1학년 2반 국어', '반 미상')
    """
    name = one_line(class_name)
    return f"{name}반" if re.fullmatch(r"\d+(-\d+)?", name) else name or unknown


def pupil_in_words(student_no: object, name: object) -> str:
    """The pupil's name, or the number where no name is known.

    >>> pupil_in_words("10203", "김서연"), pupil_in_words("10203", None), pupil_in_words("kim-a", None)
    ('김서연', '10203번', '학번 kim-a')
    """
    number = one_line(student_no)
    if one_line(name) or not number:
        return one_line(name) or NAMELESS
    return f"{number}번" if number[-1].isdigit() else f"학번 {number}"


def numbered_pupil(student_no: object, name: object) -> str:
    """The pupil's number and name, or what is known of them: ``10203 김서연``."""
    known = [one_line(student_no), one_line(name)]
    return " ".join(known) if all(known) else pupil_in_words(student_no, name)


def one_line(text: object) -> str:
    """The text with its white space made single blanks; empty for what is missing."""
    return "" if pd.isna(text) else " ".join(str(text).split())


def day_in_words(time: datetime, this_year: int) -> str:
    """The day, with its year only where that is another one.

    >>> day_in_words(datetime(2026, 11, 21), 2026), day_in_words(datetime(2025, 12, 1), 2026)
    ('11월 21일(토)', '2025년 12월 1일(월)')
    """
    year = "" if time.year == this_year else f"{time.year}년 "
    return f"{year}{time.month}월 {time.day}일({_WEEKDAYS[time.weekday()]})"


def due_in_words(due: datetime, this_year: int) -> str:
    """The end of the time for an assignment, such as ``11월 21일(토) 23:59까지``.

    Empty where the table has none: most files don't tell it, so nothing can be said of it.
    """
    return "" if pd.isna(due) else f"{day_in_words(due, this_year)} {due:%H:%M}까지"


def excel_time(time: datetime) -> float | None:
    """Korean time as Excel counts it, in days; None if there is none.

    >>> excel_time(pd.Timestamp("2026-11-21 12:00", tz="Asia/Seoul"))
    46347.5
    """
    return None if pd.isna(time) else (time.astimezone(KOREA).replace(tzinfo=None) - _EXCEL_BEGINS) / timedelta(days=1)


def pupil_cells(student_no: object, name: object) -> tuple[int | str | None, str | None]:
    """Number and name for two cells beside each other, of which at least one says something.

    A student number that is written as a number is one, so that Excel sorts it and does not warn.
    """
    number, called = one_line(student_no), safe_text(one_line(name))
    if not (number or called):
        return None, NAMELESS
    plain = re.fullmatch(r"[1-9][0-9]{0,14}", number)
    return int(number) if plain else safe_text(number) or None, called or None


def counted(titles: Iterable[str]) -> str:
    """The first title, and how many there are besides: ``독후감 외 2개``."""
    first, *others = titles
    return f"{first} 외 {len(others)}개" if others else first
