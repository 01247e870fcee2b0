"""Entries -> the spellings of each book that the whole upload holds in several, and the likely right one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA

from .alignment import ALIKE, LEAST_STEP
from .authors import Agreement, agreement, people
from .books import bare_text
from .judge import Judge
from .morphemes import morphemes
from .numerals import read_as
from .similarity import SAME_CUTOFF, Comparison
from .streaming import pupils_by_spelling
from .titles import TitleParts, title_parts

_TYPES = {
    "group": "Int64",
    "book": "string",
    "pupils": "Int64",
    "entries": "Int64",
    "likely": bool,
    "score": float,
    "reasons": "string",
}

_BLOCK = 500  # titles that are held against all others at a time, so that memory stays bounded
_OTHER_BOOK = 0.5
"""Two spellings that score no more are other books, even if a third, vaguer one is like both."""

_CHEAPEST = ALIKE / 2  # what a slip costs at least, as it counts half where only endings differ
_SIGN = re.compile(r"[0-9a-z]")  # may be written as it is read
_WEIGHT_OF_KNOWN = 3  # as many pupils must have a title with an unknown word for one that has a known one
_ODD_SIGN = re.compile(r"[^\w\s().,:!?·-]|\s{2,}|^\s|\s$")


def group_spellings(entries: pd.DataFrame, *, progress: Callable[[float], None] | None = None) -> pd.DataFrame:
    """Every group of two or more spellings that look like one book, over all pupils.

    The spellings are gone through from the likeliest down. Each joins the first spelling of
    the group it is most like, if that verdict is ``same`` and it is no other book than any
    other of the group; otherwise it begins a group. So no chain of likenesses makes one book of two.

    The likeliest comes first by these rules, each for what is equal by those before it:
    a title (main title and volume, signs and blanks aside) that more pupils have, where one
    with a word that Kiwi does not know counts a third and loses a tie; a named author; no note
    of an edition; more pupils; fewer odd signs; more blanks; the order of the text.

    Args:
        entries: one row per pupil and book with the columns ``student`` and ``book``; rows
            without either are left out. Not changed.
        progress: called with the share of the work that is done, from 0 to 1.

    Returns:
        A DataFrame with one row per spelling, the group with the most entries to correct
        first and the likely right spelling first in each: ``group`` (from 1), ``book`` (as
        written), ``pupils`` and ``entries`` (how many have it), ``likely`` (True once in a
        group), ``score`` (0 to 1) and ``reasons`` (Korean, parted by ``; ``) of the comparison
        with the likely spelling, 1.0 and empty for that itself.

    Raises:
        KeyError: a column is missing.
    """
    spellings = pupils_by_spelling(entries)
    counts = entries[["student", "book"]].dropna()["book"].astype(str).value_counts()
    counts = counts.reindex(spellings.index).to_numpy()
    judge = _ByPosition(spellings)
    alike = _alike(judge, progress)
    groups = [group for group in _groups(judge, alike) if len(group) > 1]

    def most_to_correct_first(group: dict[int, Comparison | None]) -> tuple:
        likely, *others = group
        return -sum(counts[one] for one in others), spellings.index[likely]

    rows = []
    for number, group in enumerate(sorted(groups, key=most_to_correct_first), start=1):
        likely, *others = group
        others.sort(key=lambda one: (-counts[one], -spellings.iloc[one], spellings.index[one]))
        for one in (likely, *others):
            found = group[one]
            score, reasons = (found.score, "; ".join(found.reasons)) if found else (1.0, "")
            rows.append((number, spellings.index[one], spellings.iloc[one], counts[one], found is None, score, reasons))
    if progress:
        progress(1.0)
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


class _ByPosition:
    """The judge of an upload's spellings, told by their position."""

    def __init__(self, spellings: pd.Series):
        self.spellings = spellings
        self.parts = [title_parts(book) for book in spellings.index]
        self._judge = Judge(spellings)
        self.evidence = self._judge.evidence

    def near(self, one: Sequence[int], other: Sequence[int]) -> np.ndarray:
        return self._judge.near(*([self.parts[at].written for at in side] for side in (one, other)))

    def compare(self, a: int, b: int) -> Comparison:
        return self._judge.compare(self.parts[a].written, self.parts[b].written)


def _alike(judge: _ByPosition, progress: Callable[[float], None] | None) -> dict[int, set[int]]:
    """For each spelling that is ``same`` as another one, all that are."""
    alike: dict[int, set[int]] = defaultdict(set)
    for a, b in _near_spellings(judge, progress):
        if _may_be_same(judge.parts[a], judge.parts[b]) and judge.compare(a, b).verdict == "same":
            alike[a].add(b)
            alike[b].add(a)
    return alike


