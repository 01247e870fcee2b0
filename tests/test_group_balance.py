"""The score of a grouping: against plain sums, averages over all groupings, and known instances."""

from itertools import permutations

import grouping_instances as known
import numpy as np
import pandas as pd
import pytest

from schoolkit.grouping.balance import objective, standardised
from schoolkit.grouping.instance import build
from schoolkit.grouping.traits import as_numbers, category_trait, guess_kind, number_trait


def plain_raw_terms(students, labels, sizes):
    """The raw terms of 성별, 점수 (mean, spread) as their definitions say, group by group."""
    z = standardised(students["점수"].to_numpy())
    category = mean = spread = 0.0
    for group, size in enumerate(sizes):
        inside = labels == group
        for value in students["성별"].unique():
            share = (students["성별"] == value).mean()
            category += ((students["성별"][inside] == value).sum() - size * share) ** 2
        mean += z[inside].mean() ** 2
        spread += ((z[inside] ** 2).mean() - 1) ** 2
    return [category, mean, spread]


def all_groupings(sizes):
    return {tuple(order) for order in permutations(np.repeat(np.arange(len(sizes)), sizes))}


@pytest.mark.parametrize("sizes", [[3, 3], [4, 2], [2, 2, 2]])
def test_terms_are_as_defined_and_a_random_grouping_scores_100_on_average(sizes):
    students = pd.DataFrame({"성별": list("여여남남남여"), "점수": [10.0, 20, 40, 45, 80, 93]})
    traits = [category_trait(students["성별"], weight=2), number_trait(students["점수"], mean=2, spread=1)]
    aims = objective(traits, sizes)
    groupings = [np.array(labels) for labels in sorted(all_groupings(sizes))]
    for labels in groupings:
        assert aims.raw(labels) == pytest.approx(plain_raw_terms(students, labels, sizes))
    assert np.mean([aims.score(labels) for labels in groupings]) == pytest.approx(100)
    by_term = aims.by_term(groupings[0])
    assert list(by_term) == ["성별", "점수:mean", "점수:spread"]
    assert sum(by_term.values()) == pytest.approx(aims.score(groupings[0]))
    assert aims.closed_form_bound() <= min(aims.score(labels) for labels in groupings) + 1e-9


def test_alike_traits_and_meetings_score_100_on_average_too():
    students = pd.DataFrame({"관심": list("가가나나다"), "점수": [1.0, 2, 3, 5, 9]})
    traits = [category_trait(students["관심"], aim="alike"), number_trait(students["점수"], aim="alike", weight=3)]
    costs = np.zeros((5, 5))
    costs[0, 1] = costs[1, 0] = 0.5
    aims = objective(traits, [3, 2], meetings=(costs, 2.0))
    groupings = [np.array(labels) for labels in sorted(all_groupings([3, 2]))]
    assert np.mean([aims.score(labels) for labels in groupings]) == pytest.approx(100)


def test_alike_categories_score_0_where_every_group_has_one_value():
    aims = objective([category_trait(pd.Series(list("가나가나나"), name="관심"), aim="alike")], [3, 2])
    assert [aims.score(np.array(labels)) for labels in ([1, 0, 1, 0, 0], [0, 0, 0, 1, 1])] == pytest.approx(
        [0, 83.33333]
    )


def test_equal_values_say_nothing_about_a_grouping():
    students = pd.DataFrame({"성별": ["여"] * 4, "점수": [70.0] * 4})
    aims = objective([category_trait(students["성별"]), number_trait(students["점수"], mean=1, spread=1)], [2, 2])
    assert (aims.terms, aims.score(np.array([0, 0, 1, 1])), aims.closed_form_bound()) == ((), 0.0, 0.0)


@pytest.mark.parametrize("name", known.names())
def test_known_instances_have_the_known_score_terms_and_bound(name):
    instance = known.load(name)
    aims, check = known.objective_of(instance), instance["check"]
    labels = np.array(check["labels"])
    assert aims.score(labels) == pytest.approx(check["score"], abs=1e-6)
    assert aims.by_term(labels) == pytest.approx(check["terms"], abs=1e-6)
    assert aims.closed_form_bound() == pytest.approx(instance["closed_form_bound"], abs=1e-6)


def test_the_search_sees_the_same_score_as_the_objective():
    students = pd.DataFrame({"성별": list("여여남남남여남"), "점수": [10.0, 20, 40, 45, 80, 93, 5]})
    costs = np.arange(49.0).reshape(7, 7) / 50
    traits = [category_trait(students["성별"]), number_trait(students["점수"], mean=2, spread=1)]
    aims = objective(traits, [4, 3], meetings=(costs + costs.T, 1.0))
    instance = build(aims, together=[[0, 3], [3, 5]])
    rng = np.random.default_rng(0)
    for _ in range(10):
        units = rng.integers(0, 2, instance.n_units)
        assert instance.score(units) == pytest.approx(aims.score(instance.labels(units)))


def test_missing_values_are_a_category_or_the_mean():
    students = pd.DataFrame({"성별": ["여", None, " ", "남"], "점수": [60, None, "결시", "80점"]})
    category, number = category_trait(students["성별"]), number_trait(students["점수"], mean=1)
    assert (category.categories, category.codes.tolist(), category.missing) == (("(없음)", "남", "여"), [2, 0, 0, 1], 2)
    assert (number.values.tolist(), number.missing, number.unread) == ([60, 70, 70, 80], 2, 1)


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("점수", [71, 88, 93, 54, 60, 77.5, 81], "number"),
        ("점수", ["71점", "88", "93", "54", "1,060", "77.5", "81", "", "90", "44", "결시"], "number"),
        ("수준", [1, 2, 3, 1, 2, 3, 1], "category"),
        ("출신반", [1, 2, 3, 4, 5, 6, 7, 8], "category"),
        ("성별", ["남", "여"], "category"),
        ("빈칸", [None, None], "category"),
    ],
)
def test_the_kind_of_a_column_is_guessed(header, values, kind):
    assert guess_kind(pd.Series(values, name=header)) == kind


def test_numbers_are_read_as_teachers_write_them():
    cells = pd.Series(["1,234", "85점", " 90 ", "결시", None, True, 3.5, "-"])
    assert as_numbers(cells).tolist()[:3] + as_numbers(cells).tolist()[5:7] == [1234, 85, 90, 1, 3.5]
    assert np.isnan(as_numbers(cells)[[3, 4, 7]]).all()
