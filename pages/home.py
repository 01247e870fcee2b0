"""The start page: what each tool does and what happens to the data."""

import streamlit as st

from schoolkit import web

web.enter("home")
with web.no_traceback():
    st.title("선생님의 잡무를 덜어 드립니다")
    st.markdown("설치할 것 없이, 파일을 올리면 결과 파일을 돌려드립니다.")

    with st.container(border=True):
        st.subheader(":material/menu_book: 독서 중복 점검")
        st.markdown(
            "학교생활기록부에는 **같은 책을 두 번 적을 수 없습니다.** 나이스에서 내려받은 독서활동 상황 파일을 올리면, "
            "한 학생에게 두 번 적힌 책을 모든 학년에 걸쳐 찾아 **어디에 적혀 있는지, 왜 같은 책으로 보이는지**와 함께 "
            "보여 드립니다. `수학의 역사`와 `수학의 역샤`처럼 잘못 적은 제목도 찾습니다.\n\n"
            "- 올리는 파일: 나이스 출력물(.xlsx, .xls, .csv) 또는 직접 정리한 표, 여러 개 한꺼번에\n"
            "- 받는 파일: 다른 글자를 표시하고 처리 칸을 넣은 엑셀 점검표(반별 배부용 포함)"
        )
        if st.button("독서 중복 점검 열기", type="primary", icon=":material/menu_book:"):
            st.switch_page("pages/reading.py")

    with st.container(border=True):
        st.subheader(":material/groups: 모둠 편성·반편성")
        st.markdown(
            "성별, 점수, 성격 유형처럼 고른 특성을 **더 고르게 나눌 수 없는 모둠**을 만듭니다. 얼마나 고른지, 더 "
            "고르게 나눌 수 없음이 증명되었는지 함께 보여 드리고, 떼어 놓기·함께 두기 같은 **규칙은 꼭 지킵니다.**\n\n"
            "- 올리는 파일: 이름과 특성이 적힌 명단(엑셀, CSV), 엑셀에서 복사해 붙여도 됩니다\n"
            "- 받는 파일: 명단과 인쇄용 모둠 카드가 든 엑셀, 다음에 겹치지 않게 할 이력"
        )
        if st.button("모둠 편성 열기", type="primary", icon=":material/groups:"):
            st.switch_page("pages/groups.py")

    with st.container(border=True):
        st.subheader(":material/assignment_late: 미제출 확인")
        st.markdown(
            "여러 반의 과제를 한 번에 모아 **누가 무엇을 안 냈는지** 한눈에 보여 드립니다. 과제를 하나씩 열어 볼 필요 "
            "없이 반별 표, 과제별 제출률, 여러 건을 안 낸 학생, **학생·반·보호자에게 보낼 문구**까지 나옵니다.\n\n"
            "- 가져오는 곳: Moodle, Google 클래스룸·설문지, Canvas, Teams에서 내려받은 파일과 명렬표, 또는 Moodle과 "
            "Google 클래스룸에 바로 연결\n"
            "- 받는 파일: 반별 표, 미제출 목록, 안내 문구가 든 엑셀"
        )
        if st.button("미제출 확인 열기", type="primary", icon=":material/assignment_late:"):
            st.switch_page("pages/submissions.py")

    st.subheader("학생 자료는 이렇게 다룹니다")
    st.markdown(
        "- 올린 파일은 **이 창이 열려 있는 동안 서버의 메모리에만** 있습니다. 디스크에 저장하지 않고, "
        "기록(로그)에 남기지 않고, 다른 곳에 보내지 않습니다.\n"
        "- 온라인 학급에 바로 연결할 때 쓰는 **비밀번호와 토큰도 메모리에만** 있고, 그 온라인 학급에만 보냅니다.\n"
        "- 창을 닫거나 새로 고치면 사라집니다. 결과 파일은 내려받은 분의 컴퓨터에만 남습니다.\n"
        "- 처음이라면 견본 파일로 연습해 보세요. 견본의 학생은 모두 지어낸 이름입니다."
    )
    st.page_link("pages/samples.py", label="견본 파일 보기", icon=":material/folder_open:")
