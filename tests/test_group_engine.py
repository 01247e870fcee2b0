"""Search, proof and annealing against trying everything, with every kind of rule."""

import time

import grouping_instances as known
import numpy as np
import pandas as pd
import pytest

from schoolkit.grouping import anneal as annealing
from schoolkit.grouping.balance import objective
from schoolkit.grouping.candidates import candidate_groups, count_candidates
from schoolkit.grouping.instance import build
from schoolkit.grouping.proof import prove
from schoolkit.grouping.search import random_start, search
from schoolkit.grouping.solver import solve
from schoolkit.grouping.state import State, exchange_change
from schoolkit.grouping.traits import category_trait, number_trait


def small_instance(seed: int):
    """A random problem with 6 to 8 pupils in 2 or 3 groups and some of all kinds of rules."""
    rng = np.random.default_rng(seed)
    n, n_groups = int(rng.integers(6, 9)), int(rng.integers(2, 4))
    sizes = [n // n_groups + (group < n % n_groups) for group in range(n_groups)]
    frame = pd.DataFrame({"a": rng.integers(0, 3, n), "b": rng.normal(size=n).round(2), "c": rng.integers(0, 2, n)})
    traits = [
        category_trait(frame["a"], weight=2),
        number_trait(frame["b"], mean=2, spread=float(rng.integers(0, 2))),
        category_trait(frame["c"], aim="alike" if rng.random() < 0.4 else "balance"),
    ]
    costs = rng.random((n, n)) * (rng.random((n, n)) < 0.3)
    meetings = (costs + costs.T, 1.5) if rng.random() < 0.5 else None
    ranged = rng.random() < 0.3
    some = rng.permutation(n).tolist()
    rules = {
        "together": [some[:2]] if rng.random() < 0.5 else [],
        "apart": [(some[2], some[3]), (some[0], some[4])][: int(rng.integers(0, 3))],
        "caps": [(some[1:5], int(rng.integers(0, 2)), int(rng.integers(1, 4)))] if rng.random() < 0.5 else [],
        "fixed": {some[5]: int(rng.integers(n_groups))} if rng.random() < 0.4 else {},
        "size_range": (min(sizes) - 1, max(sizes) + 1) if ranged else None,
    }
    return build(objective(traits, sizes, meetings=meetings), **rules)


@pytest.mark.parametrize("seed", range(60))
def test_the_proven_best_is_the_best_of_all_groupings(seed):
    instance = small_instance(seed)
    groupings = known.every_grouping(instance)
    found = solve(instance, np.random.default_rng(seed), bound=0.0, until=time.monotonic() + 20)
    if not groupings:
        assert (found.units, found.bound) == (None, np.inf) or random_start(instance, np.random.default_rng(0)) is None
        return
    best = min(instance.score(units) for units in groupings)
    assert instance.broken(found.units) == 0
    assert (found.score, found.bound) == pytest.approx((best, best), abs=1e-6)
    assert found.proven


@pytest.mark.parametrize("seed", range(30))
def test_candidates_are_all_groups_of_groupings_with_their_cost(seed):
    instance = small_instance(seed)
    groupings = known.every_grouping(instance)
    candidates = candidate_groups(instance)
    listed = {
        tuple(int(unit) for unit in members if unit < instance.n_units): cost
        for members, cost in zip(candidates.members, candidates.costs, strict=True)
    }
    assert len(listed) == len(candidates.costs) <= count_candidates(instance)
    used = {tuple(np.flatnonzero(units == group)) for units in groupings for group in range(instance.n_groups)}
    assert {tuple(map(int, one)) for one in used} <= set(listed)
    for units in groupings[:5]:
        cost = sum(listed[tuple(map(int, np.flatnonzero(units == group)))] for group in range(instance.n_groups))
        assert cost + instance.constant == pytest.approx(instance.score(units))


@pytest.mark.parametrize("seed", range(30))
def test_tables_of_moves_say_what_each_move_changes(seed):
    instance = small_instance(seed)
    rng = np.random.default_rng(seed)
    start = random_start(instance, rng)
    if start is None:
        pytest.skip("the fixed pupils leave no start")
    state = State(instance, start, 10.0)
    for _ in range(4):
        score, broken = state.exchange_tables()
        broken = np.zeros_like(score) if broken is None else broken
        moves, more, allowed = state.relocation_tables()
        pairs = [
            (i, j)
            for i in range(instance.n_units)
            for j in range(instance.n_units)
            if state.units[i] != state.units[j] and instance.unit_size[i] == instance.unit_size[j]
        ]
        free = instance.fixed < 0
        for i, j in pairs:
            units = state.units.copy()
            units[[i, j]] = units[[j, i]]
            expected = instance.score(units) - instance.score(state.units)
            listed, listed_broken = state.exchange_changes(np.array([i]), np.array([j]))
            alone, alone_broken = exchange_change(state, np.array([i]), np.array([j]))
            assert [score[i, j], listed[0], alone] == pytest.approx([expected] * 3)
            if free[i] and free[j]:
                faults = instance.broken(units) - instance.broken(state.units)
                assert [broken[i, j], listed_broken[0], alone_broken] == pytest.approx([faults] * 3)
        for unit, group in zip(*np.nonzero(allowed & free[:, None]), strict=True):
            units = state.units.copy()
            units[unit] = group
            assert moves[unit, group] == pytest.approx(instance.score(units) - instance.score(state.units))
            assert more[unit, group] == pytest.approx(instance.broken(units) - instance.broken(state.units))
        if not pairs:
            return
        i, j = pairs[int(rng.integers(len(pairs)))]
        state.move(np.array([i, j]), state.units[[j, i]], score[i, j], broken[i, j])
        assert state.score == pytest.approx(instance.score(state.units))


@pytest.mark.parametrize(
    "name", [name for name in known.names() if not name.startswith(("infeasible", "large", "grade"))]
)
def test_class_instances_are_solved_and_proven(name):
    told = known.load(name)
    aims = known.objective_of(told)
    instance = build(aims, apart=known.pairs_of(told, "apart"), together=known.pairs_of(told, "together"))
    found = solve(instance, np.random.default_rng(0), bound=aims.closed_form_bound(), until=time.monotonic() + 30)
    assert (found.proven, instance.broken(found.units)) == (True, 0)
    assert found.score == pytest.approx(told["best_known"]["score"], abs=1e-5)


def grade(n_groups: int, seed: int):
    """A grade with former classes, scores, pairs apart and twins."""
    rng = np.random.default_rng(seed)
    n = 20 * n_groups
    frame = pd.DataFrame({"성별": rng.integers(0, 2, n), "출신반": np.arange(n) % n_groups, "점수": rng.normal(size=n)})
    traits = [
        category_trait(frame["성별"], weight=2),
        category_trait(frame["출신반"]),
        number_trait(frame["점수"], mean=2, spread=1),
    ]
    aims = objective(traits, [20] * n_groups)
    apart = [(at, at + 1) for at in range(0, 40, 2)]
    return aims, build(aims, apart=apart, together=[[50, 51], [60, 70]], caps=[(range(80, 90), 0, 2)], fixed={0: 3})


def test_a_grade_comes_close_to_the_bound_without_a_broken_rule():
    aims, instance = grade(5, 0)
    start = random_start(instance, np.random.default_rng(0))
    units, hurried = annealing.anneal(instance, np.random.default_rng(0), start=start, target=aims.closed_form_bound())
    assert not hurried
    assert (instance.broken(units), units[instance.unit_of[0]]) == (0, 3)
    assert instance.group_sizes(units).tolist() == [20] * 5
    assert instance.score(units) < aims.closed_form_bound() + 0.05


def test_the_search_alone_keeps_fixed_units_and_sizes():
    _, instance = grade(5, 1)
    start = random_start(instance, np.random.default_rng(0))
    units = search(instance, np.random.default_rng(0), start=start, steps=300)
    assert (instance.broken(units), instance.group_sizes(units).tolist()) == (0, [20] * 5)


def test_a_proof_that_runs_out_of_time_still_gives_a_bound_below_the_best():
    told = known.load("rc3_n26_s4_kind3")
    aims = known.objective_of(told)
    instance = build(aims, apart=known.pairs_of(told, "apart"), together=known.pairs_of(told, "together"))
    proof = prove(instance, candidate_groups(instance), None, time.monotonic() - 1)
    assert proof.units is None
    assert proof.bound <= told["best_known"]["score"]
