import csv
import logging
import threading
import traceback
from datetime import datetime

import pandas as pd
import pytest
from moodle_server import (
    COOKIE,
    DATA,
    LOGIN_TOKEN,
    PASSWORD,
    SESSION_KEY,
    TOKEN,
    USERNAME,
    MoodleServer,
    as_json,
    error_bytes,
    page,
    recorded,
)
from werkzeug import Response

from schoolkit.submissions.collect import Collection
from schoolkit.submissions.connection import Connection
from schoolkit.submissions.moodle.form import MoodleForm
from schoolkit.submissions.moodle.pages import course_links, login_fields, session_key
from schoolkit.submissions.moodle.people import shown_name
from schoolkit.submissions.moodle.source import MoodleSource, collect_moodle
from schoolkit.submissions.secret import Secret
from schoolkit.submissions.source import SourceError
from schoolkit.submissions.status import KOREA

RECORDED_AT = datetime(2026, 11, 21, 18, tzinfo=KOREA)
LOGIN, TOKEN_PAGE, REPORT = "/login/index.php", "/login/token.php", "/report/progress/index.php"
COURSE_LIST, SITE = "/lib/ajax/service.php", "core_webservice_get_site_info"


def form_of(moodle: MoodleServer, courses=None, password=PASSWORD) -> MoodleForm:
    connection = Connection(moodle.url, pause=0.001, read_seconds=10)
    return MoodleForm(connection, USERNAME, Secret(password), courses, lambda: RECORDED_AT)


def error_answer(name: str, status: int = 200) -> Response:
    return Response(error_bytes(name), status, content_type="application/json")


def failed(table: pd.DataFrame) -> list[tuple[str, str]]:
    return [(one["course"], one["kind"]) for one in table.attrs["failed"]]


def test_the_reports_give_what_they_hold_for_each_pupil_and_activity(moodle):
    table = Collection(form_of(moodle)).run().table()
    expected = set()
    for number in (2, 3, 4, 5, 6):
        header, *lines = csv.reader((DATA / f"completion_{number}.csv").open(encoding="utf-8"))
        for line in lines:
            for at in range(3, len(header), 2):
                state = "submitted" if line[at] == "Completed" else "missing"
                expected.add((str(number), line[1], header[at].replace("&amp;", "&"), state))
    columns = ["course_id", "student_no", "assignment", "state"]
    assert set(table[columns].itertuples(index=False, name=None)) == expected
    assert (len(table), len(expected), set(table["source"])) == (655, 655, {"Moodle 활동 완료"})
    assert not table["due"].notna().any() and not table["hidden"].any()


def test_names_are_those_that_the_web_service_gives(moodle):
    table = Collection(form_of(moodle, [3, 4, 6])).run().table()
    people = [one for number in (3, 4, 6) for one in recorded(f"enrolled_users_{number}")]
    names = {}
    for one in people:
        family = "" if one["lastname"].isdigit() else one["lastname"]
        names[one["idnumber"]] = "Nguyen Minh Anh" if one["idnumber"] == "10213" else family + one["firstname"]
    found = dict(table[["student_no", "name"]].itertuples(index=False, name=None))
    assert found == {number: name for number, name in names.items() if number in found}
    assert len(found) == 31 + 29 + 30


def test_one_log_in_one_list_and_one_report_for_each_course(moodle):
    Collection(form_of(moodle)).run()
    # the list comes in two parts and an empty one
    assert sorted(moodle.functions) == sorted([*[LOGIN] * 3, "/my/", *[COURSE_LIST] * 3, *[REPORT] * 5])


def test_what_the_report_cannot_tell_is_said(moodle):
    notices = Collection(form_of(moodle, [2])).run().table().attrs["notices"]
    for word in ("제출", "숨긴", "과제가 아닌", "임시 저장", "지각", "기한"):
        assert word in " ".join(notices)


def test_a_wrong_password_is_named(moodle):
    collection = Collection(form_of(moodle, password="wrong")).run()
    assert (failed(collection.table()), moodle.functions) == ([("강좌 목록", "bad_password")], [LOGIN, LOGIN])


def test_a_wrong_password_that_is_answered_with_the_page_itself_is_named(moodle):
    form = (
        '<form><input type="hidden" name="logintoken" value="a"><input name="username"><input name="password"></form>'
    )
    moodle.instead[LOGIN] = lambda given: page(form + '<a id="loginerrormessage">Invalid login</a>')
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", "bad_password")]


