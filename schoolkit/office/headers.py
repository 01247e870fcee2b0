"""The header of an office's table: the columns of reading records, and a school and a key of the pupil beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ..errors import Problem
from ..reading.columns import is_header, plain_header, recognise, sub_header

_SCHOOL = re.compile(r"(소속)?학교(명|이름|명칭|코드|급별명)?|(소속)?기관(명|이름|코드)?|school(name|code|id)?")
_KEY = re.compile(
    r"(학생|개인|나이스|나이스개인)?고유(번호|키|id|식별번호)|(학생|개인)(id|아이디|키|코드|식별(번호|자|키)|일련번호)|(나이스)?개인(고유)?번호"
    r"|(student|pupil)(id|key|code)?"
)
_ENGLISH = {
    plain_header(name): name
    for name in ("current_grade", "class_no", "seat_no", "school_year", "grade", "semester", "subject_area")
} | {"studentno": "student_no", "studentnumber": "student_no"}
HEADER_WITHIN = 20
"""A header stands within so many rows."""

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
    def tell_key_or_school(self) -> bool:
        """Whether they hold what ``read_reading_records`` does not know."""
        return "key" in self.at or "school" in self.at


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


def find_header(rows: Iterable[list[str]]) -> tuple[int, Columns] | None:
    """The first row that is a header, from 0, and its columns; None if none of the first rows is one."""
    for i, row in enumerate(islice(rows, HEADER_WITHIN)):
        if columns := find_columns(row):
            return i, columns
    return None


def holds_rows(above: Iterable[list[str]], columns: Columns) -> bool:
    """Whether what stands above a header may be rows rather than titles, as it fills as many cells."""
    named = sum(map(bool, columns.header))
    return any(sum(map(bool, row)) * 2 > named for row in above)


def layout_problem(columns: Columns, below: list[str], file: str, row: int) -> Problem | None:
    """What is wrong with a table whose books stand in several columns or below a second header row.

    Args:
        below: the cells of the row below the header.
        row: the header's, as Excel shows it.
    """
    header = list(columns.header)
    if columns.as_it_stands or not (has_twins(header) or (below != header and sub_header(below))):
        return None
    return Problem(
        "책이 적힌 칸이 여럿이거나 머리글이 두 줄입니다.",
        "머리글을 한 줄로, 책 칸을 하나로 고쳐 주세요. 책이 여러 권이면 줄을 나누어 적습니다.",
        file,
        row,
        kind="unknown_columns",
    )


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
