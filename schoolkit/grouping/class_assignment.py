"""Next year's classes (반편성): the columns and rules of that work, as :class:`Groups`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import NAME, category_text, find_column, header_key
from ..students import name_key, parse_name
from .groups import Groups
from .leaders import is_marked
from .pupils import labels_of, name_column
from .result import Grouping
from .traits import guess_kind, is_missing

# In the order in which columns are given away: a header such as 분리(쌍둥이) is the twins'.
_HEADERS = {
    "former_class": r"출신반|이전반|작년반|전년도반|현재반|현반|원반|현재학급|^반$|^학급$|^학년반$|formerclass",
    "gender": r"성별|남녀|^성$|gender|sex",
    "twins": r"쌍둥이|쌍생아|다태아|형제|twin",
    "special": r"특수|통합학급|special",
    "leaving": r"전출|전학|이사예정|leaving",
    "separate": r"생활지도|분리|갈등|떼어|separate",
    "score": r"총점|합계|성적|점수|평균|score|total",
    "level": r"수준|등급|단계|level",
}
_WEIGHTS = {"former_class": 2.0, "gender": 3.0, "score": 3.0, "level": 2.0}

# Marks that only say yes, unlike those that tell one quarrel from another.
_CHECKED = {"o", "○", "ㅇ", "〇", "◯", "●", "v", "√", "✓", "✔", "y", "yes", "예", "네", "해당", "true"}


@dataclass(frozen=True)
class ClassRule:
    """A rule that class assignment asks for.

    Attributes:
        kind: ``"apart"``, ``"together"``, ``"at_most"`` or ``"at_least"`` (so many in every class).
        pupils: the labels of the pupils it speaks of.
        why: what it is for, in Korean, e.g. ``동명이인``.
        count: of the last two kinds, how many.
        column: the column that marks these pupils and stands for them in words, if there is one.
    """

    kind: str
    pupils: tuple[str, ...]
    why: str
    count: int = 0
    column: str | None = None

    def add_to(self, groups: Groups) -> None:
        if self.kind in ("apart", "together"):
            getattr(groups, self.kind)(*self.pupils, why=self.why)
        else:
            what = list(self.pupils) if self.column is None else self.column
            getattr(groups, self.kind)(self.count, what, why=self.why)


def guess_columns(students: pd.DataFrame) -> dict[str, str]:
    """The columns that :func:`class_groups` takes, as far as their headers tell: role -> column.

    Roles are ``name``, ``former_class``, ``gender``, ``score``, ``level``, ``separate``, ``twins``,
    ``special`` and ``leaving``; one whose column is not found is left out.

    >>> guess_columns(pd.DataFrame(columns=["현재 반", "이름", "성별", "총점", "특수교육 대상"]))
    {'name': '이름', 'former_class': '현재 반', 'gender': '성별', 'special': '특수교육 대상', 'score': '총점'}
    """
    found = {}
    name = find_column(students.columns, NAME)
    if name is not None:
        found["name"] = name
    for role, pattern in _HEADERS.items():
        free = [column for column in students.columns if column not in found.values()]
        fitting = [column for column in free if re.search(pattern, header_key(column))]
        if role == "score":  # a score is an amount, and of several the one that sums the others up
            fitting = [one for one in fitting if students[one].empty or guess_kind(students[one]) == "number"]
            fitting.sort(key=lambda one: not re.search("총점|합계|total", header_key(one)))
        if fitting:
            found[role] = fitting[0]
    return found


def class_rules(
    students: pd.DataFrame,
    *,
    n_classes: int,
    name: str | None = None,
    separate: str | None = None,
    twins: str | None = None,
    twins_together: bool = False,
    special: str | None = None,
    leaving: str | None = None,
    same_names_apart: bool = True,
) -> list[ClassRule]:
    """The rules that follow from the marks of a list, see :func:`class_groups`.

    Raises:
        InputError: a column is not there, or there is no column of names.
    """
    name = name_column(students, name)
    _check_columns(students, [separate, twins, special, leaving])
    labels = labels_of(students, name)
    rules = []
    if same_names_apart:
        for pupils in _alike(labels, _plain_names(students[name])):
            most = -(-len(pupils) // n_classes)
            rules.append(
                ClassRule("apart", pupils, "동명이인") if most == 1 else ClassRule("at_most", pupils, "동명이인", most)
            )
    if separate is not None:
        marks = _marks(students[separate])
        checked = [label for label, mark in zip(labels, marks, strict=True) if mark in _CHECKED]
        rules += _spread(checked, n_classes, "생활지도 분리")
        others = ["" if mark in _CHECKED else mark for mark in marks]
        rules += [ClassRule("apart", pupils, "생활지도 분리") for pupils in _alike(labels, others)]
    if twins is not None:
        kind = "together" if twins_together else "apart"
        marks = _marks(students[twins])
        rules += [ClassRule(kind, pupils, "쌍둥이") for pupils in _alike(labels, marks)]
    for column, why in ((special, "특수교육 대상"), (leaving, "전출 예정")):
        if column is not None:
            marked = is_marked(students[column])
            rules += _spread([label for label, one in zip(labels, marked, strict=True) if one], n_classes, why, column)
            if column == leaving and marked.any():
                staying = [label for label, one in zip(labels, marked, strict=True) if not one]
                rules += _spread(staying, n_classes, "전출한 뒤의 인원")
    return rules


def class_groups(
    students: pd.DataFrame,
    *,
    n_classes: int,
    name: str | None = None,
    former_class: str | None = None,
    gender: str | None = None,
    score: str | Sequence[str] | None = None,
    level: str | None = None,
    separate: str | None = None,
    twins: str | None = None,
    twins_together: bool = False,
    special: str | None = None,
    leaving: str | None = None,
    same_names_apart: bool = True,
    weights: Mapping[str, float] | None = None,
    without: Collection[ClassRule] = (),
) -> Groups:
    """Next year's classes of a grade, ready for ``make`` or for more rules.

    Classes get even sizes. Every new class is made to have as many of each former class, gender
    and level and scores of the same mean and spread.

    >>> pupils = pd.DataFrame({"이름": ["가", "나", "다", "나"], "성별": list("여여남남"), "반": [1, 1, 2, 2]})
    >>> made = class_groups(pupils, n_classes=2, **guess_columns(pupils)).make(seed=1)
    >>> made.group_of("나(1반)") != made.group_of("나(2반)")
    True

    Args:
        students: one row per pupil of the grade.
        n_classes: how many new classes.
        name: the column of names; by default found by its header.
        former_class, gender, level: columns whose values are spread evenly.
        score: one or more columns of numbers.
        separate: a column of marks; pupils with equal marks, such as A, come into different classes
            (생활지도 분리). Those with a mere check, such as O, are spread evenly.
        twins: a column of marks; those with equal marks come into different classes, or into one
            with ``twins_together``.
        special: a column that marks pupils (any cell but blank, 0, X, 아니오, …) whose numbers differ
            by one at most between classes (특수교육 대상).
        leaving: the same for pupils who will leave (전출 예정): sizes stay even after they left.
        same_names_apart: pupils of one name come into different classes (동명이인); of more than
            there are classes, as few as possible into each.
        weights: of a role of these columns (``former_class``, ``gender``, ``score``, ``level``) how much
            it counts; by default 2, 3, 3 and 2. The spread of scores counts half as much as their mean.
        without: rules of :func:`class_rules` to leave out.

    Raises:
        InputError: a column is not there, or more classes than pupils.
    """
    scores = [score] if isinstance(score, str) else list(score or ())
    _check_columns(students, [former_class, gender, level, *scores])
    groups = Groups(students, name=name, n_groups=n_classes)
    weight = _WEIGHTS | dict(weights or {})
    for role, column in (("former_class", former_class), ("gender", gender), ("level", level)):
        if column is not None and weight[role]:
            groups.balance(column, weight=weight[role], kind="category")
    for column in scores:
        if weight["score"]:
            groups.balance(column, mean=weight["score"], spread=weight["score"] / 2)
    for rule in class_rules(
        students,
        n_classes=n_classes,
        name=name,
        separate=separate,
        twins=twins,
        twins_together=twins_together,
        special=special,
        leaving=leaving,
        same_names_apart=same_names_apart,
    ):
        if rule not in without:
            rule.add_to(groups)
    return groups


def class_table(grouping: Grouping, names: Sequence[str] | None = None, *, header: str = "새 반") -> pd.DataFrame:
    """The pupils with their new class in front, class by class, in the list's order within one.

    Args:
        names: what the classes are called; by default ``1반``, ``2반``, …
    """
    names = list(names) if names is not None else [f"{number}반" for number in range(1, grouping.n_groups + 1)]
    order = grouping.table["group"].sort_values(kind="stable", na_position="last")
    table = grouping.students.loc[order.index].drop(columns=header, errors="ignore")
    table.insert(0, header, [None if pd.isna(number) else names[number - 1] for number in order])
    return table.reset_index(drop=True)


def _check_columns(students: pd.DataFrame, columns: Sequence[str | None]) -> None:
    absent = [one for one in columns if one is not None and one not in students.columns]
    if absent:
        raise InputError(
            [Problem("명단에 없는 칸입니다.", "칸 이름을 확인해 주세요.", column=str(one)) for one in absent]
        )


def _alike(labels: Sequence[str], keys: Sequence[str]) -> list[tuple[str, ...]]:
    """The labels of two or more pupils with the same key; an empty key is none."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for label, key in zip(labels, keys, strict=True):
        if key:
            found[key].append(label)
    return [tuple(pupils) for pupils in found.values() if len(pupils) > 1]


def _spread(pupils: Sequence[str], n_classes: int, why: str, column: str | None = None) -> list[ClassRule]:
    """Rules by which the classes' numbers of these pupils differ by one at most."""
    least, most = len(pupils) // n_classes, -(-len(pupils) // n_classes)
    bounds = [("at_most", most)] * (most < len(pupils)) + [("at_least", least)] * (least > 0)
    return [ClassRule(kind, tuple(pupils), why, count, column) for kind, count in bounds]


def _marks(column: pd.Series) -> list[str]:
    """The marks as they are compared; empty where a cell says that there is none."""
    texts = (category_text(value).casefold() for value in column)
    return [text if marked else "" for text, marked in zip(texts, is_marked(column), strict=True)]


def _plain_names(column: pd.Series) -> list[str]:
    """The names as they are compared, without marks such as 전출; empty where there is none."""
    texts = ["" if missing else category_text(value) for value, missing in zip(column, is_missing(column), strict=True)]
    return [name_key(parse_name(text)[0] or text) for text in texts]
