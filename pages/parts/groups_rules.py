"""Rules that every grouping keeps: pairs, limits, leaders, pupils who are absent or stay where they are."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.parts import groups_tables
from pages.parts.groups_list import Roster

PAIRS = {"떼어 놓기": "apart", "함께 두기": "together"}
LIMITS = {"최대": "at_most", "최소": "at_least", "꼭": "exactly"}
MARKED = "표시된 학생"
NO_LEADER, BY_NAME = "정하지 않음", "이름으로 고르기"
_MOST_VALUES = 20


@dataclass(frozen=True)
class Rule:
    """A rule as the teacher gave it, the pupils by the labels of the whole list.

    Attributes:
        kind: ``"apart"``, ``"together"``, ``"at_most"``, ``"at_least"``, ``"exactly"``, ``"leader"`` or ``"lock"``.
        pupils: whom it names.
        column, value: instead of names, a column and the value in it; the value None stands for
            any mark.
        count: of limits, how many; of locks, the group's number.
        why: the reason, may be empty.
    """

    kind: str
    pupils: tuple[str, ...] = ()
    column: str | None = None
    value: str | None = None
    count: int = 0
    why: str = ""


def ask_pairs(tool: str, roster: Roster) -> list[Rule]:
    """Who is kept apart or together: a line to add a rule, and a table of those that there are."""
    key = f"{tool}_pairs_{roster.of}"

    def add() -> None:
        chosen = st.session_state[f"{key}_who"]
        if len(chosen) > 1:
            row = {"규칙": st.session_state[f"{key}_kind"], "학생": chosen, "이유": st.session_state[f"{key}_why"]}
            groups_tables.add_rows(key, [row])
            st.session_state[f"{key}_who"], st.session_state[f"{key}_why"] = [], ""

    start = pd.DataFrame({"규칙": [], "학생": [], "이유": []}, dtype=object)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    line.segmented_control("규칙", list(PAIRS), default="떼어 놓기", required=True, key=f"{key}_kind")
    line.multiselect(
        "학생(두 명 이상)",
        roster.labels,
        key=f"{key}_who",
        placeholder="이름 고르기",
        select_all=False,
        persist_state="session",
        width=320,
    )
    line.text_input("이유(없어도 됩니다)", key=f"{key}_why", persist_state="session", width=200)
    line.button("더하기", icon=":material/add:", on_click=add, key=f"{key}_add")
    table = groups_tables.edited(
        key,
        start,
        num_rows="dynamic",
        alt="떼어 놓거나 함께 둘 학생",
        placeholder="",
        column_config={
            "규칙": st.column_config.SelectboxColumn(options=list(PAIRS), default="떼어 놓기", required=True),
            "학생": st.column_config.MultiselectColumn(options=roster.labels, width="large"),
            "이유": st.column_config.TextColumn(),
        },
    )
    rules = [
        Rule(PAIRS[row["규칙"]], tuple(dict.fromkeys(row["학생"])), why=text_of(row["이유"]))
        for row in table.to_dict("records")
        if row["규칙"] in PAIRS and isinstance(row["학생"], (list, tuple)) and len(row["학생"])
    ]
    if alone := sum(not in_one_class(rule, roster) for rule in rules):
        st.caption(f":material/info: 같은 반의 학생이 두 명 이상 들어 있지 않은 규칙 {alone}개는 쓰이지 않습니다.")
    return [rule for rule in rules if in_one_class(rule, roster)]


def in_one_class(rule: Rule, roster: Roster) -> bool:
    """Whether two of a rule's pupils are grouped together at all."""
    return any(sum(roster.labels[row] in rule.pupils for row in rows) > 1 for rows in roster.classes.values())


