from datetime import datetime

import pandas as pd
import pytest

from schoolkit import InputError
from schoolkit.submissions.exports.assembly import Assembly
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.submissions.status import KOREA

TASKS = (Task("글"),)
NOW = pd.Timestamp(2026, 11, 21, tz=KOREA)


def on(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=KOREA)


def roster(*pupils) -> pd.DataFrame:
    """A roster of (class, student number, name), its keys the student numbers."""
    table = pd.DataFrame(pupils, columns=["class_name", "student_no", "name"]).assign(email=None)
    return table.assign(key=table["student_no"]).astype("string")


ROSTER = roster(
    ("1학년 1반", "10101", "김서연"),
    ("1학년 1반", "10102", "강지우"),
    ("1학년 1반", "10103", "김서연"),
    ("1학년 2반", "10201", "선우솔"),
    ("1학년 2반", "10202", "강지우"),
)


def line(row, name, said="handed_in", task=0, **more) -> Line:
    number, _, only_name = name.rpartition(" ")
    return Line(row, Written((only_name,), (number,) if number else ()), task, said, **more)


def answers(*lines, file="설문.csv", title="설문"):
    return Export(file, "구글 설문지 응답", (Task(title),), lines, lists_everyone=False)


def a_list(*lines, file="완료.csv", tasks=TASKS):
    return Export(file, "Moodle 활동 완료", tasks, lines, lists_everyone=True)


def put_together(*exports, roster=ROSTER, whom=None, classes=None):
    assembly = Assembly(roster, NOW, whom or {}, classes or {})
    for export in exports:
        assembly.add(export)
    return assembly.table([])


def states(table) -> dict:
    return {
        title: dict(zip(part["student_no"], part["state"], strict=True))
        for title, part in table.groupby("assignment", sort=False)
    }


def test_who_has_not_answered_has_not_handed_in_in_the_classes_that_answered():
    table = put_together(answers(line(2, "10101 김서연", submitted_at=on(20))))
    assert states(table) == {"설문": {"10101": "submitted", "10102": "missing", "10103": "missing"}}
    assert table["submitted_at"][0] == on(20)
    assert table.attrs["exports"][0]["classes"] == ("1학년 1반",)


def test_a_form_is_for_the_classes_that_the_teacher_says():
    table = put_together(answers(line(2, "10101 김서연")), classes={"설문.csv": ["1학년 2반"]})
    assert states(table) == {"설문": {"10101": "submitted", "10201": "missing", "10202": "missing"}}


def test_who_may_be_meant_by_a_name_is_not_called_missing():
    table = put_together(answers(line(2, "김서연"), line(3, "10102 강지우")))
    assert states(table) == {"설문": {"10101": "unknown", "10102": "submitted", "10103": "unknown"}}
    assert table.attrs["unmatched"] == [
        {
            "key": "설문.csv:2",
            "file": "설문.csv",
            "row": 2,
            "written": "김서연",
            "assignments": ("설문",),
            "why": "이름이 같은 학생이 2명입니다.",
            "candidates": [
                {"key": "10101", "class_name": "1학년 1반", "student_no": "10101", "name": "김서연"},
                {"key": "10103", "class_name": "1학년 1반", "student_no": "10103", "name": "김서연"},
            ],
        }
    ]


SILENT = "설문.csv: 답이 하나도 없는 반은 넣지 않았습니다(1학년 2반). 이 반에도 낸 것이면 대상 반으로 골라 주세요."


def test_who_may_be_meant_by_a_mistyped_name_is_not_called_missing():
    table = put_together(answers(line(2, "10102 강지우"), line(3, "김서현")))
    assert states(table)["설문"] == {"10101": "unknown", "10102": "submitted", "10103": "unknown"}
    assert [one["key"] for one in table.attrs["unmatched"][0]["candidates"]] == ["10101", "10103"]


def test_the_teachers_answer_is_taken_by_line_and_by_what_is_written():
    export = answers(line(2, "김서연"), line(3, "김서현"), line(4, "김서현"), line(5, "홍길동"))
    table = put_together(export, whom={"설문.csv:2": "10103", "김서현": "10101", "홍길동": ""})
    assert states(table) == {"설문": {"10101": "submitted", "10102": "missing", "10103": "submitted"}}
    assert table.attrs["unmatched"] == []
    assert table.attrs["notices"] == ["설문.csv: 명렬표에 없는 사람이라고 정한 1줄을 뺐습니다.", SILENT]


