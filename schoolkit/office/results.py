"""The files that a run leaves: pairs, and what was not checked or not read."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import InputError, Problem
from ..sheets import csv_bytes, deliver
from .entries import ENTRIES, Unread
from .workspace import DISK_FULL, workspace

CARRIED = [name for name in ENTRIES.names if name != "seq"]
"""The columns of an entry that the pairs keep."""

_ROWS_IN_GROUP, _MOST_TABLES = 50_000, 50
_WINDOWS_OTHER_DRIVE = 17

# the first lines of the lists beside a result
_UNREAD, _UNCHECKED, _NOTICES = ("파일", "첫 행", "끝 행", "까닭", "할 일"), ("학생 키", "기록 수"), ("안내",)


def pair_schema() -> pa.Schema:
    """The columns of the result: those of ``find_duplicates`` for such entries."""
    about = [("student", pa.string()), ("name", pa.string()), ("verdict", pa.string()), ("score", pa.float64())]
    about += [("reasons", pa.string()), ("period", pa.string())]
    others = [name for name in CARRIED if name not in ("student", "name")]
    sides = [(f"{name}_{side}", ENTRIES.field(name).type) for side in "ab" for name in others]
    return pa.schema(about + sides)


class TableFile:
    """A parquet or CSV file, by its ending, that tables are added to; small ones are gathered first."""

    def __init__(self, path: Path, schema: pa.Schema):
        self._schema = schema
        self._file = _CsvFile(path, schema) if path.suffix == ".csv" else _parquet_file(path, schema)
        self._waiting: list[pa.Table] = []

    def __enter__(self) -> TableFile:
        return self

    def __exit__(self, failed: type | None, *_: object) -> None:
        try:
            if failed is None:
                self._write()
        finally:
            self._file.close()

    def add(self, table: pa.Table) -> None:
        if len(table):
            self._waiting.append(table.cast(self._schema))
        if len(self._waiting) >= _MOST_TABLES:  # a table of a few rows is mostly what stands around them
            self._waiting = [pa.concat_tables(self._waiting).combine_chunks()]
        if sum(map(len, self._waiting)) >= _ROWS_IN_GROUP:
            self._write()

    def add_frame(self, frame: pd.DataFrame) -> None:
        self.add(pa.Table.from_pandas(frame, schema=self._schema, preserve_index=False))

    def _write(self) -> None:
        if self._waiting:
            self._file.write_table(pa.concat_tables(self._waiting))
            self._waiting = []


def _parquet_file(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="zstd")


class _CsvFile:
    """CSV as Excel needs it: UTF-8 with BOM, nothing that it would take for a formula."""

    def __init__(self, path: Path, schema: pa.Schema):
        self._names = schema.names
        self._head = csv_bytes(self._names, [])
        self._file = path.open("wb")
        self._file.write(self._head)

    def write_table(self, table: pa.Table) -> None:
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        self._file.write(csv_bytes(self._names, rows)[len(self._head) :])

    def close(self) -> None:
        self._file.close()


def check_output(output: Path) -> list[Problem]:
    """What speaks against writing a result to this path and its lists beside it."""
    file = str(output)
    if output.suffix.lower() not in (".parquet", ".csv"):
        what_to_do = "-o에 그렇게 끝나는 이름을 써 주세요."
        return [Problem("결과는 .parquet나 .csv 파일로만 저장합니다.", what_to_do, file, kind="wrong_ending")]
    if output.is_dir():
        what_to_do = "-o에 다른 이름을 써 주세요."
        return [Problem("결과 파일의 이름이 이미 있는 폴더와 같습니다.", what_to_do, file, kind="output_is_folder")]
    if not output.parent.is_dir():
        what_to_do = "폴더를 먼저 만들거나 -o에 다른 곳을 써 주세요."
        return [Problem("결과를 저장할 폴더가 없습니다.", what_to_do, file, kind="no_output_folder")]
    if not os.access(output.parent, os.W_OK):
        return [_unwritable(output)]
    try:
        if output.exists():
            output.open("r+b").close()  # told now and not after an hour: Excel locks what it shows
    except OSError:
        return [_unwritable(output)]
    return _check_lists(output)


def _check_lists(output: Path) -> list[Problem]:
    """What stands where a list would be written or removed and is none of an earlier run."""
    lists = ((unread_list(output), _UNREAD), (unchecked_list(output), _UNCHECKED), (notices_list(output), _NOTICES))
    problems = []
    for path, header in lists:
        if not path.exists():
            continue
        head = csv_bytes(header, [])
        try:
            own = path.is_file()
            if own:
                with path.open("r+b") as file:
                    own = file.read(len(head)) == head
        except OSError:
            problems.append(_unwritable(path))
            continue
        if not own:
            what = "결과 옆에 저장하는 목록과 이름이 같은 다른 파일이 있습니다."
            what_to_do = "그 파일의 이름을 바꾸거나 -o에 다른 이름을 써 주세요."
            problems.append(Problem(what, what_to_do, str(path), kind="list_in_the_way"))
    return problems


@contextmanager
def saving(output: Path) -> Iterator[None]:
    """Turns what keeps the block from saving the result and its lists into an InputError."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            what_to_do = "자리를 비우거나, -o에 다른 디스크의 폴더를 써 주세요."
            problem = Problem(
                "결과를 저장할 디스크에 자리가 모자랍니다.", what_to_do, str(output), kind="no_room_for_output"
            )
        else:
            problem = _unwritable(output)
    else:
        return
    raise InputError([problem])


