import csv
import logging
import threading
import traceback
from datetime import datetime

import pandas as pd
import pytest
from moodle_server import DATA, TOKEN, MoodleServer, as_json, error_bytes, page, recorded, warning
from werkzeug import Response

from schoolkit.errors import InputError
from schoolkit.submissions.collect import Collection
from schoolkit.submissions.connection import Connection
from schoolkit.submissions.moodle import web_service as moodle_web_service
from schoolkit.submissions.moodle.notices import NO_EXTENSIONS, NO_VISIBILITY
from schoolkit.submissions.moodle.source import collect_moodle, moodle_source
from schoolkit.submissions.moodle.web_service import MoodleWebService
from schoolkit.submissions.secret import Secret
from schoolkit.submissions.source import SourceError
from schoolkit.submissions.status import KOREA, is_missing_at

RECORDED_AT = datetime(2026, 11, 21, 18, tzinfo=KOREA)
ASSIGNMENTS, SUBMISSIONS = "mod_assign_get_assignments", "mod_assign_get_submissions"
FLAGS, PEOPLE, CONTENTS = "mod_assign_get_user_flags", "core_enrol_get_enrolled_users", "core_course_get_contents"
PARTICIPANTS = "mod_assign_list_participants"
SITE, COURSES = "core_webservice_get_site_info", "core_enrol_get_users_courses"


def source_of(moodle: MoodleServer, courses=None, token=TOKEN, now=RECORDED_AT, **settings) -> MoodleWebService:
    connection = Connection(moodle.url, **({"pause": 0.001, "read_seconds": 10} | settings))
    return MoodleWebService(connection, Secret(token), courses, lambda: now)


def read(moodle: MoodleServer, courses=None, **settings) -> pd.DataFrame:
    source = source_of(moodle, courses, **settings)
    table = Collection(source).run().table()
    table.attrs["left_out"] = list(source.notices)
    return table


def error_answer(name: str, status: int = 200) -> Response:
    kind = "text/xml" if name.endswith(".xml") else "application/json"
    return Response(error_bytes(name), status, content_type=kind)


def failed(table: pd.DataFrame) -> list[tuple[str, str]]:
    return [(one["course"], one["kind"]) for one in table.attrs["failed"]]


def minute(time: pd.Timestamp) -> str:
    return "" if pd.isna(time) else f"{time:%Y-%m-%d %H:%M}"


def test_the_recorded_server_gives_what_the_pupils_really_did(moodle):
    table = read(moodle)
    words = {"none": "missing", "new": "missing", "draft": "draft", "reopened": "returned", "submitted": "submitted"}
    expected = []
    for one in csv.DictReader((DATA / "truth.csv").open(encoding="utf-8")):
        if one["enrolment"] != "active":
            continue
        due = one["extension_until"] or one["duedate"]
        state = "late" if one["late"] == "1" else words[one["state"]]
        if state == "missing" and due > "2026-11-21 18:00":
            state = "not_yet_due"
        name = "Nguyen Minh Anh" if one["username"] == "10213" else one["name"]
        expected.append(
            (
                one["assignid"],
                one["username"],
                name,
                state,
                due,
                one["submitted_at"],
                one["hidden"] == "1",
                one["count_as_missing"] == "1",
            )
        )
    columns = ("assignment_id", "student_no", "name", "state", "due", "submitted_at", "hidden")
    first_three = table.assign(missing=is_missing_at(table, "2026-12-31"))[table["course_id"].isin(["2", "3", "4"])]
    found = [
        (*row[:4], minute(row[4]), minute(row[5]), *row[6:])
        for row in first_three[[*columns, "missing"]].itertuples(index=False, name=None)
    ]
    assert sorted(found) == sorted(expected)
    assert (len(found), sum(one[-1] for one in found)) == (385, sum(one[-1] for one in expected))


def test_titles_classes_and_times_are_written_as_they_are_read(moodle):
    table = read(moodle, [2])
    row = table[(table["student_no"] == "10101") & (table["assignment_id"] == "2")].iloc[0]
    assert (row["class_name"], row["assignment"], row["source"], row["course_id"]) == (
        "1학년 1반 국어",
        "2차 수행평가: 관찰 & 탐구 보고서",
        "Moodle",
        "2",
    )
    assert (row["due"].isoformat(), row["submitted_at"].tzinfo) == ("2026-11-14T23:59:00+09:00", row["due"].tzinfo)


def test_the_classes_whose_truth_is_not_told_agree_with_moodles_own_lists(moodle):
    table = read(moodle, [5, 6])
    # what list_participants says of each user, by the user's number in the class list
    numbers = {one["idnumber"]: str(one["id"]) for n in (5, 6) for one in recorded(f"enrolled_users_{n}")}
    words = {"submitted": "submitted", "draft": "draft", "reopened": "returned", "new": "missing", "": "missing"}
    said = {
        (assignment, user): words[state]
        for assignment, users in recorded("participants").items()
        for user, state in users.items()
    }
    same = {"late": "submitted", "not_yet_due": "missing"}
    found = {(row.assignment_id, numbers[row.student_no]): same.get(row.state, row.state) for row in table.itertuples()}
    assert found == said
    assert len(found) == 30 * 9


