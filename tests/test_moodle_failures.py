"""What cannot be read, or only at a second try, costs its course alone, is named, and shows no secret."""

import logging
import threading
import traceback

import pytest
from moodle_reading import (
    ASSIGNMENTS,
    CONTENTS,
    COURSES,
    FLAGS,
    PEOPLE,
    SITE,
    SUBMISSIONS,
    error_answer,
    failed,
    minute,
    only_for,
    read,
    source_of,
    without,
)
from moodle_server import TOKEN, as_json, page, recorded, warning
from werkzeug import Response

from schoolkit.errors import InputError
from schoolkit.submissions.collect import Collection
from schoolkit.submissions.moodle.notices import NO_EXTENSIONS, NO_VISIBILITY
from schoolkit.submissions.moodle.source import collect_moodle
from schoolkit.submissions.source import SourceError


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


def test_the_token_of_a_service_without_extensions_is_not_asked_for_them(moodle):
    moodle.instead[SITE] = lambda form: without(FLAGS)
    table = read(moodle, [2])
    assert (FLAGS in moodle.functions, len(table.attrs["notices"])) == (False, 1)


def test_a_course_page_that_may_not_be_read_hides_nothing(moodle):
    moodle.instead[CONTENTS] = lambda form: error_answer("student_other_course.json")
    table = read(moodle, [2])
    assert (table["hidden"].any(), failed(table), len(table.attrs["notices"])) == (False, [], 1)


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
