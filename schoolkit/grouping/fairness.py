"""How fair a grouping is, in figures and in a teacher's words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .traits import Trait

if TYPE_CHECKING:
    from .result import Grouping

_SAME = 1e-6
_MOST_CATEGORIES = 8


def fairness(score: float, bound: float) -> float:
    """균형 점수: 0 is chance or worse, 100 cannot be fairer; ``100 (100 - score) / (100 - bound)``.

    >>> fairness(100, 40), fairness(70, 40), fairness(40, 40)
    (0.0, 50.0, 100.0)
    """
    if score <= bound + _SAME:
        return 100.0
    if bound >= 100:  # rules so tight that even the best is behind chance
        return 100.0 * bound / score
    return max(0.0, 100 * (100 - score) / (100 - bound))


def statement(grouping: Grouping) -> str:
    """How near to the best possible a grouping is, a Korean sentence."""
    if not grouping.objective.terms:
        return "고르게 나눌 특성을 고르지 않아 무작위로 나누었습니다."
    if not grouping.sizes_kept:
        return "인원을 손으로 바꾸어, 가장 고른 편성과 견줄 수 없습니다."
    if grouping.proven:
        return "더 고르게 나눌 수 없음 (증명됨)"
    # rounded down, as it says "at least"
    percent = math.floor(grouping.fairness + 1e-9)
    if grouping.best_proven:
        return f"가장 고른 편성(증명됨)의 {percent} %"
    return f"가능한 최선의 {percent} % 이상"


def balance_table(grouping: Grouping) -> pd.DataFrame:
    """What each group has of each trait.

    Columns ``trait``, ``measure`` (a category, ``평균``, ``표준편차``, or of alike traits
    ``같은 값끼리`` in percent and ``모둠 안 차이``), ``aim`` (``고르게`` or ``비슷하게``), ``whole``
    (the same over all pupils: of a category the share that a group of even size would have),
    ``least`` and ``most`` over the groups, then ``1``, ``2``, … for each group.
    """
    rows = []
    for trait in grouping.traits:
        for measure, whole, values in _measures(trait, grouping.groups, grouping.n_groups):
            rows.append(
                {
                    "trait": trait.column,
                    "measure": measure,
                    "aim": "비슷하게" if trait.aim == "alike" else "고르게",
                    "whole": whole,
                    "least": float(np.nanmin(values)),
                    "most": float(np.nanmax(values)),
                }
                | {str(group + 1): float(value) for group, value in enumerate(values)}
            )
    columns = ["trait", "measure", "aim", "whole", "least", "most", *(str(g + 1) for g in range(grouping.n_groups))]
    return pd.DataFrame(rows, columns=columns)


def group_figures(grouping: Grouping) -> pd.DataFrame:
    """A row per trait, measure and group: columns ``trait``, ``measure``, ``group`` (from 1), ``value``, ``whole``."""
    table = balance_table(grouping)
    groups = [str(group + 1) for group in range(grouping.n_groups)]
    long = table.melt(["trait", "measure", "whole"], groups, var_name="group", value_name="value")
    long["group"] = long["group"].astype(int)
    return long[["trait", "measure", "group", "value", "whole"]]


def trait_lines(grouping: Grouping) -> list[str]:
    """A Korean line per trait, e.g. ``성별: 남 2명, 여 1–2명`` or ``점수: 평균 차이 0.4점 (71.2–71.6)``."""
    lines = []
    for trait in grouping.traits:
        measures = list(_measures(trait, grouping.groups, grouping.n_groups))
        if trait.aim == "alike":
            measure, whole, values = measures[0]
            unit = "%" if measure.endswith("비율") else ""
            inside = f"{_number(np.nanmean(values))}{unit}"
            lines.append(f"{trait.column}: {measure} 모둠 평균 {inside} (학급 전체 {_number(whole)}{unit})")
        elif trait.is_number:
            (_, _, means), (_, _, spreads) = measures
            lines.append(
                f"{trait.column}: 평균 차이 {_number(np.ptp(means))} ({_range(means)}), 표준편차 {_range(spreads)}"
            )
        else:
            words = [f"{_told(measure)} {_range(values)}명" for measure, _, values in measures]
            if len(words) > _MOST_CATEGORIES:
                widest = max(float(np.ptp(values)) for _, _, values in measures)
                words = [f"{len(words)}가지 값, 모둠마다의 인원 차이 {_number(widest)}명까지"]
            lines.append(f"{trait.column}: {', '.join(words)}")
    if grouping.meetings is not None:
        shared, expected = _met_again(grouping)
        lines.append(f"지난 모둠: 전에 만난 짝 {shared}쌍이 다시 만납니다 (무작위면 {_number(expected)}쌍)")
    return lines


def _measures(trait: Trait, groups: np.ndarray, n_groups: int):
    """(name, over all pupils, one value per group) for each thing that is said of a trait."""
    sizes = np.bincount(groups, minlength=n_groups)
    if trait.aim == "alike":
        apart = _unlike_pairs(trait, np.arange(len(groups)))
        values = np.array([_unlike_pairs(trait, np.flatnonzero(groups == group)) for group in range(n_groups)])
        if trait.is_number:
            yield "모둠 안 차이", apart, values
        else:
            yield "값이 같은 짝의 비율", 100 * (1 - apart), 100 * (1 - values)
    elif trait.is_number:
        values = [trait.values[groups == group] for group in range(n_groups)]
        yield "평균", float(trait.values.mean()), np.array([one.mean() if one.size else np.nan for one in values])
        yield "표준편차", float(trait.values.std()), np.array([one.std() if one.size else np.nan for one in values])
    else:
        for code, category in enumerate(trait.categories):
            counts = np.bincount(groups[trait.codes == code], minlength=n_groups)
            yield category, float((trait.codes == code).mean() * sizes.mean()), counts.astype(float)


def _unlike_pairs(trait: Trait, members: np.ndarray) -> float:
    """How much the pairs of these pupils differ on average; a pupil alone differs from no one."""
    if len(members) < 2:
        return 0.0
    upper = np.triu_indices(len(members), 1)
    if trait.is_number:
        values = trait.values[members]
        return float(abs(values[:, None] - values[None, :])[upper].mean())
    codes = trait.codes[members]
    return float((codes[:, None] != codes[None, :])[upper].mean())


def _met_again(grouping: Grouping) -> tuple[int, float]:
    """How many pairs share a group again, and how many chance would bring together."""
    met = grouping.meetings.costs > 0
    same = grouping.groups[:, None] == grouping.groups[None, :]
    n = len(grouping.groups)
    pairs = n * (n - 1) / 2
    sharing = (np.triu(same, 1)).sum()
    known = np.triu(met, 1).sum()
    return int((np.triu(met & same, 1)).sum()), float(known * sharing / pairs) if pairs else 0.0


def _told(category: str) -> str:
    """A category that ends in a digit is set off from the number behind it."""
    return f"‘{category}’" if category[-1:].isdigit() else category


def _range(values: np.ndarray) -> str:
    least, most = _number(values.min()), _number(values.max())
    return least if least == most else f"{least}–{most}"


def _number(value: float) -> str:
    return str(int(round(value))) if abs(value - round(value)) < 0.005 else f"{value:.1f}"