def test_numbers_in_the_family_name_and_blind_marking_do_not_hide_who_it_is(moodle):
    table = read(moodle, [6])
    blind = table[table["assignment_id"] == "22"]
    assert list(blind[["student_no", "name"]].iloc[:2].itertuples(index=False, name=None)) == [
        ("10501", "신율"),
        ("10502", "김채원"),
    ]
    assert blind["state"].value_counts().to_dict() == {"submitted": 27, "missing": 3}


def test_fifteen_questions_are_enough_and_no_more_than_four_at_once(moodle):
    read(moodle)
    assert sorted(moodle.functions) == sorted(
        [SITE, COURSES, ASSIGNMENTS, SUBMISSIONS, FLAGS, *[PEOPLE] * 5, *[CONTENTS] * 5]
    )
    courses = dict(moodle.asked)[ASSIGNMENTS]
    assert [courses[f"courseids[{place}]"] for place in range(5)] == ["2", "3", "4", "5", "6"]
    assert moodle.most_at_once <= 4


def without(*functions: str) -> Response:
    site = recorded("site_info")
    return as_json(site | {"functions": [one for one in site["functions"] if one["name"] not in functions]})


def test_without_visibility_ten_questions_are_enough(moodle):
    moodle.instead[SITE] = lambda form: without(CONTENTS)
    table = read(moodle)
    assert (len(moodle.asked), table["hidden"].any(), len(table)) == (10, False, 655)
    assert [one for one in table.attrs["notices"] if "공개 여부를 읽을 수 없어" in one] == [
        f"1학년 {n}반 국어: 과제의 공개 여부를 읽을 수 없어, 학생에게 숨긴 과제도 공개된 것으로 보았습니다."
        for n in (5, 4, 3, 2, 1)
    ]


def test_the_calls_that_write_into_moodle_are_never_made(moodle):
    read(moodle)
    assert "mod_assign_get_submission_status" not in moodle.functions


REFUSED = {
    "bad_token.json": "bad_token",
    "empty_token.json": "bad_token",
    "no_token.json": "bad_token",
    "bad_parameter_type.json": "bad_request",
    "missing_parameter.json": "bad_request",
    "no_json_format.xml": "bad_request",
    "function_not_in_service.json": "not_in_service",
    "unknown_function.json": "unknown_function",
    "maintenance_mode.json": "maintenance",
    "student_get_enrolled_users_onlyactive.json": "no_permission",
    "student_list_participants.json": "no_permission",
    "student_submission_status_of_other.json": "no_permission",
    "student_hidden_assignment_status.json": "no_access",
    "student_other_course.json": "no_access",
    "unknown_course_enrolled_users.json": "unknown_course",
    "unknown_assignment_list_participants.json": "unknown_course",
    "token_suspended_account.json": "bad_password",
    "token_unknown_service.json": "no_service",
    "token_webservices_disabled.json": "web_services_off",
    "token_wrong_password.json": "bad_password",
}
REFUSED_WITH_403 = {"rest_protocol_disabled.json": "web_services_off", "webservices_disabled.json": "web_services_off"}
NOT_REFUSED = {
    "coteacher_other_course_assignments.json",
    "coteacher_other_course_submissions.json",
    "student_get_submissions.json",
    "token_ok_custom_service.json",
    "token_ok_mobile_service.json",
    "unknown_assignment_get_submissions.json",
    "unknown_course_get_assignments.json",
}


def test_every_recorded_refusal_is_expected_somewhere_here():
    assert {one.name for one in (DATA / "errors").iterdir()} == {*REFUSED, *REFUSED_WITH_403, *NOT_REFUSED}


@pytest.mark.parametrize(("name", "kind"), [*REFUSED.items(), *REFUSED_WITH_403.items()])
def test_each_refusal_is_named_in_korean(moodle, name, kind):
    moodle.instead[SITE] = lambda form: error_answer(name, 403 if name in REFUSED_WITH_403 else 200)
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN)
    (problem,) = error.value.problems
    assert (problem.kind, problem.file) == (kind, "localhost")
    assert problem.what.endswith("다.") and problem.what_to_do.endswith("요.")
    assert len(moodle.asked) == 1  # an answer is never asked for again


ODD_ANSWERS = {
    "empty": (Response(b""), "empty_answer"),
    "html": (page("<h1>우리 학교</h1>"), "not_moodle"),
    "html not found": (page("404", 404), "not_found"),
    "html forbidden": (page("403", 403), "blocked"),
    "text forbidden": (Response(b"Forbidden", 403), "blocked"),
    "html unauthorized": (page("401", 401), "bad_answer"),
    "unauthorized": (Response(b"", 401), "bad_answer"),
    "html error": (page("500", 502), "server_error"),
    "plain text": (Response(b"It works!"), "not_moodle"),
    "too many": (Response(b"", 429), "too_many"),
    "log-in page": (Response(b"", 303, {"Location": "/login/index.php"}), "redirected"),
    "cut json": (Response(b'{"userid": 3, "func'), "bad_answer"),
    "a message of PHP": (Response(b"<br />\n<b>Notice</b>:  Undefined index in x.php\n[]"), "bad_answer"),
    "a plain message of PHP": (Response(b"PHP Warning:  x in y.php\n{}"), "bad_answer"),
    "null": (as_json(None), "unexpected_answer"),
    "a number": (as_json(5), "unexpected_answer"),
    "a list": (as_json([]), "unexpected_answer"),
    "no user": (as_json({"functions": []}), "unexpected_answer"),
    "functions of another kind": (as_json({"userid": 3, "functions": ["a"]}), "unexpected_answer"),
    "another refusal": (as_json({"exception": "x", "errorcode": "somethingnew", "message": "김하나"}), "refused"),
    "a refusal without a name": (as_json({"exception": "x", "message": "김하나"}), "refused"),
    "deep json": (Response(b"[" * 200_000), "bad_answer"),
}


