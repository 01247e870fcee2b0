"""Invented files to practise with."""

import streamlit as st

from schoolkit import web

web.enter("samples")
with web.no_traceback():
    st.title("견본 파일")
    st.markdown("모두 지어낸 학생과 기록입니다. 내려받아 열어 보고, 도구에 올려 연습해 보세요.")
    files = {
        "reading_class.xlsx": "한 반의 독서활동 상황, 나이스 출력물 모양(엑셀)",
        "reading_class_cp949.csv": "같은 내용을 엑셀에서 저장한 CSV(CP949)",
        "reading_class_truth.csv": "일부러 넣어 둔 중복의 답안",
        "모둠 편성 예시.xlsx": "한 반의 명단: 성별, 점수, 수준, 성격 유형, 관심 분야, 모둠장 희망",
        "반편성 예시.xlsx": "한 학년의 명단: 출신반, 성별, 점수, 생활지도, 특수교육, 쌍둥이, 전출 예정",
    }
    for name, about in files.items():
        with st.container(border=True):
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(f"**{name}**  \n{about}")
            right.download_button(
                "내려받기",
                data=(web.SAMPLE_DATA / name).read_bytes(),
                file_name=name,
                on_click="ignore",
                key=name,
                width="stretch",
            )
