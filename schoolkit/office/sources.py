"""One table, or one school's files, as something that gives entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import pyarrow as pa

from .conversion import Conversion, head_of
from .delimited import Delimited
from .entries import Rows, Told
from .headers import Columns
from .paths import Found

Progress = Callable[[int], None]


class Source(Protocol):
    """``files`` that are read together; ``is_export``: their books are not taken as they stand."""

    files: list[Found]
    is_export: bool

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        """The entries, ``seq`` without meaning; ``progress`` is told the bytes read of these files.

        Raises:
            OSError: a file vanished or cannot be read.
        """


class TextSource:
    """A text table."""

    def __init__(self, file: Found, table: Delimited, columns: Columns, folder: str):
        self.files, self.is_export = [file], not columns.as_it_stands
        self._table, self._columns, self._folder = table, columns, folder

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        head = head_of(lambda: self._table.blocks(Told()))
        conversion = Conversion(self._columns, self.files[0].name, self._folder, told, head)
        for rows in self._table.blocks(told, progress):
            yield conversion.entries(rows)


def has_text(kind: pa.DataType) -> bool:
    """Whether cells of a type are text or numbers, so that they can be read as text."""
    try:
        pa.array([], kind).dictionary_encode().dictionary.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return False
    return True


class ParquetSource:
    """A parquet file."""

    def __init__(self, file: Found, names: list[str], columns: Columns, folder: str):
        self.files, self.is_export = [file], not columns.as_it_stands
        self._names, self._folder = names, folder
        self._used = sorted(set(columns.at.values()))
        at = {field: self._used.index(j) for field, j in columns.at.items()}
        header = tuple("" for _ in self._used)
        self._columns = Columns(at, header, columns.says_title, columns.as_it_stands)

    def entries(self, told: Told, progress: Progress) -> Iterator[pa.Table]:
        file = self.files[0]
        try:
            conversion = Conversion(self._columns, file.name, self._folder, told, head_of(self._blocks))
            for rows, share in self._parts():
                yield conversion.entries(rows)
                progress(int(file.size * share))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
            told.file(file.name, "파일이 깨져 있어 다 읽지 못했습니다.", "파일을 다시 만들거나 복사해 주세요.")

    def _blocks(self) -> Iterator[Rows]:
        return (rows for rows, _ in self._parts())

    def _parts(self) -> Iterator[tuple[Rows, float]]:
        import numpy as np
        import pyarrow.parquet as pq

        wanted = [self._names[j] for j in self._used]
        done = 0
        with pq.ParquetFile(self.files[0].path, buffer_size=1 << 20, pre_buffer=False) as opened:
            total = max(opened.metadata.num_rows, 1)
            for batch in opened.iter_batches(batch_size=1 << 16, columns=wanted, use_threads=False):
                count = batch.num_rows
                numbers = np.arange(done + 1, done + 1 + count, dtype=np.int32)
                columns = [batch.column(batch.schema.get_field_index(name)) for name in wanted]
                done += count
                yield Rows(numbers, columns), done / total
