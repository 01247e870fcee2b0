"""The best grouping of a class, proven: set partitioning over every possible group.

The linear programme of the set-partitioning problem (each unit in exactly one group, so
many groups of each size) is solved by column generation. Any prices of the units give a
lower bound: the prices' sum plus, for each size, the least reduced cost times the number of
groups. A group whose reduced cost exceeds the gap to the best known score is in no better
grouping, so that few survive; HiGHS chooses among those.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from .candidates import Candidates, allowed_sizes
from .instance import Instance

_SAME = 1e-7
_ROUNDS = 200
_ADDED = 400
_FIRST_CHOICE = 1500
_COLUMNS_A_SECOND = 30_000


@dataclass(frozen=True)
class Proof:
    """What is known of the best.

    Attributes:
        bound: no grouping scores lower; infinite if there is no grouping at all.
        units: the best grouping found, the group of each unit; None if none was found.
        score: its score.
        proven: whether it cannot be improved (or, with no grouping, that there is none).
    """

    bound: float
    units: np.ndarray | None
    score: float
    proven: bool


def prove(instance: Instance, candidates: Candidates, known: np.ndarray | None, until: float) -> Proof:
    """The best grouping out of all candidates, or how far from it the known one may be.

    Args:
        known: a grouping of the units that breaks no rule; None if there is none yet.
        until: when to stop, by ``time.monotonic``.
    """
    upper = instance.score(known) - instance.constant if known is not None else np.inf
    counts = _wanted_counts(instance)
    bound, chosen = choose_groups(candidates, counts, upper, _columns_of(candidates, known), until)
    units = known
    if chosen is not None:
        upper = float(candidates.costs[chosen].sum())
        units = _as_units(instance, candidates, chosen)
    score = np.inf if units is None else instance.score(units)
    proven = bound >= upper - _SAME
    return Proof(min(bound, upper) + instance.constant, units, score, proven)


def choose_groups(
    candidates: Candidates, counts: dict[int | None, int], upper: float, known: np.ndarray, until: float
) -> tuple[float, np.ndarray | None]:
    """A lower bound on the cost of a partition, and the numbers of a cheaper one than ``upper`` if there is.

    Args:
        counts: how many groups of each size; under None how many of any size.
        upper: the cost of a partition that is known; infinite if none is.
        known: the numbers of that partition's groups; may be empty.
        until: when to stop, by ``time.monotonic``.
    """
    if not len(candidates.costs):
        return np.inf, None
    alive, reduced, bound = _column_generation(candidates, counts, known, upper, until)
    if bound >= upper - _SAME:
        return bound, None
    best = None
    if len(alive) > _FIRST_CHOICE:
        # a better partition among the likeliest groups leaves fewer groups to choose from
        likely = np.sort(alive[np.argsort(reduced, kind="stable")[:_FIRST_CHOICE]])
        found, _ = _choose(candidates, counts, likely, until, share=0.3)
        if found is not None and candidates.costs[found].sum() < upper - _SAME:
            best, upper = found, float(candidates.costs[found].sum())
            kept = bound + reduced < upper - _SAME
            alive, reduced = alive[kept], reduced[kept]
    most = int(_COLUMNS_A_SECOND * max(0.0, until - time.monotonic()))
    # HiGHS looks at the clock too seldom for more, and a choice out of some proves nothing
    everything = len(alive) <= most
    if not everything:
        alive = alive[np.argsort(reduced, kind="stable")[:most]]
    found, proven_bound = _choose(candidates, counts, alive, until)
    if not everything:
        proven_bound = -np.inf
    if found is not None and candidates.costs[found].sum() < upper - _SAME:
        best, upper = found, float(candidates.costs[found].sum())
    return max(bound, min(proven_bound, upper)), best


class _Prices:
    """Rows of the set-partitioning problem and the reduced costs of all candidates."""

    def __init__(self, candidates: Candidates, counts: dict[int | None, int]) -> None:
        self.candidates = candidates
        self.kinds = list(counts)
        self.counts = np.array([counts[kind] for kind in self.kinds], dtype=float)
        self.kind_of = self._kinds_of(candidates.sizes)
        self.wanted = np.concatenate([np.ones(candidates.n_units), self.counts])

    def _kinds_of(self, sizes: np.ndarray) -> np.ndarray:
        found = np.zeros(len(sizes)) if self.kinds == [None] else np.searchsorted(self.kinds, sizes)
        return found.astype(np.int8)

    def reduced(self, duals: np.ndarray) -> np.ndarray:
        n = self.candidates.n_units
        padded = np.append(duals[:n], 0.0)
        reduced = self.candidates.costs - duals[n:][self.kind_of]
        for column in self.candidates.members.T:
            reduced -= padded[column]
        return reduced

    def bound(self, duals: np.ndarray, reduced: np.ndarray) -> tuple[float, np.ndarray]:
        """The lower bound that the duals give, and the reduced costs above the least of each size."""
        least = np.full(len(self.kinds), np.inf)
        np.minimum.at(least, self.kind_of, reduced)
        if (np.isinf(least) & (self.counts > 0)).any():
            return np.inf, reduced
        found = float(self.wanted @ duals + self.counts @ np.where(self.counts > 0, least, 0.0))
        return found, reduced - least[self.kind_of]

    def matrix(self, candidates: Candidates, columns: np.ndarray) -> csc_array:
        """The rows of some candidates: their units, then their size."""
        n, width = candidates.n_units, candidates.members.shape[1]
        members = candidates.members[columns].astype(np.int64)
        rows = np.hstack([members, n + self._kinds_of(candidates.sizes[columns])[:, None]])
        at = np.repeat(np.arange(len(columns)), width + 1).reshape(len(columns), width + 1)
        real = rows != n
        real[:, -1] = True
        shape = (n + len(self.kinds), len(columns))
        return csc_array((np.ones(int(real.sum())), (rows[real], at[real])), shape=shape)


def _column_generation(
    candidates: Candidates, counts: dict[int | None, int], known: np.ndarray, upper: float, until: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """The candidates that a better partition may hold, their reduced costs, and the best bound met.

    Reduced costs are above the least of the size. Prices between the best ones so far and
    those of the restricted problem swing less than the latter alone (Wentges 1997).
    """
    everyone = np.arange(len(candidates.costs))
    prices = _Prices(candidates, counts)
    missing = (upper if np.isfinite(upper) else candidates.costs.max() * len(prices.wanted) + 1.0) + 1.0
    centre = np.concatenate([_first_duals(candidates, known), np.zeros(len(prices.kinds))])
    reduced = prices.reduced(centre)
    bound, above = prices.bound(centre, reduced)
    if np.isinf(bound):
        return everyone, reduced, np.inf
    best, best_above = bound, above
    # restricted problem: its columns are kept apart from the candidates that are still looked at
    columns = np.unique(np.concatenate([known, _cheapest(candidates, reduced, _ADDED)]))
    slack = np.hstack([np.eye(len(prices.wanted)), -np.eye(len(prices.wanted))])
    for _ in range(_ROUNDS):
        if time.monotonic() > until:
            break
        matrix = csc_array(np.hstack([prices.matrix(candidates, columns).toarray(), slack]))
        costs = np.concatenate([candidates.costs[columns], np.full(slack.shape[1], missing)])
        solved = linprog(costs, A_eq=matrix, b_eq=prices.wanted, bounds=(0, None), method="highs")
        if solved.x is None:
            break
        restricted = np.asarray(solved.eqlin.marginals)
        exact = prices.reduced(restricted)
        bound, above = prices.bound(restricted, exact)
        if bound > best + 1e-12:
            best, centre, best_above = bound, restricted, above
        wanting = exact < -1e-9
        if best >= upper - _SAME or solved.fun - best < 1e-9 or not wanting.any():
            break
        between = 0.6 * centre + 0.4 * restricted
        reduced = prices.reduced(between)
        bound, above = prices.bound(between, reduced)
        if bound > best + 1e-12:
            best, centre, best_above = bound, between, above
            if best >= upper - _SAME:
                break
        new = everyone[_cheapest(prices.candidates, np.where(wanting, reduced, np.inf), _ADDED)]
        columns = np.unique(np.concatenate([columns, new]))
        alive = best + best_above < upper - _SAME
        if alive.sum() < 0.7 * len(alive):
            # no partition below the known one holds any of the others
            everyone, best_above = everyone[alive], best_above[alive]
            prices = _Prices(prices.candidates.subset(alive), counts)
    alive = best + best_above < upper - _SAME
    return everyone[alive], best_above[alive], best


def _first_duals(candidates: Candidates, known: np.ndarray) -> np.ndarray:
    """Each unit's even part of the cost of its known group."""
    duals = np.full(candidates.n_units + 1, float(np.median(candidates.costs)) / max(candidates.members.shape[1], 1))
    for column in known:
        members = candidates.members[column]
        members = members[members < candidates.n_units]
        duals[members] = candidates.costs[column] / len(members)
    return duals[: candidates.n_units]