def put_in_place(finished: Path, output: Path) -> None:
    """Gives a finished file its final name, in one step; what was there before is replaced only then."""
    os.chmod(finished, 0o600)  # pupils' data is its owner's alone
    _flush(finished)
    try:
        os.replace(finished, output)
    except OSError as error:
        if error.errno != errno.EXDEV and getattr(error, "winerror", None) != _WINDOWS_OTHER_DRIVE:
            raise
        with workspace(output.parent) as beside:
            shutil.copy2(finished, beside / output.name)
            _flush(beside / output.name)
            os.replace(beside / output.name, output)


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _unwritable(path: Path) -> Problem:
    what_to_do = "폴더에 쓸 권한이 있는지, 같은 파일이 엑셀에서 열려 있지 않은지 확인해 주세요."
    return Problem("결과 파일을 저장할 수 없습니다.", what_to_do, str(path), kind="not_saved")


def unread_list(output: Path) -> Path:
    """Where the rows that could not be read are listed."""
    return output.with_suffix(".unread.csv")


def unchecked_list(output: Path) -> Path:
    """Where the keys that were not checked are listed."""
    return output.with_suffix(".unchecked.csv")


def notices_list(output: Path) -> Path:
    """Where what was guessed or left out is listed."""
    return output.with_suffix(".notices.csv")


def write_unread_list(unread: Sequence[Unread], path: Path) -> Path | None:
    """Every row and file that could not be read, and why, without a pupil's data; the path if there are any."""
    rows: list[tuple] = []
    for one in unread:
        rows += [(one.file, first, last, one.what, one.what_to_do) for first, last in one.rows or [(None, None)]]
        listed = sum(last - first + 1 for first, last in one.rows)
        if one.count > listed:
            rows.append((one.file, None, None, f"{one.what} (그 밖에 {one.count - listed:,}행)", one.what_to_do))
    return _write_list(_UNREAD, rows, path)


def write_unchecked_list(unchecked: Sequence[tuple[str, int]], path: Path) -> Path | None:
    """The keys that were not checked and how many records each has; the path if there are any."""
    return _write_list(_UNCHECKED, unchecked, path)


def write_notices_list(notices: Sequence[str], path: Path) -> Path | None:
    """What was guessed or left out, line by line; the path if there is anything."""
    return _write_list(_NOTICES, [(notice,) for notice in notices], path)


def _write_list(header: Sequence[str], rows: Sequence[Sequence[object]], path: Path) -> Path | None:
    """Writes the list; without rows it removes that of a run before, which would tell of another result."""
    if not rows:
        path.unlink(missing_ok=True)
        return None
    deliver(csv_bytes(header, rows), path)
    return path
