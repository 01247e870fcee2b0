"""Files of reading records as teachers have them, and the rows that come out."""

import pytest
from layouts import TOP, WHEN, WHO, Entry, csv_file, print_rows, read, rows_of, table, told, xlsx_file

from schoolkit.errors import InputError
from schoolkit.reading.records import preview, read_reading_records

BOOK = ("title", "author")


def problems(*files, **options) -> list[tuple]:
    with pytest.raises(InputError) as caught:
        read(*files, **options)
    assert "김하나" not in str(caught.value) and "아몬드" not in str(caught.value)
    return [(p.file, p.row, p.kind) for p in caught.value.problems]


def test_the_real_print(shared_print):
    entries = read_reading_records(shared_print)
    assert (len(entries), entries["student"].nunique(), entries.attrs) == (
        49,
        13,
        {"notices": [], "doubtful_links": []},
    )
    rows = rows_of(entries, *WHO, *WHEN, *BOOK, "row")
    assert rows[0] == (1, 2, 1, 1, "학생1", 2024, 1, 1, "국어", "투명한 마음의 숲", "정다윤", 9)
    assert rows[1] == (1, 2, 1, 1, "학생1", 2024, 1, 1, "과학", "공존을 위한 생태 윤리", "서진아, 박윤진", 10)
    # the pupil who runs over the page break
    assert [row[-5:] for row in rows if row[4] == "학생6"] == [
        (1, "국어", "가면 뒤의 소녀", "조민우", 25),
        (2, "국어", "어둠 속의 파랑새", "김도연", 26),
        (2, "국어", "도덕의 프리증", "정유민", 26),
        (2, "도덕", "도덕의 프리즘", "정유민", 32),
    ]


def test_columns_and_types_are_always_the_same():
    entries = read(table("성명,책", "김하나,아몬드"))
    assert {name: str(dtype) for name, dtype in entries.dtypes.items()} == {
        "student": "string", "current_grade": "Int64", "class_no": "Int64", "seat_no": "Int64", "name": "string",
        "school_year": "Int64", "grade": "Int64", "semester": "Int64", "subject_area": "string", "book": "string",
        "title": "string", "author": "string", "file": "string", "row": "Int64",
    }  # fmt: skip
    assert rows_of(entries, *entries.columns[1:]) == [
        (*[None] * 3, "김하나", *[None] * 4, "아몬드", "아몬드", None, "기록.csv", 2)
    ]


def test_an_old_xls(old_xls):
    assert rows_of(read_reading_records(old_xls), *WHO, *WHEN, *BOOK, "row") == [
        (1, 2, 1, 1, "김하나", 2024, 1, 1, "국어", "안녕, 나나", "나윤아", 6),
        (1, 2, 1, 1, "김하나", 2024, 1, 1, "국어", "어린 왕자(비룡소 클래식)", "생텍쥐페리", 6),
        (1, 2, 1, 1, "김하나", 2024, 1, 2, "국어", "골든 아워1", "이국종", 7),
        (1, 2, 1, 1, "김하나", 2025, 2, 1, "공통", "1984", None, 8),
        (2, 2, 1, 2, "박둘", 2025, 2, 1, "국어", "유럽도시 기행I", "유시민", 12),
    ]


def test_the_author_of_a_quoted_title_is_part_of_the_book():
    entries = read(table("번호,성명,도서명,저자", "1,김하나,『데미안』,헤르만 헤세", "1,김하나,토지(상),박경리"))
    assert rows_of(entries, "book", *BOOK) == [
        ("『데미안』(헤르만 헤세)", "데미안", "헤르만 헤세"),
        ("토지(상)(박경리)", "토지(상)", "박경리"),
    ]


# --- pupils of one file


def numberless_print(*records: list, footer: list[list]) -> tuple[str, bytes]:
    header = ["이  름", "과목 또는 영역", "학년도", "학년", "학기", "독서활동 상황"]
    return csv_file([*TOP, header, *records[0], *footer, header, *records[1], *footer])


FOOTER = [["", "", "", "", "", "1", "/", "2"], ["", "", "", "", "", "샘플중학교"]]


