"""The one table that every source ends in: a row per pupil and assignment, and its state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import pandas as pd

from ..errors import InputError, Problem

# Korea has had no summer time since 1988, so an offset says all, also where no zones are installed.
KOREA = timezone(timedelta(hours=9), "KST")

COLUMNS = (
    "class_name",
    "student_no",
    "name",
    "assignment",
    "due",
    "state",
    "submitted_at",
    "hidden",
    "source",
    "course_id",
    "assignment_id",
)
STATES = {
    "submitted": "제출",
    "late": "지각 제출",
    "draft": "임시 저장",
    "returned": "다시 내야 함",
    "missing": "미제출",
    "excused": "면제",
    "not_yet_due": "기한 전",
    "unknown": "알 수 없음",
}
HANDED_IN = ("submitted", "late")
# these count as missing once the assignment is due
OUTSTANDING = ("missing", "draft", "returned")

_TIMES = ("due", "submitted_at")
_TIME_TYPE = pd.DatetimeTZDtype("ns", KOREA)


class Row(NamedTuple):
    """A pupil and an assignment, as the columns of the table say it; None where something is not known."""

    class_name: str
    student_no: str | None
    name: str | None
    assignment: str
    due: datetime | None
    state: str
    submitted_at: datetime | None
    hidden: bool
    source: str
    course_id: str | None = None
    assignment_id: str | None = None


def judged(
    said: str,
    *,
    at: datetime,
    due: datetime | None = None,
    opens: datetime | None = None,
    submitted_at: datetime | None = None,
) -> str:
    """The state at a time, from what a source says of one pupil's work.

    Args:
        said: ``"handed_in"``, ``"nothing"``, or a state that holds whatever the time is.
        at: the time of reading; all times know their zone.
        due: when this pupil has to hand in, an extension counted.
        opens: from when this pupil can hand in.
        submitted_at: when it was handed in.

    >>> monday, tuesday = (datetime(2026, 11, day, tzinfo=KOREA) for day in (23, 24))
    >>> judged("nothing", at=monday, due=tuesday), judged("nothing", at=tuesday, due=monday)
    ('not_yet_due', 'missing')
    >>> judged("handed_in", at=tuesday, due=monday, submitted_at=tuesday), judged("nothing", at=monday)
    ('late', 'missing')
    """
    if said == "handed_in":
        return "late" if due is not None and submitted_at is not None and submitted_at > due else "submitted"
    if said == "nothing":
        ahead = (due is not None and due >= at) or (opens is not None and opens > at)
        return "not_yet_due" if ahead else "missing"
    return said


def submission_table(rows: Iterable[Row], **attrs: object) -> pd.DataFrame:
    """The rows as the table, in the order of classes and student numbers and of each class's assignments.

    ``class_name`` (empty where it is not known), ``student_no``, ``name``, ``assignment``, ``state``, ``source``,
    ``course_id`` and ``assignment_id`` are ``string``, ``due`` and ``submitted_at`` are
    times in Korea's zone, ``hidden`` is ``bool``. ``attrs`` go to the table's own.
    """
    table = pd.DataFrame(list(rows), columns=list(COLUMNS))
    for column in COLUMNS:
        if column in _TIMES:
            table[column] = pd.to_datetime(table[column], utc=True).astype(_TIME_TYPE)
        else:
            table[column] = table[column].astype("bool" if column == "hidden" else "string")
    table["class_name"] = table["class_name"].fillna("")
    table = _ordered(table)
    table.attrs = {"notices": [], "unmatched": [], "failed": []} | attrs
    return table


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    pupils = list(zip(table["student_no"].fillna(""), table["name"].fillna(""), strict=True))
    classes, places = _places(table["class_name"], natural_key), _places(pupils, _pupil_key)
    keys = pd.DataFrame(
        {
            "class": [classes[one] for one in table["class_name"]],
            "pupil": [places[one] for one in pupils],
            "assignment": assignment_numbers(table),
        }
    )
    order = keys.sort_values(["class", "pupil", "assignment"], kind="stable").index
    return table.iloc[order].reset_index(drop=True)


def _places(values: Iterable, key: Callable) -> dict:
    return {one: place for place, one in enumerate(sorted(set(values), key=key))}


def assignment_numbers(table: pd.DataFrame) -> list[int]:
    """For each row which assignment of which class it is, counted as they first occur."""
    seen: dict[tuple, int] = {}
    keys = zip(table["class_name"], table["assignment_id"].fillna(""), table["assignment"], strict=True)
    return [seen.setdefault(key, len(seen)) for key in keys]


def _pupil_key(pupil: tuple[str, str]) -> tuple:
    number, name = pupil
    return number == "", natural_key(number), name


def natural_key(text: str) -> tuple:
    """A key that sorts numbers within texts by value: 2반 before 10반."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def missing_submissions(table: pd.DataFrame, at: datetime | str | None = None) -> pd.DataFrame:
    """Who is missing what: the rows that have to be urged, with the state they have at that time.

    Drafts and returned work count as missing. Nothing counts before it is due: a row
    ``not_yet_due`` becomes ``missing`` when its due date has passed at ``at``. Work without
    a due date counts from the start. Hidden assignments, excused pupils and unknown states do
    not count; pupils who have left a course are not in the table.

    Args:
        table: as :func:`read_submissions` and :func:`collect_moodle` give it.
        at: the time at which it is asked; one without a zone is Korean time. Now if None. What was
            handed in since the table was read is not known.
    """
    now = _at(table, at)
    return now[_is_outstanding(now, at)].reset_index(drop=True)


def is_missing_at(table: pd.DataFrame, at: datetime | str | None = None) -> pd.Series:
    """For each row of the table whether :func:`missing_submissions` has it."""
    return _is_outstanding(_at(table, at), at)


def states_at(table: pd.DataFrame, at: datetime | str | None = None) -> pd.Series:
    """For each row its state at a time: what is due since is ``missing``, what is not due yet ``not_yet_due``."""
    ahead = table["due"] >= moment(at)
    passed = table["due"].notna() & ~ahead
    state = table["state"].mask((table["state"] == "not_yet_due") & passed, "missing")
    return state.mask((state == "missing") & ahead, "not_yet_due")


def _at(table: pd.DataFrame, at: datetime | str | None) -> pd.DataFrame:
    """The table with the states of that time, without its ``attrs``: pandas would copy all they list at each step."""
    now = pd.DataFrame(table)
    now.attrs = {}
    return now.assign(state=states_at(now, at))


def _is_outstanding(now: pd.DataFrame, at: datetime | str | None) -> pd.Series:
    outstanding = now["state"].isin(OUTSTANDING) & ~now["hidden"]
    return (outstanding & ~(now["due"] >= moment(at))).astype(bool)


def moment(at: datetime | str | None) -> pd.Timestamp:
    """A time in Korea's zone; one without a zone is taken as Korean time, None as now.

    Raises:
        InputError: it is no time.
    """
    try:
        time = pd.Timestamp.now(KOREA) if at is None else pd.Timestamp(at)
    except (TypeError, ValueError):
        time = pd.NaT
    if pd.isna(time):
        raise InputError([Problem("기준 시각을 알 수 없습니다.", "'2026-11-30 17:00'처럼 써 주세요.", kind="no_time")])
    return time.tz_localize(KOREA) if time.tzinfo is None else time.tz_convert(KOREA)
