"""Google Classroom through Google's own client, against a small server that answers as Classroom does."""

import json
import threading
import unicodedata
from datetime import datetime

import pytest

pytest.importorskip("googleapiclient")

from classroom_reading import (  # noqa: E402
    EVENING,
    HANA,
    LISTS,
    MINH,
    PAST,
    SUYEON,
    collected,
    one_course,
    states_of,
    table_of,
)
from classroom_server import (  # noqa: E402
    TOKEN,
    Classroom,
    course,
    fields_of,
    opener,
    running,
    student,
    submission,
    work,
)

from schoolkit.submissions.classroom import source as classroom_module  # noqa: E402
from schoolkit.submissions.classroom.source import CAVEAT, ClassroomSource  # noqa: E402
from schoolkit.submissions.status import KOREA, missing_submissions  # noqa: E402
from schoolkit.submissions.summaries import pupil_summary  # noqa: E402

FUTURE = (2099, 3, 8)


def korean(*parts) -> datetime:
    return datetime(*parts, tzinfo=KOREA)


def nfd(text: str) -> str:
    """As macOS writes it, each syllable in its letters."""
    return unicodedata.normalize("NFD", text)


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