def _cheapest(candidates: Candidates, reduced: np.ndarray, count: int) -> np.ndarray:
    """Candidates of the least reduced costs, and of each unit the cheapest few among many more."""
    usable = np.flatnonzero(np.isfinite(reduced))
    if len(usable) <= count:
        return usable
    pool = usable[np.argpartition(reduced[usable], count - 1)[:count]]
    wide = min(len(usable), 10 * count)
    wider = usable[np.argpartition(reduced[usable], wide - 1)[:wide]]
    wider = wider[np.argsort(reduced[wider], kind="stable")]
    picked = [pool]
    members = candidates.members[wider]
    for unit in range(candidates.n_units):
        picked.append(wider[np.flatnonzero((members == unit).any(axis=1))[:3]])
    return np.unique(np.concatenate(picked))


def _choose(
    candidates: Candidates, counts: dict[int | None, int], columns: np.ndarray, until: float, share: float = 1.0
) -> tuple[np.ndarray | None, float]:
    """The cheapest partition out of these columns, and a bound on all of them."""
    left = until - time.monotonic()
    if not len(columns):
        return None, np.inf
    if left <= 0:
        return None, -np.inf
    chosen = candidates.subset(columns)
    prices = _Prices(chosen, counts)
    matrix = prices.matrix(chosen, np.arange(len(columns)))
    solved = milp(
        chosen.costs,
        constraints=LinearConstraint(matrix, prices.wanted, prices.wanted),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(columns)),
        options={"time_limit": max(0.05, left * share), "mip_rel_gap": 0.0},
    )
    if solved.status == 2:
        return None, np.inf
    bound = -np.inf if solved.mip_dual_bound is None else float(solved.mip_dual_bound)
    if solved.x is None:
        return None, bound
    return columns[np.flatnonzero(solved.x > 0.5)], float(solved.fun) if solved.status == 0 else bound


