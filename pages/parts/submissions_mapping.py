"""What the columns of a table of unknown kind mean, as the teacher says it once and can save it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.parts.groups_made import escaped
from schoolkit import web
from schoolkit.errors import InputError, Problem

_SLOT = "submissions_mapping_kept"
SAVED = "mapping_submissions"
_LOADED = "submissions_mapping_file"
NOT_THERE = "(없음)"
COLUMNS, ROWS, ONE = "과제마다 칸이 하나씩", "줄마다 과제 이름이 적힘", "과제가 하나뿐인 표"
_WHO = {"name": "이름", "number": "학번 또는 번호", "class_name": "반", "grade": "학년", "email": "이메일"}
_STATE = {"state": "상태(냈는지 적힌 칸)", "submitted_at": "제출 시각", "due": "마감"}
_PREVIEW, _MOST_WORDS = 8, 40


def kept() -> tuple:
    """The mappings that the teacher made or loaded, the latest last."""
    return st.session_state.get(_SLOT, ())


def ask(exports: Sequence[tuple[str, bytes]], unknown: Sequence[str]) -> None:
    """Lets the teacher load a saved mapping, or say what the columns of the first unknown file mean."""
    from schoolkit.tables import read_tables

    name = unknown[0]
    with st.container(border=True):
        st.markdown(f"**{escaped(name)}** — 어느 칸이 무엇인지 정해 주시면 읽을 수 있습니다.")
        ask_saved()
        try:
            tables = [table for table in read_tables(name, dict(exports)[name]) if any(map(any, table.rows))]
        except InputError as error:
            web.show_problems(error.problems)
            return
        if tables:
            ask_columns(name, max(tables, key=lambda table: len(table.rows)))


def ask_saved() -> None:
    with st.expander("저장해 둔 칸 연결이 있다면", icon=":material/upload_file:"):
        files = web.uploaded_files("칸 연결 파일(.json)", SAVED)
        of = web.digest(*(part for file in files for part in file))
        if files and st.session_state.get(_LOADED) != of:
            from schoolkit.submissions.exports.mapping import TableMapping

            try:
                loaded = [TableMapping.from_json(data.decode(errors="replace")) for _, data in files]
            except InputError as error:
                web.show_problems(error.problems)
                return
            st.session_state[_LOADED], st.session_state[_SLOT] = of, (*kept(), *loaded)
            st.rerun()
        elif files:
            st.caption(":material/info: 이 칸 연결은 이 표의 칸 이름과 맞지 않습니다. 아래에서 새로 정해 주세요.")


def ask_columns(file: str, table) -> None:
    """The editor of a mapping, beside the first rows of the table."""
    from schoolkit.submissions.exports.mapping import BLANKS, SEARCHED_ROWS, column_names, likely_header, suggest

    key = f"submissions_columns_{web.digest(file)}"
    rows = table.rows[: _PREVIEW + 2]
    width = max(map(len, rows))
    shown = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], columns=range(1, width + 1)).astype(str)
    shown.insert(0, "행", [str(number) for number in range(1, len(rows) + 1)])
    st.html(web.html_table(shown, compact=True))
    likely = likely_header(table) or 0
    header = int(
        st.number_input(
            "칸 이름이 있는 행",
            1,
            min(len(table.rows), SEARCHED_ROWS),
            likely + 1,
            key=f"{key}_header",
            width=220,
        )
    )
    names = column_names(table, header - 1)
    start = suggest(table) if header == likely + 1 else None
    key = f"{key}_{header}"
    chosen: dict[str, object] = ask_roles(st.columns(len(_WHO)), _WHO, names, start, key)
    form = st.segmented_control(
        "과제가 어떻게 적혀 있나요", [COLUMNS, ROWS, ONE], default=form_of(start), required=True, key=f"{key}_form"
    )
    if form == COLUMNS:
        rest = [name for name in names if name not in chosen.values()]
        chosen["assignments"] = st.multiselect(
            "과제 칸",
            rest,
            [name for name in start.assignments if name in rest] if start else [],
            key=f"{key}_assignments",
            placeholder="과제인 칸을 모두 골라 주세요",
            select_all=True,
        )
    else:
        roles = ({"assignment": "과제 이름이 적힌 칸"} if form == ROWS else {}) | _STATE
        chosen |= ask_roles(st.columns(len(roles)), roles, names, start, key)
        if form == ONE:
            likely_title = (start.title if start else None) or ""
            title = st.text_input("과제 이름", likely_title, key=f"{key}_title", placeholder="예: 독서 감상문")
            chosen["title"] = title.strip() or None
    chosen["lists_everyone"] = st.toggle(
        "안 낸 학생도 줄이 있는 표입니다",
        value=start.lists_everyone if start else True,
        key=f"{key}_everyone",
        help="끄면 낸 학생만 적힌 표로 보아, 줄이 없는 학생을 미제출로 셉니다.",
    )
    blanks = dict(zip(BLANKS, ("내지 않음", "알 수 없음"), strict=True))
    chosen["blank"] = st.radio("빈칸은", list(blanks), format_func=blanks.get, horizontal=True, key=f"{key}_blank")
    chosen["words"] = ask_words(table, header, names, chosen, key)
    if st.button("이대로 읽기", type="primary", icon=":material/check:", key=f"{key}_use"):
        use(chosen)


def use(chosen: dict[str, object]) -> None:
    """Keeps the mapping, or shows why it is none."""
    from schoolkit.submissions.exports.mapping import TableMapping

    try:
        st.session_state[_SLOT] = (*kept(), TableMapping(**chosen))
    except InputError as error:
        show_doubts(error.problems)
        return
    st.rerun()


def show_doubts(problems: Sequence[Problem]) -> None:
    lines = "\n".join(f"- {escaped(str(one))}" for one in problems)
    st.error(f"아직 읽을 수 없습니다.\n\n{lines}", icon=":material/warning:")


def form_of(start) -> str:
    """How the assignments stand in a table, as a mapping has it."""
    if start is None or start.assignments:
        return COLUMNS
    return ROWS if start.assignment else ONE


def ask_roles(places, roles: dict[str, str], names: list[str], start, key: str) -> dict[str, object]:
    """The columns of some roles, those of the mapping ``start`` at first; roles without one are left out."""
    chosen = {}
    for place, (role, words) in zip(places, roles.items(), strict=True):
        options = [NOT_THERE, *names]
        likely = getattr(start, role) if start else None
        at = options.index(likely) if likely in options else 0
        picked = place.selectbox(words, options, index=at, key=f"{key}_{role}")
        if picked != NOT_THERE:
            chosen[role] = picked
    return chosen


def ask_words(table, header: int, names: list[str], chosen: dict[str, object], key: str) -> dict[str, str]:
    """What words in the cells mean that are none of the usual ones."""
    from schoolkit.submissions.exports.mapping import SAID

    columns = [*chosen.get("assignments", ()), *filter(None, [chosen.get("state")])]
    words = strange_words(table, header, [names.index(column) for column in columns])
    if not words:
        return {}
    st.markdown("표에 있는 말이 무슨 뜻인지 골라 주세요. 고르지 않으면 ‘알 수 없음’으로 둡니다.")
    meanings = {meaning: said for said, meaning in SAID.items()}
    table_of_words = pd.DataFrame({"적힌 말": words, "뜻": [None] * len(words)}, dtype=object)
    edited = st.data_editor(
        table_of_words,
        key=f"{key}_words_{web.digest(words)}",
        hide_index=True,
        disabled=["적힌 말"],
        alt="표에 있는 말의 뜻",
        placeholder="고르기",
        column_config={"뜻": st.column_config.SelectboxColumn(options=list(meanings))},
    )
    return {
        word: meanings[meaning] for word, meaning in edited.itertuples(index=False, name=None) if meaning in meanings
    }


def strange_words(table, header: int, places: list[int]) -> list[str]:
    """The words in some columns that a mapping does not know by itself; times are not among them."""
    from schoolkit.submissions.dates import parse_time
    from schoolkit.submissions.exports.cell_words import is_inverse
    from schoolkit.submissions.exports.mapping import TableMapping, column_names, word_key

    names = column_names(table, header - 1)
    plain = TableMapping(name="-", title="-", state="+")
    found: dict[str, None] = {}
    for j in places:
        cells = [table.merged_value(i, j) for i in range(header, len(table.rows))]
        beside, inverse = {word_key(cell) for cell in cells}, is_inverse(names[j])
        for cell in dict.fromkeys(filter(None, cells)):
            unknown = plain.said(cell, beside, inverse=inverse) is None
            if unknown and (cell.isdecimal() or parse_time(cell) is None):
                found[cell] = None
    return list(found)[:_MOST_WORDS]


def offer() -> None:
    """The mappings to be saved for next time, or to be dropped."""
    line = st.container(horizontal=True)
    for number, mapping in enumerate(kept(), start=1):
        which = f" {number}" if len(kept()) > 1 else ""
        line.download_button(
            f"칸 연결{which} 저장 (JSON)",
            data=mapping.to_json().encode(),
            file_name=f"칸 연결{which}.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/save:",
            help="다음에 같은 모양의 표를 읽을 때 이 파일을 올리면 다시 정하지 않아도 됩니다.",
            key=f"submissions_mapping_save_{number}",
        )
    line.button("칸 연결 다시 정하기", on_click=drop, icon=":material/undo:", key="submissions_mapping_drop")


def drop() -> None:
    st.session_state.pop(_SLOT, None)
    web.set_files(SAVED, [])
