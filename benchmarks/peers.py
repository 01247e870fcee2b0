"""Other ways to find duplicate books: the talk's formula, difflib and RapidFuzz, each scoring two books as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

import numpy as np
import pandas as pd
from measures import best_cutoff
from rapidfuzz import fuzz

from schoolkit.reading.alignment import letters
from schoolkit.reading.books import bare_text, split_title_author
from schoolkit.reading.morphemes import morpheme_similarity


@dataclass(frozen=True)
class Peer:
    """A way to score two books; without a cutoff it takes the one that suits the labelled pairs best."""

    name: str
    score: Callable[[str, str], float]
    cutoff: float | None = None


@cache
def bare_title(book: str) -> str:
    return bare_text(split_title_author(book)[0])


@cache
def title_letters(book: str) -> str:
    return letters(bare_title(book))


def talk(a: str, b: str) -> float:
    return morpheme_similarity(a, b) / 2


def difflib_ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, bare_title(a), bare_title(b), autojunk=False).ratio()


def jamo_ratio(a: str, b: str) -> float:
    return fuzz.ratio(title_letters(a), title_letters(b)) / 100


PEERS = (
    Peer("talk", talk, 0.8),
    Peer("talk, best", talk),
    Peer("difflib", difflib_ratio, 0.9),
    Peer("RapidFuzz, best", jamo_ratio),
)


def score_pairs(pairs: pd.DataFrame) -> dict[Callable, np.ndarray]:
    """The scores of the pairs ``a``, ``b`` by each way, a pair of spellings once."""
    distinct = pairs[["a", "b"]].drop_duplicates()
    where = pd.MultiIndex.from_frame(distinct).get_indexer(pd.MultiIndex.from_frame(pairs[["a", "b"]]))
    return {
        score: np.array([score(a, b) for a, b in zip(distinct["a"], distinct["b"], strict=True)])[where]
        for score in dict.fromkeys(peer.score for peer in PEERS)
    }


def with_cutoffs(wanted: np.ndarray, scores: dict[Callable, np.ndarray]) -> list[Peer]:
    """The peers, those without a cutoff at the best one for these pairs."""
    return [
        replace(peer, cutoff=best_cutoff(wanted, scores[peer.score])) if peer.cutoff is None else peer for peer in PEERS
    ]
