"""A grouping under search: group sums kept up to date, and the whole table of exchanges priced at once."""

from __future__ import annotations

import numpy as np

from .instance import Instance


class State:
    """Units in groups, and what every move would change.

    The cost of a state is the score plus ``penalty`` for each broken rule. As every part of it is
    quadratic in group sums, the exchange of units i and j costs
    ``Z[i, j] + Z[j, i]`` where Z needs but each unit's price in each group.
    """

    def __init__(self, instance: Instance, units: np.ndarray, penalty: float) -> None:
        self.instance = instance
        self.units = units.copy()
        self.penalty = penalty
        self._squared = {int(size): _weighted_distances(instance, size) for size in _possible_sizes(instance)}
        self._conflict = instance.apart.astype(float)
        values = [np.unique(cap.members, return_inverse=True) for cap in instance.caps]
        self._cap_values = [distinct for distinct, _ in values]
        self._cap_value_of = [which for _, which in values]
        self.reset(units)

    def reset(self, units: np.ndarray) -> None:
        """Starts anew from a grouping."""
        instance = self.instance
        self.units = units.copy()
        member = np.zeros((instance.n_groups, instance.n_units))
        member[self.units, np.arange(instance.n_units)] = 1.0
        self.sizes = instance.group_sizes(self.units)
        self.sums = member @ instance.features
        self.meets = instance.pairs @ member.T if instance.pairs is not None else None
        self.clashes = self._conflict @ member.T
        self.counts = [member @ cap.members for cap in instance.caps]
        self.score = instance.score(self.units)
        self.broken = instance.broken(self.units)
        self._prices = np.empty((instance.n_units, instance.n_groups))
        for group in range(instance.n_groups):
            self._price(group)
        self._distance_rows()

    def _price(self, group: int) -> None:
        instance = self.instance
        weighted = instance.weights(self.sizes[group]) * self.sums[group]
        self._prices[:, group] = 2 * (instance.features @ weighted)
        if self.meets is not None:
            self._prices[:, group] += self.meets[:, group]

    def _distance_rows(self) -> None:
        if len(self._squared) == 1:
            self._distances = next(iter(self._squared.values()))
        else:
            stacked = self._squared
            self._distances = np.array([stacked[int(self.sizes[group])][unit] for unit, group in enumerate(self.units)])

    def exchange_tables(self) -> tuple[np.ndarray, np.ndarray | None]:
        """What exchanging units i and j changes in the score and in the broken rules, shape (units, units).

        The values for units of one group, or of different sizes, mean nothing. The second
        table is None where there are no rules.
        """
        units, everyone = self.units, np.arange(self.units.size)
        half = self._prices[:, units]
        half = half + self._distances - self._prices[everyone, units][:, None]
        score = half + half.T
        if self.instance.pairs is not None:
            score -= 2 * self.instance.pairs
        return score, self._broken_table()

    def _broken_table(self) -> np.ndarray | None:
        instance, units = self.instance, self.units
        half = None
        if instance.apart.any():
            half = self.clashes[:, units] - self.clashes[np.arange(units.size), units][:, None] - self._conflict
        for cap, counts, values, value_of in zip(
            instance.caps, self.counts, self._cap_values, self._cap_value_of, strict=True
        ):
            own = counts[units]
            changed = cap.excess((own - cap.members)[:, None] + values[None, :]) - cap.excess(own)[:, None]
            part = changed[:, value_of]
            half = part if half is None else half + part
        return None if half is None else half + half.T

    def exchange_changes(self, i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What exchanging each unit of ``i`` for the one of ``j`` beside it changes in score and broken rules.

        As in :meth:`exchange_tables`, only units of one size and of different groups mean anything.
        """
        instance, prices = self.instance, self._prices
        g, h = self.units[i], self.units[j]
        score = (
            prices[j, g] + prices[i, h] - prices[i, g] - prices[j, h] + self._distances[i, j] + self._distances[j, i]
        )
        if instance.pairs is not None:
            score = score - 2 * instance.pairs[i, j]
        clashes = self.clashes
        broken = clashes[j, g] + clashes[i, h] - clashes[i, g] - clashes[j, h] - 2 * self._conflict[i, j]
        for cap, counts in zip(instance.caps, self.counts, strict=True):
            moved = cap.members[j] - cap.members[i]
            broken = broken + cap.excess(counts[g] + moved) - cap.excess(counts[g])
            broken = broken + cap.excess(counts[h] - moved) - cap.excess(counts[h])
        return score, broken

    def refresh(self) -> None:
        """Computes the score anew, as sums of small changes drift."""
        instance = self.instance
        total = instance.constant + float((instance.weights(self.sizes) * self.sums**2).sum())
        if self.meets is not None:
            total += float(self.meets[np.arange(self.units.size), self.units].sum()) / 2
        self.score = total

    def relocation_tables(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What moving a unit to another group changes in score and broken rules, and whether sizes allow it.

        All of shape (units, groups).
        """
        instance, units = self.instance, self.units
        everyone = np.arange(units.size)
        value = (instance.weights(self.sizes) * self.sums**2).sum(axis=1)
        left_sizes = self.sizes[units] - instance.unit_size
        left = (instance.weights(left_sizes) * (self.sums[units] - instance.features) ** 2).sum(axis=1)
        joined = np.empty((units.size, instance.n_groups))
        for size in np.unique(instance.unit_size):
            rows = instance.unit_size == size
            weights = instance.weights(self.sizes + size)
            features = instance.features[rows]
            joined[rows] = (
                (weights * self.sums**2).sum(axis=1) + 2 * features @ (weights * self.sums).T + features**2 @ weights.T
            )
        score = joined - value + (left - value[units])[:, None]
        broken = np.zeros_like(score)
        if self.meets is not None:
            score += self.meets - self.meets[everyone, units][:, None]
        broken += self.clashes - self.clashes[everyone, units][:, None]
        for cap, counts in zip(instance.caps, self.counts, strict=True):
            gained = cap.excess(counts[None, :] + cap.members[:, None]) - cap.excess(counts)[None, :]
            lost = cap.excess(counts[units] - cap.members) - cap.excess(counts[units])
            broken += gained + lost[:, None]
        allowed = (self.sizes[None, :] + instance.unit_size[:, None] <= instance.largest[None, :]) & (
            left_sizes >= instance.smallest[units]
        )[:, None]
        allowed[everyone, units] = False
        return score, broken, allowed

    def group_value(self, members: np.ndarray) -> tuple[float, int]:
        """What a group of these units alone adds to the score and to the broken rules."""
        instance = self.instance
        size = int(instance.unit_size[members].sum())
        total = float((instance.weights(np.array(size)) * instance.features[members].sum(axis=0) ** 2).sum())
        if instance.pairs is not None:
            total += float(instance.pairs[np.ix_(members, members)].sum()) / 2
        broken = int(instance.apart[np.ix_(members, members)].sum()) // 2
        for cap in instance.caps:
            broken += int(cap.excess(cap.members[members].sum()))
        return total, broken

    def move(self, moved: np.ndarray, targets: np.ndarray, score: float, broken: float) -> None:
        """Lays units into other groups; ``score`` and ``broken`` are what that changes."""
        instance = self.instance
        touched = set()
        for unit, target in zip(moved.tolist(), targets.tolist(), strict=True):
            source = int(self.units[unit])
            self.sums[source] -= instance.features[unit]
            self.sums[target] += instance.features[unit]
            self.sizes[source] -= instance.unit_size[unit]
            self.sizes[target] += instance.unit_size[unit]
            if self.meets is not None:
                self.meets[:, source] -= instance.pairs[:, unit]
                self.meets[:, target] += instance.pairs[:, unit]
            self.clashes[:, source] -= self._conflict[:, unit]
            self.clashes[:, target] += self._conflict[:, unit]
            for cap, counts in zip(instance.caps, self.counts, strict=True):
                counts[source] -= cap.members[unit]
                counts[target] += cap.members[unit]
            self.units[unit] = target
            touched |= {source, target}
        for group in touched:
            self._price(group)
        if len(self._squared) > 1:
            if instance.ranged:
                self._distance_rows()
            else:
                for unit in moved.tolist():
                    self._distances[unit] = self._squared[int(self.sizes[self.units[unit]])][unit]
        self.score += score
        self.broken += round(broken)


def draw_block_exchange(
    instance: Instance, units: np.ndarray, block: int, movable: np.ndarray, rng: np.random.Generator
) -> tuple[int, np.ndarray] | None:
    """A block and units of another group that have as many pupils, drawn at random; None if they don't fit."""
    target = int(rng.integers(instance.n_groups - 1))
    target += target >= units[block]
    candidates = np.flatnonzero((units == target) & movable)
    wanted, others = int(instance.unit_size[block]), []
    for unit in rng.permutation(candidates).tolist():
        if instance.unit_size[unit] <= wanted:
            others.append(unit)
            wanted -= int(instance.unit_size[unit])
        if wanted == 0:
            return block, np.array(others)
    return None


def exchange_change(state: State, ones: np.ndarray, others: np.ndarray) -> tuple[float, int]:
    """What exchanging units of one group for units of another changes in score and broken rules."""
    source, target = state.units[ones[0]], state.units[others[0]]
    here, there = np.flatnonzero(state.units == source), np.flatnonzero(state.units == target)
    before = [state.group_value(here), state.group_value(there)]
    here_after = np.concatenate([here[~np.isin(here, ones)], others])
    there_after = np.concatenate([there[~np.isin(there, others)], ones])
    after = [state.group_value(here_after), state.group_value(there_after)]
    return (
        sum(score for score, _ in after) - sum(score for score, _ in before),
        sum(broken for _, broken in after) - sum(broken for _, broken in before),
    )


def _possible_sizes(instance: Instance) -> np.ndarray:
    if instance.ranged:
        return np.arange(instance.smallest.min(), instance.largest.max() + 1)
    return np.unique(instance.sizes)


def _weighted_distances(instance: Instance, size: int) -> np.ndarray:
    """sum_f w_f(size) (x_i - x_j)², shape (units, units)."""
    weights = instance.weights(np.array(size))
    norms = (instance.features**2) @ weights
    return norms[:, None] + norms[None, :] - 2 * (instance.features * weights) @ instance.features.T
