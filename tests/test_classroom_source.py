"""Google Classroom through Google's own client, against a small server that answers as Classroom does."""

import json
import logging
import sys
import threading
import unicodedata
from datetime import datetime

import pytest

pytest.importorskip("googleapiclient")

from classroom_server import (  # noqa: E402
    GOOGLE,
    REFRESH,
    TOKEN,
    Classroom,
    course,
    fields_of,
    opener,
    refusal,
    running,
    student,
    submission,
    work,
)

from schoolkit.errors import InputError  # noqa: E402
from schoolkit.submissions.classroom import source as classroom_module  # noqa: E402
from schoolkit.submissions.classroom.source import CAVEAT, ClassroomSource, classroom_source, collect_classroom  # noqa: E402
from schoolkit.submissions.collect import Collection, JobState  # noqa: E402
from schoolkit.submissions.source import SourceError, Stopped  # noqa: E402
from schoolkit.submissions.status import KOREA, missing_submissions  # noqa: E402
from schoolkit.submissions.summaries import pupil_summary  # noqa: E402

SUYEON = student("11", "김", "서연", "10107@school.kr")
HANA = student("12", "10108", "박하나", "hana@school.kr")
MINH = student("13", "Nguyen", "Minh Anh")
PAST, FUTURE = (2026, 3, 8), (2099, 3, 8)
EVENING = {"hours": 14, "minutes": 59}  # 23:59 in Korea
LISTS = ("/students", "/courseWork", "/courseWork/-/studentSubmissions")


def one_course(**other) -> Classroom:
    return Classroom(courses=[course("1", "1-1 국어")], **other)


def collected(classroom: Classroom, courses=None, **credentials):
    with running(classroom):
        source = ClassroomSource(opener(classroom, **credentials), courses, pauses=(0, 0))
        return Collection(source).run().table()


def table_of(students, tasks, submissions=(), **other):
    return collected(
        one_course(students={"1": students}, work={"1": tasks}, submissions={"1": list(submissions)}, **other)
    )


def states_of(table) -> list[tuple]:
    return list(table[["name", "assignment", "state"]].itertuples(index=False, name=None))


def korean(*parts) -> datetime:
    return datetime(*parts, tzinfo=KOREA)


def nfd(text: str) -> str:
    """As macOS writes it, each syllable in its letters."""
    return unicodedata.normalize("NFD", text)


def reading(classroom: Classroom, stop=None):
    """What a source says of course 1 when it is asked directly."""
    stop = stop or threading.Event()
    with running(classroom):
        source = ClassroomSource(opener(classroom), pauses=(0, 0))
        return source.read(source.courses(stop)[0], stop)


# what the table says


def test_a_pupil_without_any_submission_has_not_handed_in():
    table = table_of(
        [SUYEON, HANA],
        [work("1", "독후감", PAST, EVENING)],
        [
            submission(
                "1", "11", "TURNED_IN", ("CREATED", "2026-03-05T00:00:00Z"), ("TURNED_IN", "2026-03-06T01:02:03Z")
            )
        ],
    )
    assert table.drop(columns=["due", "submitted_at"]).values.tolist() == [
        ["1-1 국어", "10107", "김서연", "독후감", "submitted", False, "Google Classroom", "1", "1"],
        ["1-1 국어", "10108", "박하나", "독후감", "missing", False, "Google Classroom", "1", "1"],
    ]
    assert table["due"].tolist() == [korean(2026, 3, 8, 23, 59)] * 2
    assert table["submitted_at"].dropna().tolist() == [korean(2026, 3, 6, 10, 2, 3)]
    assert (table.attrs["notices"], table.attrs["failed"]) == ([CAVEAT], [])


