"""What only the teacher knows: whom a line means that fits no pupil, and which classes a form was meant for."""

from __future__ import annotations

import html
from collections import Counter

import pandas as pd
import streamlit as st

from schoolkit import web

_WHOM, _MEANT = "submissions_whom", "submissions_meant"
_A_PAGE = 10
NOBODY = "명단에 없는 사람"


def answers() -> dict[str, str]:
    """Key of a line -> key of a pupil, empty for someone who is not in the roster."""
    return st.session_state.get(_WHOM, {})


def meant() -> dict[str, list[str]]:
    """File -> the classes that the teacher says it was meant for."""
    return st.session_state.get(_MEANT, {})


def ask_meant(export: dict, classes: list[str]) -> None:
    """Lets the teacher say whose answers a file waits for."""
    file = export["file"]
    widget = f"submissions_meant_{web.digest(file)}"

    def keep() -> None:
        # none chosen means that it is not said
        others = {name: of for name, of in meant().items() if name != file}
        chosen = st.session_state[widget]
        st.session_state[_MEANT] = others | ({file: list(chosen)} if chosen else {})

    st.session_state[widget] = [one for one in export["classes"] if one in classes]
    st.multiselect(
        "이 파일에 응답해야 하는 반",
        classes,
        key=widget,
        on_change=keep,
        select_all=True,
        placeholder="반 고르기",
        help="응답한 사람만 적힌 파일이라, 고른 반의 학생 가운데 응답이 없는 학생이 미제출이 됩니다. "
        "처음에는 한 명이라도 응답한 반입니다.",
    )


def ask_whom(unmatched: list[dict], roster: pd.DataFrame, of: str) -> None:
    """Lets the teacher say whom each line means that fits no pupil, or several."""
    given = answers()
    if given:
        line = st.container(horizontal=True, vertical_alignment="center")
        line.caption(f":material/person_check: 누구인지 정해 주신 줄이 {len(given)}개 있습니다.")
        line.button("정한 것 되돌리기", on_click=forget_answers, icon=":material/undo:", key="submissions_whom_undo")
    if not unmatched:
        return
    questions = grouped(unmatched)
    with st.expander(
        f"누구인지 알 수 없는 제출 {len(questions)}건: 골라 주세요", expanded=True, icon=":material/person_search:"
    ):
        st.markdown(
            "명렬표의 학생 한 명과 맞지 않아 **아무에게도 넣지 않았습니다.** 누구인지 골라 주시면 그 학생의 제출로 "
            "넣습니다."
        )
        names = labels(roster)
        shown = questions[web.chosen_page(len(questions), "건", f"submissions_whom_page_{of}", a_page=_A_PAGE)]
        with st.form(f"submissions_whom_form_{of}", border=False):
            chosen = {keys: ask_one(lines, names) for keys, lines in shown}
            if st.form_submit_button("고른 대로 넣기", type="primary", icon=":material/check:"):
                picked = {key: one for keys, one in chosen.items() if one is not None for key in keys}
                st.session_state[_WHOM] = given | picked
                st.rerun()


def forget_answers() -> None:
    st.session_state.pop(_WHOM, None)


def labels(roster: pd.DataFrame) -> dict[str, str]:
    """Key of a pupil -> how the pupil is called in a list."""
    filled = roster.astype(object).where(roster.notna(), "")
    return {
        one.key: " ".join(filter(None, (one.class_name, one.student_no, one.name)))
        for one in filled.itertuples(index=False)
    }


def grouped(unmatched: list[dict]) -> list[tuple[tuple[str, ...], list[dict]]]:
    """The lines that ask one question, with their keys: what is written alike, unless one file has it twice."""
    often = Counter((one["file"], one["written"]) for one in unmatched)
    ambiguous = {written for (_, written), count in often.items() if count > 1}
    found: dict[str, list[dict]] = {}
    for one in unmatched:
        is_alone = one["written"] in ambiguous or not one["written"]
        found.setdefault(one["key"] if is_alone else f"written {one['written']}", []).append(one)
    return [(tuple(line["key"] for line in lines), lines) for lines in found.values()]


def ask_one(lines: list[dict], names: dict[str, str]) -> str | None:
    """The key of the pupil, empty for someone who is not in the roster, None if it was left open."""
    first = lines[0]
    candidates = [one["key"] for one in first["candidates"]]
    options = [*candidates, "", *(key for key in names if key not in candidates)]
    where = ", ".join(f"{one['file']} {one['row']}행" for one in lines)
    titles = ", ".join(dict.fromkeys(title for one in lines for title in one["assignments"]))
    left, right = st.columns([3, 2], vertical_alignment="center")
    # as HTML, since Markdown makes links of addresses
    left.html(
        f"<b>{html.escape(first['written'] or '(이름 없음)')}</b> · {html.escape(first['why'])}"
        f'<br><small style="opacity:.75">{html.escape(titles)} · {html.escape(where)}</small>'
    )
    return right.selectbox(
        f"{first['written']}은(는) 누구인가요",
        options,
        index=None,
        placeholder="골라 주세요",
        format_func=lambda key: names[key] if key else NOBODY,
        key=f"submissions_whom_{first['key']}",
        label_visibility="collapsed",
    )
