"""How things stand at a time: the one table with numbered pupils and assignments, and what has to be urged."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from .status import assignment_numbers, is_missing_at, states_at


def standing(table: pd.DataFrame, at: datetime | str | None = None) -> pd.DataFrame:
    """The table with four columns more, in its order.

    ``pupil`` and ``task`` number the pupils of the classes and their assignments as they first occur;
    pupils of one name without student numbers count as several, in the order of their rows.
    ``shown`` is the state at that time, ``to_urge`` whether :func:`missing_submissions` has the row.
    There are no ``attrs``: pandas would copy all they hold for every pupil that is looked at.
    """
    table = table.assign()
    table.attrs = {}
    who = ["class_name", "student_no", "name"]
    keys = table[who].fillna("").assign(task=assignment_numbers(table))
    again = keys.groupby([*who, "task"], sort=False).cumcount()
    return table.assign(
        pupil=keys.assign(again=again).groupby([*who, "again"], sort=False).ngroup(),
        task=keys["task"],
        shown=states_at(table, at),
        to_urge=is_missing_at(table, at),
    )
