"""What it costs to share a group again: earlier meetings, fading with age."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import InputError, Problem
from ..students import parse_student_number
from ..tables import cell_text
from .history import plain_class, plain_name, plain_number


@dataclass(frozen=True, eq=False)
class Meetings:
    """What it costs pupils to share a group again.

    Attributes:
        costs: symmetric with a zero diagonal, at least 0 and at most ``rounds``, shape (n, n).
        met: whether two pupils shared a group in any of the rounds, shape (n, n).
        unknown: pupils of the history who fit no pupil of the list, those of other classes aside.
        ambiguous: pupils of the history who fit several that can't be told apart, or who
            share their only fit with another; they count as having met no one.
        rounds: the rounds that count: those with at least two of the pupils.
    """

    costs: np.ndarray
    met: np.ndarray
    unknown: int
    ambiguous: int
    rounds: int


def meeting_costs(
    history: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    recover: str = "4회",
    shape: str = "exponential",
    today: datetime.date | None = None,
) -> Meetings:
    """What each pair costs that shares a group again: its earlier meetings, each faded with age, summed.

    The idea is that of a recommender which, for a while, does not offer again what it just
    offered. A meeting of age a costs, with the recovery time h:

    * ``"exponential"``: 0.5 ** (a / h), so that h is the half-life;
    * ``"sigmoid"``: 1 / (1 + exp(6 (a - h) / h)), almost 1 at first and 0.5 at h;
    * ``"within"``: 1 up to and including h, then 0.

    The latest round is 1 round old, the one before 2; rounds with fewer than two of these
    pupils, as those of another class, do not age the others. In days, a round is as old as
    the time from its date to ``today``, at least 0.

    Args:
        history: as :func:`read_history` gives it.
        labels: the pupils, with ``name`` and perhaps ``student_no`` and ``class_name``. A
            pupil of the history fits if the name is the same and class and number do not
            contradict where both sides have them; a number in class fits the student
            number that ends in it. Of several that fit, one with the same number is taken.
        recover: a time such as ``4회`` (rounds), ``30일``, ``4주`` or ``2개월`` (of 30 days).
        today: the day to count from; the present one if not given.

    Raises:
        InputError: ``recover`` or ``shape`` can't be read, or ages are wanted in days and a
            round has no date.
    """
    span, in_days = _span(recover)
    if shape not in ("exponential", "sigmoid", "within"):
        what_to_do = "'exponential', 'sigmoid', 'within' 가운데 하나를 써 주세요."
        raise InputError([Problem("만남이 잊히는 모양을 알 수 없습니다.", what_to_do, kind="bad_shape")])
    rounds, unknown, ambiguous = _matched(history, labels)
    if in_days and any(pd.isna(date) for date, _ in rounds):
        what_to_do = "날짜를 적거나, 기간을 '4회'처럼 회차로 써 주세요."
        raise InputError([Problem("날짜가 없는 회차가 있습니다.", what_to_do, column="날짜", kind="no_date")])

    now = pd.Timestamp(today or datetime.date.today())
    costs, met = np.zeros((len(labels), len(labels))), np.zeros((len(labels), len(labels)), dtype=bool)
    for place, (date, groups) in enumerate(rounds):
        age = max(0, (now - date).days) if in_days else len(rounds) - place
        for members in groups.values():
            costs[np.ix_(members, members)] += _faded(age, span, shape)
            met[np.ix_(members, members)] = True
    np.fill_diagonal(costs, 0.0)
    np.fill_diagonal(met, False)
    return Meetings(costs, met, unknown, ambiguous, len(rounds))


def _span(recover: str) -> tuple[float, bool]:
    """A recovery time as a number of rounds or of days, and whether it is in days."""
    matched = re.fullmatch(r"(\d{1,6}(?:\.\d+)?)(회|번|라운드|일|주|주일|개월|달)", re.sub(r"\s", "", recover))
    if matched is None or float(matched[1]) <= 0:
        what_to_do = "'4회', '30일', '4주', '2개월'처럼 0보다 큰 수로 써 주세요."
        raise InputError([Problem("다시 만나도 되는 기간을 읽을 수 없습니다.", what_to_do, kind="bad_recover")])
    days = {"일": 1, "주": 7, "주일": 7, "개월": 30, "달": 30}.get(matched[2])
    return float(matched[1]) * (days or 1), days is not None


def _faded(age: float, span: float, shape: str) -> float:
    if shape == "within":
        return float(age <= span)
    if shape == "sigmoid":
        return float(1 / (1 + np.exp(np.minimum(6 * (age - span) / span, 700))))
    return float(0.5 ** (age / span))


def _matched(history: pd.DataFrame, labels: pd.DataFrame):
    """The rounds with at least two pupils, as date and group -> pupils; unknown and ambiguous pupils' numbers."""
    by_name: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for at, (name, class_name, number) in enumerate(_pupils(labels)):
        by_name[name].append((at, class_name, number))
    classes = {class_name for _, class_name, _ in _pupils(labels)}
    unknown, ambiguous, found = set(), set(), []
    for _, rows in history.sort_values("round", kind="stable").groupby("round", sort=True):
        takers: dict[int, list[tuple[tuple, str]]] = defaultdict(list)
        for pupil, group in zip(_pupils(rows), rows["group"], strict=True):
            fitting = _fitting(by_name[pupil[0]], *pupil[1:]) if pupil[0] in by_name else []
            if len(fitting) == 1:
                takers[fitting[0]].append((pupil, group))
            elif fitting:
                ambiguous.add(pupil)
            elif any(_classes_fit(pupil[1], one) for one in classes):  # pupils of other classes are not missed
                unknown.add(pupil)
        groups: dict[str, list[int]] = defaultdict(list)
        for at, rivals in takers.items():
            if len(rivals) == 1:
                groups[rivals[0][1]].append(at)
            else:
                ambiguous |= {pupil for pupil, _ in rivals}
        if sum(map(len, groups.values())) >= 2:
            dates = rows["date"].dropna()
            found.append((pd.NaT if dates.empty else dates.iloc[0], groups))
    return found, len(unknown), len(ambiguous)


def _pupils(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Name, class and number of each row as they are compared; empty where not given."""
    none = [""] * len(frame)
    columns = [
        ["" if pd.isna(cell) else cell_text(cell) for cell in frame[field]] if field in frame else none
        for field in ("name", "class_name", "student_no")
    ]
    return [(plain_name(a), plain_class(b), plain_number(c)) for a, b, c in zip(*columns, strict=True)]


def _fitting(candidates: list[tuple[int, str, str]], class_name: str, number: str) -> list[int]:
    fitting = [
        (at, other_number)
        for at, other_class, other_number in candidates
        if _classes_fit(class_name, other_class) and _numbers_fit(number, other_number)
    ]
    same = [at for at, other in fitting if number and other]
    return same if len(same) == 1 else [at for at, _ in fitting]


def _classes_fit(one: str, other: str) -> bool:
    if "-" in one and "-" in other:
        return one == other
    return not one or not other or one.split("-")[-1] == other.split("-")[-1]


def _numbers_fit(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    long, short = sorted((one, other), key=len, reverse=True)
    place = parse_student_number(long)
    return place is not None and len(short) <= 2 and str(place.seat_no) == short
