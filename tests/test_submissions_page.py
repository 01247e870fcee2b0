"""미제출 확인, run without a browser."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from app_pages import figures, page_text, press
from school_in_memory import SCHOOL, TODAY, School, row
from streamlit.testing.v1 import AppTest

from schoolkit.submissions.source import Stopped
from schoolkit.submissions.wording import SHORT_STATES

ROOT = Path(__file__).resolve().parent.parent
BAD_FILES = sorted((ROOT / "sample_data" / "bad").glob("*.*"))
FOLDER = ROOT / "sample_data" / "제출 확인"

ROSTER = "학년,반,번호,이름\n1,1,1,김하나\n1,1,2,이두리\n1,1,3,박세라\n1,2,1,최네오\n1,2,2,<b>정다온\n".encode()
ANSWERS = (
    "타임스탬프,이름\n2026/11/20 3:00:00 오후 GMT+9,김하나\n2026/11/20 4:00:00 오후 GMT+9,이두이\n"
    "2026/11/20 5:00:00 오후 GMT+9,최네오\n"
).encode()
OWN_TABLE = (
    "우리 반 점검표,,,\n학번,이름,독후감,일지\n10101,김하나,O,했음\n10102,이두리,X,했음\n10103,박세라,O,\n".encode()
)


def opened(roster: bytes | None = None, *exports: tuple[str, bytes]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run().switch_page("pages/submissions.py").run()
    if roster is not None:
        app.session_state["roster_submissions_files"] = [("명렬표.csv", roster)]
        app.session_state["exports_submissions_files"] = list(exports)
        press(app.run(), "미제출 확인")
    assert not app.exception
    return app


def field(app: AppTest, label: str):
    kinds = ("selectbox", "multiselect", "number_input", "text_input", "toggle", "text_area", "radio")
    return next(one for kind in kinds for one in getattr(app, kind) if one.label == label)


def switch(app: AppTest, label: str, value: str) -> AppTest:
    next(one for one in app.get("button_group") if one.label == label).set_value(value).run()
    assert not app.exception
    return app


def grids(app: AppTest) -> dict[tuple[str, str], str]:
    """What the cells say: number and name, and the title of the assignment -> word."""
    cells = {}
    for text in re.findall(r'<div class="sk-grid">(.*?)</table>', page_text(app), re.DOTALL):
        head, *lines = text.split("<tr>")[1:]
        titles = re.findall(r'<div class="title">(.*?)</div>', head)
        for line in lines:
            who = re.sub(r'<span class="count.*?</span>', "", re.search(r'class="who">(.*?)</div>', line)[1])
            who = re.sub(r"</span>", " ", re.sub(r"<span[^>]*>", "", who))
            words = re.findall(r"<td[^>]*>([^<]*)</td>", line)
            cells |= {(who, title): word for title, word in zip(titles, words, strict=True) if word}
    return cells


def messages(app: AppTest) -> list[str]:
    return [one.value for one in app.code]


@pytest.fixture
def moodle(monkeypatch):
    """The page's Moodle is a school in memory; gives how it was asked for."""
    monkeypatch.delenv("SCHOOLKIT_MOODLE_URL", raising=False)
    asked = {"school": School(SCHOOL)}

    def source(url, **given):
        asked.update(url=url, given=given)
        return asked["school"]

    monkeypatch.setattr("schoolkit.submissions.moodle.source.moodle_source", source)
    return asked


def collected(app: AppTest) -> AppTest:
    """Reads on until all is read, as the page's own clock does."""
    app.session_state["submissions_collection"][1].run()
    app.run()
    assert not app.exception
    return app


def asked(courses: str = "") -> AppTest:
    """The page, which has begun to read the Moodle."""
    app = switch(opened(), "어디에서 가져올까요", "Moodle")
    field(app, "Moodle 주소").input("https://moodle.example")
    field(app, "아이디").input("teacher")
    field(app, "비밀번호").input("PASSWORD")
    field(app, "강좌 번호(비우면 내 모든 강좌)").input(courses)
    return press(app, "미제출 확인")


def connected(courses: str = "") -> AppTest:
    return collected(asked(courses))


def test_the_page_opens_and_a_bookmark_goes_by_the_menu():
    assert "미제출 확인" in opened().title[0].value
    alone = AppTest.from_file(str(ROOT / "pages" / "submissions.py"), default_timeout=60).run()
    assert alone.session_state["go"] == "submissions" and not alone.title


