"""Every group that a class could have, priced: what a proof chooses from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .instance import Instance

# 40 pupils in sevens are 4.5 million, which take about 400 MB
MOST_CANDIDATES = 5_000_000


@dataclass(frozen=True)
class Candidates:
    """Possible groups.

    Attributes:
        members: the units of each, filled up with ``n_units`` behind, shape (candidates, most units).
        costs: what each adds to the score, shape (candidates,).
        sizes: pupils in each, shape (candidates,).
        n_units: how many units there are.
    """

    members: np.ndarray
    costs: np.ndarray
    sizes: np.ndarray
    n_units: int

    def subset(self, kept: np.ndarray) -> Candidates:
        """Those that a mask or numbers choose."""
        return Candidates(self.members[kept], self.costs[kept], self.sizes[kept], self.n_units)


def count_candidates(instance: Instance) -> int:
    """How many groups of an allowed size the units make, rules aside."""
    largest = int(instance.largest.max())
    ways = [1] + [0] * largest
    for size in instance.unit_size.tolist():
        for total in range(largest, size - 1, -1):
            ways[total] += ways[total - size]
    return sum(ways[size] for size in allowed_sizes(instance).tolist())


def allowed_sizes(instance: Instance) -> np.ndarray:
    """The sizes that a group may have."""
    if instance.ranged:
        return np.arange(instance.smallest.min(), instance.largest.max() + 1)
    return np.unique(instance.sizes)


def candidate_groups(instance: Instance) -> Candidates:
    """All groups of allowed sizes that break no rule, in an order that depends on nothing else.

    Units are added in rising order, so that each set comes up once; what breaks a rule for
    good is not followed up. A set's cost grows by what the new unit costs with each of the others.
    """
    sizes = allowed_sizes(instance)
    largest = int(sizes.max())
    conflict = instance.apart | _other_places(instance)
    together = [_costs_together(instance, int(size)) for size in sizes]
    kept = np.flatnonzero(instance.unit_size <= largest)
    members = kept[:, None].astype(np.uint8 if instance.n_units < 255 else np.int16)
    total = instance.unit_size[kept].astype(np.int16)
    costs = np.stack([matrix.diagonal()[kept] for matrix in together], axis=1)
    found = [_finished(members, total, costs, sizes)]
    while members.size:
        grown = _grown(instance, conflict, together, members, total, costs, largest)
        found.append(_finished(*grown, sizes))
        growing = grown[1] < largest
        members, total, costs = (part[growing] for part in grown)
    return _joined(instance, found)


def _costs_together(instance: Instance, size: int) -> np.ndarray:
    """What two units cost together in a group of this size, and on the diagonal each alone."""
    weighted = instance.features * instance.weights(np.array(size))
    products = weighted @ instance.features.T
    matrix = 2 * products + (instance.pairs if instance.pairs is not None else 0.0)
    np.fill_diagonal(matrix, products.diagonal())
    return matrix


def _grown(instance, conflict, together, members, total, costs, largest):
    """The sets with one more unit each."""
    grown = [(np.zeros((0, members.shape[1] + 1), members.dtype), total[:0], costs[:0])]
    last = members[:, -1]
    for unit in range(instance.n_units):
        size = int(instance.unit_size[unit])
        rows = np.flatnonzero((last < unit) & (total + size <= largest))
        if rows.size and conflict[unit].any():
            rows = rows[~conflict[unit][members[rows]].any(axis=1)]
        if not rows.size:
            continue
        new = np.empty((rows.size, members.shape[1] + 1), members.dtype)
        new[:, :-1], new[:, -1] = members[rows], unit
        new_costs = costs[rows]
        for at, matrix in enumerate(together):
            new_costs[:, at] += matrix[unit, unit]
            for column in new[:, :-1].T:
                new_costs[:, at] += matrix[unit][column]
        grown.append((new, total[rows] + np.int16(size), new_costs))
    return tuple(np.concatenate(parts) for parts in zip(*grown, strict=True))


def _finished(members, total, costs, sizes):
    """Those of an allowed size, with their cost in a group of that size."""
    at = np.searchsorted(sizes, total).astype(np.int8)
    finished = np.isin(total, sizes)
    if finished.all():
        return members, np.take_along_axis(costs, at[:, None], axis=1)[:, 0], total
    return members[finished], costs[finished, at[finished]], total[finished]


def _joined(instance: Instance, found) -> Candidates:
    width = max(members.shape[1] for members, _, _ in found if len(members) or members.shape[1] == 1)
    count = sum(len(members) for members, _, _ in found)
    members = np.full((count, width), instance.n_units, dtype=found[0][0].dtype)
    at = 0
    for part, _, _ in found:
        if len(part):
            members[at : at + len(part), : part.shape[1]] = part
            at += len(part)
    costs = np.concatenate([costs for _, costs, _ in found])
    sizes = np.concatenate([total for _, _, total in found])
    kept = np.ones(len(members), dtype=bool)
    for cap in instance.caps:
        kept &= cap.excess(np.append(cap.members, 0)[members].sum(axis=1)) == 0
    if not instance.ranged and len(np.unique(instance.sizes)) > 1:
        for unit in np.flatnonzero(instance.fixed >= 0):
            kept &= (sizes == instance.sizes[instance.fixed[unit]]) | ~(members == unit).any(axis=1)
    return Candidates(members, costs, sizes, instance.n_units).subset(kept)


def _other_places(instance: Instance) -> np.ndarray:
    """Units that are fixed to different groups."""
    fixed = instance.fixed
    return (fixed[:, None] != fixed[None, :]) & (fixed[:, None] >= 0) & (fixed[None, :] >= 0)