@pytest.mark.parametrize(
    ("state", "history", "expected"),
    [
        ("NEW", [], "missing"),
        ("CREATED", [("CREATED", "2026-03-05T00:00:00Z")], "missing"),
        ("TURNED_IN", [("TURNED_IN", "2026-03-08T14:59:00Z")], "submitted"),
        ("TURNED_IN", [("TURNED_IN", "2026-03-08T14:59:01Z")], "late"),
        ("TURNED_IN", [("TURNED_IN", "2026-03-08T14:59:00.000000001Z")], "submitted"),
        (
            "TURNED_IN",
            [
                ("TURNED_IN", "2026-03-07T00:00:00Z"),
                ("RECLAIMED_BY_STUDENT", "2026-03-08T00:00:00Z"),
                ("TURNED_IN", "2026-03-09T00:00:00Z"),
            ],
            "late",
        ),
        ("RETURNED", [("TURNED_IN", "2026-03-07T00:00:00Z"), ("RETURNED", "2026-03-10T00:00:00Z")], "submitted"),
        ("RETURNED", [("TURNED_IN", "2026-03-09T00:00:00Z"), ("RETURNED", "2026-03-10T00:00:00Z")], "late"),
        (
            "RECLAIMED_BY_STUDENT",
            [("TURNED_IN", "2026-03-07T00:00:00Z"), ("RECLAIMED_BY_STUDENT", "2026-03-07T01:00:00Z")],
            "draft",
        ),
    ],
)
def test_states_of_a_submission_once_the_work_is_due(state, history, expected):
    table = table_of([SUYEON], [work("1", "독후감", PAST, EVENING)], [submission("1", "11", state, *history)])
    assert states_of(table) == [("김서연", "독후감", expected)]


def test_returned_without_ever_being_handed_in_is_unknown_and_said_so():
    history = [("TURNED_IN", "2026-03-05T00:00:00Z"), ("RECLAIMED_BY_STUDENT", "2026-03-06T00:00:00Z")]
    table = table_of(
        [SUYEON, HANA],
        [work("1", "독후감", PAST, EVENING)],
        [
            submission("1", "11", "RETURNED", ("RETURNED", "2026-03-10T00:00:00Z")),
            submission("1", "12", "RETURNED", *history, ("RETURNED", "2026-03-10T00:00:00Z")),
        ],
    )
    assert states_of(table) == [("김서연", "독후감", "unknown"), ("박하나", "독후감", "unknown")]
    assert table.attrs["notices"] == [
        CAVEAT,
        "1-1 국어: 제출한 기록 없이 선생님이 돌려준 것이 2건 있습니다. 종이 등으로 따로 낸 것인지 알 수 없어 "
        "'알 수 없음'으로 두었습니다.",
    ]


def test_a_state_that_classroom_may_add_one_day_is_unknown_and_said_so():
    table = table_of([SUYEON], [work("1", "독후감", PAST, EVENING)], [submission("1", "11", "EXCUSED")])
    assert states_of(table) == [("김서연", "독후감", "unknown")]
    assert table.attrs["notices"] == [
        CAVEAT,
        "1-1 국어: 제출 상태를 알아볼 수 없는 것이 1건 있어 '알 수 없음'으로 두었습니다.",
    ]


def test_handed_in_without_a_history_is_late_only_if_classroom_says_so():
    table = table_of(
        [SUYEON, HANA],
        [work("1", "독후감", PAST, EVENING)],
        [
            submission("1", "11", "TURNED_IN", updateTime="2026-04-01T00:00:00Z"),
            submission("1", "12", "TURNED_IN", updateTime="2026-04-01T00:00:00Z", late=True),
        ],
    )
    assert states_of(table) == [("김서연", "독후감", "submitted"), ("박하나", "독후감", "late")]


def test_where_no_time_is_due_classroom_says_what_was_late():
    morning = ("TURNED_IN", "2026-03-09T00:00:00Z")
    table = table_of(
        [SUYEON, HANA],
        [work("1", "독후감", PAST)],
        [submission("1", "11", "TURNED_IN", morning), submission("1", "12", "TURNED_IN", morning, late=True)],
    )
    assert states_of(table) == [("김서연", "독후감", "submitted"), ("박하나", "독후감", "late")]


