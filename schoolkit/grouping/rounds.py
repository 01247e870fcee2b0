"""Several rounds planned as one schedule, so that as few pupils as possible meet twice.

Round by round, the first rounds use up the pairs that the later ones would need; so all
rounds are searched together, by a tabu search over the exchanges of all rounds at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from .instance import Instance
from .search import draw_block_exchange, exchange_change
from .state import State

_BARRED, _TABU = 1e6, 1e4
_SHORTEST, _LONGEST = 1, 4  # steps for which a unit stays out of a group that it left
_PATIENCE, _SHAKES = 500, 8
_SLACK = 1e-9  # of scores, for sums of floats


def plan_rounds(
    instance: Instance,
    rng: np.random.Generator,
    *,
    rounds: int,
    limit: float,
    starts: Sequence[np.ndarray],
    steps: int,
    until: float = np.inf,
    met: np.ndarray | None = None,
    on_step: Callable[[float], None] | None = None,
) -> list[np.ndarray]:
    """Groupings of all rounds, with few pupils who share a group again: the group of each unit, per round.

    Every rule holds in every round, every round's score is at most ``limit`` (but for a
    rounding error of 1e-9), and every round keeps its start's group sizes. What is made small is
    :func:`repeated_pairs`. Tables take some 30 bytes x rounds x units²: it is meant for
    a class or a grade.

    Args:
        rounds: how many rounds, at least 1.
        limit: the highest score of a round, ``np.inf`` if scores do not matter.
        starts: feasible groupings of the units; round r starts from number r modulo their number.
        steps: how many exchanges to make; the result depends on nothing else while time lasts.
        until: when to stop, by ``time.monotonic``.
        met: which pupils met before, symmetric, shape (n, n): their first meeting is a repeated one.
        on_step: called now and then with the share that is done.

    Raises:
        ValueError: there is no start, or one breaks a rule or the limit.
    """
    if not len(starts) or any(instance.broken(start) or instance.score(start) > limit + _SLACK for start in starts):
        raise ValueError("every start has to keep the rules and the limit")
    schedule = _Schedule(instance, np.array([starts[r % len(starts)] for r in range(rounds)]), limit, met)
    goal = _least_repeats(instance, schedule.units, met)
    best, fewest = schedule.units.copy(), schedule.repeats()
    blocks = np.flatnonzero((instance.fixed < 0) & (instance.unit_size > 1))
    tabu = np.zeros(schedule.member.shape, dtype=np.int64)
    # costs are whole numbers, so that noise below 1 only says which of equal exchanges is made
    noise = rng.random(4 * schedule.same.size, dtype=np.float32) * 0.5
    now, shaken_until, last_gain = fewest, 0, 0
    for step in range(1, steps + 1):
        if fewest <= goal or (step % 16 == 0 and time.monotonic() > until):
            break
        if on_step and step % 64 == 0:
            on_step(step / steps)
        change = schedule.exchange_changes()
        offset = int(rng.integers(noise.size - change.size))
        cost = schedule.barred + noise[offset : offset + change.size].reshape(change.shape)
        if step > shaken_until:
            cost += change
            cost += _TABU * (schedule.going_back(tabu > step) & (change >= fewest - now))
        r, i, j = (int(at) for at in np.unravel_index(int(cost.argmin()), cost.shape))
        least, moved, targets = float(cost[r, i, j]), np.array([i, j]), schedule.units[r, [j, i]]
        gain = round(float(change[r, i, j]))
        if blocks.size and step % 4 == 0:
            drawn = schedule.draw_block_exchange(int(rng.integers(rounds)), int(rng.choice(blocks)), rng)
            if drawn is not None:
                at, units, groups, extra = drawn
                bar = _TABU if (tabu[at, units, groups] > step).any() and extra >= fewest - now else 0.0
                if extra + bar < least:
                    least, r, moved, targets, gain = extra + bar, at, units, groups, extra
        if least >= _BARRED / 2:
            if not blocks.size:
                break
            continue
        lengths = rng.integers(_SHORTEST, _LONGEST + 1, size=len(moved))
        tabu[r, moved, schedule.units[r, moved]] = step + lengths
        schedule.move(r, moved, targets)
        now += gain
        if now < fewest:
            best, fewest, last_gain = schedule.units.copy(), now, step
        elif step - last_gain > _PATIENCE:
            last_gain, shaken_until = step, step + _SHAKES
    return list(best)


def repeated_pairs(
    labels_by_round: Sequence[np.ndarray], *, unit_of: np.ndarray | None = None, met: np.ndarray | None = None
) -> int:
    """How often pupils share a group again: over all pairs, the meetings beyond the first.

    Args:
        labels_by_round: each round's group of each pupil, shape (n,).
        unit_of: the unit of each pupil; pairs inside one unit do not count.
        met: which pupils met before, symmetric, shape (n, n): their first meeting counts too.

    >>> repeated_pairs([[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]])
    2
    """
    labels = np.asarray(labels_by_round)
    times = (labels[:, :, None] == labels[:, None, :]).sum(axis=0)
    if met is not None:
        times = times + (np.asarray(met, dtype=bool) & (times > 0))
    if unit_of is not None:
        times = np.where(np.equal.outer(unit_of, unit_of), 0, times)
    return int(np.maximum(np.triu(times, 1) - 1, 0).sum())


def pigeonhole_minimum(
    sizes: Sequence[int], rounds: int, n: int, *, together: int = 0, apart: int = 0, met: int = 0
) -> int:
    """A number of repeated pairs that no schedule goes below: pairs placed less pairs there are.

    Args:
        sizes: pupils in each group of a round.
        together: pairs that share a group in every round and do not count.
        apart: pairs that never share one.
        met: pairs that met before, neither together nor apart.

    >>> [pigeonhole_minimum(sizes, 8, sum(sizes)) for sizes in ([4] * 6, [4] * 7, [5] * 6)]
    [12, 0, 45]
    """
    placed = rounds * (sum(size * (size - 1) // 2 for size in sizes) - together)
    return max(0, int(placed - (n * (n - 1) // 2 - together - apart - met)))


def _least_repeats(instance: Instance, units: np.ndarray, met: np.ndarray | None) -> int:
    """The pigeonhole minimum of a schedule whose rounds keep their group sizes."""
    sizes = np.concatenate([instance.group_sizes(one) for one in units])
    inside = np.equal.outer(instance.unit_of, instance.unit_of)
    apart = instance.apart[np.ix_(instance.unit_of, instance.unit_of)]
    before = np.zeros_like(inside) if met is None else np.asarray(met, dtype=bool) & ~inside & ~apart
    together, n = int(np.triu(inside, 1).sum()), instance.unit_of.size
    free = n * (n - 1) // 2 - together - int(np.triu(apart, 1).sum()) - int(np.triu(before, 1).sum())
    return max(0, int((sizes * (sizes - 1) // 2).sum()) - len(units) * together - free)


class _Schedule:
    """All rounds under search, and what every exchange within a round changes.

    As a pair that shares a group in another round costs its pupil pairs, and any other only
    those that met before, a round's cost is a sum over pairs, and the whole table of
    its exchanges comes from a matrix product.
    """

    def __init__(self, instance: Instance, units: np.ndarray, limit: float, met: np.ndarray | None) -> None:
        self.instance, self.units, self.limit = instance, units, limit
        everyone = np.arange(instance.n_units)
        self.weight = np.multiply.outer(instance.unit_size, instance.unit_size).astype(np.float32)
        self.weight[everyone, everyone] = 0
        self.met = np.zeros_like(self.weight)
        if met is not None:
            inside = (instance.unit_of[None, :] == everyone[:, None]).astype(np.float32)
            self.met += inside @ np.asarray(met, dtype=np.float32) @ inside.T
            self.met[everyone, everyone] = 0
        self.member = (units[:, :, None] == np.arange(instance.n_groups)).astype(np.float32)
        self.same = self.member @ self.member.transpose(0, 2, 1)
        self.times = self.same.sum(axis=0)
        self.movable = instance.fixed < 0
        self._never = ~(self.movable[:, None] & self.movable & np.equal.outer(instance.unit_size, instance.unit_size))
        self.states: list[State] = []
        if np.isfinite(limit) or instance.apart.any() or instance.caps:
            priced = instance if np.isfinite(limit) else _without_score(instance)
            self.states = [State(priced, one, 0.0) for one in units]
        self.barred = np.empty_like(self.same)
        self._moves = 0
        for r in range(len(units)):
            self._bar(r)

    def repeats(self) -> int:
        """The pupil pairs that share a group again."""
        cost = np.where(self.times > 0.5, (self.times - 1) * self.weight + self.met, 0)
        return round(float(cost.sum(dtype=float)) / 2)

    def exchange_changes(self) -> np.ndarray:
        """What exchanging units i and j in a round changes in the repeats, shape (rounds, units, units)."""
        owed = np.where(self.times - self.same > 0.5, self.weight, self.met)
        half = (owed @ self.member) @ self.member.transpose(0, 2, 1)
        half = half - np.diagonal(half, axis1=1, axis2=2)[:, :, None]
        half -= owed
        return half + half.transpose(0, 2, 1)

    def going_back(self, left: np.ndarray) -> np.ndarray:
        """Whether an exchange takes i or j to a group it just left, as ``left`` says, (rounds, units, groups)."""
        into = left.astype(np.float32) @ self.member.transpose(0, 2, 1)
        return (into + into.transpose(0, 2, 1)) > 0.5

    def draw_block_exchange(self, r: int, block: int, rng: np.random.Generator):
        """Round, units, their new groups and the change in repeats of a random allowed block exchange, or None."""
        units = self.units[r]
        if self.instance.n_groups < 2:
            return None
        drawn = draw_block_exchange(self.instance, units, block, self.movable, rng)
        if drawn is None:
            return None
        others = drawn[1]
        if self.states:
            score, broken = exchange_change(self.states[r], np.array([block]), others)
            if broken > 0 or self.states[r].score + score > self.limit + _SLACK:
                return None
        moved = np.array([block, *others])
        targets = np.array([units[others[0]]] + [units[block]] * len(others))
        owed = np.where(self.times - self.same[r] > 0.5, self.weight, self.met)
        after = units.copy()
        after[moved] = targets
        change = (owed * (np.equal.outer(after, after) - self.same[r])).sum() / 2
        return r, moved, targets, round(float(change))

    def move(self, r: int, moved: np.ndarray, targets: np.ndarray) -> None:
        """Lays units of one round into other groups; the move has to be allowed."""
        if self.states:
            self._move_state(r, moved, targets)
        self.times -= self.same[r]
        self.units[r, moved] = targets
        self.member[r, moved] = 0
        self.member[r, moved, targets] = 1
        self.same[r] = self.member[r] @ self.member[r].T
        self.times += self.same[r]
        self._bar(r)

    def _move_state(self, r: int, moved: np.ndarray, targets: np.ndarray) -> None:
        state = self.states[r]
        state.move(moved, targets, 0.0, 0)
        state.score = state.instance.score(state.units)
        self._moves += 1
        if self._moves % 500 == 0:
            state.reset(state.units)  # sums of floats drift

    def _bar(self, r: int) -> None:
        """Says of every exchange of a round whether it is never made, breaks a rule or goes over the limit."""
        barred = self._never | (self.same[r] > 0.5)
        if self.states:
            score, broken = self.states[r].exchange_tables()
            barred |= self.states[r].score + score > self.limit + _SLACK
            if broken is not None:
                barred |= broken > 0.5
        self.barred[r] = _BARRED * barred


def _without_score(instance: Instance) -> Instance:
    """The instance with its rules alone."""
    nothing = np.zeros(0)
    return replace(
        instance, features=np.zeros((instance.n_units, 0)), flat=nothing, over=nothing, pairs=None, constant=0.0
    )