def test_one_click_on_the_sample_shows_what_is_true_of_every_pupil_once_the_doubtful_lines_are_answered():
    truth = pd.read_csv(FOLDER / "정답.csv", dtype=str)
    wanted = {
        (f"{one.student_no} {one.name}", one.assignment.replace("&", "&amp;")): SHORT_STATES[one.state]
        for one in truth.itertuples()
    }
    app = press(opened(), "견본으로 해 보기")
    assert not app.error and figures(app)["학생"] == "149명" and figures(app)["과제"] == "5개"
    assert "채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다" in page_text(app)
    doubtful = [one for one in app.selectbox if one.label.endswith("누구인가요")]
    assert [one.value for one in doubtful] == [None, None] and "아무에게도 넣지 않았습니다" in page_text(app)
    before = grids(app)
    doubtful[0].set_value("10309")
    doubtful[1].set_value("10205")
    after = grids(press(app, "고른 대로 넣기"))
    assert after == wanted
    assert {who for who in before if before[who] != after[who]} == {
        who for who in after if who[1] == "진로 희망 조사" and who[0][:5] in ("10309", "10205")
    }
    assert not [one for one in app.selectbox if one.label.endswith("누구인가요")]
    assert grids(press(app, "정한 것 되돌리기")) == before


def test_figures_grid_and_hidden_assignments(moodle):
    app = connected()
    assert figures(app) == {
        "학생": "4명",
        "과제": "3개",
        "미제출": "3건",
        "3건 이상 안 낸 학생": "0명",
        "제출률": "50%",
    }
    assert grids(app)["10101 학생10101", "일지"] == "임시" and grids(app)["10102 학생10102", "입론서"] == "미제출"
    assert grids(app)["10201 학생10201", "포스터"] == "기한 전" and grids(app)["10202 학생10202", "독후감"] == "면제"
    assert "학생에게 숨긴 과제라 세지 않습니다: 입론서" in page_text(app)
    assert page_text(app).count('class="missing aside"') == 2


def test_filters_leave_whom_they_should(moodle):
    app = connected()
    switch(app, "반", "1학년 1반")
    assert {who for who, _ in grids(app)} == {"10101 학생10101", "10102 학생10102"}
    switch(app, "반", "모든 반")
    field(app, "이름이나 학번으로 찾기").input("102 01".replace(" ", "")).run()
    assert {who for who, _ in grids(app)} == {"10201 학생10201"}
    field(app, "이름이나 학번으로 찾기").input("").run()
    field(app, "미제출이 있는 학생만").set_value(True).run()
    assert {who for who, _ in grids(app)} == {"10101 학생10101", "10102 학생10102"}
    field(app, "미제출이 몇 건 이상인 학생").set_value(2).run()
    assert {who for who, _ in grids(app)} == {"10102 학생10102"}
    field(app, "미제출이 몇 건 이상인 학생").set_value(0).run()
    field(app, "볼 과제").set_value(["독후감"]).run()
    assert {title for _, title in grids(app)} == {"독후감"}
    assert {who for who, _ in grids(app)} == {"10102 학생10102"}
    field(app, "미제출이 있는 학생만").set_value(False).run()
    field(app, "볼 상태").set_value(["late"]).run()
    assert grids(app) == {("10201 학생10201", "독후감"): "지각"}
    assert figures(app)["학생"] == "4명"


def test_another_time_counts_what_is_due_by_then(moodle):
    app = connected()
    at = app.get("date_time_input")[0]
    at.set_value((TODAY + timedelta(days=4)).replace(tzinfo=None, second=0)).run()
    assert figures(app)["미제출"] == "4건" and grids(app)["10201 학생10201", "포스터"] == "미제출"


def test_what_nobody_has_handed_in_is_pointed_out_and_can_be_left_out(moodle):
    app = connected()
    assert "아무도 내지 않은 과제가 있습니다: **일지**" in page_text(app)
    press(app, "이 과제는 세지 않기")
    assert "아무도 내지 않은 과제" not in page_text(app)
    assert figures(app)["미제출"] == "1건" and figures(app)["과제"] == "2개"
    assert page_text(app).count("세지 않음") == 1
    field(app, "세지 않을 과제").set_value([]).run()
    assert figures(app)["미제출"] == "3건"


def test_rates_of_assignments_and_pupils_with_many_missing(moodle):
    moodle["school"] = School({"1": [row(1, 1, title, "missing") for title in "가나다라"] + [row(1, 2, "가", "late")]})
    app = connected()
    assert figures(app)["3건 이상 안 낸 학생"] == "1명"
    switch(app, "보기", "과제별 제출률")
    assert 'style="width:50%"></i></span>50%' in page_text(app)
    switch(app, "보기", "학생별 미제출")
    assert "미제출이 3건 이상인 학생 **1명**" in page_text(app) and "가 / 나 / 다 / 라" in page_text(app)
    switch(app, "몇 건 이상", 5)
    assert "미제출이 5건 이상인 학생이 없습니다" in page_text(app)


