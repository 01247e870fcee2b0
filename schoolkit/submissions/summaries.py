"""The one table summed up: by class and assignment, and by pupil."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from .standing import standing
from .status import HANDED_IN, STATES


def assignment_summary(table: pd.DataFrame, at: datetime | str | None = None) -> pd.DataFrame:
    """A row per class and assignment: how many pupils are in which state.

    Columns: ``class_name``, ``assignment``, ``due`` (that of most pupils, missing if most have none),
    ``hidden``, ``pupils``, a count per state (as :data:`status.STATES` names them), ``to_urge`` (as
    :func:`missing_submissions` counts) and ``rate``: handed in, of the pupils whose state is known and
    who are not excused, from 0 to 1, missing where there is none.
    """
    rows = standing(table, at)
    first = rows.drop_duplicates("task").sort_values("task")
    count = len(first)
    code = rows["shown"].map({state: place for place, state in enumerate(STATES)}).to_numpy(dtype=int)
    counts = np.bincount(rows["task"].to_numpy(dtype=int) * len(STATES) + code, minlength=count * len(STATES))
    states = pd.DataFrame(counts.reshape(count, len(STATES)), columns=list(STATES))
    pupils = states.sum(axis=1)
    asked = pupils - states["excused"] - states["unknown"]
    by_task = rows.groupby("task")
    return pd.DataFrame(
        {
            "class_name": first["class_name"].to_numpy(dtype=object),
            "assignment": first["assignment"].to_numpy(dtype=object),
            "due": _usual_due(rows, first),
            "hidden": by_task["hidden"].all().to_numpy(dtype=bool),
            "pupils": pupils,
            **states,
            "to_urge": by_task["to_urge"].sum().to_numpy(dtype=int),
            "rate": states[list(HANDED_IN)].sum(axis=1) / asked.where(asked > 0),
        }
    )


def _usual_due(rows: pd.DataFrame, first: pd.DataFrame) -> pd.Series:
    """The due date of most pupils for each assignment; only those that differ have to be counted."""
    due = first.set_index("task")["due"].copy()
    differ = rows.groupby("task")["due"].nunique(dropna=False) > 1
    for task in differ.index[differ]:
        due[task] = rows.loc[rows["task"] == task, "due"].mode(dropna=False).iloc[0]
    return due.reset_index(drop=True)


def pupil_summary(table: pd.DataFrame, at: datetime | str | None = None) -> pd.DataFrame:
    """A row per pupil: ``class_name``, ``student_no``, ``name``, ``to_urge``, ``assignments`` (a tuple of titles).

    Every pupil of the table is in it, in its order; titles are those that
    :func:`missing_submissions` counts. Pupils of one name without student numbers stand apart.
    """
    rows = standing(table, at)
    who = ["class_name", "student_no", "name"]
    pupils = rows.drop_duplicates("pupil").sort_values("pupil")[who].reset_index(drop=True)
    titles: list[list[str]] = [[] for _ in range(len(pupils))]
    urged = rows[rows["to_urge"]]
    for pupil, title in zip(urged["pupil"], urged["assignment"], strict=True):
        titles[pupil].append(title)
    return pupils.assign(to_urge=list(map(len, titles)), assignments=list(map(tuple, titles)))