@pytest.mark.parametrize(
    ("day", "clock", "due"),
    [
        ((2026, 3, 8), {"hours": 14, "minutes": 59}, korean(2026, 3, 8, 23, 59)),
        ((2026, 3, 8), {"hours": 15}, korean(2026, 3, 9)),  # the next day in Korea
        ((2026, 12, 31), {"hours": 23, "minutes": 30}, korean(2027, 1, 1, 8, 30)),
        ((2026, 3, 8), {"minutes": 5}, korean(2026, 3, 8, 9, 5)),
        ((2026, 3, 8), {}, korean(2026, 3, 8, 9)),  # parts that are 0 are left out
        ((2026, 3, 8), None, korean(2026, 3, 8, 23, 59, 59)),
    ],
)
def test_due_times_are_read_as_utc(day, clock, due):
    assert table_of([SUYEON], [work("1", "독후감", day, clock)])["due"].tolist() == [due]


def test_work_is_not_yet_due_or_has_no_due_date():
    table = table_of([SUYEON], [work("1", "감상문", FUTURE, EVENING), work("2", "자유 과제")])
    assert states_of(table) == [("김서연", "감상문", "not_yet_due"), ("김서연", "자유 과제", "missing")]


def test_work_stands_in_the_order_in_which_it_is_due():
    tasks = [work("3", "다"), work("2", "나", (2026, 3, 9), {}), work("1", "가", (2026, 3, 8), {}), work("4", "라")]
    assert table_of([SUYEON], tasks)["assignment"].tolist() == ["가", "나", "다", "라"]


def test_work_for_some_pupils_only_has_rows_for_these():
    table = table_of(
        [SUYEON, HANA, MINH],
        [
            work(
                "1",
                "보충 과제",
                PAST,
                EVENING,
                assigneeMode="INDIVIDUAL_STUDENTS",
                individualStudentsOptions={"studentIds": ["12", "99"]},
            ),
            work("2", "심화 과제", PAST, EVENING, assigneeMode="INDIVIDUAL_STUDENTS"),
        ],
        [submission("1", "12", "NEW"), submission("1", "11", "TURNED_IN"), submission("2", "13", "NEW")],
    )
    assert states_of(table) == [("박하나", "보충 과제", "missing"), ("Minh Anh Nguyen", "심화 과제", "missing")]


def test_drafts_and_scheduled_work_are_hidden_and_urge_no_one():
    table = table_of(
        [SUYEON],
        [
            work("1", "", PAST, EVENING, state="DRAFT"),
            work("2", "예약 과제", None, None, state="DRAFT", scheduledTime="2099-01-01T00:00:00Z"),
            work("3", "지운 과제", state="DELETED"),
        ],
    )
    assert table[["assignment", "state", "hidden"]].values.tolist() == [
        ["제목 없는 과제", "missing", True],
        ["예약 과제", "not_yet_due", True],
    ]
    assert missing_submissions(table).empty


def test_questions_are_handed_in_like_assignments():
    tasks = [
        work("1", "질문", PAST, EVENING, workType="SHORT_ANSWER_QUESTION"),
        work("2", "객관식", PAST, EVENING, workType="MULTIPLE_CHOICE_QUESTION"),
    ]
    answered = submission("2", "11", "TURNED_IN", ("TURNED_IN", "2026-03-06T00:00:00Z"))
    assert states_of(table_of([SUYEON], tasks, [answered])) == [
        ("김서연", "질문", "missing"),
        ("김서연", "객관식", "submitted"),
    ]


def test_who_has_left_the_course_has_no_row():
    table = table_of(
        [SUYEON],
        [work("1", "독후감", PAST, EVENING)],
        [submission("1", "99", "TURNED_IN"), submission("1", "11", "NEW")],
    )
    assert states_of(table) == [("김서연", "독후감", "missing")]


