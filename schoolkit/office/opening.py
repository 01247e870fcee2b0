"""Files -> sources of entries: what each file is, and whether its columns are known, told before anything is read."""

from __future__ import annotations

import csv
from pathlib import Path

from ..errors import InputError, Problem
from ..reading.columns import missing_columns, sub_header
from ..tables import cell_text
from .delimited import Delimited
from .encodings import Encoding, find_encoding, line_chunks
from .entries import Told
from .headers import Columns, find_columns, has_twins, known_columns
from .paths import Found, kind_of
from .school_files import UNREADABLE, LongWorkbook, SchoolSource, is_long
from .sources import ParquetSource, Source, TextSource

_FIRST_BYTES = 1 << 18
_FIRST_RECORDS = 60
_NAME_THE_COLUMNS = "첫 줄의 칸 이름을 '학생ID', '성명', '도서명'처럼 고쳐 주세요."


def open_sources(files: list[Found], school_per: str, told: Told, problems: list[Problem]) -> list[Source]:
    """The sources of some files in their order; problems are added, what is no table is told."""
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
                _add_to_school(file, school, schools, sources)
            else:
                text = _Text(file)
                if text.is_whole_layout:
                    _add_to_school(file, school, schools, sources)
                    continue
                if text.columns is None and before is not None and before.goes_on_in(text):
                    text.take_header_of(before)
                    told.notice(f"{file.name}: 머리글이 없어 '{before.file.name}'의 머리글로 읽습니다.")
                if text.columns is None:
                    if not file.named and file.path.suffix.lower() not in (".csv", ".tsv", ".txt"):
                        told.notice(f"{file.name}: 표가 아니어서 읽지 않습니다(독서 기록의 머리글이 없습니다).")
                        continue
                    raise InputError([text.problem()])
                before = text
                sources.append(TextSource(file, text.table(), text.columns, school))
        except OSError:
            told.file(file.name, *UNREADABLE)
        except InputError as error:
            problems += error.problems
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


def _open_parquet(file: Found, school: str) -> ParquetSource:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file.path) as opened:
            names = opened.schema_arrow.names
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
    return ParquetSource(file, names, columns, school)


def _unknown(file: Found, header: list[str], row: int | None) -> Problem:
    known = known_columns(header)
    what = "어느 줄이 머리글인지 알 수 없습니다."
    if known or row is None:
        what = f"머리글에 {' 및 '.join(missing_columns(known))}이 없습니다."
    return Problem(what, _NAME_THE_COLUMNS, file.name, row if known else None, kind="unknown_columns")


class _Text:
    """The first records of a text file, and what they say of it.

    Attributes:
        columns: which column is which; None if the first record is no header.
        is_whole_layout: whether the file must be seen whole: a header below other rows, over
            two rows, or with several columns of books.
    """

    def __init__(self, file: Found):
        self.file = file
        self.encoding: Encoding = find_encoding(file.path, file.name)
        lines = _first_lines(file.path, self.encoding)
        hint = lines[0][4] if lines and lines[0][:4].lower() == "sep=" and len(lines[0]) == 5 else ""
        readings = {sign: _records(lines[bool(hint) :], sign) for sign in (hint or ",\t;|")}
        self.delimiter, self.records = max(readings.items(), key=lambda one: _likeness(one[1]))
        first = self.records[0] if self.records else []
        self.columns: Columns | None = find_columns(first)
        self.is_whole_layout = False
        if self.columns is None:
            self.is_whole_layout = any(find_columns(record) for record in self.records[1:])
        elif "key" not in self.columns.at:
            below = self.records[1:2]
            self.is_whole_layout = bool(below and sub_header(below[0])) or has_twins(first)
        self._width = len(first)

    def goes_on_in(self, other: _Text) -> bool:
        """Whether another file may be the next part of this table."""
        same = (self.file.folder, self.delimiter, self._width) == (other.file.folder, other.delimiter, other._width)
        return same and self.columns is not None and len(other.records) > 0

    def take_header_of(self, before: _Text) -> None:
        self.columns = before.columns

    def table(self) -> Delimited:
        numeric = ("school_year", "grade", "semester", "class_no", "seat_no", "current_grade")
        table = Delimited(self.file.path, self.file.name, self.encoding, self.delimiter, len(self.columns.header))
        table.numeric = tuple(self.columns.at[name] for name in numeric if name in self.columns.at)
        return table

    def problem(self) -> Problem:
        return _unknown(self.file, self.records[0] if self.records else [], 1)


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


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    """The first records that are not blank."""
    records: list[list[str]] = []
    reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter)
    try:
        for cells in reader:
            cells = [cell_text(cell) for cell in cells]
            if any(cells):
                records.append(cells)
            if len(records) >= _FIRST_RECORDS:
                break
    except csv.Error:
        return records
    return records


def _likeness(records: list[list[str]]) -> tuple[int, int]:
    """How much the first record looks like a header, or else like a row of several cells."""
    known = max((len(columns.at) for record in records if (columns := find_columns(record))), default=0)
    return known, len(records[0]) if records else 0
