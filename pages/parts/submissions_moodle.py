"""The way to a Moodle server: its address, and a token or a name and password."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import submissions_collecting, submissions_secrets
from schoolkit.errors import InputError

KIND = "moodle"
NAME, TOKEN = "아이디와 비밀번호", "토큰"


def read() -> tuple[pd.DataFrame, str] | None:
    """The one table of the courses read so far and a short name for it."""
    with st.expander("Moodle에 연결", expanded=not submissions_collecting.has_begun(KIND), icon=":material/link:"):
        ask_account()
    show_refused()
    return submissions_collecting.watch(KIND)


def ask_account() -> None:
    """Address, account and courses; begins to read when they are sent."""
    kept = submissions_secrets.moodle()
    uses_kept = kept is not None and st.toggle(
        "이 앱에 넣어 둔 주소와 계정으로 읽기",
        value=True,
        key="submissions_moodle_kept",
        persist_state="session",
        help="앱을 설치한 분이 넣어 둔 것을 씁니다. 값은 보이지 않습니다.",
    )
    how = NAME
    if not uses_kept:
        how = st.segmented_control(
            "로그인 방법",
            [NAME, TOKEN],
            default=NAME,
            required=True,
            key="submissions_moodle_how",
            persist_state="session",
        )
    turn = st.session_state.setdefault("submissions_moodle_turn", 0)
    with st.form("submissions_moodle_form", border=False):
        given = {}
        if not uses_kept:
            st.text_input(
                "Moodle 주소",
                key="submissions_moodle_url",
                placeholder="https://moodle.school.kr",
                persist_state="session",
                autocomplete="url",
            )
            # a field under another key is a new, empty one: what was typed is used once and not kept
            if how == TOKEN:
                given["token"] = st.text_input(
                    "토큰",
                    key=f"submissions_secret_token_{turn}",
                    type="password",
                    autocomplete="off",
                    help="Moodle의 환경설정 → 보안 키에서 볼 수 있습니다.",
                )
            else:
                left, right = st.columns(2)
                given["username"] = left.text_input(
                    "아이디", key="submissions_moodle_user", persist_state="session", autocomplete="username"
                )
                given["password"] = right.text_input(
                    "비밀번호", key=f"submissions_secret_password_{turn}", type="password", autocomplete="off"
                )
        courses = st.text_input(
            "강좌 번호(비우면 내 모든 강좌)",
            key="submissions_moodle_courses",
            persist_state="session",
            placeholder="예: 12, 15",
            help="강좌를 열었을 때 주소의 id= 뒤에 있는 수입니다. 강좌의 주소를 통째로 적어도 됩니다.",
        )
        pressed = st.form_submit_button("미제출 확인", type="primary", icon=":material/fact_check:")
    st.caption(
        ":material/lock: 아이디와 비밀번호, 토큰은 이 창의 메모리에서 Moodle에 로그인하는 데만 쓰고, 칸은 곧바로 "
        "비웁니다. Moodle에는 아무것도 쓰지 않습니다."
    )
    if pressed:
        url = kept["url"] if uses_kept else st.session_state["submissions_moodle_url"].strip()
        begin(url, {key: kept.get(key) for key in ("token", "username", "password")} if uses_kept else given, courses)


def begin(url: str, given: dict[str, str | None], courses: str) -> None:
    """Starts to read; what is wrong with the address or the account is kept to be shown."""
    from schoolkit.submissions.moodle.source import moodle_source

    wanted = submissions_collecting.asked_courses(courses)
    st.session_state.pop("submissions_refused", None)
    problem = missing_in(url, given)
    try:
        if problem is None:
            submissions_collecting.start(moodle_source(url, courses=wanted, **given), KIND)
    except InputError as error:
        problem = "  \n".join(map(str, error.problems))
    if problem is not None:
        submissions_collecting.stop()
        st.session_state["submissions_refused"] = problem
    st.session_state["submissions_moodle_turn"] += 1
    st.rerun()


def missing_in(url: str, given: dict[str, str | None]) -> str | None:
    """What has not been typed, in words."""
    if not url:
        return "Moodle 주소를 적어 주세요."
    if not (given.get("token") or (given.get("username") and given.get("password"))):
        return "토큰을 적어 주세요." if "token" in given else "아이디와 비밀번호를 적어 주세요."
    return None


def show_refused() -> None:
    from pages.parts.groups_made import escaped

    if refused := st.session_state.get("submissions_refused"):
        st.error(escaped(refused), icon=":material/warning:")
