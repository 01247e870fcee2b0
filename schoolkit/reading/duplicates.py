"""Entries -> the suspicious pairs within each pupil, most suspicious first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from .decisions import split_decided
from .streaming import check_input, pupils_by_spelling, stream_duplicates

_SLICE = 5_000  # rows, some seconds at most


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
        also ``decision`` and ``note``. ``attrs["unchecked"]`` lists keys with more than
        ``streaming.MOST_BOOKS`` entries, which no pupil has and which are not checked (``student``,
        ``entries``).

    Raises:
        InputError: a column is missing, or the cutoff is no number from 0 to 1.
    """
    check_input(entries.columns, cutoff)
    unchecked: list[dict] = []
    found = stream_duplicates(
        _batches(entries, progress),
        spellings=pupils_by_spelling(entries),
        cutoff=cutoff,
        present_year=present_year,
        unchecked=lambda student, rows: unchecked.append({"student": student, "entries": rows}),
    )
    # equal scores keep the order of the file, so that a pupil's pairs stay together
    pairs = pd.concat(found).sort_values("score", ascending=False, kind="stable", ignore_index=True)
    if decisions is not None:
        pairs = split_decided(pairs, decisions)[0]
    pairs.attrs["unchecked"] = unchecked
    return pairs


def _batches(entries: pd.DataFrame, progress: Callable[[float], None] | None) -> Iterator[pd.DataFrame]:
    """The entries grouped by pupil, pupils and rows in their first order, in slices that show how far it is."""
    plain = entries.copy(deep=False)
    plain.attrs = {}
    plain = plain.iloc[np.argsort(pd.factorize(entries["student"])[0], kind="stable")]
    for start in range(0, max(len(plain), 1), _SLICE):
        if progress:
            progress(start / max(len(plain), 1))
        yield plain.iloc[start : start + _SLICE]
    if progress:
        progress(1.0)