@pytest.mark.parametrize(("answer", "kind"), ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_odd_answers_are_an_error_that_shows_nothing_of_them(moodle, answer, kind):
    moodle.instead[SITE] = lambda form: answer
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN)
    assert error.value.problems[0].kind == kind
    assert "김하나" not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("somethingnew", True),
        ("no_such_thing", True),
        ("abcdefghij", False),  # the token itself
        ("xabcdefghij", False),
        ("a1b2c3", False),
        ("kim2026", False),
        ("two words", False),
        ("a" * 41, False),
        ("김하나", False),
    ],
)
def test_the_name_of_an_unknown_error_is_shown_only_if_it_is_a_word_and_no_secret(moodle, code, shown):
    moodle.instead[SITE] = lambda form: as_json({"exception": "x", "errorcode": code, "message": "x"})
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token="ABCdefghij")
    named = f"(오류 이름: {code})" if shown else ""
    assert str(error.value) == f"localhost: Moodle이 거절했습니다{named}. Moodle 관리자에게 문의해 주세요."


DATES, NUMBERS = ("duedate", "allowsubmissionsfromdate"), ("teamsubmission", "teamsubmissiongroupingid", "id")


@pytest.mark.parametrize("wrong", [None, "", [], {}, "soon", 1.5])
@pytest.mark.parametrize("key", [*DATES, *NUMBERS])
def test_a_setting_of_a_wrong_kind_fails_its_course_alone(moodle, key, wrong):
    moodle.instead[ASSIGNMENTS] = lambda form: as_json(assignments_with(form, key, wrong))
    table = read(moodle, [2, 3])
    assert (failed(table), set(table["course_id"])) == ([("1학년 2반 국어", "unexpected_answer")], {"2"})


@pytest.mark.parametrize("wrong", [True, 10**20])
@pytest.mark.parametrize("key", DATES)
def test_a_date_that_is_none_fails_its_course_alone(moodle, key, wrong):
    moodle.instead[ASSIGNMENTS] = lambda form: as_json(assignments_with(form, key, wrong))
    assert failed(read(moodle, [2, 3])) == [("1학년 2반 국어", "unexpected_answer")]


def assignments_with(form: dict, key: str, value: object) -> dict:
    """The assignments that were asked for, with another value in one of course 3."""
    asked = [int(one) for name, one in form.items() if name.startswith("courseids[")]
    courses = [one for one in recorded("assignments")["courses"] if one["id"] in asked]
    for course in courses:
        if course["id"] == 3:
            course["assignments"][1][key] = value
    return {"courses": courses, "warnings": []}


@pytest.mark.parametrize("wrong", [None, [], {}, True])
@pytest.mark.parametrize("key", ["timemodified", "userid", "groupid", "status"])
def test_a_hand_in_of_a_wrong_kind_fails_its_course_alone(moodle, key, wrong):
    def submissions(form: dict):
        asked = {int(one) for name, one in form.items() if name.startswith("assignmentids[")}
        found = [one for one in recorded("submissions")["assignments"] if one["assignmentid"] in asked]
        for one in found:
            if one["assignmentid"] == 5:
                one["submissions"][0][key] = wrong
        return as_json({"assignments": found, "warnings": []})

    moodle.instead[SUBMISSIONS] = submissions
    assert failed(read(moodle, [2, 3])) == [("1학년 2반 국어", "unexpected_answer")]


def test_a_setting_that_is_left_out_fails_its_course_unless_older_sites_leave_it_out(moodle):
    def without_key(name: str, key: str):
        found = recorded(name)
        del found["courses"][0]["assignments"][0][key]
        return lambda form: as_json(found | {"courses": found["courses"][:1]})

    for key in ("duedate", "teamsubmission", "nosubmissions"):
        moodle.instead[ASSIGNMENTS] = without_key("assignments", key)
        assert failed(read(moodle, [2])) == [("1학년 1반 국어", "unexpected_answer")]
    # which Moodle has told since 3.1
    moodle.instead[ASSIGNMENTS] = without_key("assignments", "preventsubmissionnotingroup")
    assert failed(read(moodle, [2])) == []


def test_half_characters_in_names_and_titles_are_replaced(moodle):
    people, courses = recorded("enrolled_users_2"), recorded("users_courses")
    people[1] |= {"firstname": "\ud800비", "lastname": "김", "idnumber": "101\udfff"}
    moodle.instead[PEOPLE] = lambda form: as_json(people)
    moodle.instead[COURSES] = lambda form: as_json([one | {"fullname": "국어\udc00"} for one in courses])
    table = read(moodle, [2])
    row = table[table["student_no"] == "101\ufffd"].iloc[0]
    assert "\ufffd비" in row["name"] and row["class_name"].startswith("국어\ufffd")
    table.to_csv().encode("utf-8")


