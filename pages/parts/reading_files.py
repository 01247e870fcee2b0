"""Files of reading records in: choose them, say which column is which and who is one pupil."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import reading_limits
from schoolkit import web
from schoolkit.errors import InputError
from schoolkit.tables import load_sources

NOT_THERE = "(없음)"


def choose_files() -> list[tuple[str, bytes]]:
    files = web.uploaded_files(
        "나이스에서 내려받은 독서활동 상황 파일(엑셀 또는 CSV, 여러 개도 됩니다)",
        "reading",
        limit=reading_limits.LIMIT,
        beyond=reading_limits.BEYOND,
    )
    reading_limits.show_commands()
    buttons = st.container(horizontal=True)
    if buttons.button("견본으로 해 보기", icon=":material/science:", help="지어낸 학생 28명의 파일로 점검해 봅니다."):
        name = "reading_class.xlsx"
        web.set_files("reading", [(name, (web.SAMPLE_DATA / name).read_bytes())])
        st.rerun()
    if files and buttons.button("올린 파일 지우기", icon=":material/delete:"):
        web.forget("reading")
        st.rerun()
    return load_sources(files)[0]


def read(files: list[tuple[str, bytes]], slot: str = "reading_all") -> tuple[pd.DataFrame, str] | None:
    """The entries of the files and a name for them; None, with the problems shown, if they cannot be read."""
    columns = st.session_state.setdefault("reading_columns", {})
    links = st.session_state.setdefault("reading_links", {})
    given = {name: columns[name] for name, _ in files if name in columns} or None
    of = web.digest(*(part for file in files for part in file), given, links)
    with st.spinner("파일을 읽고 있습니다."):
        found = web.remembered(slot, of, lambda: entries_or_error(files, given, links))
    if not isinstance(found, InputError):
        return found, of
    if found.problems[0].kind == reading_limits.TOO_MANY:
        reading_limits.show_too_many(found.problems[0])
        return None
    web.show_problems(found.problems)
    contents = dict(files)
    for problem in found.problems:
        if problem.kind == "unknown_columns":
            ask_columns((problem.file, contents[problem.file]), problem.row or 1)
    bad = {problem.file for problem in found.problems}
    good = [file for file in files if file[0] not in bad]
    if good and st.checkbox(f"문제가 있는 파일을 빼고 나머지 {len(good)}개만 점검하기"):
        return read(good, "reading_good")
    return None


def entries_or_error(
    files: list[tuple[str, bytes]], columns: dict | None, links: dict[str, str]
) -> pd.DataFrame | InputError:
    from schoolkit.reading.records import read_reading_records

    try:
        reading_limits.check_rows(files)
        entries = read_reading_records(files, columns=columns)
        reading_limits.check_books(entries)
        doubtful = entries.attrs["doubtful_links"]
        known = set(entries["student"]) | {link[side] for link in doubtful for side in ("student_a", "student_b")}
        # a link may name a pupil of a file that was taken away since
        usable = {a: b for a, b in links.items() if a in known and b in known}
        return read_reading_records(files, columns=columns, links=usable) if usable else entries
    except InputError as error:
        return error


def ask_columns(file: tuple[str, bytes], likely_header: int) -> None:
    """Lets the teacher say which column is which, beside the first rows of the file."""
    from schoolkit.reading.columns import FIELDS, recognise
    from schoolkit.reading.records import preview

    name, _ = file
    rows = preview(file)
    with st.container(border=True):
        st.markdown(f"**{name}** — 어느 칸이 무엇인지 골라 주세요.")
        st.dataframe(rows, width="stretch")
        header_row = st.number_input(
            "머리글(칸 이름)이 있는 행. 없으면 0", 0, len(rows), min(likely_header, len(rows)), key=f"header_{name}"
        )
        titles = rows.loc[header_row] if header_row in rows.index else pd.Series("", index=rows.columns)
        labels = {None: NOT_THERE} | {letter: f"{letter}열 {titles[letter]}".strip() for letter in rows.columns}
        known = {field: rows.columns[j] for field, j in recognise(list(titles)).items()}
        chosen: dict[str, object] = {"header_row": int(header_row)}
        grid = st.columns(4)
        for at, (field, words) in enumerate(FIELDS.items()):
            picked = grid[at % 4].selectbox(
                words,
                list(labels),
                index=list(labels).index(known.get(field)),
                format_func=labels.get,
                key=f"column_{name}_{header_row}_{field}",
            )
            if picked:
                chosen[field] = picked
        if st.button("이대로 읽기", key=f"use_{name}", type="primary"):
            if not ({"book", "title"} & set(chosen)) or not ({"name", "student_no", "seat_no"} & set(chosen)):
                st.warning("학생을 알 수 있는 칸(성명, 학번, 번호 가운데 하나)과 책이 적힌 칸을 골라 주세요.")
            else:
                st.session_state["reading_columns"][name] = chosen
                st.rerun()


def show_recognised(entries: pd.DataFrame) -> None:
    notices = entries.attrs["notices"]
    web.show_figures(
        {
            "파일": f"{entries['file'].nunique()}개",
            "학생": f"{entries['student'].nunique()}명",
            "책": f"{len(entries):,}권",
            "알림": f"{len(notices)}건",
        }
    )
    if notices:
        with st.expander(f"건너뛰거나 짐작한 것 {len(notices)}건 보기"):
            shown = pd.DataFrame(notices[:200])
            shown["row"] = [str(row or "") for row in shown["row"]]
            st.html(
                web.html_table(shown[["file", "row", "what", "why"]].set_axis(["파일", "행", "내용", "까닭"], axis=1))
            )


def ask_links(entries: pd.DataFrame) -> None:
    """Lets the teacher join pupils of one name whom the files of several years do not link."""
    from schoolkit.reading.links import confirmed_links, sole_candidates

    doubtful, links = entries.attrs["doubtful_links"], st.session_state["reading_links"]
    if links and st.button(f"연결한 학생 {len(links)}쌍 되돌리기", icon=":material/undo:"):
        st.session_state["reading_links"] = {}
        st.rerun()
    if not doubtful:
        return
    with st.expander(f"이름이 같은 학생 {len(doubtful)}쌍: 같은 학생인가요?", expanded=True, icon=":material/group:"):
        st.markdown(
            "여러 해의 파일에서 이름은 같지만 한 학생인지 알 수 없어 **따로** 점검했습니다. "
            "같은 학생이면 골라서 연결해 주세요."
        )
        table = pd.DataFrame(
            {
                "같은 학생": [False] * len(doubtful),
                "성명": [link["name"] for link in doubtful],
                "후보": ["한 명뿐" if link["only_candidate"] else "여러 명" for link in doubtful],
                "앞의 기록": [link["about_a"] for link in doubtful],
                "뒤의 기록": [link["about_b"] for link in doubtful],
            }
        )
        fixed = ["성명", "후보", "앞의 기록", "뒤의 기록"]
        key = f"links_{web.digest([link['student_a'] + link['student_b'] for link in doubtful])}"
        edited = st.data_editor(table, hide_index=True, disabled=fixed, width="stretch", key=key)
        chosen = [link for link, is_same in zip(doubtful, edited["같은 학생"], strict=True) if is_same]
        left, right = st.columns(2)
        if left.button(f"고른 {len(chosen)}쌍 연결하기", disabled=not chosen, type="primary"):
            st.session_state["reading_links"] = links | confirmed_links(chosen)
            st.rerun()
        alone = sole_candidates(doubtful)
        if right.button(f"후보가 한 명뿐인 {len(alone)}쌍 모두 연결하기", disabled=not alone):
            st.session_state["reading_links"] = links | confirmed_links(alone)
            st.rerun()
