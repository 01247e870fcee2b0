"""Who the pupils of a table are: the column of names, and a label of its own for each pupil."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import pandas as pd

from ..errors import InputError, Problem
from ..rosters.headers import CLASS, FORMER_CLASS, NAME, NUMBER, category_text, find_column
from ..students import name_key
from .traits import is_missing


def name_column(students: pd.DataFrame, said: str | None) -> object:
    """The column that names a pupil.

    Raises:
        InputError: it is not there, or none is said and none has such a header.
    """
    if said is not None:
        if said in students.columns:
            return said
        raise InputError(
            [Problem("이름 칸으로 고른 칸이 명단에 없습니다.", "칸 이름을 확인해 주세요.", column=str(said))]
        )
    found = find_column(students.columns, NAME)
    if found is None:
        raise InputError(
            [
                Problem(
                    "이름이 적힌 칸을 찾지 못했습니다.",
                    "머리글을 '이름'이나 '성명'으로 바꾸거나, 어느 칸인지 골라 주세요.",
                    kind="no_name_column",
                )
            ]
        )
    return found


def labels_of(students: pd.DataFrame, name: object) -> list[str]:
    """A label for each pupil, unlike all others: the name, and for same names the number behind it.

    >>> labels_of(pd.DataFrame({"번호": [1, 2, 3], "이름": ["김하나", "이두리", "김하나"]}), "이름")
    ['김하나(1번)', '이두리', '김하나(3번)']
    """
    missing = is_missing(students[name])
    names = [
        f"이름 없음 {at}" if lacking else category_text(value)
        for at, (value, lacking) in enumerate(zip(students[name], missing, strict=True), start=1)
    ]
    counts = Counter(map(name_key, names))
    by_class = find_column(students.columns, (*CLASS, *FORMER_CLASS))
    by_number = find_column(students.columns, NUMBER)
    told = list(names)
    for at, one in enumerate(names):
        if counts[name_key(one)] > 1:
            words = []
            if by_class is not None and not pd.isna(students[by_class].iloc[at]):
                words.append(re.sub(r"반$", "", category_text(students[by_class].iloc[at])) + "반")
            if by_number is not None and by_number != name and not pd.isna(students[by_number].iloc[at]):
                words.append(re.sub(r"번$", "", category_text(students[by_number].iloc[at])) + "번")
            told[at] = f"{one}({' '.join(words)})" if words else one
    taken: defaultdict[str, int] = defaultdict(int)
    again = Counter(told)
    for at, one in enumerate(told):
        if again[one] > 1:
            taken[one] += 1
            told[at] = f"{one}({taken[one]})"
    return told


class Roll:
    """Finds pupils by label, by a name that only one of them has, or by what stands in the name column."""

    def __init__(self, labels: Sequence[str], names: Sequence[object]) -> None:
        self.labels = list(labels)
        self._by_label = {label: at for at, label in enumerate(labels)}
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(names):
            self._by_name[name_key(category_text(name))].append(at)

    def find(self, wanted: Sequence[object], rule: str) -> tuple[int, ...]:
        """The pupils' positions from 0.

        Raises:
            InputError: a name is not there, or several pupils have it; it says which one of the rule's
                names that is, and does not repeat it.
        """
        found, problems = [], []
        for at, name in enumerate(wanted, start=1):
            label = category_text(name)
            if label in self._by_label:
                found.append(self._by_label[label])
                continue
            same = self._by_name.get(name_key(label), [])
            if len(same) == 1:
                found.append(same[0])
            elif same:
                problems.append(
                    Problem(
                        f"{at}번째 학생과 이름이 같은 학생이 {len(same)}명입니다.",
                        "이름 뒤에 번호를 붙여 '이름(3번)'처럼 적어 주세요.",
                        column=rule,
                        kind="same_name",
                    )
                )
            else:
                problems.append(
                    Problem(
                        f"{at}번째 학생이 명단에 없습니다.",
                        "명단의 이름과 같게 적어 주세요.",
                        column=rule,
                        kind="unknown_pupil",
                    )
                )
        if problems:
            raise InputError(problems)
        return tuple(dict.fromkeys(found))
