"""모둠 편성 and 반편성: a list of pupils in, groups that cannot be fairer out."""

import streamlit as st

from pages.parts import groups_of_class, groups_of_grade
from schoolkit import web

CLASS, GRADE = "모둠 편성", "반편성"

web.enter("groups")
with web.no_traceback():
    st.title("모둠 편성·반편성")
    work = st.segmented_control(
        "하려는 일",
        [CLASS, GRADE],
        default=CLASS,
        required=True,
        key="groups_work",
        persist_state="session",
        label_visibility="collapsed",
    )
    (groups_of_class if work == CLASS else groups_of_grade).show()
