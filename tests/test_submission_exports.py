import io

import openpyxl
import pytest
from table_files import csv_file, xlsx_file

from schoolkit import InputError, TableMapping, read_roster, read_submissions

ROSTER = csv_file("1학년 1반 명렬표.csv", "번호,이름", "1,김하나", "2,이두리")
FORM = ("타임스탬프,학번,이름", "2026. 11. 20 오후 3:05:11,10101,김하나")


def states(table):
    return {tuple(row) for row in table[["assignment", "name", "state"]].itertuples(index=False)}


def refused(*files, roster=ROSTER, **more):
    with pytest.raises(InputError) as raised:
        read_submissions(list(files), roster=roster, **more)
    return [(one.file, one.kind) for one in raised.value.problems]


def test_a_form_and_a_roster_are_enough():
    table = read_submissions(csv_file("진로 조사(응답).csv", *FORM), roster=ROSTER)
    assert states(table) == {("진로 조사", "김하나", "submitted"), ("진로 조사", "이두리", "missing")}
    assert table.attrs["exports"] == [
        {
            "file": "진로 조사(응답).csv",
            "format": "Google 설문지 응답",
            "caveat": "응답한 학생만 담겨 있어, 응답이 없는 학생을 미제출로 봅니다. 마감일은 이 파일에 없습니다.",
            "lists_everyone": False,
            "assignments": ("진로 조사",),
            "classes": ("1학년 1반",),
        }
    ]
    assert (table.attrs["unmatched"], table.attrs["failed"], table.attrs["notices"]) == ([], [], [])


def test_a_roster_may_be_given_as_a_table():
    table = read_submissions(csv_file("조사.csv", *FORM), roster=read_roster(ROSTER))
    assert len(table) == 2


def test_one_file_given_twice_is_read_once_and_one_content_under_two_names_is_two_assignments():
    files = [csv_file("가.csv", *FORM), csv_file("가.csv", *FORM), csv_file("나.csv", *FORM)]
    table = read_submissions(files, roster=ROSTER)
    assert {title for title, _, _ in states(table)} == {"가", "나"}
    assert table.attrs["notices"] == ["가.csv (2): 가.csv과 내용이 같아 한 번만 읽었습니다."]


def test_forms_in_one_workbook_are_called_as_their_sheets():
    rows = [line.split(",") for line in FORM]
    table = read_submissions(
        xlsx_file("국어 모음.xlsx", {"독후감": rows, "감상문": rows, "메모": [["끝"]]}), roster=ROSTER
    )
    assert {title for title, _, _ in states(table)} == {"독후감", "감상문"}
    assert table.attrs["notices"] == [
        "국어 모음.xlsx: ‘메모’ 시트는 숨겨져 있거나 과제 기록이 아니어서 쓰지 않았습니다."
    ]


@pytest.mark.parametrize("names", [("1반", "2반"), ("Sheet1", "Sheet2")])
def test_sheets_of_one_assignment_that_the_teacher_has_named_keep_its_name(names):
    roster = csv_file("명렬표.csv", "학번,이름", "10101,김하나", "10201,이두리")
    pages = [["이름", "제출"], ["김하나", "O"]], [["이름", "제출"], ["이두리", "X"]]
    sheets = dict(zip(names, pages, strict=True))
    mapping = TableMapping(name="이름", title="독후감", state="제출")
    table = read_submissions(xlsx_file("점검.xlsx", sheets), roster=roster, mapping=mapping)
    assert states(table) == {("독후감", "김하나", "submitted"), ("독후감", "이두리", "missing")}


def test_a_hidden_sheet_is_not_read_and_said():
    book = openpyxl.Workbook()
    for name, pupil in (("올해", "10101,김하나"), ("작년", "10102,이두리")):
        sheet = book.create_sheet(name)
        for line in (FORM[0], f"2026. 11. 20 오후 3:05:11,{pupil}"):
            sheet.append(line.split(","))
    book["작년"].sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    table = read_submissions(("조사.xlsx", content.getvalue()), roster=ROSTER)
    assert states(table) == {("조사", "김하나", "submitted"), ("조사", "이두리", "missing")}
    assert table.attrs["notices"] == ["조사.xlsx: ‘작년’ 시트는 숨겨져 있거나 과제 기록이 아니어서 쓰지 않았습니다."]


def test_all_that_is_wrong_is_said_at_once():
    assert refused(
        csv_file("모름.csv", "무엇,언제", "가,나"), ("빈 파일.csv", b""), roster=csv_file("명단.csv", "과목", "국어")
    ) == [("명단.csv", "no_name_column"), ("모름.csv", "unknown_export"), ("빈 파일.csv", "unreadable")]
    assert refused() == [(None, "no_file")]


def test_a_mapping_that_lacks_a_column_names_it():
    mapping = TableMapping(name="이름", assignments=("독서", "그림"))
    assert refused(csv_file("과제.csv", "이름,독서", "김하나,O"), mapping=mapping) == [("과제.csv", "missing_column")]


def test_no_error_says_who_is_in_a_file():
    files = [
        csv_file("설문.csv", "타임스탬프,의견", "2026. 11. 20 오후 3:05:11,김하나"),
        csv_file("모름.csv", "가", "김하나"),
    ]
    with pytest.raises(InputError) as raised:
        read_submissions(files, roster=ROSTER)
    assert "김하나" not in str(raised.value) + repr(raised.value)
