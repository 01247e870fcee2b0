"""The files of an education office -> entries, piece by piece, in memory that does not grow with the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from ..errors import InputError, Problem
from .entries import ENTRIES, Told, Unread, whole_tables
from .opening import open_sources
from .paths import Found, find_files
from .sources import Source

__all__ = ["ENTRIES", "Inputs", "Unread"]

MOST_ROWS = 100_000
"""So many rows has a table at most."""


class Inputs:
    """What an office has: files and folders of text tables, workbooks and parquet.

    Args:
        paths: files and folders; these with all that lies below them.
        school_per: what is one school where a table does not name it: ``folder`` or ``file``.

    Attributes:
        files: the files that are read, in the natural order of their names.
        total_bytes: of all of them.
        are_exports: whether any input is an export rather than a table of entries, which has a
            ``book`` beside a key, or is parquet, and whose books are taken as they stand. A yearly
            export may repeat earlier years: a record (the same pupil, school year or grade,
            semester, subject area and ``bare_text`` of the book) that stands in two files counts
            once then. That takes all of a pupil's rows, and is not done here.
        unread: what could not be read, also whole files of a folder; grows while :meth:`tables` is read.
        notices: what was guessed or left out, sentences in Korean; grows likewise.

    Raises:
        InputError: a path does not exist, no file is readable, or a file that the paths name
            itself cannot be read or has no known columns; all problems at once.
    """

    def __init__(self, paths: Sequence[str | Path], *, school_per: str = "folder"):
        if school_per not in ("folder", "file"):
            raise InputError(
                [Problem("학교를 나누는 기준은 folder나 file이어야 합니다.", "예: folder", kind="bad_school_per")]
            )
        self._told = Told()
        found, problems = find_files(paths, self._told)
        self._sources: list[Source] = open_sources(found, school_per, self._told, problems)
        if not self._sources:
            problems += [Problem(one.what, one.what_to_do, one.file, kind="unreadable") for one in self._told.unread]
        if not self._sources and not problems:
            problems.append(
                Problem("읽을 표가 없습니다.", "CSV, 엑셀, parquet 파일이나 그 폴더를 골라 주세요.", kind="no_file")
            )
        if problems:
            raise InputError(problems)
        # two sources may share a workbook, each with sheets of its own
        self._found: list[Found] = list(dict.fromkeys(file for source in self._sources for file in source.files))
        self.files: list[Path] = [file.path for file in self._found]
        self.total_bytes: int = sum(file.size for file in self._found)
        self.are_exports: bool = any(source.is_export for source in self._sources)

    @property
    def unread(self) -> list[Unread]:
        return self._told.unread

    @property
    def notices(self) -> list[str]:
        return self._told.notices

    def tables(self, progress: Callable[[int], None] | None = None) -> Iterator[pa.Table]:
        """The entries of all files, in tables of the schema ``ENTRIES`` with at most ``MOST_ROWS`` rows.

        Args:
            progress: called with the bytes read so far, of ``total_bytes``.
        """
        seq = before = 0
        begun: set[Found] = set()
        for source in self._sources:
            size = sum(file.size for file in source.files if file not in begun)
            begun.update(source.files)

            def so_far(done: int, before: int = before, size: int = size) -> None:
                if progress:
                    progress(before + min(done, size))

            for table in whole_tables(self._entries(source, so_far), MOST_ROWS):
                numbers = pa.array(np.arange(seq, seq + table.num_rows, dtype=np.int64))
                seq += table.num_rows
                yield table.set_column(ENTRIES.get_field_index("seq"), ENTRIES.field("seq"), numbers)
            before += size
            so_far(0, before)

    def _entries(self, source: Source, progress: Callable[[int], None]) -> Iterator[pa.Table]:
        """The entries of one source; a file that vanished or changed meanwhile is told."""
        file = source.files[0]
        try:
            begun = file.path.stat()
            yield from source.entries(self._told, progress)
            ended = file.path.stat()
            if (begun.st_size, begun.st_mtime_ns) != (ended.st_size, ended.st_mtime_ns) or begun.st_size != file.size:
                self._told.file(file.name, "읽는 동안 파일이 바뀌었습니다.", "파일을 다 저장한 뒤 다시 실행해 주세요.")
        except OSError:
            self._told.file(
                file.name,
                "파일을 열 수 없거나, 읽는 동안 사라졌습니다.",
                "파일이 그대로 있는지, 읽을 권한이 있는지 확인해 주세요.",
            )
        except InputError as error:  # it could be opened before, and was changed since
            for problem in error.problems:
                self._told.file(file.name, problem.what, problem.what_to_do)
        for one in source.files:
            self._told.close(one.name)
