"""Workbooks and HTML pages whose sheets are tables with keys or schools, and sheets of very many rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa

from ..errors import InputError, Problem
from ..sheets import SheetNames, new_workbook
from ..tables import Table, cell_text, read_tables
from .conversion import Conversion, head_of
from .entries import Rows, Told
from .headers import HEADER_WITHIN, Columns, find_header, holds_rows, layout_problem
from .paths import Found
from .sources import Progress

LONG_SHEET = 50_000
"""A sheet with more rows is read in pieces."""

_PIECE = 20_000
_LARGE_MEMBER = 40_000_000
_BOOKS = ("book", "title", "author")


def read_sheets(file: Found) -> list[Table]:
    """The sheets of a workbook or HTML page.

    Raises:
        InputError: it is damaged or locked.
        OSError: it cannot be opened.
    """
    try:
        return read_tables(file.base, file.path.read_bytes())
    except InputError as error:
        problems = [replace(problem, file=file.name) for problem in error.problems]
    raise InputError(problems)


def table_sheets(file: Found, sheets: Sequence[Table]) -> dict[int, tuple[int, Columns]]:
    """The sheets, numbered from 0, whose header names a key or a school: its row, from 0, and its columns.

    Raises:
        InputError: the books of such a sheet stand in several columns.
    """
    found = {}
    for number, sheet in enumerate(sheets):
        header = find_header(sheet.rows)
        if header and header[1].tell_key_or_school:
            _check(file, header, sheet.rows)
            found[number] = header
    return found


def without_sheets(name: str, data: bytes, left_out: set[int]) -> bytes:
    """The workbook without some sheets, the others with the same text at the same place."""
    if not left_out:
        return data
    workbook, content = new_workbook()
    names = SheetNames()
    for number, table in enumerate(read_tables(name, data)):
        if number in left_out:
            continue
        sheet = workbook.add_worksheet(names.take(table.sheet or ""))
        for i, row in enumerate(table.rows):
            for j, text in enumerate(row):
                if text:
                    sheet.write_string(i, j, text)
        bottoms = {(top, j): i for (i, j), top in sorted(table.merged_down.items())}
        for (top, j), bottom in bottoms.items():
            sheet.merge_range(top, j, bottom, j, table.value(top, j))
    workbook.close()
    return content.getvalue()


class WorkbookSource:
    """The sheets of a workbook or HTML page that are tables with keys or schools, each by itself."""

    def __init__(self, file: Found, found: dict[int, tuple[int, Columns]], folder: str):
        """``found``: as :func:`table_sheets` gives it."""
        self.files, self._folder, self._found = [file], folder, found
        self.is_export = not all(columns.as_it_stands for _, columns in found.values())

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        file = self.files[0]
        sheets = read_sheets(file)
        for number, (header, columns) in self._found.items():
            if number < len(sheets):
                rows = partial(_unmerged, sheets[number], header, columns)
                yield from _sheet_entries(file, rows, header, columns, self._folder, told)
        progress(file.size)


def _unmerged(sheet: Table, header: int, columns: Columns) -> Iterator[list[str]]:
    """The rows, what a merged cell says of pupil and term in each row that it covers."""
    books = {columns.at[name] for name in _BOOKS if name in columns.at}
    for i, row in enumerate(sheet.rows):
        yield [
            text if text or j in books or sheet.merged_down.get((i, j), -1) <= header else sheet.merged_value(i, j)
            for j, text in enumerate(row)
        ]


def _sheet_entries(
    file: Found, rows: Callable[[], Iterator[list]], header: int, columns: Columns, folder: str, told: Told
) -> Iterator[pa.Table]:
    """The entries of one sheet; ``rows`` gives its rows anew, ``header`` is the header's, from 0."""
    told.begin_sheet(file.name)
    if holds_rows(([cell_text(cell) for cell in row] for row in islice(rows(), header)), columns):
        told.rows_above(file.name, header + 1)

    def pieces() -> Iterator[Rows]:
        return _pieces(islice(rows(), header, None), header + 1, len(columns.header))

    conversion = Conversion(columns, file.name, folder, told, head_of(pieces))
    for piece in pieces():
        yield conversion.entries(piece)


