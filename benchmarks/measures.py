"""Figures of a way to find pairs: ``wanted`` says which pairs are one book, the rest what the way made of them."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd


def rates(wanted: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall and F1; nan where nothing is wanted or found."""
    hits, n_found, n_wanted = int((wanted & found).sum()), int(found.sum()), int(wanted.sum())
    return ratio(hits, n_found), ratio(hits, n_wanted), ratio(2 * hits, n_found + n_wanted)


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _at_each_cutoff(wanted: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    """For each distinct score, highest first: how many pairs reach it, and how many of them are wanted."""
    frame = pd.DataFrame({"score": scores, "wanted": wanted.astype(int), "found": 1})
    return frame.groupby("score").sum().sort_index(ascending=False).cumsum()


def average_precision(wanted: np.ndarray, scores: np.ndarray) -> float:
    """The precision at each cutoff, weighted by the recall that the cutoff adds; equal scores are one cutoff."""
    reached = _at_each_cutoff(wanted, scores)
    gained = reached["wanted"].diff().fillna(reached["wanted"])
    return float((gained * reached["wanted"] / reached["found"]).sum() / wanted.sum())


def best_cutoff(wanted: np.ndarray, scores: np.ndarray) -> float:
    """The cutoff of the highest F1."""
    reached = _at_each_cutoff(wanted, scores)
    return float((reached["wanted"] / (reached["found"] + wanted.sum())).idxmax())


def auc(wanted: np.ndarray, scores: np.ndarray) -> float:
    """How often a wanted pair scores above another; a tie counts half."""
    ranks = pd.Series(scores).rank().to_numpy()
    n = int(wanted.sum())
    return float((ranks[wanted].sum() - n * (n + 1) / 2) / (n * (len(wanted) - n)))


def on_pairs(pairs: pd.DataFrame, found: np.ndarray) -> dict[str, float]:
    """Precision, recall, F1 and F1 on the pairs that were written by hand."""
    wanted, hand = (pairs["label"] == "same").to_numpy(), (pairs["source"] == "hand").to_numpy()
    by_hand = rates(wanted[hand], found[hand])[2]
    return dict(zip(("precision", "recall", "F1", "F1 by hand"), (*rates(wanted, found), by_hand), strict=True))


def school_pairs(entries: pd.DataFrame) -> pd.DataFrame:
    """All pairs within each pupil: ``a``, ``b`` and whether they are one book."""
    rows = []
    for _, mine in entries.groupby("student", sort=False):
        rows += itertools.combinations(zip(mine["book"], mine["book_id"], strict=True), 2)
    return pd.DataFrame([(a, b, x == y) for (a, x), (b, y) in rows], columns=["a", "b", "one_book"])


def on_school(pairs: pd.DataFrame, truth: pd.DataFrame, pupils: int) -> dict[str, float]:
    """The figures of the pairs that a way found, of all pairs ``truth``; variants are duplicates whose texts differ."""
    hits, true = pairs[pairs["one_book"]], truth[truth["one_book"]]
    return {
        "false alarms per 1,000": ratio(1000 * int((~pairs["one_book"]).sum()), pupils),
        "recall of variants": ratio((hits["a"] != hits["b"]).sum(), (true["a"] != true["b"]).sum()),
        "recall of all": ratio(len(hits), len(true)),
    }
