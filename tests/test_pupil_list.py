"""Class lists in the layouts that teachers have."""

import pandas as pd
import pytest
from table_files import csv_file, xlsx_file

from schoolkit.errors import InputError
from schoolkit.rosters.pupil_list import read_pasted, read_students, split_classes


def shown(students):
    """Headers and rows, empty cells as None."""
    cells = students.astype(object).where(students.notna(), None)
    return list(students.columns), [tuple(row) for row in cells.itertuples(index=False)]


def problems_of(read, *arguments, **options):
    with pytest.raises(InputError) as caught:
        read(*arguments, **options)
    return [(p.file, p.row, p.column, p.kind) for p in caught.value.problems]


def test_titles_blank_rows_and_totals_around_the_list():
    students = read_students(
        xlsx_file(
            "명렬표.xlsx",
            {
                "Sheet1": [
                    ["2학년 1반 명렬표", None, None],
                    [],
                    ["번호", "성  명", "점수"],
                    [1, "김하나", 80],
                    [],
                    [2, "이두리", 75.5],
                    [3, None, None],
                    ["계", "2명", 155.5],
                    [None, "평균", 77.75],
                    ["※ 담임 확인", None, None],
                ]
            },
        )
    )
    assert shown(students) == (["번호", "성 명", "점수"], [(1, "김하나", 80.0), (2, "이두리", 75.5)])
    assert students.dtypes.astype(str).tolist() == ["Int64", "string", "float64"]
    assert students.attrs == {
        "name": "성 명",
        "rows": [("명렬표.xlsx", 4), ("명렬표.xlsx", 6)],
        "classes": ["2학년 1반", "2학년 1반"],
        "notices": [
            "명렬표.xlsx 7행: 번호만 있고 이름이 없어 건너뛰었습니다.",
            "명렬표.xlsx 8–9행: 합계나 평균이 적힌 줄이라 건너뛰었습니다.",
            "명렬표.xlsx 10행: 명단이 아닌 글이라 건너뛰었습니다.",
        ],
    }


def test_numbers_with_leading_zeros_and_marks_stay_texts():
    students = read_students(
        csv_file("명단.csv", "학번,이름,점수,비고", "00101,김하나,결시,", '00102,이두리,"1,200",', encoding="cp949")
    )
    assert shown(students) == (
        ["학번", "이름", "점수", "비고"],
        [("00101", "김하나", "결시", None), ("00102", "이두리", "1,200", None)],
    )


def test_blank_and_equal_headers():
    students = read_students(csv_file("a.csv", "이름,점수,점수,,", "김하나,1,2,,메모", "이두리,3,4,,"))
    assert shown(students) == (
        ["이름", "점수", "점수 (2)", "칸 E"],
        [("김하나", 1, 2, "메모"), ("이두리", 3, 4, None)],
    )


def test_headers_in_two_rows_and_a_class_merged_down():
    students = read_students(
        xlsx_file(
            "a.xlsx",
            {
                "s": [
                    ["반", "이름", "성적", None, "비고"],
                    [None, None, "국어", "수학", None],
                    [1, "김하나", 80, 70, None],
                    [None, "이두리", 60, 50, "전입"],
                ]
            },
            merged=("A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:A4"),
        )
    )
    assert shown(students) == (
        ["반", "이름", "성적 국어", "성적 수학", "비고"],
        [(1, "김하나", 80, 70, None), (1, "이두리", 60, 50, "전입")],
    )


def test_a_heading_over_groups_of_columns_is_no_header():
    students = read_students(csv_file("a.csv", "학생,,성적", "번호,이름,국어", "1,김하나,80"))
    assert shown(students) == (["번호", "이름", "국어"], [(1, "김하나", 80)])


def test_lists_side_by_side_and_below_one_another():
    students = read_students(
        csv_file(
            "a.csv",
            "번호,이름,,번호,이름",
            "1,김하나,,3,박세리",
            "2,이두리,,,",
            "번호,이름,,번호,이름",
            "4,최네오,,,",
        )
    )
    assert shown(students) == (["번호", "이름"], [(1, "김하나"), (2, "이두리"), (3, "박세리"), (4, "최네오")])
    assert students.attrs["rows"] == [("a.csv", 2), ("a.csv", 3), ("a.csv", 2), ("a.csv", 5)]