def test_messages_are_for_those_whom_the_filters_leave_and_a_template_can_be_changed(moodle):
    app = switch(connected(), "보기", "독려 문구")
    assert len(messages(app)) == 2 and messages(app)[0].startswith("학생10101 학생, 안녕하세요.")
    field(app, "학생에게 보낼 문구").input("{이름}야, {과제} 기다릴게.").run()
    assert messages(app) == ["학생10101야, 일지 기다릴게.", "학생10102야, 독후감 외 1개 기다릴게."]
    field(app, "볼 과제").set_value(["독후감"]).run()
    assert messages(app) == ["학생10102야, 독후감 기다릴게."]
    switch(app, "받는 사람", "class")
    assert "이름이 드러납니다" in page_text(app) and "학생10102" in messages(app)[0]
    switch(app, "보기", "반별 표")
    switch(switch(app, "보기", "독려 문구"), "받는 사람", "pupil")
    assert messages(app) == ["학생10102야, 독후감 기다릴게."]
    press(app, "처음 문구로 되돌리기")
    assert messages(app)[0].startswith("학생10102 학생, 안녕하세요.")


def test_a_template_with_an_unknown_place_is_told_and_not_used(moodle, downloads):
    app = switch(connected(), "보기", "독려 문구")
    field(app, "학생에게 보낼 문구").input("안녕, {별명}!").run()
    assert "문구를 만들 수 없습니다" in app.error[0].value and "{이름}" in page_text(app) and not messages(app)
    cells = openpyxl.load_workbook(io.BytesIO(downloads["엑셀로"]()))["안내 문구"].iter_rows(values_only=True)
    assert any("학생10101 학생, 안녕하세요." in str(cell) for line in cells for cell in line)


def test_a_line_may_be_of_someone_who_is_not_in_the_roster():
    app = opened(ROSTER, ("설문.csv", ANSWERS))
    assert figures(app)["미제출"] == "2건"  # who may be meant is not counted until the teacher has said so
    next(one for one in app.selectbox if one.label.endswith("누구인가요")).set_value("")
    press(app, "고른 대로 넣기")
    assert figures(app)["미제출"] == "3건" and "명렬표에 없는 사람이라고 정한 1줄을 뺐습니다" in page_text(app)


def test_the_teacher_says_for_which_classes_a_form_was_meant():
    app = opened(ROSTER, ("설문.csv", ANSWERS))
    assert field(app, "이 파일에 응답해야 하는 반").value == ["1학년 1반", "1학년 2반"]
    field(app, "이 파일에 응답해야 하는 반").set_value(["1학년 1반"]).run()
    assert figures(app)["미제출"] == "1건"


def test_what_cells_hold_is_shown_as_text_and_never_as_html():
    app = opened(ROSTER, ("설문.csv", ANSWERS))
    assert "&lt;b&gt;정다온" in page_text(app) and "<b>정다온" not in page_text(app)


def test_a_table_of_unknown_kind_is_read_once_its_columns_are_said_and_the_mapping_can_be_saved(downloads):
    app = opened(ROSTER, ("점검표.csv", OWN_TABLE))
    assert "알아보지 못했습니다" in page_text(app) and not figures(app)
    assert field(app, "칸 이름이 있는 행").value == 2 and field(app, "이름").value == "이름"
    assert field(app, "과제 칸").value == ["독후감"]
    field(app, "과제 칸").set_value([]).run()
    press(app, "이대로 읽기")
    assert "과제가 어디에 있는지 정하지 않았습니다" in page_text(app)
    field(app, "과제 칸").set_value(["독후감", "일지"]).run()
    press(app, "이대로 읽기")
    assert grids(app)["10102 이두리", "독후감"] == "미제출" and grids(app)["10103 박세라", "일지"] == "미제출"
    assert grids(app)["10101 김하나", "일지"] == "모름"
    saved = downloads["칸"]
    assert json.loads(saved)["assignments"] == ["독후감", "일지"]
    again = opened(ROSTER, ("점검표.csv", OWN_TABLE))
    again.session_state["mapping_submissions_files"] = [("칸 연결.json", saved)]
    assert grids(again.run()) == grids(app)
    press(again, "칸 연결 다시 정하기")
    assert not figures(again)
    again.session_state["mapping_submissions_files"] = [("칸 연결.json", b"{}")]
    again.run()
    assert "칸 연결 파일이 아니거나 깨져 있습니다" in page_text(again) and not again.exception


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.name)
def test_a_bad_file_is_told_with_what_to_do_and_without_a_traceback(path):
    bad = path.read_bytes()
    for app in (opened(ROSTER, (path.name, bad)), opened(bad, ("설문.csv", ANSWERS))):
        shown = page_text(app)
        assert "주세요" in shown and "예상하지 못한" not in shown and app.error
        assert not figures(app)