@pytest.mark.parametrize("function", [ASSIGNMENTS, SUBMISSIONS, PEOPLE, CONTENTS, FLAGS])
@pytest.mark.parametrize("wrong", [None, {}, [3], "text", {"courses": [{}], "assignments": [{"assignmentid": "x"}]}])
def test_answers_of_a_wrong_shape_fail_the_course_and_nothing_else(moodle, function, wrong):
    if function == CONTENTS and wrong in ({}, None):
        wrong = {"modules": 1}
    moodle.instead[function] = lambda form: as_json(wrong)
    table = read(moodle, [2])
    assert (failed(table), len(table)) == ([("1학년 1반 국어", "unexpected_answer")], 0)


def test_a_wrong_token_is_an_error_at_once(moodle):
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token="f" * 32)
    assert (error.value.problems[0].kind, moodle.functions) == ("bad_token", [SITE])


def test_functions_that_the_service_lacks_are_named(moodle):
    moodle.instead[SITE] = lambda form: without(SUBMISSIONS, PEOPLE)
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN)
    (problem,) = error.value.problems
    assert (problem.kind, problem.what) == (
        "not_in_service",
        f"토큰의 서비스에 필요한 기능이 없습니다: {SUBMISSIONS}, {PEOPLE}",
    )


def test_a_token_that_is_not_even_good_for_the_first_question_is_told_which_function_it_lacks(moodle):
    moodle.instead[SITE] = lambda form: error_answer("function_not_in_service.json")
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN)
    (problem,) = error.value.problems
    assert (problem.kind, problem.what) == ("not_in_service", f"{SITE}: 이 토큰으로는 쓸 수 없는 기능입니다.")


def only_for(course: str, name: str):
    return lambda form: error_answer(name) if form.get("courseid") == course else None


def test_one_refused_course_leaves_the_others_and_only_it_is_asked_again(moodle):
    moodle.instead[PEOPLE] = only_for("4", "student_get_enrolled_users_onlyactive.json")
    collection = Collection(source_of(moodle)).run()
    table = collection.table()
    assert failed(table) == [("1학년 3반 국어", "no_permission")]
    assert sorted(table["class_name"].unique()) == [f"1학년 {n}반 국어" for n in (1, 2, 4, 5)]
    moodle.asked.clear()
    moodle.instead.clear()
    collection.retry()
    whole = collection.run().table()
    # what was answered for this course before is not asked for again
    assert [(function, form["courseid"]) for function, form in moodle.asked] == [(PEOPLE, "4"), (CONTENTS, "4")]
    assert (failed(whole), len(whole)) == ([], 655)


def test_a_course_that_the_common_question_refuses_is_asked_for_by_itself(moodle):
    def refuse_with_others(form: dict):
        found = recorded("assignments")
        asked = [int(one) for key, one in form.items() if key.startswith("courseids[")]
        if len(asked) == 1:
            return None
        courses = [one for one in found["courses"] if one["id"] in asked and one["id"] != 5]
        return as_json({"courses": courses, "warnings": [warning("course", 5, "1")]})

    moodle.instead[ASSIGNMENTS] = refuse_with_others
    table = read(moodle)
    assert (failed(table), len(table)) == ([], 655)
    assert moodle.functions.count(ASSIGNMENTS) == 2


def test_a_course_that_is_always_refused_is_named(moodle):
    def refuse(form: dict):
        asked = [int(one) for key, one in form.items() if key.startswith("courseids[")]
        courses = [one for one in recorded("assignments")["courses"] if one["id"] in asked and one["id"] != 5]
        return as_json({"courses": courses, "warnings": [warning("course", 5, "2")] if 5 in asked else []})

    moodle.instead[ASSIGNMENTS] = refuse
    table = read(moodle)
    assert (failed(table), len(set(table["class_name"]))) == ([("1학년 4반 국어", "no_access")], 4)


@pytest.mark.parametrize("function", [ASSIGNMENTS, SUBMISSIONS, FLAGS])
def test_where_a_common_question_fails_each_course_asks_for_itself(moodle, function):
    moodle.instead[function] = lambda form: Response(b"", 500) if is_common(form) else None
    table = read(moodle)
    assert (failed(table), len(table)) == ([], 655)
    assert moodle.functions.count(function) == 6


def is_common(form: dict) -> bool:
    """Whether more than one course is asked about."""
    return "courseids[1]" in form or "assignmentids[6]" in form


def cut_off() -> Response:
    return Response(iter([b'{"assignments":[{"assignmentid":1']), headers={"Content-Length": "5000"})


def test_a_question_that_was_cut_off_is_asked_again(moodle):
    cuts = [cut_off(), cut_off()]
    moodle.instead[SUBMISSIONS] = lambda form: cuts.pop() if cuts else None
    table = read(moodle)
    assert (failed(table), len(table), moodle.functions.count(SUBMISSIONS)) == ([], 655, 3)


@pytest.mark.parametrize("function", [PEOPLE, CONTENTS])
def test_a_course_that_is_cut_off_again_and_again_can_be_read_later(moodle, function):
    moodle.instead[function] = lambda form: cut_off() if form["courseid"] == "3" else None
    collection = Collection(source_of(moodle)).run()
    table = collection.table()
    assert (failed(table), "1학년 2반 국어" in set(table["class_name"])) == ([("1학년 2반 국어", "cut_off")], False)
    moodle.instead.clear()
    collection.retry()
    assert len(collection.run().table()) == 655