LOGIN_PAGES = {
    "another site": (page("<h1>우리 학교</h1>"), "not_moodle"),
    "nothing there": (page("404", 404), "not_found"),
    "maintenance": (page("under maintenance", 503), "server_error"),
    "web filter": (page("blocked", 403), "blocked"),
    "link to single sign-on": (page('<a href="/auth/saml2/login.php">들어가기</a>'), "other_login"),
    "words for single sign-on": (page('<a href="https://x.example">통합 로그인</a>'), "other_login"),
    "single sign-on": (Response(b"", 302, {"Location": "https://sso.school.example/login"}), "other_login"),
}


@pytest.mark.parametrize(("answer", "kind"), LOGIN_PAGES.values(), ids=LOGIN_PAGES.keys())
def test_without_a_log_in_form_it_is_said_why(moodle, answer, kind):
    moodle.instead[LOGIN] = lambda form: answer
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", kind)]


def test_an_account_that_must_first_do_something_is_told_so(moodle):
    moodle.instead["/my/"] = lambda form: page("새 비밀번호를 정하세요")
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", "account")]


def ended(moodle: MoodleServer) -> Response:
    response = Response(b"", 303, {"Location": moodle.url + LOGIN})
    response.set_cookie("MoodleSession", "someone-else", path="/")
    return response


def test_a_session_that_ends_between_two_courses_is_opened_once_more(moodle):
    left = ["3"]
    moodle.instead[REPORT] = lambda form: ended(moodle) if form["course"] in left and not left.clear() else None
    table = Collection(form_of(moodle, [3])).run().table()
    assert (failed(table), len(table)) == ([], 31 * 4)
    assert moodle.functions[-6:] == [REPORT, *[LOGIN] * 3, "/my/", REPORT]


def test_a_session_that_does_not_last_is_no_data_and_can_be_taken_up_again(moodle):
    moodle.instead[REPORT] = lambda form: ended(moodle)
    collection = Collection(form_of(moodle, [3])).run()
    table = collection.table()
    assert (failed(table), len(table)) == ([("1학년 2반 국어", "session_ended")], 0)
    assert (moodle.functions.count(REPORT), moodle.functions.count("/my/")) == (2, 2)
    moodle.instead.clear()
    collection.retry()
    assert failed(collection.run().table()) == []


def test_late_answers_of_an_ended_session_do_not_end_the_new_one(moodle):
    opened, left = threading.Event(), {"2", "3"}

    def report(form: dict):
        if form["course"] not in left:
            return None
        left.discard(form["course"])
        if form["course"] == "3":
            assert opened.wait(10)  # course 2 has logged in anew by then
        return ended(moodle)

    def overview(form: dict):
        if moodle.functions.count("/my/") == 2:
            opened.set()

    moodle.instead |= {REPORT: report, "/my/": overview}
    table = Collection(form_of(moodle, [2, 3])).run().table()
    assert (failed(table), set(table["course_id"]), moodle.functions.count("/my/")) == ([], {"2", "3"}, 2)


DEMANDS = {
    "second factor": ("/admin/tool/mfa/auth.php", "2단계 인증"),
    "new password": ("/login/change_password.php", "안내에 따른 뒤"),
    "rules of the site": ("/admin/tool/policy/index.php", "안내에 따른 뒤"),
    "own profile": ("/user/edit.php?id=3", "안내에 따른 뒤"),
}


@pytest.mark.parametrize(("path", "word"), DEMANDS.values(), ids=DEMANDS.keys())
def test_a_page_that_comes_before_all_others_is_named_after_the_log_in(moodle, path, word):
    here = path.partition("?")[0]
    moodle.server.expect_request(here).respond_with_handler(lambda _: page(f'"sesskey":"{SESSION_KEY}"'))
    moodle.instead["/my/"] = lambda form: Response(b"", 303, {"Location": moodle.url + path})
    (told,) = Collection(form_of(moodle)).run().table().attrs["failed"]
    assert (told["kind"], word in told["reason"], COURSE_LIST in moodle.functions) == ("account", True, False)


@pytest.mark.parametrize(("path", "word"), DEMANDS.values(), ids=DEMANDS.keys())
def test_a_page_that_comes_instead_of_a_report_is_named(moodle, path, word):
    moodle.instead[REPORT] = lambda form: Response(b"", 303, {"Location": moodle.url + path})
    (told,) = Collection(form_of(moodle, [2])).run().table().attrs["failed"]
    assert (told["kind"], word in told["reason"]) == ("account", True)


def test_a_page_after_the_password_that_asks_for_more_is_no_other_site(moodle):
    def code(form: dict):
        return page("휴대전화로 받은 인증번호를 넣으세요") if "password" in form else None

    moodle.instead[LOGIN] = code
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", "account")]


