"""미제출 확인: files or a class system in, who has not handed in what out."""

import streamlit as st

from pages.parts import submissions_classroom, submissions_files, submissions_moodle, submissions_results
from schoolkit import web

FILES = "파일로"
SOURCES = {FILES: submissions_files, "Moodle": submissions_moodle, "Google 클래스룸": submissions_classroom}

web.enter("submissions")
with web.no_traceback():
    st.title("누가 안 냈나: 미제출 확인")
    st.markdown("여러 반의 과제를 한 번에 모아 **누가 무엇을 안 냈는지** 보여 드리고, 보낼 문구까지 만들어 드립니다.")
    chosen = st.segmented_control(
        "어디에서 가져올까요",
        list(SOURCES),
        default=FILES,
        required=True,
        key="submissions_source",
        persist_state="session",
        label_visibility="collapsed",
    )
    found = SOURCES[chosen].read()
    if chosen == FILES:
        web.privacy_note()
    if found:
        submissions_results.show(*found)