def test_extensions_that_are_cut_off_fail_the_course_rather_than_judge_without_them(moodle):
    moodle.instead[FLAGS] = lambda form: cut_off()
    assert failed(read(moodle, [2])) == [("1학년 1반 국어", "cut_off")]


def test_a_server_too_slow_to_answer_is_named(moodle):
    released = threading.Event()
    moodle.instead[SITE] = lambda form: released.wait(10) and None
    try:
        collection = Collection(source_of(moodle, read_seconds=0.05, tries=2)).run()
    finally:
        released.set()
    assert (failed(collection.table()), moodle.functions) == ([("강좌 목록", "timed_out")], [SITE, SITE])


def test_a_teacher_who_may_not_ask_for_active_enrolments_is_told_that_others_may_be_there(moodle):
    moodle.instead[PEOPLE] = lambda form: (
        error_answer("student_get_enrolled_users_onlyactive.json")
        if form["options[0][name]"] == "onlyactive"
        else as_json(recorded("enrolled_users_2"))
    )
    table = read(moodle, [2])
    assert (len(table), failed(table), moodle.functions.count(PEOPLE)) == (29 * 4, [], 2)
    assert table.attrs["notices"] == [
        "1학년 1반 국어: 등록이 끝났거나 정지된 학생을 가려낼 권한이 없어, 그런 학생도 들어 있을 수 있습니다. "
        "전출 간 학생이 보이면 빼고 보아 주세요."
    ]


def test_extensions_that_may_not_be_read_are_told(moodle):
    moodle.instead[FLAGS] = lambda form: error_answer("student_list_participants.json")
    table = read(moodle, [2])
    row = table[(table["student_no"] == "10114") & (table["assignment_id"] == "1")].iloc[0]
    assert (minute(row["due"]), row["state"]) == ("2026-11-07 23:59", "missing")
    assert table.attrs["notices"] == [
        "1학년 1반 국어: 기한 연장을 읽을 권한이 없어, 연장받은 학생도 원래 기한으로 보았습니다."
    ]


@pytest.mark.parametrize(("function", "told"), [(FLAGS, NO_EXTENSIONS), (CONTENTS, NO_VISIBILITY)])
def test_a_function_that_is_refused_as_a_whole_is_not_asked_for_again(moodle, function, told):
    moodle.instead[function] = lambda form: error_answer("function_not_in_service.json")
    source, stop = source_of(moodle), threading.Event()
    readings = [source.read(course, stop) for course in source.courses(stop)]
    assert moodle.functions.count(function) == 1
    assert [told in one.notices for one in readings] == [True] * 5


def test_extensions_that_were_refused_are_not_asked_for_again(moodle):
    moodle.instead[FLAGS] = lambda form: as_json(
        {"assignments": [], "warnings": [warning("assignment", one, "1") for one in range(1, 23)]}
    )
    table = read(moodle)
    assert (failed(table), moodle.functions.count(FLAGS)) == ([], 1)
    assert sum("기한 연장을 읽을 권한이 없어" in one for one in table.attrs["notices"]) == 5


def test_extensions_of_one_assignment_that_may_not_be_read_are_told(moodle):
    flags = [one for one in recorded("user_flags")["assignments"] if one["assignmentid"] in (1, 3)]
    moodle.instead[FLAGS] = lambda form: as_json({"assignments": flags, "warnings": [warning("assignment", 2, "1")]})
    notices = read(moodle, [2]).attrs["notices"]
    assert [one.startswith("1학년 1반 국어: 기한 연장을 읽을 권한이 없어") for one in notices] == [True]


def test_what_stands_in_a_hidden_section_is_hidden(moodle):
    contents = [one | {"visible": 0} for one in recorded("course_contents_2")]
    moodle.instead[CONTENTS] = lambda form: as_json(contents)
    assert read(moodle, [2])["hidden"].all()


def test_the_token_of_a_service_without_extensions_is_not_asked_for_them(moodle):
    moodle.instead[SITE] = lambda form: without(FLAGS)
    table = read(moodle, [2])
    assert (FLAGS in moodle.functions, len(table.attrs["notices"])) == (False, 1)


def test_a_course_page_that_may_not_be_read_hides_nothing(moodle):
    moodle.instead[CONTENTS] = lambda form: error_answer("student_other_course.json")
    table = read(moodle, [2])
    assert (table["hidden"].any(), failed(table), len(table.attrs["notices"])) == (False, [], 1)


def test_courses_by_number_are_read_whatever_they_are(moodle):
    courses = [one | {"visible": 0, "enddate": 1} for one in recorded("users_courses")]
    moodle.instead[COURSES] = lambda form: as_json(courses)
    table = read(moodle, [3])
    assert (set(table["class_name"]), table["hidden"].all()) == ({"1학년 2반 국어"}, True)
    assert table.attrs["notices"][0] == (
        "1학년 2반 국어: 강좌가 학생에게 숨겨져 있어, 모든 과제를 숨긴 과제로 보았습니다."
    )


def test_a_course_number_that_is_wrong_is_a_failed_course(moodle):
    table = read(moodle, [2, 99])
    assert (failed(table), set(table["course_id"])) == ([("강좌 99", "no_access")], {"2"})