def test_courses_without_pupils_or_work_say_so():
    table = collected(
        Classroom(courses=[course("1", "1-1 국어"), course("2", "1-2 국어")], students={"2": [SUYEON]}),
    )
    assert len(table) == 0
    assert table.attrs["notices"] == [
        CAVEAT,
        "1-1 국어: 학생이 한 명도 없습니다.",
        "1-2 국어: 제출을 받는 과제가 없습니다.",
    ]


# who the pupils are


@pytest.mark.parametrize(
    ("family", "given", "email", "expected"),
    [
        ("김", "서연", "10107@school.kr", ("10107", "김서연")),
        ("김", "서연", "seoyeon@school.kr", (None, "김서연")),
        ("10107", "김서연", "seoyeon@school.kr", ("10107", "김서연")),
        ("김서연", "10107", None, ("10107", "김서연")),
        ("", "10107 김서연", None, ("10107", "김서연")),
        (".", "김서연", None, (None, "김서연")),
        ("김", "서연", None, (None, "김서연")),
        (nfd("김"), nfd("서연"), None, (None, "김서연")),
        ("Nguyen", "Minh Anh", "20250107@school.kr", ("20250107", "Minh Anh Nguyen")),
    ],
)
def test_name_and_number_of_a_pupil(family, given, email, expected):
    table = table_of([student("11", family, given, email)], [work("1", "독후감")])
    (row,) = table[["student_no", "name"]].astype(object).where(table[["student_no", "name"]].notna(), None).values
    assert tuple(row) == expected


def test_same_names_are_told_apart_by_their_accounts():
    table = table_of(
        [
            student("21", "김", "민준", "minjun1@school.kr"),
            student("22", "김", "민준", "minjun2@school.kr"),
            student("23", "김", "민준"),
            student("24", "김", "민준", "10124@school.kr"),
        ],
        [work("1", "독후감", PAST, EVENING)],
        [submission("1", "22", "TURNED_IN", ("TURNED_IN", "2026-03-06T00:00:00Z"))],
    )
    assert table[["student_no", "state"]].values.tolist() == [
        ["23", "missing"],
        ["10124", "missing"],
        ["minjun1", "missing"],
        ["minjun2", "submitted"],
    ]
    assert len(pupil_summary(table)) == 4
    assert table.attrs["notices"] == [
        CAVEAT,
        "1-1 국어: 이름과 학번이 같은 학생 3명은 학번 칸에 구글 계정 이름을 적어 구별했습니다.",
    ]


def test_pupils_whose_names_are_not_shown_stay_apart():
    hidden = [{"courseId": "1", "userId": "31", "profile": {"id": "31"}}, {"courseId": "1", "userId": "32"}]
    table = table_of(hidden, [work("1", "독후감", PAST, EVENING)])
    assert table["student_no"].tolist() == ["31", "32"]
    assert table["name"].isna().all()
    assert table.attrs["notices"] == [
        CAVEAT,
        "1-1 국어: 학생 2명의 이름은 구글이 보여 주지 않았습니다. 학번 칸을 보고 확인해 주세요.",
    ]


# courses


def test_courses_of_one_name_are_told_apart():
    classroom = Classroom(
        courses=[
            course("1", "국어", "1반"),
            course("2", "국어", "2반"),
            course("3", "국어"),
            course("4", "국어", "2반"),
            course("5", "수학", "1반"),
        ]
    )
    with running(classroom):
        listed = ClassroomSource(opener(classroom)).courses(threading.Event())
    assert [(one.course_id, one.title) for one in listed] == [
        ("1", "국어 1반"),
        ("2", "국어 2반 (2)"),
        ("3", "국어"),
        ("4", "국어 2반 (4)"),
        ("5", "수학"),
    ]


