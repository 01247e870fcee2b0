"""Chance: draws are uniform over all groupings within the limit, and never break a rule."""

from collections import Counter

import grouping_instances as known
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from schoolkit.grouping.balance import objective
from schoolkit.grouping.draws import draw
from schoolkit.grouping.instance import build
from schoolkit.grouping.traits import category_trait, number_trait


def partition(units, n_groups):
    """A grouping whatever its group numbers."""
    return frozenset(frozenset(np.flatnonzero(units == group).tolist()) for group in range(n_groups))


def assert_uniform(instance, limit, draws):
    """Every grouping within the limit comes up, and all about as often."""
    groupings = [units for units in known.every_grouping(instance) if instance.score(units) <= limit + 1e-9]
    assert len(groupings) > 5
    start = min(groupings, key=instance.score)
    counts = Counter(
        tuple(draw(instance, np.random.default_rng(seed), start=start, limit=limit).tolist()) for seed in range(draws)
    )
    assert set(counts) <= {tuple(units.tolist()) for units in groupings}
    assert chisquare([counts[tuple(units.tolist())] for units in groupings]).pvalue > 0.001


def small(**rules):
    frame = pd.DataFrame({"a": [0, 0, 1, 1, 0, 1], "b": [1.0, 4, 2, 8, 5, 7]})
    aims = objective([category_trait(frame["a"]), number_trait(frame["b"], mean=1)], [3, 3])
    return build(aims, **rules)


def test_within_a_limit_all_groupings_are_equally_likely():
    assert_uniform(small(), limit=60, draws=300)


def test_free_chance_is_uniform_within_the_rules():
    assert_uniform(small(apart=[(0, 1)], caps=[([2, 3, 5], 0, 2)]), limit=np.inf, draws=300)


def test_blocks_are_drawn_as_blocks_and_uniformly():
    assert_uniform(small(together=[[0, 5]]), limit=np.inf, draws=300)


def test_groupings_of_open_sizes_are_drawn_uniformly():
    frame = pd.DataFrame({"a": [0, 0, 1, 1, 0]})
    instance = build(objective([category_trait(frame["a"])], [3, 2]), size_range=(1, 4))
    assert_uniform(instance, limit=np.inf, draws=300)


def test_the_talks_twelve_pupils_are_drawn_uniformly_over_8100_groupings():
    told = known.load("talk12")
    aims = known.objective_of(told)
    instance = build(aims)
    start = np.zeros(12, dtype=int)
    kinds = np.array(told["students"]["EI"])
    start[np.argsort(kinds, kind="stable")] = [0, 0, 1, 1, 2, 3, 0, 1, 2, 2, 3, 3]
    assert aims.score(start) == pytest.approx(told["best_known"]["score"], abs=1e-6)
    together, seen = np.zeros((12, 12)), set()
    draws = 1000
    for seed in range(draws):
        units = draw(instance, np.random.default_rng(seed), start=start, limit=told["best_known"]["score"] + 1e-6)
        assert aims.score(units) == pytest.approx(told["best_known"]["score"], abs=1e-6)
        together += units[:, None] == units[None, :]
        seen.add(partition(units, 4))
    # 1,000 draws out of 8,100 hit about 938 different ones
    assert len(seen) > 900
    upper = np.triu_indices(12, 1)
    for same_kind, pairs_in_a_grouping, pairs in ((True, 4, 30), (False, 8, 36)):
        chosen = [(i, j) for i, j in zip(*upper, strict=True) if (kinds[i] == kinds[j]) == same_kind]
        counts = np.array([together[i, j] for i, j in chosen])
        assert (len(chosen), counts.sum()) == (pairs, draws * pairs_in_a_grouping)
        # counts of pairs that share pupils hang together a little, so the bound is a wide one
        share = pairs_in_a_grouping / pairs
        assert ((counts - draws * share) ** 2).sum() / (draws * share * (1 - share)) < 2 * pairs


@pytest.mark.parametrize("seed", range(15))
def test_a_draw_keeps_every_rule_the_limit_and_the_sizes(seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": rng.integers(0, 3, 20), "b": rng.normal(size=20)})
    aims = objective([category_trait(frame["a"]), number_trait(frame["b"], mean=2, spread=1)], [4] * 5)
    # every fifth pupil of a group of five: the start keeps all rules
    start = np.arange(20) % 5
    rules = {
        "together": [[0, 5], [1, 6, 11]],
        "apart": [(2, 3), (0, 1), (7, 8)],
        "caps": [([4, 9, 14, 2], 0, 3), ([0, 1, 2, 3, 4, 5], 1, 2)],
        "fixed": {2: 2, 12: 2},
        "size_range": (3, 5) if seed % 2 else None,
    }
    instance = build(aims, **rules)
    units = np.array([start[np.flatnonzero(instance.unit_of == unit)[0]] for unit in range(instance.n_units)])
    assert instance.broken(units) == 0
    limit = instance.score(units) + 20
    drawn = draw(instance, rng, start=units, limit=limit)
    assert instance.broken(drawn) == 0
    assert instance.score(drawn) <= limit + 1e-6
    if not instance.ranged:
        assert instance.group_sizes(drawn).tolist() == [4] * 5


def test_without_room_for_chance_the_start_comes_back():
    instance = small(fixed={pupil: group for pupil, group in enumerate([0, 0, 0, 1, 1, 1])})
    start = instance.fixed.copy()
    assert np.array_equal(draw(instance, np.random.default_rng(0), start=start, limit=np.inf), start)
