"""Earlier groups, and how much is left to chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.parts.groups_list import Roster
from schoolkit import web
from schoolkit.errors import InputError

FAIREST, FITTING, FREE, OWN = "가장 고르게", "알맞게", "완전 무작위", "직접 정하기"
POINTS = {FAIREST: 0.0, FITTING: 5.0, FREE: math.inf}
SHAPES = {
    "서서히 흐려집니다": "exponential",
    "한동안 그대로였다가 흐려집니다": "sigmoid",
    "그 안에는 안 됩니다": "within",
}
UNITS = {"회": "회", "주": "주"}


@dataclass(frozen=True)
class Past:
    """Earlier groups that count.

    Attributes:
        history: a table of them, see :mod:`schoolkit.grouping.history`.
        recover, shape, weight: how they fade and how much they count, see ``Groups.avoid_repeats``.
        of: a short name for all of that.
    """

    history: pd.DataFrame
    recover: str
    shape: str
    weight: float
    of: str


@dataclass(frozen=True)
class Chance:
    """How a grouping is drawn: the arguments of ``Groups.make``; a seed of None is a new one each time."""

    variety: float
    seed: int | None
    time_limit: float


def ask_past(tool: str, roster: Roster) -> Past | None:
    """The files of earlier groups and how fast they are forgotten; None without any."""
    files = web.uploaded_files(
        "지난번에 받은 ‘다음을 위한 이력’이나 엑셀 결과, 또는 이름과 모둠이 적힌 표", f"past{tool}"
    )
    if not files:
        return None
    of = web.digest(*(part for file in files for part in file))
    history = web.remembered(f"past{tool}_read", of, lambda: history_or_error(files))
    if isinstance(history, InputError):
        web.show_problems(history.problems)
        return None
    # classes that were grouped on one day have rounds of their own
    rounds = history.groupby(history["class_name"].fillna(""))["round"].nunique().max()
    st.markdown(f"지난 모둠 **{rounds}회**, 학생 {history['name'].nunique()}명을 읽었습니다.")
    line = st.container(horizontal=True)
    keep = {"persist_state": "session", "width": 180}
    count = line.number_input("얼마나 지나면 반쯤 잊을까요", 1, 60, 4, key=f"{tool}_recover", **keep)
    unit = line.selectbox("단위", list(UNITS), key=f"{tool}_recover_unit", **keep)
    weight = line.number_input("중요도(1–5)", 1, 5, 3, key=f"{tool}_past_weight", **keep)
    with st.expander("지난 만남을 어떻게 볼까요"):
        shape = st.radio(
            "시간이 지나면", list(SHAPES), key=f"{tool}_shape", persist_state="session", label_visibility="collapsed"
        )
    recover = f"{count}{UNITS[unit]}"
    return Past(history, recover, SHAPES[shape], float(weight), web.digest(of, recover, shape, weight))


def history_or_error(files: list[tuple[str, bytes]]) -> pd.DataFrame | InputError:
    from schoolkit.grouping.history import read_history

    try:
        return read_history(files)
    except InputError as error:
        return error


def ask_chance(tool: str, usual: str = FITTING) -> Chance:
    """How much is left to chance, and in an expander the seed and the time."""
    how = st.segmented_control(
        "무작위 정도",
        [*POINTS, OWN],
        default=usual,
        required=True,
        key=f"{tool}_chance",
        persist_state="session",
        help="‘가장 고르게’는 가장 고른 편성 가운데에서, ‘알맞게’는 그보다 조금 덜 고른 것까지 넣어 뽑습니다. "
        "‘완전 무작위’는 규칙만 지킵니다.",
    )
    points = POINTS.get(how)
    keep = {"persist_state": "session", "width": 260}
    if points is None:
        points = st.number_input(
            "가장 고른 편성보다 몇 점까지 덜 고르게(0–100)", 0.0, 100.0, 5.0, 1.0, key=f"{tool}_points", **keep
        )
    with st.expander("시간과 다시 만들기 번호"):
        seconds = st.select_slider(
            "가장 고른 편성을 찾는 시간(초)", [2, 5, 10, 20, 40], 5, key=f"{tool}_seconds", persist_state="session"
        )
        seed = st.number_input(
            "같은 결과를 다시 만들 번호(비우면 매번 새로 뽑습니다)",
            0,
            2**31 - 1,
            None,
            key=f"{tool}_seed",
            placeholder="새로 뽑기",
            **keep,
        )
    return Chance(float(points), None if seed is None else int(seed), float(seconds))
