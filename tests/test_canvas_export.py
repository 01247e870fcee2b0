"""Canvas's gradebook: scores below titles with numbers, and much that is no pupil's score."""

import csv

import pytest
from table_files import csv_file, xlsx_file

from schoolkit.errors import InputError
from schoolkit.submissions.exports.canvas import read_canvas
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.tables import read_tables

CAVEAT = (
    "Canvas 성적표에는 점수만 있어 아직 채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다. 0점보다 높은 점수가 있으면 "
    "제출로, EX는 면제로, 빈칸이나 0점이면 ‘알 수 없음’으로 봅니다."
)
LINES = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,독서 감상문 (수시) (1201),1단원 &amp; 2단원 (1202),시 "
    "창작 (1203),"
    "독서 감상문 (수시) (1204),과제 Current Score,Current Score (2026),Final Grade",
    ",,,,,,,Manual Posting,Manual Posting (scores hidden from instructors),,,,",
    "    Points Possible,,,,,(read only),100.00,10.00,5.00,10.00,(read only),(read only),(read only)",
    '"강, 지우",401,10124,10124@example.invalid,1학년 1반,,90.00,,N/A,EX,90.00,90.00,A',
    '"Nguyen, Minh Anh",402,,mnguyen,국어 and 영어,메모,0.00,5.5,N/A,N/A,50.00,50.00,F',
    "선우솔,403,10403,10403,1학년 4반,,A-,-,N/A,결석,,,",
    '"Student, Test",404,,f3a9,1학년 1반,,5,5,N/A,5,,,',
)


def table(file):
    (only,) = read_tables(*file)
    return only


def said(export):
    by_row = {}
    for line in export.lines:
        by_row.setdefault(line.row, {})[line.task] = line.said
    return by_row


def expected(name):
    who = {
        4: Written(("강지우", "지우강"), ("10124",), "10124@example.invalid", "1학년 1반"),
        5: Written(("Nguyen Minh Anh", "Minh Anh Nguyen"), ("mnguyen",)),
        6: Written(("선우솔",), ("10403",), None, "1학년 4반"),
    }
    states = {
        4: {0: "handed_in", 1: "unknown", 2: "unknown", 3: "excused"},
        5: {0: "unknown", 1: "handed_in", 2: "unknown"},
        6: {0: "handed_in", 1: "unknown", 2: "unknown", 3: "unknown"},
    }
    return Export(
        file=name,
        format="Canvas 성적표",
        tasks=(
            Task("독서 감상문 (수시)", assignment_id="1201"),
            Task("1단원 & 2단원", assignment_id="1202"),
            Task("시 창작", assignment_id="1203"),
            Task("독서 감상문 (수시)", assignment_id="1204"),
        ),
        lines=tuple(Line(row, who[row], task, one) for row in who for task, one in states[row].items()),
        lists_everyone=True,
        caveat=CAVEAT,
        notices=(
            "점수로 읽을 수 없는 값을 ‘알 수 없음’으로 두었습니다(6행).",
            "Canvas의 테스트 학생은 뺐습니다(7행).",
            "점수를 볼 수 없는 익명 과제라 모두 ‘알 수 없음’으로 두었습니다: ‘시 창작’.",
        ),
    )


def test_a_gradebook_says_who_has_a_score_and_who_is_excused_and_of_nobody_that_work_is_missing():
    assert read_canvas(table(csv_file("c.csv", *LINES, encoding="utf-8-sig"))) == expected("c.csv")


def test_a_gradebook_saved_as_a_workbook_is_read_alike():
    def number(cell):
        return float(cell) if cell.replace(".", "").isdigit() else cell

    rows = [[number(cell) for cell in row] for row in csv.reader(LINES)]
    assert read_canvas(table(xlsx_file("c.xlsx", {"Grades": rows}))) == expected("c.xlsx")


def test_names_in_two_columns_and_headers_in_korean_below_a_title():
    sheet = csv_file(
        "c.csv",
        "1학년 성적",
        "",
        "LastName,FirstName,ID,SIS 사용자 ID,SIS 로그인 ID,섹션,독서 감상문 (7)",
        "만점,,,,,,10",
        "강,지우,401,10124,kang,1학년 1반,9",
        "Nguyen,Minh Anh,402,10213,nguyen,1학년 2반,",
        encoding="cp949",
    )
    export = read_canvas(table(sheet))
    assert [(line.row, line.who.names, line.who.numbers, line.said) for line in export.lines] == [
        (5, ("강지우", "지우강"), ("10124", "kang"), "handed_in"),
        (6, ("Nguyen Minh Anh", "Minh Anh Nguyen"), ("10213", "nguyen"), "unknown"),
    ]
    assert export.tasks == (Task("독서 감상문", assignment_id="7"),)


def test_korean_headers_throughout_and_a_pupil_twice():
    sheet = csv_file(
        "c.csv",
        "학생,ID,SIS 로그인 ID,섹션,독서 감상문 (7)",
        "배점,,,,10",
        "강지우,401,kang,가,9",
        "강지우,401,kang,나,",
    )
    assert said(read_canvas(table(sheet))) == {3: {0: "handed_in"}, 4: {0: "unknown"}}


def test_the_number_of_canvas_itself_is_no_student_number():
    sheet = csv_file("c.csv", "Student,ID,SIS Login ID,Section,독서 (7)", "강지우,10101,10124,가,9")
    assert read_canvas(table(sheet)).lines[0].who == Written(("강지우",), ("10124",))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (
            ["Student,ID,SIS Login ID,Section,Final Score", "Points Possible,,,,(read only)", "강지우,1,1,가,9"],
            "no_assignments",
        ),
        (["Student,ID,SIS Login ID,Section,독서 (7)", "Points Possible,,,,10"], "no_pupils"),
    ],
)
def test_a_gradebook_without_assignments_or_pupils_says_so(lines, kind):
    with pytest.raises(InputError) as caught:
        read_canvas(table(csv_file("c.csv", *lines)))
    assert [(problem.kind, problem.file) for problem in caught.value.problems] == [(kind, "c.csv")]


@pytest.mark.parametrize(
    "header",
    [
        "학생,학번,독서 감상문 (7)",
        "Student,ID,독서 감상문 (7)",
        "Student,ID,Section,독서 감상문",
        "이름,ID,섹션,독서 감상문 (7)",
        "First name,Last name,ID number,Email address,Assignment: 독서 (Real)",
    ],
)
def test_other_lists_are_not_taken_for_a_canvas_gradebook(header):
    assert read_canvas(table(csv_file("list.csv", header, "가,1,나,5,9"))) is None
