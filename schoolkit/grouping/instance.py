"""A grouping problem as plain arrays, as search, proof and chance take it.

Pupils who stay together are one unit, so that whatever moves pupils moves whole blocks.
Everything below is in numbers of units and of groups, both from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .balance import Objective
from .blocks import joined


@dataclass(frozen=True)
class Cap:
    """How many of some pupils each group may have.

    Attributes:
        members: how many such pupils each unit has, shape (units,).
        least, most: the bounds in every group, both included.
    """

    members: np.ndarray
    least: int
    most: int

    def excess(self, counts: np.ndarray) -> np.ndarray:
        """By how many the counts lie outside the bounds."""
        return np.maximum(counts - self.most, 0) + np.maximum(self.least - counts, 0)


@dataclass(frozen=True)
class Instance:
    """Units to be laid into groups so that the score is low and no rule is broken.

    The part of the score that a group g adds is
    ``sum_f weights(n_g)[f] * (sum of features[u, f] over its units u)² + sum of pairs[u, v]
    over its pairs of units``; to all groups' parts ``constant`` is added.

    Attributes:
        unit_of: the unit of each pupil, shape (n,).
        unit_size: pupils in each unit, shape (units,).
        features: shape (units, features).
        flat, over: a feature's weight in a group of n pupils is ``flat + over / n²``.
        pairs: what two units that share a group cost, symmetric with a zero diagonal,
            shape (units, units); None where nothing does.
        constant: what the pupils inside the units cost.
        sizes: the pupils that each group has at first, shape (groups,); they add up to n.
        smallest, largest: the bounds of each group's size, shape (groups,).
        apart: whether two units may not share a group, shape (units, units).
        caps: bounds on how many of some pupils a group has.
        fixed: the group in which a unit has to be, or -1, shape (units,).
    """

    unit_of: np.ndarray
    unit_size: np.ndarray
    features: np.ndarray
    flat: np.ndarray
    over: np.ndarray
    pairs: np.ndarray | None
    constant: float
    sizes: np.ndarray
    smallest: np.ndarray
    largest: np.ndarray
    apart: np.ndarray
    caps: tuple[Cap, ...]
    fixed: np.ndarray
    ranged: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranged", bool((self.smallest < self.largest).any()))

    @property
    def n_units(self) -> int:
        return self.unit_size.size

    @property
    def n_groups(self) -> int:
        return self.sizes.size

    def weights(self, sizes: np.ndarray) -> np.ndarray:
        """The features' weights in groups of these sizes, shape (sizes, features)."""
        return self.flat + self.over / np.maximum(np.asarray(sizes, float)[..., None], 1.0) ** 2

    def group_sizes(self, units: np.ndarray) -> np.ndarray:
        """Pupils in each group; ``units`` holds the group of each unit, shape (units,)."""
        return np.bincount(units, weights=self.unit_size, minlength=self.n_groups).astype(int)

    def score(self, units: np.ndarray) -> float:
        """The score of a grouping of the units."""
        member = np.zeros((self.n_groups, self.n_units))
        member[units, np.arange(self.n_units)] = 1.0
        sums = member @ self.features
        total = self.constant + (self.weights(self.group_sizes(units)) * sums**2).sum()
        if self.pairs is not None:
            total += ((member @ self.pairs) * member).sum() / 2
        return float(total)

    def broken(self, units: np.ndarray) -> int:
        """How often rules are broken: pairs apart that share a group, pupils beyond a bound."""
        same = units[:, None] == units[None, :]
        count = int((self.apart & same).sum()) // 2
        for cap in self.caps:
            count += int(cap.excess(np.bincount(units, weights=cap.members, minlength=self.n_groups)).sum())
        sizes = self.group_sizes(units)
        count += int((np.maximum(sizes - self.largest, 0) + np.maximum(self.smallest - sizes, 0)).sum())
        return count + int(((self.fixed >= 0) & (self.fixed != units)).sum())

    def labels(self, units: np.ndarray) -> np.ndarray:
        """The group of each pupil, shape (n,)."""
        return units[self.unit_of]


def build(
    objective: Objective,
    *,
    together: Sequence[Sequence[int]] = (),
    apart: Sequence[tuple[int, int]] = (),
    caps: Sequence[tuple[Sequence[int], int, int]] = (),
    fixed: dict[int, int] | None = None,
    size_range: tuple[int, int] | None = None,
) -> Instance:
    """The instance of an objective and rules, all in numbers of pupils from 0.

    Pupils who are fixed to one group become one unit too.

    Args:
        together: pupils who stay together; sets that overlap are joined.
        apart: pairs of pupils who may not share a group.
        caps: (pupils, least, most) of them in every group.
        fixed: pupil -> group.
        size_range: the least and the most pupils of every group, where sizes may vary.

    Raises:
        ValueError: a pupil is fixed to two groups at once, or two pupils are both together and apart.
    """
    n, fixed = objective.n, dict(fixed or {})
    unit_of = np.unique(joined(n, [*together, *_same_group(fixed)]), return_inverse=True)[1]
    count = int(unit_of.max()) + 1 if n else 0
    inside = np.zeros((count, n))
    inside[unit_of, np.arange(n)] = 1.0

    blocks, flat, over = [np.zeros((count, 0))], [], []
    pairs, constant = None, 0.0
    for term, scale in zip(objective.terms, objective.scale, strict=True) if objective.terms else ():
        if term.pairs is not None:
            summed = scale * (inside @ term.pairs @ inside.T)
            constant += float(np.trace(summed)) / 2
            np.fill_diagonal(summed, 0.0)
            pairs = summed if pairs is None else pairs + summed
        else:
            blocks.append(inside @ term.features)
            width = term.features.shape[1]
            flat += [0.0 if term.over_size else scale] * width
            over += [scale if term.over_size else 0.0] * width

    conflict = np.zeros((count, count), dtype=bool)
    for a, b in apart:
        if unit_of[a] == unit_of[b]:
            raise ValueError("a pair is both together and apart")
        conflict[unit_of[a], unit_of[b]] = conflict[unit_of[b], unit_of[a]] = True

    unit_fixed = np.full(count, -1)
    for pupil, group in fixed.items():
        if unit_fixed[unit_of[pupil]] not in (-1, group):
            raise ValueError("a unit is fixed to two groups")
        unit_fixed[unit_of[pupil]] = group

    sizes = objective.sizes
    low, high = (sizes, sizes) if size_range is None else (np.full_like(sizes, one) for one in size_range)
    return Instance(
        unit_of=unit_of,
        unit_size=inside.sum(axis=1).astype(int),
        features=np.hstack(blocks),
        flat=np.array(flat, dtype=float),
        over=np.array(over, dtype=float),
        pairs=pairs,
        constant=constant,
        sizes=sizes,
        smallest=low,
        largest=high,
        apart=conflict,
        caps=tuple(
            Cap(np.bincount(unit_of[list(pupils)], minlength=count).astype(int), least, most)
            for pupils, least, most in caps
        ),
        fixed=unit_fixed,
    )


def _same_group(fixed: dict[int, int]) -> list[list[int]]:
    by_group: dict[int, list[int]] = {}
    for pupil, group in fixed.items():
        by_group.setdefault(group, []).append(pupil)
    return list(by_group.values())
