"""The alignment of two titles, for many pairs at once: the costs and sums of ``alignment``, as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import alignment
from .alignment import LEAST_STEP, gaps

_PAIRS = 1_000  # at a time: some MB of costs
_FIRST, _LAST = ord("가"), ord("힣")
_LEADS, _VOWELS, _CODAS = 19, 21, 28


def likenesses(ones: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """:func:`alignment.likeness` of each text of ``ones`` with that of ``others`` at the same place.

    >>> likenesses(["수학의역사", "말의품격"], ["수학의역샤", "글의품격"]).round(3)
    array([0.94 , 0.725])
    """
    found = np.ones(len(ones))
    lengths = np.array([(len(one), len(other)) for one, other in zip(ones, others, strict=True)]).reshape(-1, 2)
    longer = lengths.max(axis=1, initial=0)
    by_length = np.argsort(longer, kind="stable")  # so that little is padded
    for start in range(0, len(ones), _PAIRS):
        those = by_length[start : start + _PAIRS]
        costs = _slips([ones[at] for at in those], [others[at] for at in those], lengths[those])
        steps = np.maximum(1 / np.maximum(longer[those], 1), LEAST_STEP)
        found[those] = np.maximum(0.0, 1 - costs * steps)
    return found


def _slips(ones: list[str], others: list[str], lengths: np.ndarray) -> np.ndarray:
    width_one, width_other = lengths.max(axis=0)
    signs_one, signs_other = _signs(ones, width_one), _signs(others, width_other)
    gaps_one, gaps_other = _gaps(ones, width_one), _gaps(others, width_other)
    exchange = _exchanges(signs_one[:, :, None], signs_other[:, None, :])
    table = np.zeros((width_one + 1, width_other + 1, len(ones)))
    table[1:, 0] = np.cumsum(gaps_one, axis=1).T
    table[0, 1:] = np.cumsum(gaps_other, axis=1).T
    for i in range(1, width_one + 1):
        for j in range(1, width_other + 1):
            best = table[i - 1, j - 1] + exchange[:, i - 1, j - 1]
            np.minimum(best, table[i - 1, j] + gaps_one[:, i - 1], out=best)
            np.minimum(best, table[i, j - 1] + gaps_other[:, j - 1], out=best)
            if i > 1 and j > 1:
                a, b = signs_one[:, i - 2 : i], signs_other[:, j - 2 : j]
                swapped = (a[:, 1] == b[:, 0]) & (a[:, 0] == b[:, 1]) & (a[:, 1] != b[:, 1])
                if swapped.any():
                    np.minimum(best, table[i - 2, j - 2] + alignment.SWAP, out=best, where=swapped)
            table[i, j] = best
    return table[lengths[:, 0], lengths[:, 1], np.arange(len(ones))]


def _signs(texts: list[str], width: int) -> np.ndarray:
    padded = "".join(text.ljust(width, "\0") for text in texts)
    return np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype="<i4").reshape(len(texts), width)


def _gaps(texts: list[str], width: int) -> np.ndarray:
    costs = np.zeros((len(texts), width))
    for row, text in zip(costs, texts, strict=True):
        row[: len(text)] = gaps(text)
    return costs


def _exchanges(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    of_a, of_b = _letters_of(a), _letters_of(b)
    differ = [one != other for one, other in zip(of_a, of_b, strict=True)]
    how_many = differ[0].astype(np.int8) + differ[1] + differ[2]
    costs = np.array([0.0, alignment.ONE_LETTER, alignment.TWO_LETTERS, alignment.WHOLE])[how_many]
    for kind, table in enumerate((_OF_LEADS, _OF_VOWELS)):
        only_this = differ[kind] & (how_many == 1)
        one, other = (np.broadcast_to(parts[kind], costs.shape)[only_this] for parts in (of_a, of_b))
        costs[only_this] = table[one, other]
    for pair in alignment.CONFUSED:
        one, other = map(ord, pair)
        costs[((a == one) & (b == other)) | ((a == other) & (b == one))] = alignment.PARTICLE
    return costs


def _letters_of(signs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lead, vowel and coda by number; what is no syllable has three of its own."""
    at = signs - _FIRST
    hangul = (signs >= _FIRST) & (signs <= _LAST)
    parts = at // (_VOWELS * _CODAS), at % (_VOWELS * _CODAS) // _CODAS, at % _CODAS
    return tuple(np.where(hangul, part, -1 - signs) for part in parts)


def _table(first: int, step: int, count: int) -> np.ndarray:
    """What it costs to write one letter for another, by the syllables that have no other letters."""
    syllables = [chr(first + step * number) for number in range(count)]
    return np.array([[alignment.exchange(a, b) for b in syllables] for a in syllables])


_OF_LEADS = _table(_FIRST, _VOWELS * _CODAS, _LEADS)
_OF_VOWELS = _table(_FIRST, _CODAS, _VOWELS)
