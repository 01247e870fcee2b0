"""What the files of an office are read into, and what of them could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

ENTRIES = pa.schema(
    [
        ("student", pa.string()),
        ("school", pa.string()),
        ("name", pa.string()),
        ("current_grade", pa.int8()),
        ("class_no", pa.int16()),
        ("seat_no", pa.int16()),
        ("school_year", pa.int16()),
        ("grade", pa.int8()),
        ("semester", pa.int8()),
        ("subject_area", pa.string()),
        ("book", pa.string()),
        ("file", pa.string()),
        ("row", pa.int32()),
        ("seq", pa.int64()),
    ]
)
"""One row per pupil and book: ``student`` is the key, ``file`` the path below what the user named,
``row`` as Excel shows it, ``seq`` a running number over all files; null where the files do not say."""

MOST_RANGES = 1_000
"""So many ranges of rows are listed for one reason in one file; the rest is counted alone."""


@dataclass
class Unread:
    """Rows of a file, or a whole file, that could not be read, and why.

    Attributes:
        file: the path below what the user named.
        rows: (first, last) as Excel shows them, at most ``MOST_RANGES``; empty for the whole file.
        what: what is wrong, a Korean sentence without a pupil's data.
        what_to_do: what the reader can do, a Korean sentence.
        count: how many rows; 0 for the whole file.
    """

    file: str
    rows: list[tuple[int, int]]
    what: str
    what_to_do: str
    count: int = 0

    def __str__(self) -> str:
        sentence = f"{self.what} {self.what_to_do}".strip()
        if not self.count:
            return f"{self.file}: {sentence}"
        shown = ", ".join(f"{a}행" if a == b else f"{a}~{b}행" for a, b in self.rows[:10])
        more = f" 등 모두 {self.count:,}행" if self.count > sum(b - a + 1 for a, b in self.rows[:10]) else ""
        return f"{self.file} {shown}{more}: {sentence}"

    def add(self, row: int) -> None:
        """Counts one more row, which is not before the last one."""
        if self.rows and self.rows[-1][1] == row:
            return
        self.count += 1
        if self.rows and self.rows[-1][1] == row - 1:
            self.rows[-1] = self.rows[-1][0], row
        elif len(self.rows) < MOST_RANGES:
            self.rows.append((row, row))


@dataclass
class Told:
    """What is told to the reader beside the entries; filled while the files are read."""

    unread: list[Unread] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _by_reason: dict[tuple[str, str], Unread] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def file(self, file: str, what: str, what_to_do: str) -> None:
        """A whole file could not be read."""
        self.unread.append(Unread(file, [], what, what_to_do))

    def rows(self, file: str, rows: Iterable[int], what: str, what_to_do: str) -> None:
        """Rows of a file could not be read; their numbers rise from call to call."""
        found = self._by_reason.get((file, what))
        for row in rows:
            if found is None:
                found = self._by_reason[file, what] = Unread(file, [], what, what_to_do)
                self.unread.append(found)
            found.add(int(row))

    def begin_sheet(self, file: str) -> None:
        """What follows of a file are the rows of another sheet, numbered anew."""
        for key in [key for key in self._by_reason if key[0] == file]:
            del self._by_reason[key]

    def rows_above(self, file: str, header: int) -> None:
        """What stands above a header looks like rows, which are not read."""
        self.notices.append(f"{file}: {header}행을 머리글로 보고 그 위의 줄은 읽지 않았습니다.")

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def notice_once(self, text: str, key: str) -> None:
        """A notice that is not repeated for other files, as ``key`` tells it from others."""
        if key not in self._said:
            self._said.add(key)
            self.notices.append(text)

    def count(self, file: str, what: str, number: int) -> None:
        """Something of which the notice tells the number, as ``what`` with ``{}`` in it."""
        if number:
            self._counts[file, what] = self._counts.get((file, what), 0) + int(number)

    def close(self, file: str) -> None:
        """Turns what was counted of a file into notices."""
        for key in [key for key in self._counts if key[0] == file]:
            self.notices.append(f"{file}: {key[1].format(format(self._counts.pop(key), ','))}")


@dataclass
class Rows:
    """Some rows of a table as text.

    Attributes:
        numbers: the rows as Excel shows them, an array of int32.
        columns: one Arrow array of strings, or a dictionary of them, per column of the table.
    """

    numbers: np.ndarray
    columns: list[pa.Array]


def whole_tables(tables: Iterable[pa.Table], most_rows: int) -> Iterator[pa.Table]:
    """The same tables, those with more than ``most_rows`` cut."""
    for table in tables:
        for start in range(0, table.num_rows, most_rows):
            yield table.slice(start, most_rows)
