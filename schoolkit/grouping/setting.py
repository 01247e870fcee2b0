"""What a grouping is made from: those who are there, traits, objective, rules and meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import CLASS, NUMBER, category_text, find_column
from .balance import Objective, objective
from .meetings import Meetings, meeting_costs
from .rules import Rule
from .sizes import group_sizes
from .traits import Trait, category_trait, guess_kind, number_trait


@dataclass(frozen=True)
class Wish:
    """A column that counts, as it was said; None where the rest follows from it."""

    column: str
    aim: str
    weight: float | None
    mean: float | None
    spread: float | None
    kind: str | None


@dataclass(frozen=True)
class Setting:
    """What one grouping is made from.

    Attributes:
        key: equal for settings that have the same groupings and scores.
        present: the rows of those who take part, shape (n,).
        labels: what these are called, unlike all others.
        traits, objective, meetings: what counts.
        rules: the rules that still say something, pupils as positions in ``present``.
        size_range: the least and the most pupils of a group, where sizes may vary.
    """

    key: object
    present: np.ndarray
    labels: tuple[str, ...]
    traits: tuple[Trait, ...]
    objective: Objective
    meetings: Meetings | None
    rules: tuple[Rule, ...]
    size_range: tuple[int, int] | None


def setting_of(
    students: pd.DataFrame,
    name: object,
    labels: Sequence[str],
    *,
    absent: frozenset[int],
    sizes: Mapping[str, object],
    wishes: tuple[Wish, ...],
    rules: tuple[Rule, ...],
    history: pd.DataFrame | None,
    fading: Mapping[str, object],
) -> Setting:
    """The setting of those who are there; ``fading`` holds recover, shape and weight of the history.

    Raises:
        InputError: sizes that cannot be, or a pupil locked into a group that there is not.
    """
    present = np.array([row for row in range(len(students)) if row not in absent], dtype=int)
    group_of_each, size_range = group_sizes(len(present), **sizes, absent=len(absent))
    there = _of_those_present(rules, present)
    _check_locks(there, len(group_of_each))
    meetings, counted = None, None
    if history is not None:
        how = {one: fading[one] for one in ("recover", "shape")}
        meetings = meetings_of(students.iloc[present], name, history, **how)
        counted = (meetings.costs, fading["weight"])
    traits = tuple(_trait(students, present, wish) for wish in wishes)
    aims = objective(traits, group_of_each, meetings=counted)
    key = (wishes, rules, absent, tuple(group_of_each), size_range, tuple(fading.items()))
    called = tuple(labels[row] for row in present)
    return Setting(key, present, called, traits, aims, meetings, there, size_range)


def meetings_of(students: pd.DataFrame, name: object, history: pd.DataFrame, *, recover: str, shape: str) -> Meetings:
    """What it costs these pupils to meet again, see :func:`schoolkit.grouping.meetings.meeting_costs`."""
    known = {"name": [category_text(value) for value in students[name]]}
    for column, headers in (("student_no", NUMBER), ("class_name", CLASS)):
        header = find_column(students.columns, headers)
        if header is not None and header != name:
            known[column] = [None if pd.isna(value) else category_text(value) for value in students[header]]
    return meeting_costs(history, pd.DataFrame(known), recover=recover, shape=shape)


def _trait(students: pd.DataFrame, present: np.ndarray, wish: Wish) -> Trait:
    column = students[wish.column].iloc[present]
    weight = 1.0 if wish.weight is None else wish.weight
    if (wish.kind or guess_kind(students[wish.column])) == "category":
        return category_trait(column, aim=wish.aim, weight=weight)
    mean = wish.mean if wish.mean is not None else (weight if wish.spread is None else 0.0)
    spread = wish.spread if wish.spread is not None else (weight / 2 if wish.mean is None else 0.0)
    return number_trait(column, aim=wish.aim, weight=weight, mean=mean, spread=spread)


def _of_those_present(rules: Sequence[Rule], present: np.ndarray) -> tuple[Rule, ...]:
    """The rules without the absent pupils, those left out that say nothing about the others."""
    place = {pupil: at for at, pupil in enumerate(present.tolist())}
    kept = []
    for rule in rules:
        pupils = tuple(place[pupil] for pupil in rule.pupils if pupil in place)
        if len(pupils) > 1 or (pupils and rule.kind in ("cap", "lock")) or rule.least:
            kept.append(replace(rule, pupils=pupils))
    return tuple(kept)


def _check_locks(rules: Sequence[Rule], n_groups: int) -> None:
    problems = [
        Problem(
            f"{rule.number}번 규칙의 모둠 번호가 모둠 수({n_groups}개)보다 큽니다.",
            "모둠 번호를 다시 골라 주세요.",
            column="고정",
        )
        for rule in rules
        if rule.kind == "lock" and rule.group > n_groups
    ]
    if problems:
        raise InputError(problems)
