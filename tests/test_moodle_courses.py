"""Which courses are read, and which group of a pupil counts."""

from datetime import datetime

import pandas as pd
import pytest
from moodle_reading import (
    ASSIGNMENTS,
    COURSES,
    PARTICIPANTS,
    PEOPLE,
    SITE,
    SUBMISSIONS,
    error_answer,
    failed,
    only_for,
    read,
    without,
)
from moodle_server import TOKEN, as_json, recorded, warning

from schoolkit.submissions.moodle.source import collect_moodle, moodle_source
from schoolkit.submissions.source import SourceError
from schoolkit.submissions.status import KOREA


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
