"""Batches of entries -> the suspicious pairs within each pupil, with memory bounded however many batches come."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from .evidence import Evidence
from .judge import Judge
from .periods import periods
from .similarity import Comparison

MOST_BOOKS = 2_000
"""A key with more entries is no pupil: it is left unchecked and told. Twelve years of school
hold a few hundred; the pairs of a key grow with the square of its entries."""

_PUPIL_COLUMNS = ("student", "name")
_MOST_PAIRS = 50_000  # in one frame of pairs
_MOST_RECENT = 100_000  # pupils
_AT_A_TIME = 4_000  # near pairs, which are compared in bulk


def stream_duplicates(
    batches: Iterable[pd.DataFrame],
    *,
    spellings: pd.Series | Iterable[pd.Series] | Evidence,
    cutoff: float | None = None,
    present_year: int | None = None,
    unchecked: Callable[[object, int], None] | None = None,
) -> Iterator[pd.DataFrame]:
    """Every suspicious pair of books within one pupil, batch by batch.

    The pairs and scores are those of :func:`schoolkit.find_duplicates` on all batches at once,
    wherever the batches are cut.

    Args:
        batches: frames with the columns ``student`` and ``book``, one row per pupil and book,
            and others that are carried along. All rows of a pupil follow each other, across the
            border of batches too; the order of the pupils is free. Rows without a pupil or a
            book are passed over. Not changed.
        spellings: how many pupils have each book, the index is the book as written, over all
            batches, as :func:`pupils_by_spelling` and :func:`count_spellings` give it; in one Series
            or in parts; or an ``Evidence`` made of it.
        cutoff: the least score, from 0 to 1; by default ``similarity.CHECK_CUTOFF``.
        present_year: the present school year, for ``period``; by default that of today.
        unchecked: called with the key and the number of entries of each pupil with more than
            ``MOST_BOOKS``, which is not checked; by default a ``UserWarning`` tells the number.

    Yields:
        Frames with the columns of ``find_duplicates``, pupils in the order in which they come,
        the most suspicious pair of each first. At least one frame, perhaps without rows, comes
        for each batch.

    Raises:
        InputError: a column is missing, the cutoff is no number from 0 to 1, or a pupil comes
            again after others came between.
    """
    check_input(None, cutoff)
    judge = Judge(spellings, cutoff)
    for entries in whole_pupils(batches, unchecked):
        yield from _pairs_of(entries, judge, present_year)


def pupils_by_spelling(entries: pd.DataFrame) -> pd.Series:
    """How many pupils have each book as written; the index is the book.

    Args:
        entries: as for :func:`schoolkit.find_duplicates`; rows without a pupil or a book do not count.
    """
    used = entries[["student", "book"]].dropna().drop_duplicates()
    return used["book"].astype(str).value_counts(sort=False)


def count_spellings(batches: Iterable[pd.DataFrame]) -> pd.Series:
    """As :func:`pupils_by_spelling`, over batches that are grouped by pupil as for :func:`stream_duplicates`."""
    counts: Counter[str] = Counter()
    last, counted = object(), set()  # the pupil that may go on in the next batch, and what was counted for it
    for batch in batches:
        used = batch[["student", "book"]].dropna().drop_duplicates().astype({"student": object, "book": str})
        again = (used["student"] == last).to_numpy(dtype=bool) & used["book"].isin(counted).to_numpy(dtype=bool)
        counts.update(used["book"][~again].value_counts(sort=False).to_dict())
        if len(used) and used["student"].iloc[-1] != last:
            last, counted = used["student"].iloc[-1], set()
        counted |= set(used["book"][(used["student"] == last).to_numpy(dtype=bool)])
    return pd.Series(counts, dtype="int64")


def whole_pupils(
    batches: Iterable[pd.DataFrame], unchecked: Callable[[object, int], None] | None = None
) -> Iterator[pd.DataFrame]:
    """The same rows in frames that hold each pupil whole; one frame a batch and one for the last pupil.

    Args:
        batches, unchecked: as for :func:`stream_duplicates`; the rows of pupils that are not
            checked are left out, and so are those without a pupil or a book.

    Raises:
        InputError: a column is missing, or a pupil comes again after others came between.
    """
    tell = unchecked or _warn
    earlier = _Earlier()
    carried = _Carried()
    for batch in batches:
        check_input(batch.columns)
        used = batch[(batch["student"].notna() & batch["book"].notna()).to_numpy()]
        used.attrs = {}
        keys, bounds = _runs(used["student"])
        goes_on = int(bool(keys) and keys[0] == carried.key)
        if earlier.had_any_of(keys[goes_on:]):
            raise InputError([_UNGROUPED])
        if goes_on:
            carried.add(used.iloc[: bounds[1]])
        if len(keys) == goes_on:
            yield used.iloc[:0]
            continue
        counts = np.diff(bounds)[goes_on:-1]
        checked = counts <= MOST_BOOKS
        between = used.iloc[bounds[goes_on] : bounds[-2]]
        before = carried.taken(tell)
        for at in np.flatnonzero(~checked):
            tell(keys[goes_on + at], int(counts[at]))
        carried.begin(keys[-1], used.iloc[bounds[-2] :])
        yield pd.concat([*before, between[np.repeat(checked, counts)]])
    yield from carried.taken(tell)


class _Earlier:
    """The pupils so far, as hashes of 8 bytes each."""

    def __init__(self):
        self._recent: set[int] = set()
        self._older = np.empty(0, dtype=np.int64)  # ascending

    def had_any_of(self, keys: list) -> bool:
        """Whether one of the pupils, each of whom begins here, came before; they count as come from now on."""
        begun = {hash(key) for key in keys}
        hashes = np.fromiter(begun, np.int64, len(begun))
        at = np.searchsorted(self._older, hashes)
        inside = at < len(self._older)
        again = (
            len(begun) < len(keys)
            or not begun.isdisjoint(self._recent)
            or bool((self._older[at[inside]] == hashes[inside]).any())
        )
        self._recent |= begun
        if len(self._recent) > _MOST_RECENT:
            self._older = np.union1d(self._older, np.fromiter(self._recent, np.int64, len(self._recent)))
            self._recent = set()
        return again


class _Carried:
    """The rows of the last pupil so far, who may go on in the next batch."""

    def __init__(self):
        self.begin(object(), pd.DataFrame())

    def begin(self, key: object, rows: pd.DataFrame) -> None:
        self.key, self._rows, self._frames = key, 0, []
        self.add(rows)

    def add(self, rows: pd.DataFrame) -> None:
        self._rows += len(rows)
        # of a key that goes on for millions of rows only the number is kept
        self._frames = [*self._frames, rows] if 0 < self._rows <= MOST_BOOKS else []

    def taken(self, tell: Callable[[object, int], None]) -> list[pd.DataFrame]:
        """The rows of the pupil, now that they are whole; none, but told, if there are too many."""
        if self._rows > MOST_BOOKS:
            tell(self.key, self._rows)
        frames, self._frames, self._rows = self._frames, [], 0
        return [pd.concat(frames)] if frames else []


def _warn(pupil: object, rows: int) -> None:
    warnings.warn(f"학생 키 하나에 기록이 {rows}건 있어 점검하지 않았습니다(최대 {MOST_BOOKS}건).", stacklevel=2)


def _runs(students: pd.Series) -> tuple[list, np.ndarray]:
    """The pupil of each run of rows, and where the runs begin and the last ends."""
    codes, _ = pd.factorize(students)
    bounds = np.flatnonzero(np.diff(codes, prepend=-1))
    return students.iloc[bounds].tolist(), np.append(bounds, len(codes))


_UNGROUPED = Problem(
    "한 학생의 기록이 떨어진 곳에 다시 나와 중복을 빠뜨릴 수 있습니다.",
    "'student' 열로 정렬한 뒤 나누어 넣어 주세요.",
    column="student",
    kind="ungrouped",
)


def check_input(columns: Iterable[str] | None, cutoff: float | None = None) -> None:
    """Raises ``InputError`` if ``student`` or ``book`` is no column, or the cutoff no number from 0 to 1.

    Args:
        columns: None where they are not known yet.
    """
    problems = [
        Problem(
            f"'{column}' 열이 없습니다.",
            "학생마다 다른 키는 'student', 책은 'book' 열에 넣어 주세요.",
            column=column,
            kind="no_column",
        )
        for column in ("student", "book")
        if columns is not None and column not in columns
    ]
    if cutoff is not None and not 0 <= float(cutoff) <= 1:
        problems.append(Problem("기준값은 0과 1 사이의 수여야 합니다.", "예: 0.8", kind="bad_cutoff"))
    if problems:
        raise InputError(problems)


def _pairs_of(entries: pd.DataFrame, judge: Judge, present_year: int | None) -> Iterator[pd.DataFrame]:
    """The pairs of pupils who are whole; at least one frame."""
    books = entries["book"].astype(str).tolist() if len(entries) else []
    bounds = _runs(entries["student"])[1].tolist() if books else [0]
    near: list[tuple[int, int, int]] = []  # number of the pupil and both rows
    found: list[tuple[int, int, Comparison]] = []
    for pupil, (start, end) in enumerate(pairwise(bounds)):
        near += [(pupil, start + i, start + j) for i, j in judge.near_pairs(books[start:end])]
        if len(near) < _AT_A_TIME and end < len(books):
            continue
        compared = judge.compare_all([(books[i], books[j]) for _, i, j in near])
        alike = [(*rows, one) for rows, one in zip(near, compared, strict=True) if one and one.verdict != "different"]
        found += [pair[1:] for pair in sorted(alike, key=lambda pair: (pair[0], -pair[3].score))]
        near = []
        while len(found) > _MOST_PAIRS:
            yield _frame(entries, found[:_MOST_PAIRS], present_year)
            del found[:_MOST_PAIRS]
    yield _frame(entries, found, present_year)


def _frame(entries: pd.DataFrame, found: list[tuple[int, int, Comparison]], present_year: int | None) -> pd.DataFrame:
    a = entries.iloc[[i for i, _, _ in found]].reset_index(drop=True)
    b = entries.iloc[[j for _, j, _ in found]].reset_index(drop=True)
    pairs = a[[column for column in _PUPIL_COLUMNS if column in entries.columns]].copy()
    pairs["verdict"] = pd.array([one.verdict for *_, one in found], dtype="string")
    pairs["score"] = np.array([one.score for *_, one in found], dtype=float)
    pairs["reasons"] = pd.array(["; ".join(one.reasons) for *_, one in found], dtype="string")
    others = [column for column in entries.columns if column not in _PUPIL_COLUMNS]
    pairs = pd.concat([pairs, a[others].add_suffix("_a"), b[others].add_suffix("_b")], axis=1)
    period = periods(pairs, present_year)
    if period is not None:
        pairs.insert(pairs.columns.get_loc("reasons") + 1, "period", period)
    return pairs
