"""The fairest grouping, and what is proven about it: search, then proof where a class is small enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .anneal import anneal
from .candidates import MOST_CANDIDATES, candidate_groups, count_candidates
from .instance import Instance
from .proof import prove
from .search import random_start, search

_CLASS = 64
_CLASS_STEPS, _MENDING_STEPS = 700, 400
_NO_DIFFERENCE = 1e-6


@dataclass(frozen=True)
class Solved:
    """What was found.

    Attributes:
        units: the group of each unit, no rule broken; None if no such grouping was found.
        score: its score; infinite if there is none.
        bound: no grouping scores lower; infinite if it is proven that the rules leave none.
        stopped: whether the time ran out before the work was done.
    """

    units: np.ndarray | None
    score: float
    bound: float
    stopped: bool

    @property
    def proven(self) -> bool:
        """Whether no grouping is fairer."""
        return self.score <= self.bound + _NO_DIFFERENCE


def solve(
    instance: Instance,
    rng: np.random.Generator,
    *,
    bound: float,
    until: float,
    on_step: Callable[[float], None] | None = None,
) -> Solved:
    """The fairest grouping that could be found, and a bound on all.

    Args:
        bound: a bound that is known beforehand.
        until: when to stop, by ``time.monotonic``.
        on_step: called now and then with the share that is done, 0 to 1.
    """
    countable = count_candidates(instance) <= MOST_CANDIDATES
    best, hurried = _searched(instance, rng, bound, until, countable, on_step)
    score = np.inf if best is None else instance.score(best)
    if score > bound + _NO_DIFFERENCE and countable:
        proof = prove(instance, candidate_groups(instance), best, until)
        best, score, bound = proof.units, proof.score, max(bound, proof.bound)
    reached = score <= bound + _NO_DIFFERENCE
    stopped = not reached and (hurried or time.monotonic() > until)
    return Solved(best, score, min(bound, score) if best is not None else bound, stopped)


def _searched(instance, rng, bound, until, countable, on_step) -> tuple[np.ndarray | None, bool]:
    """The best grouping found without a proof, and whether time was short."""
    start, hurried = random_start(instance, rng), False
    if start is None:
        return None, False
    steps = _CLASS_STEPS if countable else 8 * _CLASS_STEPS
    if instance.n_units > _CLASS and not instance.ranged:
        start, hurried = anneal(instance, rng, start=start, target=bound, until=until, on_step=on_step)
        steps = _MENDING_STEPS
        if instance.broken(start) == 0:
            return start, hurried
    best = search(instance, rng, start=start, steps=steps, target=bound, until=until, on_step=on_step)
    return (best if instance.broken(best) == 0 else None), hurried