def test_a_course_that_the_user_is_not_in_may_be_read_by_number(moodle):
    courses = [one for one in recorded("users_courses") if one["id"] != 2]
    moodle.instead[COURSES] = lambda form: as_json(courses)

    def assignments(form: dict):
        return None if form.get("includenotenrolledcourses") == "1" else as_json({"courses": [], "warnings": []})

    moodle.instead[ASSIGNMENTS] = assignments
    table = read(moodle, [2])
    assert (set(table["class_name"]), failed(table)) == ({"1학년 1반 국어"}, [])


def test_long_lists_of_numbers_are_asked_in_parts(moodle, monkeypatch):
    monkeypatch.setattr(moodle_web_service, "MOST_NUMBERS", 3)
    table = read(moodle)
    asked = [sum("ids[" in key for key in form) for function, form in moodle.asked if function != SITE]
    assert (failed(table), len(table), max(asked)) == ([], 655, 3)
    # 5 courses in 2 parts, 22 assignments in 8 parts
    assert [moodle.functions.count(one) for one in (ASSIGNMENTS, SUBMISSIONS, FLAGS)] == [2, 8, 8]


def test_an_assignment_that_was_not_listed_is_told(moodle):
    def assignments(form: dict):
        found = recorded("assignments")["courses"][0]
        listed = [one for one in found["assignments"] if one["id"] != 3]
        return as_json({"courses": [found | {"assignments": listed}], "warnings": [warning("module", 3, "1")]})

    moodle.instead[ASSIGNMENTS] = assignments
    table = read(moodle, [2])
    assert (set(table["assignment_id"]), table.attrs["notices"]) == (
        {"1", "2", "4"},
        ["1학년 1반 국어: 볼 권한이 없어 읽지 못한 과제가 있습니다."],
    )


def test_a_course_in_which_no_pupil_is_seen_is_told(moodle):
    teacher_only = [one for one in recorded("enrolled_users_2") if one["id"] == 3]
    moodle.instead[PEOPLE] = lambda form: as_json(teacher_only)
    table = read(moodle, [2])
    assert (len(table), failed(table), len(table.attrs["notices"])) == (0, [], 1)
    assert table.attrs["notices"][0].startswith("1학년 1반 국어: 볼 수 있는 학생이 없습니다.")


def test_hidden_and_ended_courses_are_left_out_and_said_so(moodle):
    changes = {6: {"visible": 0}, 5: {"hidden": True}, 4: {"enddate": 1_700_000_000}}
    courses = [one | changes.get(one["id"], {}) for one in recorded("users_courses")]
    moodle.instead[COURSES] = lambda form: as_json(courses)
    table = read(moodle)
    assert set(table["course_id"]) == {"2", "3"}
    assert table.attrs["left_out"] == [
        "숨긴 강좌 2개는 읽지 않았습니다(1학년 5반 국어: 6, 1학년 4반 국어: 5). 읽으려면 강좌 번호를 적어 주세요.",
        "끝난 강좌 1개는 읽지 않았습니다(1학년 3반 국어: 4). 읽으려면 강좌 번호를 적어 주세요.",
    ]


def test_in_the_holidays_the_ended_courses_are_read(moodle):
    table = read(moodle, now=datetime(2027, 7, 1, tzinfo=KOREA))
    assert (len(set(table["course_id"])), table.attrs["left_out"]) == (5, [])


def test_a_course_in_which_the_teacher_is_a_learner_is_left_out(moodle):
    in_course = {1, 2, 3, 4}  # the assignments of course 2

    def submissions(form: dict):
        asked = {int(one) for key, one in form.items() if key.startswith("assignmentids[")}
        found = [one for one in recorded("submissions")["assignments"] if one["assignmentid"] in asked - in_course]
        return as_json(
            {"assignments": found, "warnings": [warning("assignment", one, "1") for one in asked & in_course]}
        )

    moodle.instead[SUBMISSIONS] = submissions
    moodle.instead[PEOPLE] = only_for("2", "student_get_enrolled_users_onlyactive.json")
    table = read(moodle)
    assert (failed(table), set(table["course_id"])) == ([], {"3", "4", "5", "6"})
    assert table.attrs["left_out"] == ["'1학년 1반 국어' 강좌는 제출물을 볼 권한이 없어(교사가 아님) 읽지 않았습니다."]
    # so it is where the list of people can be seen, and says so
    as_pupil = [one | {"roles": [{"shortname": "student"}]} for one in recorded("enrolled_users_2")]
    moodle.instead[PEOPLE] = lambda form: as_json(as_pupil) if form["courseid"] == "2" else None
    assert set(read(moodle)["course_id"]) == {"3", "4", "5", "6"}
    # asked for by number it is a failed course
    assert failed(read(moodle, [2])) == [("1학년 1반 국어", "no_permission")]
    # and so it is for a teacher whom the school has forbidden to see hand-ins
    del moodle.instead[PEOPLE]
    assert failed(read(moodle)) == [("1학년 1반 국어", "no_permission")]