def test_an_answer_that_fits_no_line_is_said():
    table = put_together(answers(line(2, "10101 김서연")), whom={"김서현": "10103"})
    assert table.attrs["notices"] == [SILENT, "누구인지 정해 준 답 1개는 맞는 줄이 없어 쓰지 않았습니다."]


def test_an_answer_about_someone_who_is_not_in_the_roster_is_refused():
    with pytest.raises(InputError) as raised:
        put_together(answers(), whom={"김서현": "99999"}, classes={"설문.csv": ["3학년 1반"]})
    assert [one.kind for one in raised.value.problems] == ["unknown_pupil", "unknown_class"]
    assert "99999" not in str(raised.value)


def test_whoever_a_list_leaves_out_is_unknown_not_missing():
    table = put_together(a_list(line(2, "10101 김서연"), line(3, "10103 김서연", "nothing")))
    assert states(table) == {"글": {"10101": "submitted", "10102": "unknown", "10103": "missing"}}
    assert table.attrs["notices"] == ["완료.csv: 명렬표의 학생 1명이 이 파일에 없어 ‘알 수 없음’으로 두었습니다."]


def test_a_pupil_of_another_class_in_a_list_does_not_drag_that_class_in():
    big = roster(
        *((f"1학년 {room}반", f"1{room:02d}{seat:02d}", f"학생{room}{seat}") for room in (1, 2) for seat in (1, 2, 3))
    )
    lines = [
        line(at, f"10{number} 학생{number[0]}{number[2]}") for at, number in enumerate(("101", "102", "103", "201"), 2)
    ]
    table = put_together(a_list(*lines), roster=big)
    assert states(table) == {"글": dict.fromkeys(("10101", "10102", "10103", "10201"), "submitted")}


def test_the_class_of_a_list_tells_same_names_apart_and_says_so():
    table = put_together(a_list(line(2, "선우솔"), line(3, "강지우", "nothing")))
    assert states(table) == {"글": {"10201": "submitted", "10202": "missing"}}
    assert table.attrs["notices"] == [
        "완료.csv 3행: 이름이 같은 학생이 다른 반에도 있어 이 파일의 반(1학년 2반)에서 찾았습니다."
    ]


def test_due_dates_of_the_task_and_of_the_pupil_are_judged():
    tasks = (Task("지난 과제", on(10)), Task("새 과제", on(30)))
    lines = [
        line(2, "10101 김서연", "nothing"),
        line(3, "10102 강지우", "nothing", due=on(25)),
        line(4, "10103 김서연", submitted_at=on(11)),
        line(2, "10101 김서연", "nothing", 1),
        line(3, "10102 강지우", "draft", 1),
        line(4, "10103 김서연", "excused", 1),
    ]
    table = put_together(a_list(*lines, tasks=tasks))
    assert states(table) == {
        "지난 과제": {"10101": "missing", "10102": "not_yet_due", "10103": "late"},
        "새 과제": {"10101": "not_yet_due", "10102": "draft", "10103": "excused"},
    }
    assert table["due"].tolist() == [on(10), on(30), on(25), on(30), on(10), on(30)]


def test_of_several_answers_of_one_pupil_the_last_counts():
    table = put_together(
        answers(line(2, "10101 김서연", submitted_at=on(18)), line(9, "10101 김서연", submitted_at=on(19)))
    )
    assert table["submitted_at"].dropna().tolist() == [on(19)]
    assert table.attrs["notices"] == [SILENT]


def test_two_lines_of_a_list_that_disagree_about_a_pupil_are_said():
    table = put_together(a_list(line(2, "10101 김서연", "nothing"), line(3, "10101 김서연"), line(4, "10102 강지우")))
    assert states(table)["글"]["10101"] == "submitted"
    assert table.attrs["notices"][0] == "완료.csv 2, 3행: 같은 학생의 상태가 서로 달라 더 진행된 쪽을 썼습니다."


