"""The menu and the page switch of the web app."""

import streamlit as st

from schoolkit import web

PAGES = {
    "home": st.Page("pages/home.py", title="처음", icon=":material/home:", default=True),
    "reading": st.Page("pages/reading.py", title="독서 중복 점검", icon=":material/menu_book:"),
    "groups": st.Page("pages/groups.py", title="모둠 편성·반편성", icon=":material/groups:"),
    "submissions": st.Page("pages/submissions.py", title="미제출 확인", icon=":material/assignment_late:"),
    "samples": st.Page("pages/samples.py", title="견본 파일", icon=":material/folder_open:"),
}

st.set_page_config(page_title="schoolkit", page_icon=":material/school:", layout="wide")
web.keep_uploads_in_memory()
current = st.navigation(list(PAGES.values()))
st.session_state["routed"] = True
if (wanted := st.session_state.pop("go", None)) in PAGES:
    st.switch_page(PAGES[wanted])
current.run()
