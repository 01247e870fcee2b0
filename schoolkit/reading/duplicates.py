"""Entries -> the suspicious pairs within each pupil, most suspicious first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Indel

from ..errors import InputError, Problem
from .alignment import letters
from .similarity import CHECK_CUTOFF, Comparison, compare_parts
from .titles import TitleParts, title_parts

_LEAST_COMMON_LETTERS = 0.5
"""Main titles with fewer common letters (of both together) are not compared any further.

A pair that scores CHECK_CUTOFF by its alignment has more: the dearest slips per letter
leave at least six letters of ten.
"""
_PUPIL_COLUMNS = ("student", "name")


def find_duplicates(
    entries: pd.DataFrame,
    *,
    cutoff: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Every suspicious pair of books within one pupil.

    Args:
        entries: one row per pupil and book with the columns ``student`` and ``book``; others
            are carried along. Not changed.
        cutoff: the least score, from 0 to 1; by default ``similarity.CHECK_CUTOFF``. A lower
            one shows more pairs of the verdict ``check``.
        progress: called with the share of the work that is done, from 0 to 1.

    Returns:
        A DataFrame with one row per pair, most suspicious first: ``student``, ``name`` (if
        the entries have it), ``verdict`` (``same`` or ``check``), ``score`` (0 to 1),
        ``reasons`` (Korean, parted by ``; ``), then every other column of the entries with
        ``_a`` for the entry that comes first and ``_b`` for the later one.

    Raises:
        InputError: a column is missing, or the cutoff is no number from 0 to 1.
    """
    _check(entries, cutoff)
    least = CHECK_CUTOFF if cutoff is None else float(cutoff)
    usable = entries["student"].notna() & entries["book"].notna()
    rows = np.flatnonzero(usable.to_numpy())
    codes, spellings = pd.factorize(entries["book"].iloc[rows].astype(str))
    parts = [title_parts(spelling) for spelling in spellings]
    judge = _Judge(parts, least)

    first, second, found = [], [], []
    pupils = list(_rows_by_pupil(entries["student"].iloc[rows]))
    for done, positions in enumerate(pupils):
        if progress and done % 50 == 0:
            progress(done / len(pupils))
        mine = codes[positions]
        for i, j in judge.candidates(mine):
            comparison = judge.compare(mine[i], mine[j])
            if comparison.verdict != "different":
                first.append(rows[positions[i]])
                second.append(rows[positions[j]])
                found.append(comparison)
    if progress:
        progress(1.0)
    return _pairs(entries, first, second, found)


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


class _Judge:
    """Compares spellings by their codes; every pair of spellings is judged once."""

    def __init__(self, parts: list[TitleParts], cutoff: float):
        self.parts = parts
        self.cutoff = cutoff
        mains = pd.Series([letters(one.main) for one in parts], dtype=object)
        wholes = pd.Series([letters(one.main + one.subtitle) for one in parts], dtype=object)
        self.mains, self.wholes = mains.to_numpy(), wholes.to_numpy()
        self.with_subtitle = (mains != wholes).to_numpy()
        self.known: dict[tuple[int, int], Comparison] = {}

    def candidates(self, codes: np.ndarray) -> list[tuple[int, int]]:
        """The pairs (i, j), i < j, of a pupil's books that have enough letters in common."""
        if len(codes) < 2:
            return []
        near = self._near(self.mains[codes], self.mains[codes])
        if self.with_subtitle[codes].any():
            across = self._near(self.wholes[codes], self.mains[codes])
            near |= across | across.T
        return [(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(near, 1)), strict=True)]

    @staticmethod
    def _near(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        scores = process.cdist(
            one, other, scorer=Indel.normalized_similarity, score_cutoff=_LEAST_COMMON_LETTERS, dtype=np.float32
        )
        return scores >= _LEAST_COMMON_LETTERS

    def compare(self, a: int, b: int) -> Comparison:
        if (a, b) not in self.known:
            self.known[a, b] = compare_parts(self.parts[a], self.parts[b], self.cutoff)
        return self.known[a, b]


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