def test_one_title_in_several_files_of_a_class_stays_several_assignments():
    files = [answers(line(2, "10101 김서연"), file="국어.csv"), answers(line(2, "10102 강지우"), file="수학.csv")]
    table = put_together(*files)
    assert states(table) == {
        "설문 (국어.csv)": {"10101": "submitted", "10102": "missing", "10103": "missing"},
        "설문 (수학.csv)": {"10101": "missing", "10102": "submitted", "10103": "missing"},
    }
    assert table.attrs["notices"][-1] == "제목이 같은 과제가 여러 파일에 있어 제목 뒤에 파일 이름을 붙였습니다."


def test_equal_titles_within_a_file_are_numbered():
    lines = [line(2, "10101 김서연", task=0), line(2, "10101 김서연", "nothing", 1)]
    table = put_together(a_list(*lines, tasks=(Task("글"), Task("글"))), roster=ROSTER.head(1))
    assert states(table) == {"글": {"10101": "submitted"}, "글 (2)": {"10101": "missing"}}


def test_one_title_in_files_of_other_classes_stays_one_title():
    files = [a_list(line(2, "10101 김서연"), file="1반.csv"), a_list(line(2, "10201 선우솔"), file="2반.csv")]
    assert set(put_together(*files)["assignment"]) == {"글"}


def test_who_has_changed_class_is_taken_from_the_list_that_has_the_pupil():
    first = a_list(line(2, "10101 김서연"), line(3, "10103 김서연"), file="1반.csv")
    second = a_list(line(2, "10201 선우솔"), line(3, "10102 강지우", "nothing"), file="2반.csv")
    table = put_together(first, second)
    assert states(table) == {
        "글": {"10101": "submitted", "10102": "missing", "10103": "submitted", "10201": "submitted", "10202": "unknown"}
    }
    assert table.attrs["notices"] == ["2반.csv: 명렬표의 학생 1명이 이 파일에 없어 ‘알 수 없음’으로 두었습니다."]


def test_a_file_of_a_class_that_the_roster_lacks_says_so():
    table = put_together(a_list(line(2, "30101 최나라"), line(3, "30102 정다온")))
    assert (len(table), len(table.attrs["unmatched"])) == (0, 2)
    assert table.attrs["notices"] == [
        "완료.csv: 명렬표의 학생이 한 명도 없습니다. 이 반의 명렬표도 함께 올렸는지 확인해 주세요."
    ]


def test_several_pupils_of_one_row_are_told_apart():
    both = answers(line(2, "10101 김서연"), line(2, "10102 강지우"), line(2, "누구"))
    table = put_together(both)
    assert states(table)["설문"] == {"10101": "submitted", "10102": "submitted", "10103": "missing"}
    assert [(one["key"], one["row"], one["written"]) for one in table.attrs["unmatched"]] == [
        ("설문.csv:2:3", 2, "누구")
    ]


def test_a_class_of_which_few_have_answered_is_named():
    pupils = [
        (f"1학년 {room}반", f"10{room}{seat:02d}", f"학생{room}{seat}") for room in (1, 2) for seat in range(1, 7)
    ]
    table = put_together(
        answers(*(line(at, f"{no} {name}") for at, (_, no, name) in enumerate(pupils[:7], 2))), roster=roster(*pupils)
    )
    assert table.attrs["notices"] == [
        "설문.csv: 1학년 2반은 답한 학생이 아주 적습니다. 이 반에 낸 것이 아니면 대상 반에서 빼 주세요."
    ]


def test_a_form_without_answers_asks_for_its_classes():
    table = put_together(answers())
    assert (len(table), table.attrs["notices"]) == (
        0,
        ["설문.csv: 답이 하나도 없어 어느 반의 것인지 알 수 없습니다. 대상 반을 골라 주세요."],
    )


def test_a_file_whose_lines_may_all_mean_several_asks_whom():
    table = put_together(answers(line(2, "김서연"), line(3, "강지우")))
    assert table.attrs["notices"] == ["설문.csv: 누구의 것인지 정할 수 있는 줄이 없습니다. 누구인지 골라 주세요."]


def test_classes_of_a_file_that_is_not_there_are_said():
    table = put_together(answers(line(2, "10101 김서연")), classes={"설문.csv": "1학년 1반", "다른.csv": ["1학년 1반"]})
    assert set(table["student_no"]) == {"10101", "10102", "10103"}
    assert table.attrs["notices"] == ["다른.csv: 대상 반을 정해 주었지만 이런 파일은 없습니다."]
