"""Annealing between pairs of groups, for more pupils than a table of all exchanges can hold at once.

In every step the groups are paired at random, and each pair prices the exchanges of a few
of one group's units for all of the other's; the best of them is made, or with a chance that
falls with the temperature a worse one (Metropolis). Pairs don't touch one another, so that
all of them are worked on in one go.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from .instance import Instance
from .state import State, draw_block_exchange, exchange_change

_FORBIDDEN = 1e15
_PENALTY = 20.0
_ROWS = 4
_HOT, _COLD = 0.02, 1e-5
_STEPS, _STEPS_A_UNIT = 1000, 8


def anneal(
    instance: Instance,
    rng: np.random.Generator,
    *,
    start: np.ndarray,
    target: float = -np.inf,
    until: float = np.inf,
    on_step: Callable[[float], None] | None = None,
) -> tuple[np.ndarray, bool]:
    """The best grouping met, the fewest broken rules first, then the lowest score; and whether time was short.

    Args:
        start: the group of each unit; the sizes of the groups stay as they are there.
        target: a score at which to stop, if no rule is broken.
        until: when to stop, by ``time.monotonic``.
        on_step: called now and then with the share that is done.
    """
    groups = _Members(instance, start)
    best, best_key = start.copy(), (instance.broken(start), instance.score(start))
    steps, began = _STEPS + _STEPS_A_UNIT * instance.n_units, time.monotonic()
    blocks = np.flatnonzero((instance.fixed < 0) & (instance.unit_size > 1))
    step, hurried = 0, False
    while step < steps:
        if step % 50 == 0:
            key = (groups.broken, groups.score)
            if key < best_key:
                best, best_key = groups.units.copy(), key
                if key[0] == 0 and key[1] <= target + 1e-6:
                    break
            now = time.monotonic()
            if now > until:
                hurried = True
                break
            if step and until < np.inf:
                # where time is short it cools faster, so that it ends cold
                possible = step + int((until - now) * step / (now - began)) + 1
                steps, hurried = min(steps, possible), hurried or possible < steps
            if on_step:
                on_step(step / steps)
        share = step / steps
        temperature = _HOT * (_COLD / _HOT) ** share * (100 / max(instance.n_units, 1)) ** 0.5
        groups.exchange_in_pairs(rng, temperature)
        if blocks.size and step % 40 == 0:
            groups.exchange_block(rng, int(rng.choice(blocks)))
        step += 1
    key = (instance.broken(groups.units), instance.score(groups.units))
    return (groups.units if key < best_key else best), hurried


class _Members:
    """Groups as rows of their units, so that many pairs of groups are priced at once."""

    def __init__(self, instance: Instance, units: np.ndarray) -> None:
        self.instance = instance
        self.units = units.copy()
        self.score, self.broken = instance.score(units), instance.broken(units)
        held = [np.flatnonzero(units == group) for group in range(instance.n_groups)]
        self.members = np.full((instance.n_groups, max(map(len, held))), -1)
        for group, row in enumerate(held):
            self.members[group, : len(row)] = row
        # only units of one size change places; behind the last one stands the empty slot, -1, of no size
        size = np.where(instance.fixed < 0, instance.unit_size, -1)
        self._kind, self._other_kind = np.append(size, -1), np.append(np.where(size < 0, -2, size), -2)
        self.weights = instance.weights(instance.group_sizes(units))
        self.sums = np.array([instance.features[row].sum(axis=0) for row in held])
        inside = (units == np.arange(instance.n_groups)[:, None]).astype(float)
        self.meets = inside @ instance.pairs if instance.pairs is not None else None
        self.clashes = inside @ instance.apart if instance.apart.any() else None
        self.counts = [inside @ cap.members for cap in instance.caps]

    def exchange_in_pairs(self, rng: np.random.Generator, temperature: float) -> None:
        """In each of many pairs of groups, makes the best of some exchanges, or perhaps a slightly worse one."""
        instance, pairs = self.instance, self.instance.n_groups // 2
        shuffled = rng.permutation(instance.n_groups)
        g, h = shuffled[:pairs], shuffled[pairs : 2 * pairs]
        slots = rng.integers(0, self.members.shape[1], size=(pairs, _ROWS))
        ones, others = self.members[g[:, None], slots], self.members[h]
        score, broken = self._changes(g, h, ones, others)
        cost = (score if broken is None else score + _PENALTY * broken).reshape(pairs, -1)
        best = cost.argmin(axis=1)
        everyone = np.arange(pairs)
        taken = np.flatnonzero(cost[everyone, best] < temperature * rng.standard_exponential(pairs))
        row, column = np.divmod(best[taken], others.shape[1])
        self.score += float(score[taken, row, column].sum())
        if broken is not None:
            self.broken += int(broken[taken, row, column].sum())
        self._exchange(g[taken], h[taken], slots[taken, row], column)

    def _changes(self, g, h, ones, others):
        """What each exchange changes in score and broken rules, shape (pairs, ones, others)."""
        instance = self.instance
        x, y = instance.features[ones], instance.features[others]
        slope = 2 * (self.weights[g] * self.sums[g] - self.weights[h] * self.sums[h])
        weights = (self.weights[g] + self.weights[h])[:, None, :]
        left = ((x * weights - slope[:, None, :]) * x).sum(axis=2)
        right = ((y * weights + slope[:, None, :]) * y).sum(axis=2)
        score = left[:, :, None] + right[:, None, :] - 2 * (x * weights) @ y.transpose(0, 2, 1)
        if self.meets is not None:
            score += _met(self.meets, instance.pairs, g, h, ones, others)
        score[self._kind[ones][:, :, None] != self._other_kind[others][:, None, :]] = _FORBIDDEN
        broken = None
        if self.clashes is not None:
            broken = _met(self.clashes, instance.apart, g, h, ones, others)
        for cap, counts in zip(instance.caps, self.counts, strict=True):
            moved = cap.members[others][:, None, :] - cap.members[ones][:, :, None]
            here, there = counts[g][:, None, None], counts[h][:, None, None]
            change = cap.excess(here + moved) - cap.excess(here) + cap.excess(there - moved) - cap.excess(there)
            broken = change if broken is None else broken + change
        return score, broken

    def _exchange(self, g, h, slots, other_slots) -> None:
        """Exchanges one unit of each group of ``g`` for one of the group beside it in ``h``."""
        instance = self.instance
        ones, others = self.members[g, slots], self.members[h, other_slots]
        self.members[g, slots], self.members[h, other_slots] = others, ones
        self.units[ones], self.units[others] = h, g
        moved = instance.features[others] - instance.features[ones]
        self.sums[g] += moved
        self.sums[h] -= moved
        for costs, sums in ((instance.pairs, self.meets), (instance.apart, self.clashes)):
            if sums is not None:
                change = costs[others].astype(float) - costs[ones]
                sums[g] += change
                sums[h] -= change
        for cap, counts in zip(instance.caps, self.counts, strict=True):
            change = cap.members[others] - cap.members[ones]
            counts[g] += change
            counts[h] -= change

    def exchange_block(self, rng: np.random.Generator, block: int) -> None:
        """Tries a block against units of another group, and makes the exchange if it costs nothing."""
        drawn = draw_block_exchange(self.instance, self.units, block, self.instance.fixed < 0, rng)
        if drawn is None:
            return
        state = State(self.instance, self.units, _PENALTY)
        score, broken = exchange_change(state, np.array([drawn[0]]), drawn[1])
        if score + _PENALTY * broken < 0:
            source, target = self.units[block], self.units[drawn[1][0]]
            units = self.units.copy()
            units[block], units[drawn[1]] = target, source
            self.__init__(self.instance, units)


def _met(sums, costs, g, h, ones, others):
    """What exchanges change in a sum over pairs that share a group; ``sums`` is each unit's with each group."""
    here, there = g[:, None], h[:, None]
    left = sums[there, ones] - sums[here, ones]
    right = sums[here, others] - sums[there, others]
    return left[:, :, None] + right[:, None, :] - 2.0 * costs[ones[:, :, None], others[:, None, :]]
