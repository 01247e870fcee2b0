"""The judge on pairs of real books written by hand, among them what it still gets wrong."""

from pathlib import Path

import pandas as pd
import pytest

from schoolkit.reading.similarity import compare_books

PAIRS = Path(__file__).parent / "data" / "labelled_pairs.csv"


@pytest.fixture(scope="module")
def judged():
    pairs = pd.read_csv(PAIRS)
    pairs["verdict"] = [compare_books(a, b).verdict for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    return pairs[pairs["label"] != "ambiguous"]


def test_nearly_every_pair_is_judged_as_its_label_says(judged):
    found, true = judged["verdict"] != "different", judged["label"] == "same"
    assert (len(judged), true.sum()) == (220, 128)
    assert 2 * (found & true).sum() / (found.sum() + true.sum()) >= 0.985


def test_nothing_is_called_the_same_that_is_not(judged):
    assert judged[(judged["verdict"] == "same") & (judged["label"] == "different")].empty


def test_other_volumes_are_never_shown(judged):
    assert set(judged.loc[judged["category"] == "volume", "verdict"]) == {"different"}


def test_shared_pairs_are_judged_as_well(shared_pairs):
    pairs = pd.read_csv(shared_pairs)
    pairs = pairs[pairs["label"] != "ambiguous"]
    verdicts = pd.Series(
        [compare_books(a, b).verdict for a, b in zip(pairs["a"], pairs["b"], strict=True)], pairs.index
    )
    found, true = verdicts != "different", pairs["label"] == "same"
    assert 2 * (found & true).sum() / (found.sum() + true.sum()) >= 0.99
    assert pairs[(verdicts == "same") & ~true].empty
