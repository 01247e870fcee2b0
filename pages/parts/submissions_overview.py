"""The one table seen at one time: numbered pupils and assignments, states, and what has to be urged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

MANY = 3  # from so many missing hand-ins on a pupil needs care


@dataclass(frozen=True)
class Overview:
    """What the views share.

    Attributes:
        rows: the table as :func:`schoolkit.submissions.standing.standing` numbers and judges it;
            ``to_urge`` only of what is counted.
        pupils: a row per pupil by its number: ``class_name``, ``student_no``, ``name``, ``to_urge``.
        tasks: a row per class and assignment by its number, as ``assignment_summary`` has it, with
            ``left_out`` for those that the teacher does not want counted.
        at: the time that is asked for.
    """

    rows: pd.DataFrame
    pupils: pd.DataFrame
    tasks: pd.DataFrame
    at: datetime

    @property
    def counted(self) -> pd.DataFrame:
        """The rows without the assignments that are left out, in the table's own columns and ``attrs``."""
        from schoolkit.submissions.status import COLUMNS

        counted = self.rows.loc[~self.tasks["left_out"].to_numpy()[self.rows["task"]], list(COLUMNS)]
        counted = counted.reset_index(drop=True)
        counted.attrs = dict(self.rows.attrs)
        return counted

    @property
    def rate(self) -> float | None:
        """How much of what is due was handed in, from 0 to 1; None where nothing is due."""
        from schoolkit.submissions.status import HANDED_IN

        aside = (self.tasks["hidden"] | self.tasks["left_out"]).to_numpy()[self.rows["task"]]
        handed_in = int((self.rows["shown"].isin(HANDED_IN).to_numpy() & ~aside).sum())
        due = handed_in + int(self.rows["to_urge"].sum())
        return handed_in / due if due else None

    @property
    def never_handed_in(self) -> pd.DataFrame:
        """The assignments that are due and that no pupil of their class has handed in."""
        tasks = self.tasks
        # where some are unknown, one of them may have
        nobody = (tasks["submitted"] + tasks["late"] + tasks["unknown"] == 0) & (tasks["to_urge"] > 0)
        return tasks[nobody & ~tasks["hidden"] & ~tasks["left_out"]]


def overview(table: pd.DataFrame, at: datetime, left_out: Collection[tuple[str, str]] = ()) -> Overview:
    """The table at a time; ``left_out`` are pairs of class and title that are not counted."""
    from schoolkit.submissions.standing import standing
    from schoolkit.submissions.summaries import assignment_summary

    tasks = assignment_summary(table, at)
    aside = [pair in left_out for pair in zip(tasks["class_name"], tasks["assignment"], strict=True)]
    tasks["left_out"] = np.array(aside, dtype=bool)
    rows = standing(table, at)
    rows["to_urge"] &= ~tasks["left_out"].to_numpy()[rows["task"]]
    pupils = rows.drop_duplicates("pupil").set_index("pupil")[["class_name", "student_no", "name"]].sort_index()
    pupils["to_urge"] = np.bincount(rows["pupil"], weights=rows["to_urge"], minlength=len(pupils)).astype(int)
    rows.attrs = table.attrs
    return Overview(rows, pupils, tasks, at)