def test_a_missing_roster_is_asked_for():
    app = opened()
    press(app, "미제출 확인")
    assert app.warning[0].value == "학생 명렬표를 올려 주세요."
    app.session_state["roster_submissions_files"] = [("명렬표.csv", ROSTER)]
    press(app.run(), "미제출 확인")
    assert app.warning[0].value == "과제 파일을 올려 주세요."


def test_other_files_are_not_read_before_the_button_is_pressed_again():
    app = opened(ROSTER, ("설문.csv", ANSWERS))
    app.session_state["exports_submissions_files"] = [("점검표.csv", OWN_TABLE)]
    app.run()
    assert "파일이 바뀌었습니다" in page_text(app) and not figures(app)


def test_a_course_that_refuses_is_named_and_tried_again_without_the_rest(moodle):
    moodle["school"] = School(SCHOOL, refusing={"2"})
    app = connected()
    assert "2반 국어" in app.error[0].value and "이 강좌를 볼 권한이 없습니다." in app.error[0].value
    assert "읽지 못한 강좌 1개는 아래 결과에 들어 있지 않습니다" in app.warning[0].value
    assert figures(app)["학생"] == "2명"
    moodle["school"].refusing.clear()
    collected(press(app, "못 읽은 것만 다시"))
    assert not app.error and not app.warning and figures(app)["학생"] == "4명"
    assert sorted(moodle["school"].read_courses) == ["1", "2", "2"]


def test_where_the_courses_cannot_be_listed_the_page_says_so_and_tries_again(moodle):
    moodle["school"].courses = lambda stop: 1 / 0
    app = connected()
    assert "예상하지 못한 문제로 읽지 못했습니다(ZeroDivisionError)" in app.error[0].value and not figures(app)
    del moodle["school"].courses
    collected(press(app, "못 읽은 것만 다시"))
    assert figures(app)["학생"] == "4명"


def test_a_collection_that_was_stopped_can_be_taken_up_again(moodle):
    def wait_for_stop(course, stop):
        assert stop.wait(60)
        raise Stopped

    moodle["school"].read = wait_for_stop
    app = asked()
    collection = app.session_state["submissions_collection"][1]
    while len(collection.jobs) == 1:  # until the list of courses has come
        collection.reconcile(patience=60)
    app.run()
    assert page_text(app).count("읽는 중") == 2 and not figures(app)
    collected(press(app, "멈추기"))
    assert page_text(app).count("· 멈춤") == 2 and not figures(app)
    del moodle["school"].read
    collected(press(app, "못 읽은 것만 다시"))
    assert figures(app)["학생"] == "4명"


def test_a_password_is_used_once_and_kept_nowhere_on_the_page(moodle):
    app = connected("1, 2")
    assert moodle["url"] == "https://moodle.example"
    assert moodle["given"] == {"username": "teacher", "password": "PASSWORD", "courses": ["1", "2"]}
    assert field(app, "비밀번호").value == "" and "PASSWORD" not in str(app.session_state)
    press(app, "미제출 확인")
    assert "아이디와 비밀번호를 적어 주세요" in page_text(app) and not figures(app)


def test_an_address_that_is_none_is_told(monkeypatch):
    monkeypatch.delenv("SCHOOLKIT_MOODLE_URL", raising=False)
    app = switch(opened(), "어디에서 가져올까요", "Moodle")
    switch(app, "로그인 방법", "토큰")
    field(app, "Moodle 주소").input("ftp://moodle")
    field(app, "토큰").input("TOKEN")
    press(app, "미제출 확인")
    assert "Moodle 주소를 알아볼 수 없습니다" in app.error[0].value and "TOKEN" not in page_text(app)