def test_a_namesake_behind_in_a_print_without_numbers():
    file = numberless_print(
        [["김하나", "국어", 2024, 1, 1, "가(나)"], ["", "공통", "", "", 2, "다(라), "]],
        [["김하나", "국어", 2025, 2, 1, "마(바)"], ["김하나", "국어", 2024, 1, 1, "가(나)"]],
        footer=FOOTER,
    )
    entries = read(file)
    assert rows_of(entries, "student", "school_year", "title", "row") == [
        (1, 2024, "가", 5), (1, 2024, "다", 6), (1, 2025, "마", 10), (2, 2024, "가", 11),
    ]  # fmt: skip
    assert told(entries) == [
        (10, "이름이 다시 나온 줄을 앞줄과 한 학생으로 보았습니다."),
        (11, "이름이 같은 두 학생(동명이인)으로 보았습니다."),
    ]


def test_namesakes_of_one_row_each():
    file = numberless_print(
        [["김하나", "국어", 2025, 2, 1, "가(나)"], ["김하나", "국어", 2025, 2, 1, "다(라)"]],
        [["박둘", "국어", 2025, 2, 1, "가(나)"]],
        footer=FOOTER,
    )
    entries = read(file)
    assert rows_of(entries, "student", "name") == [(1, "김하나"), (2, "김하나"), (3, "박둘")]
    assert told(entries) == [(6, "이름이 같은 두 학생(동명이인)으로 보았습니다.")]


def test_one_name_in_two_classes_and_in_two_grades():
    record = ["김하나", "국어", 2025, 2, 1, "가(나)"]
    header = ["이름", "과목", "학년도", "학년", "학기", "독서활동상황"]
    file = csv_file([["1학년 1반"], header, record, ["1학년 2반"], header, record, ["2학년 1반"], record])
    assert rows_of(read(file), *WHO) == [
        (1, 1, 1, None, "김하나"),
        (2, 1, 2, None, "김하나"),
        (3, 2, 1, None, "김하나"),
    ]


def test_names_that_stand_on_every_row_mean_one_pupil():
    entries = read(table("성명,독서활동상황", "김하나,가(나)", "김하나,다(라)", "박둘,가(나)", "김하나,마(바)"))
    assert rows_of(entries, "student", "title") == [(1, "가"), (1, "다"), (2, "가"), (1, "마")]
    assert told(entries) == [
        (3, "이 줄부터, 이어진 줄의 이름이 같으면 한 학생으로 보았습니다."),
        (5, "떨어진 곳에 다시 나온 이름을 한 학생으로 보았습니다."),
    ]


def test_a_name_that_stands_once_and_again_below_is_a_namesake():
    entries = read(table("성명,독서활동상황", "김하나,가(나)", ",다(라)", "박둘,가(나)", "김하나,마(바)"))
    assert rows_of(entries, "student", "title") == [(1, "가"), (1, "다"), (2, "가"), (3, "마")]
    assert told(entries) == [(5, "이름이 같은 두 학생(동명이인)으로 보았습니다.")]


def test_blank_keys_are_filled_within_one_pupil_only():
    entries = read(
        table(
            "번호,성명,과목,학년도,학년,학기,독서활동상황",
            "1,김하나,국어,2024.0,1.0,1.0,가(나)",
            ",,,,,2,다(라)",
            ",,수학,2025,2,1,마(바)",
            ",,,,,,사(아)",
            "2,박둘,,,,,가(나)",
        )
    )
    assert rows_of(entries, "student", *WHEN) == [
        (1, 2024, 1, 1, "국어"), (1, 2024, 1, 2, "국어"), (1, 2025, 2, 1, "수학"), (1, 2025, 2, 1, "수학"),
        (2, None, None, None, None),
    ]  # fmt: skip


def test_cells_merged_over_pupils_hold_for_each_of_them():
    rows = [
        ["번호", "성명", "학기", "독서활동상황"],
        [1, "김하나", 1, "가(나)"],
        [2, "박둘", "", "다(라)"],
        [3, "이셋", "", "마(바)"],
    ]
    entries = read(xlsx_file(rows, [(1, 2, 2)]))
    assert rows_of(entries, "name", "semester") == [("김하나", 1), ("박둘", 1), ("이셋", None)]


def test_numbers_without_names():
    entries = read(table("번호,독서활동상황", "1,가(나)", ",다(라)", "2,가(나)"))
    assert rows_of(entries, "student", "seat_no", "name") == [(1, 1, None), (1, 1, None), (2, 2, None)]
    assert told(entries) == [(2, "이름이 없는 학생이 있습니다."), (4, "이름이 없는 학생이 있습니다.")]


