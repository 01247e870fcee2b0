"""Entries -> the suspicious pairs within each pupil, most suspicious first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from .decisions import split_decided
from .judge import Judge
from .periods import periods
from .similarity import Comparison

_PUPIL_COLUMNS = ("student", "name")


def find_duplicates(
    entries: pd.DataFrame,
    *,
    cutoff: float | None = None,
    decisions: pd.DataFrame | None = None,
    present_year: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Every suspicious pair of books within one pupil.

    Args:
        entries: one row per pupil and book with the columns ``student`` and ``book``; others
            are carried along. Not changed.
        cutoff: the least score, from 0 to 1; by default ``similarity.CHECK_CUTOFF``. A lower
            one shows more pairs of the verdict ``check``.
        decisions: what was decided before, as :func:`schoolkit.read_decisions` gives it. Pairs
            marked 정정 or 다른 책 are left out; what is new or was put off (보류) stays.
        present_year: the present school year, for ``period``; by default that of today.
        progress: called with the share of the work that is done, from 0 to 1.

    Returns:
        A DataFrame with one row per pair, most suspicious first: ``student``, ``name`` (if
        the entries have it), ``verdict`` (``same`` or ``check``), ``score`` (0 to 1),
        ``reasons`` (Korean, parted by ``; ``), ``period`` (``past``: both records lie in past
        school years, ``present``: one or both in the present one, or missing; only if the
        entries have school years or grades), then every other column of the entries with
        ``_a`` for the entry that comes first and ``_b`` for the later one. With ``decisions``
        also ``decision`` and ``note``.

    Raises:
        InputError: a column is missing, or the cutoff is no number from 0 to 1.
    """
    _check(entries, cutoff)
    usable = entries["student"].notna() & entries["book"].notna()
    rows = np.flatnonzero(usable.to_numpy())
    spellings = pupils_by_spelling(entries)
    codes = spellings.index.get_indexer(entries["book"].iloc[rows].astype(str))
    judge = Judge(spellings, cutoff)

    first, second, found = [], [], []
    pupils = list(_rows_by_pupil(entries["student"].iloc[rows]))
    for done, positions in enumerate(pupils):
        if progress and done % 50 == 0:
            progress(done / len(pupils))
        mine = codes[positions]
        near = judge.near(mine, mine)
        for i, j in zip(*np.nonzero(np.triu(near, 1)), strict=True):
            comparison = judge.compare(mine[i], mine[j])
            if comparison.verdict != "different":
                first.append(rows[positions[i]])
                second.append(rows[positions[j]])
                found.append(comparison)
    if progress:
        progress(1.0)
    pairs = _pairs(entries, first, second, found)
    period = periods(pairs, present_year)
    if period is not None:
        pairs.insert(pairs.columns.get_loc("reasons") + 1, "period", period)
    return pairs if decisions is None else split_decided(pairs, decisions)[0]


def pupils_by_spelling(entries: pd.DataFrame) -> pd.Series:
    """How many pupils have each book as written; the index is the book.

    Args:
        entries: as for :func:`find_duplicates`; rows without a pupil or a book do not count.
    """
    used = entries[["student", "book"]].dropna().drop_duplicates()
    return used["book"].astype(str).value_counts(sort=False)


def _check(entries: pd.DataFrame, cutoff: float | None) -> None:
    problems = [
        Problem(
            f"'{column}' 열이 없습니다.",
            "학생마다 다른 키는 'student', 책은 'book' 열에 넣어 주세요.",
            column=column,
            kind="no_column",
        )
        for column in ("student", "book")
        if column not in entries.columns
    ]
    if cutoff is not None and not 0 <= float(cutoff) <= 1:
        problems.append(Problem("기준값은 0과 1 사이의 수여야 합니다.", "예: 0.8", kind="bad_cutoff"))
    if problems:
        raise InputError(problems)


def _rows_by_pupil(students: pd.Series) -> Iterator[np.ndarray]:
    """The positions of each pupil's rows, pupils and rows in their first order."""
    codes, pupils = pd.factorize(students)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(1, len(pupils)))
    yield from np.split(order, starts)


def _pairs(entries: pd.DataFrame, first: list[int], second: list[int], found: list[Comparison]) -> pd.DataFrame:
    # equal scores keep the order of the file, so that a pupil's pairs stay together
    order = sorted(range(len(found)), key=lambda k: -found[k].score)
    a = entries.iloc[[first[k] for k in order]].reset_index(drop=True)
    b = entries.iloc[[second[k] for k in order]].reset_index(drop=True)
    a.attrs, b.attrs = {}, {}
    pairs = a[[column for column in _PUPIL_COLUMNS if column in entries.columns]].copy()
    pairs["verdict"] = pd.array([found[k].verdict for k in order], dtype="string")
    pairs["score"] = np.array([found[k].score for k in order], dtype=float)
    pairs["reasons"] = pd.array(["; ".join(found[k].reasons) for k in order], dtype="string")
    others = [column for column in entries.columns if column not in _PUPIL_COLUMNS]
    return pd.concat([pairs, a[others].add_suffix("_a"), b[others].add_suffix("_b")], axis=1)
