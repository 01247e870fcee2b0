"""The way to Google Classroom: log in with the teacher's own OAuth client, then read the courses."""

from __future__ import annotations

import importlib.util

import pandas as pd
import streamlit as st

from pages.parts import submissions_collecting, submissions_secrets
from pages.parts.submissions_moodle import show_refused
from schoolkit.errors import InputError

KIND = "classroom"
_LOGIN, _CREDENTIALS, _TURN = "submissions_google_login", "submissions_google_credentials", "submissions_google_turn"


def is_possible() -> bool:
    """Whether Google's library is installed."""
    return importlib.util.find_spec("googleapiclient") is not None


def read() -> tuple[pd.DataFrame, str] | None:
    """The one table of the courses read so far and a short name for it."""
    if not is_possible():
        st.info(
            "이 앱에는 Google 클래스룸에 바로 연결하는 기능이 설치되어 있지 않습니다. 설치하는 분이 "
            "`google-api-python-client`를 더하면(`pip install google-api-python-client`) 쓸 수 있습니다.\n\n"
            "지금 바로 하려면 클래스룸의 성적 화면에서 **‘모든 성적을 CSV로 다운로드’** 한 파일을 ‘파일로’에 "
            "올려 주세요.",
            icon=":material/info:",
        )
        return None
    st.session_state.setdefault(_TURN, 0)
    if st.session_state.get(_CREDENTIALS) is None:
        log_in()
    else:
        choose_courses()
    show_refused()
    return submissions_collecting.watch(KIND)


def log_in() -> None:
    """The client, then Google's page, then the address that comes back from it."""
    kept = submissions_secrets.google()
    turn = st.session_state[_TURN]
    login = st.session_state.get(_LOGIN)
    if login is None:
        with st.form("submissions_google_client"):
            client_id = client_secret = ""
            if kept is None:
                st.markdown(
                    "학교나 선생님의 Google Cloud에서 만든 **OAuth 클라이언트**(데스크톱 앱)의 값을 적어 주세요. "
                    "없다면 ‘파일로’에서 클래스룸 성적 CSV를 올리는 쪽이 빠릅니다."
                )
                client_id = st.text_input("클라이언트 ID", key="submissions_google_id", persist_state="session")
                client_secret = st.text_input(
                    "클라이언트 보안 비밀번호",
                    key=f"submissions_secret_google_{turn}",
                    type="password",
                    autocomplete="off",
                    help="내려받은 client_secret_….json의 내용을 통째로 붙여 넣어도 됩니다. 그때는 ID를 비워 두세요.",
                )
            if st.form_submit_button("Google 로그인 시작", type="primary", icon=":material/login:"):
                keep_or_refuse(_LOGIN, lambda: begun(*(kept or (client_id, client_secret))))
        return
    st.markdown(
        "1. 아래 단추로 Google에 로그인하고 **보기 권한**을 허락해 주세요.\n"
        "2. 끝나면 ‘사이트에 연결할 수 없음’ 화면이 나옵니다. **그 화면의 주소를 그대로 복사**해 아래에 붙여 "
        "넣어 주세요."
    )
    st.link_button("Google에서 로그인", login.address, icon=":material/open_in_new:")
    with st.form("submissions_google_back"):
        pasted = st.text_input(
            "돌아온 주소", key=f"submissions_secret_pasted_{turn}", type="password", autocomplete="off"
        )
        if st.form_submit_button("로그인 마치기", type="primary", icon=":material/check:"):
            keep_or_refuse(_CREDENTIALS, lambda: login.finish(pasted.strip()))
    st.button("처음부터 다시", on_click=forget, key="submissions_google_again", icon=":material/undo:")


def begun(client_id: str, client_secret: str):
    """The log-in with a client, or with that of the file whose text stands in the place of its secret."""
    from schoolkit.submissions.classroom.login import begin, begin_with_file

    if not client_id.strip() and client_secret.lstrip().startswith("{"):
        return begin_with_file(client_secret)
    return begin(client_id, client_secret)


def keep_or_refuse(slot: str, make) -> None:
    """Keeps what a step of the log-in gives, or why it gave nothing; empties the fields."""
    st.session_state.pop("submissions_refused", None)
    try:
        st.session_state[slot] = make()
        if slot == _CREDENTIALS:
            st.session_state.pop(_LOGIN, None)
    except InputError as error:
        st.session_state["submissions_refused"] = "  \n".join(map(str, error.problems))
    st.session_state[_TURN] += 1
    st.rerun()


def choose_courses() -> None:
    from schoolkit.submissions.classroom.source import classroom_source

    line = st.container(horizontal=True, vertical_alignment="center")
    line.markdown(":material/check_circle: Google에 로그인했습니다.")
    line.button("로그아웃", on_click=forget, key="submissions_google_out", icon=":material/logout:")
    with st.form("submissions_google_courses_form"):
        courses = st.text_input(
            "수업 번호(비우면 내 모든 수업)", key="submissions_google_courses", persist_state="session"
        )
        if st.form_submit_button("미제출 확인", type="primary", icon=":material/fact_check:"):
            wanted = submissions_collecting.asked_courses(courses)
            st.session_state.pop("submissions_refused", None)
            try:
                source = classroom_source(st.session_state[_CREDENTIALS])
                submissions_collecting.start(source, KIND, wanted)
            except InputError as error:
                st.session_state["submissions_refused"] = "  \n".join(map(str, error.problems))
            st.rerun()


def forget() -> None:
    """Forgets the log-in and stops what reads with it, from a callback."""
    for slot in (_LOGIN, _CREDENTIALS, "submissions_refused"):
        st.session_state.pop(slot, None)
    submissions_collecting.stop()
