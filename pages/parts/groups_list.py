"""The list of pupils in: uploaded, pasted or the sample; what was recognised in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from schoolkit import web
from schoolkit.errors import InputError

PREVIEW = 40
_ROW = "\0row"  # no header of a file is like this


@dataclass(frozen=True)
class Roster:
    """The pupils of a list.

    Attributes:
        students: a row per pupil, numbered from 0.
        name: the column that names them; ``labels``: what each is called, unlike all others.
        classes: the rows of each class that is grouped on its own, by its name; one without
            a name where the list is grouped as a whole.
        of: a short name for the contents.
    """

    students: pd.DataFrame
    name: str
    labels: list[str]
    classes: dict[str, list[int]]
    of: str

    @property
    def columns(self) -> list[str]:
        """What stands beside the names."""
        return [column for column in self.students.columns if column != self.name]

    def split(self) -> Roster:
        """The same with each class on its own."""
        from schoolkit.rosters.pupil_list import split_classes

        parts = split_classes(self.students.assign(**{_ROW: range(len(self.students))}))
        return replace(self, classes={class_name: part[_ROW].tolist() for class_name, part in parts.items()})


def choose_roster(tool: str, sample: str) -> Roster | None:
    """The list that the teacher gives; None, with what is wrong shown, as long as there is none to use."""
    files = web.uploaded_files("학생 명단(엑셀 또는 CSV). 첫 줄에 이름, 성별, 점수 같은 칸 이름이 있어야 합니다.", tool)
    ask_pasted(tool)
    buttons = st.container(horizontal=True)
    if buttons.button("견본으로 해 보기", icon=":material/science:", help="지어낸 학생의 명단으로 해 봅니다."):
        clear(tool)
        web.set_files(tool, [(sample, (web.SAMPLE_DATA / sample).read_bytes())])
        st.rerun()
    pasted = st.session_state.get(f"{tool}_pasted")
    if (files or pasted) and buttons.button("지우기", icon=":material/delete:", help="명단과 결과를 모두 지웁니다."):
        clear(tool)
        st.rerun()
    if not files and not pasted:
        return None
    name = st.session_state.get(f"{tool}_name")
    of = web.digest(name, *(part for file in files for part in file), None if files else pasted)
    with st.spinner("명단을 읽고 있습니다."):
        students = web.remembered(f"{tool}_students", of, lambda: read_or_error(files, pasted, name))
    if isinstance(students, InputError):
        web.show_problems(students.problems)
        if any(one.kind == "no_name_column" for one in students.problems):
            ask_name_column(tool, files)
        return None
    return roster_of(students, of)


def clear(tool: str) -> None:
    """Takes away the list, all that was chosen for it and made of it."""
    web.forget(tool)
    web.forget(f"past{tool}")


def ask_pasted(tool: str) -> None:
    def use() -> None:
        text = st.session_state[f"{tool}_paste"]
        clear(tool)
        st.session_state[f"{tool}_pasted"] = text

    with st.expander("엑셀에서 복사해 붙여 넣기", icon=":material/content_paste:"):
        st.text_area(
            "칸 이름까지 함께 복사해 붙여 넣으세요",
            key=f"{tool}_paste",
            height=140,
            placeholder="번호\t이름\t성별\t점수\n1\t김하나\t여\t82",
        )
        st.button("이 명단 쓰기", on_click=use, disabled=not st.session_state[f"{tool}_paste"].strip())


def read_or_error(files: list[tuple[str, bytes]], pasted: str | None, name: str | None) -> pd.DataFrame | InputError:
    from schoolkit.rosters.pupil_list import read_pasted, read_students

    try:
        return read_students(files, name=name) if files else read_pasted(pasted or "", name=name)
    except InputError as error:
        return error


def ask_name_column(tool: str, files: list[tuple[str, bytes]]) -> None:
    """Lets the teacher say which column has the names."""
    from schoolkit.rosters.list_layout import headers_seen
    from schoolkit.tables import read_tables

    headers: dict[str, None] = {}
    for name, data in files:
        with suppress(InputError):  # what is wrong with the file is shown already
            headers |= dict.fromkeys(header for table in read_tables(name, data) for header in headers_seen(table))
    if headers:
        chosen = st.selectbox("이름이 적힌 칸", list(headers), index=None, placeholder="골라 주세요")
        if chosen and st.button("이 칸으로 읽기", type="primary"):
            st.session_state[f"{tool}_name"] = chosen
            st.rerun()


def roster_of(students: pd.DataFrame, of: str) -> Roster:
    from schoolkit.grouping.pupils import labels_of

    name = students.attrs["name"]
    return Roster(students, name, labels_of(students, name), {"": list(range(len(students)))}, of)


def show_recognised(roster: Roster) -> None:
    """What was read, in figures and as the first rows."""
    notices = roster.students.attrs["notices"]
    figures = {"학생": f"{len(roster.students)}명"}
    if len(roster.classes) > 1:
        figures["반"] = f"{len(roster.classes)}개"
    web.show_figures(figures)
    with st.expander("읽은 명단 보기" + (f" (알림 {len(notices)}건)" if notices else "")):
        for one in notices:
            st.caption(f":material/info: {one}")
        st.html(web.html_table(roster.students.head(PREVIEW), compact=True))
        if len(roster.students) > PREVIEW:
            st.caption(f"처음 {PREVIEW}명만 보입니다. 편성에는 {len(roster.students)}명이 모두 들어갑니다.")