def test_a_record_of_no_one():
    entries = read(table("번호,성명,독서활동상황", ",,가(나)", "1,김하나,다(라)"))
    assert rows_of(entries, "student", "name", "title") == [(1, None, "가"), (2, "김하나", "다")]
    assert told(entries) == [(2, "누구의 기록인지 알 수 없어 이름 없는 학생 한 명의 것으로 두었습니다.")]


def test_pupils_who_left():
    entries = read(
        table("번호,성명,독서활동상황", "1,홍길동(전출),가(나)", "2,자퇴,", "3,마리아  산토스,다(라)", "4,김하나,전출")
    )
    assert rows_of(entries, "seat_no", "name") == [(1, "홍길동"), (3, "마리아 산토스")]
    assert told(entries) == [
        (2, "성명 칸의 '전출' 표시를 이름에서 떼어 읽었습니다."),
        (3, "성명 칸의 '자퇴' 표시를 이름에서 떼어 읽었습니다."),
        (3, "이름이 없는 학생이 있습니다."),
        (3, "책이 적혀 있지 않은 줄 1개를 건너뛰었습니다(3행)."),
        (5, "책 칸의 글을 책으로 보지 않고 건너뛰었습니다."),
    ]


def test_rows_that_are_skipped_are_told():
    entries = read(table("번호,성명,독서활동상황,비고", "1,김하나,가(나),", ",,,메모", "2,박둘,없음,", "합계,,1권,"))
    assert rows_of(entries, "name", "title") == [("김하나", "가")]
    assert told(entries) == [
        (1, "쓰지 않은 칸이 있습니다: '비고'."),
        (3, "줄 하나를 건너뛰었습니다."),
        (4, "책이 적혀 있지 않은 줄 1개를 건너뛰었습니다(4행)."),
        (5, "합계 줄을 건너뛰었습니다."),
    ]


def test_a_notice_that_comes_often_is_told_once():
    lines = [f"{i},김하나{i},가{i}(나) 다(라" for i in range(1, 13)]
    entries = read(table("번호,성명,독서활동상황", *lines))
    (only,) = [one for one in told(entries) if "괄호가 닫히지" in one[1]]
    assert only == (2, f"괄호가 닫히지 않았습니다. (모두 12곳: {', '.join(f'{i}행' for i in range(2, 12))} 등)")


# --- several files


def yearly(name: str, grade: int, class_no: int, seat_no: int, *records: tuple) -> tuple[str, bytes]:
    entries = [Entry(grade, class_no, seat_no, "김하나", *place, (book,)) for *place, book in records]
    return csv_file(print_rows(entries)[0], name=name)


FIRST = (2024, 1, 1, "국어", ("가", "나"))
SECOND = (2025, 2, 1, "국어", ("다", "라"))


def test_a_record_in_two_exports_of_one_year_counts_once():
    entries = read(yearly("5월.csv", 2, 1, 5, FIRST), yearly("7월.csv", 2, 1, 5, FIRST, SECOND))
    assert rows_of(entries, "student", "title", "file") == [(1, "가", "5월.csv"), (1, "다", "7월.csv")]
    assert told(entries) == [(6, "다른 파일(시트)에서 이미 읽은 기록 1건은 한 번만 셌습니다.")]


def test_pupils_of_two_years_are_one_when_the_teacher_says_so():
    files = [yearly("2024.csv", 1, 3, 8, FIRST), yearly("2025.csv", 2, 1, 5, FIRST, SECOND)]
    entries = read(*files)
    assert rows_of(entries, "student", "title") == [(1, "가"), (2, "가"), (2, "다")]
    (link,) = entries.attrs["doubtful_links"]
    assert (link["name"], link["only_candidate"]) == ("김하나", True)
    linked = read(*files, links={link["student_b"]: link["student_a"]})
    assert rows_of(linked, "student", "current_grade", "class_no", "seat_no", "title") == [
        (1, 1, 3, 8, "가"),
        (1, 2, 1, 5, "다"),
    ]
    assert linked.attrs["doubtful_links"] == []


def test_an_equal_student_number_links_the_years():
    lines = ("학번,성명,학년도,도서명,저자", "20240105,김하나,{},{},나")
    files = [table(lines[0], lines[1].format(2024 + i, title), name=f"{i}.csv") for i, title in enumerate("가다")]
    assert rows_of(read(*files), "student", "title") == [(1, "가"), (1, "다")]


