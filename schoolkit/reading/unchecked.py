"""Keys with too many books to be one pupil -> who they seem to be, to be shown."""

from __future__ import annotations

import pandas as pd

from .pair_table import NAMELESS, current_places, pupil_in_words, texts
from .streaming import MOST_BOOKS

WHAT_TO_CHECK = (
    f"한 학생의 책이 {MOST_BOOKS:,}권을 넘어, 여러 학생이 한 학생으로 묶인 것 같습니다. "
    "번호(학번)와 성명이 든 칸이 바른지 확인해 주세요."
)


def unchecked_pupils(pairs: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """The pupils whom a check left out, the most books first: ``pupil`` (in words), ``entries`` (a count).

    Args:
        pairs: what :func:`schoolkit.find_duplicates` gave, with its ``attrs``.
        entries: what was checked. Used if there: name, current_grade, class_no, seat_no.
    """
    left_out = {one["student"]: one["entries"] for one in pairs.attrs.get("unchecked", ())}
    theirs = entries[entries["student"].isin(left_out)]
    places = current_places(theirs)
    names = {student: _names(rows) for student, rows in theirs.groupby("student", sort=False)}
    found = pd.DataFrame(
        {
            "pupil": [pupil_in_words(places[student], names[student]) for student in left_out],
            "entries": pd.array(list(left_out.values()), dtype="int64"),
        }
    )
    return found.sort_values("entries", ascending=False, kind="stable", ignore_index=True)


def _names(rows: pd.DataFrame) -> str:
    """The pupil's name, or that there are several."""
    names = [name for name in texts(rows["name"].unique()) if name] if "name" in rows else []
    return f"{names[0]} 등 이름 {len(names)}가지" if len(names) > 1 else (names or [NAMELESS])[0]
