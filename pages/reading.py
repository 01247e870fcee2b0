"""독서 중복 점검: files in, suspicious pairs or spellings of a book and a report out."""

import streamlit as st

from pages.parts import reading_books, reading_files, reading_pairs
from schoolkit import web

BY_PUPIL, BY_BOOK = "학생으로 보기", "책으로 보기"

web.enter("reading")
with web.no_traceback():
    st.title("독서 중복 점검")
    st.markdown(
        "나이스의 독서활동 상황 파일을 올리면 **한 학생에게 두 번 적힌 책**을 찾아 드립니다. "
        "여러 해의 파일을 함께 올려도 됩니다."
    )
    files = reading_files.choose_files()
    web.privacy_note()
    if files and (found := reading_files.read(files)):
        entries, of = found
        reading_files.show_recognised(entries)
        reading_files.ask_links(entries)
        view = st.segmented_control("보기", [BY_PUPIL, BY_BOOK], default=BY_PUPIL, required=True)
        show = reading_pairs.review_by_pupil if view == BY_PUPIL else reading_books.review_by_book
        show(entries, of)
