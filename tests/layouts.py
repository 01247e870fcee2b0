"""Small writers of the layouts in which reading records come, for tests."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import pandas as pd
import xlsxwriter

from schoolkit.reading.records import read_reading_records

WHO = ("student", "current_grade", "class_no", "seat_no", "name")
WHEN = ("school_year", "grade", "semester", "subject_area")
TOP = [["2025.07.16."], ["학교생활기록부 독서활동상황"], ["2학년 1반", "", "", "사용자명 : 교사명"]]
"""The lines above a print's header."""

Rows = list[list[object]]
Merges = list[tuple[int, int, int]]
"""First row, last row, column (from 0) of cells that are merged down."""


class Entry(NamedTuple):
    """All books of one cell: a pupil's, of one term and subject."""

    grade: int
    class_no: int
    seat_no: int
    name: str
    school_year: int
    entry_grade: int
    semester: int
    subject: str
    books: tuple[tuple[str, str | None], ...]

    @property
    def pupil(self) -> tuple[int, int, int]:
        return self.grade, self.class_no, self.seat_no

    @property
    def cell(self) -> str:
        return ", ".join(f"{title}({author})" if author else title for title, author in self.books)


def table(*lines: str, name: str = "기록.csv") -> tuple[str, bytes]:
    return name, "\n".join(lines).encode()


def csv_file(
    rows: Rows, encoding: str = "utf-8-sig", separator: str = ",", name: str = "기록.csv"
) -> tuple[str, bytes]:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return name, text.getvalue().encode(encoding)


def xlsx_file(sheets: dict[str, Rows] | Rows, merges: Merges = (), name: str = "기록.xlsx") -> tuple[str, bytes]:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        for sheet_name, rows in (sheets if isinstance(sheets, dict) else {"sheet1": sheets}).items():
            sheet = workbook.add_worksheet(sheet_name)
            for top, bottom, column in merges:
                sheet.merge_range(top, column, bottom, column, "")
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if value not in ("", None):
                        sheet.write(i, j, value)
    return name, target.getvalue()