def test_sheets_and_files_are_united_and_sheets_without_names_passed_over():
    students = read_students(
        [
            xlsx_file(
                "학년.xlsx",
                {
                    "1반": [["번호", "이름"], [1, "김하나"]],
                    "2반": [["번호", "이 름", "성별"], [1, "이두리", "남"]],
                    "안내": [["이 파일은 배부용입니다"]],
                },
            ),
            csv_file("3반.csv", "성명,번호", "박세리,1"),
        ]
    )
    assert shown(students) == (
        ["번호", "이름", "성별", "반"],
        [(1, "김하나", None, "1반"), (1, "이두리", "남", "2반"), (1, "박세리", None, "3반")],
    )
    assert students.attrs["rows"] == [("학년.xlsx '1반' 시트", 2), ("학년.xlsx '2반' 시트", 2), ("3반.csv", 2)]
    assert students.attrs["notices"] == [
        "학년.xlsx: ‘안내’ 시트는 명단으로 쓰지 않았습니다.",
        "반이 적힌 칸이 없어, 제목이나 시트, 파일의 이름에서 반을 읽어 ‘반’ 칸을 더했습니다.",
    ]


def test_lines_that_name_the_class_above_each_list():
    students = read_students(
        csv_file("a.csv", ",2학년 1반", "번호,이름", "1,김하나", "", ",2학년 2반", "번호,이름", "1,이두리")
    )
    assert shown(students) == (["번호", "이름", "반"], [(1, "김하나", "2학년 1반"), (1, "이두리", "2학년 2반")])


def test_of_an_earlier_result_only_the_list_is_read():
    students = read_students(
        xlsx_file(
            "모둠.xlsx",
            {"명단": [["모둠", "이름"], [1, "김하나"]], "이력": [["회차", "이름", "모둠"], [1, "김하나", 1]]},
        )
    )
    assert shown(students) == (["모둠", "이름"], [(1, "김하나")])


def test_a_pupil_who_has_left_is_kept_and_told():
    students = read_students(csv_file("a.csv", "이름,성별", "김하나(전출),여", "이두리,남"))
    assert students["이름"].tolist() == ["김하나(전출)", "이두리"]
    assert students.attrs["notices"] == [
        "이름 옆에 전출, 자퇴 같은 말이 적힌 학생 1명도 들어 있습니다. 빼려면 결석으로 정해 주세요."
    ]


def test_a_remark_in_the_header_of_names():
    students = read_students(csv_file("a.csv", "학생,성명(한글),성명(한자)", "재학,김하나,金하나"))
    assert (students["성명(한글)"].tolist(), students.attrs["name"]) == (["김하나"], "성명(한글)")


def test_a_column_of_names_that_is_said():
    students = read_students(csv_file("a.csv", "별명,점수", "하나,80"), name="별명")
    assert (shown(students), students.attrs["name"]) == ((["별명", "점수"], [("하나", 80)]), "별명")


def test_every_problem_is_found_and_none_names_a_pupil():
    with pytest.raises(InputError) as caught:
        read_students(
            [
                csv_file("빈칸.csv", "번호,이름,점수", "1,김하나,80", "2,,75", ",,60"),
                csv_file("같은줄.csv", "번호,이름", "1,이두리", "2,박세리", "1,이두리"),
                csv_file("머리글.csv", "번호,별칭,점수", "1,최네오,80"),
                csv_file("없음.csv", "최네오,80", "정다섯,90"),
                ("깨짐.xlsx", b"PK\x03\x04"),
                "없는 파일.xlsx",
            ]
        )
    assert [(p.file, p.row, p.column, p.kind) for p in caught.value.problems] == [
        ("없는 파일.xlsx", None, None, "no_file"),
        ("머리글.csv", None, None, "no_name_column"),
        ("없음.csv", None, None, "no_name_column"),
        ("깨짐.xlsx", None, None, "unreadable"),
        ("빈칸.csv", 3, "이름", "no_name"),
        ("빈칸.csv", 4, "이름", "no_name"),
        ("같은줄.csv", 4, None, "same_row"),
    ]
    text = str(caught.value)
    assert "머리글: 번호, 별칭, 점수." in text
    assert not any(name in text for name in ("김하나", "이두리", "박세리", "최네오", "정다섯"))


