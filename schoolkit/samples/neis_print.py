"""The NEIS print layout of past reading records: one layout, as xlsx and as CSV.

Laid out as the server's report viewer exports it: A4 landscape without margins, cells
merged down, and on every page a footer and the header again.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter

_WIDTHS = {
    "A": 2.83, "B": 6.0, "C": 17.33, "D": 16.0, "E": 4.5, "F": 2.66, "G": 5.83, "H": 5.83,
    "I": 1.83, "J": 4.16, "K": 2.83, "L": 4.16, "M": 12.0, "N": 23.5, "O": 24.5,
}  # fmt: skip
_HEADER = {
    "B": "번호",
    "C": "성  명",
    "D": "과목 또는 영역",
    "E:F": "학년도",
    "G": "학년",
    "H": "학기",
    "I:O": "독서활동 상황",
}

# Heights in points.
_PAGE = 546.0
_HEAD = (14.75, 14.0, 13.75, 28.0, 29.25, 14.0, 4.25)
_LATER_HEAD = (28.25,)
_HEADER_ROW = 28.25
_FOOT = (14.0, 4.75)
_GAP = 16.0
_ONE_LINE, _LINE = 20.25, 12.0

_GRID = {"font_size": 10, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
_FREE = {**_GRID, "border": 0, "font_name": "굴림"}
# The viewer leaves the width of a space after a number.
_NUMBER = {"num_format": "0_ "}
_STYLES = {
    "right": {**_FREE, "align": "right"},
    "title": {**_FREE, "font_size": 20, "bold": True},
    "class": {**_FREE, "align": "left"},
    "footer": _FREE,
    "footer_number": {**_FREE, **_NUMBER},
    "header": {**_GRID, "font_name": "굴림"},
    "text": {**_GRID, "font_name": "굴림체"},
    "number": {**_GRID, "font_name": "굴림체", **_NUMBER},
    "books": {**_GRID, "font_name": "굴림체", "align": "justify"},
}


def write_neis_print_xlsx(
    entries: pd.DataFrame,
    *,
    grade: int = 2,
    class_no: int = 3,
    school: str = "샘플중학교",
    printed_on: date = date(2025, 7, 16),
) -> bytes:
    """The entries as the workbook that NEIS prints; the same entries give the same bytes.

    ``entries`` has the columns of :func:`schoolkit.samples.reading_entries`, each pupil's
    rows together and in the order of the print. ``grade`` and ``class_no`` are today's and
    stand in the sheet's head only.
    """
    sheet = _lay_out(entries, grade, class_no, school, printed_on)
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    workbook.set_properties({"created": datetime.combine(printed_on, time())})
    styles = {name: workbook.add_format(style) for name, style in _STYLES.items()}

    worksheet = workbook.add_worksheet("sheet1")
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.set_margins(0, 0, 0, 0)
    worksheet.set_h_pagebreaks(sheet.breaks)
    for column, width in _WIDTHS.items():
        # XlsxWriter adds 5 pixels of padding to a width; these include it.
        worksheet.set_column(f"{column}:{column}", width - 5 / 7)
    for row, height in enumerate(sheet.heights):
        worksheet.set_row(row, height)
    for block in sheet.blocks:
        area = (block.row, block.column, block.last_row, block.last_column)
        if area[:2] == area[2:]:
            worksheet.write(block.row, block.column, block.value, styles[block.style])
        else:
            worksheet.merge_range(*area, block.value, styles[block.style])
    workbook.close()
    return target.getvalue()


def write_neis_print_csv(
    entries: pd.DataFrame,
    *,
    encoding: str = "cp949",
    grade: int = 2,
    class_no: int = 3,
    school: str = "샘플중학교",
    printed_on: date = date(2025, 7, 16),
) -> bytes:
    """The sheet of :func:`write_neis_print_xlsx` as Excel saves it as CSV.

    Of merged cells only the first keeps its value, and a number keeps the space that its
    format shows after it. Raises ``UnicodeEncodeError`` for text that ``encoding`` lacks.
    """
    sheet = _lay_out(entries, grade, class_no, school, printed_on)
    rows = [[""] * len(_WIDTHS) for _ in sheet.heights]
    for block in sheet.blocks:
        space = " " if "num_format" in _STYLES[block.style] else ""
        rows[block.row][block.column] = f"{block.value}{space}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


class _Block(NamedTuple):
    """A cell or a merged range; rows and columns count from 0."""

    row: int
    column: int
    last_row: int
    last_column: int
    value: str | int
    style: str


@dataclass
class _Sheet:
    heights: list[float] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)

    def put(self, columns: str, row: int, value: str | int, style: str, rows: int = 1) -> None:
        first, last = columns[0], columns[-1]
        self.blocks.append(_Block(row, ord(first) - ord("A"), row + rows - 1, ord(last) - ord("A"), value, style))


class _Row(NamedTuple):
    """A row of the print: what a pupil has read for one subject area in one semester."""

    seat_no: int
    name: str
    school_year: int
    grade: int
    semester: int
    subject_area: str
    books: str

    @property
    def height(self) -> float:
        width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in self.books)
        # A line holds 73; some room is left for words that wrap early.
        return _ONE_LINE + _LINE * (ceil(width / 68) - 1)


def _lay_out(entries: pd.DataFrame, grade: int, class_no: int, school: str, printed_on: date) -> _Sheet:
    sheet = _Sheet(heights=list(_HEAD))
    sheet.put("O", 1, f"{printed_on:%Y.%m.%d.}", "right")
    sheet.put("B:O", 3, "학교생활기록부 과년도 독서활동 상황", "title")
    sheet.put("B:E", 5, f"{grade}학년 {class_no}반", "class")
    sheet.put("O", 5, "사용자명 : 교사명", "right")

    pages = list(_pages(_rows(entries)))
    for number, rows in enumerate(pages, start=1):
        if number > 1:
            sheet.heights += _LATER_HEAD
        for columns, value in _HEADER.items():
            sheet.put(columns, len(sheet.heights), value, "header")
        sheet.heights.append(_HEADER_ROW)

        _put_rows(sheet, rows)

        sheet.heights.append(_GAP)
        row = len(sheet.heights)
        sheet.put("J", row, number, "footer_number")
        sheet.put("K", row, "/", "footer")
        sheet.put("L", row, len(pages), "footer_number")
        sheet.put("N:O", row, school, "right", rows=2)
        sheet.heights += _FOOT
        sheet.breaks.append(len(sheet.heights))
    return sheet


def _rows(entries: pd.DataFrame) -> list[_Row]:
    keys = list(_Row._fields[:-1])
    return [_Row(*key, ", ".join(group["book"])) for key, group in entries.groupby(keys, sort=False)]


def _pages(rows: list[_Row]) -> Iterator[list[_Row]]:
    used = sum(_HEAD) + _HEADER_ROW + _GAP + sum(_FOOT)
    page: list[_Row] = []
    for row in rows:
        if page and used + row.height > _PAGE:
            yield page
            page, used = [], sum(_LATER_HEAD) + _HEADER_ROW + _GAP + sum(_FOOT)
        page.append(row)
        used += row.height
    yield page


def _put_rows(sheet: _Sheet, rows: list[_Row]) -> None:
    top = len(sheet.heights)

    def put(columns: str, column: str, style: str, merged_by: Callable[[_Row], Any]) -> None:
        row = top
        for _, run in groupby(rows, merged_by):
            together = list(run)
            sheet.put(columns, row, getattr(together[0], column), style, rows=len(together))
            row += len(together)

    put("B", "seat_no", "number", lambda row: row.seat_no)
    put("C", "name", "text", lambda row: row.seat_no)
    put("D", "subject_area", "text", lambda row: (row.seat_no, row.school_year, row.subject_area))
    put("E:F", "school_year", "number", lambda row: (row.seat_no, row.school_year))
    put("G", "grade", "number", lambda row: (row.seat_no, row.school_year))
    # No two rows have the same id: never merged.
    put("H", "semester", "number", id)
    put("I:O", "books", "books", id)
    sheet.heights += [row.height for row in rows]