NO_REPORTS = {
    "page": page("활동 완료를 쓰지 않는 강좌입니다."),
    "no right": page("권한이 없습니다.", 403),
    "other page": Response(b"", 303, {"Location": "/course/view.php?id=2"}),
    "other table": Response("이름,점수\n김하나,3\n".encode(), content_type="text/csv"),
    "nothing": Response(b""),
    "binary": Response(bytes(range(256)) * 9),
}


@pytest.mark.parametrize("answer", NO_REPORTS.values(), ids=NO_REPORTS.keys())
def test_a_course_without_a_report_leaves_the_others(moodle, answer):
    moodle.instead[REPORT] = lambda form: answer if form["course"] == "2" else None
    table = Collection(form_of(moodle)).run().table()
    assert (failed(table), len(set(table["course_id"]))) == ([("1학년 1반 국어", "no_report")], 4)


LISTS = {
    "switched off": Response(b"", 403),
    "a refusal": as_json([{"error": True, "exception": {"errorcode": "servicenotavailable", "message": "x"}}]),
    "a refusal of all": as_json({"error": "x", "errorcode": "invalidparameter"}),
    "another shape": as_json([{"error": False, "data": {}}]),
    "web filter": page("blocked", 403),
}


@pytest.mark.parametrize("answer", LISTS.values(), ids=LISTS.keys())
def test_where_the_list_is_refused_links_are_followed(moodle, answer):
    moodle.instead[COURSE_LIST] = lambda form: answer
    table = Collection(form_of(moodle)).run().table()
    assert (failed(table), sorted(table["class_name"].unique())) == ([], [f"1학년 {n}반 국어" for n in range(1, 6)])


def test_a_list_that_is_refused_without_any_links_is_an_error(moodle):
    moodle.instead[COURSE_LIST] = lambda form: as_json(
        [{"error": True, "exception": {"errorcode": "sitepolicynotagreed"}}]
    )
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", "account")]
    key = f'"sesskey":"{SESSION_KEY}"'
    moodle.instead[COURSE_LIST] = lambda form: Response(b"", 403)
    moodle.instead["/my/"] = moodle.instead["/my/courses.php"] = lambda form: page(key)
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", "no_courses")]
    # what is asked for by number needs no list
    assert set(Collection(form_of(moodle, [2])).run().table()["course_id"]) == {"2"}


def test_an_account_without_courses_is_told_so(moodle):
    moodle.instead[COURSE_LIST] = lambda form: as_json([{"error": False, "data": {"courses": [], "nextoffset": 0}}])
    assert failed(Collection(form_of(moodle)).run().table()) == [("강좌 목록", "no_courses")]


def test_pupils_of_one_name_without_numbers_are_not_taken_for_one(moodle):
    csv_text = ',"1차",""\n"김 서연","Completed","2026-11-21 17:13:18"\n"김 서연","Not completed",""\n'
    moodle.instead[REPORT] = lambda form: Response(csv_text.encode(), content_type="text/csv")
    table = Collection(form_of(moodle, [2])).run().table()
    assert list(table[["student_no", "name", "state"]].itertuples(index=False, name=None)) == [
        ("보고서 2행", "김서연", "submitted"),
        ("보고서 3행", "김서연", "missing"),
    ]
    assert (
        "1학년 1반 국어: 이름과 학번으로 가릴 수 없는 학생들은 학번 칸에 보고서의 줄 번호를 적었습니다."
        in (table.attrs["notices"])
    )


def test_name_and_password_give_a_token_where_there_are_tokens(moodle):
    table = collect_moodle(moodle.url, username=USERNAME, password=PASSWORD, courses=[2])
    assert (moodle.functions[:2], set(table["source"])) == ([TOKEN_PAGE, SITE], {"Moodle"})
    assert table.attrs["notices"] == ["아이디와 비밀번호로 토큰을 받아 웹 서비스로 읽었습니다."]


NO_TOKENS = {
    "web services off": (TOKEN_PAGE, error_answer("token_webservices_disabled.json")),
    "no mobile service": (TOKEN_PAGE, error_answer("token_unknown_service.json")),
    "forbidden": (TOKEN_PAGE, Response(b"", 403)),
    "not there": (TOKEN_PAGE, page("404", 404)),
    "no token for teachers": (TOKEN_PAGE, as_json({"error": "x", "errorcode": "cannotcreatetoken"})),
    "REST off": (SITE, Response(b"", 403)),
    "nothing for the token": (SITE, error_answer("function_not_in_service.json")),
}