def test_only_wanted_courses_are_read_and_one_that_is_not_taught_is_named():
    classroom = Classroom(
        courses=[course("1", "1-1 국어"), course("2", "1-2 국어")],
        students={"1": [SUYEON], "2": [HANA]},
        work={"1": [work("1", "독후감")], "2": [work("1", "독후감")]},
    )
    table = collected(classroom, courses=[2, "7"])
    assert table["class_name"].tolist() == ["1-2 국어"]
    assert table.attrs["failed"] == [
        {
            "course_id": "7",
            "course": "강좌 7",
            "reason": "이 번호의 강좌가 없거나, 이 계정으로 가르치는 강좌가 아닙니다. "
            "강좌 번호와 로그인한 계정을 확인해 주세요.",
            "kind": "unknown_course",
        }
    ]
    assert not any("/courses/7" in path or "/courses/1" in path for path in classroom.paths)


def test_an_account_that_teaches_nothing_is_told_so():
    table = collected(Classroom())
    assert [one["kind"] for one in table.attrs["failed"]] == ["no_courses"]


def test_a_course_takes_three_requests_and_asks_for_nothing_that_is_not_needed():
    classroom = one_course(students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]})
    collected(classroom)
    assert classroom.paths == {"/v1/courses": 1, **{f"/v1/courses/1{path}": 1 for path in LISTS}}
    assert {(one["authorization"], one["user-agent"].split("/")[0]) for one in classroom.headers} == {
        (f"Bearer {TOKEN}", "schoolkit")
    }


def test_fields_that_are_asked_for_are_those_of_the_api():
    from googleapiclient.discovery_cache import get_static_doc

    schemas = json.loads(get_static_doc("classroom", "v1"))["schemas"]

    def unknown(fields: dict, schema: dict) -> list[str]:
        wrong = []
        for name, inner in fields.items():
            if name not in schema["properties"]:
                wrong.append(name)
                continue
            kind = schema["properties"][name]
            reference = kind.get("$ref") or kind.get("items", {}).get("$ref")
            wrong += unknown(inner, schemas[reference]) if inner else []
        return wrong

    asked = {
        "ListCoursesResponse": classroom_module._COURSE_FIELDS,
        "ListStudentsResponse": classroom_module._STUDENT_FIELDS,
        "ListCourseWorkResponse": classroom_module._WORK_FIELDS,
        "ListStudentSubmissionsResponse": classroom_module._SUBMISSION_FIELDS,
    }
    assert {name: unknown(fields_of(mask), schemas[name]) for name, mask in asked.items()} == dict.fromkeys(asked, [])


def test_every_list_is_read_to_its_last_page():
    pupils = [student(str(100 + at), "김", f"학생{'가나다라마'[at]}", f"1010{at}@school.kr") for at in range(5)]
    tasks = [work(str(at), f"과제 {at}", PAST, EVENING) for at in range(1, 4)]
    done = [
        submission(task["id"], pupil["userId"], "TURNED_IN", ("TURNED_IN", "2026-03-06T00:00:00Z"))
        for task in tasks
        for pupil in pupils
    ]
    numbers = ["1", "2", "3"]
    classroom = Classroom(
        courses=[course(number, f"1-{number} 국어") for number in numbers],
        students=dict.fromkeys(numbers, pupils),
        work=dict.fromkeys(numbers, tasks),
        submissions=dict.fromkeys(numbers, done),
        page=2,
    )
    table = collected(classroom)
    assert table["state"].tolist() == ["submitted"] * 45
    assert classroom.paths["/v1/courses"] == 2
    assert [classroom.paths[f"/v1/courses/2{path}"] for path in LISTS] == [3, 2, 8]


def test_what_stands_on_two_pages_is_counted_once():
    task = work("1", "독후감", PAST, EVENING)
    assert states_of(table_of([SUYEON, HANA, SUYEON], [task, task], page=2)) == [
        ("김서연", "독후감", "missing"),
        ("박하나", "독후감", "missing"),
    ]


# what goes wrong


FORBIDDEN = refusal(403, "PERMISSION_DENIED")


def three_courses(**other) -> Classroom:
    numbers = ["1", "2", "3"]
    return Classroom(
        courses=[course(number, f"1-{number} 국어") for number in numbers],
        students={number: [SUYEON] for number in numbers},
        work={number: [work("1", "독후감", PAST, EVENING)] for number in numbers},
        **other,
    )