def test_a_table_that_gives_the_class_of_each_year_asks():
    entries = read(
        csv_file(
            [
                ["학년도", "학년", "반", "번호", "성명", "책"],
                [2024, 1, 3, 8, "김하나", "가(나)"],
                [2025, 2, 1, 5, "김하나", "다(라)"],
                [2024, 1, 2, 1, "박둘", "가(나)"],
            ]
        )
    )
    assert rows_of(entries, "student", "class_no", "seat_no") == [(1, 3, 8), (2, 1, 5), (3, 2, 1)]
    assert [link["name"] for link in entries.attrs["doubtful_links"]] == ["김하나"]


def test_the_same_file_twice_counts_once():
    file = table("성명,책", "김하나,가")
    entries = read(file, ("사본.csv", file[1]))
    assert (len(entries), told(entries)) == (1, [(None, "이 파일은 건너뛰었습니다.")])


def test_one_book_twice_in_one_file_stays_twice():
    entries = read(table("번호,성명,학년도,학기,책", "1,김하나,2025,1,가(나)", "1,김하나,2025,1,가(나)"))
    assert rows_of(entries, "student", "title", "row") == [(1, "가", 2), (1, "가", 3)]


# --- columns that the caller names


def test_columns_by_header_by_letter_and_both():
    file = table("가,나,다", "김하나,x,아몬드(손원평)", ",x,인간실격")
    for columns in (
        {"name": "가", "book": "다"},
        {"name": "A", "book": "C", "header_row": 1},
        {"name": "가", "book": "C"},
    ):
        entries = read(file, columns=columns)
        assert rows_of(entries, "student", "name", "title", "row") == [
            (1, "김하나", "아몬드", 2),
            (1, "김하나", "인간실격", 3),
        ]


@pytest.mark.parametrize("header_row", [{}, {"header_row": 0}])
def test_columns_of_a_table_without_a_header(header_row):
    entries = read(
        table("김하나,아몬드,손원평", "박둘,1984,"), columns={"name": "A", "title": "B", "author": "C", **header_row}
    )
    assert rows_of(entries, "name", *BOOK, "row") == [("김하나", "아몬드", "손원평", 1), ("박둘", "1984", None, 2)]


def test_columns_file_by_file():
    odd, usual = table("x,y", "김하나,가(나)", name="a.csv"), table("성명,책", "박둘,다(라)", name="b.csv")
    entries = read(odd, usual, columns={"a.csv": {"name": "x", "book": "y"}})
    assert rows_of(entries, "name", "title") == [("김하나", "가"), ("박둘", "다")]
    assert rows_of(read(odd, usual, columns={"name": "x", "book": "y"}), "name", "title") == [
        ("김하나", "가"),
        ("박둘", "다"),
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"name": "x"},
        {"book": "y"},
        {"name": "x", "book": "없는 칸"},
        {"names": "x"},
        {"name": "A", "book": "B", "header_row": 9},
    ],
)
def test_wrong_columns(columns):
    assert problems(table("x,y", "김하나,아몬드"), columns=columns) == [("기록.csv", None, "unknown_columns")]


def test_the_first_rows_for_the_teacher():
    shown = preview(table("학교,,", "성명,책", "김하나,아몬드"), rows=2)
    assert (shown.index.tolist(), shown.columns.tolist()) == ([1, 2], ["A", "B", "C"])
    assert shown.to_numpy().tolist() == [["학교", "", ""], ["성명", "책", ""]]


# --- files that cannot be read


def test_every_problem_of_every_file_is_told_at_once():
    files = [
        ("빈.csv", b""),
        table("성명,책", "김하나,아몬드"),
        table("이름,점수", "김하나,3", name="점수.csv"),
        table("성명,책", name="머리글만.csv"),
        table("성명,책", "김하나,", name="책 없음.csv"),
        table("김하나,아몬드", "박둘,아몬드", name="머리글 없음.csv"),
        table("도서명,저자", "아몬드,손원평", name="학생 없음.csv"),
    ]
    assert problems(*files) == [
        ("빈.csv", None, "unreadable"),
        ("점수.csv", 1, "unknown_columns"),
        ("머리글만.csv", None, "no_rows"),
        ("책 없음.csv", None, "no_rows"),
        ("머리글 없음.csv", None, "unknown_columns"),
        ("학생 없음.csv", 1, "unknown_columns"),
    ]


def test_no_file_at_all():
    assert problems() == [(None, None, "no_file")]
