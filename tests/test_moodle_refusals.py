"""What Moodle refuses as a whole, and answers that are odd or of a wrong kind."""

import traceback

import pytest
from moodle_reading import (
    ASSIGNMENTS,
    CONTENTS,
    FLAGS,
    PEOPLE,
    SITE,
    SUBMISSIONS,
    error_answer,
    failed,
    read,
    without,
)
from moodle_server import DATA, TOKEN, as_json, page, recorded
from werkzeug import Response

from schoolkit.submissions.moodle.source import collect_moodle, moodle_source
from schoolkit.submissions.source import SourceError

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


@pytest.mark.parametrize(
    "given", [{}, {"token": " "}, {"username": "t.park"}, {"password": "x"}, {"username": " ", "password": "x"}]
)
def test_without_anything_to_log_in_with_nothing_is_asked(given):
    with pytest.raises(SourceError) as error:
        moodle_source("lms.school.kr", **given)
    assert error.value.problems[0].kind == "no_credentials"
