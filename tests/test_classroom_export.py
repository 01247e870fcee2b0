"""Google Classroom's grades: lines with dates and points between the header and the pupils."""

import csv
from datetime import datetime

import pytest
from table_files import csv_file, xlsx_file

from schoolkit.errors import InputError
from schoolkit.submissions.exports.classroom import read_classroom
from schoolkit.submissions.exports.export import Export, Line, Task, Written
from schoolkit.submissions.status import KOREA
from schoolkit.tables import read_tables

CAVEAT = (
    "클래스룸 성적 파일에는 점수만 있어 아직 채점하지 않은 것과 내지 않은 것을 가릴 수 없습니다. 0점보다 높은 점수가 "
    "있으면 제출로, 빈칸이나 0점이면 ‘알 수 없음’으로 봅니다. ‘날짜’ 줄의 날짜는 마감일로 봅니다."
)
LINES = (
    '성,이름,이메일 주소,1차: 독서 감상문,"관찰 &amp; 탐구, ""보고서""",독서 감상문,독서 감상문,전체 성적',
    "날짜,,,2026. 11. 7.,,2026. 11. 14.,언젠가,",
    "점수,,,100,10,5,5,",
    "학급 평균,,,88.5,9,,,90%",
    "강,지우,10124@example.invalid,95,,0,Missing,95%",
    "Nguyen,Minh Anh,minh@example.invalid,90 (Done late),제출함,면제,누락됨 4,",
    "10501,신율,yul@example.invalid,7/10,결석,할당됨,Turned in,",
)


def table(file):
    (only,) = read_tables(*file)
    return only


def end_of(month, day):
    return datetime(2026, month, day, 23, 59, 59, tzinfo=KOREA)


def said(export):
    by_row = {}
    for line in export.lines:
        by_row.setdefault(line.row, []).append(line.said)
    return by_row


def expected(name):
    who = {
        5: Written(("강지우", "지우강"), ("10124",), "10124@example.invalid"),
        6: Written(("Nguyen Minh Anh", "Minh Anh Nguyen"), (), "minh@example.invalid"),
        7: Written(("신율",), ("10501",), "yul@example.invalid"),
    }
    states = {
        5: ("handed_in", "unknown", "unknown", "missing"),
        6: ("late", "handed_in", "excused", "handed_in"),
        7: ("handed_in", "unknown", "nothing", "handed_in"),
    }
    return Export(
        file=name,
        format="Google 클래스룸 성적",
        tasks=(
            Task("1차: 독서 감상문", end_of(11, 7)),
            Task('관찰 & 탐구, "보고서"'),
            Task("독서 감상문", end_of(11, 14)),
            Task("독서 감상문"),
        ),
        lines=tuple(Line(row, who[row], task, one) for row in who for task, one in enumerate(states[row])),
        lists_everyone=True,
        caveat=CAVEAT,
        notices=(
            "마감일을 읽지 못했습니다(2행): ‘독서 감상문’.",
            "점수로 읽을 수 없는 값을 ‘알 수 없음’으로 두었습니다(7행).",
        ),
    )


def test_the_grades_of_a_class_say_who_has_one_and_a_word_says_more():
    assert read_classroom(table(csv_file("c.csv", *LINES))) == expected("c.csv")


def test_the_grades_saved_as_a_workbook_are_read_alike():
    def cell(text):
        if text.startswith("2026. "):
            return datetime(2026, *map(int, text.strip(".").split(". ")[1:]))
        return int(text) if text.isdigit() else text

    rows = [list(map(cell, row)) for row in csv.reader(LINES)]
    assert read_classroom(table(xlsx_file("c.xlsx", {"성적": rows}))) == expected("c.xlsx")


def test_english_headers_below_a_title_with_an_average_at_the_end():
    sheet = csv_file(
        "c.csv",
        "1학년 1반 국어",
        "",
        "Last Name,First Name,Email Address,Essay,Report,Overall Grade",
        'Date,,,"Nov 7, 2026",11/14/2026,',
        "Points,,,100,10,",
        "Kang,Jiwoo,10124@example.invalid,90,,90%",
        "Kang,Jiwoo,,,8,",
        "",
        "Class average,,,90,8,90%",
    )
    export = read_classroom(table(sheet))
    assert export.tasks == (Task("Essay", end_of(11, 7)), Task("Report", end_of(11, 14)))
    assert said(export) == {6: ["handed_in", "unknown"], 7: ["unknown", "handed_in"]}
    assert [line.who.names for line in export.lines[::2]] == [("Kang Jiwoo", "Jiwoo Kang")] * 2
    assert export.notices == ()


def test_points_and_averages_are_no_pupils_and_no_due_date_is_none_to_be_read():
    sheet = csv_file(
        "c.csv",
        "성,이름,이메일 주소,감상문,탐구,토론",
        "날짜,,,No due date,마감일 없음,기한 없음",
        "포인트,,,10,10,10",
        "수업 평균,,,8,8,8",
        "강,지우,10124@example.invalid,9,,",
    )
    export = read_classroom(table(sheet))
    assert export.tasks == (Task("감상문"), Task("탐구"), Task("토론"))
    assert (said(export), export.notices) == ({5: ["handed_in", "unknown", "unknown"]}, ())


def test_dates_that_can_only_have_the_day_first_are_all_read_so():
    sheet = csv_file(
        "c.csv", "Surname,First name,Email,A,B", "Date,,,14/11/2026,07/11/2026", "Max points,,,5,5", "Kang,Jiwoo,,5,5"
    )
    assert [task.due for task in read_classroom(table(sheet)).tasks] == [end_of(11, 14), end_of(11, 7)]


def test_the_file_of_one_assignment_says_its_state():
    sheet = csv_file(
        "독서 감상문.csv",
        "Last Name,First Name,Email Address,Grade,Assignment State,Comments",
        "강,지우,10124@example.invalid,,Turned in,",
        "신,아린,10102@example.invalid,,Missing,",
        "황,솔,10103@example.invalid,8,Missing,종이로 냄",
        "오,율,10104@example.invalid,,Assigned,",
        "이,준,10105@example.invalid,10,Done late,",
        "박,산,10106@example.invalid,,,",
    )
    export = read_classroom(table(sheet))
    assert (export.tasks, export.caveat, export.notices) == ((Task("독서 감상문"),), "", ())
    assert [line.said for line in export.lines] == ["handed_in", "missing", "handed_in", "nothing", "late", "unknown"]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["성,이름,이메일,전체 성적", "점수,,,", "강,지우,a@b.kr,90%"], "no_assignments"),
        (["성,이름,이메일,감상문", "날짜,,,2026. 11. 7.", "점수,,,10"], "no_pupils"),
    ],
)
def test_grades_without_assignments_or_pupils_say_so(lines, kind):
    with pytest.raises(InputError) as caught:
        read_classroom(table(csv_file("c.csv", *lines)))
    assert [(problem.kind, problem.file) for problem in caught.value.problems] == [(kind, "c.csv")]


@pytest.mark.parametrize(
    "lines",
    [
        ["성,이름,이메일,감상문", "강,지우,a@b.kr,90"],
        ["이름,이메일,감상문", "점수,,10", "강지우,a@b.kr,90"],
        ["First name,Last name,Email address,Assignment: 감상문 (Real)", "지우,강,a@b.kr,90"],
    ],
)
def test_other_lists_are_not_taken_for_grades_of_classroom(lines):
    assert read_classroom(table(csv_file("list.csv", *lines))) is None