def ask_limits(tool: str, roster: Roster) -> list[Rule]:
    """How many of some pupils every group has."""
    key = f"{tool}_limits_{roster.of}"
    kinds = described_pupils(roster)
    table = groups_tables.edited(
        key,
        pd.DataFrame({"누구": [], "모둠마다": [], "명": [], "이유": []}, dtype=object),
        num_rows="dynamic",
        alt="모둠마다 몇 명까지",
        placeholder="",
        column_config={
            "누구": st.column_config.SelectboxColumn(options=list(kinds), required=True, width="medium"),
            "모둠마다": st.column_config.SelectboxColumn(options=list(LIMITS), default="최대", required=True),
            "명": st.column_config.NumberColumn(min_value=0, max_value=100, step=1, default=1, required=True),
            "이유": st.column_config.TextColumn(),
        },
    )
    return [
        Rule(LIMITS[row["모둠마다"]], (), *kinds[row["누구"]], int(row["명"]), text_of(row["이유"]))
        for row in table.to_dict("records")
        if row["누구"] in kinds and row["모둠마다"] in LIMITS and pd.notna(row["명"])
    ]


def ask_leader(tool: str, roster: Roster) -> list[Rule]:
    """Who leads the groups: those whom a column marks, or whom the teacher names."""
    columns = [column for column, value in described_pupils(roster).values() if value is None]
    likely = next(
        (at for at, column in enumerate(columns, 1) if any(w in column for w in ("모둠장", "조장", "리더"))), 0
    )
    by = st.selectbox(
        "모둠장",
        [NO_LEADER, *columns, BY_NAME],
        index=likely,
        key=f"{tool}_leader_{roster.of}",
        format_func=lambda one: f"‘{one}’ 칸에 {MARKED}" if one in columns else one,
        persist_state="session",
        help="모둠장이 모둠마다 한 명씩 들어갑니다. 모자라면 겹치지 않게, 남으면 적어도 한 명씩 들어갑니다.",
    )
    if by == BY_NAME:
        leaders = ask_pupils("모둠장을 맡을 학생", f"{tool}_leaders_{roster.of}", roster)
        return [Rule("leader", leaders, why="모둠장")] if leaders else []
    return [] if by == NO_LEADER else [Rule("leader", column=by, why="모둠장")]


def ask_pupils(label: str, key: str, roster: Roster) -> tuple[str, ...]:
    """Pupils chosen by their labels."""
    chosen = st.multiselect(
        label, roster.labels, key=key, placeholder="이름 고르기", select_all=False, persist_state="session"
    )
    return tuple(chosen)


def ask_locks(tool: str, roster: Roster, header: str) -> list[Rule]:
    """Who stays in which group; ``header`` is what its number is called."""
    table = groups_tables.edited(
        locks_key(tool, roster.of),
        pd.DataFrame({"학생": [], header: []}, dtype=object),
        num_rows="dynamic",
        alt="고정할 학생",
        placeholder="",
        column_config={
            "학생": st.column_config.SelectboxColumn(options=roster.labels, required=True),
            header: st.column_config.NumberColumn(min_value=1, max_value=200, step=1, required=True),
        },
    )
    return [
        Rule("lock", (row["학생"],), count=int(row[header]))
        for row in table.to_dict("records")
        if row["학생"] in roster.labels and pd.notna(row[header])
    ]


def locks_key(tool: str, of: str) -> str:
    return f"{tool}_locks_{of}"


def described_pupils(roster: Roster) -> dict[str, tuple[str, str | None]]:
    """What a limit may speak of: words -> column and value, the value None for any mark in it."""
    from schoolkit.grouping.leaders import is_marked
    from schoolkit.grouping.traits import guess_kind, is_missing
    from schoolkit.rosters.headers import NUMBER, category_text, header_key

    found: dict[str, tuple[str, str | None]] = {}
    for column in roster.columns:
        cells = roster.students[column]
        given = ~is_missing(cells)
        values = sorted({category_text(value) for value in cells[given]})
        if header_key(column) in NUMBER or guess_kind(cells) == "number" or not 0 < len(values) <= _MOST_VALUES:
            continue
        if not is_marked(cells).all():
            found[f"{column}: {MARKED}"] = (column, None)
        if given.all() or len(values) > 1:
            found |= {f"{column}: {value}": (column, value) for value in values}
    return found


def text_of(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else ""
