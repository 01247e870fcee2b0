"""Which rows of a sheet are records, and which are page heads and footers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..students import Place, parse_class
from ..tables import Table
from .columns import is_header, recognise, sub_header

_HEAD_LINE = re.compile(
    r".{0,30}(학교생활기록부|독서활동(상황|현황|기록|목록)|독서기록).{0,20}|(사용자|출력|조회|작성|담임|교사)[^:]{0,4}:.*"
    r"|20\d\d[.\-/년]\d{1,2}[.\-/월]\d{1,2}(?!\d).{0,12}"
)
_PRINTED_ON = re.compile(r"(20\d\d)\s*[.\-/년]\s*(\d{1,2})\s*[.\-/월]")
_CLASS_IN_TITLE = re.compile(r"[1-6]학년[^\s학,:()]{1,6}?반")
_PUPIL_LINE = re.compile(r"(?:.*\s)?(?:성\s*명|이\s*름)\s*:?\s*(\S.{0,30})")
_TERM_IN_CELL = re.compile(r"\s*[(\[<]\s*[12]\s*학기")
_PAGE_NUMBER = re.compile(r"\d{1,4}/\d{1,4}(쪽|페이지)?|[-–]\d{1,4}[-–]|\d{1,4}쪽|(?i:page)\.?\d{1,4}")
_SCHOOL = re.compile(r".*(학교|유치원)")


def squeezed(text: str) -> str:
    """The text without any white space."""
    return re.sub(r"\s", "", text)


class Pages:
    """A sheet as pages: where the headers stand and which rows lie outside the table.

    Attributes:
        headers: header row -> its columns; -1 where the sheet has none of its own.
        is_print: whether the sheet is a print (with a title, a class line or several pages).
    """

    def __init__(self, table: Table, given: tuple[int, Mapping[str, int]] | None = None):
        self.table = table
        self.headers: dict[int, Mapping[str, int]] = {}
        self._sub_headers: set[int] = set()
        if given:
            top, columns = given
            same = [i for i, row in enumerate(table.rows) if i > top >= 0 and row == table.rows[top]]
            self.headers = dict.fromkeys([top, *same], columns)
        else:
            self._find_headers()
        self.first = min(self.headers, default=0)
        self.is_print = len(self.headers) > 1 or any(self._is_head_line(i) for i in range(self.first))
        self._footers = self._find_footers()

    def _find_headers(self) -> None:
        rows = self.table.rows
        for i, row in enumerate(rows):
            columns = recognise(row)
            if i in self._sub_headers or not is_header(columns):
                continue
            below = sub_header(rows[i + 1]) if i + 1 < len(rows) else None
            if below:
                self._sub_headers.add(i + 1)
                columns = recognise([under or above for above, under in _aligned(row, rows[i + 1])])
            self.headers[i] = columns
        if not self.headers and any(_TERM_IN_CELL.match(cell) for row in rows for cell in row):
            # one pupil's printed record: 학년, 과목, 독서활동 상황 and no column for the pupil
            for i, row in enumerate(rows):
                columns = recognise(row)
                if {"grade", "book"} <= columns.keys():
                    self.headers[i] = columns

    def is_outside(self, i: int) -> bool:
        """Whether a row is no record: above the table, a page's head or its footer."""
        return i < self.first or i in self._footers or i in self._sub_headers or self._is_head_line(i)

    def _is_head_line(self, i: int) -> bool:
        cells = [squeezed(cell) for cell in self.table.rows[i] if cell]
        head = [bool(_HEAD_LINE.fullmatch(cell) or parse_class(cell)) for cell in cells]
        if not any(head):
            return parse_class("".join(cells)) is not None
        if i < self.first:
            return True
        if all(head):
            return self.is_print or self.class_line(i) is not None
        # a head line may hold a stranger, such as the school's name, but no term and no books
        columns = self.headers[self.first]
        place = [columns.get(name) for name in ("school_year", "semester", "book", "title")]
        return len(cells) <= 3 and not any(self.table.value(i, j).strip("/") for j in place)

    def _find_footers(self) -> set[int]:
        """Rows that hold a page number, perhaps spread over three rows, and the school's name."""
        filled = [i for i, row in enumerate(self.table.rows) if any(row)]
        rest = {i: self._without_school(i) for i in filled}
        found: set[int] = set()
        for height in (1, 2, 3):
            # short blocks first, so that a record above a footer never becomes part of it
            for at in range(len(filled) - height + 1):
                block = filled[at : at + height]
                if not found.isdisjoint(block) or any(i <= self.first or i in self.headers for i in block):
                    continue
                if self._is_page_number(block, "".join(rest[i] for i in block)):
                    found.update(block)
        if not self.is_print:
            return found
        for at, i in enumerate(filled):
            # the school's name or a bare page number, alone at the page's end
            alone = not rest[i] or (rest[i].isdigit() and sum(map(bool, self.table.rows[i])) == 1)
            if i > self.first and i not in self.headers and alone:
                around = filled[max(at - 1, 0) : at + 2]
                if i == filled[-1] or any(j in found or (j > i and self._starts_a_page(j)) for j in around):
                    found.add(i)
        return found

    def _is_page_number(self, rows: list[int], text: str) -> bool:
        cells = [cell for i in rows for cell in self.table.rows[i] if cell]
        if "/" in cells and len(rows) == 1 and len(cells) < 6:
            return re.search(r"\d/\d", text) is not None  # whatever else stands beside it
        # outside a print, 24/7 in one cell is a book; a slash in a cell of its own is none
        return (self.is_print or "/" in cells) and _PAGE_NUMBER.fullmatch(text) is not None

    def _without_school(self, i: int) -> str:
        cells = [squeezed(cell) for cell in self.table.rows[i] if cell]
        return "".join(cell for cell in cells if not (_SCHOOL.fullmatch(cell) or _HEAD_LINE.fullmatch(cell)))

    def _starts_a_page(self, i: int) -> bool:
        return i in self.headers or self._is_head_line(i)

    def class_line(self, i: int) -> Place | None:
        """Grade and class that a row outside the table names."""
        row = [squeezed(cell) for cell in self.table.rows[i] if cell]
        for text in [*row, "".join(row)]:
            if place := parse_class(text):
                return place
        for text in row:
            if _HEAD_LINE.fullmatch(text) and (inside := _CLASS_IN_TITLE.search(text)):
                return parse_class(inside.group())
        return None

    def pupil_line(self, i: int) -> str | None:
        """The pupil whom a row outside the table names, as in ``번호 5  성명 : 김하나``."""
        matched = _PUPIL_LINE.fullmatch(" ".join(cell for cell in self.table.rows[i] if cell))
        return matched.group(1) if matched else None

    def printed_in(self, i: int) -> int | None:
        """The school year, which begins in March, of the date that a row outside the table shows."""
        for cell in self.table.rows[i]:
            if date := _PRINTED_ON.match(cell):
                return int(date.group(1)) - (int(date.group(2)) < 3)
        return None


def _aligned(above: list[str], below: list[str]) -> Iterable[tuple[str, str]]:
    width = max(len(above), len(below))
    return zip(above + [""] * (width - len(above)), below + [""] * (width - len(below)), strict=True)
