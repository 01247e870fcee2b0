"""Columns of a pupil table -> traits: categories or numbers, each with its weights."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..rosters.headers import category_text

NOT_GIVEN = "(없음)"

# Numbers in these columns name something and are no amounts.
_LABELS = re.compile(r"반|학급|번호|학번|코드|조|모둠|group|class|code", re.IGNORECASE)
_FEW_VALUES = 6
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Trait:
    """What one column says of each pupil, and how much it counts.

    Attributes:
        column: the column's header.
        aim: ``"balance"`` (every group like the whole class) or ``"alike"`` (similar pupils together).
        codes: for categories, the pupils' category numbers, shape (n,); else None.
        categories: the categories' names, in the order of their numbers.
        values: for numbers, the pupils' values with the mean in place of missing ones, shape (n,); else None.
        weight: the weight of categories, or of an ``"alike"`` trait of any kind; at least 0.
        mean, spread: for balanced numbers, the weights of equal means and of equal spreads; at least 0.
        missing: how many pupils have no value.
        unread: how many pupils have a text where a number was wanted; they count as missing too.
    """

    column: str
    aim: str
    codes: np.ndarray | None = None
    categories: tuple[str, ...] = ()
    values: np.ndarray | None = None
    weight: float = 1.0
    mean: float = 0.0
    spread: float = 0.0
    missing: int = 0
    unread: int = 0

    @property
    def is_number(self) -> bool:
        return self.values is not None


def guess_kind(column: pd.Series) -> str:
    """``"number"`` for a column of amounts, else ``"category"``.

    Numbers are taken for categories where the header speaks of a class, a number or a
    code, or where there are no more than six different whole ones.

    >>> guess_kind(pd.Series([71, 88, 93, 54, 60, 77.5, 81], name="점수"))
    'number'
    >>> guess_kind(pd.Series([1, 2, 3, 1, 2, 3, 1], name="수준"))
    'category'
    """
    numbers, given = as_numbers(column), ~is_missing(column)
    if not given.any() or np.isnan(numbers[given]).mean() > 0.1:
        return "category"
    if isinstance(column.name, str) and _LABELS.search(column.name):
        return "category"
    present = numbers[~np.isnan(numbers)]
    few = len(np.unique(present)) <= _FEW_VALUES and np.array_equal(present, np.round(present))
    return "category" if few else "number"


def category_trait(column: pd.Series, *, aim: str = "balance", weight: float = 1.0) -> Trait:
    """The column as categories; what is missing is a category of its own."""
    texts = np.where(is_missing(column), NOT_GIVEN, [category_text(value) for value in column])
    categories, codes = np.unique(texts.astype(object), return_inverse=True)
    missing = int((texts == NOT_GIVEN).sum())
    return Trait(str(column.name), aim, codes=codes, categories=tuple(categories), weight=weight, missing=missing)


def number_trait(
    column: pd.Series, *, aim: str = "balance", weight: float = 1.0, mean: float = 0.0, spread: float = 0.0
) -> Trait:
    """The column as numbers; the mean stands for what is missing or cannot be read as a number."""
    numbers = as_numbers(column)
    lacking = np.isnan(numbers)
    unread = int((lacking & ~is_missing(column)).sum())
    middle = numbers[~lacking].mean() if (~lacking).any() else 0.0
    values = np.where(lacking, middle, numbers)
    return Trait(
        str(column.name),
        aim,
        values=values,
        weight=weight,
        mean=mean,
        spread=spread,
        missing=int(lacking.sum()),
        unread=unread,
    )


def is_missing(column: pd.Series) -> np.ndarray:
    """Whether each cell is empty: no value, or nothing but blanks."""
    return np.array([bool(pd.isna(value)) or (isinstance(value, str) and not value.strip()) for value in column])


def as_numbers(column: pd.Series) -> np.ndarray:
    """The cells as numbers, NaN where there is none; ``1,234`` and ``85점`` are read, ``결시`` is not."""
    return np.array([_number(value) for value in column], dtype=float)


def _number(value: object) -> float:
    if isinstance(value, (bool, np.bool_)):
        return float(value)
    if isinstance(value, (int, float, np.number)):
        return float(value) if np.isfinite(value) else float("nan")
    if not isinstance(value, str):
        return float("nan")
    text = re.sub(r"(점|%|cm|kg|회|개|권|세|분|초)$", "", value.replace(",", "").strip())
    return float(text) if _NUMBER.fullmatch(text) else float("nan")
