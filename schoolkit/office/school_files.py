"""A school's workbooks and prints, read together by ``read_reading_records``, and sheets too long for that."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import InputError, Problem
from ..reading.records import read_reading_records
from ..tables import cell_text
from .conversion import Conversion, head_of
from .entries import ENTRIES, Rows, Told
from .headers import Columns, find_columns
from .paths import Found
from .sources import Progress

LONG_SHEET = 50_000
"""A sheet with more rows is read in pieces."""
MOST_BYTES = 300_000_000
"""Larger files of other layouts are refused."""

_PIECE = 20_000
_LARGE_MEMBER = 40_000_000


class SchoolSource:
    """The files of one school in layouts that must be seen whole."""

    is_export = True

    def __init__(self, files: list[Found], school: str):
        """``school``: what stands before the keys, so that schools do not mix; may be empty."""
        self.files, self._school = files, school

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        loaded: list[tuple[Found, bytes]] = []
        for file in self.files:
            if file.size > MOST_BYTES:
                told.file(
                    file.name,
                    "파일이 너무 큽니다.",
                    "학교나 학년별로 나누거나, 머리글이 첫 줄에 있는 CSV로 저장해 주세요.",
                )
                continue
            try:
                loaded.append((file, file.path.read_bytes()))
            except OSError:
                told.file(file.name, *UNREADABLE)
        while loaded:
            try:
                found = read_reading_records([(f"{at}|{file.base}", data) for at, (file, data) in enumerate(loaded)])
            except InputError as error:
                problems = [(_number(problem.file), problem) for problem in error.problems]
                bad = {at: problem for at, problem in reversed(problems) if at is not None}
                for at, problem in sorted(bad.items()):
                    name = loaded[at][0].name
                    where = f"{problem.row}행: " if problem.row else ""
                    told.file(name, where + problem.what, problem.what_to_do)
                if not bad:
                    raise
                loaded = [one for at, one in enumerate(loaded) if at not in bad]
                continue
            files = [file for file, _ in loaded]
            loaded = []
            self._tell(found, files, told)
            yield self._table(found, files)
        progress(sum(file.size for file in self.files))

    def _table(self, found: pd.DataFrame, files: list[Found]) -> pa.Table:
        names = {name: files[_number(name) or 0].name for name in found["file"].unique()}
        prefix = f"{self._school}/" if self._school else ""
        table = found.assign(
            student=prefix + found["student"],
            school=self._school or None,
            file=found["file"].map(names),
            seq=np.int64(0),
        )
        return pa.Table.from_pandas(table[ENTRIES.names], schema=ENTRIES, preserve_index=False)

    def _tell(self, found: pd.DataFrame, files: list[Found], told: Told) -> None:
        notices = found.attrs["notices"]
        for file, count in Counter(one["file"] for one in notices).items():
            first = next(one for one in notices if one["file"] == file)
            where = f"{first['row']}행 " if first["row"] else ""
            more = f" 이 밖에 {count - 1}건을 더 짐작하거나 건너뛰었습니다." if count > 1 else ""
            what = re.sub(r"'?\d+\|", "'" if "'" in first["what"] else "", first["what"])
            told.notice(f"{files[_number(file) or 0].name}: {where}{what}{more}")
        if links := found.attrs["doubtful_links"]:
            where = self._school or files[0].name
            told.notice(f"{where}: 이름이 같은 학생 {len(links):,}쌍은 한 학생인지 알 수 없어 따로 두었습니다.")


UNREADABLE = "파일을 열 수 없습니다.", "파일이 그대로 있는지, 읽을 권한이 있는지 확인해 주세요."


def _number(name: str | None) -> int | None:
    """The number that stands before a file's name, by which equal names are told apart."""
    number = re.match(r"(\d+)\|", name or "")
    return int(number.group(1)) if number else None


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
    """A workbook with a sheet of very many rows and the header in its first row.

    Its reader holds one sheet at a time as typed cells, outside Python; about 0.5 GB for
    475,000 rows of 11 columns.
    """

    def __init__(self, file: Found, folder: str):
        """Raises ``InputError`` if the workbook is damaged or no sheet begins with a known header."""
        self.files, self._folder = [file], folder
        found = [columns for _, columns in self._sheets() if columns]
        if not found:
            raise InputError([_no_header(file)])
        self.is_export = not all(columns.has_key for columns in found)

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        file = self.files[0]
        skipped = 0
        for sheet, columns in self._sheets():
            if columns is None:
                skipped += 1
                continue
            conversion = Conversion(columns, file.name, self._folder, told, head_of(partial(_pieces, sheet)))
            for rows in _pieces(sheet):
                yield conversion.entries(rows)
        if skipped:
            told.notice(f"{file.name}: 시트 {skipped}개를 건너뛰었습니다(독서 기록의 머리글이 없습니다).")
        progress(file.size)

    def _sheets(self) -> Iterator[tuple[object, Columns | None]]:
        """The sheets one by one, with their columns if their first row is a header."""
        import python_calamine

        try:
            workbook = python_calamine.CalamineWorkbook.from_path(str(self.files[0].path))
            for about in workbook.sheets_metadata:
                try:
                    sheet = workbook.get_sheet_by_name(about.name)
                except python_calamine.WorksheetNotFound:
                    continue  # a chart or a macro sheet holds no cells
                yield sheet, _header(sheet)
        except OSError:
            raise
        except python_calamine.CalamineError:
            problem = Problem(
                "엑셀 파일이 깨져서 읽을 수 없습니다.", "엑셀에서 열어 다시 저장해 주세요.", self.files[0].name
            )
            raise InputError([problem]) from None


def _no_header(file: Found) -> Problem:
    return Problem(
        "첫 줄에서 머리글을 찾지 못했습니다.",
        "첫 줄에 '성명', '도서명' 같은 칸 이름을 넣어 주세요.",
        file.name,
        kind="unknown_columns",
    )


def _header(sheet) -> Columns | None:
    for row in islice(sheet.iter_rows(), 20):
        cells = [cell_text(cell) for cell in row]
        if any(cells):
            return find_columns(cells)
    return None


def _pieces(sheet) -> Iterator[Rows]:
    rows = sheet.iter_rows()
    number = 1
    while piece := [[one if type(one) is str else cell_text(one) for one in row] for row in islice(rows, _PIECE)]:
        numbers = np.arange(number, number + len(piece), dtype=np.int32)
        number += len(piece)
        columns = [pa.array(cells, pa.string()).dictionary_encode() for cells in zip(*piece, strict=True)]
        yield Rows(numbers, columns)
