"""Several rounds as one schedule: few pairs twice, every rule and the limit kept in every round."""

import time
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from schoolkit.grouping.balance import objective
from schoolkit.grouping.instance import build
from schoolkit.grouping.rounds import _Schedule, pigeonhole_minimum, plan_rounds, repeated_pairs
from schoolkit.grouping.search import random_start
from schoolkit.grouping.traits import category_trait


def an_instance(n, groups, traits=(), **rules):
    return build(objective(traits, [n // groups + (g < n % groups) for g in range(groups)]), **rules)


def a_plan(instance, rounds=4, *, seed=0, limit=np.inf, steps=300, **more):
    rng = np.random.default_rng(seed)
    starts = [start for start in (random_start(instance, rng) for _ in range(200)) if instance.broken(start) == 0]
    starts = [start for start in starts if instance.score(start) <= limit][:rounds]
    return plan_rounds(instance, rng, rounds=rounds, limit=limit, starts=starts, steps=steps, **more)


def slow_repeats(plan, unit_of, met=None):
    total = 0
    for a, b in combinations(range(len(unit_of)), 2):
        if unit_of[a] != unit_of[b]:
            times = sum(bool(units[unit_of[a]] == units[unit_of[b]]) for units in plan)
            total += max(0, times - 1) + bool(times and met is not None and met[a, b])
    return total


def random_meetings(n, rng):
    met = np.triu(rng.random((n, n)) < 0.2, 1)
    return met | met.T


@pytest.mark.parametrize("seed", range(5))
def test_the_table_of_all_exchanges_agrees_with_counting_pair_by_pair(seed):
    rng = np.random.default_rng(seed)
    instance, met = an_instance(11, 3, together=[(0, 1), (2, 3)]), random_meetings(11, rng)
    units = np.array([random_start(instance, rng) for _ in range(3)])
    schedule = _Schedule(instance, units, np.inf, met)
    before = slow_repeats(units, instance.unit_of, met)
    assert schedule.repeats() == before
    change = schedule.exchange_changes()
    for r, i, j in np.argwhere(schedule.barred == 0):
        after = units.copy()
        after[r, [i, j]] = units[r, [j, i]]
        assert change[r, i, j] == slow_repeats(after, instance.unit_of, met) - before


@pytest.mark.parametrize("seed", range(5))
def test_a_block_exchange_changes_the_repeats_by_what_it_says(seed):
    rng = np.random.default_rng(seed)
    instance, met = an_instance(12, 3, together=[(0, 1), (2, 3, 4)]), random_meetings(12, rng)
    units = np.array([random_start(instance, rng) for _ in range(3)])
    schedule = _Schedule(instance, units, np.inf, met)
    drawn = None
    while drawn is None:
        drawn = schedule.draw_block_exchange(1, int(rng.integers(instance.n_units)), rng)
    r, moved, targets, change = drawn
    before = schedule.repeats()
    schedule.move(r, moved, targets)
    assert schedule.repeats() - before == change
    assert schedule.repeats() == slow_repeats(schedule.units, instance.unit_of, met)
    assert instance.group_sizes(schedule.units[1]).tolist() == [4, 4, 4]


def test_repeats_are_counted_as_the_slow_count_says():
    rng = np.random.default_rng(1)
    instance, met = an_instance(10, 3, together=[(0, 1)]), random_meetings(10, rng)
    plan = [random_start(instance, rng) for _ in range(4)]
    labels = [instance.labels(units) for units in plan]
    assert repeated_pairs(labels, unit_of=instance.unit_of, met=met) == slow_repeats(plan, instance.unit_of, met)
    assert repeated_pairs(labels) == slow_repeats(labels, np.arange(10))


def test_nine_pupils_in_threes_meet_everyone_once_in_four_rounds():
    plan = a_plan(an_instance(9, 3), 4, steps=5000)
    assert repeated_pairs(plan) == 0
    assert sorted(np.bincount(units).tolist() for units in plan) == [[3, 3, 3]] * 4


def test_two_rounds_of_one_group_repeat_every_pair():
    plan = a_plan(an_instance(4, 1), 2)
    assert [units.tolist() for units in plan] == [[0] * 4] * 2
    assert repeated_pairs(plan) == 6


def test_who_met_before_is_kept_apart_as_long_as_possible():
    met = np.zeros((4, 4), dtype=bool)
    for a, b in [(0, 1), (2, 3), (0, 2), (1, 3)]:
        met[a, b] = met[b, a] = True
    (units,) = a_plan(an_instance(4, 2), 1, met=met)
    assert units[0] == units[3] != units[1] == units[2]


def test_rules_and_sizes_hold_in_every_round():
    rules = {"together": [(0, 1), (2, 3, 4)], "apart": [(5, 6), (0, 7)], "caps": [([8, 9, 10], 0, 1)], "fixed": {11: 2}}
    instance = an_instance(19, 5, **rules)
    plan = a_plan(instance, 5, steps=1500)
    assert [instance.broken(units) for units in plan] == [0] * 5
    assert [instance.group_sizes(units).tolist() for units in plan] == [[4, 4, 4, 4, 3]] * 5
    assert repeated_pairs([instance.labels(u) for u in plan], unit_of=instance.unit_of) < 30


def test_blocks_move_even_where_no_unit_has_their_size():
    instance = an_instance(6, 2, together=[(0, 1)])
    start = np.array([0, 0, 1, 1, 1])  # the pair with pupil 2
    plan = plan_rounds(instance, np.random.default_rng(0), rounds=2, limit=np.inf, starts=[start], steps=500)
    assert slow_repeats([start, start], instance.unit_of) == 5
    assert slow_repeats(plan, instance.unit_of) == 1


def test_no_round_is_less_balanced_than_the_limit():
    sex = category_trait(pd.Series(["남", "여"] * 8, name="성별"))
    instance = an_instance(16, 4, [sex])
    balanced = np.arange(16) // 4
    plan = plan_rounds(instance, np.random.default_rng(0), rounds=4, limit=0.0, starts=[balanced], steps=1500)
    assert [round(instance.score(units), 9) for units in plan] == [0.0] * 4
    assert repeated_pairs(plan) <= 4
    assert repeated_pairs([balanced] * 4) == 72


def test_where_sizes_may_vary_each_round_keeps_its_own():
    instance = build(objective([], [4, 4]), size_range=(3, 5))
    starts = [np.array([0, 0, 0, 1, 1, 1, 1, 1]), np.array([0, 1] * 4)]
    plan = plan_rounds(instance, np.random.default_rng(0), rounds=2, limit=np.inf, starts=starts, steps=200)
    assert [instance.group_sizes(units).tolist() for units in plan] == [[3, 5], [4, 4]]


def test_the_same_seed_gives_the_same_plan():
    instance = an_instance(13, 4, together=[(0, 1)])
    first, second = a_plan(instance, seed=7), a_plan(instance, seed=7)
    assert np.array_equal(first, second)


def test_starts_and_meetings_are_not_changed():
    instance, start, met = an_instance(6, 2), np.array([0, 0, 0, 1, 1, 1]), np.zeros((6, 6), dtype=bool)
    plan_rounds(instance, np.random.default_rng(0), rounds=2, limit=np.inf, starts=[start], steps=50, met=met)
    assert start.tolist() == [0, 0, 0, 1, 1, 1] and not met.any()


def test_time_ends_the_search_and_progress_is_told():
    told = []
    a_plan(an_instance(24, 6), 8, steps=128, on_step=told.append)
    assert told == [0.5, 1.0]
    began = time.monotonic()
    a_plan(an_instance(24, 6), 8, steps=10**9, until=time.monotonic() + 0.2)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("starts", [[], [np.array([0, 0, 1, 1])]])
def test_a_start_that_breaks_a_rule_is_refused(starts):
    instance = an_instance(4, 2, apart=[(0, 1)])
    with pytest.raises(ValueError, match="start"):
        plan_rounds(instance, np.random.default_rng(0), rounds=2, limit=np.inf, starts=starts, steps=5)


@pytest.mark.parametrize(("n", "groups", "least", "reached"), [(24, 6, 12, 29), (28, 7, 0, 15), (30, 6, 45, 66)])
def test_a_plan_beats_choosing_round_by_round(n, groups, least, reached):
    plan = a_plan(an_instance(n, groups), 8, steps=1500)
    assert least <= repeated_pairs(plan) < reached


def test_the_pigeonhole_minimum_counts_pairs_that_do_not_count():
    assert pigeonhole_minimum([4] * 6, 8, 24) == 12
    assert pigeonhole_minimum([4] * 6, 8, 24, together=1, apart=5, met=2) == 12 - 8 + 1 + 5 + 2
    assert pigeonhole_minimum([2, 2], 1, 4) == 0


@pytest.mark.parametrize("seed", range(5))
def test_no_schedule_is_below_the_pigeonhole_minimum(seed):
    rng = np.random.default_rng(seed)
    instance, met = an_instance(7, 2, together=[(0, 1)], apart=[(2, 3)]), random_meetings(7, rng)
    met[0, 1] = met[1, 0] = met[2, 3] = met[3, 2] = False
    plan = a_plan(instance, 4, seed=seed, met=met)
    least = pigeonhole_minimum([4, 3], 4, 7, together=1, apart=1, met=int(met.sum()) // 2)
    assert 0 < least <= slow_repeats(plan, instance.unit_of, met)
