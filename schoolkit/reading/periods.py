"""Pairs within past school years told apart from those with a record of the present one.

A record of a past year can only be changed by the formal correction procedure, and the
guidance of some years allows a book again that was read anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import pandas as pd

_KOREAN_TIME = timezone(timedelta(hours=9))
_FIRST_MONTH = 3  # a Korean school year begins on the first of March


def this_school_year() -> int:
    """The school year of today in Korea."""
    today = datetime.now(_KOREAN_TIME)
    return today.year - (today.month < _FIRST_MONTH)


def periods(pairs: pd.DataFrame, present_year: int | None = None) -> pd.Series | None:
    """``past`` for pairs within past school years, ``present`` with a record of the present one, else missing.

    Args:
        pairs: with ``school_year_a`` and ``_b`` (years), or ``grade`` (the grade of the record)
            and ``current_grade`` (the pupil's); where a record names no year, its grade decides.
        present_year: the present school year; by default that of today.

    Returns:
        A Series of strings beside the pairs; None if they have neither years nor grades.
    """
    year = this_school_year() if present_year is None else present_year
    sides = [_is_past(pairs, side, year) for side in "ab"]
    if sides[0] is None or sides[1] is None:
        return None
    past, present = (sides[0] == 1) & (sides[1] == 1), (sides[0] == 0) | (sides[1] == 0)
    words = np.where(present, "present", np.where(past, "past", None))
    return pd.Series(pd.array(words, dtype="string"), index=pairs.index)


def _is_past(pairs: pd.DataFrame, side: str, year: int) -> np.ndarray | None:
    """1 where a record is of a past year, 0 where of the present, NaN where that is not known."""
    years = _numbers(pairs, f"school_year_{side}")
    grades = _numbers(pairs, f"grade_{side}")
    current = [_numbers(pairs, f"current_grade_{one}") for one in "ab"]
    if years is None and (grades is None or current[0] is None or current[1] is None):
        return None
    past = np.full(len(pairs), np.nan)
    if grades is not None and current[0] is not None and current[1] is not None:
        highest = np.fmax(*current)
        known = ~np.isnan(grades) & ~np.isnan(highest)
        past[known] = grades[known] < highest[known]
    if years is not None:
        known = ~np.isnan(years)
        past[known] = years[known] < year
    return past


def _numbers(pairs: pd.DataFrame, column: str) -> np.ndarray | None:
    if column not in pairs:
        return None
    return pd.to_numeric(pairs[column], errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