def test_an_account_that_was_deployed_is_used_without_being_shown_and_for_its_own_address_alone(moodle, monkeypatch):
    monkeypatch.setenv("SCHOOLKIT_MOODLE_URL", "https://own.example")
    monkeypatch.setenv("SCHOOLKIT_MOODLE_TOKEN", "SECRET")
    app = switch(opened(), "어디에서 가져올까요", "Moodle")
    assert not [one for one in app.text_input if one.label in ("Moodle 주소", "토큰")]
    collected(press(app, "미제출 확인"))
    assert moodle["url"] == "https://own.example" and moodle["given"]["token"] == "SECRET"
    assert figures(app)["학생"] == "4명" and "SECRET" not in page_text(app)
    field(app, "이 앱에 넣어 둔 주소와 계정으로 읽기").set_value(False).run()
    field(app, "Moodle 주소").input("https://other.example")
    press(app, "미제출 확인")
    assert moodle["url"] == "https://own.example" and not figures(app)


def test_without_googles_library_the_page_says_how_to_go_on(monkeypatch):
    monkeypatch.setattr("pages.parts.submissions_classroom.is_possible", lambda: False)
    app = switch(opened(), "어디에서 가져올까요", "Google 클래스룸")
    assert "pip install google-api-python-client" in page_text(app) and "CSV로 다운로드" in page_text(app)


def test_a_log_in_at_google_leads_to_the_courses(monkeypatch):
    pytest.importorskip("googleapiclient")
    monkeypatch.delenv("SCHOOLKIT_GOOGLE_CLIENT_ID", raising=False)
    monkeypatch.setattr("schoolkit.submissions.classroom.login.Login.finish", lambda self, pasted: object())
    monkeypatch.setattr("schoolkit.submissions.classroom.source.classroom_source", lambda credentials: School(SCHOOL))
    app = switch(opened(), "어디에서 가져올까요", "Google 클래스룸")
    field(app, "클라이언트 ID").input("nonsense")
    field(app, "클라이언트 보안 비밀번호").input("SECRET")
    press(app, "Google 로그인 시작")
    assert "클라이언트 ID가 아닙니다" in app.error[0].value
    field(app, "클라이언트 ID").input("1.apps.googleusercontent.com")
    field(app, "클라이언트 보안 비밀번호").input("SECRET")
    press(app, "Google 로그인 시작")
    assert not app.error and "SECRET" not in str(app.session_state)
    field(app, "돌아온 주소").input("http://localhost/?code=1&state=2")
    press(app, "로그인 마치기")
    field(app, "수업 번호(비우면 내 모든 수업)").input("2")
    collected(press(app, "미제출 확인"))
    assert figures(app)["학생"] == "2명"
    press(app, "로그아웃")
    assert not figures(app)


def test_the_text_of_googles_client_file_may_stand_in_the_place_of_its_secret(monkeypatch):
    pytest.importorskip("googleapiclient")
    monkeypatch.delenv("SCHOOLKIT_GOOGLE_CLIENT_ID", raising=False)
    app = switch(opened(), "어디에서 가져올까요", "Google 클래스룸")
    client = {"client_id": "1.apps.googleusercontent.com", "client_secret": "SECRET"}
    field(app, "클라이언트 보안 비밀번호").input(json.dumps({"installed": client}))
    press(app, "Google 로그인 시작")
    assert not app.error and field(app, "돌아온 주소") and "SECRET" not in str(app.session_state)


def test_results_stay_while_other_pages_are_visited_and_vanish_when_cleared():
    app = opened(ROSTER, ("설문.csv", ANSWERS))
    before = grids(app)
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/submissions.py").run()
    assert before and grids(app) == before
    press(app, "지우기")
    assert not figures(app) and "김하나" not in str(app.session_state)


def test_downloads_hold_what_is_counted_and_are_made_outside_any_session(moodle, downloads, monkeypatch):
    app = press(connected(), "이 과제는 세지 않기")
    assert figures(app)["미제출"] == "1건"
    monkeypatch.setattr("streamlit.session_state", None)
    workbook = openpyxl.load_workbook(io.BytesIO(downloads["엑셀로"]()))
    assert {"미제출 목록", "안내 문구"} <= set(workbook.sheetnames)
    table = pd.read_csv(io.BytesIO(downloads["표만"]()), dtype=str)
    assert set(table["과제"]) == {"독후감", "입론서", "포스터"} and len(table) == 8


def test_an_unforeseen_failure_is_one_plain_sentence_and_logs_its_type_alone(monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("김하나")

    monkeypatch.setattr("schoolkit.submissions.exports.reading.read_submissions", fail)
    app = opened(ROSTER, ("설문.csv", ANSWERS))
    assert "예상하지 못한 문제가 생겨" in page_text(app)
    assert "RuntimeError on a page" in caplog.text and "김하나" not in caplog.text