@pytest.mark.parametrize("path", LISTS)
def test_one_course_that_refuses_leaves_the_others_standing(path):
    table = collected(three_courses(wrong={f"/v1/courses/2{path}": FORBIDDEN}))
    assert table["class_name"].tolist() == ["1-1 국어", "1-3 국어"]
    assert table.attrs["failed"] == [
        {
            "course_id": "2",
            "course": "1-2 국어",
            "reason": "구글 클래스룸에서 볼 권한이 없다고 답했습니다. "
            "강좌의 교사로 등록된 계정으로 로그인했는지 확인해 주세요.",
            "kind": "forbidden",
        }
    ]


def test_a_course_that_breaks_off_at_a_later_page_is_not_shown_at_all():
    classroom = one_course(
        students={"1": [SUYEON, HANA, MINH]},
        work={"1": [work("1", "독후감")]},
        page=2,
        wrong={("/v1/courses/1/students", 2): refusal(500, "INTERNAL")},
    )
    table = collected(classroom)
    assert (len(table), [one["kind"] for one in table.attrs["failed"]]) == (0, ["server"])


REFUSALS = {
    "login_expired": refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "scope": refusal(
        403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    ),
    "api_disabled": refusal(
        403, "PERMISSION_DENIED", "Google Classroom API has not been used in project 123", "SERVICE_DISABLED"
    ),
    "classroom_disabled": refusal(403, "PERMISSION_DENIED", "@ClassroomApiDisabled The user is not permitted."),
    "forbidden": FORBIDDEN,
    "not_found": refusal(404, "NOT_FOUND"),
    "too_many_requests": refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded"),
    "server": refusal(500, "INTERNAL"),
    "refused": refusal(400, "INVALID_ARGUMENT"),
}
QUOTA = json.dumps({"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}})


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        *REFUSALS.items(),
        ("too_many_requests", (403, QUOTA)),
        ("forbidden", (403, "<html>김서연</html>")),
        ("forbidden", (403, '{"error": "김서연"}')),
        ("server", (503, "")),
    ],
)
def test_refusals_are_told_apart_and_not_asked_again(kind, answer):
    classroom = one_course(wrong={"/v1/courses/1/students": answer})
    table = collected(classroom)
    assert [one["kind"] for one in table.attrs["failed"]] == [kind]
    assert classroom.paths["/v1/courses/1/students"] == 1


def test_an_expired_login_is_renewed_once_and_told_if_that_is_refused():
    classroom = one_course(students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]})
    with running(classroom):
        known = dict(
            refresh_token=REFRESH,
            token_uri=f"{classroom.address}/token",
            client_id="id",
            client_secret="secret",
            expiry=datetime(2020, 1, 1),
        )
        refused = Collection(ClassroomSource(opener(classroom, **known), pauses=(0, 0))).run().table()
        classroom.wrong["/token"] = (200, '{"access_token": "ya29.second", "expires_in": 3599}')
        renewed = Collection(ClassroomSource(opener(classroom, **known), pauses=(0, 0))).run().table()
    assert ([one["kind"] for one in refused.attrs["failed"]], len(refused)) == (["login_expired"], 0)
    assert (renewed.attrs["failed"], len(renewed)) == ([], 1)
    assert {one["authorization"] for one in classroom.headers} == {"Bearer ya29.second"}


@pytest.mark.parametrize(
    "answer",
    [
        "<!DOCTYPE html><html>로그인</html>",
        "",
        "[]",
        '{"students": 3}',
        '{"students": [3]}',
        '{"students": [{}]}',
        '{"students": [{"userId": 11}]}',
        '{"students": [{"userId": "11", "profile": {"name": {"familyName": 3}}}]}',
        b'{"students": "\xff"}',
        '{"nextPageToken": "0"}',
    ],
)
def test_answers_of_another_form_fail_the_course(answer):
    classroom = one_course(wrong={"/v1/courses/1/students": (200, answer)})
    if answer == '{"nextPageToken": "0"}':  # the same page for ever
        classroom.page = 1
    table = collected(classroom)
    assert (len(table), [one["kind"] for one in table.attrs["failed"]]) == (0, ["bad_answer"])