def html_file(rows: Rows, merges: Merges = (), encoding: str = "cp949", name: str = "기록.xls") -> tuple[str, bytes]:
    """As school systems write it: a page that is named .xls and says euc-kr."""
    height = {(top, column): bottom - top + 1 for top, bottom, column in merges}
    covered = {(i, column) for top, bottom, column in merges for i in range(top + 1, bottom + 1)}
    lines = []
    for i, row in enumerate(rows):
        cells = [
            f'<td rowspan="{height.get((i, j), 1)}">{html.escape(str(value)).replace("  ", "&nbsp; ")}</td>'
            for j, value in enumerate(row)
            if (i, j) not in covered
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr"></head>'
    return name, f"{head}<body><table border=1>{''.join(lines)}</table></body></html>".encode(encoding)


def print_rows(
    entries: Sequence[Entry], *, numbered: bool = True, rows_a_page: int = 7, width: int = 18, footer: int = 0
) -> tuple[Rows, Merges]:
    """The print of NEIS; ``footer`` chooses one of the ways in which a page may end."""
    at = {"번호": 1, "성  명": 2, "과목 또는 영역": 4, "학년도": 6, "학년": 8, "학기": 9, "독서활동 상황": 11}
    if not numbered:
        del at["번호"]
        at = {("이  름" if text == "성  명" else text): j for text, j in at.items()}
    rows: Rows = []
    merges: Merges = []

    def put(cells: dict[int, object]) -> None:
        rows.append([cells.get(j, "") for j in range(width)])

    for (grade, class_no), of_class in groupby(entries, key=lambda entry: entry.pupil[:2]):
        of_class = list(of_class)
        pages = [of_class[i : i + rows_a_page] for i in range(0, len(of_class), rows_a_page)]
        put({width - 1: "2025.07.16."})
        put({1: "학교생활기록부 과년도 독서활동 상황"})
        put({1: f"{grade}학년 {class_no}반", width - 1: "사용자명 : 교사명"})
        put({})
        for number, page in enumerate(pages, start=1):
            put({j: text for text, j in at.items()})
            for key, first, last in _runs(page):
                top, bottom = len(rows) + first, len(rows) + last
                if bottom > top and {"pupil": 2, "year": 6, "subject": 4}[key] in at.values():
                    columns = {"pupil": [at.get("번호"), 2], "year": [6, 8], "subject": [4]}[key]
                    merges += [(top, bottom, j) for j in columns if j]
            above = None
            for entry in page:
                same_pupil = above is not None and entry.pupil == above.pupil
                same_year = same_pupil and entry.school_year == above.school_year
                cells: dict[int, object] = {9: float(entry.semester), 11: entry.cell}
                if not same_pupil:
                    cells |= {2: entry.name, **({1: float(entry.seat_no)} if numbered else {})}
                if not same_year:
                    cells |= {6: float(entry.school_year), 8: float(entry.entry_grade)}
                if not (same_year and entry.subject == above.subject):
                    cells[4] = entry.subject
                put(cells)
                above = entry
            for cells in _footer(number, len(pages), footer):
                put(cells)
    return rows, merges


def _runs(page: Sequence[Entry]) -> Iterator[tuple[str, int, int]]:
    keys: dict[str, Callable[[Entry], tuple]] = {
        "pupil": lambda entry: entry.pupil,
        "year": lambda entry: (*entry.pupil, entry.school_year),
        "subject": lambda entry: (*entry.pupil, entry.school_year, entry.subject),
    }
    for name, key in keys.items():
        for _, run in groupby(range(len(page)), key=lambda i, key=key: key(page[i])):
            run = list(run)
            yield name, run[0], run[-1]


def _footer(page: int, pages: int, kind: int) -> list[dict[int, object]]:
    return [
        [{}, {12: page, 13: "/", 14: pages, 16: "샘플중학교"}, {}],
        [{12: page, 13: "/", 14: pages}, {16: "샘플중학교"}],
        [{11: page, 12: "/", 13: pages}, {15: "샘플중학교"}],
        [{11: page}, {12: "/", 13: pages, 16: "샘플중학교"}],
        [{}, {11: f"{page} / {pages}"}, {11: "샘플중학교"}],
    ][kind % 5]


def xls_data_rows(entries: Sequence[Entry]) -> Rows:
    """``XLS data``: a plain table with the header in row 4; it says one class at most."""
    grade, class_no, _ = entries[0].pupil
    header = ["번호", "성명", "과목 또는 영역", "학년도", "학년", "학기", "독서활동 상황"]
    rows: Rows = [["학교생활기록부 독서활동상황"], [f"{grade}학년 {class_no}반"], [], header]
    return rows + [[e.seat_no, e.name, e.subject, e.school_year, e.entry_grade, e.semester, e.cell] for e in entries]


def book_rows(entries: Sequence[Entry]) -> Rows:
    """A tidied table with a book a row and the author beside it."""
    rows: Rows = [["저자", "도서명", "성명", "학번", "학년도", "학년", "학기", "과목"]]
    for e in entries:
        number = f"{e.grade}{e.class_no:02}{e.seat_no:02}"
        rows += [
            [author or "", title, e.name, number, e.school_year, e.entry_grade, e.semester, e.subject]
            for title, author in e.books
        ]
    return rows


def term_in_cell_rows(entries: Sequence[Entry]) -> Rows:
    """A tidied table of the printed record, whose cells hold the terms."""
    rows: Rows = [["학번", "이름", "학년", "과목 또는 영역", "독서활동상황"]]

    def place(e: Entry) -> tuple:
        return f"{e.grade}{e.class_no:02}{e.seat_no:02}", e.name, e.entry_grade, e.subject

    for key, together in groupby(sorted(entries, key=lambda e: (place(e), e.semester)), key=place):
        rows.append([*key, " ".join(f"({e.semester}학기) {e.cell}" for e in together)])
    return rows


def read(*files: tuple[str, bytes], **options) -> pd.DataFrame:
    return read_reading_records(list(files), **options)


def rows_of(entries: pd.DataFrame, *columns: str) -> list[tuple]:
    """The rows as tuples, with None where the files do not say; pupils are counted from 1."""
    number = {key: i for i, key in enumerate(dict.fromkeys(entries["student"]), start=1)}
    plain = entries.assign(student=entries["student"].map(number)).astype(object)
    plain = plain.where(plain.notna(), None)
    return list(plain[list(columns)].itertuples(index=False, name=None))


def told(entries: pd.DataFrame) -> list[tuple]:
    """The notices as (row, what)."""
    return [(one["row"], one["what"]) for one in entries.attrs["notices"]]