def _wanted_counts(instance: Instance) -> dict[int | None, int]:
    if instance.ranged:
        return {None: instance.n_groups}
    return {int(size): int((instance.sizes == size).sum()) for size in allowed_sizes(instance)}


def _columns_of(candidates: Candidates, known: np.ndarray | None) -> np.ndarray:
    """The numbers of a known grouping's groups among the candidates."""
    if known is None:
        return np.zeros(0, dtype=int)
    width = candidates.members.shape[1]
    found = []
    for group in np.unique(known):
        members = np.flatnonzero(known == group)
        row = np.append(members, np.full(width - len(members), candidates.n_units)).astype(candidates.members.dtype)
        found += np.flatnonzero((candidates.members == row).all(axis=1)).tolist()
    return np.array(found, dtype=int)


def _as_units(instance: Instance, candidates: Candidates, chosen: np.ndarray) -> np.ndarray:
    """Chosen groups as the group of each unit: fixed ones in their places, the others by their first pupils."""
    units = np.full(instance.n_units, -1)
    open_groups = list(range(instance.n_groups))
    waiting = []
    for column in chosen:
        members = candidates.members[column]
        members = members[members < candidates.n_units].astype(int)
        places = instance.fixed[members]
        if (places >= 0).any():
            group = int(places.max())
            units[members] = group
            open_groups.remove(group)
        else:
            waiting.append((int(members.min()), members, int(candidates.sizes[column])))
    for _, members, size in sorted(waiting, key=lambda one: one[0]):
        fits = (group for group in open_groups if instance.smallest[group] <= size <= instance.largest[group])
        group = next(fits)
        units[members] = group
        open_groups.remove(group)
    return units
