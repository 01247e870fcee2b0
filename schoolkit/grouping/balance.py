"""The objective: how far a grouping is from every group being like the whole, and a bound on it.

100 is what a random grouping of the same sizes has on average, 0 the ideal share
everywhere. Each raw term is divided by its exact expectation under a uniformly random
grouping of the same sizes; the score is 100 times the weighted mean of the terms.

Raw terms:

* categories: sum over groups g and categories c of (count[g, c] - n_g p_c)²;
* numbers, mean: sum over groups of (mean of z in g)², z standardised with the population's
  standard deviation;
* numbers, spread: sum over groups of (mean of z² in g - 1)², the second-moment form of
  k-plus anticlustering (Papenberg 2024);
* pairs: sum of a cost over all pairs that share a group: the cost of meeting again, and,
  where similar pupils belong together, 1 for two different categories or (z_i - z_j)².

Every term is quadratic in group sums, so that an exchange of two pupils is priced from
their features alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .traits import Trait


@dataclass(frozen=True)
class Term:
    """One term of the score.

    Attributes:
        name: the column, with ``:mean``, ``:spread`` or ``:alike`` behind where that is its part.
        weight: its weight in the mean, above 0.
        expected: the raw term's expectation under a random grouping of the same sizes, above 0.
        features: features whose squared group sums make up the raw term, shape (n, k), or None.
        over_size: whether a group's sum is divided by the group's size before it is squared.
        pairs: the cost of each pair that shares a group, symmetric, shape (n, n), or None.
    """

    name: str
    weight: float
    expected: float
    features: np.ndarray | None = None
    over_size: bool = False
    pairs: np.ndarray | None = None


@dataclass(frozen=True)
class Objective:
    """The score of groupings of n pupils into groups of the given sizes.

    Attributes:
        n: how many pupils.
        sizes: how many of them each group has, shape (groups,).
        terms: what counts; terms that no grouping can change are left out.
    """

    n: int
    sizes: np.ndarray
    terms: tuple[Term, ...]

    @property
    def scale(self) -> np.ndarray:
        """What each raw term is multiplied by in the score, shape (terms,)."""
        total = sum(term.weight for term in self.terms)
        return np.array([100 * term.weight / term.expected / total for term in self.terms])

    def raw(self, labels: np.ndarray) -> np.ndarray:
        """The raw terms of a grouping; ``labels`` are group numbers from 0, shape (n,)."""
        member = np.zeros((self.sizes.size, self.n))
        member[labels, np.arange(self.n)] = 1.0
        counts = member.sum(axis=1)
        found = []
        for term in self.terms:
            if term.pairs is not None:
                found.append(((member @ term.pairs) * member).sum() / 2)
                continue
            sums = member @ term.features
            if term.over_size:
                sums = sums / np.maximum(counts, 1)[:, None]
            found.append((sums**2).sum())
        return np.array(found)

    def score(self, labels: np.ndarray) -> float:
        """The score of a grouping; 0 is ideal, 100 is chance."""
        return float(self.scale @ self.raw(labels)) if self.terms else 0.0

    def by_term(self, labels: np.ndarray) -> dict[str, float]:
        """What each term adds to the score."""
        return dict(zip([term.name for term in self.terms], self.scale * self.raw(labels), strict=True))

    def closed_form_bound(self) -> float:
        """A score that no grouping can go below: each categorical column on its own, numbers at 0.

        A column's best allocation of its pupils to the groups takes the floor or the ceiling
        of n_g p_c everywhere; as the costs are convex and separable, handing out the pupils of
        a category one by one where they cost least is exact.
        """
        bound = 0.0
        for term, scale in zip(self.terms, self.scale, strict=True) if self.terms else ():
            if term.pairs is None and not term.over_size:
                shares = -term.features.min(axis=0)
                bound += scale * sum(_least_deviation(self.sizes, share, self.n) for share in shares)
        return float(bound)


def objective(
    traits: Sequence[Trait], sizes: Sequence[int], *, meetings: tuple[np.ndarray, float] | None = None
) -> Objective:
    """The objective of traits for groups of the given sizes.

    Args:
        traits: what counts; all of the same n pupils.
        sizes: how many pupils each group has; they add up to n.
        meetings: costs of pairs that share a group, shape (n, n), and the weight of that term.
    """
    sizes = np.asarray(sizes, dtype=int)
    n = int(sizes.sum())
    terms: list[Term] = []
    for trait in traits:
        terms += _terms_of(trait, sizes, n)
    if meetings is not None:
        costs, weight = meetings
        terms.append(_pair_term("만남", costs, weight, sizes, n))
    return Objective(n, sizes, tuple(term for term in terms if term.weight > 0 and term.expected > 1e-12))


def _terms_of(trait: Trait, sizes: np.ndarray, n: int) -> list[Term]:
    if trait.aim == "alike":
        return [_pair_term(f"{trait.column}:alike", _unlikeness(trait), trait.weight, sizes, n)]
    # with one pupil alone, or one group, there is nothing to balance
    factor = (n - sizes) / max(n - 1, 1)
    if not trait.is_number:
        centred = (trait.codes[:, None] == np.arange(len(trait.categories))).astype(float)
        shares = centred.mean(axis=0)
        expected = float((sizes * factor).sum() * (shares * (1 - shares)).sum())
        return [Term(trait.column, trait.weight, expected, centred - shares)]
    z = standardised(trait.values)
    over = float((factor / sizes).sum())
    return [
        Term(f"{trait.column}:mean", trait.mean, over * z.var(), z[:, None], over_size=True),
        Term(f"{trait.column}:spread", trait.spread, over * (z**2).var(), (z**2 - z.var())[:, None], over_size=True),
    ]


def standardised(values: np.ndarray) -> np.ndarray:
    """Values less their mean over the population's standard deviation; zeros if all are equal."""
    deviation = values.std()
    if deviation <= 1e-12 * max(1.0, abs(values).max(initial=0)):
        return np.zeros(len(values))
    return (values - values.mean()) / deviation


def _unlikeness(trait: Trait) -> np.ndarray:
    if trait.is_number:
        z = standardised(trait.values)
        return (z[:, None] - z[None, :]) ** 2
    return (trait.codes[:, None] != trait.codes[None, :]).astype(float)


def _pair_term(name: str, costs: np.ndarray, weight: float, sizes: np.ndarray, n: int) -> Term:
    costs = np.array(costs, dtype=float)
    np.fill_diagonal(costs, 0.0)
    all_pairs, sharing = n * (n - 1) / 2, (sizes * (sizes - 1) / 2).sum()
    expected = float(costs.sum() / 2 / all_pairs * sharing) if all_pairs else 0.0
    return Term(name, weight, expected, pairs=costs)


def _least_deviation(sizes: np.ndarray, share: float, n: int) -> float:
    """The least sum over groups of (count - n_g p)² with counts that add up to n p."""
    wanted = sizes * share
    counts = np.floor(wanted + 1e-9)
    left = round(n * share - counts.sum())
    if left > 0:
        # one more where it costs least; no group needs a second one, as wanted - floor < 1
        gain = (counts + 1 - wanted) ** 2 - (counts - wanted) ** 2
        counts[np.argsort(gain, kind="stable")[:left]] += 1
    return float(((counts - wanted) ** 2).sum())
