"""Who leads a group: told by a rule on leaders, or by a column that marks them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..rosters.headers import category_text
from .traits import is_missing

if TYPE_CHECKING:
    from .result import Grouping

# Only these are shown to pupils: any other rule or mark may be what nobody else should know.
_LEADER = re.compile(r"모둠장|조장|팀장|이끔이|리더|leader|captain", re.IGNORECASE)
_NOT_MARKED = {"0", "x", "n", "no", "false", "아니오", "아니요", "아님", "없음", "해당없음", "-", "f"}


def leaders(grouping: Grouping) -> tuple[str, set[str]]:
    """What leaders are called, and the labels of those who are one; ``("", set())`` if nothing tells.

    A rule on leaders comes first, told by its column or its reason (``‘모둠장’ 모둠마다 1명``), then a
    column such as 모둠장 or 모둠장 희망. A group may have several of them.
    """
    for rule in grouping.rules:
        named = re.match("‘(.*?)’", rule.words)
        said = [one for one in (named[1] if named else "", rule.why) if _LEADER.search(one)]
        if rule.kind == "cap" and said:
            return said[0], {grouping.labels[grouping.present[at]] for at in rule.pupils}
    for column in grouping.students.columns:
        if _LEADER.search(str(column)):
            marked = is_marked(grouping.students[column])
            return str(column), {grouping.labels[row] for row in grouping.present if marked[row]}
    return "", set()


def is_marked(column: pd.Series) -> np.ndarray:
    """Whether each cell marks its pupil: any but an empty one, 0, X, N, 아니오 and the like."""
    words = [category_text(value).casefold() not in _NOT_MARKED for value in column]
    return np.array(words, dtype=bool) & ~is_missing(column)