def _near_spellings(judge: _ByPosition, progress: Callable[[float], None] | None) -> Iterator[tuple[int, int]]:
    by_title: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, parts in enumerate(judge.parts):
        by_title[parts.main, parts.subtitle].append(position)
    # titles with a subtitle cost more to hold against others: they stay together
    titles = [by_title[title] for title in sorted(by_title, key=lambda title: bool(title[1]))]
    firsts = [members[0] for members in titles]
    for start in range(0, len(titles), _BLOCK):
        if progress:
            progress(1 - (1 - start / len(titles)) ** 2)
        near = judge.near(firsts[start : start + _BLOCK], firsts[start:])
        for i, j in zip(*np.nonzero(np.triu(near)), strict=True):
            of_a, of_b = titles[start + i], titles[start + j]
            yield from ((a, b) for a in of_a for b in of_b if i != j or a < b)


def _may_be_same(a: TitleParts, b: TitleParts) -> bool:
    """Whether the verdict can be ``same``, told by volumes, authors and the number of slips.

    It spares most comparisons, and never one whose verdict is ``same``.
    """
    if bare_text(a.written) == bare_text(b.written):
        return True
    if a.volume and b.volume and a.volume != b.volume:
        return False
    return _titles_may_be_same(a, b) and agreement(a.author, b.author) >= Agreement.MISSING


def _titles_may_be_same(a: TitleParts, b: TitleParts) -> bool:
    """Whether any two texts that a comparison takes for the titles are a few slips apart."""
    if _few_slips(a.main, b.main):
        return True
    whole_a, whole_b = a.main + a.subtitle, b.main + b.subtitle
    if (a.subtitle or b.subtitle) and any(
        _few_slips(*texts) for texts in ((whole_a, b.main), (a.main, whole_b), (whole_a, whole_b))
    ):
        return True
    if a.volume != b.volume and _few_slips(a.whole, b.whole):
        return True
    return bool(_SIGN.search(a.main + b.main)) and _few_slips(read_as(a.main, b.main), read_as(b.main, a.main))


def _few_slips(a: str, b: str) -> bool:
    step = max(1 / max(len(a), len(b), 1), LEAST_STEP)
    most = int((1 - SAME_CUTOFF) / (_CHEAPEST * step) + 1e-9)
    return OSA.distance(a, b, score_cutoff=most) <= most


def _groups(judge: _ByPosition, alike: dict[int, set[int]]) -> list[dict[int, Comparison | None]]:
    """Groups of spellings with the comparison of each with the first, which has none."""
    groups: dict[int, dict[int, Comparison | None]] = {}
    for one in _likeliest_first(judge, list(alike)):
        fitting = [
            (judge.compare(one, head), head)
            for head in groups.keys() & alike[one]
            if all(other in alike[one] or judge.compare(one, other).score > _OTHER_BOOK for other in groups[head])
        ]
        fitting = [(found, head) for found, head in fitting if found.verdict == "same"]
        if fitting:
            found, head = min(fitting, key=lambda fit: (-fit[0].score, list(groups).index(fit[1])))
            groups[head][one] = found
        else:
            groups[one] = {one: None}
    return list(groups.values())


def _likeliest_first(judge: _ByPosition, positions: list[int]) -> list[int]:
    """The spellings by the rules that :func:`group_spellings` names."""
    titles: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in positions:
        titles[judge.parts[one].main, judge.parts[one].volume].append(one)
    weights = {}
    for title, members in titles.items():
        # Kiwi is surest of the form that has its blanks
        common = max(members, key=lambda one: (judge.spellings.iloc[one], judge.parts[one].readable.count(" ")))
        pupils, unknown = judge.evidence.pupils(judge.parts[common]), _has_unknown_word(judge.parts[common].readable)
        weights[title] = (-pupils if unknown else -_WEIGHT_OF_KNOWN * pupils, unknown)

    def rank(one: int) -> tuple:
        parts, written = judge.parts[one], judge.parts[one].written
        return (
            weights[parts.main, parts.volume],
            not people(parts.author),
            bool(parts.editions),
            -judge.spellings.iloc[one],
            len(_ODD_SIGN.findall(written)),
            -len(written.split()),
            written,
        )

    return sorted(positions, key=rank)


def _has_unknown_word(title: str) -> bool:
    return any(not one.known and one.tag[0] not in "JESWZ" for one in morphemes(title))
