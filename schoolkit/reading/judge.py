"""Compares spellings: only those that are near, and each pair of spellings once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Indel

from .alignment import letters
from .books import bare_text
from .bulk_alignment import likenesses
from .evidence import Evidence
from .similarity import CHECK_CUTOFF, OTHER_WORDS, WORTH_ANALYSING, Comparison, compare_parts, continued
from .titles import TitleParts, title_parts

LEAST_COMMON_LETTERS = 0.5
"""Main titles with fewer common letters (of both together) are not compared any further.

A pair that scores CHECK_CUTOFF by its alignment has more: the dearest slips per letter
leave at least six letters of ten.
"""

_SIGN = re.compile(r"[0-9a-z]")  # may be written as it is read
_COMPARISONS = 1 << 14
_OUTLINES, _OUTLINES_OF_ONE = 1 << 18, 1 << 16  # spellings, some 400 bytes each


class _Outline(NamedTuple):
    """What tells whether two spellings are near: the letters of the title, and its parts as text."""

    letters: str
    title: str
    subtitle: str
    volume: str
    whole: str

    @property
    def letters_with_subtitle(self) -> str:
        return letters(self.title + self.subtitle)


class Judge:
    """Judges pairs of spellings by what the whole upload says of them.

    What it remembers is bounded, so that it can go through any number of spellings.
    """

    def __init__(self, spellings: pd.Series | Iterable[pd.Series] | Evidence, cutoff: float | None = None):
        """``spellings``: how many pupils have each book, in one Series or in parts, or the evidence made of it."""
        self.cutoff = CHECK_CUTOFF if cutoff is None else float(cutoff)
        self._outlines: dict[str, str] = {}
        self._only_common = not isinstance(spellings, Evidence)
        self.evidence = Evidence(spellings, self._remember) if self._only_common else spellings
        self._compared = lru_cache(maxsize=_COMPARISONS)(self._compare)

    def _remember(self, parts: TitleParts, pupils: int) -> None:
        # those of one pupil are most of a large upload, and needed once
        if len(self._outlines) < (_OUTLINES if pupils > 1 else _OUTLINES_OF_ONE):
            self._outlines[parts.written] = _packed(parts)

    def near_pairs(self, books: Sequence[str]) -> list[tuple[int, int]]:
        """The positions ``i < j`` of the spellings of one pupil that are worth comparing, in order."""
        outlines = [self._outline(book) for book in books]
        near = _near(outlines, outlines)
        # a title that goes on where another ends is near however long it is
        by_title = sorted(range(len(outlines)), key=lambda at: outlines[at].letters)
        open_titles: list[int] = []
        for at in by_title:
            while open_titles and not outlines[at].letters.startswith(outlines[open_titles[-1]].letters):
                open_titles.pop()
            for shorter in open_titles:
                if continued(title_parts(books[shorter]).readable, title_parts(books[at]).readable):
                    near[shorter, at] = near[at, shorter] = True
            open_titles.append(at)
        first, second = np.nonzero(np.triu(near, 1))
        return list(zip(first.tolist(), second.tolist(), strict=True))

    def _outline(self, book: str) -> _Outline:
        packed = self._outlines.get(book)
        if packed is None:
            packed = _packed(title_parts(book))
            if not self._only_common and len(self._outlines) < _OUTLINES:
                self._outlines[book] = packed
        return _Outline._make(packed.split("\0"))

    def compare_all(self, pairs: Sequence[tuple[str, str]]) -> list[Comparison | None]:
        """The comparison of each pair of spellings; None where it is sure to be ``different``.

        Most pairs that are near are of titles too unlike to be compared any further, which
        their alignment tells; it is found for all of them at once.
        """
        hopeless = self._too_unlike(pairs) if self.cutoff > OTHER_WORDS else set()
        return [None if at in hopeless else self.compare(a, b) for at, (a, b) in enumerate(pairs)]

    def _too_unlike(self, pairs: Sequence[tuple[str, str]]) -> set[int]:
        """The positions of the pairs whose titles are not worth analysing, whichever texts stand for them."""
        positions, texts = [], []
        for at, (a, b) in enumerate(pairs):
            for one, other in _alignable(self._outline(a), self._outline(b)):
                positions.append(at)
                texts.append((one, other))
        if not texts:
            return set()
        unlike = likenesses(*zip(*texts, strict=True)) < WORTH_ANALYSING - 1e-9
        worth = {positions[at] for at in np.flatnonzero(~unlike)}
        return {at for at in set(positions) - worth if bare_text(pairs[at][0]) != bare_text(pairs[at][1])}

    def near(self, one: Sequence[str], other: Sequence[str]) -> np.ndarray:
        """Which spellings of ``one`` (rows) have letters in common with ``other`` (columns), as truth values."""
        return _near([self._outline(book) for book in one], [self._outline(book) for book in other])

    def compare(self, a: str, b: str) -> Comparison:
        """The comparison of two spellings, remembered."""
        return self._compared(a, b)

    def _compare(self, a: str, b: str) -> Comparison:
        return compare_parts(title_parts(a), title_parts(b), self.cutoff, self.evidence)


def _packed(parts: TitleParts) -> str:
    """An outline as one text, which takes half the memory."""
    return "\0".join((letters(parts.main), parts.main, parts.subtitle, parts.volume, parts.whole))


def _alignable(a: _Outline, b: _Outline) -> list[tuple[str, str]]:
    """The texts that may stand for two titles, all of them; none where other rules than alignment may decide."""
    if _SIGN.search(a.title) or _SIGN.search(b.title) or (a.subtitle and b.subtitle):
        return []
    if a.title.startswith(b.title) or b.title.startswith(a.title):
        return []
    texts = [(a.title, b.title)]
    if a.subtitle or b.subtitle:
        texts.append((a.title + a.subtitle, b.title + b.subtitle))
    if bool(a.volume) != bool(b.volume):
        texts.append((a.whole, b.whole))
    return texts


def _near(one: list[_Outline], other: list[_Outline]) -> np.ndarray:
    """Main titles against main titles, and whole ones against main ones where there are subtitles."""
    mains, other_mains = ([outline.letters for outline in outlines] for outlines in (one, other))
    near = _alike(mains, other_mains)
    if rows := [at for at, outline in enumerate(one) if outline.subtitle]:
        near[rows] |= _alike([one[at].letters_with_subtitle for at in rows], other_mains)
    if columns := [at for at, outline in enumerate(other) if outline.subtitle]:
        near[:, columns] |= _alike(mains, [other[at].letters_with_subtitle for at in columns])
    return near


def _alike(one: list[str], other: list[str]) -> np.ndarray:
    scores = process.cdist(
        one, other, scorer=Indel.normalized_similarity, score_cutoff=LEAST_COMMON_LETTERS, dtype=np.float32
    )
    return scores >= LEAST_COMMON_LETTERS