@pytest.mark.parametrize(
    ("task", "handed"),
    [
        (work("1", "독후감", (2026, 2, 30), EVENING), submission("1", "11", "NEW")),
        (work("1", "독후감", PAST, {"hours": "14"}), submission("1", "11", "NEW")),
        (work("1", "독후감", PAST, EVENING), submission("1", "11", "TURNED_IN", ("TURNED_IN", "어제"))),
        (work("1", "독후감"), submission("1", "11", "TURNED_IN", ("TURNED_IN", "2026-03-06T00:00:00"))),
        (work("1", "독후감", PAST, EVENING), {"state": "NEW"}),
    ],
)
def test_values_of_another_form_fail_the_course(task, handed):
    table = table_of([SUYEON], [task], [handed])
    assert (len(table), [one["kind"] for one in table.attrs["failed"]]) == (0, ["bad_answer"])


def test_a_cut_connection_is_tried_again():
    classroom = one_course(
        students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]}, wrong={"/v1/courses/1/courseWork": "cut once"}
    )
    table = collected(classroom)
    assert (len(table), table.attrs["failed"]) == (1, [])
    assert classroom.paths["/v1/courses/1/courseWork"] == 2


def test_a_connection_that_is_cut_every_time_fails_after_three_tries():
    classroom = one_course(wrong={"/v1/courses/1/students": "cut"})
    table = collected(classroom)
    assert [one["kind"] for one in table.attrs["failed"]] == ["cut_off"]
    assert classroom.paths["/v1/courses/1/students"] == 3


def test_a_server_that_is_not_there():
    classroom = Classroom()
    with running(classroom):
        pass
    table = Collection(ClassroomSource(opener(classroom), pauses=(0, 0))).run().table()
    assert [one["kind"] for one in table.attrs["failed"]] == ["unreachable"]


def test_a_server_that_never_answers():
    over = threading.Event()

    class Patient:
        def request(self, *args, **options):
            over.set()
            raise TimeoutError("timed out")

        def close(self):
            pass

    table = Collection(ClassroomSource(Patient, pauses=(0, 0))).run().table()
    assert ([one["kind"] for one in table.attrs["failed"]], over.is_set()) == (["timed_out"], True)


# a long collection


def test_never_more_than_four_courses_at_once():
    numbers = [str(number) for number in range(1, 9)]
    together = threading.Barrier(4)

    def wait_for_others(path):
        if path.endswith("/students"):
            together.wait(timeout=20)

    classroom = Classroom(courses=[course(number, f"1-{number} 국어") for number in numbers], before=wait_for_others)
    table = collected(classroom)
    assert (table.attrs["failed"], classroom.most_at_once) == ([], 4)


def test_stopping_lets_the_present_request_end_and_asks_no_more():
    stop = threading.Event()
    classroom = one_course(before=lambda path: path.endswith("/courseWork") and stop.set())
    with pytest.raises(Stopped):
        reading(classroom, stop)
    assert not any(path.endswith("studentSubmissions") for path in classroom.paths)


def test_stopping_ends_the_wait_before_a_further_try():
    stop = threading.Event()
    classroom = one_course(
        wrong={"/v1/courses/1/students": "cut"}, before=lambda path: path.endswith("/students") and stop.set()
    )
    with running(classroom):
        source = ClassroomSource(opener(classroom), pauses=(3600,))
        (listed,) = source.courses(stop)
        with pytest.raises(Stopped):
            source.read(listed, stop)