def test_a_list_without_pupils():
    assert problems_of(read_students, csv_file("a.csv", "번호,이름", "1,")) == [("a.csv", None, None, "no_pupils")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("번호\t이름\n1\t김하나\n2\t이두리\n", (["번호", "이름"], [(1, "김하나"), (2, "이두리")])),
        ("김하나\n이두리\n\nJohn Smith", (["이름"], [("김하나",), ("이두리",), ("John Smith",)])),
        ("1. 김하나\n2. 이두리", (["번호", "이름"], [(1, "김하나"), (2, "이두리")])),
        ("김하나, 이두리, 박세리", (["이름"], [("김하나",), ("이두리",), ("박세리",)])),
        (
            "1\t김하나\t여\t85\n2\t이두리\t남\t90",
            (["번호", "이름", "성별", "칸 D"], [(1, "김하나", "여", 85), (2, "이두리", "남", 90)]),
        ),
    ],
)
def test_what_is_pasted_with_and_without_headers(text, expected):
    assert shown(read_pasted(text)) == expected


@pytest.mark.parametrize(
    ("text", "kind"), [(" \n", "no_pupils"), ("1\t2\n3\t4", "no_name_column"), ("김하나\n김하나", "same_row")]
)
def test_what_is_pasted_and_cannot_be_used(text, kind):
    assert [problem[-1] for problem in problems_of(read_pasted, text)] == [kind]


def test_classes_are_split_in_their_natural_order():
    students = pd.DataFrame(
        {"학년": [2, 2, 2, 2, 1], "반": ["10", "2", "1", None, "3반"], "이름": ["가", "나", "다", "라", "마"]}
    )
    students.attrs = {"rows": [("a", 2), ("a", 3), ("a", 4), ("a", 5), ("a", 6)], "notices": []}
    parts = split_classes(students)
    assert {label: part["이름"].tolist() for label, part in parts.items()} == {
        "1학년 3반": ["마"],
        "2학년 1반": ["다"],
        "2학년 2반": ["나"],
        "2학년 10반": ["가"],
        "반 없음": ["라"],
    }
    assert parts["2학년 2반"].attrs == {"rows": [("a", 3)], "notices": []}


@pytest.mark.parametrize(
    ("column", "values", "labels"),
    [
        ("반", [1, 1], [""]),
        ("출신반", [1, 2], [""]),
        ("학급", ["2-3", "2학년 1반"], ["2학년 1반", "2학년 3반"]),
        ("반", ["진리", "사랑반"], ["사랑반", "진리반"]),
    ],
)
def test_which_columns_tell_a_class(column, values, labels):
    assert list(split_classes(pd.DataFrame({column: values, "이름": ["가", "나"]}))) == labels


def test_a_hidden_sheet_is_passed_over_and_said():
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "올해"
    for row in (["번호", "이름"], [1, "김하나"]):
        book.active.append(row)
    last_year = book.create_sheet("작년")
    last_year.sheet_state = "hidden"
    for row in (["번호", "이름"], [1, "박세리"]):
        last_year.append(row)
    content = io.BytesIO()
    book.save(content)
    students = read_students(("명렬표.xlsx", content.getvalue()))
    assert (students["이름"].tolist(), students.attrs["notices"]) == (
        ["김하나"],
        ["명렬표.xlsx: ‘작년’ 시트는 명단으로 쓰지 않았습니다."],
    )


def test_classes_side_by_side_under_titles_of_their_own():
    rows = [
        ["1학년 1반", None, None, "1학년 2반"],
        ["번호", "이름", None, "번호", "이름"],
        [1, "김하나", None, 1, "이두리"],
    ]
    students = read_students(xlsx_file("명렬표.xlsx", {"Sheet1": rows}))
    assert students.attrs["classes"] == ["1학년 1반", "1학년 2반"]
    assert students["반"].tolist() == ["1학년 1반", "1학년 2반"]