def test_an_assignment_that_may_not_be_seen_is_unknown_and_named(moodle):
    def submissions(form: dict):
        found = [one for one in recorded("submissions")["assignments"] if one["assignmentid"] in (1, 2)]
        return as_json({"assignments": found, "warnings": [warning("assignment", 3, "1")]})

    moodle.instead[SUBMISSIONS] = submissions
    table = read(moodle, [2])
    assert table.groupby("assignment_id")["state"].apply(lambda one: set(one) == {"unknown"}).to_dict() == {
        "1": False,
        "2": False,
        "3": True,
        "4": True,
    }
    assert table.attrs["notices"] == [
        "1학년 1반 국어: 지워진 것으로 보여 '알 수 없음'으로 둔 과제: '3차 수행평가: 토론 입론서'",
        "1학년 1반 국어: 제출물을 볼 권한이 없어 '알 수 없음'으로 둔 과제: '진로 성찰 일지 (수시)'",
    ]


def test_an_assignment_without_any_submission_is_missing_for_everyone(moodle):
    moodle.instead[SUBMISSIONS] = lambda form: as_json(
        {"assignments": [], "warnings": [warning("module", number, "3") for number in (1, 2, 3, 4)]}
    )
    table = read(moodle, [2])
    assert set(table["state"]) == {"missing", "not_yet_due"}


def test_a_course_without_assignments_has_no_rows_and_a_notice(moodle):
    moodle.instead[ASSIGNMENTS] = lambda form: as_json(
        {"courses": [{"id": 2, "fullname": "1학년 1반 국어", "assignments": []}], "warnings": []}
    )
    table = read(moodle, [2])
    assert (len(table), failed(table), table.attrs["notices"]) == (
        0,
        [],
        ["1학년 1반 국어: 이 강좌에는 과제가 없습니다."],
    )
    assert moodle.functions == [SITE, COURSES, ASSIGNMENTS]


def test_a_teacher_without_courses_is_told_so(moodle):
    moodle.instead[COURSES] = lambda form: as_json([])
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN)
    assert (error.value.problems[0].kind, str(error.value), moodle.functions) == (
        "no_courses",
        "localhost: 이 계정으로 읽을 강좌가 없습니다. "
        "그 강좌에 교사로 등록된 계정인지 확인하거나, 읽을 강좌의 번호를 적어 주세요.",
        [SITE, COURSES],
    )


def test_a_teacher_whose_courses_are_all_hidden_is_told_so(moodle):
    hidden = [one | {"visible": 0} for one in recorded("users_courses")[:1]]
    moodle.instead[COURSES] = lambda form: as_json(hidden)
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN)
    assert (error.value.problems[0].kind, str(error.value)) == (
        "no_courses",
        "localhost: 이 계정으로 읽을 강좌가 없습니다. "
        "숨긴 강좌 1개는 읽지 않았습니다(1학년 5반 국어: 6). 읽으려면 강좌 번호를 적어 주세요.",
    )


def in_several_groups() -> list[dict]:
    """The people of course 4; user 65 of group 2, which has handed in, is in a group that has not as well."""
    people = recorded("enrolled_users_4")
    for one in people:
        if one["id"] == 65:
            one["groups"] = [*one["groups"], {"id": 4, "name": "3모둠"}]
    return people


def of_the_group_assignment(table: pd.DataFrame, moodle_user: int) -> str:
    number = next(one["idnumber"] for one in recorded("enrolled_users_4") if one["id"] == moodle_user)
    (state,) = table[(table["assignment_id"] == "13") & (table["student_no"] == number)]["state"]
    return state


UNCLEAR = (
    "1학년 3반 국어: 어느 모둠으로 내는지 알 수 없는 학생이 있어 그 학생은 '알 수 없음'으로 둔 과제: "
    "'모둠 과제: 매체 비평'"
)


@pytest.mark.parametrize(
    ("group", "state"), [({"groupid": 2}, "submitted"), ({"groupid": 4}, "missing"), ({}, "missing")]
)
def test_which_group_of_a_pupil_counts_is_asked_for_where_nothing_else_tells(moodle, group, state):
    moodle.instead[PEOPLE] = lambda form: as_json(in_several_groups()) if form["courseid"] == "4" else None
    moodle.instead[PARTICIPANTS] = lambda form: as_json([{"id": 65, "fullname": "x", **group}])
    table = read(moodle)
    (asked,) = (form for function, form in moodle.asked if function == PARTICIPANTS)
    assert {key: asked[key] for key in asked if not key.startswith(("ws", "moodle"))} == {
        "assignid": "13",
        "groupid": "0",
        "filter": "",
        "onlyids": "1",
    }
    assert (len(moodle.asked), of_the_group_assignment(table, 65), UNCLEAR in table.attrs["notices"]) == (
        16,
        state,
        False,
    )


def test_where_that_may_not_be_asked_it_is_unknown(moodle):
    moodle.instead[PEOPLE] = lambda form: as_json(in_several_groups())
    moodle.instead[PARTICIPANTS] = lambda form: error_answer("student_list_participants.json")
    table = read(moodle, [4])
    assert (of_the_group_assignment(table, 65), UNCLEAR in table.attrs["notices"], failed(table)) == (
        "unknown",
        True,
        [],
    )
    moodle.asked.clear()
    moodle.instead[SITE] = lambda form: without(PARTICIPANTS)
    table = read(moodle, [4])
    assert (of_the_group_assignment(table, 65), PARTICIPANTS in moodle.functions) == ("unknown", False)


