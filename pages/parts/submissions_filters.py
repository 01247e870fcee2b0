"""What of the one table a teacher wants to see, and at which time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from pages.parts.submissions_overview import Overview

ALL = "모든 반"


@dataclass(frozen=True)
class Seen:
    """What the filters leave: rows of :class:`Overview`'s tables, and the only states to be shown."""

    rows: pd.DataFrame
    pupils: pd.DataFrame
    tasks: pd.DataFrame
    states: list[str]


def ask_some(label: str, options: Sequence[str], key: str, **look: object) -> list[str]:
    """Some of the options; what was chosen is kept as long as it is one of them, whatever else comes or goes."""
    widget = f"{key}_widget"

    def keep() -> None:
        st.session_state[key] = st.session_state[widget]

    st.session_state[widget] = [one for one in st.session_state.get(key, []) if one in options]
    return st.multiselect(label, options, key=widget, on_change=keep, select_all=False, **look)


def ask_time(read_at: datetime) -> datetime:
    """The time at which it is asked who is missing what; the time of reading unless the teacher changes it."""
    from schoolkit.submissions.status import KOREA

    read_at = read_at.astimezone(KOREA)
    start = read_at.replace(second=0, microsecond=0, tzinfo=None)
    chosen = st.datetime_input(
        "기준 시각",
        start,
        key=f"submissions_at_{start:%Y%m%d%H%M}",
        persist_state="session",
        help="이때까지 마감인 것만 미제출로 셉니다. 처음에는 자료를 읽은 시각입니다. "
        "읽은 뒤에 낸 것은 다시 읽어야 보입니다.",
    )
    if chosen is None or chosen == start:
        return read_at
    return chosen.replace(tzinfo=KOREA)


def left_out_options(table: pd.DataFrame) -> dict[str, set[tuple[str, str]]]:
    """Labels of assignments that may be left out, of all classes or of one, with the pairs of class and title."""
    from schoolkit.submissions.wording import class_in_words

    pairs = table[["class_name", "assignment"]].drop_duplicates()
    options: dict[str, set[tuple[str, str]]] = {}
    for title, classes in pairs.groupby("assignment", sort=False)["class_name"]:
        options[str(title)] = {(one, title) for one in classes}
    for class_name, title in pairs.itertuples(index=False, name=None):
        if len(options[title]) > 1:
            options[f"{class_in_words(class_name)}: {title}"] = {(class_name, title)}
    return options


def ask_left_out(options: dict[str, set[tuple[str, str]]]) -> set[tuple[str, str]]:
    """The pairs of class and title that are not to be counted."""
    chosen = ask_some(
        "세지 않을 과제",
        list(options),
        "submissions_left_out",
        placeholder="모두 셉니다",
        help="아직 열지 않은 과제처럼 미제출로 세면 안 되는 것을 고르면 모든 수와 문구, 내려받는 파일에서 빠집니다.",
    )
    return set().union(*(options[one] for one in chosen))


def leave_out(labels: Sequence[str]) -> None:
    """Adds assignments to those that are not counted, from a callback."""
    kept = st.session_state.get("submissions_left_out", [])
    st.session_state["submissions_left_out"] = list(dict.fromkeys([*kept, *labels]))


def ask_who(table: pd.DataFrame) -> tuple[str, str, bool]:
    """The class, a text to find, and whether only pupils with something missing are wanted."""
    from schoolkit.submissions.wording import class_in_words

    classes = list(dict.fromkeys(table["class_name"]))
    chosen = ALL
    if len(classes) > 1:
        if st.session_state.get("submissions_class") not in (None, ALL, *classes):
            del st.session_state["submissions_class"]
        chosen = st.segmented_control(
            "반",
            [ALL, *classes],
            default=ALL,
            required=True,
            key="submissions_class",
            format_func=lambda one: one if one == ALL else class_in_words(one),
            persist_state="session",
            label_visibility="collapsed",
        )
    line = st.container(horizontal=True, vertical_alignment="center")
    text = line.text_input(
        "이름이나 학번으로 찾기",
        key="submissions_text",
        placeholder="이름이나 학번으로 찾기",
        persist_state="session",
        label_visibility="collapsed",
        icon=":material/search:",
        width=260,
    )
    only = line.toggle("미제출이 있는 학생만", key="submissions_only", persist_state="session")
    return chosen, text, only


def ask_more(titles: Sequence[str]) -> tuple[list[str], list[str], int]:
    """The assignments and states to be shown, and from how many missing hand-ins on."""
    from schoolkit.submissions.status import STATES

    titles = ask_some("볼 과제", titles, "submissions_titles", placeholder="모든 과제")
    states = ask_some(
        "볼 상태", list(STATES), "submissions_states", placeholder="모든 상태", format_func=lambda one: STATES[one]
    )
    least = st.number_input(
        "미제출이 몇 건 이상인 학생", 0, 100, 0, key="submissions_least", persist_state="session", width=260
    )
    return titles, states, int(least)


def filtered(
    seen: Overview, class_name: str, text: str, only: bool, titles: list[str], states: list[str], least: int
) -> Seen:
    """What is left; missing hand-ins are counted over the chosen assignments."""
    rows, tasks = seen.rows, seen.tasks
    if class_name != ALL:
        rows, tasks = rows[rows["class_name"] == class_name], tasks[tasks["class_name"] == class_name]
    if titles:
        rows, tasks = rows[rows["assignment"].isin(titles)], tasks[tasks["assignment"].isin(titles)]
    to_urge = rows.groupby("pupil")["to_urge"].sum()
    pupils = seen.pupils.loc[to_urge.index].assign(to_urge=to_urge)
    pupils = pupils[pupils["to_urge"] >= max(least, int(only))]
    if text.strip():
        pupils = pupils[_found(pupils, text)]
    if states:
        pupils = pupils[pupils.index.isin(rows.loc[rows["shown"].isin(states), "pupil"])]
    if len(pupils) < len(to_urge):
        rows = rows[rows["pupil"].isin(pupils.index)]
    return Seen(rows, pupils, tasks, states)


def _found(pupils: pd.DataFrame, text: str) -> pd.Series:
    from schoolkit.students import name_key

    wanted = name_key(text)
    names = pupils["name"].fillna("").map(name_key)
    return names.str.contains(wanted, regex=False) | pupils["student_no"].fillna("").str.contains(wanted, regex=False)
