"""Exported files and a roster in; what each file was taken for, and what the teacher has to answer."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from pages.parts import submissions_answers, submissions_mapping
from pages.parts.groups_made import escaped
from schoolkit import web
from schoolkit.errors import InputError
from schoolkit.tables import load_sources

ROSTER, EXPORTS = "roster_submissions", "exports_submissions"
_ASKED = "submissions_asked"


def clear() -> None:
    """Takes away the files and all that was chosen or made of them."""
    for key in ("submissions", ROSTER, EXPORTS, submissions_mapping.SAVED):
        web.forget(key)


def read() -> tuple[pd.DataFrame, str] | None:
    """The one table of the files and a short name for it; None, with what is wrong shown, as long as there is none."""
    left, right = st.columns(2)
    with left:
        st.markdown("**① 학생 명렬표**")
        roster_files = web.uploaded_files("반, 번호(학번), 이름이 적힌 엑셀 또는 CSV. 여러 반도 됩니다.", ROSTER)
    with right:
        st.markdown("**② 온라인 학급에서 내려받은 과제 파일**")
        exports = web.uploaded_files("Moodle, Google, Canvas, Teams 등. 여러 개도 됩니다.", EXPORTS)
    show_how_to_export()
    line = st.container(horizontal=True)
    pressed = line.button("미제출 확인", type="primary", icon=":material/fact_check:", key="submissions_read")
    if line.button(
        "견본으로 해 보기",
        icon=":material/science:",
        help="지어낸 다섯 반의 파일로 해 봅니다.",
        key="submissions_sample",
    ):
        take_sample()
        st.rerun()
    if (roster_files or exports) and line.button("지우기", icon=":material/delete:", key="submissions_clear"):
        clear()
        st.rerun()
    contents = web.digest(*(part for file in [*roster_files, "", *exports] for part in file))
    if pressed:
        if not roster_files or not exports:
            missing = "학생 명렬표" if not roster_files else "과제 파일"
            st.warning(f"{missing}를 올려 주세요.".replace("파일를", "파일을"), icon=":material/upload_file:")
            return None
        st.session_state[_ASKED] = (contents, now())
    asked = st.session_state.get(_ASKED)
    if asked is None or not roster_files or not exports:
        return None
    if asked[0] != contents:
        st.info("파일이 바뀌었습니다. ‘미제출 확인’을 다시 눌러 주세요.", icon=":material/refresh:")
        return None
    return read_files(roster_files, load_sources(exports)[0], contents, asked[1])


def read_files(
    roster_files: list[tuple[str, bytes]], exports: list[tuple[str, bytes]], contents: str, at: datetime
) -> tuple[pd.DataFrame, str] | None:
    roster = web.remembered("submissions_roster", contents, lambda: roster_or_error(roster_files))
    if isinstance(roster, InputError):
        web.show_problems(roster.problems)
        return None
    mappings = submissions_mapping.kept()
    whom, meant = submissions_answers.answers(), submissions_answers.meant()
    of = web.digest(contents, at, mappings, sorted(whom.items()), sorted(meant.items()))
    with st.spinner("파일을 읽고 있습니다."):
        table = web.remembered(
            "submissions_table", of, lambda: table_or_error(exports, roster, at, mappings, whom, meant)
        )
    if isinstance(table, InputError):
        web.show_problems(table.problems)
        unknown = [one.file for one in table.problems if one.kind == "unknown_export"]
        if unknown:
            submissions_mapping.ask(exports, unknown)
        return None
    show_recognised(table, roster, uses_mapping=bool(mappings))
    submissions_answers.ask_whom(table.attrs["unmatched"], roster, of)
    return table, of


def now() -> datetime:
    from schoolkit.submissions.status import KOREA

    return datetime.now(KOREA)


def take_sample() -> None:
    """Puts the sample's files in the place of what was uploaded, read at the sample's own time."""
    from schoolkit.samples.submissions import SAMPLE_AT, SAMPLE_EXPORTS, SAMPLE_ROSTER
    from schoolkit.submissions.status import moment

    clear()
    files = {}
    for key, paths in ((ROSTER, [SAMPLE_ROSTER]), (EXPORTS, SAMPLE_EXPORTS)):
        files[key] = [((web.SAMPLE_DATA / path).name, (web.SAMPLE_DATA / path).read_bytes()) for path in paths]
        web.set_files(key, files[key])
    contents = web.digest(*(part for file in [*files[ROSTER], "", *files[EXPORTS]] for part in file))
    st.session_state[_ASKED] = (contents, moment(SAMPLE_AT).to_pydatetime())


def roster_or_error(files: list[tuple[str, bytes]]) -> pd.DataFrame | InputError:
    from schoolkit.submissions.roster import read_roster

    try:
        return read_roster(files)
    except InputError as error:
        return error


def table_or_error(exports, roster: pd.DataFrame, at: datetime, mappings, whom, meant) -> pd.DataFrame | InputError:
    from schoolkit.submissions.exports.reading import read_submissions

    try:
        return read_submissions(exports, roster=roster, at=at, mapping=mappings, whom=whom, classes=meant)
    except InputError as error:
        return error


def show_how_to_export() -> None:
    with st.expander("어디에서 파일을 내려받나요", icon=":material/help:"):
        st.markdown(
            "- **Moodle**: 강좌 → 보고서 → 활동 이수 → ‘스프레드시트 형식으로 내려받기’. 과제 하나만 볼 때는 그 과제의 "
            "‘채점 워크시트 내려받기’\n"
            "- **Google 클래스룸**: 성적 → 오른쪽 위 톱니바퀴 → ‘모든 성적을 CSV로 다운로드’\n"
            "- **Google 설문지**: 응답 → ⋮ → ‘응답 다운로드(.csv)’\n"
            "- **Canvas**: 성적부 → 내보내기\n"
            "- **Microsoft Teams·Forms**: 과제의 ‘Excel로 내보내기’, 설문의 ‘Excel에서 열기’\n"
            "- 그 밖의 표도 올리면 어느 칸이 무엇인지 물어보고 읽습니다."
        )


def show_recognised(table: pd.DataFrame, roster: pd.DataFrame, *, uses_mapping: bool) -> None:
    """What each file was taken for, what its format can't tell, and for which classes it was meant."""
    exports = table.attrs["exports"]
    classes = list(dict.fromkeys(one for one in roster["class_name"] if one))
    with st.expander(f"읽은 파일 {len(exports)}개", icon=":material/description:"):
        for one in exports:
            titles = ", ".join(one["assignments"])
            st.markdown(
                f"**{escaped(one['file'])}** · {escaped(one['format'])}  \n과제 {len(one['assignments'])}개: "
                f"{escaped(titles)}"
                + (
                    f"  \n반: {escaped(', '.join(one['classes']))}"
                    if one["lists_everyone"] and any(one["classes"])
                    else ""
                )
            )
            if not one["lists_everyone"] and classes:
                submissions_answers.ask_meant(one, classes)
        if uses_mapping:
            submissions_mapping.offer()
    # what a figure below does not mean must not be hidden in an expander
    caveats: dict[str, list[str]] = {}
    for one in exports:
        if one["caveat"]:
            caveats.setdefault(one["caveat"], []).append(one["file"])
    for caveat, files in caveats.items():
        st.caption(f":material/info: **{escaped(', '.join(files))}**: {escaped(caveat)}")
