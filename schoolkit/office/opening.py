"""Files -> sources of entries: what each file is, and whether its columns are known, told before anything is read."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from ..errors import InputError, Problem
from ..reading.columns import missing_columns, sub_header
from ..reading.neis import read_part
from ..reading.pages import Pages
from ..tables import cell_text
from .delimited import Delimited
from .encodings import Encoding, find_encoding, line_chunks
from .entries import Told
from .headers import HEADER_WITHIN, Columns, find_columns, has_twins, holds_rows, known_columns, layout_problem
from .paths import Found, kind_of
from .school_files import MOST_BYTES, UNREADABLE, SchoolSource
from .sources import ParquetSource, Source, TextSource, has_text
from .workbooks import LongWorkbook, WorkbookSource, is_long, read_sheets, table_sheets

_NUMERIC = ("school_year", "grade", "semester", "class_no", "seat_no", "current_grade")
_FIRST_BYTES = 1 << 18
_FIRST_RECORDS = 60
_OUT_OF_THE_FOLDER = "독서 기록이 아니면 폴더 밖으로 옮겨 주세요."
_NAME_THE_COLUMNS = "첫 줄의 칸 이름을 '학생ID', '성명', '도서명'처럼 고쳐 주세요."


def open_sources(files: list[Found], school_per: str, told: Told, problems: list[Problem]) -> list[Source]:
    """The sources of some files in their order.

    What cannot be read is added to the problems if the user named it, and told if it was found in a folder.
    """
    sources: list[Source] = []
    schools: dict[str, SchoolSource] = {}
    before: _Text | None = None  # the text table before, whose header a part without one has
    for file in files:
        school = file.folder if school_per == "folder" else file.name
        try:
            kind, what = kind_of(file.path)
            if kind in ("empty", "stranger"):
                _leave_out(file, what, told)
            elif kind == "parquet":
                sources.append(_open_parquet(file, school))
            elif kind == "workbook" and is_long(file):
                sources.append(LongWorkbook(file, school))
            elif kind == "workbook":
                _open_workbook(file, school, schools, sources, told)
            else:
                text = _Text(file)
                if text.is_whole_layout:
                    _add_to_school(file, school, schools, sources)
                    continue
                if text.columns is None and before is not None and before.goes_on_in(text):
                    text.take_header_of(before)
                    told.notice(f"{file.name}: 머리글이 없어 '{before.file.name}'의 머리글로 읽습니다.")
                if text.columns is None:
                    if not file.named and not text.may_be_table:
                        told.notice(f"{file.name}: 표가 아니어서 읽지 않습니다(독서 기록의 머리글이 없습니다).")
                        continue
                    raise InputError([text.problem()])
                before = text
                if text.has_rows_above:
                    told.rows_above(file.name, text.begins)
                sources.append(TextSource(file, text.table(), text.columns, school))
        except OSError:
            told.file(file.name, *UNREADABLE)
        except InputError as error:
            if file.named:
                problems += error.problems
                continue
            for problem in error.problems:
                where = replace(problem, file=None).where
                what = f"{where}: {problem.what}" if where else problem.what
                told.file(file.name, what, f"{problem.what_to_do} {_OUT_OF_THE_FOLDER}")
    return sources


def _leave_out(file: Found, what: str, told: Told) -> None:
    if file.named:
        told.file(
            file.name, f"표가 아니라 {what}입니다." if what != "빈 파일" else "빈 파일입니다.", "파일을 확인해 주세요."
        )
    else:
        told.notice(f"{file.name}: 표가 아니어서 읽지 않습니다({what}).")


def _add_to_school(file: Found, school: str, schools: dict[str, SchoolSource], sources: list[Source]) -> None:
    if school in schools:
        schools[school].files.append(file)
    else:
        schools[school] = SchoolSource([file], school)
        sources.append(schools[school])


def _open_workbook(
    file: Found, school: str, schools: dict[str, SchoolSource], sources: list[Source], told: Told
) -> None:
    """Sheets with keys or schools are tables; the others are read with the other files of the school."""
    sheets = [] if file.size > MOST_BYTES else read_sheets(file)
    found = table_sheets(file, sheets)
    filled = [sheet for sheet in sheets if any(map(any, sheet.rows))]
    if filled and not found and not any(Pages(sheet).headers for sheet in filled):
        raise InputError([_unknown(file, [], None)])
    if not found:
        _add_to_school(file, school, schools, sources)
        return
    sources.append(WorkbookSource(file, found, school))
    others = [sheet for number, sheet in enumerate(sheets) if number not in found and any(map(any, sheet.rows))]
    parts = [read_part(sheet, 0) for sheet in others]
    if any(part and part.cells for part in parts):
        _add_to_school(file, school, schools, sources)
        schools[school].left_out[file] = set(found)
    elif others:
        told.notice(f"{file.name}: 시트 {len(others)}개를 건너뛰었습니다(독서 기록의 머리글이 없습니다).")


def _open_parquet(file: Found, school: str) -> ParquetSource:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file.path) as opened:
            schema = opened.schema_arrow
            names = schema.names
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise InputError(
            [
                Problem(
                    "parquet 파일이 깨져서 읽을 수 없습니다.",
                    "파일을 다시 만들어 주세요.",
                    file.name,
                    kind="unreadable",
                )
            ]
        ) from None
    columns = find_columns(names, entries=True)
    if columns is None:
        raise InputError([_unknown(file, names, None)])
    wrong = [names[j] for j in sorted(set(columns.at.values())) if not has_text(schema.field(j).type)]
    if wrong:
        what_to_do = "글자나 숫자로 된 칸으로 바꾸어 파일을 다시 만들어 주세요."
        what = "칸의 자료형이 글자나 숫자가 아니어서(목록, 구조체 등) 읽을 수 없습니다."
        raise InputError([Problem(what, what_to_do, file.name, None, name, kind="wrong_type") for name in wrong])
    return ParquetSource(file, names, columns, school)


def _unknown(file: Found, header: list[str], row: int | None) -> Problem:
    known = known_columns(header)
    what = "어느 줄이 머리글인지 알 수 없습니다."
    if known or (header and row is None):
        what = f"머리글에 {' 및 '.join(missing_columns(known))}이 없습니다."
    return Problem(what, _NAME_THE_COLUMNS, file.name, row if known else None, kind="unknown_columns")


class _Text:
    """The first records of a text file, and what they say of it.

    Attributes:
        columns: which column is which; None if no first record is a header.
        begins: the row of the header, as Excel shows it.
        has_rows_above: whether more than titles seems to stand above it.
        is_whole_layout: whether the file must be seen whole, as it names neither keys nor schools and
            has a header below other rows, over two rows, or with several columns of books.
    """

    def __init__(self, file: Found):
        self.file = file
        self.encoding: Encoding = find_encoding(file.path, file.name)
        lines = _first_lines(file.path, self.encoding)
        hint = lines[0][4] if lines and lines[0][:4].lower() == "sep=" and len(lines[0]) == 5 else ""
        readings = {sign: _records(lines[bool(hint) :], sign) for sign in (hint or ",\t;|")}
        numbered = max(readings.items(), key=lambda one: _likeness([record for _, record in one[1]]))
        self.delimiter = numbered[0]
        self.records = [record for _, record in numbered[1]]
        self.columns: Columns | None = None
        self.begins = 1
        self.has_rows_above = self.is_whole_layout = False
        for at, (row, record) in enumerate(numbered[1]):
            if columns := find_columns(record):
                self._look_at_header(at, row, columns)
                break
        self._width = len(self.records[0]) if self.records else 0

    def _look_at_header(self, at: int, row: int, columns: Columns) -> None:
        """Takes a header, unless its file must be seen whole."""
        below = self.records[at + 1] if at + 1 < len(self.records) else []
        if columns.tell_key_or_school and row <= HEADER_WITHIN:
            if problem := layout_problem(columns, below, self.file.name, row):
                raise InputError([problem])
        elif at or sub_header(below) or has_twins(list(columns.header)):
            self.is_whole_layout = True
            return
        self.columns, self.begins = columns, row
        self.has_rows_above = holds_rows(self.records[:at], columns)

    @property
    def may_be_table(self) -> bool:
        """Whether the name, and of a plain text the cells too, speak of a table."""
        suffix = self.file.path.suffix.lower()
        return suffix in (".csv", ".tsv") or (suffix == ".txt" and any(len(record) > 1 for record in self.records))

    def goes_on_in(self, other: _Text) -> bool:
        """Whether another file may be the next part of this table."""
        if not other.records or self.columns is None or _names_columns(other.records[0]):
            return False
        cells = dict(enumerate(other.records[0]))
        numbers = [cells.get(self.columns.at[name], "") for name in _NUMERIC if name in self.columns.at]
        if any(text and not any(map(str.isdigit, text)) for text in numbers):
            return False  # another table of as many columns
        same = (self.file.folder, self.delimiter, self._width) == (other.file.folder, other.delimiter, other._width)
        return same

    def take_header_of(self, before: _Text) -> None:
        self.columns = before.columns

    def table(self) -> Delimited:
        table = Delimited(self.file.path, self.file.name, self.encoding, self.delimiter, len(self.columns.header))
        table.numeric = tuple(self.columns.at[name] for name in _NUMERIC if name in self.columns.at)
        table.begins = self.begins
        return table

    def problem(self) -> Problem:
        return _unknown(self.file, self.records[0] if self.records else [], 1)


def _names_columns(record: list[str]) -> bool:
    """Whether a record is another table's header: it names columns and holds no number."""
    return bool(known_columns(record)) and not any(map(str.isdigit, record))


def _first_lines(path: Path, encoding: Encoding) -> list[str]:
    """The first lines; one that cannot be decoded is empty, and told when the file is read."""
    start = b""
    for chunk in line_chunks(path, encoding, _FIRST_BYTES):
        start += chunk
        if len(start) >= _FIRST_BYTES:
            break
    lines = []
    for line in start.split(b"\n")[:1_000]:
        try:
            lines.append(line.decode(encoding.of_lines))
        except UnicodeDecodeError:
            lines.append("")
    return lines


def _records(lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records that are not blank, each with its row as Excel shows it."""
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter)
    try:
        for row, cells in enumerate(reader, start=1):
            cells = [cell_text(cell) for cell in cells]
            if any(cells):
                records.append((row, cells))
            if len(records) >= _FIRST_RECORDS:
                break
    except csv.Error:
        return records
    return records


def _likeness(records: list[list[str]]) -> tuple[int, int]:
    """How much the first record looks like a header, or else like a row of several cells."""
    known = max((len(columns.at) for record in records if (columns := find_columns(record))), default=0)
    return known, len(records[0]) if records else 0
