"""Records that stand in two exports of one pupil, counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..reading.books import bare_text
from .parquet import open_parquet

_COLUMNS = ["student", "school_year", "grade", "semester", "subject_area", "book", "file"]
_ROWS = 30_000


def without_copies(entries: Path, target: Path, progress: Callable[[int], None]) -> int:
    """Writes the entries without those that an earlier file held already; how many were left out comes back.

    The same rule as in ``read_reading_records``: pupil, term, subject area and book agree, and the
    school year or grade is known. What one file holds several times is kept so often.

    Args:
        entries: sorted by pupil and ``seq``.
        progress: called with the number of rows that are done.
    """
    left_out = done = 0
    copies = _Copies()
    with open_parquet(entries) as file, pq.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
        for batch in file.iter_batches(_ROWS):
            again = copies.found(batch.select(_COLUMNS).to_pandas())
            left_out += int(again.sum())
            writer.write_batch(batch.filter(pa.array(~again)) if again.any() else batch)
            progress(done := done + len(batch))
    return left_out


def same_in_two_files(pairs: pd.DataFrame) -> int:
    """How many pairs are entries of different files that agree in time, subject area and book; the time is known."""
    pairs = pairs[(pairs["file_a"] != pairs["file_b"]) & (pairs["school_year_a"].notna() | pairs["grade_a"].notna())]
    for name in ("school_year", "grade", "semester", "subject_area"):
        a, b = pairs[f"{name}_a"], pairs[f"{name}_b"]
        pairs = pairs[(a.eq(b).fillna(False) | (a.isna() & b.isna())).to_numpy(dtype=bool)]
    return sum(bare_text(a) == bare_text(b) for a, b in zip(pairs["book_a"], pairs["book_b"], strict=True))


class _Copies:
    """What the files read so far hold of the pupil who may go on in the next batch."""

    def __init__(self):
        self._begin(None, None)

    def _begin(self, pupil: str | None, file: str | None) -> None:
        self._pupil, self._file = pupil, file
        self._most: Counter = Counter()  # entry -> how often one earlier file holds it at most
        self._here: Counter = Counter()

    def found(self, rows: pd.DataFrame) -> np.ndarray:
        """Whether each row is a copy."""
        again = np.zeros(len(rows), dtype=bool)
        for at, pupil, file, entry in _comparable(rows):
            if pupil != self._pupil:
                self._begin(pupil, file)
            elif file != self._file:
                self._most |= self._here
                self._file, self._here = file, Counter()
            if entry is not None:
                self._here[entry] += 1
                again[at] = self._here[entry] <= self._most[entry]
        return again


def _comparable(rows: pd.DataFrame) -> Iterator[tuple[int, str, str, tuple | None]]:
    """Position, pupil, file and entry of the rows of pupils who stand in several files, or may do so."""
    if rows.empty:
        return
    several = rows.groupby("student", sort=False)["file"].transform("nunique") > 1
    ends = rows["student"].isin([rows["student"].iloc[0], rows["student"].iloc[-1]])
    positions = np.flatnonzero(several | ends)
    chosen = rows.iloc[positions].astype(object)
    chosen = chosen.where(chosen.notna(), None)
    for at, row in zip(positions, chosen.itertuples(index=False), strict=True):
        year = row.school_year or row.grade
        entry = (year, row.semester or 0, row.subject_area, bare_text(row.book)) if year else None
        yield at, row.student, row.file, entry