@pytest.mark.parametrize(("name", "answer"), NO_TOKENS.values(), ids=NO_TOKENS.keys())
def test_without_tokens_the_form_is_used_and_said_so(moodle, name, answer):
    moodle.instead[name] = lambda form: answer
    table = collect_moodle(moodle.url, username=USERNAME, password=PASSWORD, courses=[2])
    assert (set(table["source"]), len(table)) == ({"Moodle 활동 완료"}, 29 * 4)
    assert table.attrs["notices"][0] == (
        "웹 서비스를 쓸 수 없어 로그인 화면으로 들어가 활동 완료 보고서를 읽었습니다. "
        "기한, 지각, 임시 저장, 숨긴 과제는 알 수 없습니다."
    )


@pytest.mark.parametrize("name", ["token_wrong_password.json", "token_suspended_account.json"])
def test_a_password_that_is_refused_is_not_tried_at_the_form(moodle, name):
    moodle.instead[TOKEN_PAGE] = lambda form: error_answer(name)
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, username=USERNAME, password="wrong")
    assert (error.value.problems[0].kind, moodle.functions) == ("bad_password", [TOKEN_PAGE])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (as_json({"token": None}), "unexpected_answer"),
        (page("우리 학교"), "not_moodle"),
        (page("blocked", 403), "blocked"),
        (Response(b"Access denied", 403), "blocked"),
    ],
)
def test_an_odd_answer_to_the_question_for_a_token_is_an_error(moodle, answer, kind):
    moodle.instead[TOKEN_PAGE] = lambda form: answer
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, username=USERNAME, password=PASSWORD)
    assert (error.value.problems[0].kind, moodle.functions) == (kind, [TOKEN_PAGE])


def test_no_secret_and_no_name_is_in_any_log_or_error(moodle, caplog):
    caplog.set_level(logging.CRITICAL, logger="werkzeug")  # the server's own log
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore.http11").debug("this is kept")
    moodle.instead[TOKEN_PAGE] = lambda form: Response(b"", 403)
    moodle.instead[REPORT] = lambda form: page(f"{COOKIE} 김서연") if form["course"] == "2" else None
    connection = Connection(moodle.url, pause=0.001)
    source = MoodleSource(connection, [2, 3], username=USERNAME, password=Secret(PASSWORD))
    collection = Collection(source).run()
    texts = [repr(collection.jobs), repr(vars(source)), str(collection.table().attrs), caplog.text]
    for password, path, answer in (
        ("wr0ng-Pass", LOGIN, None),
        (PASSWORD, "/my/", page("x")),
        (PASSWORD, COURSE_LIST, as_json([{"error": True, "exception": {"errorcode": "servicerequireslogin"}}])),
    ):
        moodle.instead[path] = lambda form, answer=answer: answer
        with pytest.raises(SourceError) as error:
            collect_moodle(moodle.url, username=USERNAME, password=password)
        texts += [*traceback.format_exception(error.value), repr(error.value)]
        del moodle.instead[path]
    secrets = (PASSWORD, "wr0ng-Pass", COOKIE, SESSION_KEY, LOGIN_TOKEN, TOKEN, "김서연")
    assert [one for one in (*secrets, "this is kept") if one in "".join([*texts, caplog.text])] == ["this is kept"]
    assert failed(collection.table()) == [("1학년 1반 국어", "no_report")]


def test_the_log_in_form_is_found_among_others():
    assert login_fields('<form><input type="hidden" name="a" value="1"></form><p>no password here') is None
    form = (
        "<form><input name=q></form><form id=login><input type=hidden name=anchor>"
        "<input type=hidden name=logintoken value='x&amp;y'><input name=username>"
        "<input type=password name=password></form>"
    )
    assert login_fields(form) == {"anchor": "", "logintoken": "x&y"}


def test_marks_in_pages_are_found():
    assert session_key('M.cfg = {"wwwroot":"https:\\/\\/a","sesskey":"aB3"};') == "aB3"
    assert session_key('<a href="/login/logout.php?sesskey=aB3">') == "aB3"
    assert session_key("<p>nothing") is None
    links = (
        '<a href="/course/view.php?id=3"><img></a><a href="/course/view.php?id=3">국어 &amp; <b>문학</b></a>'
        '<a href="/mod/assign/view.php?id=4">과제</a><a href="/course/view.php?a=1&amp;id=5">수학</a>'
    )
    assert course_links(links) == {3: "국어 & 문학", 5: "수학"}


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("강 지우", "강지우"),
        ("지우 강", "강지우"),
        ("남궁 민", "남궁민"),
        ("김 솔", "김솔"),
        ("10501 신율", "신율"),
        ("강지우", "강지우"),
        ("Nguyen Minh Anh", "Nguyen Minh Anh"),
        ("10501", ""),
    ],
)
def test_names_as_moodle_shows_them_are_put_in_korean_order(shown, name):
    assert shown_name(shown) == name
