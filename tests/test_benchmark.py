"""The figures of the benchmark are computed right; what they are is not tested."""

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT


@pytest.fixture
def measures(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import measures

    return measures


WANTED = np.array([True, False, True, False])
SCORES = np.array([0.9, 0.8, 0.8, 0.1])


def test_rates_of_what_was_found(measures):
    assert measures.rates(WANTED, SCORES >= 0.8) == pytest.approx((2 / 3, 1, 0.8))
    assert np.isnan(measures.rates(WANTED, SCORES > 1)[0])


def test_equal_scores_are_one_cutoff(measures):
    # recall 1/2 at precision 1, then the rest at precision 2/3
    assert measures.average_precision(WANTED, SCORES) == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 3)
    assert measures.best_cutoff(WANTED, SCORES) == 0.8


def test_a_tie_counts_half_in_the_auc(measures):
    assert measures.auc(WANTED, SCORES) == 3.5 / 4
    assert measures.auc(WANTED, -SCORES) == 0.5 / 4


def test_pairs_by_hand_are_counted_apart(measures):
    pairs = pd.DataFrame({"label": ["same", "different", "same"], "source": ["hand", "hand", "gen"]})
    found = measures.on_pairs(pairs, np.array([True, True, False]))
    assert found == pytest.approx({"precision": 1 / 2, "recall": 1 / 2, "F1": 1 / 2, "F1 by hand": 2 / 3})


def test_a_school_counts_variants_apart_from_equal_texts(measures):
    rows = [("x", "가", 1), ("x", "가", 1), ("x", "갸", 1), ("x", "나", 2), ("y", "가", 1)]
    truth = measures.school_pairs(pd.DataFrame(rows, columns=["student", "book", "book_id"]))
    assert truth["one_book"].tolist() == [True, True, False, True, False, False]
    found = measures.on_school(truth.iloc[[0, 1, 2]], truth, pupils=2)
    assert found == pytest.approx({"false alarms per 1,000": 500, "recall of variants": 1 / 2, "recall of all": 2 / 3})