def test_what_failed_is_read_again_without_the_rest():
    classroom = three_courses(wrong={"/v1/courses/2/students": REFUSALS["server"]})
    with running(classroom):
        collection = Collection(ClassroomSource(opener(classroom), pauses=(0, 0))).run()
        classroom.wrong.clear()
        collection.retry()
        collection.run()
    assert [job.state for job in collection.jobs] == [JobState.DONE] * 4
    assert collection.table()["class_name"].tolist() == ["1-1 국어", "1-2 국어", "1-3 국어"]
    assert (classroom.paths["/v1/courses"], classroom.paths["/v1/courses/1/students"]) == (1, 1)


# the functions that scripts call


@pytest.fixture
def google_on_loopback(monkeypatch):
    """Sends what is meant for Google to a small server: the only way to test what opens connections itself."""
    import httplib2

    def on(classroom):
        asked = httplib2.Http.request

        def request(self, uri, *args, **options):
            return asked(self, uri.replace(GOOGLE, classroom.address), *args, **options)

        monkeypatch.setattr(httplib2.Http, "request", request)

    return on


def own_credentials():
    from google.oauth2.credentials import Credentials

    return Credentials(TOKEN)


def test_collecting_in_one_call(google_on_loopback):
    classroom = three_courses(wrong={"/v1/courses/2/students": FORBIDDEN})
    with running(classroom):
        google_on_loopback(classroom)
        table = collect_classroom(own_credentials(), courses=["1", "2"])
    assert states_of(table) == [("김서연", "독후감", "missing")]
    assert [one["course"] for one in table.attrs["failed"]] == ["1-2 국어"]


def test_collecting_raises_if_nothing_could_be_read(google_on_loopback):
    classroom = three_courses(
        wrong={
            f"/v1/courses/{number}/students": answer for number, answer in zip("123", REFUSALS.values(), strict=False)
        }
    )
    with running(classroom):
        google_on_loopback(classroom)
        with pytest.raises(InputError) as caught:
            collect_classroom(own_credentials())
        classroom.wrong = {"/v1/courses": REFUSALS["api_disabled"]}
        with pytest.raises(InputError) as unlisted:
            collect_classroom(own_credentials())
    assert [(one.file, one.kind) for one in caught.value.problems] == [
        ("Google Classroom '1-1 국어' 강좌(번호 1)", "login_expired"),
        ("Google Classroom '1-2 국어' 강좌(번호 2)", "scope"),
        ("Google Classroom '1-3 국어' 강좌(번호 3)", "api_disabled"),
    ]
    assert [(one.file, one.kind) for one in unlisted.value.problems] == [("Google Classroom", "api_disabled")]


def test_without_googles_client_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "googleapiclient", None)
    with pytest.raises(SourceError) as caught:
        classroom_source(object())
    assert caught.value.problems[0].kind == "not_installed"
    assert 'pip install "schoolkit[classroom]"' in caught.value.reason


# privacy


def test_no_name_address_or_secret_in_any_log_or_error(caplog):
    caplog.set_level(logging.DEBUG)
    told = []
    leaky = json.dumps({"error": {"code": 403, "message": "김서연 10107@school.kr", "status": "김서연", "errors": 3}})
    answers = [
        *REFUSALS.values(),
        (403, leaky),
        (403, "김서연 <html>"),
        (200, "김서연"),
        (200, '{"students": ["김서연"]}'),
    ]
    answers.append((200, '{"students": [{"userId": "11", "profile": {"name": "김서연"}}]}'))
    for answer in [*answers, "cut"]:
        classroom = one_course(students={"1": [SUYEON]}, work={"1": [work("1", "독후감")]})
        classroom.wrong["/v1/courses/1/students"] = answer
        with running(classroom):
            source = ClassroomSource(opener(classroom, refresh_token=REFRESH), pauses=(0,))
            (listed,) = source.courses(threading.Event())
            with pytest.raises(SourceError) as caught:
                source.read(listed, threading.Event())
        assert caught.value.__context__ is None
        told.append(f"{caught.value!r} {caught.value}")
    written = "\n".join([record.getMessage() for record in caplog.records] + told)
    assert caplog.records
    for secret in ("김서연", "서연", "school.kr", TOKEN, REFRESH, "secretcode"):
        assert secret not in written
