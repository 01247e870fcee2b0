"""Compares the spellings of an upload: only those that are near, and each pair of spellings once."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Indel

from .alignment import letters
from .evidence import Evidence
from .similarity import CHECK_CUTOFF, Comparison, compare_parts, continued
from .titles import TitleParts, title_parts

LEAST_COMMON_LETTERS = 0.5
"""Main titles with fewer common letters (of both together) are not compared any further.

A pair that scores CHECK_CUTOFF by its alignment has more: the dearest slips per letter
leave at least six letters of ten.
"""


class Judge:
    """Judges pairs of spellings by their position among the upload's distinct spellings."""

    def __init__(self, spellings: pd.Series, cutoff: float | None = None):
        """``spellings``: how many pupils have each book; the index is the book as written."""
        self.cutoff = CHECK_CUTOFF if cutoff is None else float(cutoff)
        self.spellings = spellings
        self.parts = [title_parts(book) for book in spellings.index]
        self.evidence = Evidence(spellings)
        mains = pd.Series([letters(one.main) for one in self.parts], dtype=object)
        wholes = pd.Series([letters(one.main + one.subtitle) for one in self.parts], dtype=object)
        self._mains, self._wholes = mains.to_numpy(), wholes.to_numpy()
        self._with_subtitle = (mains != wholes).to_numpy()
        self._continued = _continuing(self.parts)
        self._known: dict[tuple[int, int], Comparison] = {}

    def near(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Which spellings of ``one`` (rows) and ``other`` (columns), given as positions, are worth comparing."""
        near = _near(self._mains[one], self._mains[other])
        if self._with_subtitle[one].any():
            near |= _near(self._wholes[one], self._mains[other])
        if self._with_subtitle[other].any():
            near |= _near(self._mains[one], self._wholes[other])
        for i, mine in enumerate(one):
            if mine in self._continued:
                near[i] |= np.isin(other, self._continued[mine])
        return near

    def compare(self, a: int, b: int) -> Comparison:
        """The comparison of two spellings, remembered."""
        if (a, b) not in self._known:
            self._known[a, b] = compare_parts(self.parts[a], self.parts[b], self.cutoff, self.evidence)
        return self._known[a, b]


def _continuing(parts: list[TitleParts]) -> dict[int, list[int]]:
    """For each title the titles that go on where it ends or that it goes on from, by position."""
    in_order = sorted(range(len(parts)), key=lambda at: parts[at].readable)
    found: dict[int, list[int]] = defaultdict(list)
    open_titles: list[int] = []
    for at in in_order:
        while open_titles and not parts[at].readable.startswith(parts[open_titles[-1]].readable):
            open_titles.pop()
        for shorter in open_titles:
            if continued(parts[shorter].readable, parts[at].readable):
                found[shorter].append(at)
                found[at].append(shorter)
        open_titles.append(at)
    return found


def _near(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    scores = process.cdist(
        one, other, scorer=Indel.normalized_similarity, score_cutoff=LEAST_COMMON_LETTERS, dtype=np.float32
    )
    return scores >= LEAST_COMMON_LETTERS