def _pieces(rows: Iterator[list], number: int, width: int) -> Iterator[Rows]:
    while piece := [_texts(row, width) for row in islice(rows, _PIECE)]:
        numbers = np.arange(number, number + len(piece), dtype=np.int32)
        number += len(piece)
        columns = [pa.array(cells, pa.string()).dictionary_encode() for cells in zip(*piece, strict=True)]
        yield Rows(numbers, columns)


def _texts(row: list, width: int) -> list[str]:
    texts = [one if type(one) is str else cell_text(one) for one in row[:width]]
    return texts + [""] * (width - len(texts))


def _check(file: Found, header: tuple[int, Columns], rows: Sequence[list[str]]) -> None:
    at, columns = header
    below = rows[at + 1] if at + 1 < len(rows) else []
    if problem := layout_problem(columns, below, file.name, at + 1):
        raise InputError([problem])


def is_long(file: Found) -> bool:
    """Whether an xlsx says that one of its sheets has more than ``LONG_SHEET`` rows."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            for member in archive.infolist():
                if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
                    continue
                with archive.open(member) as stream:
                    start = stream.read(2048)
                said = re.search(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"', start)
                if (int(said.group(1)) > LONG_SHEET) if said else member.file_size > _LARGE_MEMBER:
                    return True
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return False


class LongWorkbook:
    """A workbook with a sheet of very many rows and the header within its first ones.

    Its reader holds one sheet at a time as typed cells, outside Python; about 0.5 GB for
    475,000 rows of 11 columns.
    """

    def __init__(self, file: Found, folder: str):
        """Raises ``InputError`` if the workbook is damaged or no sheet has a known header."""
        self.files, self._folder = [file], folder
        found = [header for _, header in self._sheets() if header]
        if not found:
            raise InputError([_no_header(file)])
        self.is_export = not all(columns.as_it_stands for _, columns in found)

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        file = self.files[0]
        skipped = 0
        for sheet, header in self._sheets():
            if header is None:
                skipped += 1
                continue
            yield from _sheet_entries(file, sheet.iter_rows, *header, self._folder, told)
        if skipped:
            told.notice(f"{file.name}: 시트 {skipped}개를 건너뛰었습니다(독서 기록의 머리글이 없습니다).")
        progress(file.size)

    def _sheets(self) -> Iterator[tuple[object, tuple[int, Columns] | None]]:
        """The sheets one by one, with the row of their header, from 0, and its columns, if they have any."""
        import python_calamine

        try:
            workbook = python_calamine.CalamineWorkbook.from_path(str(self.files[0].path))
            for about in workbook.sheets_metadata:
                try:
                    sheet = workbook.get_sheet_by_name(about.name)
                except python_calamine.WorksheetNotFound:
                    continue  # a chart or a macro sheet holds no cells
                first = [[cell_text(cell) for cell in row] for row in islice(sheet.iter_rows(), HEADER_WITHIN + 1)]
                header = find_header(first)
                if header:
                    _check(self.files[0], header, first)
                yield sheet, header
        except OSError:
            raise
        except python_calamine.CalamineError:
            problem = Problem(
                "엑셀 파일이 깨져서 읽을 수 없습니다.", "엑셀에서 열어 다시 저장해 주세요.", self.files[0].name
            )
            raise InputError([problem]) from None


def _no_header(file: Found) -> Problem:
    return Problem(
        "위쪽 줄에서 머리글을 찾지 못했습니다.",
        "첫 줄에 '성명', '도서명' 같은 칸 이름을 넣어 주세요.",
        file.name,
        kind="unknown_columns",
    )
