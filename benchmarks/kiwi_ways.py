"""Other things that Kiwi can say of two similar titles, beside the words decision."""

from __future__ import annotations

import numpy as np
import pandas as pd
from measures import auc

from schoolkit.reading import morphemes, similarity
from schoolkit.reading.alignment import likeness
from schoolkit.reading.books import bare_text
from schoolkit.reading.titles import title_parts
from schoolkit.reading.words import difference

LEAST_LIKENESS = 0.6


def separation(pairs: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """The AUC of each feature, ``same`` above ``different``, and how many pairs of each there are.

    Only pairs whose main titles differ and are alike: the others need no Kiwi.
    """
    kiwi = morphemes._analyser()
    wanted, rows = [], []
    for a, b, label in pairs[["a", "b", "label"]].itertuples(index=False):
        a, b = title_parts(a), title_parts(b)
        alike = likeness(a.main, b.main)
        if a.main == b.main or alike < LEAST_LIKENESS:
            continue
        dearer = similarity._DEARER[difference(a.readable, b.readable)[0]]
        (_, of_a), (_, of_b) = (kiwi.analyze(one.readable)[0] for one in (a, b))
        tokens = [kiwi.tokenize(one.readable, typos="basic") for one in (a, b)]
        costs = [sum(token.typo_cost for token in found) for found in tokens]
        mended = [bare_text(kiwi.join([(token.form, token.tag) for token in found])) for found in tokens]
        wanted.append(label == "same")
        rows.append(
            {
                "likeness alone": alike,
                "words decision": -dearer,
                "words decision, adjusted score": likeness(a.main, b.main, dearer),
                "analysis score, difference": abs(of_a - of_b),
                "analysis score, difference per syllable": abs(of_a / len(a.main) - of_b / len(b.main)),
                "typo correction, one side is corrected": abs(costs[0] - costs[1]),
                "typo correction, likeness of the corrected titles": likeness(*mended),
            }
        )
    features, same = pd.DataFrame(rows), np.array(wanted)
    alike = features["likeness alone"].rank(pct=True)
    table = [
        {"feature": name, "AUC": auc(same, values), "AUC with likeness": _with_likeness(same, alike, values)}
        for name, values in features.items()
    ]
    return pd.DataFrame(table), int(same.sum()), int((~same).sum())


def _with_likeness(same: np.ndarray, alike: pd.Series, values: pd.Series) -> float:
    """The AUC of the best mean with the likeness by rank, its weight fitted to these pairs."""
    ranks = values.rank(pct=True)
    return max(auc(same, alike * (1 - weight) + ranks * weight) for weight in np.arange(0, 1.01, 0.05))
