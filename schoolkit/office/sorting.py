"""Entries in a parquet file -> sorted by pupil, and how many pupils have each spelling, with memory bounded."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path

import duckdb
import pandas as pd

from ..errors import InputError, Problem
from .parquet import open_parquet
from .workspace import no_room

_POLL = 0.2  # seconds
_ROWS_IN_GROUP = 50_000
_SPARE = 50_000_000  # bytes of the disk that are left to others
Progress = Callable[[float], None]


def sort_entries(entries: Path, target: Path, *, memory: int, progress: Progress) -> None:
    """Writes the rows that have a pupil and a book, by pupil and within each in the order of ``seq``.

    Args:
        memory: how many bytes DuckDB may take.
        progress: called with the share that is done, from 0 to 1.

    Raises:
        InputError: the disk is full or the memory too little.
    """
    _copy(
        f"SELECT * FROM {_rows(entries)} WHERE student IS NOT NULL AND book IS NOT NULL ORDER BY student, seq",
        target,
        memory,
        progress,
    )


def write_spellings(entries: Path, target: Path, *, memory: int, progress: Progress) -> None:
    """Writes ``book`` and ``pupils``, how many pupils have it, of entries that have both; args as for sorting."""
    _copy(
        f"SELECT book, count(*) AS pupils FROM (SELECT DISTINCT student, book FROM {_rows(entries)}) GROUP BY book",
        target,
        memory,
        progress,
    )


def spellings(path: Path, rows: int = 20_000) -> Iterator[pd.Series]:
    """What :func:`write_spellings` wrote, in parts as ``Evidence`` takes them."""
    with open_parquet(path) as file:
        for batch in file.iter_batches(rows):
            yield pd.Series(batch["pupils"].to_numpy(), index=batch["book"].to_pandas())


def _rows(path: Path) -> str:
    return f"read_parquet({_quoted(glob.escape(str(path)))})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _copy(query: str, target: Path, memory: int, progress: Progress) -> None:
    """Writes what a query gives to a parquet file."""
    spill = target.parent / "duckdb"
    room = max(shutil.disk_usage(target.parent).free - _SPARE, 0)
    settings = {
        "memory_limit": f"{memory}B",
        "threads": min(os.cpu_count() or 1, 2),  # each needs some memory of its own
        "preserve_insertion_order": False,
        "temp_directory": str(spill),
        "max_temp_directory_size": f"{room}B",
    }
    command = (
        f"COPY ({query}) TO {_quoted(str(target))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_IN_GROUP})"
    )
    failed = None
    with duckdb.connect(":memory:", config=settings) as connection:
        try:
            connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
            _execute(connection, command, progress)
        except duckdb.Error as error:  # its text may hold a pupil's data
            used = sum(one.stat().st_size for one in spill.glob("*")) if spill.exists() else 0
            failed = _in_words(error, shutil.disk_usage(target.parent).free, room - used)
    shutil.rmtree(spill, ignore_errors=True)
    if failed:
        raise InputError([failed])


def _execute(connection: duckdb.DuckDBPyConnection, command: str, progress: Progress) -> None:
    """Runs a command beside this thread, which tells how far it is and hears an interruption."""
    progress(0.0)
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(connection.execute, command)
        try:
            while True:
                try:
                    running.result(timeout=_POLL)
                    break
                except TimeoutError:
                    progress(min(max(connection.query_progress(), 0) / 100, 1))
        except BaseException:
            connection.interrupt()
            raise
    progress(1.0)


def _in_words(error: duckdb.Error, free: int, left: int) -> Problem:
    if min(free, left) < 4 * _SPARE and isinstance(error, (duckdb.OutOfMemoryException, duckdb.IOException)):
        return no_room()
    if isinstance(error, duckdb.OutOfMemoryException):
        return Problem("메모리가 모자라 기록을 정렬하지 못했습니다.", "--memory를 늘려 주세요.", kind="no_memory")
    return Problem(f"기록을 정렬하지 못했습니다({type(error).__name__}).", "다시 실행해 주세요.", kind="not_sorted")
