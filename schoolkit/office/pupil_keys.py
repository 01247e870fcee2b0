"""The key of a pupil over a whole office: the one that a table gives, or one made of school, place and name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from ..reading.places import name_and_number, read_place
from ..students import Place, name_key

FIELDS = (
    "key",
    "school",
    "student_no",
    "class_line",
    "class_no",
    "current_grade",
    "seat_no",
    "name",
    "given_name",
)
"""The columns that say who a row's pupil is."""

_PLACE = ("class_line", "class_no", "current_grade")
_name_and_number = lru_cache(maxsize=1 << 14)(name_and_number)
_TOTALS = {"합계", "총계", "소계", "계", "총합"}


class Pupil(NamedTuple):
    """Who a row's pupil is; None where the row does not say.

    ``student`` is None without any pupil. ``odd`` lists what was written but not understood:
    ``seat_no``, ``class_no``, ``current_grade``; ``total``: the row counts others;
    ``by_name``: only the name, perhaps with the class, tells the pupil from others.
    """

    student: str | None = None
    school: str | None = None
    name: str | None = None
    current_grade: int | None = None
    class_no: int | None = None
    seat_no: int | None = None
    odd: tuple[str, ...] = ()
    total: bool = False
    by_name: bool = False


def find_pupil(texts: dict[str, str], folder: str) -> Pupil:
    """The pupil of a row.

    Args:
        texts: the row's cells by ``FIELDS``; a field that the table lacks is missing.
        folder: what stands for the school where the table does not name one; may be empty.

    >>> find_pupil({"name": "김하나", "student_no": "30105"}, "가온고").student
    '가온고/30105/김하나'
    >>> find_pupil({"key": "P07", "name": "김하나", "class_no": "2"}, "").student
    'P07'
    """
    if any(texts.get(name, "").replace(" ", "") in _TOTALS for name in ("name", "student_no", "seat_no")):
        return Pupil(total=True)
    student_no = plain_number(texts.get("student_no", "")).lstrip("'")
    seat_text = texts.get("seat_no", "")
    name, status, number = _name_and_number(texts.get("name", "") + texts.get("given_name", ""))
    if number and not student_no and not seat_text:
        student_no, seat_text = (number, "") if len(number) > 3 else ("", number)
    place, odd = _read_place(student_no, *(texts.get(field, "") for field in _PLACE), seat_text)
    grade, class_text, seat_no = place
    class_no = int(class_text) if class_text and re.fullmatch(r"[0-9]{1,3}", class_text) else None
    if class_text and class_no is None:
        odd = (*odd, "class_no")
    school = texts.get("school") or folder or None
    if "key" in texts:
        return Pupil(texts["key"] or None, school, name, grade, class_no, seat_no, odd)
    if not (student_no or seat_text or name or status):
        return Pupil()
    who = student_no or _in_words(place) or seat_text
    student = "/".join(part for part in (school, who, name and name_key(name)) if part)
    by_name = not student_no and not seat_text
    return Pupil(student, school, name, grade, class_no, seat_no, odd, by_name=by_name)


@lru_cache(maxsize=1 << 14)
def _read_place(student_no: str, *cells: str) -> tuple[Place, tuple[str, ...]]:
    """Where a pupil sits, by the row's cells, and which of them were not understood."""
    *others, seat = map(plain_number, cells)
    place, odd = read_place(student_no, *others, seat.lstrip("'"))
    return place, tuple("class_no" if field == "class_line" else field for field in odd)


def _in_words(place: Place) -> str:
    """``3-1-5``, or as far as it is known, ``3학년 1반``."""
    if place.grade is not None and place.class_no and place.seat_no is not None:
        return f"{place.grade}-{place.class_no}-{place.seat_no}"
    words = (place.grade, "학년"), (place.class_no, "반"), (place.seat_no, "번")
    return " ".join(f"{said}{unit}" for said, unit in words if said is not None)


def plain_number(text: str) -> str:
    """A number in usual digits and without the ``.0`` that scripts leave behind."""
    return (
        text
        if text.isascii() and text.isalnum()
        else re.sub(r"^(\d+)\.0+$", r"\1", unicodedata.normalize("NFKC", text))
    )