def test_courses_of_one_title_are_told_apart(moodle):
    courses = [one | {"fullname": "국어"} for one in recorded("users_courses")]
    moodle.instead[COURSES] = lambda form: as_json(courses)
    assert set(read(moodle, [2, 3])["class_name"]) == {"국어 (2026-1-1-국어)", "국어 (2026-1-2-국어)"}


def test_if_no_course_can_be_read_each_is_named(moodle):
    moodle.instead[PEOPLE] = lambda form: error_answer("maintenance_mode.json")
    with pytest.raises(InputError) as error:
        collect_moodle(moodle.url, token=TOKEN, courses=[2, "3"])
    assert [str(one) for one in error.value.problems] == [
        f"localhost '1학년 {n}반 국어' 강좌(번호 {n + 1}): Moodle이 점검 중입니다. 점검이 끝난 뒤 다시 해 주세요."
        for n in (1, 2)
    ]


def test_if_some_can_be_read_the_others_stand_in_the_attributes(moodle):
    moodle.instead[PEOPLE] = only_for("3", "student_other_course.json")
    table = collect_moodle(moodle.url + "/my/", token=f" {TOKEN}\n", courses=["2", 3])
    assert (set(table["course_id"]), failed(table)) == ({"2"}, [("1학년 2반 국어", "no_access")])


def test_a_stop_ends_the_reading_between_two_questions(moodle):
    collection = Collection(source_of(moodle))
    moodle.instead[ASSIGNMENTS] = lambda form: collection.stop()
    collection.run()
    assert (failed(collection.table()), moodle.functions) == (
        [("강좌 목록", "cancelled")],
        [SITE, COURSES, ASSIGNMENTS],
    )


@pytest.mark.parametrize("course", ["3", 3, "https://lms.school.kr/course/view.php?id=3"])
def test_one_course_may_be_given_without_a_list(moodle, course):
    assert set(collect_moodle(moodle.url, token=TOKEN, courses=course)["course_id"]) == {"3"}


def test_no_course_at_all_is_an_error_before_anything_is_asked(moodle):
    with pytest.raises(SourceError) as error:
        collect_moodle(moodle.url, token=TOKEN, courses=[])
    assert (error.value.problems[0].kind, moodle.asked) == ("no_courses", [])


@pytest.mark.parametrize("courses", [["국어"], ["0"], [-1], ["3; 4"], [None], "3,4", True])
def test_what_is_no_course_number_is_said_so(courses):
    with pytest.raises(SourceError) as error:
        moodle_source("lms.school.kr", token=TOKEN, courses=courses)
    assert error.value.problems[0].kind == "bad_course"


@pytest.mark.parametrize(
    "given", [{}, {"token": " "}, {"username": "t.park"}, {"password": "x"}, {"username": " ", "password": "x"}]
)
def test_without_anything_to_log_in_with_nothing_is_asked(given):
    with pytest.raises(SourceError) as error:
        moodle_source("lms.school.kr", **given)
    assert error.value.problems[0].kind == "no_credentials"


def test_neither_the_token_nor_a_pupil_is_in_any_log_or_error(moodle, caplog):
    caplog.set_level(logging.CRITICAL, logger="werkzeug")  # the server's own log
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore.http11").debug("this is kept")
    moodle.instead[PEOPLE] = lambda form: {
        "2": error_answer("student_other_course.json"),
        "3": cut_off(),
        "4": as_json([{"id": "김서연"}]),
        "5": page(TOKEN),
    }.get(form["courseid"])
    source = source_of(moodle)
    collection = Collection(source).run()
    texts = [repr(collection.jobs), repr(source), str(collection.table().attrs), caplog.text]
    with pytest.raises(InputError) as error:
        collect_moodle(moodle.url, token=TOKEN, courses=[2, 4, 5])
    texts += [*traceback.format_exception(error.value), repr(error.value.problems)]
    names = {one["firstname"] for number in (2, 3, 4, 5, 6) for one in recorded(f"enrolled_users_{number}")}
    shown = "".join(texts)
    assert "this is kept" in shown
    assert [one for one in (TOKEN, "김서연", *names) if one in shown] == []
    assert len(collection.table().attrs["failed"]) == 4


def test_even_an_error_that_is_shown_with_its_variables_shows_no_token_and_no_pupil(moodle):
    answers = {
        "2": as_json([*recorded("enrolled_users_2"), {"id": "x"}]),
        "3": cut_off(),
        "4": error_answer("student_other_course.json"),
        "5": page(f"{TOKEN} 김서연"),
    }
    moodle.instead[PEOPLE] = lambda form: answers.get(form["courseid"])
    moodle.instead[CONTENTS] = lambda form: as_json(3)
    source, stop = source_of(moodle), threading.Event()
    names = {one["firstname"] for number in (2, 6) for one in recorded(f"enrolled_users_{number}")}
    kinds = []
    for course in source.courses(stop):
        with pytest.raises(SourceError) as error:
            source.read(course, stop)
        kinds.append(error.value.problems[0].kind)
        frames = traceback.TracebackException(
            SourceError, error.value, error.value.__traceback__.tb_next, capture_locals=True
        )
        shown = "".join(frames.format())
        assert "courseid" in shown or "course = " in shown
        assert [one for one in (TOKEN, "김서연", *names) if one in shown] == []
    assert sorted(kinds) == ["cut_off", "no_access", "not_moodle", "unexpected_answer", "unexpected_answer"]
