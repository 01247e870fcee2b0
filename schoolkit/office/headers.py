"""The header of an office's table: the columns of reading records, and a school and a key of the pupil beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..reading.columns import is_header, plain_header, recognise

_SCHOOL = re.compile(r"(소속)?학교(명|이름|명칭|코드|급별명)?|(소속)?기관(명|이름|코드)?|school(name|code|id)?")
_KEY = re.compile(
    r"(학생|개인|나이스|나이스개인)?고유(번호|키|id|식별번호)|(학생|개인)(id|아이디|키|코드|식별(번호|자|키)|일련번호)|(나이스)?개인(고유)?번호"
    r"|(student|pupil)(id|key|code)?"
)
_ENGLISH = {
    plain_header(name): name
    for name in ("current_grade", "class_no", "seat_no", "school_year", "grade", "semester", "subject_area")
} | {"studentno": "student_no", "studentnumber": "student_no"}
_TITLE = re.compile(r"명|제목|이름|title")


@dataclass(frozen=True)
class Columns:
    """Which column of a table is which.

    Attributes:
        at: field -> index from 0; the fields of ``schoolkit.reading.columns``, ``school`` and ``key``.
        header: the header's cells.
        says_title: whether the column of books is named after a title, so that its commas are its own.
        as_it_stands: whether a row holds one entry that is taken as it is.
    """

    at: dict[str, int]
    header: tuple[str, ...]
    says_title: bool
    as_it_stands: bool

    @property
    def has_key(self) -> bool:
        return "key" in self.at


def find_columns(header: list[str], *, entries: bool = False) -> Columns | None:
    """The columns that a header names; None if it does not name both a pupil and a book.

    Args:
        header: the cells of the row.
        entries: whether the table's rows are entries whatever the columns are called (parquet).
    """
    plain = [plain_header(cell) for cell in header]
    at: dict[str, int] = {}
    rest = list(header)
    for j, name in enumerate(plain):
        if not name or len(name) > 40:
            continue
        if _SCHOOL.fullmatch(name):
            field = "school"
        elif _KEY.fullmatch(name):
            field = "key"
        elif name in _ENGLISH:
            field = _ENGLISH[name]
        else:
            continue
        rest[j] = ""
        at.setdefault(field, j)
    for field, j in recognise(rest).items():
        at.setdefault(field, j)
    if "key" in at and "book" in plain:
        at["book"] = plain.index("book")
        at.pop("title", None)
        at.pop("author", None)
        as_it_stands = True
    else:
        as_it_stands = entries and "book" in at
    known = {**at, "student_no": at["key"]} if "key" in at else at
    if not is_header(known):
        return None
    book = at.get("book")
    says_title = book is not None and _TITLE.search(plain[book]) is not None
    return Columns(at, tuple(header), says_title, as_it_stands)


def known_columns(header: list[str]) -> dict[str, int]:
    """The columns that a row names although they do not suffice, for the words of a problem."""
    found = recognise(header)
    if any(_KEY.fullmatch(plain_header(cell)) for cell in header if cell):
        found.setdefault("student_no", -1)
    return found


def has_twins(header: list[str]) -> bool:
    """Whether several columns hold books, as 독서활동상황(1학기) and 독서활동상황(2학기)."""
    plain = [plain_header(re.sub(r"[(\[（].*?[)\]）]|[12]\s*학기", "", cell)) for cell in header]
    books = [name for name in plain if name and "book" in recognise([name])]
    return len(books) > len(set(books))
