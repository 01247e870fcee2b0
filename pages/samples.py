"""Invented files to practise with."""

from pathlib import PurePosixPath

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
        "제출 확인/제출 확인 명렬표.xlsx": "다섯 반의 명렬표: 미제출 확인에 아래 파일들과 함께 올립니다",
        "제출 확인/1학년 1반 국어 활동 이수.csv": "Moodle의 활동 완료 보고서(CSV)",
        "제출 확인/1학년 2반 국어 활동 이수.csv": "Moodle의 활동 완료 보고서, 엑셀용(UTF-16)",
        "제출 확인/Grades-1학년 3반 국어-독서 감상문-45.csv": "Moodle의 과제 채점 워크시트",
        "제출 확인/1학년 4반 국어.csv": "Google 클래스룸의 성적",
        "제출 확인/진로 희망 조사.csv": "Google 설문지의 응답",
        "제출 확인/정답.csv": "누가 무엇을 냈는지 적은 답안",
    }
    for name, about in files.items():
        with st.container(border=True):
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(f"**{PurePosixPath(name).name}**  \n{about}")
            right.download_button(
                "내려받기",
                data=(web.SAMPLE_DATA / name).read_bytes(),
                file_name=PurePosixPath(name).name,
                on_click="ignore",
                key=name,
                width="stretch",
            )
